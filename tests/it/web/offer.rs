//! What a connector offers, before and after it is taken over.

use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::history::Actor;
use gleichlauf::mapping::refresh::{Change, Fetched, What};
use gleichlauf::store::mappings;
use gleichlauf::web::offer;

use crate::support::connections::{add, field};
use crate::support::database::store;

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_what_taking_over_does_and_does_nothing() {
    let (store, _, _database) = store().await;
    let text = |key| field(key, FieldType::Text, "", Access::Normal);
    let id = add(&store, "Nord", &[text("NAME"), text("FAX")]).await;
    let fetched = |kind, fields| Fetched { kind, fields, searchable: vec!["NAME".to_owned()] };
    let types = [
        fetched(ActorType::Customer, vec![text("NAME"), text("PHONE")]),
        fetched(ActorType::Person, vec![text("LASTNAME")]),
    ];
    let before = mappings::list(&store, id).await.unwrap();
    let seen = offer::preview(&store, id, &types).await.unwrap();
    let change = |field: &str, what| Change {
        kind: ActorType::Customer,
        field: Some(field.to_owned()),
        what,
    };
    let person = Change { kind: ActorType::Person, field: None, what: What::TypeAdded };
    let searchable = Change { field: None, ..change("", What::Searchable) };
    let (gone, added) = (change("FAX", What::FieldMissing), change("PHONE", What::FieldAdded));
    let expected = [searchable, gone, added, person];
    assert_eq!(seen.changes, expected);
    assert_eq!(mappings::list(&store, id).await.unwrap(), before);

    let mut tx = store.begin().await.unwrap();
    let done = offer::take_over(&mut tx, &Actor::system(), id, &types).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(done.changes, seen.changes);
    let after = mappings::list(&store, id).await.unwrap();
    let keys = |mapping: &gleichlauf::mapping::ActorMapping| {
        mapping.fields.iter().map(|field| field.erp.key.clone()).collect::<Vec<_>>()
    };
    let keys: Vec<_> = after.iter().map(keys).collect();
    assert_eq!(keys, [vec!["NAME", "FAX", "PHONE"], vec!["LASTNAME"]]);
    assert_eq!(offer::preview(&store, id, &types).await.unwrap().changes, []);
}
