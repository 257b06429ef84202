//! Resync from the CRM: counted, confirmed, written; stopped, and going on wherever it was cut off.

use std::pin::pin;

use gleichlauf::clock::MINUTE;
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::RecordId;
use gleichlauf::history::Actor;
use gleichlauf::mapping::rules::FieldRules;
use gleichlauf::mapping::{Direction, FieldMapping};
use gleichlauf::runs::resync::{Item, ItemState, Resync, ResyncId, ResyncState, Tally};
use gleichlauf::store::page::Place;
use gleichlauf::store::resyncs::{self, items};
use gleichlauf::store::{jobs, mappings};
use gleichlauf::sync::Engine;
use gleichlauf::sync::failpoint::{Failpoints, Operation, Point};
use gleichlauf::sync::resync::{NotAsked, Wanted};

use super::crashes::{Polled, killed_at};
use super::setting::{CUSTOMER, Setting, anna};
use crate::support::unruly_erp::{Fault, broken_off};

async fn prepare(it: &Setting, wanted: Wanted) -> ResyncId {
    let asked = (&wanted, false);
    it.engine.prepare_resync(&anna(), it.connection, asked).await.unwrap()
}

/// Has it counted.
async fn counted(it: &Setting, wanted: Wanted) -> ResyncId {
    let id = prepare(it, wanted).await;
    it.finish(&it.engine).await;
    assert_eq!(find(it, id).await.state, ResyncState::Counted);
    id
}

async fn confirm(it: &Setting, id: ResyncId) -> Result<(), NotAsked> {
    it.engine.confirm_resync(&anna(), (it.connection, id)).await
}

async fn stop(it: &Setting, id: ResyncId) -> bool {
    it.engine.stop_resync(&anna(), (it.connection, id)).await.unwrap()
}

async fn find(it: &Setting, id: ResyncId) -> Resync {
    resyncs::find(&it.store, it.connection, id).await.unwrap().unwrap()
}

async fn all_items(it: &Setting, id: ResyncId) -> Vec<Item> {
    let mut all = Vec::new();
    for state in ItemState::ALL {
        all.extend(items::page(&it.store, id, state, Place::First, 500).await.unwrap().items);
    }
    all
}

/// The reason a record has in a resync.
async fn reason(it: &Setting, id: ResyncId, record: RecordId) -> String {
    let item = items::find(&it.store, id, record).await.unwrap().unwrap();
    item.reason.map(|reason| reason.id).unwrap_or_default()
}

/// Customers whose phone was changed in the ERP, which nobody has noticed yet.
async fn spoilt(it: &Setting, keys: &[&str]) -> Vec<RecordId> {
    let mut records = Vec::new();
    for key in keys {
        records.push(it.linked(key, key, "1").await.0);
    }
    for key in keys {
        it.erp.put(CUSTOMER, key, &[("PHONE", "9")]);
    }
    records
}

