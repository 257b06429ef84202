//! Runs waiting, going on and over: of each task one at most waits per connection, and one run at most goes
//! on. [`schedule`] keeps synchronising going, [`stop`] brings runs to an end.
//!
//! A job is claimed once: its id is the fencing token. When its process is gone the job is over, another
//! one takes its place, and whatever its run still tries to write is refused by [`fence`].

mod schedule;
mod stop;

use super::error::StoreError;
use super::row::{Row, args, to_json};
use super::{Read, Result, Store, Tx, id, processes};
use crate::clock::{DAY, Millis};
use crate::connections::ConnectionId;
use crate::links::StoredReason;
use crate::runs::{Claim, Counts, Job, JobId, JobState, ProcessId, Task, Trigger};
use crate::users::UserId;

pub use schedule::{hurry, list_far_off, list_idle, list_open, set_due};
pub(super) use stop::disown;
pub use stop::{is_called_off, request_stop};

const COLUMNS: &str = "id, connection_id, task, trigger_kind, state, due_at, attempt, started_at, ended_at, counts, \
     failure, notes, requested_by, requested_by_id, stop_at";

/// How long synchronisations that are over are listed. What they did stands in the history.
const KEPT: Millis = 30 * DAY;

/// A run about to be asked for.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    pub connection: ConnectionId,
    pub task: Task,
    pub trigger: Trigger,
    pub due_at: Millis,
    pub attempt: i64,
    /// The person's name; blank for the schedule.
    pub requested_by: &'a str,
    pub requested_by_id: Option<UserId>,
}

/// Has a run made, unless one of its task waits already.
pub async fn enqueue(tx: &mut Tx, new: &NewJob<'_>) -> Result<()> {
    tx.alone().await?;
    tx.execute(
        "INSERT INTO job (id, connection_id, task, trigger_kind, state, due_at, attempt, holder, started_at, \
         ended_at, counts, failure, requested_by, requested_by_id, stop_at) \
         VALUES ($1, $2, $3, $4, 'waiting', $5, $6, NULL, NULL, NULL, $7, NULL, $8, $9, NULL) \
         ON CONFLICT DO NOTHING",
        args![
            id::fresh(tx.clock().now()),
            new.connection,
            new.task.as_str(),
            new.trigger.as_str(),
            new.due_at,
            new.attempt,
            to_json(&Counts::default())?,
            new.requested_by,
            new.requested_by_id
        ],
    )
    .await
    .map(|_| ())
}

/// Of which connections the waiting jobs of a task may begin. What a resync is about to overwrite must not come into
/// the CRM first.
fn may_begin(task: Task) -> &'static str {
    match task {
        Task::Sync => {
            "task = 'sync' AND connection_id IN (SELECT id FROM erp_connection WHERE is_active AND NOT is_deleted \
             AND paused_because IS NULL) AND connection_id NOT IN (SELECT r.connection_id FROM job r \
             WHERE r.task = 'resync' AND r.state = 'waiting')"
        }
        // Left alone after failures or not: a person asks for them.
        Task::Count | Task::Resync => {
            "task IN ('count', 'resync') AND connection_id IN (SELECT id FROM erp_connection \
             WHERE is_active AND NOT is_deleted)"
        }
        // Before it is activated, and to find out why it is paused.
        Task::Conformance => {
            "task = 'conformance' AND connection_id IN (SELECT id FROM erp_connection WHERE NOT is_deleted)"
        }
    }
}

