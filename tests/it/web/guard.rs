//! What the guard makes of forms, addresses and strangers, beyond the matrix of `access.rs`.

use gleichlauf::app::Plugins;
use gleichlauf::clock::MINUTE;
use gleichlauf::users::Role;
use gleichlauf::web::routes::{TABLE, page_behind};

use crate::support::filled::Filled;
use crate::support::people::{self, PASSWORD};
use crate::support::portal::{Browser, Page, Portal, spawn, spawn_from};

/// A form as a browser sends it that sees the portal at this origin.
async fn from_origin(browser: &mut Browser, origin: &str) -> u16 {
    let token = browser.get("/groups/new").await.value_of("csrf");
    let request = browser
        .client()
        .post(browser.url("/groups"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Origin", origin)
        .body(format!("csrf={token}&name={}", origin.len()));
    browser.send(request).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_forms_come_from_the_public_address() {
    for (address, origin, status) in [
        (None, "https://portal.example", 403),
        (Some("https://portal.example"), "https://portal.example", 303),
        (Some("https://Portal.example/"), "https://portal.example", 303),
        (Some("https://portal.example:8443"), "https://portal.example:8443", 303),
        (Some("https://portal.example:8443"), "https://portal.example", 403),
        (Some("https://portal.example"), "http://portal.example", 403),
        (Some("https://portal.example"), "https://evil.example", 403),
        (Some("https://portal.example"), "https://portal.example.evil.example", 403),
        (Some("https://portal.example"), "null", 403),
    ] {
        let portal = spawn_from(&[], Plugins::new(), |config| {
            config.public_address = address.map(str::to_owned);
        })
        .await;
        let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
        assert_eq!(from_origin(&mut ada, origin).await, status, "{origin} at {address:?}");
    }
}

fn companies(portal: &Portal) -> Vec<String> {
    portal.database.ask("SELECT name FROM crm_record WHERE kind = 'company'")
}

/// Types a company, and sends it when the session is over.
async fn too_late(portal: &Portal, browser: &mut Browser) -> Page {
    let form = Filled::read(&browser.get("/companies/new").await).set("name", "Łódź & Söhne");
    portal.clock.advance(31 * MINUTE);
    let page = sent(browser, "/companies", &form.0).await;
    assert_eq!(page.status, 403, "{}", page.text);
    page
}

async fn sent(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    browser.post_raw(path, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_outlives_its_session() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.language = "de";
    let page = too_late(&portal, &mut anna).await;
    assert!(page.text.contains("Ihre Sitzung ist zu Ende"), "{}", page.text);
    assert_eq!(page.attribute("main a[target=_blank]", "href").as_deref(), Some("/sign-in"));
    assert_eq!(page.attribute("main form", "action").as_deref(), Some("/companies"));
    // Sent again without having signed in, it is still there.
    let page = sent(&mut anna, "/companies", &Filled::read(&page).0).await;
    assert_eq!(page.status, 403);
    let kept = Filled::read(&page);
    assert!(!kept.0.is_empty() && companies(&portal).is_empty());
    people::sign_in(&mut anna, "anna").await;
    let page = sent(&mut anna, "/companies", &kept.0).await;
    assert_eq!(page.status, 403);
    assert!(page.text.contains("Sie haben sich neu angemeldet"), "{}", page.text);
    assert!(companies(&portal).is_empty(), "a token is of its session");
    let again = Filled::read(&page).0;
    let page = sent(&mut anna, "/companies", &again).await;
    assert_eq!(page.status, 303, "{}", page.text);
    assert_eq!(companies(&portal), ["Łódź & Söhne"]);
    // Pressed twice.
    assert_eq!(sent(&mut anna, "/companies", &again).await.location, page.location);
    assert_eq!(companies(&portal).len(), 1);
}

/// A form of an earlier session, as a tab may still show it.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_an_earlier_session_is_asked_about() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let form = Filled::read(&anna.get("/companies/new").await).set("name", "Nord");
    people::sign_in(&mut anna, "anna").await;
    let page = sent(&mut anna, "/companies", &form.0).await;
    assert_eq!(page.status, 403);
    assert!(companies(&portal).is_empty());
    assert_eq!(sent(&mut anna, "/companies", &Filled::read(&page).0).await.status, 303);
    assert_eq!(companies(&portal), ["Nord"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_is_for_its_sender_and_its_address_alone() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "bert", Role::User).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let page = too_late(&portal, &mut anna).await;
    let kept = Filled::read(&page);
    assert!(!page.text.contains("Łódź"), "sealed");
    let mut bert = anna.clone();
    people::sign_in(&mut bert, "bert").await;
    let csrf = bert.get("/companies/new").await.value_of("csrf");
    for fields in [kept.clone(), kept.clone().set("csrf", &csrf)] {
        let page = sent(&mut bert, "/companies", &fields.0).await;
        assert_eq!(page.status, 403);
        assert!(!page.text.contains("name=\"kept-form\""), "{}", page.text);
    }
    people::sign_in(&mut anna, "anna").await;
    let csrf = anna.get("/companies/new").await.value_of("csrf");
    let mut broken = page.value_of("kept-form");
    let last = broken.pop().unwrap();
    broken.push(if last == 'A' { 'B' } else { 'A' });
    let own = kept.clone().set("csrf", &csrf);
    for (path, fields) in [
        ("/projects", own.clone()),
        ("/companies", own.clone().set("kept-form", &broken)),
        ("/companies", own.clone().set("kept-form", "")),
        ("/companies", own.clone().set("csrf", "wrong")),
    ] {
        let page = sent(&mut anna, path, &fields.0).await;
        assert_eq!(page.status, 403, "{path} {fields:?}", fields = fields.0);
        assert!(companies(&portal).is_empty());
    }
    assert_eq!(sent(&mut anna, "/companies", &own.0).await.status, 303, "the proof of sight");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_kept_but_never_shown() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let new = "another horse 9 staple";
    let form = Filled::read(&anna.get("/account/password").await)
        .set("old", PASSWORD)
        .set("password", new)
        .set("again", new);
    portal.clock.advance(31 * MINUTE);
    let page = sent(&mut anna, "/account/password", &form.0).await;
    assert!(!page.text.contains("horse"), "{}", page.text);
    people::sign_in(&mut anna, "anna").await;
    let page = sent(&mut anna, "/account/password", &Filled::read(&page).0).await;
    assert!(!page.text.contains("horse"), "{}", page.text);
    let page = sent(&mut anna, "/account/password", &Filled::read(&page).0).await;
    assert_eq!(page.status, 303, "{}", page.text);
    people::sign_in_as(&mut Browser::new(&portal), "anna", new).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_cannot_be_read_are_answered_in_the_visitors_language() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let bad = |t: &'static str| (400, t);
    let (de, en) = (bad("Hinter dem Fragezeichen"), bad("behind the question mark"));
    let (gone_de, gone_en) = ((404, "Unter dieser Adresse"), (404, "nothing at this address"));
    for (language, address, (status, text)) in [
        ("de", "/companies?after=x", de),
        ("en", "/companies?after=x", en),
        ("en", "/users?before=1e9", en),
        ("en", "/sync?connection=", en),
        ("de", "/companies/abc", gone_de),
        ("en", "/connections/99999999999999999999", gone_en),
    ] {
        ada.language = language;
        let page = ada.get(address).await;
        assert_eq!(page.status, status, "{address}: {}", page.text);
        assert!(page.all("main").concat().contains(text), "{address}: {}", page.text);
        assert!(page.has("nav"), "in the frame of the portal");
    }
}

/// Whoever is not signed in cannot fill the history, and is not left out of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_are_refused_is_told_once_a_minute_with_how_often() {
    let portal = spawn(&[]).await;
    let mut stranger = Browser::new(&portal);
    let rows = || {
        let sql = "SELECT after_values FROM history WHERE action = 'refused' ORDER BY seq";
        portal.database.ask(sql)
    };
    for _ in 0..20 {
        for path in ["/companies", "/companies/1", "/companies/2"] {
            assert_eq!(stranger.post_raw(path, &[]).await.status, 403);
        }
    }
    let row = |address: &str, times: &str| {
        format!(r#"{{"address":"POST {address}","reason":"error-foreign-form"{times}}}"#)
    };
    let first = [row("/companies", ""), row("/companies/1", "")];
    assert_eq!(rows(), first, "by address as the table has it");
    portal.clock.advance(MINUTE);
    assert_eq!(stranger.post_raw("/users", &[]).await.status, 403);
    let times = [
        row("/companies", r#","times":"19""#),
        row("/companies/2", r#","times":"39""#),
        row("/users", ""),
    ];
    assert_eq!(rows()[2..], times);
    // Somebody signed in is told of each time.
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    for _ in 0..3 {
        assert_eq!(anna.get("/users").await.status, 403);
    }
    assert_eq!(rows().len(), 8);
}

#[test]
fn without_database_every_form_has_a_page_to_come_back_to() {
    for route in TABLE.iter().filter(|route| route.method == "POST") {
        let page = page_behind(route.path, route.path);
        let is_page =
            |route: &gleichlauf::web::routes::Route| route.method == "GET" && route.path == page;
        assert!(TABLE.iter().any(is_page), "{}: {page}", route.path);
    }
    for (pattern, path, page) in [
        ("/users", "/users", "/users/new"),
        ("/connections/{id}", "/connections/7", "/connections/7/edit"),
        ("/connections/{id}/checks", "/connections/7/checks", "/connections/7/checks"),
        (
            "/connections/{id}/defaults/{type}",
            "/connections/7/defaults/X",
            "/connections/7/defaults",
        ),
        ("/companies/{id}/erp/{connection}/syncs", "/companies/7/erp/8/syncs", "/companies/7/erp"),
        ("/preferences", "/preferences", "/"),
    ] {
        assert_eq!(page_behind(pattern, path), page);
    }
}

/// The answer to a form is a page, too, on which one may want another language.
#[tokio::test(flavor = "multi_thread")]
async fn another_language_leads_from_the_answer_to_a_form_to_a_page() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    for (form, path, back) in [
        ("/users/new", "/users", "/users/new"),
        ("/companies/new", "/companies", "/companies/new"),
        ("/account/password", "/account/password", "/account/password"),
    ] {
        ada.get(form).await;
        let page = ada.post(path, &[]).await;
        assert_eq!(page.status, 422, "{path}: {}", page.text);
        assert_eq!(page.value_of("back"), back);
        let choice = [("language", "de"), ("back", &*page.value_of("back"))];
        let page = ada.post("/preferences", &choice).await;
        assert_eq!((page.status, page.location.as_str()), (303, back));
        assert_eq!(ada.get(back).await.status, 200);
    }
    let page = ada.get("/companies?search=x").await;
    assert_eq!(page.value_of("back"), "/companies?search=x");
}
