//! Companies, persons and projects.

use gleichlauf::users::Role;

use crate::support::people;
use crate::support::portal::{Browser, Page, spawn};

async fn add(browser: &mut Browser, name: &str) -> String {
    browser.get("/companies/new").await;
    let page = browser.post("/companies", &[("name", name), ("phone", "+49 30 1234")]).await;
    assert_eq!(page.status, 303, "{}", page.text);
    page.location
}

fn heading(page: &Page) -> String {
    page.all("h1").join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_added_found_shown_and_changed() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let place = add(&mut anna, "Łódź Straßenbau Ærø & Söhne").await;
    add(&mut anna, "Andere GmbH").await;
    let shown = anna.get(&place).await;
    assert_eq!(heading(&shown), "Łódź Straßenbau Ærø & Söhne");
    for search in ["STRASSENBAU", "łódź", "ÆRØ", "1234 söhne"] {
        let search: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let found = anna.get(&format!("/companies?search={search}")).await;
        assert_eq!(found.all("tbody tr").len(), 1, "{search}");
    }
    let form = anna.get(&format!("{place}/edit")).await;
    let version = form.value_of("version");
    let sent = [("name", "Neuer Name"), ("version", version.as_str()), ("employees", "1,250")];
    let shown = anna.submit(&place, &sent).await;
    assert_eq!(heading(&shown), "Neuer Name");
    assert!(shown.all("dd").contains(&"1,250".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_values_come_back_with_a_word_at_their_place_and_nothing_is_lost() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.get("/companies/new").await;
    let long = "x".repeat(201);
    let sent = [
        ("name", ""),
        ("department", "Süd <b>"),
        ("email", &long),
        ("country", "77"),
        ("employees", "many"),
        ("customer_since", "30.02.2026"),
    ];
    let page = anna.post("/companies", &sent).await;
    assert_eq!(page.status, 422);
    for field in ["name", "email", "country", "employees", "customer_since"] {
        assert!(page.has(&format!("#{field}-problem")), "{field}");
    }
    assert_eq!(page.value_of("department"), "Süd <b>");
    assert_eq!(page.value_of("email"), long);
    assert_eq!(page.value_of("employees"), "many");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_editor_sees_both_versions() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let mut bert = people::signed_in(&portal, "bert", Role::Admin).await;
    let place = add(&mut anna, "Nordwind GmbH").await;
    let mine = anna.get(&format!("{place}/edit")).await.value_of("version");
    let theirs = bert.get(&format!("{place}/edit")).await.value_of("version");
    let won = bert.post(&place, &[("name", "Nordwind AG"), ("version", &theirs)]).await;
    assert_eq!(won.status, 303);
    let lost = anna.post(&place, &[("name", "Nordwind KG"), ("version", &mine)]).await;
    assert_eq!(lost.status, 409);
    assert!(lost.text.contains("Nordwind AG") && lost.text.contains("Nordwind KG"));
    assert_eq!(heading(&anna.get(&place).await), "Nordwind AG");
    // Sent once more, on top of what is saved now.
    let now = lost.value_of("version");
    let again = anna.post(&place, &[("name", "Nordwind KG"), ("version", &now)]).await;
    assert_eq!(again.status, 303);
    assert_eq!(heading(&anna.get(&place).await), "Nordwind KG");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_has_one_effect() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let once = anna.get("/companies/new").await.value_of("once");
    let first = anna.post("/companies", &[("name", "Einmal"), ("once", &once)]).await;
    let second = anna.post("/companies", &[("name", "Einmal"), ("once", &once)]).await;
    assert_eq!((second.status, &second.location), (303, &first.location));
    let other = anna.post("/companies", &[("name", "Anders"), ("once", &once)]).await;
    assert_eq!(other.status, 409);
    assert_eq!(anna.get("/companies").await.all("tbody tr").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_looks_and_changes_nothing() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let place = add(&mut anna, "Nordwind GmbH").await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let shown = eva.get(&place).await;
    assert_eq!(shown.status, 200);
    assert!(!shown.text.contains("/edit"));
    assert_eq!(eva.get(&format!("{place}/edit")).await.status, 403);
    assert_eq!(eva.post(&place, &[("name", "x"), ("version", "1")]).await.status, 403);
}
