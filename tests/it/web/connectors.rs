//! Sync Connectors: add, edit, try, delete, restore.

use std::sync::Arc;

use gleichlauf::app::Plugins;
use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::store::connectors;
use gleichlauf::users::Role;

use crate::connector::fixture;
use crate::host::Served;
use crate::support::fake_connector::FakeConnector;
use crate::support::peer::{Peer, response, xml};
use crate::support::portal::{Browser, Page, Portal, spawn_with};
use crate::support::{connections, licences, people};

const FAKE: &str = "plugin://fake";

/// A licensed portal with a connector built in, and an admin in it.
async fn start() -> (Portal, Arc<FakeConnector>, Browser) {
    let fake = FakeConnector::new(3);
    let plugins = Plugins::from([("fake".to_owned(), fake.clone() as Arc<dyn Connector>)]);
    let portal = spawn_with(&[], plugins).await;
    licences::install(&portal.app.portal.store, "2027-12-31").await;
    let admin = people::signed_in(&portal, "anna", Role::Admin).await;
    (portal, fake, admin)
}

async fn add(admin: &mut Browser, name: &str, address: &str) -> Page {
    admin.get("/connectors/new").await;
    admin.post("/connectors", &[("name", name), ("address", address)]).await
}

/// The address of the page of a connector, from the list.
async fn place_of(admin: &mut Browser, name: &str) -> String {
    let list = admin.get("/sync?deleted=1").await;
    let links = list.all("td.title a");
    let at = links.iter().position(|text| text == name).unwrap();
    list.attributes("td.title a", "href").remove(at)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_is_added_shown_changed_deleted_and_restored() {
    let (_portal, _, mut admin) = start().await;
    let added = add(&mut admin, " Übungs-ERP ", " plugin://fake ").await;
    assert_eq!((added.status, added.location.as_str()), (303, "/sync"), "{}", added.text);
    let list = admin.get("/sync").await;
    assert!(list.text.contains("Übungs-ERP was added."));
    assert!(list.all("td").contains(&FAKE.to_owned()));
    let place = place_of(&mut admin, "Übungs-ERP").await;
    let form = admin.get(&format!("{place}/edit")).await;
    assert_eq!(form.value_of("address"), FAKE);
    let version = form.value_of("version");
    let sent = [("name", "Nord"), ("address", FAKE), ("version", version.as_str())];
    let shown = admin.submit(&place, &sent).await;
    assert_eq!(shown.all("h1"), ["Nord"]);
    assert!(admin.get(&format!("{place}/delete")).await.text.contains("Delete the Sync Connector"));
    let gone = admin.submit(&format!("{place}/delete"), &[]).await;
    assert!(!gone.has("td.title a"));
    assert_eq!(admin.get(&format!("{place}/edit")).await.status, 404);
    let deleted = admin.get("/sync?deleted=1").await;
    assert!(deleted.has("tr.off"));
    let back = admin.submit(&format!("{place}/restorations"), &[]).await;
    assert!(back.text.contains("Nord was restored."));
    assert!(back.has("td.title a"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_entry_gets_a_word_at_its_place_and_nothing_is_lost() {
    let (portal, _, mut admin) = start().await;
    let long = "x".repeat(255);
    let endless = format!("https://erp.example/{}", "x".repeat(1_010));
    for (name, address, field, word) in [
        ("", FAKE, "name", "Please fill this in."),
        ("  ", FAKE, "name", "Please fill this in."),
        (&*long, FAKE, "name", "At most 254 characters."),
        ("<b>N", "", "address", "Please fill this in."),
        ("<b>N", &*endless, "address", "At most 1023 characters."),
        ("<b>N", "erp.example", "address", "This is not a usable address."),
        ("<b>N", "https://user:pw@erp.example/", "address", "This is not a usable address."),
        ("<b>N", "ftp://erp.example/", "address", "any other kind cannot be used"),
        ("<b>N", "app://0815", "address", "need the vendor"),
        ("<b>N", "plugin://nothing", "address", "No Sync Connector of this name"),
    ] {
        let page = add(&mut admin, name, address).await;
        assert_eq!(page.status, 422, "{name} {address}");
        let problem = page.all(&format!("#{field}-problem")).join("");
        assert!(problem.contains(word), "{name} {address}: {problem}");
        assert_eq!(
            (page.value_of("name"), page.value_of("address")),
            (name.trim().into(), address.into())
        );
    }
    assert!(connectors::list_with_deleted(&portal.app.portal.store).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_listed_is_refused_with_the_line_to_add() {
    let (_portal, _, mut admin) = start().await;
    admin.get("/connectors/new").await;
    for wish in ["save", "test"] {
        let sent = [("name", "N"), ("address", "http://127.0.0.1:18100/x.svc"), ("do", wish)];
        let page = admin.post("/connectors", &sent).await;
        assert_eq!(page.status, 422);
        assert!(page.has("#address-problem"));
        assert_eq!(page.all("pre"), ["[connectors] allowed = [\"127.0.0.1:18100\"]"]);
    }
    admin.language = "de";
    let page = add(&mut admin, "N", "http://10.0.0.7/x.svc").await;
    assert!(page.text.contains("ergänzen Sie die Zeile"), "{}", page.text);
}

/// Refused, closed and open targets look alike, so that nobody scans the portal's network with it. Nothing is
/// timed: none of them is called at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_does_not_tell_what_is_there() {
    let (portal, _, mut admin) = start().await;
    let open = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    open.set_nonblocking(true).unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let own = portal.address.trim_start_matches("http://").to_owned();
    let mut said = Vec::new();
    for wish in ["save", "test"] {
        for target in [open.local_addr().unwrap().to_string(), closed.to_string(), own.clone()] {
            let address = format!("http://{target}/x.svc");
            admin.get("/connectors/new").await;
            let sent = [("name", "N"), ("address", address.as_str()), ("do", wish)];
            let page = admin.post("/connectors", &sent).await;
            let main = page.all("main").concat().replace(&target, "TARGET");
            said.push((page.status, main));
        }
    }
    assert!(said.iter().all(|one| *one == said[0]), "{said:#?}");
    assert_eq!(said[0].0, 422);
    assert!(open.accept().is_err(), "it was called");
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_names_are_refused_and_equal_addresses_are_not() {
    let (_portal, _, mut admin) = start().await;
    assert_eq!(add(&mut admin, "Nord", FAKE).await.status, 303);
    let same = add(&mut admin, "NORD", FAKE).await;
    assert_eq!(same.status, 422);
    assert!(same.has("#name-problem"));
    assert_eq!(add(&mut admin, "Süd", FAKE).await.status, 303);
    let place = place_of(&mut admin, "Süd").await;
    let version = admin.get(&format!("{place}/edit")).await.value_of("version");
    let sent = [("name", "Nord"), ("address", FAKE), ("version", version.as_str())];
    assert_eq!(admin.post(&place, &sent).await.status, 422);
    // A deleted one gives its name free, and cannot come back while it is taken.
    assert_eq!(admin.post(&format!("{place}/delete"), &[]).await.status, 303);
    assert_eq!(add(&mut admin, "Süd", FAKE).await.status, 303);
    assert_eq!(admin.post(&format!("{place}/restorations"), &[]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_says_what_answered_and_saves_nothing() {
    let (portal, fake, mut admin) = start().await;
    admin.get("/connectors/new").await;
    let sent = [("name", ""), ("address", FAKE), ("do", "test")];
    let page = admin.post("/connectors", &sent).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("A Sync Connector answers"));
    assert!(page.text.contains("Password") && page.text.contains("Timeout"));
    assert_eq!(page.value_of("address"), FAKE);
    fake.fail("GetConfigData", Failure::TimedOut { limit: std::time::Duration::from_secs(10) });
    let page = admin.post("/connectors", &sent).await;
    assert_eq!(page.status, 200, "a warning, no refusal");
    assert!(page.all(".notice.warn").join("").contains("did not answer within 10 seconds"));
    assert!(!page.has("[aria-invalid]"));
    assert!(connectors::list(&portal.app.portal.store).await.unwrap().is_empty());
    let noted = "SELECT COUNT(*) FROM history WHERE action = 'connector-tested'";
    assert_eq!(portal.database.ask(noted), ["2"]);
    // It does not stand in the way of saving.
    fake.fail("GetConfigData", Failure::TimedOut { limit: std::time::Duration::from_secs(10) });
    admin.post("/connectors", &sent).await;
    assert_eq!(add(&mut admin, "Later", FAKE).await.status, 303);
}

fn fact(page: &Page, caption: &str) -> String {
    let at = page.all("dt").iter().position(|text| text == caption).unwrap();
    page.all("dd").remove(at)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_names_the_operations_a_built_in_connector_has() {
    let (_portal, _, mut admin) = start().await;
    admin.get("/connectors/new").await;
    let sent = [("name", ""), ("address", FAKE), ("do", "test")];
    let page = admin.post("/connectors", &sent).await;
    assert_eq!(fact(&page, "Contract"), "IErpConnectorWS");
    assert_eq!(fact(&page, "Operations"), "all 17 of the contract");
    assert!(fact(&page, "Time to answer").ends_with("ms"));
    assert!(page.has(".notice.good"));
    assert_eq!(page.all(".notice details li").len(), 17);
}

/// A test of the service at this address, by an admin of a portal that may call it.
async fn test_service(host: String, address: &str) -> Page {
    let portal = spawn_with(&[host], Plugins::new()).await;
    licences::install(&portal.app.portal.store, "2027-12-31").await;
    let mut admin = people::signed_in(&portal, "anna", Role::Admin).await;
    admin.get("/connectors/new").await;
    let page = admin.post("/connectors", &[("address", address), ("do", "test")]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_asked_for_its_description_and_what_it_lacks_is_named() {
    let served = Served::one(&FakeConnector::new(1));
    let whole = test_service(served.address.to_string(), &served.url()).await;
    assert_eq!(fact(&whole, "Operations"), "all 17 of the contract");
    assert!(fact(&whole, "Contract").ends_with("http://www.superoffice.net/EIS/Connector/1.0"));
    let several = format!("{}?ConnectorName=Fake", served.url());
    let one = test_service(served.address.to_string(), &several).await;
    assert_eq!(fact(&one, "Operations"), "all 17 of the contract");
    let whole = reqwest::get(format!("{}?singleWsdl", served.url())).await.unwrap();
    let whole = whole.text().await.unwrap();
    // The same without one operation, and known by its older name only.
    let less = whole.replace("WSGetListItems\"", "WSSomethingElse\"");
    let peer = Peer::answering(move |request| match request.target.split_once('?') {
        Some((_, "wsdl")) => xml(&less),
        Some(_) => response("200 OK", "text/html", "<html><body>A page for people</body></html>"),
        None => xml(fixture("own-namespace/001-WSGetConfigData.response-200.xml")),
    })
    .await;
    let page = test_service(peer.address.to_string(), &peer.url()).await;
    assert!(page.has(".notice.warn"));
    let said = fact(&page, "Operations");
    assert!(said.starts_with("16 of 17; missing: WSGetListItems."), "{said}");
    assert_eq!(page.all(".notice details li").len(), 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_without_a_description_is_judged_by_its_answer() {
    let peer = Peer::answering(|request| match request.target.contains('?') {
        true => response("404 Not Found", "text/plain", ""),
        false => xml(fixture("own-namespace/001-WSGetConfigData.response-200.xml")),
    })
    .await;
    let page = test_service(peer.address.to_string(), &peer.url()).await;
    assert!(page.has(".notice.good"));
    assert!(fact(&page, "Operations").starts_with("not known: the service serves no description"));
    let asked: Vec<String> = peer.requests().into_iter().map(|request| request.target).collect();
    assert!(asked[1].ends_with("?wsdl") && asked[2].ends_with("?singleWsdl"), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_is_refused_with_the_list_of_connections_that_use_it() {
    let (portal, _, mut admin) = start().await;
    connections::add(&portal.app.portal.store, "Köln", &[]).await;
    let place = place_of(&mut admin, "Connector of Köln").await;
    let page = admin.get(&format!("{place}/delete")).await;
    assert!(page.all(".notice li").contains(&"Köln".to_owned()));
    assert!(!page.has("form[action$=delete]"));
    let page = admin.post(&format!("{place}/delete"), &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.all(".notice li").contains(&"Köln".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_editor_sees_what_the_first_saved() {
    let (portal, _, mut anna) = start().await;
    let mut bert = people::signed_in(&portal, "bert", Role::Admin).await;
    add(&mut anna, "Nord", FAKE).await;
    let place = place_of(&mut anna, "Nord").await;
    let mine = anna.get(&format!("{place}/edit")).await.value_of("version");
    let theirs = bert.get(&format!("{place}/edit")).await.value_of("version");
    let won = [("name", "Bert's"), ("address", FAKE), ("version", theirs.as_str())];
    assert_eq!(bert.post(&place, &won).await.status, 303);
    let lost =
        anna.post(&place, &[("name", "Anna's"), ("address", FAKE), ("version", &mine)]).await;
    assert_eq!(lost.status, 409);
    assert!(lost.text.contains("Bert&#39;s"), "{}", lost.text);
    assert_eq!(lost.value_of("name"), "Anna's");
    let again = [("name", "Anna's"), ("address", FAKE), ("version", &lost.value_of("version"))];
    assert_eq!(anna.post(&place, &again).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_looks_and_an_admin_without_licence_too() {
    let (portal, _, mut admin) = start().await;
    add(&mut admin, "Nord", FAKE).await;
    let place = place_of(&mut admin, "Nord").await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    assert!(portal.database.sql("DELETE FROM licence"));
    for browser in [&mut eva, &mut admin] {
        let list = browser.get("/sync").await;
        assert_eq!(list.status, 200);
        assert!(list.text.contains("Nord") && list.has("a[href='/licence']"));
        assert!(!list.has("a[href='/connectors/new']") && !list.has("main form[method=post]"));
        let shown = browser.get(&place).await;
        assert!(shown.text.contains(FAKE) && !shown.has("main form[method=post]"));
        assert_eq!(browser.get("/connectors/new").await.status, 403);
        assert_eq!(browser.post(&format!("{place}/delete"), &[]).await.status, 403);
    }
    let mut user = people::signed_in(&portal, "udo", Role::User).await;
    assert_eq!(user.get("/sync").await.status, 403);
    assert_eq!(user.get(&place).await.status, 403);
}
