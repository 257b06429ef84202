//! Sync now on one record, through HTTP.

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::value::Value;
use gleichlauf::history::Actor;
use gleichlauf::mapping::Direction;
use gleichlauf::store::mappings;

use crate::support::linking::{Scene, scene};

#[tokio::test(flavor = "multi_thread")]
async fn a_linked_record_is_brought_in_step_with_the_engine_off() {
    let mut scene = scene().await;
    scene.link().await;
    scene.erp.set(ActorType::Customer, "C1", "Phone", "+49 30 777");
    let done = scene.post("syncs", &[]).await;
    assert_eq!((done.status, done.location), (303, scene.tab()));
    assert_eq!(scene.record().await.values.text("phone"), "+49 30 777");
    let page = scene.user.get(&scene.tab()).await;
    assert_eq!(page.all(".notice.good"), ["The record is in step with the ERP."]);
}

/// Maps the customers' `Blocked` to the CRM's "no mailings", both ways.
async fn map_box(scene: &Scene) {
    let found = mappings::find(scene.store(), scene.connection, ActorType::Customer).await;
    let mut mapping = found.unwrap().unwrap();
    let field = mapping.fields.iter_mut().find(|field| field.erp.key == "Blocked").unwrap();
    field.crm_field = Some("no_mailings".to_owned());
    field.direction = Direction::BOTH;
    let mut tx = scene.store().begin().await.unwrap();
    mappings::save(&mut tx, &Actor::system(), &mapping).await.unwrap();
    tx.commit().await.unwrap();
}

/// Sends the company's form with or without the box.
async fn save_form(scene: &mut Scene, more: &[(&str, &str)]) {
    let place = format!("/companies/{}", scene.company);
    let version = scene.user.get(&format!("{place}/edit")).await.value_of("version");
    let mut sent = vec![("name", "Ærø & Söhne <1>"), ("version", version.as_str())];
    sent.extend(more);
    assert_eq!(scene.user.post(&place, &sent).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_is_unticked_is_unticked_in_the_erp_too() {
    let mut scene = scene().await;
    scene.link().await;
    map_box(&scene).await;
    save_form(&mut scene, &[("phone", "+49 30 999"), ("no_mailings", "1")]).await;
    scene.post("syncs", &[]).await;
    assert_eq!(scene.erp_value("C1", "Blocked"), "[I:1]");
    save_form(&mut scene, &[("phone", "+49 30 999")]).await;
    assert_eq!(scene.record().await.values.get("no_mailings"), &Value::Check(false));
    scene.post("syncs", &[]).await;
    assert_eq!(scene.erp_value("C1", "Blocked"), "[I:0]");
    save_form(&mut scene, &[("phone", "+49 30 555")]).await;
    assert_eq!(scene.record().await.values.get("no_mailings"), &Value::Check(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_a_warning_with_its_reason() {
    let mut scene = scene().await;
    assert_eq!(scene.post("syncs", &[]).await.status, 404, "it is not linked");
    scene.link().await;
    scene.user.get(&scene.tab()).await;
    scene.erp.fail("GetActors", Failure::Unreachable { detail: "told".into() });
    let path = scene.path("syncs");
    assert_eq!(scene.user.post(&path, &[]).await.status, 303);
    let page = scene.user.get(&scene.tab()).await;
    assert!(page.all(".notice.good").is_empty());
    assert!(page.all(".notice.warn")[0].starts_with("Not everything could be synchronised"));
    scene.erp.delete(ActorType::Customer, "C1");
    scene.post("syncs", &[]).await;
    let page = scene.user.get(&scene.tab()).await;
    assert!(page.has(".notice.bad") && page.has(".notice.warn"), "{}", page.text);
    assert!(scene.linked().await.is_some(), "a missing answer is not a deletion");
}
