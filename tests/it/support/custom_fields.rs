//! Fields that an admin adds to records, put straight into the store.

use gleichlauf::connector::multilang;
use gleichlauf::crm::RecordKind;
use gleichlauf::crm::fields::{CustomField, CustomFieldId};
use gleichlauf::crm::value::FieldKind;
use gleichlauf::history::Actor;
use gleichlauf::store::crm_field_changes::{self, Content, NewField};
use gleichlauf::store::crm_list_changes::WantedItem;
use gleichlauf::store::{Store, crm_fields};

/// A field that need not be filled in; texts of up to 20 characters.
pub fn new_field(record: RecordKind, kind: FieldKind, german: &str, items: &[&str]) -> NewField {
    let item = |text: &&str| WantedItem { id: None, text: multilang::write("", text) };
    let content = Content {
        label: multilang::write("", german),
        max_length: if kind == FieldKind::Text { 20 } else { 0 },
        is_required: false,
        items: items.iter().map(item).collect(),
    };
    NewField { record, kind, content }
}

/// Adds a field; gives its key.
pub async fn add(store: &Store, record: RecordKind, kind: FieldKind, german: &str) -> String {
    let items: &[&str] = if kind == FieldKind::List { &["Rot", "Blau"] } else { &[] };
    CustomField::key(insert(store, &new_field(record, kind, german, items)).await)
}

pub async fn insert(store: &Store, new: &NewField) -> CustomFieldId {
    let mut tx = store.begin().await.unwrap();
    let id = crm_field_changes::insert(&mut tx, &Actor::system(), new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn find(store: &Store, key: &str) -> CustomField {
    let id = key.strip_prefix("u_").unwrap().parse().unwrap();
    crm_fields::find(store, id).await.unwrap().unwrap()
}

pub async fn delete(store: &Store, key: &str) {
    let field = find(store, key).await;
    let mut tx = store.begin().await.unwrap();
    let seen = (field.id, field.version);
    crm_field_changes::delete(&mut tx, &Actor::system(), seen).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn restore(store: &Store, key: &str) {
    let field = find(store, key).await;
    let mut tx = store.begin().await.unwrap();
    let seen = (field.id, field.version);
    crm_field_changes::restore(&mut tx, &Actor::system(), seen).await.unwrap();
    tx.commit().await.unwrap();
}
