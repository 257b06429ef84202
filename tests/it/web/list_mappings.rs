//! List mapping, through HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::fields::List;
use gleichlauf::history::Actor;
use gleichlauf::store::{connections, crm_lists, mappings};
use gleichlauf::users::Role;

use crate::support::connections::activate;
use crate::support::fake_connector::FakeConnector;
use crate::support::portal::{Browser, Page, Portal};
use crate::support::{linking, people};

struct Scene {
    portal: Portal,
    erp: Arc<FakeConnector>,
    admin: Browser,
    connection: i64,
    page: String,
    path: String,
    /// CRM countries by their English name.
    countries: BTreeMap<&'static str, String>,
}

/// The country of customers is mapped, none of its items; the connection is inactive.
async fn scene() -> Scene {
    let linking::Scene { portal, erp, connection, .. } = linking::scene().await;
    let store = portal.app.portal.store.clone();
    let version = connections::find(&store, connection).await.unwrap().unwrap().version;
    let (actor, mut tx) = (Actor::system(), store.begin().await.unwrap());
    connections::deactivate(&mut tx, &actor, (connection, version)).await.unwrap();
    let mut countries = BTreeMap::new();
    for (name, text) in [("Germany", "US:\"Germany\";GE:\"Deutschland\""), ("Austria", "Austria")] {
        let id = crm_lists::insert(&mut tx, &actor, List::COUNTRY, text).await.unwrap();
        countries.insert(name, id.to_string());
    }
    tx.commit().await.unwrap();
    let mut admin = people::signed_in(&portal, "admin", Role::Admin).await;
    let place = format!("/connections/{connection}/mappings");
    let mapped = admin.get(&place).await;
    let mut sent = mapped.inputs("main form.form");
    sent.retain(|(name, _)| !["csrf", "once", "crm:Country"].contains(&name.as_str()));
    sent.extend([("crm:Country", "country"), ("to-crm:Country", "1")].map(owned));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let done = admin.post(&format!("{place}/Customer"), &sent).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let page = format!("/connections/{connection}/list-mappings");
    let path = admin.get(&page).await.attribute("main form", "action").unwrap();
    Scene { portal, erp, admin, connection, page, path, countries }
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

impl Scene {
    async fn items(&self) -> BTreeMap<String, i64> {
        let store = &self.portal.app.portal.store;
        let kind = ActorType::Customer;
        let found = mappings::find(store, self.connection, kind).await.unwrap().unwrap();
        found.field("Country").unwrap().items.clone()
    }

    async fn version(&mut self) -> String {
        let page = self.page.clone();
        self.admin.get(&page).await.value_of("version")
    }

    async fn send(&mut self, items: &[(&str, &str)], version: &str) -> Page {
        let mut sent = items.to_vec();
        sent.push(("version", version));
        self.admin.post(&self.path.clone(), &sent).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_suggested_mapped_and_taken_away_again() {
    let mut scene = scene().await;
    let (germany, austria) =
        (scene.countries["Germany"].clone(), scene.countries["Austria"].clone());
    let suggested = scene.admin.get(&format!("{}?suggest=1", scene.page)).await;
    assert_eq!(suggested.value_of("item:DE"), germany);
    assert_eq!(suggested.value_of("item:AT"), austria);
    assert!(scene.items().await.is_empty(), "a suggestion saves nothing");
    let version = scene.version().await;
    let done = scene.send(&[("item:DE", &germany), ("item:AT", &austria)], &version).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.items().await.len(), 2);
    let version = scene.version().await;
    let done = scene.send(&[("item:DE", &germany), ("item:AT", "")], &version).await;
    assert_eq!(done.status, 303);
    assert_eq!(scene.items().await.into_keys().collect::<Vec<_>>(), ["DE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_item_is_said_at_its_row_and_takes_no_mapping_away() {
    let mut scene = scene().await;
    let germany = scene.countries["Germany"].clone();
    let version = scene.version().await;
    assert_eq!(scene.send(&[("item:DE", &germany)], &version).await.status, 303);
    let before = scene.items().await;
    let version = scene.version().await;
    for wrong in ["abc", "99999999999999999999", "-7", "1\0"] {
        let again = scene.send(&[("item:DE", wrong), ("item:AT", &germany)], &version).await;
        assert_eq!(again.status, 422, "{wrong:?}");
        assert!(again.has("tr.clash select[name='item:DE'][aria-invalid=true]"), "{wrong:?}");
        assert!(!again.has("tr.clash select[name='item:AT']"), "{wrong:?}");
        assert_eq!(again.value_of("item:AT"), germany);
        assert_eq!(again.value_of("version"), version);
        if !wrong.contains('\0') {
            assert_eq!(again.value_of("item:DE"), wrong, "what was chosen stays");
        }
        assert_eq!(scene.items().await, before);
    }
    let twice = scene.send(&[("item:DE", &germany), ("item:AT", &germany)], &version).await;
    assert_eq!((twice.status, twice.all("tr.clash").len()), (422, 2));
    for bad in ["", "x"] {
        let again = scene.send(&[("item:AT", &germany)], bad).await;
        assert_eq!(again.status, 422);
        assert!(again.all(".problems li").join("").contains("which version"));
        assert!(again.text.contains("Saved now"));
    }
    assert_eq!(scene.items().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erp_that_is_away_saves_nothing_and_loses_nothing() {
    let mut scene = scene().await;
    let germany = scene.countries["Germany"].clone();
    let version = scene.version().await;
    scene.erp.fail("GetList", Failure::Unreachable { detail: "told".into() });
    let again = scene.send(&[("item:DE", &germany)], &version).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.value_of("item:DE"), germany, "{}", again.text);
    assert!(scene.items().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_gone_stays_mapped_until_somebody_takes_it_away() {
    let mut scene = scene().await;
    let (germany, austria) =
        (scene.countries["Germany"].clone(), scene.countries["Austria"].clone());
    let version = scene.version().await;
    assert_eq!(scene.send(&[("item:DE", &germany)], &version).await.status, 303);
    let store = scene.portal.app.portal.store.clone();
    let mut tx = store.begin().await.unwrap();
    crm_lists::delete(&mut tx, &Actor::system(), germany.parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    let page = scene.admin.get(&scene.page.clone()).await;
    assert_eq!(page.value_of("item:DE"), germany);
    let version = page.value_of("version");
    let done = scene.send(&[("item:DE", &germany), ("item:AT", &austria)], &version).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.items().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_connection_is_active_it_is_looked_at_alone() {
    let mut scene = scene().await;
    let germany = scene.countries["Germany"].clone();
    let version = scene.version().await;
    activate(&scene.portal.app.portal.store, scene.connection).await;
    let page = scene.admin.get(&scene.page.clone()).await;
    assert!(
        page.has("select[name='item:DE'][disabled]")
            && !page.has("main form.form button[type=submit]")
    );
    assert_eq!(scene.send(&[("item:DE", &germany)], &version).await.status, 422);
    assert!(scene.items().await.is_empty());
}
