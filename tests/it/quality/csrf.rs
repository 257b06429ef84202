//! C1, C2: a change needs the token of this very session in a form of ours (the walk over all addresses is in
//! `access.rs`), and no page that is merely looked at changes anything.

use gleichlauf::users::Role;
use gleichlauf::web::routes::TABLE;

use super::addresses::concrete;
use super::crawl::crawl;
use super::stage::{Stage, Who};
use crate::support::people;
use crate::support::portal::{Browser, spawn};

/// The token of before signing in, and the one of before signing out, are worth nothing afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_session() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "ada", Role::Admin).await;
    let mut browser = Browser::new(&portal);
    let early = browser.get("/sign-in").await.value_of("csrf");
    people::sign_in(&mut browser, "ada").await;
    let during = browser.get("/companies/new").await.value_of("csrf");
    assert_ne!(early, during);
    let changing = || TABLE.iter().filter(|route| route.method == "POST");
    for route in changing().filter(|route| route.path != "/sign-out") {
        let page = browser.post_raw(route.path, &[("csrf", &early)]).await;
        assert_eq!(page.status, 403, "{} with the token of before signing in", route.path);
    }
    let signed_in = browser.cookies().clone();
    assert_eq!(browser.post_raw("/sign-out", &[("csrf", &during)]).await.status, 303);
    for cookies in [browser.cookies().clone(), signed_in] {
        browser.set_cookies(cookies);
        for route in changing() {
            let page = browser.post_raw(route.path, &[("csrf", &during)]).await;
            assert_eq!(page.status, 403, "{} with the token of before signing out", route.path);
        }
    }
}

/// Browsers send no other origins along with a form of ours; whoever does is somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn only_forms_of_our_own_origin_are_taken() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let token = ada.get("/groups/new").await.value_of("csrf");
    let host = portal.address.trim_start_matches("http://").to_owned();
    let bare = host.split(':').next().unwrap().to_owned();
    let foreign = [
        ("Sec-Fetch-Site", "cross-site".to_owned()),
        ("Sec-Fetch-Site", "same-site".to_owned()),
        ("Sec-Fetch-Site", "unknown".to_owned()),
        ("Origin", "null".to_owned()),
        ("Origin", "https://evil.example".to_owned()),
        ("Origin", format!("http://{host}.evil.example")),
        ("Origin", format!("http://{bare}:1")),
        ("Origin", format!("http://{bare}")),
        ("Origin", String::new()),
    ];
    let request = |name: &str, value: &str| {
        ada.client()
            .post(ada.url("/groups"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(name, value)
            .body(format!("csrf={token}&name={}", value.len()))
    };
    let mut requests: Vec<_> =
        foreign.iter().map(|(name, value)| (403, request(name, value))).collect();
    // The proof of sight: from here, the same form is taken.
    requests.push((303, request("Origin", &format!("http://{host}"))));
    requests.push((303, request("Sec-Fetch-Site", "same-origin")));
    for (status, request) in requests {
        let shown = format!("{request:?}");
        assert_eq!(ada.send(request).await.status, status, "{shown}");
    }
    assert_eq!(portal.database.ask("SELECT COUNT(*) FROM user_group"), ["2"]);
}

/// Every page that each of them reaches, by GET and by HEAD; and every address of the table with ids that
/// exist. Only what looking must leave is left: exports and refusals in the history.
#[tokio::test(flavor = "multi_thread")]
async fn looking_changes_nothing() {
    let mut stage = Stage::set().await;
    let before = stage.portal.database.content();
    let seq = stage.portal.database.actions_after(0).1;
    for who in [Who::Ada, Who::Eva, Who::Ida, Who::Bert, Who::Guest] {
        let starts: Vec<String> = TABLE
            .iter()
            .filter(|route| route.method == "GET")
            .flat_map(|route| concrete(&stage, route.path))
            .collect();
        let found = crawl(stage.browser(who), &starts).await;
        let addresses: Vec<String> = found.pages.into_iter().map(|(address, _)| address).collect();
        for address in addresses {
            let browser = stage.browser(who);
            let head = browser.client().head(browser.url(&address));
            let page = browser.send(head).await;
            assert!(page.status < 500 && page.text.is_empty(), "{address}: {}", page.status);
        }
        assert_eq!(stage.portal.database.content(), before, "after {who:?} looked");
    }
    let (mut rows, _) = stage.portal.database.actions_after(seq);
    rows.sort();
    rows.dedup();
    assert_eq!(rows, ["configuration-exported", "exported", "refused"]);
    // The proof of sight.
    stage.browser(Who::Ida).post("/companies", &[("name", "Neu")]).await;
    assert_ne!(stage.portal.database.content(), before);
}
