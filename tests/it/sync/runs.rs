//! Runs: both directions, merging, conflicts, records that fail, positions.

use gleichlauf::clock::{DAY, HOUR, MINUTE, SECOND};
use gleichlauf::connector::types::ActorType;
use gleichlauf::runs::{Counts, JobState, Task};
use gleichlauf::store::{connections, engine, history, jobs};
use gleichlauf::sync::failpoint::Failpoints;

use super::setting::{CUSTOMER, Setting, anna};
use crate::support::unruly_erp::{Fault, Stamps, broken_off, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn changes_travel_both_ways_and_each_is_logged_once() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "Ærø & Söhne", "1").await;
    it.edit(record, "phone", "2").await;
    it.erp.put(CUSTOMER, "C1", &[("EMAIL", "ø@example.org"), ("NUMBER", "K-1")]);
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2");
    assert_eq!(it.crm(record, "email").await, "ø@example.org");
    assert_eq!(it.crm(record, "number").await, "K-1");
    let mut log = it.log();
    log.sort();
    assert_eq!(
        log,
        ["email:  > ø@example.org (crm)", "number:  > K-1 (crm)", "phone: 1 > 2 (erp)"]
    );
    let last = it.last_run().await;
    assert_eq!((last.state, last.counts.to_crm, last.counts.to_erp), (JobState::Done, 2, 1));
    let link = it.link(link).await;
    assert!(!link.is_dirty && link.failure.is_none());
    it.erp.forget_calls();
    it.run().await;
    it.run().await;
    assert_eq!(it.log().len(), 3);
    assert_eq!((it.erp.count("save"), it.erp.count("actors")), (0, 0));
    assert_eq!(history::verify(&it.store, &[]).await.unwrap().1, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_listed_for_thirty_days_and_the_last_one_always() {
    let it = Setting::new().await;
    let ended = async || {
        let all = jobs::list_ended(&it.store, it.connection, Task::Sync, 9).await.unwrap();
        all.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    it.run().await;
    let early = ended().await;
    it.clock.advance(20 * DAY);
    it.run().await;
    assert_eq!(jobs::purge(&it.store).await.unwrap(), 0);
    let mut late = ended().await;
    late.retain(|id| !early.contains(id));
    it.clock.advance(11 * DAY);
    assert_eq!(jobs::purge(&it.store).await.unwrap(), early.len() as u64);
    assert_eq!(ended().await, late);
    it.clock.advance(365 * DAY);
    jobs::purge(&it.store).await.unwrap();
    assert_eq!(ended().await, late[..1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_linked_records_are_synchronised() {
    let it = Setting::new().await;
    it.erp.put(CUSTOMER, "C1", &[("NAME", "Nobody's")]);
    it.company(&[("name", "Not linked")]).await;
    it.run().await;
    assert_eq!(it.database.ask("SELECT COUNT(*) FROM crm_record"), ["1"]);
    assert_eq!(it.erp.all(CUSTOMER).len(), 1);
    assert!(it.log().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_decided_by_priority_and_both_values_are_logged() {
    for (priority, stands, lost) in [("0", "crm", "erp"), ("{}", "erp", "crm")] {
        let it = Setting::new().await;
        let stored = priority.replace("{}", &format!("{};0", it.connection));
        let mut tx = it.store.begin().await.unwrap();
        engine::set_priority(&mut tx, &anna(), &stored, ("", "x")).await.unwrap();
        tx.commit().await.unwrap();
        let (record, _) = it.linked("C1", "A", "1").await;
        it.edit(record, "phone", "crm").await;
        it.erp.put(CUSTOMER, "C1", &[("PHONE", "erp")]);
        it.run().await;
        assert_eq!(it.crm(record, "phone").await, stands);
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), stands);
        let conflicts = it.history("conflict");
        assert_eq!(conflicts.len(), 1);
        assert!(conflicts[0].contains(stands) && conflicts[0].contains(lost), "{conflicts:?}");
        assert_eq!(it.last_run().await.counts.conflicts, 1);
        it.run().await;
        assert_eq!(it.history("conflict").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_missing_from_an_answer_blanks_nothing() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    it.erp.hide_field("PHONE");
    it.erp.put(CUSTOMER, "C1", &[("NAME", "B")]);
    it.run().await;
    assert_eq!(
        (it.crm(record, "name").await, it.crm(record, "phone").await),
        ("B".into(), "1".into())
    );
    it.erp.show_field("PHONE");
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "")]);
    it.run().await;
    assert_eq!(it.crm(record, "phone").await, "1", "a blank value does not travel");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_saving_changes_besides_flows_back() {
    let it = Setting::new().await;
    it.erp.capitalise("NAME");
    let (record, _) = it.linked("C1", "A", "1").await;
    it.edit(record, "name", "Ørsted").await;
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "NAME"), "ØRSTED");
    assert_eq!(it.crm(record, "name").await, "ØRSTED");
    assert_eq!(it.log(), ["name: A > Ørsted (erp)", "name: Ørsted > ØRSTED (crm)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_the_erp_ignores_stays_and_says_so() {
    let it = Setting::new().await;
    it.erp.ignore_field("PHONE");
    let (record, link) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    it.run().await;
    assert_eq!(it.crm(record, "phone").await, "2", "a person's change is not undone");
    let failure = it.link(link).await.failure.unwrap();
    assert_eq!(failure.reason.id, "sync-failed-not-taken");
    assert!(it.log().is_empty(), "what was not written is not logged as written");
    assert_eq!(it.last_run().await.counts.failed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_was_written_in_part_is_read_back_and_sent_one_by_one() {
    let it = Setting::new().await;
    let mut records = Vec::new();
    for number in 0..5 {
        let (record, _) = it.linked(&format!("C{number}"), &format!("N{number}"), "1").await;
        records.push(record);
        it.edit(record, "phone", "2").await;
    }
    it.erp.forget_calls();
    it.erp.fail("save", Fault::Partly(2));
    it.run().await;
    for number in 0..5 {
        assert_eq!(it.erp.get(CUSTOMER, &format!("C{number}"), "PHONE"), "2");
    }
    assert_eq!(it.erp.count("save"), 1 + 3, "{:?}", it.erp.calls());
    assert_eq!(it.log(), vec!["phone: 1 > 2 (erp)"; 5]);
    assert_eq!(it.database.ask("SELECT COUNT(*) FROM erp_write"), ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_record_among_many_fails_alone_and_is_retried_when_its_time_has_come() {
    let it = Setting::new().await;
    for number in 0..150 {
        let (record, _) = it.linked(&format!("C{number:03}"), &format!("N{number}"), "1").await;
        it.edit(record, "phone", "2").await;
    }
    it.erp.refuse("C077", "US:\"Blocked\";GE:\"Gesperrt\"");
    it.erp.forget_calls();
    it.run().await;
    let done = it.erp.all(CUSTOMER).iter().filter(|actor| actor.fields["PHONE"] == "2").count();
    assert_eq!(done, 149);
    let failing = it.database.ask("SELECT failure FROM link WHERE failure IS NOT NULL");
    assert_eq!(failing.len(), 1);
    assert!(failing[0].contains("failure-refused") && failing[0].contains("Gesperrt"));
    assert_eq!(it.history("record-failed").len(), 1);
    it.erp.forget_calls();
    it.run().await;
    assert_eq!(it.erp.count("save"), 1, "the bad one alone");
    assert_eq!(it.history("record-failed").len(), 1, "the same reason is said once");
    it.erp.accept("C077");
    it.clock.advance(HOUR);
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C077", "PHONE"), "2");
    assert_eq!(it.database.ask("SELECT COUNT(*) FROM link WHERE failure IS NOT NULL"), ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_that_is_gone_from_the_erp_fails_and_is_neither_blanked_nor_made_again() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    let (other, _) = it.linked("C2", "B", "1").await;
    it.erp.remove(CUSTOMER, "C1");
    it.edit(record, "phone", "2").await;
    it.edit(other, "phone", "2").await;
    it.run().await;
    assert_eq!(it.link(link).await.failure.unwrap().reason.id, "sync-failed-gone");
    assert_eq!(it.crm(record, "phone").await, "2");
    assert_eq!(it.erp.created(), 0);
    assert_eq!(it.erp.get(CUSTOMER, "C2", "PHONE"), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_a_save_is_looked_up_and_logged_once() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    it.erp.forget_calls();
    it.erp.fail("save", Fault::After(broken_off()));
    it.run().await;
    assert_eq!(it.erp.count("save"), 1, "not sent again");
    assert_eq!(it.log(), ["phone: 1 > 2 (erp)"]);
    assert!(!it.link(link).await.is_dirty);
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_overlap_and_the_position_moves_only_after_a_poll_that_ended_well() {
    let it = Setting::new().await;
    it.linked("C1", "A", "1").await;
    it.erp.put(CUSTOMER, "C9", &[("NAME", "X")]);
    let asked = |it: &Setting| -> Vec<String> {
        let calls = it.erp.calls();
        calls.iter().filter(|call| call.starts_with("since Customer")).cloned().collect()
    };
    it.erp.forget_calls();
    it.run().await;
    it.run().await;
    it.run().await;
    assert_eq!(asked(&it), ["since Customer", "since Customer", "since Customer 2"]);
    it.erp.put(CUSTOMER, "C9", &[("NAME", "Y")]);
    it.erp.forget_calls();
    it.erp.fail("since", Fault::After(broken_off()));
    it.run().await;
    it.clock.advance(5 * SECOND);
    it.finish(&it.engine).await;
    it.run().await;
    it.run().await;
    assert_eq!(
        asked(&it),
        ["since Customer 2", "since Customer 2", "since Customer 2", "since Customer 3"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_times_of_change_say_nothing_is_synchronised_by_values() {
    for stamps in [Stamps::YearOne, Stamps::OnlyOwnUsers] {
        let it = Setting::new().await;
        it.erp.stamps(stamps);
        let (record, _) = it.linked("C1", "A", "1").await;
        for round in 2..5 {
            it.edit(record, "phone", &round.to_string()).await;
            it.run().await;
            assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), round.to_string());
            it.erp.put(CUSTOMER, "C1", &[("EMAIL", &format!("{round}@example.org"))]);
            it.run().await;
            assert_eq!(it.crm(record, "email").await, format!("{round}@example.org"));
        }
        let fields = it.log().len();
        it.run().await;
        assert_eq!((fields, it.log().len()), (6, 6));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_connection_gets_its_configuration_again_and_loses_nothing() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    it.erp.forget_connections();
    it.run().await;
    assert_eq!(it.erp.saved_configurations(), 1);
    assert_eq!(it.log(), ["phone: 1 > 2 (erp)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_keeps_failing_is_tried_ten_times_then_paused_until_a_person_says_so() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    it.erp.break_down(broken_off());
    it.run().await;
    let mut tries = 1;
    while tries < 10 {
        let waiting =
            jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap().unwrap();
        assert_eq!(waiting.attempt, tries);
        let wait = waiting.due_at - it.store.clock().now();
        assert!((2 * SECOND..=10 * MINUTE).contains(&wait), "{wait}");
        it.clock.advance(wait - 1);
        assert!(!it.engine.run_one_due().await.unwrap());
        it.clock.advance(1);
        it.finish(&it.engine).await;
        tries += 1;
    }
    let paused = connections::find(&it.store, it.connection).await.unwrap().unwrap();
    assert_eq!(paused.paused_because.as_deref(), Some("sync-paused-after-tries"));
    assert!(paused.is_active);
    assert_eq!(it.history("connection-paused").len(), 1);
    it.clock.advance(24 * HOUR);
    assert!(!it.engine.run_one_due().await.unwrap());
    it.erp.heal();
    it.engine.sync_connection(&anna(), it.connection).await.unwrap();
    it.finish(&it.engine).await;
    let resumed = connections::find(&it.store, it.connection).await.unwrap().unwrap();
    assert_eq!(resumed.paused_because, None);
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_that_does_not_let_us_in_is_asked_once() {
    use gleichlauf::connector::failure::Failure;
    let it = Setting::new().await;
    it.erp.fail("since", Fault::Before(Failure::HttpStatus { status: 401, retry_after: None }));
    it.erp.forget_calls();
    it.run().await;
    it.clock.advance(HOUR);
    it.finish(&it.engine).await;
    assert_eq!(it.erp.calls().len(), 1);
    let paused = connections::find(&it.store, it.connection).await.unwrap().unwrap();
    assert_eq!(paused.paused_because.as_deref(), Some("sync-paused-signed-out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erp_that_wants_to_be_left_alone_is() {
    use gleichlauf::connector::failure::Failure;
    use std::time::Duration;
    let it = Setting::new().await;
    let retry_after = Some(Duration::from_secs(1800));
    it.erp.fail("since", Fault::Before(Failure::HttpStatus { status: 503, retry_after }));
    it.run().await;
    let waiting = jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap().unwrap();
    assert_eq!(waiting.due_at - it.store.clock().now(), 30 * MINUTE);
    it.clock.advance(29 * MINUTE);
    assert!(!it.engine.run_one_due().await.unwrap(), "the schedule does not undercut it");
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_nothing_runs_but_what_a_person_asks_for() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    let mut tx = it.store.begin().await.unwrap();
    engine::switch_off(&mut tx, &anna()).await.unwrap();
    tx.commit().await.unwrap();
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "1");
    it.engine.sync_connection(&anna(), it.connection).await.unwrap();
    it.finish(&it.engine).await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2");
    assert_eq!(it.last_run().await.requested_by, "Anna");
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_the_clock_brings_neither_a_burst_nor_silence() {
    let it = Setting::new().await;
    let runs = |it: &Setting| it.erp.count("since Customer");
    it.erp.forget_calls();
    it.clock.set_forward(7 * 24 * HOUR);
    it.finish(&it.engine).await;
    assert_eq!(runs(&it), 1);
    it.clock.set_forward(-30 * 24 * HOUR);
    it.finish(&it.engine).await;
    it.run().await;
    assert_eq!(runs(&it), 2);
    it.run().await;
    assert_eq!(runs(&it), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_actor_type_does_not_stop_the_others() {
    let it = Setting::new().await;
    it.erp.put(ActorType::Project, "J1", &[("NAME", "Halle")]);
    let project = it.record(gleichlauf::crm::RecordKind::Project, None, &[("name", "Halle")]).await;
    it.connect(project, ActorType::Project, "J1").await;
    it.edit(project, "name", "Halle 2").await;
    it.erp.fail("since", Fault::Before(refusal("customers are closed")));
    it.run().await;
    assert_eq!(it.erp.get(ActorType::Project, "J1", "NAME"), "Halle 2");
    let last = it.last_run().await;
    assert_eq!((last.state, last.counts.to_erp), (JobState::Failed, 1));
    assert_eq!(last.failure.unwrap().arguments["said"], "customers are closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_while_the_erp_is_written_is_not_lost() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    let gate = it.erp.hold("save");
    it.clock.advance(15 * MINUTE);
    let engine = it.engine.clone();
    let run = tokio::spawn(async move { engine.run_one_due().await });
    gate.reached().await;
    it.edit(record, "phone", "3").await;
    it.erp.let_pass("save");
    gate.open();
    run.await.unwrap().unwrap();
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "3");
    assert_eq!(it.crm(record, "phone").await, "3");
    assert!(!it.link(link).await.is_dirty);
    assert_eq!(it.log(), ["phone: 1 > 2 (erp)", "phone: 2 > 3 (erp)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_poll_read_before_a_person_synchronised_does_not_undo_it() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "old")]);
    it.run().await;
    // The poll is held back after the connector has read its rows, while a person is faster.
    it.erp.put(CUSTOMER, "C1", &[("EMAIL", "x@example.org")]);
    let gate = it.erp.hold("sending");
    it.clock.advance(15 * MINUTE);
    let engine = it.engine.clone();
    let run = tokio::spawn(async move { engine.run_one_due().await });
    gate.reached().await;
    it.edit(record, "phone", "new").await;
    it.engine.sync_record(&anna(), link).await.unwrap();
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "new");
    it.erp.let_pass("sending");
    gate.open();
    run.await.unwrap().unwrap();
    assert_eq!(it.crm(record, "phone").await, "new");
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "new");
    assert!(!it.log().iter().any(|line| line.contains("> old (crm)") && line.contains("new")));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_engines_on_one_database_do_the_work_once() {
    let it = Setting::new().await;
    for number in 0..30 {
        let (record, _) = it.linked(&format!("C{number}"), &format!("N{number}"), "1").await;
        it.edit(record, "phone", "2").await;
    }
    let other = it.other_engine(Failpoints::default()).await;
    it.clock.advance(15 * MINUTE);
    it.erp.forget_calls();
    let (one, two) = tokio::join!(it.finish(&it.engine), it.finish(&other));
    let ((), ()) = (one, two);
    assert_eq!(it.log().len(), 30);
    assert_eq!(it.erp.count("since Customer"), 1);
    assert_eq!(
        it.last_run().await.counts,
        Counts { polled: 30, checked: 30, to_erp: 30, ..Counts::default() }
    );
}
