//! Reading the history: filters, pages in both directions, and exports of exactly the same rows.

use std::pin::pin;

use futures_util::StreamExt;
use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::store::Store;
use gleichlauf::store::history_log::{self, Filter, SYNC_LOG};
use gleichlauf::store::page::Place;

use super::anna;
use crate::support::database::{Database, NOON, store};

/// Forty rows, one a minute: every fourth a field synchronised by the engine in connection 3.
async fn filled() -> (Store, Database) {
    let (store, clock, database) = store().await;
    for number in 0..40_i64 {
        let mut tx = store.begin().await.unwrap();
        if number % 4 == 0 {
            let subject = Subject::new("company", number % 8, "Łódź & Söhne 100%");
            let event = Event::new(Action::FieldSynced, subject).in_connection(3, "Nord");
            let event = event.changed("phone", "", format!("+49 {number}"));
            tx.record(&Actor::engine(), &event).await.unwrap();
        } else {
            let event = Event::new(Action::SignedIn, Subject::only("portal"));
            tx.record(&anna(), &event).await.unwrap();
        }
        tx.commit().await.unwrap();
        clock.advance(60_000);
    }
    (store, database)
}

async fn seqs(store: &Store, filter: &Filter, place: Place, limit: i64) -> Vec<i64> {
    let page = history_log::page(store, filter, place, limit).await.unwrap();
    page.items.iter().map(|entry| entry.seq).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_finds_its_rows() {
    let (store, _database) = filled().await;
    let none = Filter::default;
    let synced: Vec<i64> = (0..10).rev().map(|n| n * 4 + 1).collect();
    for (filter, found) in [
        (Filter { connection: Some(3), ..none() }, synced.clone()),
        (Filter { actions: SYNC_LOG.to_vec(), ..none() }, synced.clone()),
        (Filter { actor: "engine".into(), ..none() }, synced.clone()),
        (Filter { subject_kind: "company".into(), ..none() }, synced.clone()),
        (Filter { subject: "lódź".to_uppercase(), ..none() }, vec![]),
        (Filter { subject: "łódź SÖHNE".into(), ..none() }, synced.clone()),
        (Filter { subject: "0%".into(), ..none() }, synced.clone()),
        (Filter { subject: "_".into(), ..none() }, vec![]),
        (Filter { values: "+49 3".into(), ..none() }, vec![37, 33]),
        (Filter { subject_id: Some(4), actor: "engine".into(), ..none() }, vec![37, 29, 21, 13, 5]),
        (Filter { from: Some(NOON + 38 * 60_000), ..none() }, vec![40, 39]),
        (Filter { from: Some(NOON), until: Some(NOON + 60_000), ..none() }, vec![1]),
        (Filter { connection: Some(4), ..none() }, vec![]),
        (Filter { role: "auditor".into(), ..none() }, vec![]),
    ] {
        assert_eq!(seqs(&store, &filter, Place::First, 50).await, found, "{filter:?}");
    }
    let admin = Filter { role: "admin".into(), ..none() };
    assert_eq!(seqs(&store, &admin, Place::First, 50).await.len(), 30);
    assert_eq!(history_log::list_actors(&store).await.unwrap(), ["Anna Berg", "engine"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_forth_and_back() {
    let (store, _database) = filled().await;
    let all = Filter::default();
    assert_eq!(seqs(&store, &all, Place::First, 3).await, [40, 39, 38]);
    assert_eq!(seqs(&store, &all, Place::After(38), 3).await, [37, 36, 35]);
    assert_eq!(seqs(&store, &all, Place::Before(35), 3).await, [38, 37, 36]);
    let back = history_log::page(&store, &all, Place::Before(39), 3).await.unwrap();
    assert_eq!((back.items.len(), back.has_previous, back.has_next), (1, false, true));
    let last = history_log::page(&store, &all, Place::After(4), 3).await.unwrap();
    assert_eq!((last.items.len(), last.has_previous, last.has_next), (3, true, false));
    let oldest = Filter { is_oldest_first: true, ..Filter::default() };
    assert_eq!(seqs(&store, &oldest, Place::First, 3).await, [1, 2, 3]);
    assert_eq!(seqs(&store, &oldest, Place::After(3), 3).await, [4, 5, 6]);
    assert_eq!(seqs(&store, &oldest, Place::Before(6), 3).await, [3, 4, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_exactly_the_filtered_rows() {
    let (store, database) = filled().await;
    let many = "INSERT INTO history SELECT h.seq + 40 * (a.seq + 40 * b.seq), h.at, h.actor_kind, h.actor_id, \
                h.actor_name, h.actor_role, h.address, h.connection_id, h.connection_name, h.action, h.subject_kind, \
                h.subject_id, h.subject_name, h.before_values, h.after_values, '', '' FROM history h, history a, \
                (SELECT 0 AS seq UNION SELECT 1) AS b";
    assert!(database.sql(many));
    for filter in [Filter::default(), Filter { connection: Some(3), ..Filter::default() }] {
        let mut exported = Vec::new();
        let mut chunks = pin!(history_log::export(store.clone(), filter.clone(), 10_000));
        while let Some(chunk) = chunks.next().await {
            exported.extend(chunk.unwrap().into_iter().map(|entry| entry.seq));
        }
        assert_eq!(exported, seqs(&store, &filter, Place::First, 10_000).await);
        assert_eq!(exported.len(), if filter.connection.is_some() { 810 } else { 3240 });
    }
    let chunks: Vec<_> = history_log::export(store, Filter::default(), 40).collect().await;
    assert_eq!(chunks.into_iter().map(|chunk| chunk.unwrap().len()).sum::<usize>(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_found_with_its_neighbours() {
    let (store, _database) = filled().await;
    let entry = history_log::find(&store, 5).await.unwrap().unwrap();
    assert_eq!(entry.after_details()["phone"], "+49 4");
    assert!(history_log::find(&store, 41).await.unwrap().is_none());
    let around = history_log::around(&store, 2, 3).await.unwrap();
    assert_eq!(around.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
}
