//! When sessions end, and that nothing brings them back.

use gleichlauf::clock::{HOUR, MINUTE, Millis, SECOND};
use gleichlauf::history::Actor;
use gleichlauf::store::error::StoreError;
use gleichlauf::store::sessions::{self, NewSession, Session};
use gleichlauf::store::{Store, groups, users};
use gleichlauf::users::{Role, UserId};

use crate::support::database::store;
use crate::support::people::add_user;

async fn begin(store: &Store, user: Option<UserId>) -> String {
    let new = NewSession { user, state: r#"{"a":"1"}"#, address: "192.0.2.7", agent: "Browser" };
    sessions::insert_session(store, &new).await.unwrap().to_string()
}

async fn load(store: &Store, key: &str) -> Option<Session> {
    sessions::load_session(store, key).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_knows_its_person_as_they_are_now() {
    let (store, _, database) = store().await;
    let id = add_user(&store, "anna", Role::User).await;
    let key = begin(&store, Some(id)).await;
    let mut tx = store.begin().await.unwrap();
    let (one, two) = (
        groups::insert_group(&mut tx, &Actor::system(), "one").await.unwrap(),
        groups::insert_group(&mut tx, &Actor::system(), "two").await.unwrap(),
    );
    groups::update_group(&mut tx, &Actor::system(), one, 1, "one", &[id]).await.unwrap();
    groups::update_group(&mut tx, &Actor::system(), two, 1, "two", &[id]).await.unwrap();
    tx.commit().await.unwrap();
    let session = load(&store, &key).await.unwrap();
    assert_eq!(session.state, r#"{"a":"1"}"#);
    let visitor = session.visitor.unwrap();
    assert_eq!(Some(&visitor), users::find_visitor(&store, id).await.unwrap().as_ref());
    let mut groups = visitor.groups;
    groups.sort_unstable();
    assert_eq!(groups, [one, two]);
    // Whatever else disabled them counts from the very next request.
    assert!(database.sql("UPDATE app_user SET is_disabled = true"));
    assert!(load(&store, &key).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_holds_no_key() {
    let (store, _, database) = store().await;
    let key = begin(&store, None).await;
    assert!(key.len() >= 43 && load(&store, &key).await.unwrap().visitor.is_none());
    let rows = database.ask("SELECT * FROM session");
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].contains(&key));
    for wrong in ["", "x", &key[1..], &format!("{key}x"), &key.to_lowercase()] {
        assert!(load(&store, wrong).await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_hour_without_a_request_ends_a_session() {
    let (store, clock, _database) = store().await;
    let key = begin(&store, None).await;
    for pause in [28 * MINUTE + 59 * SECOND, 59 * SECOND, 28 * MINUTE + 59 * SECOND] {
        clock.advance(pause);
        assert!(load(&store, &key).await.is_some(), "after {pause}");
    }
    clock.advance(30 * MINUTE + SECOND);
    assert!(load(&store, &key).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_hours_end_a_session_however_busy() {
    let (store, clock, _database) = store().await;
    let key = begin(&store, None).await;
    for _ in 0..47 {
        clock.advance(15 * MINUTE);
        assert!(load(&store, &key).await.is_some());
    }
    clock.advance(15 * MINUTE);
    assert!(load(&store, &key).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_never_lengthens_a_session() {
    let (store, clock, _database) = store().await;
    let key = begin(&store, None).await;
    clock.advance(-HOUR);
    assert!(load(&store, &key).await.is_none());
    clock.advance(HOUR);
    assert!(load(&store, &key).await.is_none(), "it came back when the clock was right again");

    // Nobody asks for it while the clock is wrong, but the minutely purge sees it.
    let key = begin(&store, None).await;
    clock.advance(-HOUR);
    assert_eq!(sessions::purge_sessions(&store).await.unwrap(), 1);
    clock.advance(HOUR);
    assert!(load(&store, &key).await.is_none());

    // A second or two are not a jump.
    let key = begin(&store, None).await;
    clock.advance(-2 * SECOND);
    assert!(load(&store, &key).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_does_not_bring_back_what_ended() {
    let (store, _, database) = store().await;
    let id = add_user(&store, "anna", Role::User).await;
    let key = begin(&store, Some(id)).await;
    sessions::update_session(&store, &key, "{}").await.unwrap();
    assert_eq!(load(&store, &key).await.unwrap().state, "{}");
    let mut tx = store.begin().await.unwrap();
    assert_eq!(sessions::end_sessions(&mut tx, &Actor::system(), id).await.unwrap(), 1);
    tx.commit().await.unwrap();
    sessions::update_session(&store, &key, r#"{"b":"2"}"#).await.unwrap();
    assert!(load(&store, &key).await.is_none());
    assert_eq!(database.ask("SELECT COUNT(*) FROM session"), ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_session_is_ended_by_its_public_id_and_only_by_its_owner() {
    let (store, clock, database) = store().await;
    let anna = add_user(&store, "anna", Role::User).await;
    let bert = add_user(&store, "bert", Role::User).await;
    let keys = [begin(&store, Some(anna)).await, begin(&store, Some(anna)).await];
    clock.advance(2 * MINUTE);
    let first = load(&store, &keys[0]).await.unwrap();
    let listed = sessions::list_sessions(&store, anna).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!((listed[0].sid, listed[0].address.as_str()), (first.sid, "192.0.2.7"));
    let end = async |user| -> Result<(), StoreError> {
        let mut tx = store.begin().await?;
        sessions::end_session(&mut tx, &Actor::system(), user, first.sid).await?;
        tx.commit().await
    };
    assert!(matches!(end(bert).await, Err(StoreError::Overtaken)));
    end(anna).await.unwrap();
    assert!(matches!(end(anna).await, Err(StoreError::Overtaken)));
    assert!(load(&store, &keys[0]).await.is_none());
    assert!(load(&store, &keys[1]).await.is_some());
    let ended = "SELECT subject_name FROM history WHERE action = 'session-ended'";
    assert_eq!(database.ask(ended), ["anna Łoś"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_sessions_are_neither_listed_nor_kept() {
    let (store, clock, _database) = store().await;
    let id = add_user(&store, "anna", Role::User).await;
    begin(&store, Some(id)).await;
    let ages: [Millis; 2] = [29 * MINUTE, 2 * MINUTE];
    for age in ages {
        clock.advance(age);
        begin(&store, Some(id)).await;
    }
    assert_eq!(sessions::list_sessions(&store, id).await.unwrap().len(), 2);
    assert_eq!(sessions::purge_sessions(&store).await.unwrap(), 1);
    assert_eq!(sessions::list_sessions(&store, id).await.unwrap().len(), 2);
}
