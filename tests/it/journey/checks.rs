//! What an administrator has checked and repaired in parts, and calls off: a resync of one actor type or of
//! chosen records, and a conformance test that writes.

use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::RecordKind;
use gleichlauf::i18n::{Language, named};
use gleichlauf::web::captions;

use super::office::{COMPANY, Office};
use super::window::{Window, quoted};
use crate::support::configured::configured;

const DAMAGED: &str = "damaged";
const MARKER: &str = "PROBE GmbH";
/// The company's person, by name in the CRM and by key in the ERP.
const PERSON: (&str, &str) = ("Jürgen Schäfer", "P20152");

/// A company and its person are linked, and the company's phone number is damaged in the ERP.
async fn damaged(language: Language, scripts: bool) -> Office {
    let o = Office::open(language, scripts).await;
    o.map(ActorType::Customer, &["NAME", "PHONE"]).await;
    o.map(ActorType::Person, &["FIRSTNAME", "LASTNAME"]).await;
    o.activate().await;
    o.link(RecordKind::Company, COMPANY.0, (ActorType::Customer, COMPANY.1)).await;
    o.link(RecordKind::Person, PERSON.0, (ActorType::Person, PERSON.1)).await;
    o.erp.change(&o.w, COMPANY.0, COMPANY.1, "PHONE", DAMAGED).await;
    o
}

async fn phone(o: &Office) -> String {
    o.erp.row("Customer", COMPANY.1).await.values["PHONE"].clone()
}

/// Persons are in step; customers are not, but it is called off before anything was written.
async fn resync_one_type_and_stop(o: &Office) {
    let (w, t) = (&o.w, o.t());
    for kind in [ActorType::Person, ActorType::Customer] {
        o.goto_its("/resyncs").await;
        w.follow(t.resyncs_new()).await;
        w.tick(t.resyncs_choice_type()).await;
        w.choose(t.sync_actor(), captions::actor_type(t, kind)).await;
        w.press(t.resyncs_count()).await;
        w.sees(t.resyncs_state_counting()).await;
        o.work().await;
        let outcome = match kind {
            ActorType::Person => t.resyncs_all_equal(),
            _ => t.resyncs_confirm(),
        };
        w.sees_after_reloading(outcome).await;
    }
    w.press(t.resyncs_confirm()).await;
    w.sees(t.resyncs_state_running()).await;
    w.press(t.resyncs_stop()).await;
    w.sees(t.resyncs_stopping()).await;
    o.work().await;
    w.sees_after_reloading(t.sync_failed_resync_stopped()).await;
    assert_eq!(phone(o).await, DAMAGED);
}

/// Found by its name, ticked, counted and put right.
async fn resync_a_chosen_record(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto_its("/resyncs").await;
    w.follow(t.resyncs_new()).await;
    w.tick(t.resyncs_choice_chosen()).await;
    w.fill_named("search", COMPANY.0).await;
    w.press(t.search()).await;
    let name = quoted(COMPANY.0);
    w.tick_at(&format!("//label[normalize-space(.)={name}]/input[@name='record']")).await;
    w.press(t.resyncs_count()).await;
    w.sees(t.resyncs_chosen()).await;
    o.work().await;
    w.sees_after_reloading(t.resyncs_confirm()).await;
    w.press(t.resyncs_confirm()).await;
    w.sees(t.resyncs_state_running()).await;
    o.work().await;
    w.sees_after_reloading(t.resyncs_state_done()).await;
    let record = o.record(RecordKind::Company, COMPANY.0).await;
    assert_eq!(phone(o).await, record.values.text("phone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resync_of_one_type_is_called_off_and_of_one_record_is_done_with_scripts() {
    let o = damaged(Language::De, true).await;
    resync_one_type_and_stop(&o).await;
    resync_a_chosen_record(&o).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resync_of_one_type_is_called_off_and_of_one_record_is_done_without_scripts() {
    let o = damaged(Language::En, false).await;
    resync_one_type_and_stop(&o).await;
    resync_a_chosen_record(&o).await;
}

/// Of a small ERP: of a large one, a test takes minutes.
async fn test_in_writing(language: Language, scripts: bool) {
    let scene = configured().await;
    let w = Window::signed_in(&scene.portal, "anna", language, scripts).await;
    let t = w.t;
    let engine = scene.portal.app.portal.engine.clone();
    let before = scene.fake.dump(ActorType::Customer).len();
    let place = format!("{}{}", scene.portal.address, scene.path("/conformance-runs"));
    w.goto(&place).await;
    w.press(t.conformance_runs_start()).await;
    w.press(t.conformance_runs_stop()).await;
    w.sees(t.conformance_runs_stopping()).await;
    while engine.run_one_due().await.unwrap() {}
    w.sees_after_reloading(t.conformance_runs_state_stopped()).await;

    w.goto(&place).await;
    w.follow_path(&format!("//summary[contains(., {})]", quoted(t.conformance_runs_writing())))
        .await;
    w.tick(t.conformance_runs_writes()).await;
    let customer = captions::actor_type(t, ActorType::Customer);
    w.choose(t.conformance_runs_kind(), customer).await;
    w.fill(t.conformance_runs_marker(), MARKER).await;
    w.tick(t.conformance_runs_target_new()).await;
    w.press(t.conformance_runs_start()).await;
    w.sees(t.conformance_runs_must_know()).await;
    assert_eq!(w.value(t.conformance_runs_marker()).await, MARKER);
    w.tick(t.conformance_runs_knows()).await;
    w.press(t.conformance_runs_start()).await;
    w.sees(t.conformance_runs_waiting()).await;
    while engine.run_one_due().await.unwrap() {}
    w.sees_after_reloading(t.conformance_runs_state_good()).await;
    w.sees(&t.conformance_runs_may_create(named::kind(customer), named::marker(MARKER))).await;
    // The remark is the name of what stays in the ERP.
    let passed = quoted(t.conformance_runs_remarked());
    for check in ["create", "save"] {
        w.find(&format!("//td[@id='Customer-{check}'][normalize-space(.)={passed}]")).await;
    }
    let after = scene.fake.dump(ActorType::Customer);
    assert_eq!(after.len(), before + 1, "one actor is written to, a new one");
    assert!(after.values().any(|fields| fields["Name"].starts_with(MARKER)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conformance_test_is_called_off_and_one_writes_with_scripts() {
    test_in_writing(Language::De, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conformance_test_is_called_off_and_one_writes_without_scripts() {
    test_in_writing(Language::En, false).await;
}
