//! The engine is killed, everywhere: afterwards nothing is lost, nothing is done twice, and the history
//! tells each field once. Being killed is being dropped, together with everything it held.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use gleichlauf::clock::{MINUTE, SECOND};
use gleichlauf::connector::types::{ActorRef, FieldValues};
use gleichlauf::crm::RecordId;
use gleichlauf::mapping::Side;
use gleichlauf::runs::{JobState, Task};
use gleichlauf::store::{jobs, links};
use gleichlauf::sync::Engine;
use gleichlauf::sync::connect::Choice;
use gleichlauf::sync::create::Created;
use gleichlauf::sync::failpoint::{Failpoints, Moment, Operation, Point};
use gleichlauf::sync::person::NotDone;
use jiff::tz::TimeZone;
use tokio::task::JoinHandle;

use super::setting::{CUSTOMER, Setting, anna};
use crate::support::unruly_erp::Gate;

/// Runs `work` on an engine of its own until it stands still at `point`, and drops it there. `false`: it
/// never came there.
pub async fn killed_at<F: Future>(
    it: &Setting,
    point: Point,
    work: impl FnOnce(Engine) -> F,
) -> bool {
    let (failpoints, stop) = Failpoints::standing_still(point);
    let engine = it.other_engine(failpoints).await;
    tokio::select! {
        _ = work(engine) => false,
        () = stop.reached() => true,
    }
}

async fn run(engine: Engine) {
    while engine.run_one_due().await.unwrap() {}
}

async fn connect(it: &Setting, engine: &Engine, record: RecordId) -> Result<(), NotDone> {
    let actor = ActorRef { kind: CUSTOMER, key: "C1".to_owned() };
    let sides = [("NAME".to_owned(), Side::Crm)].into();
    let choice = Choice { sides, answers: FieldValues::new() };
    engine.connect(&anna(), (it.connection, record), &actor, choice).await.map(|_| ())
}

