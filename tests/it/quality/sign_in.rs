//! A1, A2, A4, A5: guessing is limited, tells nothing, and costs what it must; nobody comes in by default.
//! How the limits count is tested beside them (`users/limits.rs`, `store/sign_in.rs`); here they are met over
//! HTTP. Nothing is timed: equal work is shown by the number of password checks paid for.

use std::net::{IpAddr, Ipv4Addr};

use gleichlauf::history::Actor;
use gleichlauf::store::{sign_in, users};
use gleichlauf::users::Role;

use crate::support::people::{self, PASSWORD};
use crate::support::portal::{Browser, Page, Portal, spawn};

fn from(portal: &Portal, host: u8) -> Browser {
    Browser::coming_from(&portal.address, Some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, host))))
}

async fn guess(browser: &mut Browser, login: &str, password: &str) -> Page {
    if browser.cookies().is_empty() {
        browser.get("/sign-in").await;
    }
    browser.post("/sign-in", &[("login", login), ("password", password)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_guesses_ten_times_a_minute_and_the_owner_still_comes_in() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "ada", Role::Admin).await;
    let hasher = &portal.app.portal.hasher;
    let before = hasher.turns();
    let mut attacker = from(&portal, 2);
    let mut statuses = Vec::new();
    for number in 0..15 {
        // Neither another spelling, nor another session, nor a forged address is another account or place.
        if number % 4 == 0 {
            attacker = from(&portal, 2);
            attacker.get("/sign-in").await;
        }
        let login = ["ada", "ADA", " Ada "][number % 3];
        let token = attacker.get("/sign-in").await.value_of("csrf");
        let body = format!("csrf={token}&login={login}&password=guess{number}");
        let request = attacker
            .client()
            .post(attacker.url("/sign-in"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Forwarded-For", format!("198.51.100.{number}"))
            .header("Forwarded", format!("for=198.51.100.{number}"))
            .body(body);
        let page = attacker.send(request).await;
        if page.status == 429 {
            let wait: i64 = page.headers["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
        }
        statuses.push(page.status);
    }
    assert_eq!(statuses, [[422; 10].as_slice(), &[429; 5]].concat());
    assert_eq!(hasher.turns() - before, 10, "what is refused is not checked");
    // The right password does not help there, but from anywhere else it does, at once.
    assert_eq!(guess(&mut attacker, "ada", PASSWORD).await.status, 429);
    let mut owner = from(&portal, 3);
    assert_eq!(guess(&mut owner, "ada", PASSWORD).await.status, 303);
    let from_where = "SELECT DISTINCT address FROM history WHERE action = 'sign-in-failed'";
    assert_eq!(portal.database.ask(from_where), ["127.0.0.2"]);
    portal.clock.advance(60_000);
    assert_eq!(guess(&mut attacker, "ada", "again").await.status, 422);
}

/// The attack from fifty addresses is counted in `store/sign_in.rs`; here is the door after it.
#[tokio::test(flavor = "multi_thread")]
async fn after_an_attack_from_everywhere_a_known_browser_and_a_new_place_come_in() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "ada", Role::Admin).await;
    let mut known = from(&portal, 2);
    assert_eq!(guess(&mut known, "ada", PASSWORD).await.status, 303);
    known.post("/sign-out", &[]).await;
    let store = &portal.app.portal.store;
    for round in 0..4 {
        for host in 2..52 {
            let address = format!("127.0.0.{host}");
            let attempt = sign_in::Attempt { login: "ada", address: &address, device: None };
            sign_in::claim(store, &attempt).await.unwrap();
        }
        portal.clock.advance(60_000 * i64::from(round < 3));
    }
    let tries: i64 = portal.database.ask("SELECT COUNT(*) FROM sign_in_try")[0].parse().unwrap();
    assert!(tries <= 100, "{tries} checks in an hour");
    let mut attacker = from(&portal, 9);
    assert_eq!(guess(&mut attacker, "ada", "guess").await.status, 429);
    known.get("/sign-in").await;
    assert_eq!(guess(&mut known, "ada", PASSWORD).await.status, 303, "the owner's browser");
    let mut elsewhere = from(&portal, 200);
    assert_eq!(guess(&mut elsewhere, "ada", PASSWORD).await.status, 303, "a new place");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_names_from_one_address_are_slowed_down() {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    let mut granted = 0;
    for number in 0..1_000 {
        let login = format!("name{number}");
        let attempt = sign_in::Attempt { login: &login, address: "127.0.0.2", device: None };
        granted +=
            i64::from(sign_in::claim(store, &attempt).await.unwrap() == sign_in::Claim::Granted);
    }
    assert_eq!(granted, 60);
    assert_eq!(guess(&mut from(&portal, 2), "somebody", "guess").await.status, 429);
    assert_eq!(guess(&mut from(&portal, 3), "somebody", "guess").await.status, 422);
}

/// An answer without what differs from one request to the next anyway.
fn bare(page: &Page, login: &str) -> (u16, Vec<(String, String)>, String) {
    let mut text = page.text.replace(login, "LOGIN");
    for name in ["csrf", "once"] {
        for value in page.attributes(&format!("input[name={name}]"), "value") {
            text = text.replace(&value, "TOKEN");
        }
    }
    let headers = page.headers.iter().filter(|(name, _)| *name != "date");
    let mut headers: Vec<(String, String)> = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .map(|(name, value)| match name.as_str() {
            "set-cookie" => (name, value.split('=').next().unwrap().to_owned()),
            _ => (name, value),
        })
        .collect();
    headers.sort();
    (page.status, headers, text)
}

/// Known, unknown, disabled, without a password yet: the same answer, and the same work.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_does_not_tell_who_exists() {
    let portal = spawn(&[]).await;
    let store = portal.app.portal.store.clone();
    people::add_person(&portal, "known--", Role::User).await;
    let disabled = people::add_person(&portal, "disable", Role::User).await;
    people::disable(&store, disabled).await;
    let mut tx = store.begin().await.unwrap();
    let new = people::new_user("newuser", Role::User);
    users::insert_user(&mut tx, &Actor::system(), &new).await.unwrap();
    tx.commit().await.unwrap();
    let hasher = portal.app.portal.hasher.clone();
    let mut answers = Vec::new();
    // The first ten are checked, the others refused; all in turn, each from a place of its own.
    for number in 0..12 {
        for (host, login) in [(2, "known--"), (3, "unknown"), (4, "disable"), (5, "newuser")] {
            let mut browser = from(&portal, host);
            browser.get("/sign-in").await;
            let before = hasher.turns();
            let page = browser.post("/sign-in", &[("login", login), ("password", "guess")]).await;
            let paid = hasher.turns() - before;
            assert_eq!(paid, u64::from(number < 10), "{login} {number}");
            answers.push(bare(&page, login));
        }
    }
    for four in answers.chunks(4) {
        assert!(four.iter().all(|answer| *answer == four[0]), "{four:#?}");
    }
    assert_eq!((answers[0].0, answers[44].0), (422, 429));
    // The right password of a disabled account is no better than a wrong one.
    let mut browser = from(&portal, 6);
    browser.get("/sign-in").await;
    let before = hasher.turns();
    let page = browser.post("/sign-in", &[("login", "disable"), ("password", PASSWORD)]).await;
    assert_eq!(bare(&page, "disable"), answers[0]);
    assert_eq!(hasher.turns() - before, 1);
    // The proof of sight: an answer that differs is seen.
    let page = browser.post("/sign-in", &[("login", "known--"), ("password", PASSWORD)]).await;
    assert_ne!(bare(&page, "known--"), answers[0]);
}

/// What is stored for a password, and what checks of it cost. That no more than two run at once, and that
/// their memory goes back, is tested in `users/hasher.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_stored_as_argon2id_with_its_costs() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "ada", Role::Admin).await;
    people::add_person(&portal, "bea", Role::Admin).await;
    let mut ada = Browser::new(&portal);
    people::sign_in(&mut ada, "ada").await;
    ada.get("/account/password").await;
    let new = "another horse 9 staple";
    let typed = [("old", PASSWORD), ("password", new), ("again", new)];
    assert_eq!(ada.post("/account/password", &typed).await.status, 303);
    let stored = portal.database.ask("SELECT password FROM app_user ORDER BY login");
    for hash in &stored {
        let rest = hash.strip_prefix("$argon2id$v=19$m=19456,t=2,p=1$").expect(hash);
        let (salt, output) = rest.split_once('$').unwrap();
        assert!(salt.len() >= 22 && output.len() >= 43, "{hash}");
    }
    assert_ne!(stored[0], stored[1]);
}

/// An empty portal has no account and no way in but the code that its start prints; and no page lets an
/// admin choose somebody else's password.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_by_default_and_nobody_chooses_anothers_password() {
    let portal = spawn(&[]).await;
    assert_eq!(portal.database.ask("SELECT COUNT(*) FROM app_user"), ["0"]);
    for login in ["admin", "root", "administrator", "gleichlauf"] {
        let page = guess(&mut from(&portal, 2), login, login).await;
        assert_eq!(page.status, 422, "{login}");
    }
    let mut guest = from(&portal, 3);
    guest.get("/code").await;
    let typed = [
        ("code", "AAAA-AAAA-AAAA-AAAA"),
        ("login", "evil"),
        ("name", "Evil"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    assert_eq!(guest.post("/code", &typed).await.status, 422);
    assert_eq!(portal.database.ask("SELECT COUNT(*) FROM app_user"), ["0"]);
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let id = people::add_person(&portal, "bert", Role::User).await;
    for page in ["", "/codes", "/disable", "/seat"] {
        let page = ada.get(&format!("/users/{id}{page}")).await;
        assert!(!page.has("input[type=password]"));
    }
    let stored = format!("SELECT password FROM app_user WHERE id = {id}");
    let before = portal.database.ask(&stored);
    ada.get(&format!("/users/{id}")).await;
    let chosen = [("password", "chosen by ada 1"), ("again", "chosen by ada 1")];
    for end in ["", "/codes", "/sessions/delete", "/seat"] {
        ada.post(&format!("/users/{id}{end}"), &chosen).await;
    }
    assert_eq!(portal.database.ask(&stored), before);
}
