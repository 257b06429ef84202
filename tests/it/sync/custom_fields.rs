//! Fields that an admin added, between the two sides: each type travels both ways; one that is deleted holds
//! nothing up, loses nothing, and catches up once it is back.

use gleichlauf::connector::types::{Access, FieldType};
use gleichlauf::crm::fields::List;
use gleichlauf::crm::value::{FieldKind, Value};
use gleichlauf::crm::{RecordId, RecordKind};
use gleichlauf::mapping::{Direction, FieldMapping};
use gleichlauf::runs::resync::{ItemState, ResyncState};
use gleichlauf::store::{crm, crm_lists, resyncs};
use gleichlauf::sync::resync::Wanted;

use super::setting::{CUSTOMER, Setting, anna};
use crate::support::connections::{field, mapped};
use crate::support::custom_fields::{add, delete, restore};

/// The ERP's field, its type, its values before and after; the CRM's type, its values before and after.
type OneField = (&'static str, FieldType, [&'static str; 2], FieldKind, [&'static str; 2]);

const FIELDS: [OneField; 6] = [
    ("COLOUR", FieldType::Text, ["rot", "blau"], FieldKind::Text, ["rot", "blau"]),
    ("COUNT", FieldType::Integer, ["[I:5]", "[I:-7]"], FieldKind::Whole, ["5", "-7"]),
    ("LIMIT", FieldType::Double, ["[F:1.5]", "[F:2.25]"], FieldKind::Decimal, ["1.5", "2.25"]),
    ("BLOCKED", FieldType::Checkbox, ["[I:1]", "[I:0]"], FieldKind::Check, ["1", "0"]),
    (
        "UNTIL",
        FieldType::Datetime,
        ["[DT:11/22/2026 00:00:00.0000000]", "[DT:01/31/2027 00:00:00.0000000]"],
        FieldKind::Date,
        ["2026-11-22", "2027-01-31"],
    ),
    ("GROUP", FieldType::List, ["R", "B"], FieldKind::List, ["Rot", "Blau"]),
];

async fn items(it: &Setting, key: &str) -> Vec<i64> {
    let list = List::Custom(key.strip_prefix("u_").unwrap().parse().unwrap());
    let items = crm_lists::list(&it.store, list).await.unwrap();
    items.into_iter().map(|item| item.id).collect()
}

/// A field of each type, mapped both ways; their keys.
async fn mapped_fields(it: &Setting) -> Vec<String> {
    let mut keys = Vec::new();
    let mut fields: Vec<FieldMapping> = Vec::new();
    for (erp, erp_kind, erp_values, kind, _) in FIELDS {
        let key = add(&it.store, RecordKind::Company, kind, &format!("Eigenes {erp}")).await;
        let list = if kind == FieldKind::List { "groups" } else { "" };
        let mut new = mapped(field(erp, erp_kind, list, Access::Normal), &key, Direction::BOTH);
        if kind == FieldKind::List {
            let pairs = erp_values.map(str::to_owned).into_iter().zip(items(it, &key).await);
            new.items = pairs.collect();
        }
        fields.push(new);
        keys.push(key);
    }
    it.remap(CUSTOMER, |mapping| mapping.fields.extend(fields)).await;
    keys
}

async fn value(it: &Setting, key: &str, kind: FieldKind, values: [&str; 2], n: usize) -> Value {
    match kind {
        FieldKind::List => Value::Item(items(it, key).await[n]),
        _ => Value::from_stored(kind, values[n]).unwrap(),
    }
}

async fn crm(it: &Setting, record: RecordId, key: &str) -> Value {
    let found = crm::list_by_ids(&it.store, &[record]).await.unwrap().remove(0);
    found.values.get(key).clone()
}

async fn edit(it: &Setting, record: RecordId, key: &str, value: Value) {
    let mut tx = it.store.begin().await.unwrap();
    let found = crm::list_by_ids(&mut tx, &[record]).await.unwrap().remove(0);
    let mut values = found.values.clone();
    values.set(key, value);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_each_type_travels_both_ways() {
    let it = Setting::new().await;
    let keys = mapped_fields(&it).await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.run().await;
    let first = FIELDS.map(|(erp, _, values, ..)| (erp, values[0]));
    it.erp.put(CUSTOMER, "C1", &first);
    it.run().await;
    for ((erp, _, _, kind, values), key) in FIELDS.into_iter().zip(&keys) {
        let expected = value(&it, key, kind, values, 0).await;
        assert_eq!(crm(&it, record, key).await, expected, "{erp} into the CRM");
    }
    for ((_, _, _, kind, values), key) in FIELDS.into_iter().zip(&keys) {
        edit(&it, record, key, value(&it, key, kind, values, 1).await).await;
    }
    it.run().await;
    for (erp, _, values, ..) in FIELDS {
        assert_eq!(it.erp.get(CUSTOMER, "C1", erp), values[1], "{erp} into the ERP");
    }
    assert!(it.link(link).await.failure.is_none());
    assert_eq!(it.travels().len(), 2 * FIELDS.len());
    // A resync writes them, too.
    it.erp.put(CUSTOMER, "C1", &first);
    let asked = (&Wanted::All, false);
    let id = it.engine.prepare_resync(&anna(), it.connection, asked).await.unwrap();
    it.finish(&it.engine).await;
    it.engine.confirm_resync(&anna(), (it.connection, id)).await.unwrap();
    it.finish(&it.engine).await;
    let resync = resyncs::find(&it.store, it.connection, id).await.unwrap().unwrap();
    assert_eq!(resync.state, ResyncState::Done);
    let item = resyncs::items::find(&it.store, id, record).await.unwrap().unwrap();
    assert_eq!((item.state, item.fields.len()), (ItemState::Written, FIELDS.len()));
    for (erp, _, values, ..) in FIELDS {
        assert_eq!(it.erp.get(CUSTOMER, "C1", erp), values[1], "{erp} once more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_field_stops_nothing_and_catches_up_when_it_is_back() {
    let it = Setting::new().await;
    let keys = mapped_fields(&it).await;
    let colour = keys[0].as_str();
    let text = |text: &str| Value::Text(text.to_owned());
    let (record, link) = it.linked("C1", "A", "1").await;
    it.erp.put(CUSTOMER, "C1", &[("COLOUR", "rot")]);
    it.run().await;
    assert_eq!(crm(&it, record, colour).await, text("rot"));
    delete(&it.store, colour).await;
    it.erp.put(CUSTOMER, "C1", &[("COLOUR", "blau"), ("PHONE", "2"), ("COUNT", "[I:3]")]);
    it.run().await;
    it.edit(record, "email", "a@example.com").await;
    it.run().await;
    // The others went on, and neither side lost its value.
    assert_eq!(it.crm(record, "phone").await, "2");
    assert_eq!(crm(&it, record, &keys[1]).await, Value::Whole(3));
    assert_eq!(it.erp.get(CUSTOMER, "C1", "EMAIL"), "a@example.com");
    assert_eq!(crm(&it, record, colour).await, text("rot"));
    assert_eq!(it.erp.get(CUSTOMER, "C1", "COLOUR"), "blau");
    assert!(it.link(link).await.failure.is_none());
    let mapping = it.mapping(CUSTOMER).await;
    assert_eq!(mapping.field("COLOUR").unwrap().crm_field.as_deref(), Some(colour));
    restore(&it.store, colour).await;
    it.run().await;
    assert_eq!(crm(&it, record, colour).await, text("blau"), "what it missed");
    assert!(it.history("conflict").is_empty());
    edit(&it, record, colour, text("gelb")).await;
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "COLOUR"), "gelb");
}
