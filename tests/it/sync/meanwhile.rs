//! What an admin does to a connection while a run of it is going on.

use std::sync::Arc;

use gleichlauf::clock::MINUTE;
use gleichlauf::mapping::Direction;
use gleichlauf::runs::{JobState, Task, Trigger};
use gleichlauf::store::jobs;
use tokio::task::JoinHandle;

use super::setting::{CUSTOMER, Setting, anna};
use crate::support::unruly_erp::{Fault, Gate, refusal};

/// A run that stands still in its first call of `operation`.
async fn held(it: &Setting, operation: &'static str) -> (Arc<Gate>, JoinHandle<()>) {
    let gate = it.erp.hold(operation);
    it.clock.advance(15 * MINUTE);
    let engine = it.engine.clone();
    let run = tokio::spawn(async move {
        engine.run_one_due().await.unwrap();
    });
    gate.reached().await;
    (gate, run)
}

async fn let_go(it: &Setting, operation: &'static str, (gate, run): (Arc<Gate>, JoinHandle<()>)) {
    it.erp.let_pass(operation);
    gate.open();
    run.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_began_under_another_mapping_swallows_nothing() {
    for operation in ["since", "actors"] {
        let it = Setting::new().await;
        let (record, link) = it.linked("C1", "A", "1").await;
        it.deactivate().await;
        it.set_direction(CUSTOMER, "PHONE", Direction::TO_CRM).await;
        it.activate().await;
        it.run().await;
        it.edit(record, "phone", "crm").await;
        let run = held(&it, operation).await;
        it.deactivate().await;
        it.set_direction(CUSTOMER, "PHONE", Direction::BOTH).await;
        it.activate().await;
        let_go(&it, operation, run).await;
        assert!(it.link(link).await.is_dirty, "{operation}: the old run has cleared it");
        let sql = "SELECT COUNT(*) FROM poll_position";
        assert_eq!(it.database.ask(sql), ["0"], "{operation}: the old run has moved a position");
        let old = it.last_run().await;
        assert_eq!((old.state, old.failure), (JobState::Done, None), "{operation}");
        it.finish(&it.engine).await;
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "crm", "{operation}");
        assert!(!it.link(link).await.is_dirty, "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_deactivating_nothing_more_is_written_to_the_erp() {
    let it = Setting::new().await;
    for number in 0..3 {
        let (record, _) = it.linked(&format!("C{number}"), &format!("N{number}"), "1").await;
        it.edit(record, "phone", "2").await;
    }
    it.erp.forget_calls();
    let run = held(&it, "save").await;
    it.deactivate().await;
    it.erp.fail("save", Fault::Before(refusal("not so many at once")));
    let_go(&it, "save", run).await;
    assert_eq!(it.erp.count("save"), 1, "the one that was on its way");
    let waiting = jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap();
    assert_eq!(waiting, None, "there is nothing to run");
    it.activate().await;
    it.run().await;
    for number in 0..3 {
        assert_eq!(it.erp.get(CUSTOMER, &format!("C{number}"), "PHONE"), "2");
    }
    assert_eq!(it.log().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_a_person_asked_for_is_made_anew_for_them() {
    let it = Setting::new().await;
    it.engine.sync_connection(&anna(), it.connection).await.unwrap();
    let run = held(&it, "since").await;
    it.deactivate().await;
    it.activate().await;
    let_go(&it, "since", run).await;
    let waiting = jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap().unwrap();
    assert_eq!((waiting.trigger, waiting.attempt), (Trigger::Person, 0));
    assert_eq!(waiting.requested_by, "Anna");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_began_under_another_mapping_is_asked_to_begin_anew() {
    use gleichlauf::sync::person::NotDone;
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    let gate = it.erp.hold("actors");
    let engine = it.engine.clone();
    let person = tokio::spawn(async move { engine.sync_record(&anna(), link).await });
    gate.reached().await;
    it.deactivate().await;
    it.activate().await;
    it.erp.let_pass("actors");
    gate.open();
    let done = person.await.unwrap();
    assert!(matches!(done, Err(NotDone::Superseded)), "{done:?}");
    assert!(it.link(link).await.is_dirty);
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "1");
}
