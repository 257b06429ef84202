//! How far each actor type has been polled.

use super::row::args;
use super::{Read, Result, Tx};
use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::mapping::ActorMappingId;
use crate::runs::PollPosition;

/// Blank when it has never been polled.
pub async fn find(mut db: impl Read, mapping: ActorMappingId) -> Result<PollPosition> {
    let sql = "SELECT newest, since, held FROM poll_position WHERE actor_mapping_id = $1";
    match db.row(sql, args![mapping]).await? {
        Some(row) => Ok(PollPosition {
            newest: row.text("newest")?,
            since: row.text("since")?,
            held: row.int("held")?,
        }),
        None => Ok(PollPosition::default()),
    }
}

/// Keeps where a poll came to that ended well.
pub async fn set(tx: &mut Tx, mapping: ActorMappingId, position: &PollPosition) -> Result<()> {
    let sql = "INSERT INTO poll_position (actor_mapping_id, newest, since, held) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (actor_mapping_id) DO UPDATE SET newest = excluded.newest, since = excluded.since, \
               held = excluded.held, failures = 0, next_try = 0";
    tx.execute_one(sql, args![mapping, &position.newest, &position.since, position.held]).await
}

/// How often in a row polling a type failed, and when to try again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    pub failures: i64,
    pub next_try: Millis,
}

pub async fn tries(mut db: impl Read, mapping: ActorMappingId) -> Result<Tries> {
    let sql = "SELECT failures, next_try FROM poll_position WHERE actor_mapping_id = $1";
    let Some(row) = db.row(sql, args![mapping]).await? else { return Ok(Tries::default()) };
    Ok(Tries { failures: row.int("failures")?, next_try: row.int("next_try")? })
}

/// A poll failed: the position stays.
pub async fn set_tries(tx: &mut Tx, mapping: ActorMappingId, tries: Tries) -> Result<()> {
    let sql = "INSERT INTO poll_position (actor_mapping_id, newest, since, failures, next_try) \
               VALUES ($1, '', '', $2, $3) ON CONFLICT (actor_mapping_id) DO UPDATE SET \
               failures = excluded.failures, next_try = excluded.next_try";
    tx.execute_one(sql, args![mapping, tries.failures, tries.next_try]).await
}

/// Has a connection polled from the beginning again.
pub(super) async fn forget(tx: &mut Tx, connection: ConnectionId) -> Result<()> {
    let sql = "DELETE FROM poll_position WHERE actor_mapping_id IN \
               (SELECT id FROM actor_mapping WHERE connection_id = $1)";
    tx.execute(sql, args![connection]).await.map(|_| ())
}
