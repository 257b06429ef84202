//! Switching ERP connections on and off, testing, deleting and restoring them.

use std::sync::Arc;

use gleichlauf::app::Plugins;
use gleichlauf::connections::Scope;
use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::history::Actor;
use gleichlauf::mapping::Direction;
use gleichlauf::store::configuration::Configuration;
use gleichlauf::store::connections::Change;
use gleichlauf::store::{Store, connections, connectors, mappings};
use gleichlauf::users::Role;

use crate::support::connections::{add, field};
use crate::support::fake_connector::{FakeConnector, config};
use crate::support::portal::{Browser, Portal, spawn_with};
use crate::support::{licences, people};

struct Scene {
    portal: Portal,
    fake: Arc<FakeConnector>,
    admin: Browser,
    id: i64,
}

/// An inactive connection whose only actor type is off and has a mandatory name and a phone.
async fn start() -> Scene {
    let fake = FakeConnector::new(1);
    let plugins = Plugins::from([("fake".to_owned(), fake.clone() as Arc<dyn Connector>)]);
    let portal = spawn_with(&[], plugins).await;
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let fields = [
        field("NAME", FieldType::Text, "", Access::Mandatory),
        field("PHONE", FieldType::Text, "", Access::Normal),
    ];
    let id = add(store, "Köln", &fields).await;
    configure(store, id).await;
    let admin = people::signed_in(&portal, "anna", Role::Admin).await;
    Scene { portal, fake, admin, id }
}

/// Gives the connection a configuration the fake ERP accepts.
async fn configure(store: &Store, id: i64) {
    let version = connections::find(store, id).await.unwrap().unwrap().version;
    let values = [("Server", "erp.example"), ("Password", "secret"), ("Company", "01")];
    let configuration = Configuration { fields: config(), values: values.into_iter().collect() };
    let change = Change {
        name: "Köln".to_owned(),
        description: String::new(),
        scope: Scope::Everyone,
        configuration: Some(configuration),
    };
    let mut tx = store.begin().await.unwrap();
    connections::update(&mut tx, &Actor::system(), (id, version), &change).await.unwrap();
    tx.commit().await.unwrap();
}

impl Scene {
    async fn post(&mut self, what: &str) -> crate::support::portal::Page {
        self.admin.get("/sync").await;
        let path = format!("/connections/{}/{what}", self.id);
        self.admin.post(&path, &[]).await
    }

    async fn is_active(&self) -> bool {
        self.stored().await.is_active
    }

    async fn stored(&self) -> gleichlauf::connections::ErpConnection {
        connections::find(&self.portal.app.portal.store, self.id).await.unwrap().unwrap()
    }

