//! Runs waiting, going on and over, one of the first two kinds at most per connection; and which process
//! is at work.
//!
//! A job is claimed once: its id is the fencing token. When its process is gone the job is over, another
//! one takes its place, and whatever its run still tries to write is refused by [`fence`].

use super::error::StoreError;
use super::row::{Row, args, to_json};
use super::{Read, Result, Tx, id, processes};
use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::links::StoredReason;
use crate::runs::{Claim, Counts, Job, JobId, JobState, ProcessId, Trigger};

const COLUMNS: &str = "id, connection_id, trigger_kind, state, due_at, attempt, started_at, ended_at, counts, failure, \
     requested_by";

/// A run about to be asked for.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    pub connection: ConnectionId,
    pub trigger: Trigger,
    pub due_at: Millis,
    pub attempt: i64,
    pub requested_by: &'a str,
}

/// Has a run made, unless one waits already.
pub async fn enqueue(tx: &mut Tx, new: &NewJob<'_>) -> Result<()> {
    tx.alone().await?;
    tx.execute(
        "INSERT INTO job (id, connection_id, trigger_kind, state, due_at, attempt, holder, started_at, ended_at, \
         counts, failure, requested_by) VALUES ($1, $2, $3, 'waiting', $4, $5, NULL, NULL, NULL, $6, NULL, $7) \
         ON CONFLICT DO NOTHING",
        args![
            id::fresh(tx.clock().now()),
            new.connection,
            new.trigger.as_str(),
            new.due_at,
            new.attempt,
            to_json(&Counts::default())?,
            new.requested_by
        ],
    )
    .await
    .map(|_| ())
}

/// Has a run made as a person wishes: one that waits already is made due.
pub async fn hurry(tx: &mut Tx, new: &NewJob<'_>) -> Result<()> {
    tx.alone().await?;
    let sql = "UPDATE job SET trigger_kind = $2, due_at = $3, attempt = $4, requested_by = $5 \
               WHERE connection_id = $1 AND state = 'waiting'";
    let trigger = new.trigger.as_str();
    let args = args![new.connection, trigger, new.due_at, new.attempt, new.requested_by];
    match tx.execute(sql, args).await? {
        0 => enqueue(tx, new).await,
        _ => Ok(()),
    }
}

/// What somebody asked for who may no longer ask becomes the schedule's: done only while the engine is on.
pub(super) async fn disown(tx: &mut Tx, name: &str) -> Result<()> {
    let sql = "UPDATE job SET trigger_kind = $2, requested_by = '' \
               WHERE requested_by = $1 AND state = 'waiting' AND trigger_kind = 'person'";
    tx.execute(sql, args![name, Trigger::Schedule.as_str()]).await.map(|_| ())
}

/// The run that has been due the longest, of connections that are active, not paused, and have no run
/// going on. Those of the schedule count only while the engine `is_on`.
pub async fn find_due(mut db: impl Read, is_on: bool) -> Result<Option<Job>> {
    let now = db.clock().now();
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE state = 'waiting' AND due_at <= $1 AND (trigger_kind = 'person' OR $2) \
         AND connection_id IN (SELECT id FROM erp_connection WHERE is_active AND NOT is_deleted \
         AND paused_because IS NULL) \
         AND connection_id NOT IN (SELECT connection_id FROM job WHERE state = 'running') \
         ORDER BY due_at, id LIMIT 1"
    );
    db.row(&sql, args![now, is_on]).await?.as_ref().map(job).transpose()
}

/// Claims the run that is due, if there is one.
pub async fn claim(tx: &mut Tx, process: ProcessId, is_on: bool) -> Result<Option<(Job, Claim)>> {
    tx.alone().await?;
    let Some(waiting) = find_due(&mut *tx, is_on).await? else { return Ok(None) };
    let now = tx.clock().now();
    processes::sign(tx, process).await?;
    let sql = "UPDATE job SET state = 'running', holder = $2, started_at = $3 WHERE id = $1";
    tx.execute_one(sql, args![waiting.id, process, now]).await?;
    let claim = Claim { job: waiting.id, process };
    Ok(Some((Job { state: JobState::Running, started_at: Some(now), ..waiting }, claim)))
}

/// Makes this transaction the only writer, and sees to it that the run may still write.
/// [`StoreError::Overtaken`]: it may not.
pub async fn fence(tx: &mut Tx, claim: Claim) -> Result<()> {
    tx.alone().await?;
    let sql = "SELECT id FROM job WHERE id = $1 AND holder = $2 AND state = 'running'";
    let row = (&mut *tx).row(sql, args![claim.job, claim.process]).await?;
    row.map(|_| ()).ok_or(StoreError::Overtaken)
}

