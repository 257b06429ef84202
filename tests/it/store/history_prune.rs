//! Taking out old rows: only by whoever runs the portal, only from the oldest on, and never unseen.

use std::fs;

use gleichlauf::clock::{Clock, DAY};
use gleichlauf::history::checker::Finding;
use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::store::history_prune::{Pruned, prune};
use gleichlauf::store::{Store, history, history_log};

use super::history::without_triggers;
use crate::support::database::{Database, NOON, is_postgres, store};

/// Ten rows, one a day.
async fn ten_days() -> (Store, Clock, Database) {
    let (store, clock, database) = store().await;
    for _ in 0..10 {
        one_more(&store).await;
        clock.advance(DAY);
    }
    (store, clock, database)
}

async fn one_more(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    let event = Event::new(Action::SignedIn, Subject::only("portal"));
    tx.record(&Actor::system(), &event).await.unwrap();
    tx.commit().await.unwrap();
}

async fn findings(store: &Store) -> Vec<Finding> {
    history::verify(store, &[]).await.unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn old_rows_go_and_a_signed_row_says_so() {
    let (store, clock, database) = ten_days().await;
    assert_eq!(prune(&store, NOON).await.unwrap(), None);
    assert_eq!(database.actions_after(0).0.len(), 10, "not even a row about nothing");
    let old_head = fs::read(&database.settings.head_file).unwrap();
    assert_eq!(prune(&store, NOON + 4 * DAY).await.unwrap(), Some(Pruned { rows: 4, last: 4 }));
    assert_eq!(history::verify(&store, &[]).await.unwrap(), (7, vec![]));
    let row = history_log::find(&store, 11).await.unwrap().unwrap();
    assert_eq!((row.action.as_str(), row.actor_kind.as_str()), ("history-pruned", "system"));
    let after = row.after_details();
    assert_eq!((after["rows"].as_str(), after["anchor-row"].as_str()), ("4", "4"));
    assert_eq!(after["older-than"], "2026-11-26T12:00:00.000Z");
    // Again, beyond the first time; and a head from before still belongs.
    one_more(&store).await;
    assert_eq!(prune(&store, NOON + 7 * DAY).await.unwrap(), Some(Pruned { rows: 3, last: 7 }));
    assert_eq!(findings(&store).await, []);
    fs::write(&database.settings.head_file, &old_head).unwrap();
    let again = database.open(&clock).await;
    one_more(&again).await;
    assert_eq!((findings(&again).await, again.head_trouble().await), (vec![], None));
    // Even all of them: what says so stays.
    clock.advance(DAY);
    assert!(prune(&again, clock.now()).await.unwrap().is_some());
    assert_eq!(history::verify(&again, &[]).await.unwrap(), (1, vec![]));
    // The row that an old head was signed for is among those that are gone.
    fs::write(&database.settings.head_file, &old_head).unwrap();
    assert_eq!(findings(&again).await, []);
    let late = database.open(&clock).await;
    assert_eq!((findings(&late).await, late.head_trouble().await), (vec![], None));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_passes_for_it() {
    let tampering = [
        // One row more or fewer than was taken out, and the row that says so gone.
        "DELETE FROM history WHERE seq = 5",
        "DELETE FROM history WHERE seq = 6",
        "DELETE FROM history WHERE action = 'history-pruned'",
        "UPDATE history SET after_values = REPLACE(after_values, '\"4\"', '\"5\"') WHERE seq = 11",
    ];
    for sql in tampering {
        let (store, _, database) = ten_days().await;
        prune(&store, NOON + 4 * DAY).await.unwrap();
        without_triggers(&database, sql);
        assert_ne!(findings(&store).await, [], "{sql}");
    }
    // A head that was signed once is no anchor.
    let (store, _, database) = ten_days().await;
    prune(&store, NOON + 2 * DAY).await.unwrap();
    let head = history::database_head(&store).await.unwrap();
    let event = Event::new(Action::HistoryPruned, Subject::only("portal"))
        .after("anchor-row", head.seq.to_string())
        .after("anchor-hash", head.hash)
        .after("anchor-signature", head.signature);
    let mut tx = store.begin().await.unwrap();
    tx.record(&Actor::system(), &event).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(findings(&store).await, []);
    without_triggers(&database, &format!("DELETE FROM history WHERE seq <= {}", head.seq));
    assert_ne!(findings(&store).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn afterwards_the_database_refuses_again_and_after_a_failure_too() {
    let (store, _, database) = ten_days().await;
    prune(&store, NOON + 4 * DAY).await.unwrap();
    let refuse = async || {
        for sql in [
            "DELETE FROM history",
            "UPDATE history SET at = 0",
            "DELETE FROM history WHERE seq = 5",
        ] {
            assert!(!database.sql(sql), "{sql}");
        }
    };
    refuse().await;
    // The head's row cannot be signed: nothing is taken out, and the triggers are where they were.
    let lock = match is_postgres() {
        true => "ALTER TABLE history_head ADD CONSTRAINT locked CHECK (seq < 12)",
        false => {
            "CREATE TRIGGER locked BEFORE UPDATE ON history_head WHEN NEW.seq > 11 BEGIN SELECT RAISE(ABORT, 'locked'); END"
        }
    };
    assert!(database.sql(lock));
    assert!(prune(&store, NOON + 8 * DAY).await.is_err());
    refuse().await;
    assert_eq!(history::verify(&store, &[]).await.unwrap(), (7, vec![]));
}
