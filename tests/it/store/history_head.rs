//! The signed head outside the database: what proves that an older database was put back is never lost.

use std::fs;

use gleichlauf::clock::Clock;
use gleichlauf::history::chain::SignedHead;
use gleichlauf::history::checker::Finding;
use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::store::history_head::{HeadTrouble, accept};
use gleichlauf::store::{Store, history};

use super::history::{filled, without_triggers};
use crate::support::database::{Database, NOON, store};

async fn one_more(store: &Store) {
    write(store, Action::SignedIn).await;
}

async fn write(store: &Store, action: Action) {
    let mut tx = store.begin().await.unwrap();
    let event = Event::new(action, Subject::only("portal"));
    tx.record(&Actor::system(), &event).await.unwrap();
    tx.commit().await.unwrap();
}

async fn reopened(database: &Database) -> Store {
    database.open(&Clock::fixed(NOON)).await
}

async fn findings(store: &Store) -> Vec<Finding> {
    history::verify(store, &[]).await.unwrap().1
}

fn outside(database: &Database) -> SignedHead {
    serde_json::from_str(&fs::read_to_string(&database.settings.head_file).unwrap()).unwrap()
}

/// A database as it was with five rows, though eight were signed.
async fn put_back() -> Database {
    let (store, database) = filled(5).await;
    let old = history::database_head(&store).await.unwrap();
    for _ in 0..3 {
        write(&store, Action::SignedOut).await;
    }
    drop(store);
    let sql = format!(
        "DELETE FROM history WHERE seq > 5; UPDATE history_head SET seq = 5, hash = '{}', signature = '{}'",
        old.hash, old.signature
    );
    without_triggers(&database, &sql);
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_put_back_never_wipes_out_what_proves_it() {
    let database = put_back().await;
    let store = reopened(&database).await;
    assert_eq!(store.head_trouble().await, Some(HeadTrouble::Foreign { signed: 8 }));
    assert_eq!(findings(&store).await, [Finding::Cut { last: 5, signed: 8 }]);
    one_more(&store).await;
    assert_eq!(findings(&store).await, [Finding::Cut { last: 6, signed: 8 }]);
    // Rows beyond the signed one do not hide it, in this process or in the next.
    for _ in 0..6 {
        one_more(&store).await;
    }
    let again = reopened(&database).await;
    one_more(&again).await;
    one_more(&store).await;
    for store in [store, again] {
        assert_eq!(findings(&store).await, [Finding::Replaced { seq: 8 }]);
        assert_eq!(store.head_trouble().await, Some(HeadTrouble::Foreign { signed: 8 }));
    }
    assert_eq!(outside(&database).seq, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_put_back_on_purpose_can_be_accepted_and_the_history_says_so() {
    let database = put_back().await;
    let store = reopened(&database).await;
    one_more(&store).await;
    let known = outside(&database);
    let trouble = accept(&reopened(&database).await).await.unwrap();
    assert_eq!(trouble, Some(HeadTrouble::Foreign { signed: 8 }));
    let row = database.ask("SELECT action, before_values FROM history ORDER BY seq DESC LIMIT 1");
    assert!(row[0].starts_with("head-accepted|"), "{row:?}");
    assert!(row[0].contains("\"head-row\":\"8\"") && row[0].contains(&known.hash), "{row:?}");
    // The portal that ran meanwhile goes on, and what was accepted is kept.
    one_more(&store).await;
    assert_eq!((findings(&store).await, store.head_trouble().await), (vec![], None));
    assert_eq!(outside(&database).seq, 8);
    let kept = fs::read_dir(database.folder()).unwrap().map(|file| file.unwrap().path());
    let kept = kept.filter(|file| file.to_string_lossy().contains("aside"));
    let kept: Vec<String> = kept.map(|file| fs::read_to_string(file).unwrap()).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(serde_json::from_str::<SignedHead>(&kept[0]).unwrap(), known);
    assert_eq!(accept(&store).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_head_is_missed_unless_no_row_was_ever_written() {
    let (store, _, database) = store().await;
    assert_eq!((findings(&store).await, store.head_trouble().await), (vec![], None));
    assert_eq!(outside(&database).seq, 0, "made at once, so that it can be missed");
    one_more(&store).await;
    fs::remove_file(&database.settings.head_file).unwrap();
    for store in [&store, &reopened(&database).await] {
        one_more(store).await;
        assert_eq!(findings(store).await, [Finding::HeadMissing]);
        assert_eq!(store.head_trouble().await, Some(HeadTrouble::Missing));
        assert!(!database.settings.head_file.exists(), "made anew, it would prove nothing");
    }
    accept(&store).await.unwrap();
    assert_eq!(findings(&store).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_nobody_signed_is_kept_and_said() {
    let (store, database) = filled(2).await;
    let forged = SignedHead { hash: "00".into(), ..outside(&database) };
    for text in ["no head", &serde_json::to_string(&forged).unwrap()] {
        fs::write(&database.settings.head_file, text).unwrap();
        one_more(&store).await;
        assert!(matches!(store.head_trouble().await, Some(HeadTrouble::Unreadable(_))));
        let found = findings(&store).await;
        assert!(
            matches!(found[..], [Finding::HeadUnreadable { .. } | Finding::BadSignature { .. }]),
            "{found:?}"
        );
        assert_eq!(fs::read_to_string(&database.settings.head_file).unwrap(), text);
    }
}

/// As after a crash between the commit and the file, or with a file kept by another process.
#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_fell_behind_catches_up() {
    let (store, database) = filled(2).await;
    let behind = fs::read(&database.settings.head_file).unwrap();
    one_more(&store).await;
    fs::write(&database.settings.head_file, behind).unwrap();
    let other = reopened(&database).await;
    assert_eq!(outside(&database).seq, 3);
    for seq in 4..8 {
        one_more(if seq % 2 == 0 { &store } else { &other }).await;
        assert_eq!(outside(&database).seq, seq);
    }
    assert_eq!((findings(&store).await, findings(&other).await), (vec![], vec![]));
    assert_eq!((store.head_trouble().await, other.head_trouble().await), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_committed_is_done_even_when_the_head_cannot_follow() {
    let (store, database) = filled(2).await;
    let (file, away) = (&database.settings.head_file, database.folder().join("away"));
    fs::rename(file, &away).unwrap();
    fs::create_dir(file).unwrap();
    one_more(&store).await;
    assert!(store.head_trouble().await.is_some());
    assert!(matches!(findings(&store).await[..], [Finding::HeadUnreadable { .. }]));
    fs::remove_dir(file).unwrap();
    fs::rename(&away, file).unwrap();
    assert_eq!(outside(&database).seq, 2);
    one_more(&store).await;
    assert_eq!((outside(&database).seq, store.head_trouble().await), (4, None));
    assert_eq!(findings(&store).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn verifying_while_others_write_finds_nothing() {
    let (store, database) = filled(2).await;
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    one_more(&store).await;
                }
            })
        })
        .collect();
    let other = reopened(&database).await;
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        assert_eq!(findings(&other).await, []);
    }
    assert_eq!(history::verify(&store, &[]).await.unwrap(), (102, vec![]));
    assert_eq!(outside(&database).seq, 102);
}
