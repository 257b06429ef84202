//! How a run ended: noted, and followed by the next one, by another try, or by none until a person says so.

use super::{Engine, SyncError, chance, log, reason, schedule};
use crate::clock::{HOUR, Millis};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::failure::Failure;
use crate::history::{Action, Actor, Event, Subject};
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::{Claim, Counts, Job, Trigger};
use crate::store::error::StoreError;
use crate::store::jobs::NewJob;
use crate::store::{Tx, connections, engine, jobs};

/// Failed runs in a row after which a connection is left alone.
const TRIES: i64 = 10;
/// The longest an ERP may make us wait.
pub(super) const LONGEST_WAIT: Millis = HOUR;

impl Engine {
    pub(super) async fn end(
        &self,
        connection: &ErpConnection,
        (job, claim): (&Job, Claim),
        counts: Counts,
        ended: Result<(), SyncError>,
    ) -> Result<(), SyncError> {
        let mut tx = self.store.begin().await?;
        match jobs::fence(&mut tx, claim).await {
            // Whoever took over has noted it.
            Err(StoreError::Overtaken) => return Ok(()),
            other => other?,
        }
        let reason = ended.as_ref().err().map(reason_of);
        jobs::end(&mut tx, job.id, &counts, reason.as_ref()).await?;
        record_end(&mut tx, connection, job, &counts, reason.as_ref()).await?;
        let now = tx.clock().now();
        match ended {
            Ok(()) => {
                connections::set_last_sync(&mut tx, connection.id, now).await?;
                let interval = engine::settings(&mut tx).await?.interval;
                let due = schedule::next_due(interval, job.started_at, now);
                jobs::enqueue(&mut tx, &scheduled(connection.id, due)).await?;
            }
            Err(SyncError::Stopped) => again(&mut tx, job, now, job.attempt).await?,
            Err(error) => retry_or_pause(&mut tx, connection, job, &error).await?,
        }
        Ok(tx.commit().await?)
    }
}

/// After a failed run: another try later, or, after too many, none until a person says so.
async fn retry_or_pause(
    tx: &mut Tx,
    connection: &ErpConnection,
    job: &Job,
    error: &SyncError,
) -> Result<(), SyncError> {
    let failure = match error {
        SyncError::Erp(failure) => Some(failure),
        _ => None,
    };
    let tries = job.attempt + 1;
    let at_once = failure.and_then(reason::pauses_at_once);
    let because = at_once.or((tries >= TRIES).then_some(Key::SYNC_PAUSED_AFTER_TRIES.id()));
    if let Some(because) = because {
        connections::pause(tx, &Actor::engine(), connection.id, because).await?;
        return Ok(());
    }
    let wait = schedule::pause(tries, chance()).max(asked_to_wait(failure));
    again(tx, job, tx.clock().now() + wait, tries).await
}

/// How long the ERP wants to be left alone.
fn asked_to_wait(failure: Option<&Failure>) -> Millis {
    match failure {
        Some(Failure::HttpStatus { retry_after: Some(wait), .. }) => {
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
        event = log::with_reason(event, reason);
    }
    Ok(tx.record(&Actor::engine(), &event).await?)
}

fn reason_of(error: &SyncError) -> StoredReason {
    match error {
        SyncError::Erp(failure) => reason::of(failure),
        SyncError::Store(error) => reason::of_store(error),
        SyncError::Lost => StoredReason::new(Key::SYNC_FAILED_CUT_OFF.id()),
        SyncError::Stopped => StoredReason::new(Key::SYNC_FAILED_STOPPED.id()),
    }
}

/// Has a run made again, as the one that asked for it wanted.
pub(super) async fn again(
    tx: &mut Tx,
    job: &Job,
    due_at: Millis,
    attempt: i64,
) -> Result<(), SyncError> {
    let next = NewJob {
        connection: job.connection_id,
        trigger: job.trigger,
        due_at,
        attempt,
        requested_by: &job.requested_by,
    };
    Ok(jobs::enqueue(tx, &next).await?)
}

pub(super) fn scheduled(connection: ConnectionId, due_at: Millis) -> NewJob<'static> {
    NewJob { connection, trigger: Trigger::Schedule, due_at, attempt: 0, requested_by: "" }
}
