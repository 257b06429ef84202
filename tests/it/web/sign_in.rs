//! Signing in and out.

use gleichlauf::users::Role;

use crate::support::people::{self, PASSWORD};
use crate::support::portal::{Browser, spawn};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sends_a_stranger_to_sign_in_and_back() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "anna", Role::User).await;
    let mut browser = Browser::new(&portal);
    let page = browser.get("/persons?search=x").await;
    assert_eq!(
        (page.status, page.location.as_str()),
        (303, "/sign-in?next=%2Fpersons%3Fsearch%3Dx")
    );
    let form = browser.get(&page.location).await;
    assert_eq!(form.status, 200);
    let next = form.value_of("next");
    let page = browser
        .post("/sign-in", &[("login", "Anna"), ("password", PASSWORD), ("next", &next)])
        .await;
    assert_eq!((page.status, page.location.as_str()), (303, "/persons?search=x"));
    assert_eq!(browser.get("/persons").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_keeps_the_login_and_says_one_thing_only() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "anna", Role::User).await;
    let mut browser = Browser::new(&portal);
    browser.get("/sign-in").await;
    for login in ["anna", "nobody"] {
        let page = browser.post("/sign-in", &[("login", login), ("password", "wrong one")]).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.value_of("login"), login);
        assert_eq!(page.value_of("password"), "");
        assert!(page.text.contains("do not fit together"), "{}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_is_new_after_signing_in_and_dead_after_signing_out() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "anna", Role::User).await;
    let mut browser = Browser::new(&portal);
    browser.get("/sign-in").await;
    let before = browser.cookies().clone();
    people::sign_in(&mut browser, "anna").await;
    let during = browser.cookies().clone();
    assert_ne!(before["__Host-gleichlauf"], during["__Host-gleichlauf"]);
    assert_eq!(browser.get("/companies").await.status, 200);
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(out.location, "/sign-in");
    assert!(out.headers.contains_key("clear-site-data"));
    for old in [before, during] {
        browser.set_cookies(old);
        assert_eq!(browser.get("/companies").await.status, 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_hour_without_a_request_ends_the_session() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    portal.clock.advance(28 * 60_000);
    assert_eq!(anna.get("/companies").await.status, 200);
    portal.clock.advance(31 * 60_000);
    assert_eq!(anna.get("/companies").await.status, 303);
}
