//! Resyncs from the CRM: asked for, counted, confirmed, brought to an end. Their records are in [`items`].

pub mod candidates;
pub mod items;
pub mod looking;

use super::error::StoreError;
use super::row::{args, to_json};
use super::{Result, Tx, id, jobs};
use crate::connections::ErpConnection;
use crate::connector::types::ActorType;
use crate::history::{Action, Actor, Event, Subject};
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::resync::{Choice, Resync, ResyncId, ResyncState};
use crate::runs::{Task, Trigger};
use jobs::NewJob;

pub use looking::{find, find_at_work, list};

/// What a person asks for.
#[derive(Clone, Copy, Debug)]
pub struct NewResync {
    pub choice: Choice,
    pub with_blanks: bool,
}

/// Begins one with counting. [`StoreError::Taken`]: the connection has one at work already.
pub async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    connection: &ErpConnection,
    new: NewResync,
) -> Result<ResyncId> {
    let kind = kind_of(new.choice);
    let event = event(Action::ResyncPrepared, connection)
        .after("choice", new.choice.as_str())
        .changed("actor-type", "", kind.map(ActorType::as_str).unwrap_or_default())
        .after("with-blanks", if new.with_blanks { "yes" } else { "no" });
    tx.record(actor, &event).await?;
    let now = tx.clock().now();
    let id = id::fresh(now);
    tx.execute_one(
        "INSERT INTO resync (id, connection_id, choice, actor_type, with_blanks, state, generation, total, \
         differing, fields, in_step, unread, written, fields_written, settled, failed, failure, requested_by, \
         created_at, counted_at, confirmed_at, ended_at) \
         VALUES ($1, $2, $3, $4, $5, 'counting', $6, NULL, 0, 0, 0, 0, 0, 0, 0, 0, NULL, $7, $8, NULL, NULL, NULL)",
        args![
            id,
            connection.id,
            new.choice.as_str(),
            kind.map(ActorType::as_str),
            new.with_blanks,
            connection.generation,
            &actor.name,
            now
        ],
    )
    .await?;
    work(tx, actor, connection, Task::Count).await?;
    Ok(id)
}

/// Has a connection's waiting or broken-off resync write. [`StoreError::Overtaken`]: it cannot, or can no longer;
/// [`StoreError::Taken`]: another one is at work.
pub async fn confirm(
    tx: &mut Tx,
    actor: &Actor,
    connection: &ErpConnection,
    resync: &Resync,
) -> Result<()> {
    let event = event(Action::ResyncConfirmed, connection)
        .after("records", resync.tally.open().to_string())
        .after("fields", resync.tally.fields.to_string());
    tx.record(actor, &event).await?;
    tx.execute_one(
        "UPDATE resync SET state = 'running', confirmed_at = COALESCE(confirmed_at, $3), ended_at = NULL, \
         failure = NULL WHERE id = $1 AND state = $2",
        args![resync.id, resync.state.as_str(), tx.clock().now()],
    )
    .await?;
    work(tx, actor, connection, Task::Resync).await
}

/// Has what a resync is at come to an end; see [`jobs::request_stop`]. `false`: it is at nothing.
pub async fn stop(tx: &mut Tx, actor: &Actor, resync: &Resync) -> Result<bool> {
    tx.alone().await?;
    let task = match resync.state {
        ResyncState::Counting => Task::Count,
        ResyncState::Running => Task::Resync,
        _ => return Ok(false),
    };
    let place = resync.connection_id;
    let running = jobs::find_running(&mut *tx, place, task).await?;
    let is_running = running.is_some();
    let job = match running {
        Some(job) => Some(job),
        None => jobs::find_waiting(&mut *tx, place, task).await?,
    };
    let Some(job) = job else { return Ok(false) };
    let is_asked = jobs::request_stop(tx, actor, job.id).await?;
    if is_asked && !is_running {
        let why = StoredReason::new(Key::SYNC_FAILED_RESYNC_STOPPED.id());
        break_off(tx, resync, &why).await?;
    }
    Ok(is_asked)
}

/// How many records it is about is known now.
pub async fn set_total(tx: &mut Tx, resync: ResyncId, total: i64) -> Result<()> {
    tx.execute_one("UPDATE resync SET total = $2 WHERE id = $1", args![resync, total]).await
}

/// All is counted: it is over when there is nothing to write, and waits to be confirmed otherwise.
pub async fn set_counted(tx: &mut Tx, resync: ResyncId) -> Result<()> {
    let sql = "UPDATE resync SET counted_at = $2, \
               state = CASE WHEN differing + unread = 0 THEN 'done' ELSE 'counted' END, \
               ended_at = CASE WHEN differing + unread = 0 THEN $2 ELSE NULL END \
               WHERE id = $1 AND state = 'counting'";
    tx.execute_one(sql, args![resync, tx.clock().now()]).await
}

/// All is written that could be.
pub async fn set_done(tx: &mut Tx, connection: &ErpConnection, resync: ResyncId) -> Result<()> {
    let found = looking::find(&mut *tx, connection.id, resync).await?;
    let found = found.ok_or(StoreError::Overtaken)?;
    tx.record(&Actor::engine(), &ended(connection, &found)).await?;
    let sql = "UPDATE resync SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'running'";
    tx.execute_one(sql, args![resync, tx.clock().now()]).await
}

/// It came to no end. The history has the reason, as it was found.
pub async fn set_failed(
    tx: &mut Tx,
    resync: &Resync,
    event: Event,
    reason: &StoredReason,
) -> Result<()> {
    tx.record(&Actor::engine(), &event).await?;
    break_off(tx, resync, reason).await
}

/// The history's row of an end.
pub fn ended(connection: &ErpConnection, resync: &Resync) -> Event {
    let tally = &resync.tally;
    event(Action::ResyncEnded, connection)
        .after("written", tally.written.to_string())
        .after("fields", tally.fields_written.to_string())
        .after("unchanged", (tally.nothing + tally.settled).to_string())
        .after("failed", tally.failed.to_string())
}

async fn break_off(tx: &mut Tx, resync: &Resync, reason: &StoredReason) -> Result<()> {
    let sql = "UPDATE resync SET state = 'failed', failure = $3, ended_at = $4 \
               WHERE id = $1 AND state = $2";
    let args = args![resync.id, resync.state.as_str(), to_json(reason)?, tx.clock().now()];
    tx.execute_one(sql, args).await
}

async fn work(tx: &mut Tx, actor: &Actor, connection: &ErpConnection, task: Task) -> Result<()> {
    let job = NewJob {
        connection: connection.id,
        task,
        trigger: Trigger::Person,
        due_at: tx.clock().now(),
        attempt: 0,
        requested_by: &actor.name,
        requested_by_id: actor.id,
    };
    jobs::enqueue(tx, &job).await
}

fn event(action: Action, connection: &ErpConnection) -> Event {
    Event::new(action, Subject::new("connection", connection.id, &connection.name))
        .in_connection(connection.id, &connection.name)
}

fn kind_of(choice: Choice) -> Option<ActorType> {
    match choice {
        Choice::Type(kind) => Some(kind),
        Choice::All | Choice::Chosen => None,
    }
}
