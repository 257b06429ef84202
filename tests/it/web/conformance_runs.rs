//! Conformance tests of a connection, through HTTP.

use std::sync::Arc;

use gleichlauf::app::Plugins;
use gleichlauf::connections::Scope;
use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;
use gleichlauf::users::Role;

use crate::support::fake_connector::FakeConnector;
use crate::support::faulty_connector::{Fault, FaultyConnector};
use crate::support::linking::connection;
use crate::support::portal::{Browser, Page, Portal, spawn_with};
use crate::support::{licences, people};

struct Scene {
    portal: Portal,
    erp: Arc<FakeConnector>,
    anna: Browser,
    place: String,
}

/// An inactive connection to a connector with this fault, or none, and an admin.
async fn scene(fault: Option<Fault>) -> Scene {
    let erp = FakeConnector::new(6);
    let connector: Arc<dyn Connector> = match fault {
        Some(fault) => FaultyConnector::new(erp.clone(), fault),
        None => erp.clone(),
    };
    let portal = spawn_with(&[], Plugins::from([("fake".to_owned(), connector)])).await;
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let id = connection(store, "Köln", Scope::Everyone).await;
    assert!(
        portal
            .database
            .sql(&format!("UPDATE erp_connection SET is_active = FALSE WHERE id = {id}"))
    );
    let anna = people::signed_in(&portal, "anna", Role::Admin).await;
    Scene { portal, erp, anna, place: format!("/connections/{id}/conformance-runs") }
}

impl Scene {
    /// Has a test made, and shows what it found.
    async fn test(&mut self, fields: &[(&str, &str)]) -> (String, Page) {
        self.anna.get(&self.place).await;
        let asked = self.anna.post(&self.place, fields).await;
        assert_eq!(asked.status, 303, "{}", asked.text);
        assert!(self.portal.app.portal.engine.run_one_due().await.unwrap());
        let page = self.anna.get(&asked.location).await;
        assert_eq!(page.status, 200);
        (asked.location, page)
    }

