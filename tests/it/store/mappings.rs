//! Mappings: saved whole, on top of what was seen, with a history that can be read.

use std::collections::BTreeMap;

use gleichlauf::connector::types::{ActorType, FieldType};
use gleichlauf::crm::RecordKind;
use gleichlauf::crm::fields::List;
use gleichlauf::mapping::matrix::mapped_elsewhere;
use gleichlauf::mapping::rules::{FieldRules, ItemRule, Unmapped, When};
use gleichlauf::mapping::{ActorMapping, DefaultRule, Direction, FieldMapping};
use gleichlauf::store::error::StoreError;
use gleichlauf::store::{Store, connections, crm_lists, mappings};

use super::connections::{added, field, new_connection};
use super::{anna, commit, history_rows, newest};
use crate::support::connections::{activate, mapped, mapping as mapping_to};
use crate::support::database::{Database, store};

fn unmapped(key: &str, kind: FieldType) -> FieldMapping {
    FieldMapping::new(field(key, kind))
}

pub fn new_mapping(connection_id: i64, kind: ActorType) -> ActorMapping {
    let name = mapped(field("NAME", FieldType::Text), "name", Direction::NONE);
    let group = mapped(field("GROUP", FieldType::List), "category", Direction::NONE);
    ActorMapping {
        searchable: vec!["NAME".into()],
        fields: vec![name, group, unmapped("BALANCE", FieldType::Double)],
        ..mapping_to(connection_id, kind)
    }
}

async fn saved(store: &Store, mapping: &ActorMapping) -> ActorMapping {
    commit!(store, tx => mappings::save(&mut tx, &anna(), mapping));
    mappings::find(store, mapping.connection_id, mapping.kind).await.unwrap().unwrap()
}

