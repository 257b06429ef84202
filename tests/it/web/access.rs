//! The page on which an administrator finds out why somebody does or does not get to a record.

use gleichlauf::users::Role;

use crate::support::people;
use crate::support::portal::spawn;

#[tokio::test(flavor = "multi_thread")]
async fn it_leads_from_a_part_of_a_name_to_an_explanation() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let bea = people::add_person(&portal, "bea", Role::User).await;
    let empty = ada.get("/access").await;
    assert_eq!(empty.status, 200);
    assert!(empty.has(".empty"));
    ada.get("/companies/new").await;
    let added = ada.post("/companies", &[("name", "Ærø & Söhne")]).await;
    let id = added.location.trim_start_matches("/companies/").to_owned();
    let path = format!("/access?user={bea}&kind=company&search=s%C3%B6hne");
    let found = ada.get(&path).await;
    let links = found.attributes("section[aria-labelledby=found] a", "href");
    assert_eq!(links, [format!("/access?user={bea}&kind=company&record={id}")]);
    let page = ada.get(&links[0]).await;
    assert_eq!(page.all("main .lead a"), ["bea Łoś", "Ærø & Söhne"]);
    assert!(page.has(".empty"), "there is no connection to explain");
    assert!(ada.get("/access?user=1&kind=company&search=nobody").await.has(".empty"));
    let mut bea = people::signed_in(&portal, "bob", Role::Auditor).await;
    assert_eq!(bea.get("/access").await.status, 403);
}

/// Only the first ten are shown to choose from, and the page says so.
#[tokio::test(flavor = "multi_thread")]
async fn it_says_that_more_records_fit() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    ada.get("/companies/new").await;
    for n in 1..=11 {
        assert_eq!(ada.post("/companies", &[("name", &*format!("Nord {n}"))]).await.status, 303);
    }
    let found = "section[aria-labelledby=found]";
    let all = ada.get("/access?kind=company&search=nord").await;
    assert_eq!(all.all(&format!("{found} li")).len(), 10);
    assert!(all.all(&format!("{found} .hint"))[0].contains("first 10"), "{}", all.text);
    let some = ada.get("/access?kind=company&search=nord%201").await;
    assert_eq!(some.all(&format!("{found} li")).len(), 3);
    assert!(!some.has(&format!("{found} .hint")));
}

/// It is where one looks why somebody who is disabled does not get in.
#[tokio::test(flavor = "multi_thread")]
async fn it_is_reached_from_a_disabled_user() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let bea = people::add_person(&portal, "bea", Role::User).await;
    people::disable(&portal.app.portal.store, bea).await;
    let page = ada.get(&format!("/users/{bea}")).await;
    assert!(page.has(&format!("a[href='/access?user={bea}']")), "{}", page.text);
}
