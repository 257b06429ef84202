//! S1–S4: what ends a session ends it for good and at once. Cookies (S2) are read in `headers.rs`, times to the
//! second in `store/sessions.rs`.

use std::collections::{BTreeMap, BTreeSet};

use gleichlauf::gates::{Licence, Who as Rule};
use gleichlauf::store::sessions::{self, NewSession};
use gleichlauf::users::Role;
use gleichlauf::web::routes::TABLE;
use gleichlauf::web::session::random_token;

use super::stage::{Stage, Who};
use crate::support::database::store;
use crate::support::licences;
use crate::support::people::{self, PASSWORD};
use crate::support::portal::{Browser, Portal, spawn};

const COOKIE: &str = "__Host-gleichlauf";

/// Where the earlier cookies of one person lie.
struct Replays {
    portal: Portal,
    dead: Vec<(&'static str, BTreeMap<String, String>)>,
}

impl Replays {
    /// What the browser holds is over with.
    fn bury(&mut self, when: &'static str, browser: &Browser) {
        self.dead.push((when, browser.cookies().clone()));
    }

    /// None of them opens anything, and none is the one in use.
    async fn try_all(&self, alive: &Browser) {
        for (when, cookies) in &self.dead {
            assert_ne!(cookies.get(COOKIE), alive.cookies().get(COOKIE), "{when}");
            let mut browser = Browser::new(&self.portal);
            browser.set_cookies(cookies.clone());
            let page = browser.get("/account").await;
            assert!(page.location.starts_with("/sign-in?"), "{when}: {}", page.status);
            browser.set_cookies(cookies.clone());
            assert_eq!(browser.post("/preferences", &[("theme", "dark")]).await.status, 403);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_earlier_cookie_opens_anything() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let id = people::add_person(&portal, "bert", Role::User).await;
    let mut all = Replays { portal, dead: Vec::new() };
    let place = format!("/users/{id}");
    let mut bert = Browser::new(&all.portal);
    bert.get("/sign-in").await;
    all.bury("before signing in", &bert);
    people::sign_in(&mut bert, "bert").await;
    all.try_all(&bert).await;
    // Somebody plants a cookie of theirs in the browser: signing in does not take it over.
    let mut thief = Browser::new(&all.portal);
    thief.get("/sign-in").await;
    let mut victim = Browser::new(&all.portal);
    victim.set_cookies(thief.cookies().clone());
    people::sign_in(&mut victim, "bert").await;
    assert_eq!(thief.get("/account").await.status, 303);
    all.bury("planted", &thief);

    all.bury("before another password", &bert);
    all.bury("elsewhere before another password", &victim);
    bert.get("/account/password").await;
    let new = "another horse 9 staple";
    let typed = [("old", PASSWORD), ("password", new), ("again", new)];
    assert_eq!(bert.post("/account/password", &typed).await.status, 303);
    all.try_all(&bert).await;
    all.bury("before signing out", &bert);
    bert.get("/account").await;
    assert_eq!(bert.post("/sign-out", &[]).await.status, 303);
    people::sign_in_as(&mut bert, "bert", new).await;
    all.try_all(&bert).await;
    all.bury("before another role", &bert);
    let version = ada.get(&place).await.value_of("version");
    let role = [("name", "B"), ("login", "bert"), ("role", "auditor"), ("version", &*version)];
    assert_eq!(ada.post(&place, &role).await.status, 303);
    people::sign_in_as(&mut bert, "bert", new).await;
    all.try_all(&bert).await;
    all.bury("before a code", &bert);
    ada.get(&place).await;
    let shown = ada.submit(&format!("{place}/codes"), &[]).await;
    let code = shown.all(".one-time-code code").remove(0);
    let mut by_code = Browser::new(&all.portal);
    by_code.get("/code").await;
    all.bury("before the code was used", &by_code);
    let typed = [("code", &*code), ("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(by_code.post("/code", &typed).await.status, 303);
    all.try_all(&by_code).await;
    all.bury("before being locked out", &by_code);
    ada.get(&place).await;
    assert_eq!(ada.post(&format!("{place}/disable"), &[]).await.status, 303);
    ada.get(&place).await;
    assert_eq!(ada.post(&format!("{place}/enable"), &[]).await.status, 303);
    let mut last = Browser::new(&all.portal);
    people::sign_in(&mut last, "bert").await;
    all.try_all(&last).await;
    assert_eq!(all.dead.len(), 9);
    // The store holds none of the keys.
    let rows = all.portal.database.ask("SELECT * FROM session").join("\n");
    for (when, cookies) in &all.dead {
        let key = cookies[COOKIE].chars().rev().take(43).collect::<String>();
        let key: String = key.chars().rev().collect();
        assert!(!rows.contains(&key), "{when}");
    }
    // The proof of sight: a living cookie opens the page.
    let mut browser = Browser::new(&all.portal);
    browser.set_cookies(last.cookies().clone());
    assert_eq!(browser.get("/account").await.status, 200);
}

/// 256 bits of the operating system each: no repeat, and every place takes many values.
#[tokio::test(flavor = "multi_thread")]
async fn keys_and_tokens_do_not_repeat() {
    let tokens: Vec<String> = (0..10_000).map(|_| random_token()).collect();
    assert_random(&tokens, 64, 16);
    let (store, _, _database) = store().await;
    let mut keys = Vec::new();
    for _ in 0..400 {
        let new = NewSession { user: None, state: "{}", address: "", agent: "" };
        keys.push(sessions::insert_session(&store, &new).await.unwrap().to_string());
    }
    assert_random(&keys, 43, 55);
}

/// Texts of this length, of which each place but the last takes so many values: hex carries four bits at
/// each, base64 six.
fn assert_random(all: &[String], length: usize, least: usize) {
    assert!(all.iter().all(|key| key.len() == length));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    for at in 0..length - 1 {
        let values: BTreeSet<u8> = all.iter().map(|key| key.as_bytes()[at]).collect();
        assert!(values.len() >= least, "place {at} takes {} values", values.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_hour_idle_and_twelve_hours_at_most() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "ada", Role::Admin).await;
    let (second, minute, hour) = (1_000, 60_000, 3_600_000);
    for (jumps, is_in) in [
        (vec![28 * minute + 59 * second], true),
        (vec![30 * minute + second], false),
        (vec![29 * minute; 3], true),
        // Busy all the time, and over after twelve hours all the same.
        (vec![20 * minute; 35], true),
        (vec![20 * minute; 36], false),
        // A clock that is set back makes no session longer, nor brings one back.
        (vec![-hour], false),
        (vec![-hour, hour], false),
        (vec![20 * minute, -hour, hour], false),
    ] {
        let mut ada = Browser::new(&portal);
        people::sign_in(&mut ada, "ada").await;
        let mut status = 0;
        for jump in &jumps {
            portal.clock.advance(*jump);
            status = ada.get("/account").await.status;
        }
        assert_eq!(status, if is_in { 200 } else { 303 }, "{jumps:?}");
        portal.clock.advance(13 * hour);
    }
}

/// What somebody could do until now, and cannot from the very next request.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_locked_out_succeeds_nowhere_from_the_next_request() {
    for end in ["disable", "sessions/delete", "role"] {
        let mut stage = Stage::set().await;
        let mut twin = Browser::new(&stage.portal);
        people::sign_in(&mut twin, "ida").await;
        twin.get("/companies").await;
        let place = format!("/users/{}", stage.ida);
        let version = stage.value(Who::Ada, &place, "version").await;
        let role = [("name", "I"), ("login", "ida"), ("role", "auditor"), ("version", &*version)];
        let page = match end {
            "role" => stage.browser(Who::Ada).post(&place, &role).await,
            _ => stage.browser(Who::Ada).post(&format!("{place}/{end}"), &[]).await,
        };
        assert_eq!(page.status, 303, "{end}: {}", page.text);
        let before = stage.portal.database.content();
        for browser in [&mut stage.browser(Who::Ida).clone(), &mut twin] {
            for route in TABLE.iter().filter(|route| route.rule.who != Rule::Anyone) {
                let path = route.path.replace("{id}", &stage.company.to_string());
                let path = path.replace("{connection}", &stage.north.to_string());
                let page = match route.method.as_str() {
                    "GET" => browser.get(&path).await,
                    _ => browser.post(&path, &[("name", "x"), ("type", "Customer")]).await,
                };
                let is_out = page.location.starts_with("/sign-in?") || page.status == 403;
                assert!(is_out, "{end}: {} {path}: {}", route.method, page.status);
            }
        }
        assert_eq!(stage.portal.database.content(), before, "{end}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn licence_seat_and_scope_end_at_the_next_request() {
    let mut stage = Stage::set().await;
    let tab = format!("/companies/{}/erp", stage.company);
    let now = format!("{tab}/{}/syncs", stage.north);
    let (north, ida) = (stage.north, stage.ida);
    let narrow = format!("DELETE FROM connection_access WHERE user_id = {ida}");
    let wide =
        format!("INSERT INTO connection_access VALUES (1, {north}, {ida}, NULL, true, true)");
    let seat = |has: bool| format!("UPDATE app_user SET has_seat = {has} WHERE id = {ida}");
    let active =
        |is: bool| format!("UPDATE erp_connection SET is_active = {is} WHERE id = {north}");
    let (taken, given, off, on) = (seat(false), seat(true), active(false), active(true));
    for (end, back) in [
        ("DELETE FROM licence", ""),
        (narrow.as_str(), wide.as_str()),
        (&taken, &given),
        (&off, &on),
    ] {
        let browser = stage.browser(Who::Ida);
        assert_eq!(browser.get(&tab).await.status, 200, "before {end}");
        assert!(stage.portal.database.sql(end));
        let browser = stage.browser(Who::Ida);
        assert_eq!(browser.get(&tab).await.status, 403, "{end}");
        assert_eq!(browser.post(&now, &[]).await.status, 403, "{end}");
        // What needs none of it goes on.
        assert_eq!(browser.get("/companies").await.status, 200, "{end}");
        if back.is_empty() {
            licences::install(stage.store(), "2027-12-31").await;
        } else {
            assert!(stage.portal.database.sql(back));
        }
    }
    // An admin's changes in the Sync tab end with the licence.
    licences::install(stage.store(), "2026-11-21").await;
    for route in TABLE.iter().filter(|route| route.rule.licence == Licence::Valid) {
        let path = route.path.replace("{id}", &stage.spare.to_string());
        let browser = stage.browser(Who::Ada);
        let page = match route.method.as_str() {
            "GET" => browser.get(&path).await,
            _ => browser.post(&path, &[]).await,
        };
        assert_eq!(page.status, 403, "{path}");
    }
}

/// A run that somebody asked for is not made for them once they may not ask: with the engine off, not at all.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_ends_with_who_asked() {
    for (end, is_made) in [("", true), ("disable", false), ("role", false)] {
        let mut stage = Stage::set().await;
        let mut bea = people::signed_in(&stage.portal, "bea", Role::Admin).await;
        bea.get("/sync").await;
        assert_eq!(bea.post(&format!("/connections/{}/syncs", stage.north), &[]).await.status, 303);
        let sql = "SELECT id FROM app_user WHERE login = 'bea'";
        let place = format!("/users/{}", stage.portal.database.ask(sql)[0]);
        let version = stage.value(Who::Ada, &place, "version").await;
        let role =
            [("name", "bea Łoś"), ("login", "bea"), ("role", "user"), ("version", &*version)];
        let page = match end {
            "disable" => stage.browser(Who::Ada).post(&format!("{place}/disable"), &[]).await,
            "role" => stage.browser(Who::Ada).post(&place, &role).await,
            _ => stage.browser(Who::Ada).get("/sync").await,
        };
        assert!(page.status < 400, "{}", page.text);
        let engine = stage.portal.app.portal.engine.clone();
        assert_eq!(engine.run_one_due().await.unwrap(), is_made, "{end}");
    }
}
