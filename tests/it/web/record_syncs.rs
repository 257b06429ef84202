//! Sync now on one record, through HTTP.

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;

use crate::support::linking::scene;

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
