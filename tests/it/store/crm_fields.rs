//! Fields that admins add: they come back as they were added, keep what records hold, and never get in each
//! other's way.

use gleichlauf::crm::fields::{CustomField, CustomFieldId, List};
use gleichlauf::crm::value::{FieldKind, Value};
use gleichlauf::crm::{Record, RecordId, RecordKind, Values};
use gleichlauf::store::crm::{self, Change as RecordChange};
use gleichlauf::store::crm_field_changes::{self as changes, Content};
use gleichlauf::store::crm_fields::{self, Holders};
use gleichlauf::store::crm_list_changes::WantedItem;
use gleichlauf::store::error::StoreError;
use gleichlauf::store::{Store, connections, crm_lists, mappings};

use super::connections::added;
use super::mappings::new_mapping;
use super::{anna, commit, history_rows, newest};
use crate::support::custom_fields::{delete, find, insert, new_field, restore};
use crate::support::database::store;

const COMPANY: RecordKind = RecordKind::Company;

async fn add(store: &Store, kind: FieldKind, german: &str, items: &[&str]) -> CustomField {
    let id = insert(store, &new_field(COMPANY, kind, german, items)).await;
    found(store, id).await
}

async fn found(store: &Store, id: CustomFieldId) -> CustomField {
    crm_fields::find(store, id).await.unwrap().unwrap()
}

/// As it is, to be changed in one thing.
async fn change(store: &Store, custom: &CustomField) -> Content {
    let items = crm_lists::list(store, List::Custom(custom.id)).await.unwrap();
    let item = |item: crm_lists::Item| WantedItem { id: Some(item.id), text: item.text };
    Content {
        label: custom.field.label.clone().unwrap(),
        max_length: custom.field.max_length,
        is_required: custom.field.is_required,
        items: items.into_iter().map(item).collect(),
    }
}

async fn update(store: &Store, custom: &CustomField, change: &Content) -> Result<bool, StoreError> {
    let mut tx = store.begin().await.unwrap();
    let seen = (custom.id, custom.version);
    let done = changes::update(&mut tx, &anna(), seen, change).await?;
    tx.commit().await.unwrap();
    Ok(done)
}

async fn record(store: &Store, values: &[(&str, Value)]) -> RecordId {
    let name = ("name", Value::Text("Nordwind".into()));
    let values: Values = values.iter().cloned().chain([name]).collect();
    commit!(store, tx => crm::insert(&mut tx, &anna(), COMPANY, None, &values))
}

async fn read(store: &Store, id: RecordId) -> Record {
    crm::find(store, COMPANY, id).await.unwrap().unwrap()
}

async fn edit(store: &Store, id: RecordId, key: &str, value: Value) {
    let seen = read(store, id).await;
    let mut values = seen.values.clone();
    values.set(key, value);
    let change =
        RecordChange { kind: COMPANY, id, version: seen.version, parent: None, values: &values };
    commit!(store, tx => crm::update(&mut tx, &anna(), change));
}

