//! One actor, one record or one actor type goes wrong: the others do not notice.

use gleichlauf::clock::{HOUR, MINUTE, SECOND};
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::handover::Whose;
use gleichlauf::connector::types::{Actor, ActorRef, ActorType, FieldValues};
use gleichlauf::runs::{Counts, JobState, Task};
use gleichlauf::store::{connections, engine, jobs, positions};
use gleichlauf::sync::failpoint::{Failpoints, Moment, Operation, Point};
use tokio::sync::watch;

use super::setting::{CUSTOMER, Setting, anna};
use crate::support::unruly_erp::{Fault, Stamps, broken_off, refusal};

fn server_error() -> Failure {
    Failure::HttpStatus { status: 500, retry_after: None }
}

fn customer(key: &str) -> Whose {
    Whose::Known(ActorRef { kind: CUSTOMER, key: key.to_owned() })
}

async fn paused(it: &Setting) -> Option<String> {
    connections::find(&it.store, it.connection).await.unwrap().unwrap().paused_because
}

async fn position(it: &Setting) -> String {
    let sql = "SELECT p.newest FROM poll_position p JOIN actor_mapping a ON a.id = p.actor_mapping_id \
               WHERE a.actor_type = 'Customer'";
    it.database.ask(sql).remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_that_cannot_be_read_is_listed_and_holds_up_no_other() {
    let it = Setting::new().await;
    let (good, _) = it.linked("C1", "A", "1").await;
    let (bad, link) = it.linked("C2", "B", "1").await;
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "2")]);
    it.erp.put(CUSTOMER, "C2", &[("PHONE", "2")]);
    it.erp.garble(customer("C2"), "actor 2: FieldValues: PHONE: a field twice");
    it.edit(good, "email", "x@example.org").await;
    it.run().await;
    assert_eq!(it.crm(good, "phone").await, "2");
    assert_eq!(it.erp.get(CUSTOMER, "C1", "EMAIL"), "x@example.org");
    let last = it.last_run().await;
    assert_eq!((last.state, last.counts.unreadable), (JobState::Done, 1));
    assert_eq!(last.notes.len(), 1);
    assert!(last.notes[0].arguments["detail"].contains("PHONE: a field twice"));
    let failure = it.link(link).await.failure.unwrap();
    assert!(failure.reason.arguments["detail"].contains("PHONE: a field twice"), "{failure:?}");
    it.erp.heal();
    it.clock.advance(HOUR);
    it.run().await;
    assert_eq!(it.crm(bad, "phone").await, "2", "it is asked for by its key");
    assert_eq!(it.link(link).await.failure, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_told_apart_holds_the_position_back_for_a_while_only() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.run().await;
    let before = position(&it).await;
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "2")]);
    it.erp.garble(Whose::Unknown, "actor 1: ErpKey: missing");
    for _ in 0..3 {
        it.run().await;
        assert_eq!(position(&it).await, before);
    }
    assert_eq!(it.crm(record, "phone").await, "2");
    assert_eq!(it.link(link).await.failure, None, "nobody knows whose it is");
    it.run().await;
    assert_ne!(position(&it).await, before);
    let last = it.last_run().await;
    assert_eq!((last.state, last.counts.unreadable), (JobState::Done, 1));
    assert_eq!(paused(&it).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_a_type_that_is_not_synchronised_holds_nothing_back() {
    let it = Setting::new().await;
    it.linked("S1", "A", "1").await;
    it.run().await;
    let before = position(&it).await;
    it.erp.put(CUSTOMER, "S1", &[("PHONE", "2")]);
    it.erp.garble(Whose::Foreign, "actor 1: ActorType: not one of the contract");
    it.run().await;
    assert_ne!(position(&it).await, before);
    assert_eq!(it.last_run().await.counts.unreadable, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_cannot_be_polled_is_still_sent_and_waits_by_itself() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    let asked = |it: &Setting| it.erp.count("since Customer");
    for round in 0..12 {
        it.edit(record, "phone", &format!("{round}")).await;
        it.erp.fail("since", Fault::Before(refusal("customers are closed")));
        it.erp.forget_calls();
        it.run().await;
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), format!("{round}"));
        let last = it.last_run().await;
        assert_eq!(last.state, JobState::Failed, "{round}");
        assert_eq!(asked(&it), 1);
    }
    assert_eq!(paused(&it).await, None, "the others and the way into the ERP worked");
    let mapping = it.database.ask("SELECT id FROM actor_mapping WHERE actor_type = 'Customer'");
    let tries = positions::tries(&it.store, mapping[0].parse().unwrap()).await.unwrap();
    assert_eq!(tries.failures, 12);
    let wait = tries.next_try - it.store.clock().now();
    assert!((5 * MINUTE..=10 * MINUTE).contains(&wait), "{wait}");
    let waiting = jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap().unwrap();
    assert_eq!(waiting.due_at, tries.next_try);
    // A run before its time leaves the type's poll alone; one that a person asks for does not.
    it.erp.forget_calls();
    it.engine.sync_connection(&anna(), it.connection).await.unwrap();
    it.finish(&it.engine).await;
    assert_eq!(asked(&it), 1);
    assert_eq!(it.last_run().await.state, JobState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_whose_reading_breaks_the_erp_fail_alone() {
    for failure in [server_error(), broken_off()] {
        let it = Setting::new().await;
        for number in 0..100 {
            let (record, _) = it.linked(&format!("C{number:03}"), &format!("N{number}"), "1").await;
            it.edit(record, "phone", "2").await;
        }
        let bad = ["C041", "C042", "C043", "C044", "C077"];
        bad.iter().for_each(|key| it.erp.damage(key, failure.clone()));
        it.run().await;
        let done = it.erp.all(CUSTOMER).iter().filter(|actor| actor.fields["PHONE"] == "2").count();
        assert_eq!(done, 95);
        let failing = "SELECT erp_key FROM link WHERE failure IS NOT NULL ORDER BY erp_key";
        assert_eq!(it.database.ask(failing), bad);
        assert_eq!(it.last_run().await.state, JobState::Done);
        // From then on they are asked for alone, after the others.
        let (record, _) = it.linked("C999", "N", "1").await;
        it.edit(record, "phone", "2").await;
        it.erp.forget_calls();
        it.run().await;
        assert_eq!(it.erp.get(CUSTOMER, "C999", "PHONE"), "2");
        let asked: Vec<String> =
            it.erp.calls().into_iter().filter(|call| call.starts_with("actors")).collect();
        assert_eq!(asked[0], "actors C999");
        assert_eq!(asked.len(), 1 + bad.len() + 1, "one to see whether it is alive: {asked:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erp_that_answers_nothing_is_not_asked_about_every_record() {
    let it = Setting::new().await;
    for number in 0..50 {
        let (record, _) = it.linked(&format!("C{number:03}"), &format!("N{number}"), "1").await;
        it.edit(record, "phone", "2").await;
    }
    it.erp.break_down(server_error());
    it.erp.forget_calls();
    it.run().await;
    assert_eq!(it.erp.count("actors"), 1 + 3, "{:?}", it.erp.calls());
    assert_eq!(it.last_run().await.state, JobState::Failed);
    it.erp.heal();
    it.clock.advance(HOUR);
    it.run().await;
    assert!(it.erp.all(CUSTOMER).iter().all(|actor| actor.fields["PHONE"] == "2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_left_behind_that_cannot_be_looked_up_holds_up_nothing_else() {
    let it = Setting::new().await;
    let (first, _) = it.linked("C1", "A", "1").await;
    let (second, _) = it.linked("C2", "B", "1").await;
    it.edit(first, "phone", "2").await;
    it.clock.advance(15 * MINUTE);
    let (failpoints, stop) = Failpoints::standing_still(Point(Operation::Save, Moment::AfterSend));
    let engine = it.other_engine(failpoints).await;
    tokio::select! {
        () = it.finish(&engine) => panic!("it was never there"),
        () = stop.reached() => {}
    }
    drop(engine);
    it.erp.damage("C1", server_error());
    it.edit(second, "phone", "2").await;
    let engine = it.take_over().await;
    it.clock.advance(15 * MINUTE);
    it.finish(&engine).await;
    assert_eq!(it.erp.get(CUSTOMER, "C2", "PHONE"), "2");
    assert_eq!(it.database.ask("SELECT erp_key FROM erp_write"), ["C1"]);
    it.erp.heal();
    it.clock.advance(HOUR);
    it.finish(&engine).await;
    assert_eq!(it.database.ask("SELECT COUNT(*) FROM erp_write"), ["0"]);
    assert_eq!(it.log().len(), 2);
}

/// A create whose answer got lost, and which nobody could look up; its process is alive.
async fn left_behind(it: &Setting) {
    use gleichlauf::sync::person::NotDone;
    use jiff::tz::TimeZone;
    let record = it.company(&[("name", "Ærø")]).await;
    let place = (it.connection, record);
    it.erp.fail("create", Fault::After(broken_off()));
    let gate = it.erp.hold("create");
    let (engine, erp) = (it.engine.clone(), it.erp.clone());
    let creating = tokio::spawn(async move {
        engine.create(&anna(), place, CUSTOMER, &TimeZone::UTC, &FieldValues::new()).await
    });
    gate.reached().await;
    erp.fail("search", Fault::Before(broken_off()));
    erp.let_pass("create");
    gate.open();
    let made = creating.await.unwrap();
    assert!(matches!(made, Err(NotDone::NotKnown(_))), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_left_behind_is_not_hammered_at_a_closed_door() {
    let it = Setting::new().await;
    left_behind(&it).await;
    it.erp.break_down(Failure::HttpStatus { status: 401, retry_after: None });
    it.erp.forget_calls();
    for _ in 0..5 {
        it.clock.advance(HOUR);
        it.finish(&it.engine).await;
    }
    assert_eq!(it.erp.calls().len(), 1, "{:?}", it.erp.calls());
    assert_eq!(paused(&it).await.as_deref(), Some("sync-paused-signed-out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_engine_is_off_a_write_left_behind_is_not_looked_up_for_ever() {
    let it = Setting::new().await;
    let mut tx = it.store.begin().await.unwrap();
    engine::switch_off(&mut tx, &anna()).await.unwrap();
    tx.commit().await.unwrap();
    left_behind(&it).await;
    it.erp.break_down(broken_off());
    it.erp.forget_calls();
    for _ in 0..30 {
        it.clock.advance(HOUR);
        it.finish(&it.engine).await;
    }
    assert_eq!(it.erp.calls().len(), 10);
    it.erp.heal();
    it.engine.sync_connection(&anna(), it.connection).await.unwrap();
    it.finish(&it.engine).await;
    assert_eq!(it.history("linked").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_with_our_own_database_is_not_held_against_the_connection() {
    let it = Setting::new().await;
    it.linked("C1", "A", "1").await;
    it.database.ask("ALTER TABLE poll_position RENAME TO elsewhere");
    for round in 0..12 {
        it.run().await;
        assert_eq!(it.last_run().await.state, JobState::Failed, "{round}");
        let waiting =
            jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap().unwrap();
        assert_eq!(waiting.attempt, 0);
        let wait = waiting.due_at - it.store.clock().now();
        assert!((10 * SECOND..=20 * SECOND).contains(&wait), "{wait}");
    }
    assert_eq!(paused(&it).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_tells_of_each_change_of_an_actor_brings_the_last_one() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "2")]);
    let mut old = it.erp.all(CUSTOMER).remove(0);
    old.last_modified = "1".to_owned();
    old.fields.insert("PHONE".to_owned(), "old".to_owned());
    it.erp.add_to_answers(old);
    it.run().await;
    assert_eq!(it.crm(record, "phone").await, "2");
    assert_eq!(it.log(), ["phone: 1 > 2 (crm)"]);
    assert_eq!(it.last_run().await.state, JobState::Done);
    assert_eq!(it.link(link).await.failure, None);
    // Without times of change the answer's order says which one is the last.
    it.erp.heal();
    it.erp.stamps(Stamps::YearOne);
    let mut old = it.erp.all(CUSTOMER).remove(0);
    old.last_modified = "0001-01-01T00:00:00".to_owned();
    old.fields.insert("PHONE".to_owned(), "older".to_owned());
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "3")]);
    it.erp.add_to_answers(old);
    it.run().await;
    assert_eq!(it.crm(record, "phone").await, "3");
    assert_eq!(it.log().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_of_another_type_with_the_same_key_is_not_taken_for_it() {
    let it = Setting::new().await;
    let (record, _) = it.linked("K1", "A", "1").await;
    let fields = FieldValues::from([("PHONE".to_owned(), "wrong".to_owned())]);
    it.erp.add_to_answers(Actor {
        kind: ActorType::Supplier,
        key: "K1".to_owned(),
        last_modified: "99".to_owned(),
        fields,
        parent: None,
    });
    it.run().await;
    assert_eq!(it.crm(record, "phone").await, "1");
    it.edit(record, "phone", "2").await;
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "K1", "PHONE"), "2");
    assert_eq!(it.log(), ["phone: 1 > 2 (erp)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_erp_says_although_it_saves_is_kept_with_the_run() {
    use gleichlauf::connector::types::State;
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    for (state, note) in
        [(State::OkWithInfo, "sync-note-information"), (State::Warning, "sync-note-warning")]
    {
        it.erp.remark(state, "US:\"Credit checked\"");
        it.edit(record, "phone", note).await;
        it.run().await;
        let last = it.last_run().await;
        assert_eq!((last.state, last.notes.len()), (JobState::Done, 1));
        assert_eq!(last.notes[0].id, note);
        assert_eq!(last.notes[0].arguments["said"], "US:\"Credit checked\"");
        assert_eq!(it.link(link).await.failure, None);
    }
    let (engine, heard) = it.engine.listening();
    it.edit(record, "phone", "3").await;
    engine.sync_record(&anna(), link).await.unwrap();
    assert_eq!(heard.take().len(), 1, "a person hears it, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_from_the_erp_is_looked_for_from_time_to_time() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    let gone = it.erp.all(CUSTOMER).remove(0);
    it.erp.remove(CUSTOMER, "C1");
    it.edit(record, "phone", "2").await;
    it.erp.forget_calls();
    for _ in 0..96 {
        it.run().await;
    }
    let asked = it.erp.count("actors");
    assert!((4..=6).contains(&asked), "in a day, after 0, 1, 3, 7 and 15 hours: {asked}");
    assert_eq!(it.link(link).await.failure.unwrap().reason.id, "sync-failed-gone");
    assert_eq!(it.last_run().await.state, JobState::Done);
    // A missing answer was no deletion: it is there again.
    it.erp.put(CUSTOMER, "C1", &[("NAME", "A"), ("PHONE", &gone.fields["PHONE"]), ("EMAIL", "")]);
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2");
    assert_eq!(it.link(link).await.failure, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_fields_that_cannot_travel_are_named() {
    let it = Setting::new().await;
    it.erp.ignore_field("PHONE");
    it.erp.ignore_field("EMAIL");
    let (record, link) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    it.edit(record, "email", "x@example.org").await;
    it.run().await;
    let reason = it.link(link).await.failure.unwrap().reason;
    let all = [&reason].into_iter().chain(&reason.also);
    let mut fields: Vec<_> = all.map(|one| one.arguments["field"].clone()).collect();
    fields.sort();
    assert_eq!(fields, ["EMAIL", "PHONE"]);
    assert_eq!(it.history("record-failed").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_ends_when_the_program_does() {
    let it = Setting::new().await;
    it.linked("C1", "A", "1").await;
    it.run().await;
    let gate = it.erp.hold("sending");
    it.clock.advance(15 * MINUTE);
    let (stop, stopped) = watch::channel(false);
    let engine = it.engine.clone();
    let working = tokio::spawn(async move { engine.work(stopped).await });
    gate.reached().await;
    stop.send(true).unwrap();
    working.await.unwrap();
    let last = it.last_run().await;
    assert_eq!(last.failure.unwrap().id, "sync-failed-stopped");
    let waiting = jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap().unwrap();
    assert_eq!((waiting.attempt, waiting.due_at), (0, it.store.clock().now()));
}

#[tokio::test(flavor = "multi_thread")]
async fn however_much_a_poll_brings_little_of_it_is_held() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C000", "N", "1").await;
    let large = "x".repeat(1 << 20);
    for number in 0..60 {
        let key = format!("C{number:03}");
        let fields = [("NAME", large.as_str()), ("PHONE", &large), ("EMAIL", &large)];
        it.erp.put(CUSTOMER, &key, if number == 0 { &[] } else { &fields });
    }
    it.erp.put(CUSTOMER, "C000", &[("PHONE", "2")]);
    it.run().await;
    assert_eq!(it.crm(record, "phone").await, "2");
    assert_eq!(
        it.last_run().await.counts,
        Counts { polled: 60, checked: 1, to_crm: 1, ..Counts::default() }
    );
    let held = it.erp.most_held();
    assert!((4 << 20..=8 << 20).contains(&held), "{held}");
}