async fn create(it: &Setting, engine: &Engine, record: RecordId) -> Result<Created, NotDone> {
    let place = (it.connection, record);
    engine.create(&anna(), place, CUSTOMER, &TimeZone::UTC, &FieldValues::new()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_a_run_loses_nothing_and_doubles_nothing() {
    let points = Point::all();
    let of_runs = points
        .into_iter()
        .filter(|Point(operation, _)| matches!(operation, Operation::Poll | Operation::Save));
    for point in of_runs {
        let it = Setting::new().await;
        let (record, link) = it.linked("C1", "A", "1").await;
        let (other, _) = it.linked("C2", "B", "1").await;
        it.edit(record, "phone", "2").await;
        it.erp.put(CUSTOMER, "C2", &[("EMAIL", "x@example.org")]);
        it.clock.advance(15 * MINUTE);
        assert!(killed_at(&it, point, run).await, "{point} is never reached");
        let engine = it.take_over().await;
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2", "{point}");
        assert_eq!(it.crm(other, "email").await, "x@example.org", "{point}");
        let mut log = it.log();
        log.sort();
        assert_eq!(log, ["email:  > x@example.org (crm)", "phone: 1 > 2 (erp)"], "{point}");
        assert_eq!(it.database.ask("SELECT COUNT(*) FROM erp_write"), ["0"], "{point}");
        assert!(!it.link(link).await.is_dirty, "{point}");
        it.clock.advance(15 * MINUTE);
        it.finish(&engine).await;
        assert_eq!(it.log().len(), 2, "{point}");
        let runs = jobs::list_ended(&it.store, it.connection, Task::Sync, 9).await.unwrap();
        assert!(runs.iter().any(|job| job.state == JobState::Failed), "the cut-off run is shown");
    }
}

/// A run waits for what is being found out about a write that was cut off.
struct Waiting {
    looking: JoinHandle<bool>,
    run: JoinHandle<bool>,
    /// Holds the look back.
    gate: Arc<Gate>,
}

impl Waiting {
    /// The write of a link whose record has a new phone number.
    async fn at(it: &Setting, record: RecordId) -> Self {
        it.edit(record, "phone", "2").await;
        it.clock.advance(15 * MINUTE);
        assert!(killed_at(it, Point(Operation::Save, Moment::IntentStored), run).await);
        let engine = it.other_engine(Failpoints::default()).await;
        it.finish(&engine).await;
        it.clock.advance(11 * SECOND);
        let gate = it.erp.hold("actors");
        let one = |engine: Engine| tokio::spawn(async move { engine.run_one_due().await.unwrap() });
        let looking = one(engine.clone());
        gate.reached().await;
        // Only this one call waits.
        it.erp.let_pass("actors");
        let mut run = one(engine);
        let is_over = tokio::time::timeout(Duration::from_millis(500), &mut run).await;
        assert!(is_over.is_err(), "it ended although nobody knew yet what became of the write");
        Self { looking, run, gate }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_passes_over_no_record_that_is_being_looked_up() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    let Waiting { looking, run, gate } = Waiting::at(&it, record).await;
    gate.open();
    assert!(looking.await.unwrap() && run.await.unwrap());
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2");
    assert!(!it.link(link).await.is_dirty);
    assert_eq!(it.log(), ["phone: 1 > 2 (erp)"]);
}

/// By the time a run comes to a write, another process may have taken it.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_another_process_took_is_left_to_it() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    let Waiting { looking, run, .. } = Waiting::at(&it, record).await;
    let _other = it.other_engine(Failpoints::default()).await;
    let newest = "(SELECT id FROM engine_process ORDER BY id DESC LIMIT 1)";
    assert!(it.database.sql(&format!("UPDATE erp_write SET holder = {newest}")));
    let holder = it.database.ask("SELECT holder FROM erp_write");
    looking.abort();
    assert!(run.await.unwrap());
    assert_eq!(it.database.ask("SELECT holder FROM erp_write"), holder);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_a_connect_is_done_wholly_or_not_at_all() {
    for point in Point::all().into_iter().filter(|Point(op, _)| *op == Operation::Connect) {
        let it = Setting::new().await;
        it.erp.put(CUSTOMER, "C1", &[("NAME", "Erp")]);
        let record = it.company(&[("name", "Crm")]).await;
        let it = &it;
        let hit = killed_at(it, point, |engine| async move { connect(it, &engine, record).await });
        assert!(hit.await, "{point} is never reached");
        let engine = it.take_over().await;
        let link = links::find_by_record(&it.store, it.connection, record).await.unwrap();
        let is_sent = !matches!(point.1, Moment::IntentStored | Moment::BeforeSend);
        assert_eq!(link.is_some(), is_sent, "{point}");
        if link.is_none() {
            assert_eq!((it.erp.get(CUSTOMER, "C1", "NAME"), it.log().len()), ("Erp".into(), 0));
            connect(it, &engine, record).await.unwrap();
        }
        assert_eq!(it.erp.get(CUSTOMER, "C1", "NAME"), "Crm", "{point}");
        assert_eq!(it.log(), ["name: Erp > Crm (erp)"], "{point}");
        assert_eq!(it.history("linked").len(), 1, "{point}");
        assert_eq!(it.database.ask("SELECT COUNT(*) FROM erp_write"), ["0"], "{point}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_a_create_makes_one_actor_at_most() {
    for point in Point::all().into_iter().filter(|Point(op, _)| *op == Operation::Create) {
        let it = Setting::new().await;
        let record = it.company(&[("name", "Ærø"), ("phone", "1")]).await;
        let it = &it;
        let hit = killed_at(it, point, |engine| async move { create(it, &engine, record).await });
        assert!(hit.await, "{point} is never reached");
        let engine = it.take_over().await;
        let is_sent = !matches!(point.1, Moment::IntentStored | Moment::BeforeSend);
        let link = links::find_by_record(&it.store, it.connection, record).await.unwrap();
        assert_eq!((link.is_some(), it.erp.created()), (is_sent, usize::from(is_sent)), "{point}");
        if is_sent {
            assert_eq!(it.crm(record, "number").await, "N0001", "{point}");
            assert_eq!((it.log().len(), it.history("linked").len()), (3, 1), "{point}");
        } else {
            let refused = create(it, &engine, record).await;
            assert!(matches!(refused, Err(NotDone::CreateUnclear(_))), "{point}: {refused:?}");
        }
    }
}

/// Lets a future be polled so many times.
pub struct Polled<F> {
    pub future: F,
    pub left: usize,
}

impl<F: Future + Unpin> Future for Polled<F> {
    /// `None`: it was not ready by then.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        Pin::new(&mut self.future).poll(context).map(Some)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_await_a_run_loses_nothing_and_doubles_nothing() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "0").await;
    it.erp.capitalise("NAME");
    let (mut polls, mut round) = (1, 0);
    loop {
        round += 1;
        let (phone, name) = (format!("p{round}"), format!("n{round}"));
        let (rows, old) = (it.log().len(), it.crm(record, "email").await);
        let email = format!("{round}@example.org");
        it.edit(record, "phone", &phone).await;
        it.edit(record, "name", &name).await;
        it.erp.put(CUSTOMER, "C1", &[("EMAIL", &email)]);
        it.clock.advance(15 * MINUTE);
        let engine = it.other_engine(Failpoints::default()).await;
        let ended = Polled { future: pin!(run(engine)), left: polls }.await;
        it.take_over().await;
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), phone, "{polls} polls");
        assert_eq!(it.erp.get(CUSTOMER, "C1", "NAME"), name.to_uppercase(), "{polls} polls");
        assert_eq!(it.crm(record, "name").await, name.to_uppercase(), "{polls} polls");
        assert_eq!(it.crm(record, "email").await, email, "{polls} polls");
        let log = it.log().split_off(rows);
        assert_eq!(log.len(), 4, "{polls} polls, {old}: {log:?}");
        assert!(!it.link(link).await.is_dirty, "{polls} polls");
        if ended.is_some() {
            break;
        }
        polls += 1 + polls / 8;
    }
    assert!(round > 10, "{round} rounds: the run was hardly ever interrupted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_slept_too_long_writes_nothing_any_more() {
    use Moment::{AfterSend, BeforeSend, IntentStored, ReplyRead};
    for moment in [IntentStored, BeforeSend, AfterSend, ReplyRead] {
        let it = Setting::new().await;
        let (record, _) = it.linked("C1", "A", "1").await;
        it.edit(record, "phone", "2").await;
        it.clock.advance(15 * MINUTE);
        let (failpoints, stop) = Failpoints::standing_still(Point(Operation::Save, moment));
        let sleeper = it.other_engine(failpoints).await;
        let asleep = tokio::spawn(async move { sleeper.run_one_due().await });
        stop.reached().await;
        it.take_over().await;
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2", "{moment:?}");
        it.edit(record, "phone", "3").await;
        it.run().await;
        let saves = it.erp.count("save");
        stop.go_on();
        let _ = asleep.await.unwrap();
        assert_eq!(it.erp.count("save"), saves, "{moment:?}");
        it.run().await;
        assert_eq!(it.log(), ["phone: 1 > 2 (erp)", "phone: 2 > 3 (erp)"], "{moment:?}");
        assert_eq!(it.crm(record, "phone").await, "3", "{moment:?}");
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "3", "{moment:?}");
    }
}
