//! The history cannot be changed without `audit verify` saying so.

use gleichlauf::history::checker::Finding;
use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::store::{Store, history};

use crate::support::database::{Database, is_postgres, store};

pub async fn filled(rows: i64) -> (Store, Database) {
    let (store, _, database) = store().await;
    for number in 0..rows {
        let mut tx = store.begin().await.unwrap();
        let event =
            Event::new(Action::RecordChanged, Subject::new("company", number, "Łódź & Söhne"))
                .changed("name", "old", format!("new {number}"));
        tx.record(&Actor::system(), &event).await.unwrap();
        tx.commit().await.unwrap();
    }
    (store, database)
}

pub fn without_triggers(database: &Database, sql: &str) {
    let (off, on) = if is_postgres() {
        ("ALTER TABLE history DISABLE TRIGGER USER;", "ALTER TABLE history ENABLE TRIGGER USER;")
    } else {
        ("DROP TRIGGER history_no_update; DROP TRIGGER history_no_delete;", "")
    };
    assert!(database.sql(&format!("{off}{sql};{on}")), "{sql}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_history_verifies() {
    let (store, _database) = filled(20).await;
    assert_eq!(history::verify(&store, &[]).await.unwrap(), (20, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_to_change_or_delete_rows() {
    let (_store, database) = filled(3).await;
    assert!(!database.sql("UPDATE history SET actor_name = 'x' WHERE seq = 2"));
    assert!(!database.sql("DELETE FROM history WHERE seq = 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_tampering_is_found() {
    let swap = "UPDATE history SET seq = -1 WHERE seq = 4; UPDATE history SET seq = 4 WHERE seq = 5; \
                UPDATE history SET seq = 5 WHERE seq = -1";
    let forged = "INSERT INTO history SELECT 9, at, actor_kind, actor_id, actor_name, actor_role, address, \
                  connection_id, connection_name, action, subject_kind, subject_id, subject_name, before_values, \
                  after_values, hash, hash FROM history WHERE seq = 8";
    for sql in [
        "UPDATE history SET after_values = '{}' WHERE seq = 5",
        "UPDATE history SET at = at + 1 WHERE seq = 1",
        "UPDATE history SET actor_id = 7 WHERE seq = 8",
        "DELETE FROM history WHERE seq = 1",
        "DELETE FROM history WHERE seq = 4",
        "DELETE FROM history WHERE seq = 8",
        "DELETE FROM history WHERE seq > 5; UPDATE history_head SET seq = 5, \
         hash = (SELECT hash FROM history WHERE seq = 5)",
        swap,
        forged,
    ] {
        let (store, database) = filled(8).await;
        without_triggers(&database, sql);
        let (_, findings) = history::verify(&store, &[]).await.unwrap();
        assert!(!findings.is_empty(), "not found: {sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_backup_is_found_through_the_head_outside() {
    let (store, database) = filled(5).await;
    let older = history::database_head(&store).await.unwrap();
    let event = Event::new(Action::SignedIn, Subject::only("portal"));
    let mut tx = store.begin().await.unwrap();
    tx.record(&Actor::system(), &event).await.unwrap();
    tx.commit().await.unwrap();
    without_triggers(
        &database,
        &format!(
            "DELETE FROM history WHERE seq = 6; UPDATE history_head SET seq = 5, hash = '{}', signature = '{}'",
            older.hash, older.signature
        ),
    );
    let (_, findings) = history::verify(&store, &[]).await.unwrap();
    assert_eq!(findings, vec![Finding::Cut { last: 5, signed: 6 }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_not_committed_leaves_no_row() {
    let (store, _database) = filled(1).await;
    let mut tx = store.begin().await.unwrap();
    tx.record(&Actor::system(), &Event::new(Action::SignedIn, Subject::only("portal")))
        .await
        .unwrap();
    drop(tx);
    assert_eq!(history::verify(&store, &[]).await.unwrap(), (1, vec![]));
}
