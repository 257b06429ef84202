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
