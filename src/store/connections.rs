//! ERP connections: what they are called, who may use them, whether they are active.
//! Their configuration is in [`super::configuration`], their scope in [`super::access`].

use super::configuration::{self, Configuration};
use super::error::StoreError;
use super::row::args;
use super::{Read, Result, Tx, access, id, links, positions};
use crate::clock::Millis;
use crate::connections::{ConnectionId, ConnectorId, ErpConnection, Scope};
use crate::connector::types::ConnectionGuid;
use crate::history::{Action, Actor, Event, Subject};

pub use super::connection_rows::{find, find_by_guid, list, list_active, list_with_deleted};

/// A connection about to be added.
#[derive(Clone, Debug)]
pub struct NewConnection {
    pub guid: ConnectionGuid,
    pub connector_id: ConnectorId,
    pub name: String,
    pub description: String,
    pub scope: Scope,
    pub configuration: Configuration,
}

/// Adds a connection, inactive. [`StoreError::Overtaken`]: its connector was deleted.
pub async fn insert(tx: &mut Tx, actor: &Actor, new: &NewConnection) -> Result<ConnectionId> {
    let now = tx.clock().now();
    let id = id::fresh(now);
    let event = Event::new(Action::ConnectionAdded, Subject::new("connection", id, &new.name))
        .in_connection(id, &new.name)
        .after("name", &new.name)
        .changed("description", "", &new.description);
    let mut event = configuration::note(event, &configuration::Stored::new(), &new.configuration);
    event.after.extend(access::details(tx, &new.scope).await?);
    tx.record(actor, &event).await?;
    tx.execute_one(
        "INSERT INTO erp_connection (id, guid, connector_id, name, description, is_active, is_deleted, \
         is_for_everyone, config_fields, last_sync, paused_because, version, created_at, created_by, updated_at, \
         updated_by) SELECT $1, $2, k.id, $4, $5, FALSE, FALSE, $6, $7, NULL, NULL, 1, $8, $9, $8, $9 \
         FROM sync_connector k WHERE k.id = $3 AND NOT k.is_deleted",
        args![
            id,
            new.guid.as_str(),
            new.connector_id,
            &new.name,
            &new.description,
            new.scope == Scope::Everyone,
            configuration::fields_json(&new.configuration)?,
            now,
            &actor.name
        ],
    )
    .await?;
    configuration::replace(tx, (id, 1), configuration::Stored::new(), &new.configuration).await?;
    access::replace(tx, id, &new.scope).await?;
    Ok(id)
}

/// What may be changed about a connection.
#[derive(Clone, Debug)]
pub struct Change {
    pub name: String,
    pub description: String,
    pub scope: Scope,
    /// `None`: stays as it is. Only an inactive connection takes another one.
    pub configuration: Option<Configuration>,
}

/// Changes a connection. [`StoreError::Overtaken`] also when it is active and the configuration was to
/// change.
pub async fn update(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (ConnectionId, i64),
    change: &Change,
) -> Result<()> {
    let old = get(tx, id, version).await?;
    let stored = configuration::stored(&mut &mut *tx, id).await?;
    let configuration =
        change.configuration.as_ref().map(|new| configuration::news(tx, id, &stored, new));
    let mut event = named(Action::ConnectionChanged, id, &change.name)
        .changed("name", &old.name, &change.name)
        .changed("description", &old.description, &change.description);
    if let Some(configuration) = &configuration {
        event = configuration::note(event, &stored, configuration);
    }
    if event.has_details() {
        tx.record(actor, &event).await?;
    }
    update_scope(tx, actor, &old, change).await?;
    let mut fields = None;
    if let Some(configuration) = &configuration {
        fields = Some(configuration::fields_json(configuration)?);
        configuration::replace(tx, (id, version + 1), stored, configuration).await?;
    }
    tx.execute_one(
        "UPDATE erp_connection SET name = $3, description = $4, is_for_everyone = $5, \
         config_fields = COALESCE($6, config_fields), version = version + 1, updated_at = $7, updated_by = $8 \
         WHERE id = $1 AND version = $2 AND ($6 IS NULL OR NOT is_active)",
        args![
            id,
            version,
            &change.name,
            &change.description,
            change.scope == Scope::Everyone,
            fields.as_deref(),
            tx.clock().now(),
            &actor.name
        ],
    )
    .await
}

async fn update_scope(
    tx: &mut Tx,
    actor: &Actor,
    old: &ErpConnection,
    change: &Change,
) -> Result<()> {
    let scope = access::scope(&mut *tx, old).await?;
    if access::is_same(&scope, &change.scope) {
        return Ok(());
    }
    let before = access::details(tx, &scope).await?;
    let after = access::details(tx, &change.scope).await?;
    let event = named(Action::ScopeChanged, old.id, &change.name);
    tx.record(actor, &Event { before, after, ..event }).await?;
    access::replace(tx, old.id, &change.scope).await
}

