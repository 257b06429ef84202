//! Sync connectors: unique names, and deletion that spares what is in use.

use std::collections::BTreeMap;

use gleichlauf::connector::types::WireForm;
use gleichlauf::store::error::StoreError;
use gleichlauf::store::{connections, connectors};

use super::connections::new_connection;
use super::{anna, commit, newest};
use crate::support::database::store;

const ADDRESS: &str = "https://erp.example/ws.svc";

#[tokio::test(flavor = "multi_thread")]
async fn names_are_unique_among_those_that_are_not_deleted() {
    let (store, _, _database) = store().await;
    let id = commit!(store, tx => connectors::insert(&mut tx, &anna(), "Übung", ADDRESS));
    let mut tx = store.begin().await.unwrap();
    let taken = connectors::insert(&mut tx, &anna(), "ÜBUNG", ADDRESS).await;
    assert!(matches!(taken, Err(StoreError::Taken)), "{taken:?}");
    drop(tx);
    let left = commit!(store, tx => connectors::delete(&mut tx, &anna(), (id, 1)));
    assert!(left.is_empty());
    let other = commit!(store, tx => connectors::insert(&mut tx, &anna(), "übung", ADDRESS));
    let mut tx = store.begin().await.unwrap();
    let taken = connectors::restore(&mut tx, &anna(), (id, 2)).await;
    assert!(matches!(taken, Err(StoreError::Taken)), "{taken:?}");
    drop(tx);
    commit!(store, tx => connectors::update(&mut tx, &anna(), (other, 1), "Andere", ADDRESS));
    commit!(store, tx => connectors::restore(&mut tx, &anna(), (id, 2)));
    let names: Vec<_> =
        connectors::list(&store).await.unwrap().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["Andere", "Übung"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_with_connections_is_not_deleted() {
    let (store, _, _database) = store().await;
    let id = commit!(store, tx => connectors::insert(&mut tx, &anna(), "A", ADDRESS));
    let new = new_connection(id, "Nord");
    let connection = commit!(store, tx => connections::insert(&mut tx, &anna(), &new));
    let left = commit!(store, tx => connectors::delete(&mut tx, &anna(), (id, 1)));
    assert_eq!(left, ["Nord"]);
    assert!(!connectors::find(&store, id).await.unwrap().unwrap().is_deleted);
    commit!(store, tx => connections::delete(&mut tx, &anna(), (connection, 1)));
    assert!(commit!(store, tx => connectors::delete(&mut tx, &anna(), (id, 1))).is_empty());
    assert!(connectors::list(&store).await.unwrap().is_empty());
    assert_eq!(connectors::list_with_deleted(&store).await.unwrap().len(), 1);
    let mut tx = store.begin().await.unwrap();
    let gone = connections::insert(&mut tx, &anna(), &new_connection(id, "Süd")).await;
    assert!(matches!(gone, Err(StoreError::Overtaken)), "{gone:?}");
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    let gone = connections::restore(&mut tx, &anna(), (connection, 2)).await;
    assert!(matches!(gone, Err(StoreError::Overtaken)), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wire_is_remembered_until_the_address_changes() {
    let (store, _, database) = store().await;
    let id = commit!(store, tx => connectors::insert(&mut tx, &anna(), "A", ADDRESS));
    let wire = WireForm {
        service_namespace: "urn:s".into(),
        data_namespace: "urn:d".into(),
        actions: BTreeMap::new(),
    };
    let learned = async || connectors::find(&store, id).await.unwrap().unwrap().wire;
    connectors::remember_wire(&store, id, "https://old.example", &wire).await.unwrap();
    assert_eq!(learned().await, None);
    connectors::remember_wire(&store, id, ADDRESS, &wire).await.unwrap();
    commit!(store, tx => connectors::update(&mut tx, &anna(), (id, 1), "B", ADDRESS));
    assert_eq!(newest(&database), (r#"{"name":"A"}"#.to_owned(), r#"{"name":"B"}"#.to_owned()));
    assert_eq!(learned().await, Some(wire));
    commit!(store, tx => connectors::update(&mut tx, &anna(), (id, 2), "B", "https://erp.example/b"));
    assert_eq!(learned().await, None);
    let mut tx = store.begin().await.unwrap();
    let late = connectors::update(&mut tx, &anna(), (id, 2), "C", ADDRESS).await;
    assert!(matches!(late, Err(StoreError::Overtaken)), "{late:?}");
}
