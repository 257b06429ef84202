//! One-time codes lead in once, for half an hour, and the first admin only while there is nobody.

use gleichlauf::clock::{HOUR, MINUTE};
use gleichlauf::history::Actor;
use gleichlauf::store::codes::{self, CodeHolder};
use gleichlauf::store::error::StoreError;
use gleichlauf::store::{Store, sessions, users};
use gleichlauf::users::{Role, UserId};

use crate::support::database::store;
use crate::support::people::{add_user, new_user};

async fn issue(store: &Store, user: UserId) -> String {
    let mut tx = store.begin().await.unwrap();
    let code = codes::issue_code(&mut tx, &Actor::system(), user).await.unwrap();
    tx.commit().await.unwrap();
    code.reveal().to_string()
}

async fn redeem(store: &Store, code: &str) -> Result<Option<UserId>, StoreError> {
    let mut tx = store.begin().await?;
    let user = codes::redeem_code(&mut tx, "192.0.2.1", code, "$new").await?;
    tx.commit().await?;
    Ok(user)
}

async fn redeem_first(
    store: &Store,
    code: &str,
    login: &str,
) -> Result<Option<UserId>, StoreError> {
    let mut tx = store.begin().await?;
    let new = new_user(login, Role::Admin);
    let user = codes::redeem_first_code(&mut tx, "192.0.2.1", code, &new, "$new").await?;
    tx.commit().await?;
    Ok(user)
}

async fn hash_of(store: &Store, login: &str) -> Option<String> {
    users::find_credentials(store, login).await.unwrap().unwrap().stored_hash()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_sets_a_password_once() {
    let (store, _, database) = store().await;
    let anna = add_user(&store, "anna", Role::User).await;
    let new = sessions::NewSession { user: Some(anna), state: "{}", address: "a", agent: "b" };
    let session = sessions::insert_session(&store, &new).await.unwrap();
    let code = issue(&store, anna).await;
    let Some(CodeHolder::User(holder)) = codes::find_holder(&store, &code).await.unwrap() else {
        panic!("the code leads nowhere");
    };
    assert_eq!(holder.id, anna);
    assert_eq!(hash_of(&store, "anna").await.as_deref(), Some("$hash"), "until the code is used");
    assert_eq!(redeem(&store, &code.to_lowercase()).await.unwrap(), Some(anna));
    assert_eq!(hash_of(&store, "anna").await.as_deref(), Some("$new"));
    assert!(sessions::load_session(&store, &session).await.unwrap().is_none());
    assert_eq!(redeem(&store, &code).await.unwrap(), None);
    let rows = database.ask("SELECT * FROM history").join("\n");
    assert!(rows.contains("code-issued") && !rows.contains(&code) && !rows.contains("$new"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_use_a_code_once() {
    let (store, _, _database) = store().await;
    let anna = add_user(&store, "anna", Role::User).await;
    let code = issue(&store, anna).await;
    let jobs: Vec<_> = (0..10)
        .map(|_| {
            let (store, code) = (store.clone(), code.clone());
            tokio::spawn(async move { redeem(&store, &code).await.unwrap().is_some() })
        })
        .collect();
    let mut used = 0;
    for job in jobs {
        used += i64::from(job.await.unwrap());
    }
    assert_eq!(used, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_ends_after_half_an_hour_and_with_the_next_one() {
    let (store, clock, _database) = store().await;
    let anna = add_user(&store, "anna", Role::User).await;
    let first = issue(&store, anna).await;
    let second = issue(&store, anna).await;
    assert_eq!(redeem(&store, &first).await.unwrap(), None);
    clock.advance(-HOUR);
    assert_eq!(redeem(&store, &second).await.unwrap(), None, "the clock was set back");
    clock.advance(HOUR + 30 * MINUTE);
    assert_eq!(codes::find_holder(&store, &second).await.unwrap(), None);
    assert_eq!(redeem(&store, &second).await.unwrap(), None);
    for wrong in ["", "----", "AAAA-AAAA-AAAA-AAAA", &"A".repeat(1 << 20)] {
        assert_eq!(redeem(&store, wrong).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_gets_no_code_and_uses_none() {
    let (store, _, _database) = store().await;
    let anna = add_user(&store, "anna", Role::User).await;
    let code = issue(&store, anna).await;
    let mut tx = store.begin().await.unwrap();
    users::disable_user(&mut tx, &Actor::system(), anna, 1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(redeem(&store, &code).await.unwrap(), None);
    let mut tx = store.begin().await.unwrap();
    let refused = codes::issue_code(&mut tx, &Actor::system(), anna).await;
    assert!(matches!(refused, Err(StoreError::Overtaken)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_comes_in_by_a_code_and_nobody_after() {
    let (store, clock, _database) = store().await;
    let lost = codes::issue_first_code(&store).await.unwrap().unwrap().reveal();
    let code = codes::issue_first_code(&store).await.unwrap().unwrap().reveal();
    assert_eq!(redeem_first(&store, &lost, "root").await.unwrap(), None, "a restart replaces it");
    let holder = codes::find_holder(&store, &code).await.unwrap();
    assert_eq!(holder, Some(CodeHolder::FirstAdmin));
    assert_eq!(redeem(&store, &code).await.unwrap(), None, "it belongs to nobody yet");
    let (one, two) =
        tokio::join!(redeem_first(&store, &code, "root"), redeem_first(&store, &code, "evil"));
    assert!(one.unwrap().is_some() != two.unwrap().is_some());
    assert_eq!(users::count(&store, users::Filter::default()).await.unwrap(), 1);
    assert_eq!(redeem_first(&store, &code, "third").await.unwrap(), None);
    assert!(codes::issue_first_code(&store).await.unwrap().is_none());
    clock.advance(HOUR);
    assert_eq!(codes::find_holder(&store, &code).await.unwrap(), None);
}
