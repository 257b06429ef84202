//! What stands in the CRM is written to the ERP once more: counted, looked at, confirmed, reported.

use gleichlauf::connector::types::ActorType;
use gleichlauf::i18n::Language;
use gleichlauf::users::Role;

use super::window::Window;
use crate::support::linking::scene;
use crate::support::people;

async fn repair(language: Language, scripts: bool) {
    let scene = scene().await;
    scene.link().await;
    scene.erp.set(ActorType::Customer, "C1", "Phone", "damaged");
    people::add_person(&scene.portal, "anna", Role::Admin).await;
    let w = Window::signed_in(&scene.portal, "anna", language, scripts).await;
    let t = w.t;
    let working = scene.portal.work();
    w.goto(&format!("{}/sync?connection={}", scene.portal.address, scene.connection)).await;
    w.follow(t.resyncs_link()).await;
    w.sees(t.resyncs_none()).await;
    w.follow(t.resyncs_new()).await;
    w.tick(t.resyncs_choice_all()).await;
    w.press(t.resyncs_count()).await;
    w.sees_after_reloading(t.resyncs_confirm()).await;
    assert_eq!(
        scene.erp_value("C1", "Phone"),
        "damaged",
        "nothing is written before it is confirmed"
    );
    w.press(t.resyncs_confirm()).await;
    w.sees_after_reloading(t.resyncs_state_done()).await;
    drop(working);
    assert_eq!(scene.erp_value("C1", "Phone"), "+49 30 999");
    w.follow_path("//a[contains(@href, 'state=written')]").await;
    w.find("//main//table//a[starts-with(@href, '/companies/')]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_value_is_repaired_in_a_window() {
    repair(Language::De, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_value_is_repaired_without_scripts() {
    repair(Language::En, false).await;
}
