//! How a run ended: noted, and followed by the next one, by another try, or by none until a person says so.

use super::resync::over;
use super::{Engine, SyncError, chance, conformance, reason, schedule};
use crate::clock::{HOUR, Millis};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::failure::Failure;
use crate::history::{Action, Actor, Event, Subject};
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::{Claim, Counts, Job, Task, Trigger};
use crate::store::error::StoreError;
use crate::store::jobs::NewJob;
use crate::store::{Tx, connections, engine, jobs};

/// Failed runs in a row after which a connection is left alone.
pub(super) const TRIES: i64 = 10;
/// After trouble with our own database a run waits as after so many failures.
const OWN_TROUBLE: i64 = 3;
/// The longest an ERP may make us wait.
pub(super) const LONGEST_WAIT: Millis = HOUR;

/// What a run has done and met with.
#[derive(Default)]
pub(super) struct Done {
    pub counts: Counts,
    pub notes: Vec<StoredReason>,
}

impl Engine {
    pub(super) async fn end(
        &self,
        connection: &ErpConnection,
        (job, claim): (&Job, Claim),
        done: Done,
        ended: Result<(), SyncError>,
    ) -> Result<(), SyncError> {
        let mut tx = self.store.begin().await?;
        match jobs::fence(&mut tx, claim).await {
            // Whoever took over has noted it.
            Err(StoreError::Overtaken) => return Ok(()),
            other => other?,
        }
        // As it is by now: somebody may have called it off, or may no longer ask for it.
        let job = jobs::find(&mut tx, job.id).await?.ok_or(StoreError::Overtaken)?;
        let is_superseded = matches!(ended, Err(SyncError::Superseded));
        let reason = ended.as_ref().err().filter(|_| !is_superseded).map(reason_of);
        let Done { counts, notes } = &done;
        jobs::end(&mut tx, job.id, (counts, notes), reason.as_ref()).await?;
        match job.task {
            Task::Sync => {
                if !is_superseded {
                    record_end(&mut tx, connection, &job, counts, reason.as_ref()).await?;
                }
                go_on(&mut tx, connection, &job, ended).await?;
            }
            Task::Conformance => {
                conformance::record_end(&mut tx, connection, (job.id, reason.as_ref())).await?;
            }
            Task::Count | Task::Resync => {
                follow_resync(&mut tx, &job, &ended, reason.as_ref()).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

/// What follows a synchronisation: the next one, sooner or later, or a pause.
async fn go_on(
    tx: &mut Tx,
    connection: &ErpConnection,
    job: &Job,
    ended: Result<(), SyncError>,
) -> Result<(), SyncError> {
    let now = tx.clock().now();
    match ended {
        Ok(()) => {
            connections::set_last_sync(tx, connection.id, now).await?;
            let due = next_due(tx, job).await?;
            Ok(jobs::enqueue(tx, &scheduled(connection.id, due)).await?)
        }
        Err(SyncError::CalledOff) => {
            let due = next_due(tx, job).await?;
            Ok(jobs::enqueue(tx, &scheduled(connection.id, due)).await?)
        }
        Err(SyncError::Superseded) => begin_anew(tx, job).await,
        Err(SyncError::Stopped | SyncError::Lost) => again(tx, job, now, job.attempt).await,
        // It is us and not the ERP: no reason to leave the connection alone.
        Err(SyncError::Store(_)) => {
            again(tx, job, now + schedule::pause(OWN_TROUBLE, chance()), job.attempt).await
        }
        Err(SyncError::Partly { failure, due_at }) => {
            let due = next_due(tx, job).await?.min(due_at).max(now + asked_to_wait(&failure));
            let next = NewJob { attempt: 1, ..scheduled(connection.id, due) };
            Ok(jobs::enqueue(tx, &next).await?)
        }
        Err(SyncError::Erp(failure)) => retry_or_pause(tx, connection, job, &failure).await,
    }
}

/// What follows a job of a resync: another one that goes on with it, as long as it came to no end.
pub(super) async fn follow_resync(
    tx: &mut Tx,
    job: &Job,
    ended: &Result<(), SyncError>,
    reason: Option<&StoredReason>,
) -> Result<(), SyncError> {
    let found = connections::find(&mut *tx, job.connection_id).await?;
    let Some(connection) = found else { return Ok(()) };
    if over::goes_on(tx, &connection, job, ended, reason).await? {
        let now = tx.clock().now();
        again(tx, job, now, job.attempt).await?;
    }
    Ok(())
}

async fn next_due(tx: &mut Tx, job: &Job) -> Result<Millis, SyncError> {
    let interval = engine::settings(&mut *tx).await?.interval;
    Ok(schedule::next_due(interval, job.started_at, tx.clock().now()))
}

/// A run that may write no more because of what an admin did has not failed. Another one takes its place,
/// if there is still anything to run.
async fn begin_anew(tx: &mut Tx, job: &Job) -> Result<(), SyncError> {
    let found = connections::find(&mut *tx, job.connection_id).await?;
    if found.is_some_and(|found| found.is_active && !found.is_deleted) {
        let now = tx.clock().now();
        again(tx, job, now, job.attempt).await?;
    }
    Ok(())
}

/// After a failed run: another try later, or, after too many, none until a person says so.
async fn retry_or_pause(
    tx: &mut Tx,
    connection: &ErpConnection,
    job: &Job,
    failure: &Failure,
) -> Result<(), SyncError> {
    let tries = job.attempt + 1;
    let at_once = reason::pauses_at_once(failure);
    let because = at_once.or((tries >= TRIES).then_some(Key::SYNC_PAUSED_AFTER_TRIES.id()));
    if let Some(because) = because {
        connections::pause(tx, &Actor::engine(), connection.id, because).await?;
        return Ok(());
    }
    let wait = schedule::pause(tries, chance()).max(asked_to_wait(failure));
    again(tx, job, tx.clock().now() + wait, tries).await
}

/// How long the ERP wants to be left alone.
pub(super) fn asked_to_wait(failure: &Failure) -> Millis {
    match failure {
        Failure::HttpStatus { retry_after: Some(wait), .. } => {
            Millis::try_from(wait.as_millis()).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
        }
        _ => 0,
    }
}

/// The history has a run that did something, failed, or was asked for by a person.
async fn record_end(
    tx: &mut Tx,
    connection: &ErpConnection,
    job: &Job,
    counts: &Counts,
    reason: Option<&StoredReason>,
) -> Result<(), SyncError> {
    if !counts.is_eventful() && reason.is_none() && job.trigger == Trigger::Schedule {
        return Ok(());
    }
    let subject = Subject::new("connection", connection.id, &connection.name);
    let mut event = Event::new(Action::RunEnded, subject)
        .in_connection(connection.id, &connection.name)
        .after("to-crm", counts.to_crm.to_string())
        .after("to-erp", counts.to_erp.to_string())
        .after("conflicts", counts.conflicts.to_string())
        .after("failed", counts.failed.to_string());
    if let Some(reason) = reason {
        event = reason::noted(event, reason);
    }
    Ok(tx.record(&Actor::engine(), &event).await?)
}

fn reason_of(error: &SyncError) -> StoredReason {
    match error {
        SyncError::Erp(failure) | SyncError::Partly { failure, .. } => reason::of(failure),
        SyncError::Store(error) => reason::of_store(error),
        SyncError::Lost => StoredReason::new(Key::SYNC_FAILED_CUT_OFF.id()),
        SyncError::Superseded | SyncError::Stopped => {
            StoredReason::new(Key::SYNC_FAILED_STOPPED.id())
        }
        SyncError::CalledOff => StoredReason::new(Key::SYNC_FAILED_CALLED_OFF.id()),
    }
}

/// Has a run made again, as the one that asked for it wanted. Was it to come to an end, nobody wants it any
/// more but the schedule.
pub(super) async fn again(
    tx: &mut Tx,
    job: &Job,
    due_at: Millis,
    attempt: i64,
) -> Result<(), SyncError> {
    let next = NewJob { attempt, task: job.task, ..scheduled(job.connection_id, due_at) };
    let next = match job.stop_at {
        Some(_) => next,
        None => NewJob {
            trigger: job.trigger,
            requested_by: &job.requested_by,
            requested_by_id: job.requested_by_id,
            ..next
        },
    };
    Ok(jobs::enqueue(tx, &next).await?)
}

pub(super) fn scheduled(connection: ConnectionId, due_at: Millis) -> NewJob<'static> {
    NewJob {
        connection,
        task: Task::Sync,
        trigger: Trigger::Schedule,
        due_at,
        attempt: 0,
        requested_by: "",
        requested_by_id: None,
    }
}
