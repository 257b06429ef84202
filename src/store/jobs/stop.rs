//! Bringing runs to an end before their end. Whoever wants that notes it at the job; the run itself looks,
//! whatever process it is in, before it begins anything more.

use super::find;
use crate::history::{Action, Actor, Event, Subject};
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::{Job, JobId, JobState, Trigger};
use crate::store::row::{args, to_json};
use crate::store::{Read, Result, Tx, connection_rows};
use crate::users::UserId;

/// Has a run come to an end at its next record; one that waits is over at once. `false`: it is over, or
/// somebody asked already.
pub async fn request_stop(tx: &mut Tx, actor: &Actor, job: JobId) -> Result<bool> {
    tx.alone().await?;
    let Some(job) = find(&mut *tx, job).await?.filter(|job| job.stop_at.is_none()) else {
        return Ok(false);
    };
    match job.state {
        JobState::Done | JobState::Failed => return Ok(false),
        JobState::Running => record_request(tx, actor, &job).await?,
        JobState::Waiting => {
            record_request(tx, actor, &job).await?;
            end_waiting(tx, job.id).await?;
        }
    }
    let sql = "UPDATE job SET stop_at = $2 WHERE id = $1";
    tx.execute_one(sql, args![job.id, tx.clock().now()]).await?;
    Ok(true)
}

/// Whether a run is to come to an end.
pub async fn is_called_off(mut db: impl Read, job: JobId) -> Result<bool> {
    let sql = "SELECT id FROM job WHERE id = $1 AND stop_at IS NOT NULL";
    Ok(db.row(sql, args![job]).await?.is_some())
}

/// What somebody asked for who may no longer ask: a synchronisation that waits becomes the schedule's, done
/// only while the engine is on; everything else comes to an end.
pub(in crate::store) async fn disown(tx: &mut Tx, user: UserId) -> Result<()> {
    let sql = "UPDATE job SET trigger_kind = $2, requested_by = '', requested_by_id = NULL \
               WHERE requested_by_id = $1 AND task = 'sync' AND state = 'waiting'";
    tx.execute(sql, args![user, Trigger::Schedule.as_str()]).await?;
    let sql = "UPDATE job SET stop_at = $2 \
               WHERE requested_by_id = $1 AND state IN ('waiting', 'running') AND stop_at IS NULL";
    tx.execute(sql, args![user, tx.clock().now()]).await.map(|_| ())
}

async fn record_request(tx: &mut Tx, actor: &Actor, job: &Job) -> Result<()> {
    let connection = connection_rows::find(&mut *tx, job.connection_id).await?;
    let name = connection.map(|connection| connection.name).unwrap_or_default();
    let subject = Subject::new("connection", job.connection_id, &name);
    let event = Event::new(Action::StopRequested, subject)
        .in_connection(job.connection_id, &name)
        .after("task", job.task.as_str());
    tx.record(actor, &event).await
}

async fn end_waiting(tx: &mut Tx, job: JobId) -> Result<()> {
    let reason = to_json(&StoredReason::new(Key::SYNC_FAILED_CALLED_OFF.id()))?;
    let sql = "UPDATE job SET state = 'failed', ended_at = $2, failure = $3 WHERE id = $1";
    tx.execute_one(sql, args![job, tx.clock().now(), reason]).await
}