/// After how many figures the database agrees with itself: each is the number of its records.
async fn assert_figures(it: &Setting, id: ResyncId) -> Tally {
    let (tally, items) = (find(it, id).await.tally, all_items(it, id).await);
    let count = |state| items.iter().filter(|item| item.state == state).count() as i64;
    assert_eq!(tally.written, count(ItemState::Written), "{tally:?}");
    assert_eq!(tally.failed, count(ItemState::Failed), "{tally:?}");
    assert_eq!(tally.nothing + tally.settled, count(ItemState::Nothing), "{tally:?}");
    assert_eq!(tally.open(), count(ItemState::Open) + count(ItemState::Unread), "{tally:?}");
    tally
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_says_what_would_be_written_and_changes_nothing() {
    let it = Setting::new().await;
    let records = spoilt(&it, &["C1", "C2"]).await;
    it.linked("C3", "C", "1").await;
    // Changes that do not go to the ERP are none of a resync's business.
    it.linked("C4", "D", "1").await;
    it.erp.put(CUSTOMER, "C4", &[("NUMBER", "77")]);
    let (gone, _) = it.linked("C5", "E", "1").await;
    it.erp.remove(CUSTOMER, "C5");
    it.erp.forget_calls();
    let id = counted(&it, Wanted::All).await;
    let tally = assert_figures(&it, id).await;
    let (total, found) =
        (tally.total, (tally.differing, tally.fields, tally.nothing, tally.unread));
    assert_eq!((total, found), (Some(5), (2, 2, 2, 1)));
    assert_eq!(it.erp.count("save"), 0);
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "9");
    assert_eq!((it.log().len(), reason(&it, id, gone).await.as_str()), (0, "sync-failed-gone"));
    let open = items::find(&it.store, id, records[0]).await.unwrap().unwrap();
    assert_eq!((open.state, open.fields), (ItemState::Open, vec!["PHONE".to_owned()]));
    assert_eq!(it.history("resync-prepared").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_confirmed_is_written_although_a_synchronisation_is_due() {
    let it = Setting::new().await;
    let records = spoilt(&it, &["C1", "C2"]).await;
    it.erp.put(CUSTOMER, "C1", &[("NUMBER", "77")]);
    let id = counted(&it, Wanted::All).await;
    it.clock.advance(15 * MINUTE);
    confirm(&it, id).await.unwrap();
    assert!(it.engine.run_one_due().await.unwrap());
    let resync = find(&it, id).await;
    let tally = assert_figures(&it, id).await;
    assert_eq!((resync.state, tally.written, tally.fields_written), (ResyncState::Done, 2, 2));
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "1");
    assert_eq!(it.crm(records[0], "number").await, "", "nothing goes the other way");
    let written = ["phone: 9 > 1 (erp)", "phone: 9 > 1 (erp)"];
    assert_eq!(it.log(), written);
    it.finish(&it.engine).await;
    assert_eq!(it.crm(records[0], "number").await, "77", "that is left to the synchronisation");
    assert_eq!(it.crm(records[0], "phone").await, "1");
    assert_eq!(it.erp.get(CUSTOMER, "C2", "PHONE"), "1");
    assert_eq!(it.log().len(), 3);
    assert_eq!((it.history("resync-confirmed").len(), it.history("resync-ended").len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_actor_type_or_chosen_records_are_dealt_with_alone() {
    let it = Setting::new().await;
    let records = spoilt(&it, &["C1", "C2"]).await;
    let tally = |id| assert_figures(&it, id);
    let none = prepare(&it, Wanted::Type(ActorType::Person)).await;
    it.finish(&it.engine).await;
    assert_eq!(find(&it, none).await.state, ResyncState::Done, "there is nothing to confirm");
    assert!(matches!(confirm(&it, none).await, Err(NotAsked::NotThere)));
    let one = counted(&it, Wanted::Records(vec![records[1]])).await;
    assert_eq!((tally(one).await.total, tally(one).await.differing), (Some(1), 1));
    confirm(&it, one).await.unwrap();
    it.finish(&it.engine).await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "9");
    assert_eq!(it.erp.get(CUSTOMER, "C2", "PHONE"), "1");
    let customers = counted(&it, Wanted::Type(CUSTOMER)).await;
    assert_eq!((tally(customers).await.differing, tally(customers).await.nothing), (1, 1));
    let foreign = it.company(&[("name", "Not linked")]).await;
    let asked = (&Wanted::Records(vec![foreign]), false);
    let refused = it.engine.prepare_resync(&anna(), it.connection, asked).await;
    assert!(matches!(refused, Err(NotAsked::NothingChosen)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_fails_stops_no_other_and_can_be_tried_again() {
    let it = Setting::new().await;
    let records = spoilt(&it, &["C1", "C2", "C3"]).await;
    let id = counted(&it, Wanted::All).await;
    it.erp.refuse("C2", "US:\"Locked\"");
    confirm(&it, id).await.unwrap();
    it.finish(&it.engine).await;
    let tally = assert_figures(&it, id).await;
    assert_eq!((tally.written, tally.failed, tally.open()), (2, 1, 0));
    assert_eq!(find(&it, id).await.state, ResyncState::Done);
    assert_eq!(reason(&it, id, records[1]).await, "failure-refused");
    assert_eq!(it.erp.get(CUSTOMER, "C3", "PHONE"), "1");
    it.erp.accept("C2");
    let left = counted(&it, Wanted::LeftOf(id)).await;
    assert_eq!(assert_figures(&it, left).await.total, Some(1));
    confirm(&it, left).await.unwrap();
    it.finish(&it.engine).await;
    assert_eq!(it.erp.get(CUSTOMER, "C2", "PHONE"), "1");
}

/// The answer got lost: the ERP is asked what it holds, and the resync is told.
#[tokio::test(flavor = "multi_thread")]
async fn what_turns_out_to_have_been_written_after_all_is_said_so() {
    let it = Setting::new().await;
    let records = spoilt(&it, &["C1"]).await;
    let id = counted(&it, Wanted::All).await;
    it.erp.fail("save", Fault::After(broken_off()));
    confirm(&it, id).await.unwrap();
    let gate = it.erp.hold("save");
    let engine = it.engine.clone();
    let work = tokio::spawn(async move { engine.run_one_due().await });
    gate.reached().await;
    // Nor can it be looked at at once.
    it.erp.damage("C1", broken_off());
    it.erp.let_pass("save");
    gate.open();
    work.await.unwrap().unwrap();
    assert_eq!(assert_figures(&it, id).await.failed, 1);
    it.erp.heal();
    it.run().await;
    let tally = assert_figures(&it, id).await;
    assert_eq!((tally.written, tally.failed), (1, 0), "{tally:?}");
    assert_eq!(it.log(), ["phone: 9 > 1 (erp)"]);
    assert_eq!(it.crm(records[0], "phone").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_stopped_while_it_counts_or_writes_and_can_go_on() {
    let it = Setting::new().await;
    spoilt(&it, &["C1"]).await;
    let in_the_middle = async |id: ResyncId| {
        let gate = it.erp.hold("actors");
        let engine = it.engine.clone();
        let work = tokio::spawn(async move { engine.run_one_due().await });
        gate.reached().await;
        assert!(stop(&it, id).await);
        assert!(!stop(&it, id).await, "once is enough");
        it.erp.let_pass("actors");
        gate.open();
        work.await.unwrap().unwrap();
    };
    let id = prepare(&it, Wanted::All).await;
    in_the_middle(id).await;
    let resync = find(&it, id).await;
    assert_eq!((resync.state, resync.tally.counted()), (ResyncState::Failed, 0));
    assert_eq!(resync.failure.unwrap().id, "sync-failed-resync-stopped");
    assert!(matches!(confirm(&it, id).await, Err(NotAsked::NotThere)), "it was never counted");
    let id = prepare(&it, Wanted::All).await;
    assert!(stop(&it, id).await);
    assert_eq!(find(&it, id).await.state, ResyncState::Failed, "one that waits is over at once");
    let id = counted(&it, Wanted::All).await;
    confirm(&it, id).await.unwrap();
    in_the_middle(id).await;
    assert_eq!((it.erp.count("save"), find(&it, id).await.state), (0, ResyncState::Failed));
    assert_eq!(assert_figures(&it, id).await.open(), 1);
    confirm(&it, id).await.unwrap();
    it.finish(&it.engine).await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "1");
    assert_eq!(find(&it, id).await.state, ResyncState::Done);
    assert!(!stop(&it, id).await);
    assert_eq!(it.history("stop-requested").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_hold_only_for_what_was_counted() {
    let it = Setting::new().await;
    spoilt(&it, &["C1"]).await;
    let first = counted(&it, Wanted::All).await;
    let second = counted(&it, Wanted::All).await;
    confirm(&it, second).await.unwrap();
    assert!(matches!(confirm(&it, first).await, Err(NotAsked::AtWork)), "one at a time");
    let asked = (&Wanted::All, false);
    let another = it.engine.prepare_resync(&anna(), it.connection, asked).await;
    assert!(matches!(another, Err(NotAsked::AtWork)));
    it.deactivate().await;
    assert!(matches!(confirm(&it, first).await, Err(NotAsked::Inactive)));
    it.set_direction(CUSTOMER, "PHONE", Direction::TO_CRM).await;
    it.activate().await;
    assert!(matches!(confirm(&it, first).await, Err(NotAsked::Outdated)));
    it.finish(&it.engine).await;
    let resync = find(&it, second).await;
    assert_eq!(resync.failure.unwrap().id, "sync-failed-resync-superseded");
    assert_eq!((resync.state, it.erp.count("save")), (ResyncState::Failed, 0));
}

async fn let_blanks_through(it: &Setting, erp_key: &str) {
    let mut tx = it.store.begin().await.unwrap();
    let mut mapping = mappings::find(&mut tx, it.connection, CUSTOMER).await.unwrap().unwrap();
    let is_it = |field: &&mut FieldMapping| field.erp.key == erp_key;
    let field = mapping.fields.iter_mut().find(is_it).unwrap();
    field.rules = FieldRules { may_blank: true, ..field.rules };
    mappings::save(&mut tx, &Actor::system(), &mapping).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn blanks_travel_only_where_field_and_person_want_them_to() {
    let it = Setting::new().await;
    it.deactivate().await;
    let_blanks_through(&it, "PHONE").await;
    it.activate().await;
    it.run().await;
    it.linked("C1", "A", "").await;
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "9"), ("EMAIL", "x@example.org")]);
    let id = prepare(&it, Wanted::All).await;
    it.finish(&it.engine).await;
    assert_eq!(find(&it, id).await.tally.differing, 0, "without the tick blanks are ignored");
    let asked = (&Wanted::All, true);
    let id = it.engine.prepare_resync(&anna(), it.connection, asked).await.unwrap();
    it.finish(&it.engine).await;
    assert_eq!(find(&it, id).await.tally.fields, 1);
    confirm(&it, id).await.unwrap();
    assert!(it.engine.run_one_due().await.unwrap());
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "");
    assert_eq!(it.erp.get(CUSTOMER, "C1", "EMAIL"), "x@example.org");
}

async fn run(engine: Engine) {
    while engine.run_one_due().await.unwrap() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_it_goes_on_and_the_crm_stays_as_it_is() {
    let points =
        Point::all().into_iter().filter(|Point(operation, _)| *operation == Operation::Save);
    for point in points {
        let it = Setting::new().await;
        let records = spoilt(&it, &["C1", "C2"]).await;
        let id = counted(&it, Wanted::All).await;
        // A synchronisation is due, too, which would bring the ERP's value into the CRM.
        it.clock.advance(15 * MINUTE);
        confirm(&it, id).await.unwrap();
        assert!(killed_at(&it, point, run).await, "{point} is never reached");
        it.take_over().await;
        for (key, record) in ["C1", "C2"].into_iter().zip(&records) {
            assert_eq!(it.erp.get(CUSTOMER, key, "PHONE"), "1", "{point}");
            assert_eq!(it.crm(*record, "phone").await, "1", "{point}");
        }
        assert_eq!(it.log(), ["phone: 9 > 1 (erp)", "phone: 9 > 1 (erp)"], "{point}");
        assert_eq!(it.database.ask("SELECT COUNT(*) FROM erp_write"), ["0"], "{point}");
        let tally = assert_figures(&it, id).await;
        assert_eq!((tally.written, tally.fields_written), (2, 2), "{point}: {tally:?}");
        assert_eq!(find(&it, id).await.state, ResyncState::Done, "{point}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_await_it_counts_and_writes_everything_once() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "0").await;
    let (mut polls, mut round) = (1, 0);
    loop {
        round += 1;
        it.run().await;
        let (rows, spoilt) = (it.log().len(), format!("bad{round}"));
        it.erp.put(CUSTOMER, "C1", &[("PHONE", &spoilt)]);
        let id = prepare(&it, Wanted::All).await;
        let engine = it.other_engine(Failpoints::default()).await;
        let was_counted = Polled { future: pin!(run(engine)), left: polls }.await;
        it.take_over().await;
        assert_eq!(assert_figures(&it, id).await.total, Some(1), "{polls} polls");
        confirm(&it, id).await.unwrap();
        let engine = it.other_engine(Failpoints::default()).await;
        let ended = Polled { future: pin!(run(engine)), left: polls }.await;
        it.take_over().await;
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "0", "{polls} polls");
        assert_eq!(it.crm(record, "phone").await, "0", "{polls} polls");
        let log = it.log().split_off(rows);
        assert_eq!(log, [format!("phone: {spoilt} > 0 (erp)")], "{polls} polls");
        let tally = assert_figures(&it, id).await;
        assert_eq!((tally.written, find(&it, id).await.state), (1, ResyncState::Done));
        if was_counted.is_some() && ended.is_some() {
            break;
        }
        polls += 1 + polls / 8;
    }
    assert!(round > 10, "{round} rounds: it was hardly ever interrupted");
}

/// Counting many records gives way to a synchronisation that is due.
#[tokio::test(flavor = "multi_thread")]
async fn counting_lets_synchronisations_pass() {
    let it = Setting::new().await;
    for number in 0..150 {
        it.linked(&format!("C{number:03}"), "A", "1").await;
    }
    let id = prepare(&it, Wanted::All).await;
    it.clock.advance(15 * MINUTE);
    let synced =
        || it.database.ask("SELECT COUNT(*) FROM job WHERE task = 'sync' AND ended_at IS NOT NULL");
    let (before, mut has_passed) = (synced(), false);
    while it.engine.run_one_due().await.unwrap() {
        let is_counting = find(&it, id).await.state == ResyncState::Counting;
        has_passed |= is_counting && synced() != before;
    }
    assert!(has_passed);
    assert_eq!(assert_figures(&it, id).await.nothing, 150);
    assert_eq!(find(&it, id).await.state, ResyncState::Done);
    let last = jobs::list_ended(&it.store, it.connection, gleichlauf::runs::Task::Count, 9).await;
    assert!(last.unwrap().len() > 1, "it was done in pieces");
}
