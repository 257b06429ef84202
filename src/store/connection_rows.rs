//! ERP connections as they lie in their table, and reading them.

use super::row::{Row, args};
use super::{Read, Result};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::{ConnectionGuid, FieldInfo};

pub(super) const COLUMNS: &str = "c.id, c.guid, c.connector_id, k.name AS connector_name, \
     k.address AS connector_address, c.name, c.description, c.is_active, c.is_deleted, c.is_for_everyone, \
     c.config_fields, c.last_sync, c.paused_because, c.generation, c.version, c.updated_at, c.updated_by";
pub(super) const TABLES: &str = "erp_connection c JOIN sync_connector k ON k.id = c.connector_id";

/// The connections that are not deleted, oldest first.
pub async fn list(db: impl Read) -> Result<Vec<ErpConnection>> {
    select(db, "NOT c.is_deleted").await
}

/// All connections, deleted ones too, oldest first.
pub async fn list_with_deleted(db: impl Read) -> Result<Vec<ErpConnection>> {
    select(db, "TRUE").await
}

/// The connections that are switched on, oldest first.
pub async fn list_active(db: impl Read) -> Result<Vec<ErpConnection>> {
    select(db, "c.is_active AND NOT c.is_deleted").await
}

async fn select(mut db: impl Read, condition: &str) -> Result<Vec<ErpConnection>> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE {condition} ORDER BY c.id");
    db.rows(&sql, args![]).await?.iter().map(connection).collect()
}

/// One connection, deleted or not.
pub async fn find(mut db: impl Read, id: ConnectionId) -> Result<Option<ErpConnection>> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE c.id = $1");
    db.row(&sql, args![id]).await?.as_ref().map(connection).transpose()
}

/// One connection by the id that connectors know it by.
pub async fn find_by_guid(
    mut db: impl Read,
    guid: &ConnectionGuid,
) -> Result<Option<ErpConnection>> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE c.guid = $1");
    db.row(&sql, args![guid.as_str()]).await?.as_ref().map(connection).transpose()
}

pub(super) fn connection(row: &Row) -> Result<ErpConnection> {
    let config_fields: Vec<FieldInfo> = row.json("config_fields")?;
    Ok(ErpConnection {
        id: row.int("id")?,
        guid: ConnectionGuid::new(&row.text("guid")?),
        connector_id: row.int("connector_id")?,
        connector_name: row.text("connector_name")?,
        connector_address: row.text("connector_address")?,
        name: row.text("name")?,
        description: row.text("description")?,
        is_active: row.flag("is_active")?,
        is_deleted: row.flag("is_deleted")?,
        is_for_everyone: row.flag("is_for_everyone")?,
        config_fields: config_fields.into_iter().map(FieldInfo::without_secret).collect(),
        last_sync: row.opt_int("last_sync")?,
        paused_because: row.opt_text("paused_because")?,
        generation: row.int("generation")?,
        version: row.int("version")?,
        updated_at: row.int("updated_at")?,
        updated_by: row.text("updated_by")?,
    })
}
