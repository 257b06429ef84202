//! Switching ERP connections on and off, testing, deleting and restoring them.

use std::sync::Arc;

use gleichlauf::app::Plugins;
use gleichlauf::connections::Scope;
use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::crm::fields::List;
use gleichlauf::history::Actor;
use gleichlauf::mapping::{ActorMapping, DefaultRule, Direction, FieldMapping};
use gleichlauf::store::configuration::Configuration;
use gleichlauf::store::connections::Change;
use gleichlauf::store::{Store, connections, connectors, crm_lists, mappings};
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
    assert!(list.has("button.switch.on"));
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

/// Each cause there is, and that its link opens the place where it is mended.
#[tokio::test(flavor = "multi_thread")]
async fn every_reason_leads_to_the_place_where_it_is_mended() {
    let fake = FakeConnector::new(1);
    let plugins = Plugins::from([("fake".to_owned(), fake.clone() as Arc<dyn Connector>)]);
    let portal = spawn_with(&[], plugins).await;
    let store = portal.app.portal.store.clone();
    licences::install(&store, "2027-12-31").await;
    let text = |key, access| field(key, FieldType::Text, "", access);
    let list = |key| field(key, FieldType::List, "Country", Access::Normal);
    let fields = [
        text("NAME", Access::Mandatory),
        text("TERMS & MORE", Access::Mandatory),
        text("GROUP", Access::Mandatory),
        text("GONE", Access::Normal),
        text("LOST", Access::Normal),
        text("LOCKED", Access::ReadOnly),
        text("SHARED", Access::Normal),
        text("TWICE", Access::Normal),
        text("IDLE", Access::Normal),
        list("DOUBLED"),
        list("EMPTY"),
    ];
    let id = add(&store, "Köln", &fields).await;
    configure(&store, id).await;
    let other = add(&store, "Bonn", &[text("FAX", Access::Normal)]).await;
    change(&store, other, |mapping| {
        mapping.is_active = true;
        map(mapping, "FAX", "fax", Direction::BOTH);
    })
    .await;
    let mut tx = store.begin().await.unwrap();
    let by = Actor::system();
    let item = crm_lists::insert(&mut tx, &by, List::COUNTRY, "Germany").await.unwrap();
    tx.commit().await.unwrap();
    change(&store, id, |mapping| {
        mapping.is_active = true;
        map(mapping, "NAME", "name", Direction::NONE);
        let rule = DefaultRule {
            value: Some(String::new()),
            asks_user: false,
            is_mandatory: true,
            ..DefaultRule::default()
        };
        named(mapping, "GROUP").default = Some(rule);
        map(mapping, "GONE", "phone", Direction::BOTH);
        named(mapping, "GONE").is_missing_in_erp = true;
        map(mapping, "LOST", "no_longer_there", Direction::BOTH);
        map(mapping, "LOCKED", "code", Direction::BOTH);
        map(mapping, "SHARED", "fax", Direction::TO_CRM);
        map(mapping, "TWICE", "code", Direction::BOTH);
        map(mapping, "IDLE", "url", Direction::NONE);
        map(mapping, "DOUBLED", "country", Direction::BOTH);
        named(mapping, "DOUBLED").items = [("DE".into(), item), ("AT".into(), item)].into();
        map(mapping, "EMPTY", "category", Direction::BOTH);
    })
    .await;
    let connector = connections::find(&store, id).await.unwrap().unwrap().connector_id;
    let set = format!("UPDATE sync_connector SET is_deleted = TRUE WHERE id = {connector}");
    assert!(portal.database.sql(&set));
    fake.fail("TestConnection", Failure::refused("US:\"Log-in expired\"", ""));
    let mut admin = people::signed_in(&portal, "anna", Role::Admin).await;
    admin.get("/sync").await;
    let page = admin.post(&format!("/connections/{id}/activations"), &[]).await;
    assert_eq!(page.status, 422, "{}", page.text);
    let mut wanted = Vec::new();
    let base = format!("/connections/{id}");
    let row = |number: usize| format!("{base}/mappings?type=Customer#row-{number}");
    let mapping = mappings::find(&store, id, ActorType::Customer).await.unwrap().unwrap();
    let of = |key: &str| mapping.field(key).unwrap().id;
    wanted.extend([
        (".bad", "was deleted", format!("/connectors/{connector}")),
        (".bad", "Log-in expired", format!("{base}/edit")),
        (".bad", "NAME en", row(0)),
        (
            ".bad",
            "TERMS & MORE en",
            format!("{base}/defaults/new?type=Customer&field=TERMS+%26+MORE"),
        ),
        (".bad", "GROUP en", format!("{base}/defaults/Customer/{}/edit", of("GROUP"))),
        (".bad", "GONE en", row(3)),
        (".bad", "LOST en", row(4)),
        (".bad", "LOCKED en", row(5)),
        (".bad", "SHARED en", row(6)),
        (".bad", "TWICE en", row(7)),
        (".bad", "DOUBLED en", format!("{base}/list-mappings?field={}", of("DOUBLED"))),
        (".warn", "EMPTY en", format!("{base}/list-mappings?field={}", of("EMPTY"))),
        (".warn", "IDLE en", format!("{base}/mappings?type=Customer")),
    ]);
    for (kind, said, link) in wanted {
        let reasons = page.all(&format!(".notice{kind} li"));
        let place = reasons.iter().position(|reason| reason.contains(said));
        let place = place.unwrap_or_else(|| panic!("{said}: {reasons:?}"));
        let links = page.attributes(&format!(".notice{kind} li a"), "href");
        assert_eq!(links[place], link, "{said}");
        let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
        let there = admin.get(path).await;
        assert_eq!(there.status, 200, "{said}: {link}: {}", there.text);
        assert!(anchor.is_empty() || there.has(&format!("#{anchor}")), "{link}");
    }
    // Nothing switched on leads to the mappings as a whole.
    change(&store, id, |mapping| mapping.is_active = false).await;
    let page = admin.post(&format!("{base}/activations"), &[]).await;
    let links = page.attributes(".notice.bad li a", "href");
    assert!(links.contains(&format!("{base}/mappings")), "{links:?}");
}

async fn change(store: &Store, id: i64, change: impl FnOnce(&mut ActorMapping)) {
    let mut mapping = mappings::list(store, id).await.unwrap().remove(0);
    change(&mut mapping);
    let mut tx = store.begin().await.unwrap();
    mappings::save(&mut tx, &Actor::system(), &mapping).await.unwrap();
    tx.commit().await.unwrap();
}

fn named<'a>(mapping: &'a mut ActorMapping, key: &str) -> &'a mut FieldMapping {
    mapping.fields.iter_mut().find(|field| field.erp.key == key).unwrap()
}

fn map(mapping: &mut ActorMapping, key: &str, crm: &str, direction: Direction) {
    let field = named(mapping, key);
    (field.crm_field, field.direction) = (Some(crm.to_owned()), direction);
}
