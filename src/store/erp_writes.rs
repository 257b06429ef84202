//! Writes to an ERP on their way: at most one per record, and per actor, in each connection.

use super::row::{Arg, Row, args, to_json};
use super::{Read, Result, Tx, id, processes};
use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::connector::types::{ActorRef, ActorType};
use crate::crm::{RecordId, RecordKind};
use crate::history::Actor;
use crate::runs::ProcessId;
use crate::runs::write::{Work, WriteId, WriteState};

const COLUMNS: &str = "id, connection_id, state, record_kind, record_id, actor_type, erp_key, payload, requested_by, \
     holder, tries, next_try, at";

/// A write on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErpWrite {
    pub id: WriteId,
    pub connection_id: ConnectionId,
    pub state: WriteState,
    pub record_kind: RecordKind,
    pub record_id: RecordId,
    /// Its key is blank while the actor is yet to be made.
    pub actor: ActorRef,
    pub work: Work,
    pub requested_by: Actor,
    /// The process that is at it.
    pub holder: ProcessId,
    /// How often it was tried in vain to find out how it ended, and when to try again.
    pub tries: i64,
    pub next_try: Millis,
    pub at: Millis,
}

/// A write about to be begun.
#[derive(Clone, Debug)]
pub struct NewWrite<'a> {
    pub connection: ConnectionId,
    pub record: (RecordKind, RecordId),
    pub actor: &'a ActorRef,
    pub work: Work,
    pub requested_by: &'a Actor,
    pub holder: ProcessId,
}

/// Begins a write. `None`: another one of this record or this actor is on its way.
pub async fn insert(tx: &mut Tx, new: NewWrite<'_>) -> Result<Option<ErpWrite>> {
    processes::sign(tx, new.holder).await?;
    let now = tx.clock().now();
    let write = ErpWrite {
        id: id::fresh(now),
        connection_id: new.connection,
        state: WriteState::Prepared,
        record_kind: new.record.0,
        record_id: new.record.1,
        actor: new.actor.clone(),
        work: new.work,
        requested_by: new.requested_by.clone(),
        holder: new.holder,
        tries: 0,
        next_try: 0,
        at: now,
    };
    let sql = "INSERT INTO erp_write (id, connection_id, kind, state, record_kind, record_id, actor_type, erp_key, \
               payload, requested_by, holder, tries, next_try, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12) ON CONFLICT DO NOTHING";
    let args = args![
        write.id,
        write.connection_id,
        write.work.purpose.as_str(),
        write.state.as_str(),
        write.record_kind.as_str(),
        write.record_id,
        write.actor.kind.as_str(),
        &write.actor.key,
        to_json(&write.work)?,
        to_json(&write.requested_by)?,
        write.holder,
        write.at
    ];
    Ok((tx.execute(sql, args).await? == 1).then_some(write))
}

pub async fn find(db: impl Read, id: WriteId) -> Result<Option<ErpWrite>> {
    Ok(select(db, "id = $1", args![id]).await?.pop())
}

/// The write of a record in one connection.
pub async fn find_by_record(
    db: impl Read,
    connection: ConnectionId,
    record: RecordId,
) -> Result<Option<ErpWrite>> {
    let condition = "connection_id = $1 AND record_id = $2";
    Ok(select(db, condition, args![connection, record]).await?.pop())
}

/// The writes of a record in all connections.
pub async fn list_by_record(db: impl Read, record: RecordId) -> Result<Vec<ErpWrite>> {
    select(db, "record_id = $1", args![record]).await
}

/// Those of a connection, in this state, oldest first.
pub async fn list(
    db: impl Read,
    connection: ConnectionId,
    state: WriteState,
) -> Result<Vec<ErpWrite>> {
    let condition = "connection_id = $1 AND state = $2";
    select(db, condition, args![connection, state.as_str()]).await
}

/// Those of active connections of which nobody knows how they ended, oldest first; each with the process
/// that is at it, `None` when that is gone.
pub async fn list_prepared(mut db: impl Read) -> Result<Vec<(ErpWrite, Option<ProcessId>)>> {
    let sql = format!(
        "SELECT {COLUMNS}, (SELECT p.id FROM engine_process p WHERE p.id = erp_write.holder) AS process \
         FROM erp_write WHERE state = 'prepared' AND connection_id IN (SELECT id FROM erp_connection \
         WHERE is_active AND NOT is_deleted AND paused_because IS NULL) ORDER BY id"
    );
    let rows = db.rows(&sql, args![]).await?;
    rows.iter().map(|row| Ok((write(row)?, row.opt_int("process")?))).collect()
}

/// Another process takes a write over. `false`: somebody else was faster.
pub async fn take_over(tx: &mut Tx, write: &ErpWrite, holder: ProcessId) -> Result<bool> {
    tx.alone().await?;
    processes::sign(tx, holder).await?;
    let sql = "UPDATE erp_write SET holder = $3 WHERE id = $1 AND holder = $2";
    Ok(tx.execute(sql, args![write.id, write.holder, holder]).await? == 1)
}

/// It could not be found out yet how it ended.
pub async fn postpone(tx: &mut Tx, id: WriteId, next_try: Millis) -> Result<()> {
    let sql = "UPDATE erp_write SET tries = tries + 1, next_try = $2 WHERE id = $1";
    tx.execute_one(sql, args![id, next_try]).await
}

/// Has those of a connection looked up soon, as if it had not been tried before.
pub async fn hurry(tx: &mut Tx, connection: ConnectionId) -> Result<()> {
    let sql = "UPDATE erp_write SET tries = 0, next_try = 0 WHERE connection_id = $1";
    tx.execute(sql, args![connection]).await.map(|_| ())
}

/// A person has to decide.
pub async fn set_unclear(tx: &mut Tx, id: WriteId) -> Result<()> {
    let sql = "UPDATE erp_write SET state = 'unclear' WHERE id = $1";
    tx.execute_one(sql, args![id]).await
}

/// It is known how it ended. [`super::error::StoreError::Overtaken`]: it was known before.
pub async fn delete(tx: &mut Tx, id: WriteId) -> Result<()> {
    tx.execute_one("DELETE FROM erp_write WHERE id = $1", args![id]).await
}

async fn select(mut db: impl Read, condition: &str, args: Vec<Arg<'_>>) -> Result<Vec<ErpWrite>> {
    let sql = format!("SELECT {COLUMNS} FROM erp_write WHERE {condition} ORDER BY id");
    db.rows(&sql, args).await?.iter().map(write).collect()
}

fn write(row: &Row) -> Result<ErpWrite> {
    Ok(ErpWrite {
        id: row.int("id")?,
        connection_id: row.int("connection_id")?,
        state: row.named("state", WriteState::parse)?,
        record_kind: row.named("record_kind", RecordKind::parse)?,
        record_id: row.int("record_id")?,
        actor: ActorRef {
            kind: row.named("actor_type", ActorType::parse)?,
            key: row.text("erp_key")?,
        },
        work: row.json("payload")?,
        requested_by: row.json("requested_by")?,
        holder: row.int("holder")?,
        tries: row.int("tries")?,
        next_try: row.int("next_try")?,
        at: row.int("at")?,
    })
}
