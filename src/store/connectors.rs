//! Sync connectors. Deleted ones stay, so that they can be brought back.

use super::error::StoreError;
use super::row::{Row, args, to_json};
use super::{Read, Result, Store, Tx, configuration, id};
use crate::connections::{ConnectorId, SyncConnector, is_same_host};
use crate::connector::types::WireForm;
use crate::crm::fold::fold;
use crate::history::{Action, Actor, Event, Subject};

const COLUMNS: &str = "id, name, address, is_deleted, wire, version, updated_at, updated_by";

/// The connectors that are not deleted, by name.
pub async fn list(mut db: impl Read) -> Result<Vec<SyncConnector>> {
    let sql =
        format!("SELECT {COLUMNS} FROM sync_connector WHERE NOT is_deleted ORDER BY name_norm, id");
    db.rows(&sql, args![]).await?.iter().map(connector).collect()
}

/// All connectors, deleted ones too, by name.
pub async fn list_with_deleted(mut db: impl Read) -> Result<Vec<SyncConnector>> {
    let sql = format!("SELECT {COLUMNS} FROM sync_connector ORDER BY name_norm, id");
    db.rows(&sql, args![]).await?.iter().map(connector).collect()
}

/// One connector, deleted or not.
pub async fn find(mut db: impl Read, id: ConnectorId) -> Result<Option<SyncConnector>> {
    let sql = format!("SELECT {COLUMNS} FROM sync_connector WHERE id = $1");
    db.row(&sql, args![id]).await?.as_ref().map(connector).transpose()
}

/// Adds a connector. [`StoreError::Taken`]: another one has that name.
pub async fn insert(tx: &mut Tx, actor: &Actor, name: &str, address: &str) -> Result<ConnectorId> {
    let now = tx.clock().now();
    let id = id::fresh(now);
    let event = Event::new(Action::ConnectorAdded, Subject::new("connector", id, name));
    tx.record(actor, &event.after("name", name).after("address", address)).await?;
    tx.execute_one(
        "INSERT INTO sync_connector (id, name, name_norm, address, is_deleted, wire, version, created_at, \
         created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, FALSE, NULL, 1, $5, $6, $5, $6)",
        args![id, name, fold(name), address, now, &actor.name],
    )
    .await?;
    Ok(id)
}

/// Changes name and address. With another address, what was learned of the wire is forgotten; with another
/// host, so are the secrets of its connections: they were meant for the old one.
pub async fn update(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (ConnectorId, i64),
    name: &str,
    address: &str,
) -> Result<()> {
    let old = get(tx, id, version).await?;
    let event = Event::new(Action::ConnectorChanged, Subject::new("connector", id, name))
        .changed("name", &old.name, name)
        .changed("address", &old.address, address);
    if !event.has_details() {
        return Ok(());
    }
    tx.record(actor, &event).await?;
    let wire =
        old.wire.filter(|_| old.address == address).map(|wire| to_json(&wire)).transpose()?;
    tx.execute_one(
        "UPDATE sync_connector SET name = $3, name_norm = $4, address = $5, wire = $6, version = version + 1, \
         updated_at = $7, updated_by = $8 WHERE id = $1 AND version = $2",
        args![id, version, name, fold(name), address, wire.as_deref(), tx.clock().now(), &actor.name],
    )
    .await?;
    if old.address != address {
        let sql = "UPDATE erp_connection SET generation = generation + 1 WHERE connector_id = $1";
        tx.execute(sql, args![id]).await?;
    }
    if !is_same_host(&old.address, address) {
        configuration::forget_secrets(tx, actor, id).await?;
    }
    Ok(())
}

/// Deletes a connector, unless connections of it are left: then their names, and nothing happened.
pub async fn delete(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (ConnectorId, i64),
) -> Result<Vec<String>> {
    let old = get(tx, id, version).await?;
    let sql =
        "SELECT name FROM erp_connection WHERE connector_id = $1 AND NOT is_deleted ORDER BY id";
    let left = (&mut *tx).rows(sql, args![id]).await?;
    if !left.is_empty() {
        return left.iter().map(|row| row.text("name")).collect();
    }
    let event = Event::new(Action::ConnectorDeleted, Subject::new("connector", id, &old.name));
    tx.record(actor, &event).await?;
    tx.execute_one(
        "UPDATE sync_connector SET is_deleted = TRUE, version = version + 1, updated_at = $3, updated_by = $4 \
         WHERE id = $1 AND version = $2 AND NOT is_deleted AND NOT EXISTS \
         (SELECT 1 FROM erp_connection WHERE connector_id = $1 AND NOT is_deleted)",
        args![id, version, tx.clock().now(), &actor.name],
    )
    .await?;
    Ok(Vec::new())
}

/// Brings a deleted connector back. [`StoreError::Taken`]: another one has its name by now.
pub async fn restore(tx: &mut Tx, actor: &Actor, (id, version): (ConnectorId, i64)) -> Result<()> {
    let old = get(tx, id, version).await?;
    let event = Event::new(Action::ConnectorRestored, Subject::new("connector", id, &old.name));
    tx.record(actor, &event).await?;
    tx.execute_one(
        "UPDATE sync_connector SET is_deleted = FALSE, version = version + 1, updated_at = $3, updated_by = $4 \
         WHERE id = $1 AND version = $2 AND is_deleted",
        args![id, version, tx.clock().now(), &actor.name],
    )
    .await
}

/// Keeps what was learned of a connector's wire. Not a change anybody made, so no version and no history;
/// nothing happens if the address is no longer the one it was learned at.
pub async fn remember_wire(
    store: &Store,
    id: ConnectorId,
    address: &str,
    wire: &WireForm,
) -> Result<()> {
    let sql = "UPDATE sync_connector SET wire = $3 WHERE id = $1 AND address = $2";
    store.execute(sql, args![id, address, to_json(wire)?]).await?;
    Ok(())
}

async fn get(tx: &mut Tx, id: ConnectorId, version: i64) -> Result<SyncConnector> {
    let found = find(tx, id).await?;
    found.filter(|connector| connector.version == version).ok_or(StoreError::Overtaken)
}

fn connector(row: &Row) -> Result<SyncConnector> {
    Ok(SyncConnector {
        id: row.int("id")?,
        name: row.text("name")?,
        address: row.text("address")?,
        is_deleted: row.flag("is_deleted")?,
        wire: row.opt_json("wire")?,
        version: row.int("version")?,
        updated_at: row.int("updated_at")?,
        updated_by: row.text("updated_by")?,
    })
}
