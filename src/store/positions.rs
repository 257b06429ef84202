//! How far each actor type has been polled.

use super::row::args;
use super::{Read, Result, Tx};
use crate::connections::ConnectionId;
use crate::mapping::ActorMappingId;
use crate::runs::PollPosition;

/// Blank when it has never been polled.
pub async fn find(mut db: impl Read, mapping: ActorMappingId) -> Result<PollPosition> {
    let sql = "SELECT newest, since FROM poll_position WHERE actor_mapping_id = $1";
    match db.row(sql, args![mapping]).await? {
        Some(row) => Ok(PollPosition { newest: row.text("newest")?, since: row.text("since")? }),
        None => Ok(PollPosition::default()),
    }
}

pub async fn set(tx: &mut Tx, mapping: ActorMappingId, position: &PollPosition) -> Result<()> {
    let sql = "INSERT INTO poll_position (actor_mapping_id, newest, since) VALUES ($1, $2, $3) \
               ON CONFLICT (actor_mapping_id) DO UPDATE SET newest = excluded.newest, since = excluded.since";
    tx.execute_one(sql, args![mapping, &position.newest, &position.since]).await
}

/// Has a connection polled from the beginning again.
pub(super) async fn forget(tx: &mut Tx, connection: ConnectionId) -> Result<()> {
    let sql = "DELETE FROM poll_position WHERE actor_mapping_id IN \
               (SELECT id FROM actor_mapping WHERE connection_id = $1)";
    tx.execute(sql, args![connection]).await.map(|_| ())
}
