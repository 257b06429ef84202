//! The processes that work on this database, and their pulses.

use super::row::args;
use super::{Read, Result, Store, Tx, id};
use crate::runs::ProcessId;

/// A process begins to work.
pub async fn insert(store: &Store) -> Result<ProcessId> {
    let id = id::fresh(store.clock().now());
    store.execute("INSERT INTO engine_process (id, pulse) VALUES ($1, 0)", args![id]).await?;
    Ok(id)
}

/// A sign of life. `false`: the others have taken it for gone.
pub async fn beat(store: &Store, process: ProcessId) -> Result<bool> {
    let sql = "UPDATE engine_process SET pulse = pulse + 1 WHERE id = $1";
    Ok(store.execute(sql, args![process]).await? == 1)
}

/// All processes not taken for gone, with their pulses.
pub async fn list(mut db: impl Read) -> Result<Vec<(ProcessId, i64)>> {
    let rows = db.rows("SELECT id, pulse FROM engine_process", args![]).await?;
    rows.iter().map(|row| Ok((row.int("id")?, row.int("pulse")?))).collect()
}

/// The same within a transaction that begins something; a process taken for gone comes back by it.
pub(super) async fn sign(tx: &mut Tx, process: ProcessId) -> Result<()> {
    let sql = "INSERT INTO engine_process (id, pulse) VALUES ($1, 1) \
               ON CONFLICT (id) DO UPDATE SET pulse = engine_process.pulse + 1";
    tx.execute_one(sql, args![process]).await
}

/// A process is taken for gone, unless it gave a sign since its pulse was read.
pub async fn bury(tx: &mut Tx, process: ProcessId, pulse: i64) -> Result<()> {
    tx.alone().await?;
    let sql = "DELETE FROM engine_process WHERE id = $1 AND pulse = $2";
    tx.execute(sql, args![process, pulse]).await.map(|_| ())
}