/// The run that has been due the longest, of connections that have no run going on and that its task may
/// begin in. Those of the schedule count only while the engine `is_on`.
pub async fn find_due(mut db: impl Read, is_on: bool) -> Result<Option<Job>> {
    let now = db.clock().now();
    let may_begin = Task::ALL.map(may_begin).join(") OR (");
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE state = 'waiting' AND due_at <= $1 AND (trigger_kind = 'person' OR $2) \
         AND (({may_begin})) AND connection_id NOT IN (SELECT connection_id FROM job WHERE state = 'running') \
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
    (counts, notes): (&Counts, &[StoredReason]),
    failure: Option<&StoredReason>,
) -> Result<()> {
    let state = if failure.is_some() { JobState::Failed } else { JobState::Done };
    let failure = failure.map(to_json).transpose()?;
    tx.execute_one(
        "UPDATE job SET state = $2, ended_at = $3, counts = $4, failure = $5, notes = $6, holder = NULL \
         WHERE id = $1 AND state = 'running'",
        args![
            job,
            state.as_str(),
            tx.clock().now(),
            to_json(counts)?,
            failure.as_deref(),
            to_json(&notes)?
        ],
    )
    .await
}

pub async fn find(mut db: impl Read, id: JobId) -> Result<Option<Job>> {
    find_with(&mut db, id).await
}

/// The same for readers that go on reading.
pub(super) async fn find_with(db: &mut impl Read, id: JobId) -> Result<Option<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE id = $1");
    db.row(&sql, args![id]).await?.as_ref().map(job).transpose()
}

/// Whether a run of the connection, of any task, is going on. What it has read from the ERP may be older than
/// what is being written now, so it has to look at the link once more.
pub async fn is_running(mut tx: &mut Tx, connection: ConnectionId) -> Result<bool> {
    let sql = "SELECT id FROM job WHERE connection_id = $1 AND state = 'running'";
    Ok(tx.row(sql, args![connection]).await?.is_some())
}

/// The run of a task that a connection has going on.
pub async fn find_running(
    db: impl Read,
    connection: ConnectionId,
    task: Task,
) -> Result<Option<Job>> {
    Ok(select(db, "state = 'running'", (connection, task), 1).await?.pop())
}

/// The run of a task that a connection has waiting.
pub async fn find_waiting(
    db: impl Read,
    connection: ConnectionId,
    task: Task,
) -> Result<Option<Job>> {
    Ok(select(db, "state = 'waiting'", (connection, task), 1).await?.pop())
}

/// The last runs of a connection's task that are over, newest first.
pub async fn list_ended(
    db: impl Read,
    connection: ConnectionId,
    task: Task,
    limit: i64,
) -> Result<Vec<Job>> {
    select(db, "state IN ('done', 'failed')", (connection, task), limit).await
}

async fn select(
    mut db: impl Read,
    condition: &str,
    (connection, task): (ConnectionId, Task),
    limit: i64,
) -> Result<Vec<Job>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE connection_id = $1 AND task = $2 AND {condition} ORDER BY id DESC LIMIT $3"
    );
    db.rows(&sql, args![connection, task.as_str(), limit]).await?.iter().map(job).collect()
}

/// Forgets synchronisations that were over long ago, but for the last one of each connection.
pub async fn purge(store: &Store) -> Result<u64> {
    let sql = "DELETE FROM job WHERE task = 'sync' AND ended_at < $1 AND EXISTS (SELECT 1 FROM job later \
               WHERE later.connection_id = job.connection_id AND later.task = 'sync' AND later.id > job.id \
               AND later.ended_at IS NOT NULL)";
    store.execute(sql, args![store.clock().now() - KEPT]).await
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

fn job(row: &Row) -> Result<Job> {
    Ok(Job {
        id: row.int("id")?,
        connection_id: row.int("connection_id")?,
        task: row.named("task", Task::parse)?,
        trigger: row.named("trigger_kind", Trigger::parse)?,
        state: row.named("state", JobState::parse)?,
        due_at: row.int("due_at")?,
        attempt: row.int("attempt")?,
        started_at: row.opt_int("started_at")?,
        ended_at: row.opt_int("ended_at")?,
        counts: row.json("counts")?,
        failure: row.opt_json("failure")?,
        notes: row.json("notes")?,
        requested_by: row.text("requested_by")?,
        requested_by_id: row.opt_int("requested_by_id")?,
        stop_at: row.opt_int("stop_at")?,
    })
}