async fn items(store: &Store, id: CustomFieldId) -> Vec<(String, bool)> {
    let items = crm_lists::list_with_deleted(store, List::Custom(id)).await.unwrap();
    items.into_iter().map(|item| (item.text, item.is_deleted)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_comes_back_with_its_values() {
    let (store, _, database) = store().await;
    let mut values = Vec::new();
    for (n, kind) in FieldKind::ALL.into_iter().enumerate() {
        let custom = add(&store, kind, &format!("Feld {n}"), &["Rot", "Blau"]).await;
        assert_eq!((custom.version, custom.is_deleted, custom.field.kind), (1, false, kind));
        let value = match kind {
            FieldKind::Text => Value::Text("Łódź \"u_1\":".into()),
            FieldKind::Whole => Value::Whole(-7),
            FieldKind::Decimal => Value::Decimal("12.50".parse().unwrap()),
            FieldKind::Check => Value::Check(true),
            FieldKind::Date => Value::Date("2026-11-22".parse().unwrap()),
            FieldKind::List => {
                let items = crm_lists::list(&store, custom.field.list.unwrap()).await.unwrap();
                Value::Item(items[1].id)
            }
        };
        values.push((custom.field.key, value));
    }
    let (before, after) = newest(&database);
    assert_eq!(before, "{\"items-added\":\"\"}");
    assert!(after.contains("\"items-added\":\"Rot, Blau\"") && after.contains("\"type\":\"list\""));
    let sent: Vec<_> = values.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    let id = record(&store, &sent).await;
    let back = read(&store, id).await.values;
    for (key, value) in &values {
        assert_eq!(back.get(key), value);
    }
    let (_, after) = newest(&database);
    assert!(after.contains("GE:\\\"Blau\\\""), "the item by its text: {after}");
    let catalogue = crm_fields::catalogue(&store, COMPANY).await.unwrap();
    let keys: Vec<&str> = catalogue.all().iter().rev().take(6).map(|f| f.key.as_str()).collect();
    assert!(keys.iter().rev().eq(values.iter().map(|(key, _)| key)), "in order, behind the others");
    let persons = crm_fields::catalogue(&store, RecordKind::Person).await.unwrap();
    assert!(persons.all().iter().all(|field| field.label.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_field_comes_back_with_what_records_kept() {
    let (store, _, database) = store().await;
    let custom = add(&store, FieldKind::Text, "Farbe", &[]).await;
    let key = custom.field.key.as_str();
    let red = Value::Text("rot".into());
    let id = record(&store, &[(key, red.clone())]).await;
    let rows = history_rows(&database);
    delete(&store, key).await;
    assert_eq!(history_rows(&database), rows + 1);
    let catalogue = crm_fields::catalogue(&store, COMPANY).await.unwrap();
    assert!(catalogue.find(key).is_none() && catalogue.recall(key).is_some());
    // Whoever changes the record meanwhile does not see the field, and cannot change it.
    edit(&store, id, "phone", Value::Text("1".into())).await;
    edit(&store, id, key, Value::Text("blau".into())).await;
    assert_eq!(read(&store, id).await.values.get(key), &red);
    restore(&store, key).await;
    assert_eq!(read(&store, id).await.values.get(key), &red);
    assert_eq!(find(&store, key).await.version, 3);
    edit(&store, id, key, Value::Empty).await;
    assert!(read(&store, id).await.values.get(key).is_empty());
    let mut tx = store.begin().await.unwrap();
    let again = changes::restore(&mut tx, &anna(), (custom.id, 3)).await;
    assert!(matches!(again, Err(StoreError::Overtaken)), "it is there already: {again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_told_apart_and_there_is_an_end_to_fields() {
    let (store, _, database) = store().await;
    let first = add(&store, FieldKind::Text, "Farbe", &[]).await;
    let attempt = async |german: &str| {
        let mut tx = store.begin().await.unwrap();
        let new = new_field(COMPANY, FieldKind::Date, german, &[]);
        let done = changes::insert(&mut tx, &anna(), &new).await;
        tx.commit().await.unwrap();
        done
    };
    let rows = history_rows(&database);
    assert!(matches!(attempt(" farbe ").await, Err(StoreError::Taken)));
    assert_eq!(history_rows(&database), rows);
    insert(&store, &new_field(RecordKind::Person, FieldKind::Text, "Farbe", &[])).await;
    delete(&store, &first.field.key).await;
    let second = attempt("Farbe").await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let back = changes::restore(&mut tx, &anna(), (first.id, 2)).await;
    assert!(matches!(back, Err(StoreError::Taken)), "{back:?}");
    drop(tx);
    for n in 1..CustomField::MOST {
        attempt(&format!("Feld {n}")).await.unwrap();
    }
    assert!(matches!(attempt("Noch eins").await, Err(StoreError::Full)));
    delete(&store, &CustomField::key(second)).await;
    attempt("Noch eins").await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let back = changes::restore(&mut tx, &anna(), (first.id, 2)).await;
    assert!(matches!(back, Err(StoreError::Full)), "{back:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_gets_shorter_only_as_long_as_no_value_is_longer() {
    let (store, _, database) = store().await;
    let custom = add(&store, FieldKind::Text, "Farbe", &[]).await;
    let other = add(&store, FieldKind::Text, "Muster", &[]).await;
    let (long, short) = (Value::Text("ßßßßß".into()), Value::Text("ß".into()));
    let values = [(custom.field.key.as_str(), long), (other.field.key.as_str(), short)];
    let id = record(&store, &values).await;
    let with = async |custom: &CustomField, max_length| Content {
        max_length,
        ..change(&store, custom).await
    };
    let refused = update(&store, &custom, &with(&custom, 4).await).await;
    assert!(matches!(refused, Err(StoreError::InUse)), "{refused:?}");
    assert!(update(&store, &custom, &with(&custom, 5).await).await.unwrap());
    assert_eq!(newest(&database).1, "{\"length\":\"5\"}");
    assert!(update(&store, &other, &with(&other, 1).await).await.unwrap());
    let rows = history_rows(&database);
    let custom = found(&store, custom.id).await;
    assert!(!update(&store, &custom, &with(&custom, 5).await).await.unwrap());
    assert_eq!(history_rows(&database), rows, "nothing was changed");
    edit(&store, id, &custom.field.key, Value::Empty).await;
    assert!(update(&store, &custom, &with(&custom, 4).await).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn list_items_are_renamed_moved_taken_off_and_brought_back() {
    let (store, _, database) = store().await;
    let custom = add(&store, FieldKind::List, "Farbe", &["Rot", "Blau", "Grün"]).await;
    let key = custom.field.key.as_str();
    let mut wanted = change(&store, &custom).await;
    let [red, blue, green] = [0, 1, 2].map(|n| wanted.items[n].id.unwrap());
    let id = record(&store, &[(key, Value::Item(blue))]).await;
    let new = |text: &str| WantedItem { id: None, text: text.to_owned() };
    let named = |id, text: &str| WantedItem { id: Some(id), text: text.to_owned() };
    wanted.items = vec![named(green, "GE:\"Grün\""), named(red, "Dunkelrot"), new("Gelb")];
    assert!(update(&store, &custom, &wanted).await.unwrap());
    let (before, after) = newest(&database);
    for (field, old, new) in [
        ("items-added", "", "Gelb"),
        ("items-removed", "Blau", ""),
        ("items-renamed", "Rot", "Dunkelrot"),
        ("items-order", "Dunkelrot, Grün", "Grün, Dunkelrot"),
    ] {
        assert!(before.contains(&format!("\"{field}\":\"{old}\"")), "{before}");
        assert!(after.contains(&format!("\"{field}\":\"{new}\"")), "{after}");
    }
    assert_eq!(read(&store, id).await.values.get(key), &Value::Item(blue), "records keep it");
    assert!(items(&store, custom.id).await.contains(&("GE:\"Blau\"".to_owned(), true)));
    // The same text again is the same item.
    let custom = found(&store, custom.id).await;
    let mut wanted = change(&store, &custom).await;
    wanted.items.push(new("US:\"Blue\";GE:\"blau\""));
    assert!(update(&store, &custom, &wanted).await.unwrap());
    let now = crm_lists::list(&store, List::Custom(custom.id)).await.unwrap();
    let last = now.last().unwrap();
    assert_eq!((last.id, last.text.as_str()), (blue, "US:\"Blue\";GE:\"blau\""));
    assert_eq!(now.len(), 4);
    // An item of another list is none of this one.
    let other = add(&store, FieldKind::List, "Muster", &["Streifen"]).await;
    let stripes = change(&store, &other).await.items;
    let custom = found(&store, custom.id).await;
    let wanted = Content { items: stripes, ..change(&store, &custom).await };
    let refused = update(&store, &custom, &wanted).await;
    assert!(matches!(refused, Err(StoreError::Overtaken)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_another_meaning_is_another_item() {
    let (store, _, _database) = store().await;
    let custom = add(&store, FieldKind::List, "Art", &["Rest"]).await;
    let mut wanted = change(&store, &custom).await;
    let new = |text: &str| WantedItem { id: None, text: text.to_owned() };
    wanted.items.push(new("US:\"Gift\";GE:\"Geschenk\""));
    update(&store, &custom, &wanted).await.unwrap();
    let custom = found(&store, custom.id).await;
    let mut wanted = change(&store, &custom).await;
    let present = wanted.items.pop().unwrap().id;
    update(&store, &custom, &wanted).await.unwrap();
    for (text, is_the_same) in [("US:\"Poison\";GE:\"Gift\"", false), ("GE:\"geschenk\"", true)] {
        let custom = found(&store, custom.id).await;
        let mut wanted = change(&store, &custom).await;
        wanted.items.push(new(text));
        update(&store, &custom, &wanted).await.unwrap();
        let now = crm_lists::list(&store, List::Custom(custom.id)).await.unwrap();
        assert_eq!(now.last().map(|item| item.id) == present, is_the_same, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_saved_on_top_of_the_one_that_was_seen() {
    let (store, _, database) = store().await;
    let mut ids = Vec::new();
    for name in ["A", "B", "C", "D"] {
        ids.push(add(&store, FieldKind::Date, name, &[]).await.id);
    }
    delete(&store, &CustomField::key(ids.remove(1))).await;
    let [a, c, d] = ids.as_slice() else { panic!() };
    let arrange = async |seen: &[i64], wanted: &[i64]| {
        let mut tx = store.begin().await.unwrap();
        let done = changes::arrange(&mut tx, &anna(), COMPANY, (seen, wanted)).await;
        tx.commit().await.unwrap();
        done
    };
    let rows = history_rows(&database);
    arrange(&ids, &ids).await.unwrap();
    assert_eq!(history_rows(&database), rows, "the same order");
    arrange(&ids, &[*d, *a, *c]).await.unwrap();
    let (before, after) = newest(&database);
    assert_eq!(before, "{\"order\":\"A, C, D\"}");
    assert!(after.contains("\"order\":\"D, A, C\""), "{after}");
    for (seen, wanted) in [(ids.as_slice(), ids.as_slice()), (&[*d, *a, *c], &[*d, *a])] {
        let refused = arrange(seen, wanted).await;
        assert!(matches!(refused, Err(StoreError::Overtaken)), "{refused:?}");
    }
    let catalogue = crm_fields::catalogue(&store, COMPANY).await.unwrap();
    let keys: Vec<&str> = catalogue.all().iter().rev().take(3).map(|f| f.key.as_str()).collect();
    assert_eq!(keys, [c, a, d].map(|id| CustomField::key(*id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_admin_is_refused() {
    let (store, _, database) = store().await;
    let custom = add(&store, FieldKind::Text, "Farbe", &[]).await;
    let wanted = Content { label: "Ton".into(), ..change(&store, &custom).await };
    update(&store, &custom, &wanted).await.unwrap();
    let rows = history_rows(&database);
    let refused = update(&store, &custom, &Content { label: "Art".into(), ..wanted }).await;
    assert!(matches!(refused, Err(StoreError::Overtaken)), "{refused:?}");
    let mut tx = store.begin().await.unwrap();
    let refused = changes::delete(&mut tx, &anna(), (custom.id, custom.version)).await;
    assert!(matches!(refused, Err(StoreError::Overtaken)), "{refused:?}");
    drop(tx);
    assert_eq!(history_rows(&database), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_known_where_a_field_is_mapped_and_how_many_records_hold_a_value() {
    let (store, _, _database) = store().await;
    let custom = add(&store, FieldKind::Text, "Farbe", &[]).await;
    let key = custom.field.key.as_str();
    for value in ["rot", "blau", ""] {
        record(&store, &[(key, Value::Text(value.into()))]).await;
    }
    record(&store, &[("phone", Value::Text(format!("\"{key}\":")))]).await;
    let holders = crm_fields::count_holders(&store, &custom).await.unwrap();
    assert_eq!(holders, Holders { records: 2, looked_at: None });
    assert_eq!(crm_fields::list_uses(&store, custom.id).await.unwrap(), []);
    let (_, connection) = added(&store).await;
    let kind = gleichlauf::connector::types::ActorType::Customer;
    let mut mapping = new_mapping(connection, kind);
    mapping.fields[0].crm_field = Some(key.to_owned());
    commit!(store, tx => mappings::save(&mut tx, &anna(), &mapping));
    let uses = crm_fields::list_uses(&store, custom.id).await.unwrap();
    assert_eq!((uses.len(), uses[0].connection, uses[0].actor_type), (1, connection, kind));
    // What goes on under the old field must not write any more.
    let generation =
        async || connections::find(&store, connection).await.unwrap().unwrap().generation;
    let before = generation().await;
    delete(&store, key).await;
    assert_eq!(generation().await, before + 1);
    restore(&store, key).await;
    assert_eq!(generation().await, before + 2);
    let custom = found(&store, custom.id).await;
    let wanted = Content { label: "Ton".into(), ..change(&store, &custom).await };
    update(&store, &custom, &wanted).await.unwrap();
    assert_eq!(generation().await, before + 2, "a name is no matter of synchronisation");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_has_the_later_migrations_takes_this_one() {
    let (store, clock, database) = store().await;
    let id = record(&store, &[]).await;
    drop(store);
    assert!(database.sql("DROP TABLE crm_field"));
    assert!(database.sql("DELETE FROM _sqlx_migrations WHERE version = 11"));
    let store = database.open(&clock).await;
    let applied =
        database.ask("SELECT version FROM _sqlx_migrations WHERE version >= 11 ORDER BY version");
    assert!(applied.len() > 1 && applied[0] == "11", "{applied:?}");
    let custom = add(&store, FieldKind::Whole, "Anzahl", &[]).await;
    edit(&store, id, &custom.field.key, Value::Whole(3)).await;
    assert_eq!(read(&store, id).await.values.get(&custom.field.key), &Value::Whole(3));
}