/// Switches a connection on; whether anything stands in the way is for the caller to check first. Its
/// configuration or mappings may be others now, so everything in it is looked at anew.
pub async fn activate(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (ConnectionId, i64),
) -> Result<()> {
    let set = "is_active = TRUE, paused_because = NULL, generation = generation + 1";
    let only = "NOT is_active AND NOT is_deleted";
    turn(tx, actor, (id, version), Action::ConnectionActivated, set, only).await?;
    positions::forget(tx, id).await?;
    links::mark_all(tx, id).await
}

/// Switches a connection off.
pub async fn deactivate(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (ConnectionId, i64),
) -> Result<()> {
    let set = "is_active = FALSE, paused_because = NULL";
    turn(tx, actor, (id, version), Action::ConnectionDeactivated, set, "is_active").await
}

/// Deletes an inactive connection. Its links stay, for the case that it is brought back.
pub async fn delete(tx: &mut Tx, actor: &Actor, (id, version): (ConnectionId, i64)) -> Result<()> {
    let only = "NOT is_active AND NOT is_deleted";
    turn(tx, actor, (id, version), Action::ConnectionDeleted, "is_deleted = TRUE", only).await
}

/// Brings a deleted connection back, inactive. Its connector must be there: restore that one before.
pub async fn restore(tx: &mut Tx, actor: &Actor, (id, version): (ConnectionId, i64)) -> Result<()> {
    let only =
        "is_deleted AND connector_id IN (SELECT id FROM sync_connector WHERE NOT is_deleted)";
    turn(tx, actor, (id, version), Action::ConnectionRestored, "is_deleted = FALSE", only).await
}

async fn turn(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (ConnectionId, i64),
    action: Action,
    set: &str,
    only: &str,
) -> Result<()> {
    let old = get(tx, id, version).await?;
    tx.record(actor, &named(action, id, &old.name)).await?;
    let sql = format!(
        "UPDATE erp_connection SET {set}, version = version + 1, updated_at = $3, updated_by = $4 \
         WHERE id = $1 AND version = $2 AND {only}"
    );
    tx.execute_one(&sql, args![id, version, tx.clock().now(), &actor.name]).await
}

/// What is compared from now on is not what was compared before: what began earlier may write no more.
pub(super) async fn supersede(tx: &mut Tx, id: ConnectionId) -> Result<()> {
    let sql = "UPDATE erp_connection SET generation = generation + 1 WHERE id = $1";
    tx.execute_one(sql, args![id]).await
}

/// Whether what began under this generation may still write.
pub async fn is_current(mut db: impl Read, id: ConnectionId, generation: i64) -> Result<bool> {
    let sql = "SELECT id FROM erp_connection \
               WHERE id = $1 AND generation = $2 AND is_active AND NOT is_deleted";
    Ok(db.row(sql, args![id, generation]).await?.is_some())
}

/// Notes that a run ended well. Bookkeeping: no version, no history.
pub async fn set_last_sync(tx: &mut Tx, id: ConnectionId, at: Millis) -> Result<()> {
    let sql = "UPDATE erp_connection SET last_sync = $2 WHERE id = $1";
    tx.execute_one(sql, args![id, at]).await
}

/// Leaves a connection alone for now, for a reason that is a message id; it stays active, and its version
/// stays too, so that nobody's edit is refused for this.
pub async fn pause(tx: &mut Tx, actor: &Actor, id: ConnectionId, because: &str) -> Result<()> {
    set_paused(tx, actor, id, Some(because)).await
}

/// Takes a connection up again.
pub async fn resume(tx: &mut Tx, actor: &Actor, id: ConnectionId) -> Result<()> {
    set_paused(tx, actor, id, None).await
}

async fn set_paused(
    tx: &mut Tx,
    actor: &Actor,
    id: ConnectionId,
    because: Option<&str>,
) -> Result<()> {
    let old = find(&mut *tx, id).await?.ok_or(StoreError::Overtaken)?;
    let was = old.paused_because.unwrap_or_default();
    let event = named(Action::ConnectionPaused, id, &old.name).changed(
        "paused",
        was,
        because.unwrap_or_default(),
    );
    if !event.has_details() {
        return Ok(());
    }
    tx.record(actor, &event).await?;
    let sql = "UPDATE erp_connection SET paused_because = $2 WHERE id = $1";
    tx.execute_one(sql, args![id, because]).await
}

fn named(action: Action, id: ConnectionId, name: &str) -> Event {
    Event::new(action, Subject::new("connection", id, name)).in_connection(id, name)
}

async fn get(tx: &mut Tx, id: ConnectionId, version: i64) -> Result<ErpConnection> {
    let found = find(tx, id).await?;
    found.filter(|connection| connection.version == version).ok_or(StoreError::Overtaken)
}
