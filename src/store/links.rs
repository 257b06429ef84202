//! Links between CRM records and ERP actors, and what both sides held when they last agreed.

use serde::Deserialize;

use super::error::StoreError;
use super::row::{Arg, args, to_json};
use super::{Read, Result, Tx, id, jobs};
use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::connector::types::{ActorRef, ActorType};
use crate::crm::{RecordId, RecordKind};
use crate::history::{Action, Actor, Event, Subject};
use crate::links::{Agreed, Link, LinkFailure, LinkId};

const COLUMNS: &str = "id, connection_id, record_kind, record_id, actor_type, erp_key, last_modified, parent, agreed, \
     record_version, CASE WHEN is_dirty THEN 1 ELSE 0 END, last_sync, failure, failure_count, next_try, version";

/// [`COLUMNS`] as [`Read::many`] gives them.
#[derive(Deserialize)]
struct Columns {
    id: LinkId,
    connection_id: ConnectionId,
    record_kind: String,
    record_id: RecordId,
    actor_type: String,
    erp_key: String,
    last_modified: String,
    parent: Option<String>,
    agreed: String,
    record_version: i64,
    is_dirty: i64,
    last_sync: Option<Millis>,
    failure: Option<String>,
    failure_count: i64,
    next_try: Millis,
    version: i64,
}

pub async fn find(db: impl Read, id: LinkId) -> Result<Option<Link>> {
    Ok(select(db, "id = $1", "id", args![id]).await?.pop())
}

/// The link of a record in one connection.
pub async fn find_by_record(
    db: impl Read,
    connection: ConnectionId,
    record: RecordId,
) -> Result<Option<Link>> {
    let condition = "connection_id = $1 AND record_id = $2";
    Ok(select(db, condition, "id", args![connection, record]).await?.pop())
}

/// The link of an actor in one connection.
pub async fn find_by_actor(
    db: impl Read,
    connection: ConnectionId,
    actor: &ActorRef,
) -> Result<Option<Link>> {
    let keys = std::slice::from_ref(&actor.key);
    Ok(list_by_keys(db, connection, actor.kind, keys).await?.pop())
}

/// The links of a record in all connections, oldest first.
pub async fn list_by_record(db: impl Read, record: RecordId) -> Result<Vec<Link>> {
    select(db, "record_id = $1", "id", args![record]).await
}

/// The links of a company's persons in one connection: those whose actor the ERP says is the company's, and where
/// it does not say, those the CRM says are.
pub async fn list_of_persons(db: impl Read, company: &Link) -> Result<Vec<Link>> {
    let condition = "connection_id = $1 AND record_kind = 'person' AND (parent = $2 OR parent IS NULL \
                     AND record_id IN (SELECT id FROM crm_record WHERE parent_id = $3))";
    let args = args![company.connection_id, to_json(&company.actor)?, company.record_id];
    select(db, condition, "id", args).await
}

/// Those of these links that exist.
pub async fn list_by_ids(db: impl Read, ids: &[LinkId]) -> Result<Vec<Link>> {
    let condition = format!("id IN {}", db.dialect().ids("$1"));
    select(db, &condition, "id", args![to_json(&ids)?]).await
}

/// The links of those of these actors that are linked.
pub async fn list_by_keys(
    db: impl Read,
    connection: ConnectionId,
    kind: ActorType,
    keys: &[String],
) -> Result<Vec<Link>> {
    let keys_in = db.dialect().texts("$3");
    let condition = format!("connection_id = $1 AND actor_type = $2 AND erp_key IN {keys_in}");
    select(db, &condition, "id", args![connection, kind.as_str(), to_json(&keys)?]).await
}

/// Links that wait to be looked at and may be tried at `now`: up to `limit` behind the link `after`.
pub async fn list_dirty(
    db: impl Read,
    (connection, kind): (ConnectionId, ActorType),
    now: Millis,
    after: LinkId,
    limit: i64,
) -> Result<Vec<Link>> {
    let condition = "id IN (SELECT id FROM link WHERE connection_id = $1 AND actor_type = $2 AND is_dirty \
                     AND next_try <= $3 AND id > $4 ORDER BY id LIMIT $5)";
    select(db, condition, "id", args![connection, kind.as_str(), now, after, limit]).await
}