    /// Switches the actor type on and maps these fields of it.
    async fn map(&self, fields: &[(&str, &str, Direction)]) {
        let store = &self.portal.app.portal.store;
        let mut mapping = mappings::list(store, self.id).await.unwrap().remove(0);
        mapping.is_active = true;
        for (key, crm, direction) in fields {
            let field = mapping.fields.iter_mut().find(|field| field.erp.key == *key).unwrap();
            field.crm_field = Some((*crm).to_owned());
            field.direction = *direction;
        }
        let mut tx = store.begin().await.unwrap();
        mappings::save(&mut tx, &Actor::system(), &mapping).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn calls(&self) -> Vec<&'static str> {
        self.fake.calls().into_iter().map(|(operation, _)| operation).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_reasons_stand_there_at_once_each_with_a_link_to_its_place() {
    let mut scene = start().await;
    scene.map(&[("NAME", "name", Direction::NONE), ("PHONE", "phone", Direction::NONE)]).await;
    scene.fake.fail("TestConnection", Failure::refused("US:\"Log-in expired\"", ""));
    let page = scene.post("activations").await;
    assert_eq!(page.status, 422);
    let errors = page.all(".notice.bad li").join(" | ");
    assert!(errors.contains("Log-in expired") && errors.contains("NAME en"), "{errors}");
    let links = page.attributes(".notice li a", "href");
    let base = format!("/connections/{}", scene.id);
    assert!(links.contains(&format!("{base}/edit")), "{links:?}");
    assert!(links.contains(&format!("{base}/mappings?type=Customer#row-0")), "{links:?}");
    assert!(page.all(".notice.warn li").join("").contains("PHONE en"));
    assert!(!scene.is_active().await);
    // The place is really there.
    let mapping = scene.admin.get(&format!("{base}/mappings?type=Customer")).await;
    assert!(mapping.has("#row-0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_connection_is_switched_on_and_off_again() {
    let mut scene = start().await;
    let nothing_on = scene.post("activations").await;
    assert_eq!(nothing_on.status, 422, "no actor type is on");
    scene.map(&[("NAME", "name", Direction::BOTH)]).await;
    let on = scene.post("activations").await;
    assert_eq!(
        (on.status, on.location),
        (303, format!("/sync?connection={}", scene.id)),
        "{}",
        on.text
    );
    assert!(scene.is_active().await);
    let list = scene.admin.get("/sync").await;
    assert!(list.has("button[role=switch][aria-checked=true]"));
    assert!(list.text.contains("NAME en ↔ Name"), "{}", list.text);
    // Pressed by two at once, it is on all the same.
    assert_eq!(scene.post("activations").await.status, 303);
    assert_eq!(scene.post("deactivations").await.status, 303);
    assert_eq!(scene.post("deactivations").await.status, 303);
    assert!(!scene.is_active().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_from_the_list_says_what_came_of_it() {
    let mut scene = start().await;
    let passed = scene.post("checks").await;
    assert_eq!(passed.status, 303, "{}", passed.text);
    assert!(scene.admin.get(&passed.location).await.text.contains("The test of Köln has passed."));
    // The connector had forgotten the connection: it got its configuration, and the test went on.
    scene.fake.fail("TestConnection", Failure::HttpStatus { status: 503, retry_after: None });
    let failed = scene.post("checks").await;
    assert_eq!(failed.status, 422);
    assert!(failed.all(".notice.bad").join("").contains("overloaded or under maintenance"));
    let noted = "SELECT COUNT(*) FROM history WHERE action = 'connection-tested'";
    assert_eq!(scene.portal.database.ask(noted), ["2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_connection_is_deleted_and_its_connector_told() {
    let mut scene = start().await;
    scene.map(&[("NAME", "name", Direction::BOTH)]).await;
    scene.post("activations").await;
    let refused = scene.post("delete").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Only an inactive connection can be deleted"));
    scene.post("deactivations").await;
    assert!(scene.admin.get(&format!("/connections/{}/delete", scene.id)).await.has(".confirm"));
    scene.calls();
    assert_eq!(scene.post("delete").await.status, 303);
    assert_eq!(scene.calls(), ["DeleteConnection"]);
    let list = scene.admin.get("/sync").await;
    assert!(!list.has(&format!("a[href*='connection={}']", scene.id)));
    assert_eq!(scene.admin.get(&format!("/connections/{}/edit", scene.id)).await.status, 404);
    let back = scene.post("restorations").await;
    assert_eq!(back.status, 303, "{}", back.text);
    assert_eq!(scene.calls(), ["SaveConnection"]);
    let restored = scene.stored().await;
    assert!(!restored.is_deleted && !restored.is_active);
    let store = &scene.portal.app.portal.store;
    let mapped = mappings::find(store, scene.id, ActorType::Customer).await.unwrap().unwrap();
    assert_eq!(mapped.field("NAME").unwrap().direction, Direction::BOTH);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_that_is_away_does_not_keep_a_connection_alive_or_dead() {
    let mut scene = start().await;
    let away = || Failure::Unreachable { detail: String::new() };
    scene.fake.fail("DeleteConnection", away());
    let gone = scene.post("delete").await;
    assert_eq!(gone.status, 303);
    let list = scene.admin.get(&gone.location).await;
    assert!(list.text.contains("could not be told"), "{}", list.text);
    assert!(scene.stored().await.is_deleted);
    scene.fake.fail("SaveConnection", away());
    let back = scene.post("restorations").await;
    assert!(scene.admin.get(&back.location).await.text.contains("could not be sent again"));
    assert!(!scene.stored().await.is_deleted);
}

#[tokio::test(flavor = "multi_thread")]
async fn restoring_a_connection_restores_its_connector() {
    let mut scene = start().await;
    let connector = scene.stored().await.connector_id;
    scene.post("delete").await;
    scene.admin.post(&format!("/connectors/{connector}/delete"), &[]).await;
    let store = scene.portal.app.portal.store.clone();
    let is_deleted =
        || async { connectors::find(&store, connector).await.unwrap().unwrap().is_deleted };
    assert!(is_deleted().await);
    assert_eq!(scene.post("restorations").await.status, 303);
    assert!(!is_deleted().await);
    // Unless its name is taken by now: then a sentence, and nothing half-way.
    scene.post("delete").await;
    scene.admin.post(&format!("/connectors/{connector}/delete"), &[]).await;
    let sent = [("name", "Connector of Köln"), ("address", "plugin://fake")];
    assert_eq!(scene.admin.post("/connectors", &sent).await.status, 303);
    let refused = scene.post("restorations").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Rename that one"));
    assert!(is_deleted().await && scene.stored().await.is_deleted);
}
