//! The practice ERP inside the portal's own process: `plugin://Gleichlauf.Practice`.

use std::fs;
use std::path::Path;
use std::process::Command;

use gleichlauf::app;
use gleichlauf::clock::Clock;
use gleichlauf::config::Config;
use gleichlauf::connector::Connector;
use gleichlauf::connector::types::ActorType;
use gleichlauf::store::{connections, connectors};
use gleichlauf::users::Role;

use crate::practice;
use crate::support::database::NOON;
use crate::support::filled::Filled;
use crate::support::portal::{Browser, Portal, spawn_with};
use crate::support::program::Installation;
use crate::support::records::Records;
use crate::support::{licences, people};

const ADDRESS: &str = "plugin://Gleichlauf.Practice";

/// How a configuration file asks for it.
const SECTION: &str = "[practice_erp]\nfile = \"practice.db\"\n";

/// The configuration of a portal in this folder.
fn written(folder: &Path, lines: &str) -> Config {
    let file = folder.join("gleichlauf.toml");
    let assets = concat!(env!("CARGO_MANIFEST_DIR"), "/static");
    fs::write(&file, format!("listen = \"127.0.0.1:0\"\nstatic_folder = {assets:?}\n{lines}"))
        .unwrap();
    Config::from_file(&file).unwrap()
}

/// Adds connector and connection, maps customers and switches both on, all in the pages.
async fn set_up(portal: &Portal) -> i64 {
    let mut admin = people::signed_in(portal, "anna", Role::Admin).await;
    admin.get("/connectors/new").await;
    let sent = [("name", "Practice"), ("address", ADDRESS)];
    let tried = admin.post("/connectors", &[sent[0], sent[1], ("do", "test")]).await;
    assert_eq!(tried.status, 200, "{}", tried.text);
    assert_eq!(admin.post("/connectors", &sent).await.status, 303);
    let store = &portal.app.portal.store;
    let connector = connectors::list(store).await.unwrap().remove(0);
    add_connection(&mut admin, connector.id).await;
    let id = connections::list(store).await.unwrap().remove(0).id;
    map_customers(&mut admin, id).await;
    let on = admin.post(&format!("/connections/{id}/activations"), &[]).await;
    assert_eq!(on.status, 303, "{}", on.text);
    id
}

async fn add_connection(admin: &mut Browser, connector: i64) {
    let page = admin.get(&format!("/connections/new?connector={connector}")).await;
    let filled = Filled::read(&page).set("name", "In process").set("c-User", "sync");
    let wrong = filled.clone().set("c-Password", "wrong").send(admin, "/connections", "test").await;
    assert_eq!(wrong.status, 422);
    let filled = filled.set("c-Password", "practice");
    let tested = filled.send(admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    let done = Filled::read(&tested).send(admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
}

async fn map_customers(admin: &mut Browser, id: i64) {
    let version = admin.get(&format!("/connections/{id}/mappings")).await.value_of("version");
    let mut sent = vec![("version", version.as_str()), ("is_active", "1")];
    for field in ["NAME", "PHONE"] {
        let crm = if field == "NAME" { "name" } else { "phone" };
        let names = ["crm", "to-erp", "to-crm"].map(|what| format!("{what}:{field}"));
        for (name, value) in names.into_iter().zip([crm, "1", "1"]) {
            sent.push((name.leak(), value));
        }
    }
    let done = admin.post(&format!("/connections/{id}/mappings/Customer"), &sent).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let form = format!("/connections/{id}/defaults/new?type=Customer&field=CUSTGROUP");
    let version = admin.get(&form).await.value_of("version");
    let sent =
        [("field", "CUSTGROUP"), ("sets_value", "1"), ("value", "10"), ("version", &*version)];
    let done = admin.post(&format!("/connections/{id}/defaults/Customer"), &sent).await;
    assert_eq!(done.status, 303, "{}", done.text);
}

/// What the ERP has under this customer.
async fn phone(portal: &Portal, connector: &dyn Connector, connection: i64, key: &str) -> String {
    let store = &portal.app.portal.store;
    let guid = connections::find(store, connection).await.unwrap().unwrap().guid;
    let asked = [key.to_owned()];
    let found = connector.actors(&guid, ActorType::Customer, &asked, &["PHONE".to_owned()]).await;
    found.unwrap().value.remove(0).fields["PHONE"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_to_it_is_tested_mapped_and_synchronised() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("practice.db"), practice::filled_file().await).unwrap();
    let config = written(folder.path(), SECTION);
    let plugins = app::plugins(&config, &Clock::fixed(NOON)).await.unwrap();
    let connector = plugins["Gleichlauf.Practice"].clone();
    let portal = spawn_with(&[], plugins).await;
    let store = portal.app.portal.store.clone();
    licences::install(&store, "2027-12-31").await;
    let connection = set_up(&portal).await;
    let records = Records { store: store.clone(), database: portal.database.clone() };
    let company = records.company(&[("name", "Brückner Wärmepumpen e. K.")]).await;
    let user = people::add_person(&portal, "vera", Role::User).await;
    licences::give_seat(&store, user).await;
    let mut user = Browser::new(&portal);
    people::sign_in(&mut user, "vera").await;

    let path = |rest: &str| format!("/companies/{company}/erp/{connection}/{rest}");
    user.get(&path("links/new?type=Customer&key=C10054")).await;
    let sent = [("type", "Customer"), ("key", "C10054"), ("side:PHONE", "erp")];
    let linked = user.post(&path("links"), &sent).await;
    assert_eq!(linked.status, 303, "{}", linked.text);
    let theirs = phone(&portal, &*connector, connection, "C10054").await;
    assert_eq!(records.crm(company, "phone").await, theirs);

    records.edit(company, "phone", "+49 231 555 0199").await;
    assert_eq!(user.post(&path("syncs"), &[]).await.status, 303);
    assert_eq!(phone(&portal, &*connector, connection, "C10054").await, "+49 231 555 0199");
    let page = user.get(&format!("/companies/{company}/erp")).await;
    assert!(page.text.contains("+49 231 555 0199"), "{}", page.text);
}

/// Whether the page says that a connector answers there.
async fn answers(address: &str) -> bool {
    let mut admin = Browser::at(address);
    people::sign_in(&mut admin, "anna").await;
    admin.get("/connectors/new").await;
    let sent = [("name", "In process"), ("address", ADDRESS), ("do", "test")];
    admin.post("/connectors", &sent).await.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_brings_it_along() {
    let installation = Installation::new(&[]).await;
    people::add_person_to(&installation.records.store, "anna", Role::Admin).await;
    let program = installation.start(None).await;
    assert!(answers(&program.address).await);
}

#[tokio::test]
async fn a_portal_has_none_unless_its_configuration_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let config = written(folder.path(), "");
    assert!(app::plugins(&config, &Clock::fixed(NOON)).await.unwrap().is_empty());
}

#[test]
fn a_portal_whose_practice_erp_cannot_be_read_says_which_line_to_mend() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("practice.db"), "no database").unwrap();
    written(folder.path(), SECTION);
    let file = folder.path().join("gleichlauf.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gleichlauf"));
    let done = command.args(["serve", "--config"]).arg(file).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && said.contains("practice_erp: "), "{said}");
}
