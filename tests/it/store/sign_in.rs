//! How often passwords may be tried, and that the counts hold in a crowd and after a restart.

use gleichlauf::clock::{HOUR, MINUTE};
use gleichlauf::history::Actor;
use gleichlauf::store::sign_in::{self, Attempt, Claim};
use gleichlauf::store::{Store, users};
use gleichlauf::users::Role;

use crate::support::database::store;
use crate::support::people::add_user;

fn attempt<'a>(login: &'a str, address: &'a str) -> Attempt<'a> {
    Attempt { login, address, device: None }
}

async fn is_granted(store: &Store, attempt: &Attempt<'_>) -> bool {
    sign_in::claim(store, attempt).await.unwrap() == Claim::Granted
}

/// Signs in and gives the device cookie.
async fn succeed(store: &Store, attempt: &Attempt<'_>) -> String {
    let user = users::find_credentials(store, attempt.login).await.unwrap().unwrap().user;
    let mut tx = store.begin().await.unwrap();
    let cookie = sign_in::succeeded(&mut tx, &Actor::system(), attempt, &user).await.unwrap();
    tx.commit().await.unwrap();
    cookie
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_a_minute_also_for_nobody_and_after_a_restart() {
    let (store, clock, database) = store().await;
    add_user(&store, "anna", Role::User).await;
    for login in ["anna", "nobody"] {
        for number in 0..10 {
            assert!(is_granted(&store, &attempt(login, "192.0.2.1")).await, "{login} {number}");
            clock.advance(100);
        }
    }
    let store = database.open(&clock).await;
    for (login, seconds) in [("Anna ", 58), ("nobody", 59)] {
        let claim = sign_in::claim(&store, &attempt(login, "192.0.2.1")).await.unwrap();
        assert_eq!(claim, Claim::Wait { seconds });
    }
    clock.advance(59_000);
    assert!(is_granted(&store, &attempt("anna", "192.0.2.1")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_gets_no_more_than_one_by_one() {
    let (store, _, _database) = store().await;
    let jobs: Vec<_> = (0..40)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { is_granted(&store, &attempt("anna", "192.0.2.1")).await })
        })
        .collect();
    let mut granted = 0;
    for job in jobs {
        granted += i64::from(job.await.unwrap());
    }
    assert_eq!(granted, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attack_from_fifty_addresses_leaves_the_owner_a_way_in() {
    let (store, clock, _database) = store().await;
    add_user(&store, "anna", Role::User).await;
    let mut granted = 0;
    for _ in 0..20 {
        for host in 2..52 {
            let address = format!("198.51.100.{host}");
            granted += i64::from(is_granted(&store, &attempt("anna", &address)).await);
        }
        clock.advance(MINUTE);
    }
    assert_eq!(granted, 50);
    let owner = attempt("anna", "192.0.2.1");
    assert!(is_granted(&store, &owner).await);
    clock.advance(HOUR);
    assert!(is_granted(&store, &attempt("anna", "198.51.100.2")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_device_comes_in_whatever_others_do() {
    let (store, clock, _database) = store().await;
    add_user(&store, "anna", Role::User).await;
    add_user(&store, "bert", Role::User).await;
    let cookie = succeed(&store, &attempt("anna", "192.0.2.1")).await;
    for host in 0..200 {
        let address = format!("203.0.113.{host}");
        is_granted(&store, &attempt("anna", &address)).await;
        is_granted(&store, &attempt("bert", &address)).await;
    }
    assert!(!is_granted(&store, &attempt("anna", "192.0.2.1")).await);
    let known = Attempt { device: Some(&cookie), ..attempt("ANNA", "192.0.2.1") };
    for number in 0..10 {
        assert!(is_granted(&store, &known).await, "{number}");
    }
    assert!(!is_granted(&store, &known).await, "more than its own allowance");
    let foreign = Attempt { device: Some(&cookie), ..attempt("bert", "192.0.2.1") };
    assert!(!is_granted(&store, &foreign).await, "another login's cookie counted");
    clock.advance(MINUTE);
    assert_eq!(succeed(&store, &known).await, cookie, "a known device keeps its cookie");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_clears_the_way_and_only_there() {
    let (store, _, database) = store().await;
    add_user(&store, "anna", Role::User).await;
    for address in ["192.0.2.1", "192.0.2.2"] {
        for _ in 0..9 {
            assert!(is_granted(&store, &attempt("anna", address)).await);
        }
    }
    succeed(&store, &attempt("anna", "192.0.2.1")).await;
    assert_eq!(database.ask("SELECT DISTINCT address FROM sign_in_try"), ["192.0.2.2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_stand_in_the_history_without_what_was_typed() {
    let (store, _, database) = store().await;
    add_user(&store, "anna", Role::User).await;
    let user = users::find_credentials(&store, "anna").await.unwrap().unwrap().user;
    let mut tx = store.begin().await.unwrap();
    sign_in::failed(&mut tx, &attempt("anna", "192.0.2.1"), Some(&user)).await.unwrap();
    sign_in::failed(&mut tx, &attempt("my-Secret-Pass", "192.0.2.1"), None).await.unwrap();
    tx.commit().await.unwrap();
    sign_in::claim(&store, &attempt("my-Secret-Pass", "192.0.2.1")).await.unwrap();
    let rows = database.ask(
        "SELECT actor_kind, address, subject_name FROM history WHERE action = 'sign-in-failed' ORDER BY seq",
    );
    assert_eq!(rows, ["visitor|192.0.2.1|anna Łoś", "visitor|192.0.2.1|"]);
    let counted = database.ask("SELECT account FROM sign_in_try").join("");
    assert!(!counted.is_empty() && !counted.to_lowercase().contains("secret"), "{counted}");
}