/// The links of an actor type: up to `limit` behind the one with the actor's key `after`.
pub async fn list_after(
    db: impl Read,
    (connection, kind): (ConnectionId, ActorType),
    after: &str,
    limit: i64,
) -> Result<Vec<Link>> {
    let condition = "id IN (SELECT id FROM link WHERE connection_id = $1 AND actor_type = $2 AND erp_key > $3 \
                     ORDER BY erp_key LIMIT $4)";
    select(db, condition, "id", args![connection, kind.as_str(), after, limit]).await
}

/// How many links a connection has of an actor type.
pub async fn count(mut db: impl Read, connection: ConnectionId, kind: ActorType) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM link WHERE connection_id = $1 AND actor_type = $2";
    db.row(sql, args![connection, kind.as_str()]).await?.map_or(Ok(0), |row| row.int("n"))
}

/// The links for which the condition holds, in this order.
pub(super) async fn select(
    mut db: impl Read,
    condition: &str,
    order: &str,
    args: Vec<Arg<'_>>,
) -> Result<Vec<Link>> {
    let from = format!("link WHERE {condition}");
    let rows: Vec<Columns> = db.many(COLUMNS, &from, order, args).await?;
    rows.into_iter().map(link).collect()
}

/// A link about to be made: both sides agree on `agreed`.
#[derive(Clone, Debug)]
pub struct NewLink<'a> {
    pub connection: (ConnectionId, &'a str),
    pub record: (RecordKind, RecordId, &'a str),
    pub actor: &'a ActorRef,
    pub last_modified: &'a str,
    pub parent: Option<&'a ActorRef>,
    pub agreed: &'a Agreed,
    pub record_version: i64,
}

/// Links a record. [`StoreError::Taken`]: the record or the actor is linked already.
pub async fn insert(tx: &mut Tx, actor: &Actor, new: &NewLink<'_>) -> Result<LinkId> {
    let now = tx.clock().now();
    let id = id::fresh(now);
    let (connection, connection_name) = new.connection;
    let (kind, record, name) = new.record;
    let event = Event::new(Action::Linked, Subject::new(kind.as_str(), record, name))
        .in_connection(connection, connection_name)
        .after("actor", new.actor.to_string());
    tx.record(actor, &event).await?;
    let is_dirty = jobs::is_running(tx, connection).await?;
    tx.execute_one(
        "INSERT INTO link (id, connection_id, record_kind, record_id, actor_type, erp_key, last_modified, agreed, \
         record_version, is_dirty, last_sync, failure, failure_count, next_try, version, created_at, parent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, 0, 0, 1, $11, $12)",
        args![
            id,
            connection,
            kind.as_str(),
            record,
            new.actor.kind.as_str(),
            &new.actor.key,
            new.last_modified,
            to_json(new.agreed)?,
            new.record_version,
            is_dirty,
            now,
            new.parent.map(to_json).transpose()?.as_deref()
        ],
    )
    .await?;
    let sql = "INSERT INTO link_count (connection_id, links) VALUES ($1, 1) \
               ON CONFLICT (connection_id) DO UPDATE SET links = link_count.links + 1";
    tx.execute_one(sql, args![connection]).await?;
    Ok(id)
}

/// Removes a link; neither side's data is touched.
pub async fn delete(
    tx: &mut Tx,
    actor: &Actor,
    link: &Link,
    connection_name: &str,
    record_name: &str,
) -> Result<()> {
    let subject = Subject::new(link.record_kind.as_str(), link.record_id, record_name);
    let event = Event::new(Action::Unlinked, subject)
        .in_connection(link.connection_id, connection_name)
        .before("actor", link.actor.to_string());
    tx.record(actor, &event).await?;
    tx.execute_one("DELETE FROM link WHERE id = $1", args![link.id]).await?;
    let sql = "UPDATE link_count SET links = links - 1 WHERE connection_id = $1";
    tx.execute(sql, args![link.connection_id]).await.map(|_| ())
}

/// Keeps what a link has become. [`StoreError::Overtaken`]: somebody else changed it since it was read.
/// The version rises, in the database and in `link`.
pub async fn update(tx: &mut Tx, link: &mut Link) -> Result<()> {
    let failure = link.failure.as_ref();
    tx.execute_one(
        "UPDATE link SET last_modified = $3, agreed = $4, record_version = $5, is_dirty = $6, last_sync = $7, \
         failure = $8, failure_count = $9, next_try = $10, parent = $11, version = version + 1 WHERE id = $1 AND version = $2",
        args![
            link.id,
            link.version,
            &link.last_modified,
            to_json(&link.agreed)?,
            link.record_version,
            link.is_dirty,
            link.last_sync,
            failure.map(|failure| to_json(&failure.reason)).transpose()?.as_deref(),
            failure.map_or(0, |failure| failure.count),
            failure.map_or(0, |failure| failure.next_try),
            link.parent.as_ref().map(to_json).transpose()?.as_deref()
        ],
    )
    .await?;
    link.version += 1;
    Ok(())
}

/// Has the engine look at a record's links, but for the one a change came through. Their versions rise,
/// so that an engine that has read the record before is refused.
pub(super) async fn mark_changed(
    tx: &mut Tx,
    record: RecordId,
    spare: Option<LinkId>,
) -> Result<()> {
    let sql = "UPDATE link SET is_dirty = TRUE, next_try = 0, version = version + 1 \
               WHERE record_id = $1 AND id <> $2";
    tx.execute(sql, args![record, spare.unwrap_or_default()]).await.map(|_| ())
}

/// Has the engine look at all links of a connection, since what is compared has changed.
pub(super) async fn mark_all(tx: &mut Tx, connection: ConnectionId) -> Result<()> {
    let sql = "UPDATE link SET is_dirty = TRUE, next_try = 0, version = version + 1 WHERE connection_id = $1";
    tx.execute(sql, args![connection]).await.map(|_| ())
}

/// The same for the links of one actor type.
pub(super) async fn mark_type(
    tx: &mut Tx,
    connection: ConnectionId,
    kind: ActorType,
) -> Result<()> {
    let sql = "UPDATE link SET is_dirty = TRUE, next_try = 0, version = version + 1 \
               WHERE connection_id = $1 AND actor_type = $2";
    tx.execute(sql, args![connection, kind.as_str()]).await.map(|_| ())
}

fn link(row: Columns) -> Result<Link> {
    let damaged = |column: &str| StoreError::Damaged(format!("link.{column}"));
    let reason = row.failure.map(|json| serde_json::from_str(&json)).transpose();
    let reason = reason.map_err(|_| damaged("failure"))?;
    let parent = row.parent.map(|json| serde_json::from_str(&json)).transpose();
    Ok(Link {
        parent: parent.map_err(|_| damaged("parent"))?,
        id: row.id,
        connection_id: row.connection_id,
        record_kind: RecordKind::parse(&row.record_kind).ok_or_else(|| damaged("record_kind"))?,
        record_id: row.record_id,
        actor: ActorRef {
            kind: ActorType::parse(&row.actor_type).ok_or_else(|| damaged("actor_type"))?,
            key: row.erp_key,
        },
        last_modified: row.last_modified,
        agreed: serde_json::from_str(&row.agreed).map_err(|_| damaged("agreed"))?,
        record_version: row.record_version,
        is_dirty: row.is_dirty != 0,
        last_sync: row.last_sync,
        failure: reason.map(|reason| LinkFailure {
            reason,
            count: row.failure_count,
            next_try: row.next_try,
        }),
        version: row.version,
    })
}