/// Ends a run.
pub async fn end(
    tx: &mut Tx,
    job: JobId,
    counts: &Counts,
    failure: Option<&StoredReason>,
) -> Result<()> {
    let state = if failure.is_some() { JobState::Failed } else { JobState::Done };
    let failure = failure.map(to_json).transpose()?;
    tx.execute_one(
        "UPDATE job SET state = $2, ended_at = $3, counts = $4, failure = $5, holder = NULL \
         WHERE id = $1 AND state = 'running'",
        args![job, state.as_str(), tx.clock().now(), to_json(counts)?, failure.as_deref()],
    )
    .await
}

/// The run a connection has going on.
pub async fn find_running(db: impl Read, connection: ConnectionId) -> Result<Option<Job>> {
    Ok(select(db, "connection_id = $1 AND state = 'running'", connection, 1).await?.pop())
}

/// Whether a run of the connection is going on. What it has read from the ERP may be older than what is
/// being written now, so it has to look at the link once more.
pub async fn is_running(mut tx: &mut Tx, connection: ConnectionId) -> Result<bool> {
    let sql = "SELECT id FROM job WHERE connection_id = $1 AND state = 'running'";
    Ok(tx.row(sql, args![connection]).await?.is_some())
}

/// The run a connection has waiting.
pub async fn find_waiting(db: impl Read, connection: ConnectionId) -> Result<Option<Job>> {
    Ok(select(db, "connection_id = $1 AND state = 'waiting'", connection, 1).await?.pop())
}

/// The last runs of a connection that are over, newest first.
pub async fn list_ended(db: impl Read, connection: ConnectionId, limit: i64) -> Result<Vec<Job>> {
    select(db, "connection_id = $1 AND state IN ('done', 'failed')", connection, limit).await
}

async fn select(mut db: impl Read, condition: &str, argument: i64, limit: i64) -> Result<Vec<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE {condition} ORDER BY id DESC LIMIT $2");
    db.rows(&sql, args![argument, limit]).await?.iter().map(job).collect()
}

/// The runs that are going on, each with the process it is in; `None`: that process is gone.
pub async fn list_running(mut db: impl Read) -> Result<Vec<(Job, Option<ProcessId>)>> {
    let sql = format!(
        "SELECT {COLUMNS}, (SELECT p.id FROM engine_process p WHERE p.id = job.holder) AS process \
         FROM job WHERE state = 'running' ORDER BY id"
    );
    let rows = db.rows(&sql, args![]).await?;
    rows.iter().map(|row| Ok((job(row)?, row.opt_int("process")?))).collect()
}

/// Active connections, not paused, that have no run waiting or going on.
pub async fn list_idle(mut db: impl Read) -> Result<Vec<ConnectionId>> {
    let sql = "SELECT c.id FROM erp_connection c WHERE c.is_active AND NOT c.is_deleted \
               AND c.paused_because IS NULL AND NOT EXISTS (SELECT 1 FROM job j WHERE j.connection_id = c.id \
               AND j.state IN ('waiting', 'running')) ORDER BY c.id";
    db.rows(sql, args![]).await?.iter().map(|row| row.int("id")).collect()
}

/// Waiting runs that are further off than they can be meant to be: the interval was made shorter, or the
/// clock was set back.
pub async fn list_far_off(
    mut db: impl Read,
    first_tries_after: Millis,
    retries_after: Millis,
) -> Result<Vec<JobId>> {
    let sql = "SELECT id FROM job WHERE state = 'waiting' AND due_at > CASE WHEN attempt = 0 THEN $1 ELSE $2 END";
    let rows = db.rows(sql, args![first_tries_after, retries_after]).await?;
    rows.iter().map(|row| row.int("id")).collect()
}

/// Moves a waiting run.
pub async fn set_due(tx: &mut Tx, job: JobId, due_at: Millis) -> Result<()> {
    let sql = "UPDATE job SET due_at = $2 WHERE id = $1 AND state = 'waiting'";
    tx.execute(sql, args![job, due_at]).await.map(|_| ())
}

fn job(row: &Row) -> Result<Job> {
    Ok(Job {
        id: row.int("id")?,
        connection_id: row.int("connection_id")?,
        trigger: row.named("trigger_kind", Trigger::parse)?,
        state: row.named("state", JobState::parse)?,
        due_at: row.int("due_at")?,
        attempt: row.int("attempt")?,
        started_at: row.opt_int("started_at")?,
        ended_at: row.opt_int("ended_at")?,
        counts: row.json("counts")?,
        failure: row.opt_json("failure")?,
        requested_by: row.text("requested_by")?,
    })
}
