//! W1 for what is seldom seen: pages of things that failed, stand still empty, are deleted, or were changed by
//! somebody else.

use gleichlauf::connector::failure::Failure;
use gleichlauf::crm::fields::List;
use gleichlauf::mapping::Direction;
use gleichlauf::store::crm_lists;
use serde_json::json;

use super::eyes::Eyes;
use crate::support::configured::{Configured, anna, configured};

/// Sends the form of the open page after this was done with it.
async fn send(eyes: &mut Eyes, what: &str, before: &str) {
    let script = format!(
        "const form = [...document.querySelectorAll('main form[method=post]')].pop(); {before}
         form.submit();"
    );
    eyes.run(&script, json!([])).await;
    eyes.look(what).await;
}

pub async fn look_at_seldom_seen(eyes: &mut Eyes) {
    let mut scene = configured().await;
    eyes.sign_in(&scene.portal.address, "anna").await;
    look_at_empty(eyes, &scene).await;
    look_at_failures(eyes, &scene).await;
    look_at_conflict(eyes, &mut scene).await;
    look_at_list_mapping(eyes, &scene).await;
    look_at_deleted(eyes, &mut scene).await;
}

/// A connection with which nothing has been done yet.
async fn look_at_empty(eyes: &mut Eyes, scene: &Configured) {
    for end in ["records", "resyncs", "defaults", "list-mappings", "conformance-runs", "syncs"] {
        eyes.look_at("anna", &scene.path(&format!("/{end}"))).await;
    }
    eyes.look_at("anna", "/sync-log").await;
    eyes.look_at("anna", "/crm-fields").await;
}

/// A test that fails, and an activation with all that stands in its way.
async fn look_at_failures(eyes: &mut Eyes, scene: &Configured) {
    let refused = || Failure::refused("US:\"Closed for today\";GE:\"Heute zu\"", "closed");
    scene.fake.fail("TestConnection", refused());
    eyes.go(&scene.path("/checks")).await;
    send(eyes, "a test that fails", "").await;
    scene.map(|mapping| mapping.fields[0].crm_field = None).await;
    scene.fake.fail("TestConnection", refused());
    eyes.go(&scene.path("/activations")).await;
    send(eyes, "an activation refused", "").await;
}

/// Somebody else was faster: both versions are shown.
async fn look_at_conflict(eyes: &mut Eyes, scene: &mut Configured) {
    scene.admin.get("/companies/new").await;
    let added = scene.admin.post("/companies", &[("name", "Nord GmbH")]).await;
    let edit = format!("{}/edit", added.location);
    eyes.go(&edit).await;
    let version = scene.admin.get(&edit).await.value_of("version");
    let change = [("name", "Süd GmbH"), ("version", version.as_str())];
    assert_eq!(scene.admin.post(&added.location, &change).await.status, 303);
    send(eyes, "a conflict", "form.elements.name.value = 'West GmbH';").await;
}

/// The same item chosen in every row.
async fn look_at_list_mapping(eyes: &mut Eyes, scene: &Configured) {
    let mut tx = scene.store().begin().await.unwrap();
    crm_lists::insert(&mut tx, &anna(), List::COUNTRY, "Germany").await.unwrap();
    tx.commit().await.unwrap();
    let map = |field: &mut gleichlauf::mapping::FieldMapping| {
        field.crm_field = Some("country".to_owned());
        field.direction = Direction::BOTH;
    };
    scene
        .map(|mapping| {
            mapping.fields.iter_mut().filter(|field| field.erp.key == "Country").for_each(map);
        })
        .await;
    eyes.go(&scene.path("/list-mappings")).await;
    let choose = "
        form.querySelectorAll('select[name^=\"item:\"]')
            .forEach(list => { list.selectedIndex = list.options.length - 1; });";
    send(eyes, "a list mapping with one item twice", choose).await;
}

/// The set-up with what was deleted of it.
async fn look_at_deleted(eyes: &mut Eyes, scene: &mut Configured) {
    for path in [scene.path("/delete"), format!("/connectors/{}/delete", scene.connector)] {
        scene.admin.get(&path).await;
        let done = scene.admin.post(&path, &[]).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }
    eyes.look_at("anna", "/sync?deleted=1").await;
    eyes.look_at("anna", &format!("/sync?connection={}&deleted=1", scene.connection)).await;
}
