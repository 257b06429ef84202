//! The first step of the main job, through the pages, against real connectors: the .NET one in both of its
//! forms, and the practice ERP. One story, in which only names differ.

use gleichlauf::app::Plugins;
use gleichlauf::store::{connections, connectors, mappings};
use gleichlauf::users::Role;

use crate::practice::Erp;
use crate::support::filled::Filled;
use crate::support::portal::{Browser, Portal, spawn_with};
use crate::support::wcf::{Form, Wcf};
use crate::support::{licences, people};

/// What one connector asks to be told.
struct Story<'a> {
    address: &'a str,
    /// All but the password.
    values: &'a [(&'a str, &'a str)],
    password: &'a str,
    /// The list field that names the ERP's client, and its second client.
    second: (&'a str, &'a str),
    second_values: &'a [(&'a str, &'a str)],
    second_password: &'a str,
    refused: &'a str,
}

async fn admin(portal: &Portal) -> Browser {
    licences::install(&portal.app.portal.store, "2027-12-31").await;
    let mut admin = people::signed_in(portal, "anna", Role::Admin).await;
    admin.language = "de";
    admin
}

async fn tell(portal: &Portal, story: &Story<'_>) {
    let mut admin = admin(portal).await;
    admin.get("/connectors/new").await;
    let sent = [("name", "Der Connector"), ("address", story.address)];
    let tried = admin.post("/connectors", &[sent[0], sent[1], ("do", "test")]).await;
    assert_eq!(tried.status, 200, "{}", tried.text);
    assert!(tried.text.contains("antwortet ein Sync Connector"));
    assert_eq!(admin.post("/connectors", &sent).await.status, 303);
    let store = &portal.app.portal.store;
    let connector = connectors::list(store).await.unwrap().remove(0);
    add_first(&mut admin, connector.id, story).await;
    add_second(&mut admin, connector.id, story).await;
    let both = connections::list(store).await.unwrap();
    assert_eq!(both.len(), 2);
    for connection in &both {
        let mapped = mappings::list(store, connection.id).await.unwrap();
        assert_eq!(mapped.len(), 4, "customers, suppliers, persons, projects");
        assert!(mapped.iter().flat_map(|m| &m.fields).any(|field| field.crm_field.is_some()));
        let checked = admin.post(&format!("/connections/{}/checks", connection.id), &[]).await;
        assert!(checked.status == 303 || checked.status == 200, "{}", checked.text);
    }
}

async fn add_first(admin: &mut Browser, connector: i64, story: &Story<'_>) {
    let page = admin.get(&format!("/connections/new?connector={connector}")).await;
    let mut filled = Filled::read(&page).set("name", "Erster Mandant");
    for (name, value) in story.values {
        filled = filled.set(name, value);
    }
    let wrong = filled.set("c-Password", "wrong").send(admin, "/connections", "test").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.all(".problems li").join("").contains(story.refused), "{}", wrong.text);
    assert_eq!(wrong.value_of("name"), "Erster Mandant");
    let right = Filled::read(&wrong).set("c-Password", story.password);
    let tested = right.send(admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    let done = Filled::read(&tested).send(admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
}

async fn add_second(admin: &mut Browser, connector: i64, story: &Story<'_>) {
    let page = admin.get(&format!("/connections/new?connector={connector}")).await;
    let (client, second) = story.second;
    assert!(page.has(&format!("select[name='{client}'] option[value='{second}']")));
    let mut filled = Filled::read(&page).set("name", "Zweiter Mandant").set(client, second);
    for (name, value) in story.second_values {
        filled = filled.set(name, value);
    }
    let filled = filled.set("c-Password", story.second_password);
    let tested = filled.send(admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    let done = Filled::read(&tested).send(admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
}

async fn with_dot_net(form: Form) {
    let erp = Wcf::start(form, 20).await;
    let portal = spawn_with(&[erp.line()], Plugins::new()).await;
    let story = Story {
        address: &erp.address(),
        values: &[("c-Server", "erp.example"), ("c-User", "anna")],
        password: "right",
        second: ("c-Company", "02"),
        second_values: &[("c-Server", "erp.example"), ("c-User", "anna")],
        second_password: "right",
        refused: "Benutzer oder Passwort abgelehnt",
    };
    tell(&portal, &story).await;
    let methods: Vec<String> = erp.calls().await.into_iter().map(|(method, _)| method).collect();
    assert!(methods.iter().any(|method| method == "WSGetSearchableFields"), "{methods:?}");
    // What was learned of the wire stands on the connector's page.
    let connector = connectors::list(&portal.app.portal.store).await.unwrap().remove(0);
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let namespace = match form {
        Form::Own => "http://www.superoffice.net/EIS/Connector/1.0",
        Form::Default => "http://schemas.datacontract.org/2004/07/",
    };
    let page = eva.get(&format!("/connectors/{}", connector.id)).await;
    assert!(page.all("dd").iter().any(|text| text.starts_with(namespace)), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_dot_net_connector_in_its_own_namespace() {
    with_dot_net(Form::Own).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_dot_net_connector_in_the_default_namespace() {
    with_dot_net(Form::Default).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_practice_erp() {
    let erp = Erp::new().await;
    let plugins = Plugins::from([("practice".to_owned(), erp.connector.clone())]);
    let portal = spawn_with(&[], plugins).await;
    let story = Story {
        address: "plugin://practice",
        values: &[("c-User", "sync")],
        password: "practice",
        second: ("c-Client", "02"),
        second_values: &[("c-User", "sync2")],
        second_password: "practice2",
        refused: "Der Sync Connector sagt",
    };
    tell(&portal, &story).await;
}
