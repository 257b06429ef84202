//! The rules of fields and lists, from an edit on one side to what the other side holds.

use gleichlauf::connector::types::{Access, FieldType, FieldValues};
use gleichlauf::crm::RecordId;
use gleichlauf::crm::fields::List;
use gleichlauf::crm::value::Value;
use gleichlauf::mapping::rules::{FieldRules, ItemRule, Unmapped, When};
use gleichlauf::mapping::{ActorMapping, Direction};
use gleichlauf::store::{crm, crm_lists};
use gleichlauf::sync::create::Created;
use jiff::tz::TimeZone;

use super::setting::{CUSTOMER, Setting, anna};
use crate::support::connections::{field, mapped};

fn rule(mapping: &mut ActorMapping, key: &str, rules: FieldRules) {
    let field = mapping.fields.iter_mut().find(|field| field.erp.key == key);
    field.unwrap().rules = rules;
}

fn if_empty() -> FieldRules {
    FieldRules { to_crm: When::IfEmpty, to_erp: When::IfEmpty, may_blank: false }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_there_is_not_overwritten_until_it_is_gone() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.remap(CUSTOMER, |mapping| rule(mapping, "PHONE", if_empty())).await;
    it.edit(record, "phone", "crm").await;
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "erp")]);
    it.run().await;
    let both = || async { (it.crm(record, "phone").await, it.erp.get(CUSTOMER, "C1", "PHONE")) };
    assert_eq!(both().await, ("crm".to_owned(), "erp".to_owned()));
    assert!(it.log().is_empty() && it.history("conflict").is_empty());
    assert!(!it.link(link).await.is_dirty && it.link(link).await.failure.is_none());
    it.edit(record, "phone", "").await;
    it.run().await;
    assert_eq!(both().await, ("erp".to_owned(), "erp".to_owned()));
    assert_eq!(it.log(), ["phone:  > erp (crm)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_was_taken_away_is_taken_away_on_the_other_side() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    let (other, _) = it.linked("C2", "B", "2").await;
    let rules = FieldRules { may_blank: true, ..FieldRules::default() };
    it.remap(CUSTOMER, |mapping| rule(mapping, "PHONE", rules)).await;
    it.run().await;
    it.edit(record, "phone", "").await;
    it.erp.put(CUSTOMER, "C2", &[("PHONE", "")]);
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "");
    assert_eq!(it.crm(other, "phone").await, "");
    let mut log = it.log();
    log.sort();
    assert_eq!(log, ["phone: 1 >  (erp)", "phone: 2 >  (crm)"]);
    it.erp.hide_field("PHONE");
    it.edit(other, "phone", "3").await;
    it.run().await;
    it.erp.put(CUSTOMER, "C2", &[("NAME", "C")]);
    it.run().await;
    assert_eq!(it.crm(other, "phone").await, "3", "a field that does not come is not blank");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_the_creation_goes_into_the_new_actor_and_comes_back_from_it_once() {
    for is_terse in [false, true] {
        let it = Setting::new().await;
        if is_terse {
            it.erp.say_only_keys_of_new_actors();
        }
        let once = FieldRules { to_crm: When::OnCreate, to_erp: When::OnCreate, may_blank: true };
        it.remap(CUSTOMER, |mapping| {
            rule(mapping, "PHONE", once);
            rule(mapping, "NUMBER", once);
        })
        .await;
        let record = it.company(&[("name", "Ærø"), ("phone", "1")]).await;
        let (place, answers) = ((it.connection, record), FieldValues::new());
        let created =
            it.engine.create(&anna(), place, CUSTOMER, &TimeZone::UTC, &answers).await.unwrap();
        assert!(matches!(created, Created::Linked(_)));
        assert_eq!(it.erp.get(CUSTOMER, "N0001", "PHONE"), "1");
        assert_eq!(it.crm(record, "number").await, "N0001", "terse: {is_terse}");
        it.edit(record, "phone", "2").await;
        it.erp.put(CUSTOMER, "N0001", &[("NUMBER", "other")]);
        it.run().await;
        assert_eq!(it.erp.get(CUSTOMER, "N0001", "PHONE"), "1");
        assert_eq!(it.crm(record, "number").await, "N0001");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_the_creation_is_no_matter_when_two_that_exist_are_linked() {
    let it = Setting::new().await;
    let once = FieldRules { to_crm: When::OnCreate, ..FieldRules::default() };
    it.remap(CUSTOMER, |mapping| rule(mapping, "NUMBER", once)).await;
    it.erp.put(CUSTOMER, "C1", &[("NAME", "A"), ("NUMBER", "K-1"), ("PHONE", ""), ("EMAIL", "")]);
    let record = it.company(&[("name", "A")]).await;
    let link = it.connect(record, CUSTOMER, "C1").await;
    it.run().await;
    assert_eq!(it.crm(record, "number").await, "");
    assert!(!it.link(link).await.is_dirty);
}

/// Companies with a category, whose ERP items A and B are the first two of the CRM's.
async fn with_groups(unmapped: Unmapped) -> (Setting, Vec<i64>) {
    let it = Setting::new().await;
    let mut items = Vec::new();
    let mut tx = it.store.begin().await.unwrap();
    for text in ["One", "Two", "Three", "Four"] {
        items.push(crm_lists::insert(&mut tx, &anna(), List::CATEGORY, text).await.unwrap());
    }
    tx.commit().await.unwrap();
    it.remap(CUSTOMER, |mapping| {
        let erp = field("GROUP", FieldType::List, "Groups", Access::Normal);
        let mut group = mapped(erp, "category", Direction::BOTH);
        group.items = [("A".to_owned(), items[0]), ("B".to_owned(), items[1])].into();
        let erp_default = Some("B".to_owned());
        group.item_rule = ItemRule { unmapped, crm_default: Some(items[1]), erp_default };
        mapping.fields.push(group);
    })
    .await;
    (it, items)
}

async fn categorise(it: &Setting, record: RecordId, item: i64) {
    let mut tx = it.store.begin().await.unwrap();
    let found = crm::list_by_ids(&mut tx, &[record]).await.unwrap().remove(0);
    let mut values = found.values.clone();
    values.set("category", Value::Item(item));
    let change = crm::Change {
        kind: found.kind,
        id: record,
        version: found.version,
        parent: found.parent,
        values: &values,
    };
    crm::update(&mut tx, &anna(), change).await.unwrap();
    tx.commit().await.unwrap();
}

async fn category(it: &Setting, record: RecordId) -> Value {
    let found = crm::list_by_ids(&it.store, &[record]).await.unwrap().remove(0);
    found.values.get("category").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unmapped_item_follows_the_rule_of_its_list() {
    for (unmapped, crm, erp, fails) in [
        (Unmapped::Fail, 0, "A", true),
        (Unmapped::Leave, 0, "A", false),
        (Unmapped::Default, 1, "B", false),
    ] {
        let (it, items) = with_groups(unmapped).await;
        let (from_erp, erp_link) = it.linked("C1", "A", "1").await;
        let (from_crm, crm_link) = it.linked("C2", "B", "2").await;
        for (record, key) in [(from_erp, "C1"), (from_crm, "C2")] {
            it.erp.put(CUSTOMER, key, &[("GROUP", "A")]);
            categorise(&it, record, items[0]).await;
        }
        it.run().await;
        it.erp.put(CUSTOMER, "C1", &[("GROUP", "X")]);
        categorise(&it, from_crm, items[2]).await;
        it.run().await;
        assert_eq!(category(&it, from_erp).await, Value::Item(items[crm]), "{unmapped:?}");
        assert_eq!(it.erp.get(CUSTOMER, "C2", "GROUP"), erp, "{unmapped:?}");
        for link in [erp_link, crm_link] {
            assert_eq!(it.link(link).await.failure.is_some(), fails, "{unmapped:?}");
        }
        it.remap(CUSTOMER, |mapping| {
            let group = mapping.fields.last_mut().unwrap();
            group.items.extend([("X".to_owned(), items[3]), ("Y".to_owned(), items[2])]);
        })
        .await;
        it.run().await;
        assert_eq!(category(&it, from_erp).await, Value::Item(items[3]), "{unmapped:?}, later");
        assert_eq!(it.erp.get(CUSTOMER, "C2", "GROUP"), "Y", "{unmapped:?}, later");
        assert!(it.history("conflict").is_empty(), "{unmapped:?}");
    }
}
