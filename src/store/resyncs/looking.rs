//! Resyncs as they stand.

use crate::connections::ConnectionId;
use crate::connector::types::ActorType;
use crate::runs::resync::{Choice, Resync, ResyncId, ResyncState, Tally};
use crate::store::error::StoreError;
use crate::store::row::{Arg, Row, args};
use crate::store::{Read, Result};

const COLUMNS: &str = "id, connection_id, choice, actor_type, with_blanks, state, generation, total, differing, \
     fields, in_step, unread, written, fields_written, settled, failed, failure, requested_by, created_at, \
     counted_at, confirmed_at, ended_at";

/// One of a connection's.
pub async fn find(db: impl Read, connection: ConnectionId, id: ResyncId) -> Result<Option<Resync>> {
    let condition = "connection_id = $1 AND id = $2 LIMIT 1";
    Ok(select(db, condition, args![connection, id]).await?.pop())
}

/// The one a connection is at.
pub async fn find_at_work(
    db: impl Read,
    connection: ConnectionId,
    state: ResyncState,
) -> Result<Option<Resync>> {
    let condition = "connection_id = $1 AND state = $2 LIMIT 1";
    Ok(select(db, condition, args![connection, state.as_str()]).await?.pop())
}

/// A connection's, newest first.
pub async fn list(db: impl Read, connection: ConnectionId, limit: i64) -> Result<Vec<Resync>> {
    let condition = "connection_id = $1 ORDER BY id DESC LIMIT $2";
    select(db, condition, args![connection, limit]).await
}

async fn select(mut db: impl Read, condition: &str, args: Vec<Arg<'_>>) -> Result<Vec<Resync>> {
    let sql = format!("SELECT {COLUMNS} FROM resync WHERE {condition}");
    db.rows(&sql, args).await?.iter().map(resync).collect()
}

fn resync(row: &Row) -> Result<Resync> {
    let damaged = |column: &str| StoreError::Damaged(format!("resync.{column}"));
    let kind = row.opt_text("actor_type")?;
    let kind = kind
        .map(|name| ActorType::parse(&name).ok_or_else(|| damaged("actor_type")))
        .transpose()?;
    Ok(Resync {
        id: row.int("id")?,
        connection_id: row.int("connection_id")?,
        choice: Choice::parse(&row.text("choice")?, kind).ok_or_else(|| damaged("choice"))?,
        with_blanks: row.flag("with_blanks")?,
        state: row.named("state", ResyncState::parse)?,
        generation: row.int("generation")?,
        tally: Tally {
            total: row.opt_int("total")?,
            differing: row.int("differing")?,
            fields: row.int("fields")?,
            nothing: row.int("in_step")?,
            unread: row.int("unread")?,
            written: row.int("written")?,
            fields_written: row.int("fields_written")?,
            settled: row.int("settled")?,
            failed: row.int("failed")?,
        },
        failure: row.opt_json("failure")?,
        requested_by: row.text("requested_by")?,
        created_at: row.int("created_at")?,
        counted_at: row.opt_int("counted_at")?,
        confirmed_at: row.opt_int("confirmed_at")?,
        ended_at: row.opt_int("ended_at")?,
    })
}
