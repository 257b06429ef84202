//! What keeps synchronising going. Jobs of other tasks are none of its business.

use super::{COLUMNS, NewJob, enqueue, job};
use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::runs::{Job, JobId};
use crate::store::row::args;
use crate::store::{Read, Result, Tx};

/// Has a run made as a person wishes: one that waits already is made due.
pub async fn hurry(tx: &mut Tx, new: &NewJob<'_>) -> Result<()> {
    tx.alone().await?;
    let sql = "UPDATE job SET trigger_kind = $3, due_at = $4, attempt = $5, requested_by = $6, requested_by_id = $7 \
               WHERE connection_id = $1 AND task = $2 AND state = 'waiting'";
    let (task, trigger) = (new.task.as_str(), new.trigger.as_str());
    let who = (new.requested_by, new.requested_by_id);
    let args = args![new.connection, task, trigger, new.due_at, new.attempt, who.0, who.1];
    match tx.execute(sql, args).await? {
        0 => enqueue(tx, new).await,
        _ => Ok(()),
    }
}

/// Active connections, not paused, that have no synchronisation waiting or going on.
pub async fn list_idle(mut db: impl Read) -> Result<Vec<ConnectionId>> {
    let sql = "SELECT c.id FROM erp_connection c WHERE c.is_active AND NOT c.is_deleted \
               AND c.paused_because IS NULL AND NOT EXISTS (SELECT 1 FROM job j WHERE j.connection_id = c.id \
               AND j.task = 'sync' AND j.state IN ('waiting', 'running')) ORDER BY c.id";
    db.rows(sql, args![]).await?.iter().map(|row| row.int("id")).collect()
}

/// The synchronisations of all connections that wait or go on.
pub async fn list_open(mut db: impl Read) -> Result<Vec<Job>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE task = 'sync' AND state IN ('waiting', 'running') ORDER BY id"
    );
    db.rows(&sql, args![]).await?.iter().map(job).collect()
}

/// Synchronisations that wait and are further off than they can be meant to be: the interval was made shorter, or the
/// clock was set back.
pub async fn list_far_off(
    mut db: impl Read,
    first_tries_after: Millis,
    retries_after: Millis,
) -> Result<Vec<JobId>> {
    let sql = "SELECT id FROM job WHERE task = 'sync' AND state = 'waiting' \
               AND due_at > CASE WHEN attempt = 0 THEN $1 ELSE $2 END";
    let rows = db.rows(sql, args![first_tries_after, retries_after]).await?;
    rows.iter().map(|row| row.int("id")).collect()
}

/// Moves a waiting run.
pub async fn set_due(tx: &mut Tx, job: JobId, due_at: Millis) -> Result<()> {
    let sql = "UPDATE job SET due_at = $2 WHERE id = $1 AND state = 'waiting'";
    tx.execute(sql, args![job, due_at]).await.map(|_| ())
}