    fn count(&self, what: &str) -> String {
        self.portal.database.ask(&format!("SELECT COUNT(*) FROM {what}"))[0].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_asked_for_carried_out_and_read_as_a_matrix() {
    let mut scene = scene(None).await;
    let empty = scene.anna.get(&scene.place).await;
    assert_eq!(empty.all(".empty-title"), ["Not tested yet"]);
    assert!(
        scene
            .anna
            .get(scene.place.trim_end_matches("/conformance-runs"))
            .await
            .has(&format!("a[href='{}']", scene.place))
    );
    let asked = scene.anna.post(&scene.place, &[]).await;
    let waiting = scene.anna.get(&asked.location).await;
    assert!(waiting.has("[data-follow] progress") && waiting.has("script[src*='follow.js']"));
    assert!(
        waiting.has(&format!("a[href='{}']", asked.location)),
        "without scripts one looks again"
    );
    assert!(scene.portal.app.portal.engine.run_one_due().await.unwrap());
    let page = scene.anna.get(&asked.location).await;
    assert!(!page.has("[data-follow]") && !page.has("script[src*='follow.js']"));
    assert_eq!(
        page.all(".matrix thead th"),
        ["Check", "Customer", "Supplier", "Person", "Project"]
    );
    assert_eq!(page.all("#Customer-operators"), ["Passed"]);
    assert_eq!(page.all("#Project-parent-search"), ["Not tried"]);
    let reason = page.attribute("#Project-parent-search a", "href").unwrap();
    assert_eq!(
        page.all(&format!("{reason} td.break")),
        ["No actor of this type stands under another one."]
    );
    assert!(page.all(".badge.bad").is_empty());
    assert!(page.text.contains("There is no earlier test"));
    assert!(page.text.contains("GetActorsByTimestamp"), "answer times by operation");
    let rows = "history WHERE action IN ('conformance-asked', 'conformance-ended') AND subject_kind = 'conformance'";
    assert_eq!(scene.count(rows), "2");
    let list = scene.anna.get(&scene.place).await;
    assert!(list.has(&format!("a[href='{}']", asked.location)));
    assert!(list.text.contains("No check failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_neither_synchronises_nor_schedules_nor_pauses() {
    let mut scene = scene(None).await;
    scene.test(&[]).await;
    assert_eq!(scene.count("job WHERE state IN ('waiting', 'running')"), "0");
    assert_eq!(
        scene.count("erp_connection WHERE last_sync IS NOT NULL OR paused_because IS NOT NULL"),
        "0"
    );
    assert_eq!(scene.count("history WHERE action = 'run-ended'"), "0");
    let writes = ["CreateActor", "SaveActors"];
    assert!(scene.erp.calls().iter().all(|(call, _)| !writes.contains(call)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_says_why_and_what_is_new_since_the_test_before() {
    let mut scene = scene(Some(Fault::ItemLeftOut)).await;
    let (first, page) = scene.test(&[]).await;
    assert_eq!(page.all("#Customer-lists-complete"), ["Failed"]);
    let why = page.all("#why-Customer-lists-complete td.break");
    assert_eq!(
        why,
        ["GetList left out the item AT of the list Country, although an actor holds it."]
    );
    // As if it had passed before.
    let passed = "UPDATE conformance_result SET verdict = 'passed', reason = NULL WHERE check_name = 'lists-complete'";
    assert!(scene.portal.database.sql(passed));
    let (_, page) = scene.test(&[]).await;
    let new = page.all(".notice.bad li");
    assert_eq!(new, ["Customer – Lists complete", "Supplier – Lists complete"]);
    assert!(page.has(".notice.bad a[href='#Customer-lists-complete']"));
    assert!(page.has(&format!("a[href='{first}']")), "the one it is compared with");
    let mended = "UPDATE conformance_result SET verdict = 'failed' WHERE check_name = 'texts' AND actor_type = 'Person'";
    assert!(scene.portal.database.sql(mended));
    let (_, page) = scene.test(&[]).await;
    assert_eq!(page.all(".notice.good li"), ["Person – Texts readable"]);
    let warned = scene.anna.get(&scene.place.replace("conformance-runs", "activations")).await;
    assert!(warned.has(&format!(".notice.warn a[href^='{}']", scene.place)));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_writes_only_when_told_and_to_what_was_named() {
    let mut scene = scene(None).await;
    let wishes =
        [("writes", "1"), ("kind", "Customer"), ("marker", "Probe GmbH"), ("target", "new")];
    scene.anna.get(&scene.place).await;
    let refused = scene.anna.post(&scene.place, &wishes).await;
    assert_eq!(refused.status, 422, "it was not confirmed that the actor stays");
    assert_eq!(
        refused.attribute("#marker", "value").unwrap(),
        "Probe GmbH",
        "nothing typed is lost"
    );
    assert!(refused.has("#knows-problem"));
    let short = scene
        .anna
        .post(&scene.place, &[("writes", "1"), ("marker", "No"), ("target", "marked")])
        .await;
    assert!(
        short.has("#marker-problem") && short.has("#key-problem") && short.has("#kind-problem")
    );
    let confirmed = [&wishes[..], &[("knows", "1")]].concat();
    let (_, page) = scene.test(&confirmed).await;
    let made: Vec<String> = scene
        .erp
        .dump(ActorType::Customer)
        .into_iter()
        .filter(|(_, fields)| fields["Name"].starts_with("Probe GmbH "))
        .map(|(key, _)| key)
        .collect();
    assert_eq!(made.len(), 1);
    assert!(page.all("#why-Customer-create td.break")[0].contains(&made[0]));
    let before = scene.erp.dump(ActorType::Customer);
    let again = [
        ("writes", "1"),
        ("kind", "Customer"),
        ("marker", "probe gmbh"),
        ("target", "marked"),
        ("key", &*made[0]),
    ];
    let (_, page) = scene.test(&again).await;
    assert_eq!(page.all("#Customer-save"), ["Passed"]);
    assert_eq!(page.all("#Customer-create"), ["Not tried"]);
    assert_eq!(scene.erp.dump(ActorType::Customer), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_at_a_time_and_it_can_be_stopped() {
    let mut scene = scene(None).await;
    scene.anna.get(&scene.place).await;
    let asked = scene.anna.post(&scene.place, &[]).await;
    let second = scene.anna.post(&scene.place, &[]).await;
    assert_eq!(second.location, scene.place);
    assert!(scene.anna.get(&scene.place).await.text.contains("is going on or waiting"));
    assert_eq!(scene.count("conformance_run"), "1");
    let page = scene.anna.get(&asked.location).await;
    let stop = format!("{}/stop", asked.location);
    assert!(page.has(&format!("form[action='{stop}']")));
    assert_eq!(scene.anna.post(&stop, &[]).await.location, asked.location);
    let page = scene.anna.get(&asked.location).await;
    assert!(page.text.contains("Stopped") && !page.has("[data-follow]"));
    assert!(!scene.portal.app.portal.engine.run_one_due().await.unwrap());
    assert!(scene.erp.calls().is_empty(), "the ERP never heard of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_out_of_reach_gives_one_reason_instead_of_a_matrix() {
    let mut scene = scene(None).await;
    scene.erp.fail("GetSupportedActorTypes", Failure::Unreachable { detail: "told".into() });
    let (_, page) = scene.test(&[]).await;
    assert!(page.text.contains("No connection to the Sync Connector came about"));
    assert!(!page.has(".matrix") && page.text.contains("Not finished"));
    assert_eq!(scene.count("job"), "1", "nobody tries again by himself");
}

#[tokio::test(flavor = "multi_thread")]
async fn auditors_look_and_change_nothing() {
    let mut scene = scene(None).await;
    let (run, _) = scene.test(&[]).await;
    let mut eva = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    for place in [&scene.place, &run] {
        let page = eva.get(place).await;
        assert_eq!(page.status, 200);
        assert!(!page.has(&format!("form[action^='{}']", scene.place)));
    }
    assert_eq!(eva.post(&scene.place, &[]).await.status, 403);
    assert_eq!(scene.anna.get("/connections/1/conformance-runs").await.status, 404);
    let elsewhere = format!("{}/7", scene.place);
    assert_eq!(scene.anna.get(&elsewhere).await.status, 404);
}
