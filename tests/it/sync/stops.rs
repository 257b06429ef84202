//! Runs that somebody wants to end, or whose asker may no longer ask; and jobs of other tasks beside them.

use gleichlauf::clock::{HOUR, MINUTE};
use gleichlauf::connector::failure::Failure;
use gleichlauf::crm::RecordId;
use gleichlauf::history::Actor;
use gleichlauf::runs::{Job, JobState, Task, Trigger};
use gleichlauf::store::{connections, engine, jobs, users};
use gleichlauf::sync::failpoint::Failpoints;
use gleichlauf::users::{NewUser, Preferences, Role, Theme, UserChange, UserId};
use tokio::task::JoinHandle;

use super::setting::{CUSTOMER, Setting, anna};
use crate::support::database::is_postgres;
use crate::support::unruly_erp::{Fault, refusal};

async fn person(it: &Setting, login: &str) -> UserId {
    let new = NewUser {
        login: login.to_owned(),
        name: "Bea".to_owned(),
        role: Role::Admin,
        groups: Vec::new(),
        preferences: Preferences { language: None, zone: "UTC".to_owned(), theme: Theme::Auto },
    };
    let mut tx = it.store.begin().await.unwrap();
    let id = users::insert_user(&mut tx, &Actor::system(), &new).await.unwrap();
    users::set_password(&mut tx, &Actor::system(), id, "hash").await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Has a connection synchronised for somebody called Bea.
async fn ask(it: &Setting, id: UserId) {
    let bea = Actor::user(id, "Bea", "admin", "192.0.2.7");
    it.engine.sync_connection(&bea, it.connection).await.unwrap();
}

async fn disable(it: &Setting, id: UserId) {
    let version = users::find_user(&it.store, id).await.unwrap().unwrap().version;
    let mut tx = it.store.begin().await.unwrap();
    users::disable_user(&mut tx, &Actor::system(), id, version).await.unwrap();
    tx.commit().await.unwrap();
}

async fn demote(it: &Setting, id: UserId) {
    let version = users::find_user(&it.store, id).await.unwrap().unwrap().version;
    let login = format!("b{id}");
    let change =
        UserChange { login, name: "Bea".to_owned(), role: Role::Auditor, groups: Vec::new() };
    let mut tx = it.store.begin().await.unwrap();
    users::update_user(&mut tx, &Actor::system(), id, version, &change).await.unwrap();
    tx.commit().await.unwrap();
}

async fn stop(it: &Setting, job: &Job) -> bool {
    let mut tx = it.store.begin().await.unwrap();
    let is_done = jobs::request_stop(&mut tx, &anna(), job.id).await.unwrap();
    tx.commit().await.unwrap();
    is_done
}

async fn running(it: &Setting) -> Job {
    jobs::find_running(&it.store, it.connection, Task::Sync).await.unwrap().unwrap()
}

async fn waiting(it: &Setting) -> Job {
    jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap().unwrap()
}

/// A record that has to be sent.
async fn changed(it: &Setting, key: &str) -> RecordId {
    let (record, _) = it.linked(key, key, "1").await;
    it.edit(record, "phone", "2").await;
    record
}

fn work(it: &Setting) -> JoinHandle<()> {
    let engine = it.engine.clone();
    tokio::spawn(async move { assert!(engine.run_one_due().await.unwrap()) })
}

/// Has somebody's run come to where it has read both sides of a record, does something, and lets it go on.
async fn in_the_middle<T>(it: &Setting, act: impl AsyncFnOnce() -> T) -> T {
    in_a_call(it, "actors", act).await
}

/// The same in the first call of another operation.
async fn in_a_call<T>(it: &Setting, operation: &'static str, act: impl AsyncFnOnce() -> T) -> T {
    let gate = it.erp.hold(operation);
    let work = work(it);
    gate.reached().await;
    let done = act().await;
    it.erp.let_pass(operation);
    gate.open();
    work.await.unwrap();
    done
}

async fn assert_called_off(it: &Setting) {
    let last = it.last_run().await;
    assert_eq!(last.state, JobState::Failed);
    assert_eq!(last.failure.unwrap().id, "sync-failed-called-off");
    assert_eq!(it.database.ask("SELECT COUNT(*) FROM erp_write"), ["0"]);
    let connection = connections::find(&it.store, it.connection).await.unwrap().unwrap();
    assert_eq!(connection.paused_because, None);
    // The schedule goes on as if nothing had been.
    let next = waiting(it).await;
    assert_eq!((next.trigger, next.attempt), (Trigger::Schedule, 0));
    assert_eq!((next.requested_by.as_str(), next.requested_by_id), ("", None));
    assert_eq!(next.due_at, it.store.clock().now() + 15 * MINUTE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_before_its_next_record_when_somebody_wants_it_to() {
    let it = Setting::new().await;
    changed(&it, "C1").await;
    it.clock.advance(15 * MINUTE);
    in_the_middle(&it, async || {
        let job = running(&it).await;
        assert!(stop(&it, &job).await);
        assert!(!stop(&it, &job).await, "once is enough");
    })
    .await;
    assert_eq!((it.erp.count("save"), it.erp.get(CUSTOMER, "C1", "PHONE").as_str()), (0, "1"));
    assert_called_off(&it).await;
    assert_eq!(it.history("stop-requested"), [r#"{}|{"task":"sync"}"#]);
    assert_eq!(it.history("run-ended").len(), 1);
    assert!(!stop(&it, &it.last_run().await).await, "it is over");
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_erp_changed_is_not_taken_over_any_more_either() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    it.erp.put(CUSTOMER, "C1", &[("PHONE", "3")]);
    it.clock.advance(15 * MINUTE);
    let gate = it.erp.hold("since");
    let work = work(&it);
    gate.reached().await;
    assert!(stop(&it, &running(&it).await).await);
    it.erp.let_pass("since");
    gate.open();
    work.await.unwrap();
    assert_eq!(it.crm(record, "phone").await, "1");
    assert_called_off(&it).await;
    it.run().await;
    assert_eq!(it.crm(record, "phone").await, "3");
}

/// The connector did not take them together, so they are sent one by one.
#[tokio::test(flavor = "multi_thread")]
async fn between_records_sent_one_by_one_it_ends_too() {
    let it = Setting::new().await;
    changed(&it, "C1").await;
    changed(&it, "C2").await;
    it.clock.advance(15 * MINUTE);
    it.erp.fail("save", Fault::Before(refusal("not so many")));
    let gate = it.erp.hold("save");
    let work = work(&it);
    gate.reached().await;
    assert!(stop(&it, &running(&it).await).await);
    it.erp.let_pass("save");
    gate.open();
    work.await.unwrap();
    assert_eq!(it.erp.count("save"), 1);
    let last = it.last_run().await;
    assert_eq!(last.failure.unwrap().id, "sync-failed-called-off");
    it.run().await;
    let phone = |key| it.erp.get(CUSTOMER, key, "PHONE");
    assert_eq!((phone("C1").as_str(), phone("C2").as_str()), ("2", "2"));
    assert_eq!(it.log().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_before_its_next_record_when_who_asked_may_no_longer_ask() {
    for is_disabled in [true, false] {
        let it = Setting::new().await;
        let id = person(&it, "bea").await;
        person(&it, "ada").await;
        changed(&it, "C1").await;
        ask(&it, id).await;
        in_the_middle(&it, async || match is_disabled {
            true => disable(&it, id).await,
            false => demote(&it, id).await,
        })
        .await;
        assert_eq!(it.erp.count("save"), 0);
        assert_called_off(&it).await;
        it.run().await;
        assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2", "the schedule's run does it");
    }
}

/// Names are not unique: somebody else of the same name keeps what they asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_namesake_keeps_what_they_asked_for() {
    let it = Setting::new().await;
    let (id, namesake) = (person(&it, "bea").await, person(&it, "bea2").await);
    changed(&it, "C1").await;
    ask(&it, id).await;
    disable(&it, namesake).await;
    let kept = waiting(&it).await;
    assert_eq!((kept.trigger, kept.requested_by_id), (Trigger::Person, Some(id)));
    let other = person(&it, "bea3").await;
    in_the_middle(&it, async || disable(&it, other).await).await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2");
    let last = it.last_run().await;
    assert_eq!((last.state, last.requested_by.as_str()), (JobState::Done, "Bea"));
}

/// Its process ends, or the ERP fails, after it was called off: nobody tries again in that person's name.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_again_is_not_made_for_who_may_no_longer_ask() {
    let it = Setting::new().await;
    let id = person(&it, "bea").await;
    person(&it, "ada").await;
    changed(&it, "C1").await;
    ask(&it, id).await;
    let unreachable = Failure::Unreachable { detail: "refused".to_owned() };
    it.erp.fail("since", Fault::Before(unreachable));
    in_a_call(&it, "since", async || disable(&it, id).await).await;
    let next = waiting(&it).await;
    assert_eq!((next.trigger, next.attempt), (Trigger::Schedule, 1));
    assert_eq!((next.requested_by.as_str(), next.requested_by_id), ("", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_waits_is_over_at_once() {
    let it = Setting::new().await;
    changed(&it, "C1").await;
    let before = waiting(&it).await;
    assert!(stop(&it, &before).await);
    let last = it.last_run().await;
    assert_eq!((last.id, last.state), (before.id, JobState::Failed));
    assert_eq!(last.failure.unwrap().id, "sync-failed-called-off");
    assert_eq!(jobs::find_waiting(&it.store, it.connection, Task::Sync).await.unwrap(), None);
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2", "the schedule makes another one");
}

/// A job of another task is waiting: neither the schedule nor who wants to synchronise takes it for theirs,
/// and it is not begun by a program that does not know it.
#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_other_tasks_are_none_of_the_schedules_business() {
    let it = Setting::new().await;
    let id = person(&it, "bea").await;
    person(&it, "ada").await;
    let far_off = it.store.clock().now() + 1_000 * HOUR;
    let other = |job: i64, due: i64| {
        format!(
            "INSERT INTO job (id, connection_id, task, trigger_kind, state, due_at, attempt, counts, requested_by, \
             requested_by_id) VALUES ({job}, {}, 'other', 'person', 'waiting', {due}, 0, '{{}}', 'Bea', NULL)",
            it.connection
        )
    };
    assert!(it.database.sql("DELETE FROM job WHERE state = 'waiting'"));
    assert!(it.database.sql(&other(7, far_off)));
    assert!(!it.database.sql(&other(8, far_off)), "one of each");
    changed(&it, "C1").await;
    it.run().await;
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2", "the schedule sees no job of its own");
    changed(&it, "C2").await;
    ask(&it, id).await;
    it.finish(&it.engine).await;
    assert_eq!(it.erp.get(CUSTOMER, "C2", "PHONE"), "2");
    let as_it_was = "SELECT state, trigger_kind, due_at, stop_at IS NULL FROM job WHERE id = 7";
    let bool = |is: bool| match is_postgres() {
        true => {
            if is {
                "t"
            } else {
                "f"
            }
        }
        false => {
            if is {
                "1"
            } else {
                "0"
            }
        }
    };
    let row = |due: i64, is_open: bool| vec![format!("waiting|person|{due}|{}", bool(is_open))];
    assert_eq!(it.database.ask(as_it_was), row(far_off, true));
    assert!(it.database.sql("UPDATE job SET due_at = 0 WHERE id = 7"));
    it.run().await;
    assert_eq!(it.database.ask(as_it_was), row(0, true));
    assert!(it.database.sql(&format!("UPDATE job SET requested_by_id = {id} WHERE id = 7")));
    disable(&it, id).await;
    assert_eq!(it.database.ask(as_it_was), row(0, false), "it is to end, not the schedule's");
}

/// Its process is gone, and meanwhile so is who asked.
#[tokio::test(flavor = "multi_thread")]
async fn cut_off_it_is_not_made_again_for_who_may_no_longer_ask() {
    let it = Setting::new().await;
    let id = person(&it, "bea").await;
    person(&it, "ada").await;
    let mut tx = it.store.begin().await.unwrap();
    engine::switch_off(&mut tx, &anna()).await.unwrap();
    tx.commit().await.unwrap();
    changed(&it, "C1").await;
    ask(&it, id).await;
    let engine = it.other_engine(Failpoints::default()).await;
    let gate = it.erp.hold("actors");
    let killed = tokio::spawn(async move { engine.run_one_due().await });
    gate.reached().await;
    killed.abort();
    assert!(killed.await.is_err());
    it.erp.let_pass("actors");
    disable(&it, id).await;
    it.take_over().await;
    assert_eq!(it.erp.count("save"), 0);
    let next = waiting(&it).await;
    assert_eq!((next.trigger, next.requested_by_id), (Trigger::Schedule, None));
}