async fn fresh() -> (Store, Database, ActorMapping) {
    let (store, _, database) = store().await;
    let (_, connection) = added(&store).await;
    let mapping = saved(&store, &new_mapping(connection, ActorType::Customer)).await;
    (store, database, mapping)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_comes_back_as_it_was_saved() {
    let (store, database, first) = fresh().await;
    assert_eq!(first.version, 1);
    assert!(first.id > 0 && first.fields.iter().all(|field| field.id > 0));
    let (before, after) = newest(&database);
    assert!(
        after.contains(r#""NAME:crm-field":"name""#) && after.contains(r#""GROUP:type":"List""#)
    );
    assert!(!before.contains("direction") && !after.contains("direction"), "{after}");
    assert!(!after.contains("when-to") && !after.contains("may-blank"), "{after}");
    let item = commit!(store, tx => crm_lists::insert(&mut tx, &anna(), List::CATEGORY, "Kunde"));
    let mut mapping = first.clone();
    mapping.is_active = true;
    mapping.searchable.clear();
    mapping.fields[0].direction = Direction::BOTH;
    mapping.fields[0].is_shown_in_search = true;
    mapping.fields[0].rules =
        FieldRules { to_crm: When::IfEmpty, to_erp: When::OnCreate, may_blank: true };
    mapping.fields[1].items = BTreeMap::from([("A".into(), item), ("B".into(), item)]);
    mapping.fields[1].item_rule = ItemRule {
        unmapped: Unmapped::Default,
        crm_default: Some(item),
        erp_default: Some("B".into()),
    };
    mapping.fields[2].is_shown_in_tab = true;
    mapping.fields[2].default = Some(DefaultRule {
        value: Some("[F:1.50]".into()),
        asks_user: true,
        is_mandatory: false,
        ..DefaultRule::default()
    });
    mapping.fields.swap(0, 2);
    mapping.fields.push(unmapped("NEW", FieldType::Text));
    let mut again = saved(&store, &mapping).await;
    let fresh_id = again.fields[3].id;
    assert!(fresh_id > 0);
    again.fields[3].id = 0;
    assert_eq!(again, ActorMapping { version: 2, ..mapping });
    let all = mappings::list(&store, first.connection_id).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].fields[3].id, fresh_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_change_has_its_own_readable_row() {
    let (store, database, first) = fresh().await;
    let item = commit!(store, tx => crm_lists::insert(&mut tx, &anna(), List::CATEGORY, "Kunde"));
    let rows = history_rows(&database);
    let mut mapping = first.clone();
    mapping.fields[0].direction = Direction::BOTH;
    mapping.fields[1].items = BTreeMap::from([("A".into(), item)]);
    mapping.fields[2].default = Some(DefaultRule {
        value: Some("[F:1.50]".into()),
        asks_user: true,
        is_mandatory: false,
        ..DefaultRule::default()
    });
    mapping.fields.swap(0, 2);
    let mapping = saved(&store, &mapping).await;
    let said = database.ask(&format!(
        "SELECT action, subject_kind, subject_name, connection_name, before_values, after_values FROM history \
         WHERE seq > {rows} ORDER BY seq"
    ));
    assert_eq!(
        said,
        [
            r#"mapping-changed|mapping|Customer|Nord|{"NAME:direction":""}|{"NAME:direction":"<>"}"#,
            r#"rank-changed|rank|Customer|Nord|{"order":"NAME, GROUP, BALANCE"}|{"order":"BALANCE, GROUP, NAME"}"#,
            concat!(
                r#"default-added|default|BALANCE|Nord|{"asks-user":"","mandatory":"","value":""}"#,
                r#"|{"actor-type":"Customer","asks-user":"yes","mandatory":"no","value":"1.5"}"#
            ),
            r#"list-mapping-changed|list-mapping|GROUP|Nord|{"A":""}|{"A":"Kunde","actor-type":"Customer"}"#,
        ]
    );
    let rows = history_rows(&database);
    assert_eq!(saved(&store, &mapping).await, mapping);
    assert_eq!(history_rows(&database), rows);
    let mut mapping = mapping;
    mapping.fields[0].default = None;
    saved(&store, &mapping).await;
    let (before, _) = newest(&database);
    assert!(before.contains(r#""value":"1.5""#), "{before}");
    assert_eq!(
        database.ask("SELECT action FROM history ORDER BY seq DESC LIMIT 1"),
        ["default-deleted"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_stand_with_their_field_or_list() {
    let (store, database, mut mapping) = fresh().await;
    let item = commit!(store, tx => crm_lists::insert(&mut tx, &anna(), List::CATEGORY, "Kunde"));
    let rows = history_rows(&database);
    mapping.fields[0].rules = FieldRules { to_crm: When::OnCreate, ..FieldRules::default() };
    mapping.fields[1].item_rule = ItemRule {
        unmapped: Unmapped::Default,
        crm_default: Some(item),
        erp_default: Some("B".into()),
    };
    let mut mapping = saved(&store, &mapping).await;
    let said = database.ask(&format!(
        "SELECT action, before_values, after_values FROM history WHERE seq > {rows} ORDER BY seq"
    ));
    assert_eq!(
        said,
        [
            r#"mapping-changed|{"NAME:when-to-crm":"always"}|{"NAME:when-to-crm":"on-create"}"#,
            concat!(
                r#"list-mapping-changed|{"crm-default":"","erp-default":"","unmapped-items":"fail"}"#,
                r#"|{"actor-type":"Customer","crm-default":"Kunde","erp-default":"B","unmapped-items":"default"}"#
            ),
        ]
    );
    mapping.fields[0].rules = FieldRules::default();
    mapping.fields[1].item_rule = ItemRule::default();
    let plain = saved(&store, &mapping).await;
    assert_eq!(plain, ActorMapping { version: mapping.version + 1, ..mapping });
}

#[tokio::test(flavor = "multi_thread")]
async fn another_item_of_the_same_name_is_a_change_like_any_other() {
    let (store, database, mut mapping) = fresh().await;
    let item =
        async || commit!(store, tx => crm_lists::insert(&mut tx, &anna(), List::CATEGORY, "Blau"));
    let (old, new) = (item().await, item().await);
    let to = |item| {
        let rule =
            ItemRule { crm_default: Some(item), unmapped: Unmapped::Default, erp_default: None };
        (BTreeMap::from([("B".to_owned(), item)]), rule)
    };
    (mapping.fields[1].items, mapping.fields[1].item_rule) = to(old);
    let mut mapping = saved(&store, &mapping).await;
    let rows = history_rows(&database);
    (mapping.fields[1].items, mapping.fields[1].item_rule) = to(new);
    saved(&store, &mapping).await;
    let said = database.ask(&format!(
        "SELECT action, before_values, after_values FROM history WHERE seq > {rows} ORDER BY seq"
    ));
    let expected = format!(
        "list-mapping-changed|{{\"B\":\"Blau ({old})\",\"crm-default\":\"Blau ({old})\"}}\
         |{{\"B\":\"Blau ({new})\",\"actor-type\":\"Customer\",\"crm-default\":\"Blau ({new})\"}}"
    );
    assert_eq!(said, [expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_connector_suggests_for_a_password_is_in_no_history() {
    let (store, database, mut mapping) = fresh().await;
    mapping.fields.push(unmapped("SECRET", FieldType::Password));
    let mut mapping = saved(&store, &mapping).await;
    for suggested in ["s3cret-one", "s3cret-two"] {
        let field = mapping.fields.iter_mut().find(|field| field.erp.key == "SECRET").unwrap();
        field.erp.default = suggested.to_owned();
        mapping = saved(&store, &mapping).await;
    }
    let rows = database.ask("SELECT before_values, after_values FROM history");
    assert!(!rows.iter().any(|row| row.contains("s3cret")), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_items_default_is_called_is_no_change_and_is_kept() {
    let (store, database, mut mapping) = fresh().await;
    let rule = |item: &str| {
        let value = Some("DE".to_owned());
        Some(DefaultRule { value, item: item.to_owned(), ..DefaultRule::default() })
    };
    mapping.fields[1].default = rule("");
    let mut mapping = saved(&store, &mapping).await;
    let rows = history_rows(&database);
    mapping.fields[1].default = rule("Germany");
    let named = saved(&store, &mapping).await;
    let item = named.fields[1].default.as_ref().map(|rule| rule.item.as_str());
    assert_eq!((item, named.version), (Some("Germany"), mapping.version));
    assert_eq!(history_rows(&database), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_for_a_connection_at_rest_is_refused_once_it_is_active() {
    let (store, _, mut mapping) = fresh().await;
    activate(&store, mapping.connection_id).await;
    mapping.is_active = true;
    let mut tx = store.begin().await.unwrap();
    let refused = mappings::save_at_rest(&mut tx, &anna(), &mapping).await;
    assert!(matches!(refused, Err(StoreError::InUse)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_saves_second_is_refused() {
    let (store, database, seen) = fresh().await;
    let mut first = seen.clone();
    first.is_active = true;
    saved(&store, &first).await;
    let rows = history_rows(&database);
    let mut second = seen.clone();
    second.fields[0].direction = Direction::TO_ERP;
    for late in [second, new_mapping(seen.connection_id, seen.kind)] {
        let mut tx = store.begin().await.unwrap();
        let refused = mappings::save(&mut tx, &anna(), &late).await;
        assert!(matches!(refused, Err(StoreError::Overtaken)), "{refused:?}");
    }
    assert_eq!(history_rows(&database), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_other_values_travel_everything_is_looked_at_anew() {
    let (store, database, mapping) = fresh().await;
    assert!(database.sql(&format!(
        "INSERT INTO crm_record VALUES (5, 'company', NULL, '', '', '', '{{}}', 1, 0, 0, '');
         INSERT INTO link VALUES (6, {}, 'company', 5, 'Customer', 'K1', '', '', 1, FALSE, NULL, NULL, 0, 0, 1, 0, NULL);",
        mapping.connection_id
    )));
    let dirty = || database.ask("SELECT id FROM link WHERE is_dirty").len();
    let mut shown = mapping;
    shown.fields[2].is_shown_in_tab = true;
    let mut shown = saved(&store, &shown).await;
    assert_eq!(dirty(), 0);
    shown.fields[2].rules.may_blank = true;
    let shown = saved(&store, &shown).await;
    assert_eq!(dirty(), 0, "a field that is not synchronised");
    let changes: [fn(&mut FieldMapping); 3] = [
        |field| field.direction = Direction::TO_CRM,
        |field| field.rules.may_blank = true,
        |field| field.item_rule.unmapped = Unmapped::Leave,
    ];
    let mut shown = shown;
    for change in changes {
        assert!(database.sql("UPDATE link SET is_dirty = FALSE"));
        change(&mut shown.fields[0]);
        shown = saved(&store, &shown).await;
        assert_eq!(dirty(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_living_connections_count_as_elsewhere() {
    let (store, _database, mapping) = fresh().await;
    let connector =
        connections::find(&store, mapping.connection_id).await.unwrap().unwrap().connector_id;
    let other = new_connection(connector, "Süd");
    let other = commit!(store, tx => connections::insert(&mut tx, &anna(), &other));
    let mut theirs = new_mapping(other, ActorType::Supplier);
    theirs.fields[0].direction = Direction::TO_CRM;
    saved(&store, &theirs).await;
    let elsewhere = async || {
        let others = mappings::list_elsewhere(&store, mapping.connection_id).await.unwrap();
        mapped_elsewhere(&others, RecordKind::Company).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(elsewhere().await, ["name"]);
    commit!(store, tx => connections::delete(&mut tx, &anna(), (other, 1)));
    assert!(elsewhere().await.is_empty());
}
