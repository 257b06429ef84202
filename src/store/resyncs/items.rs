//! The records of a resync, one row each. A row and the figures it is counted in change together.

use crate::connections::ConnectionId;
use crate::connector::types::{ActorRef, ActorType};
use crate::crm::{RecordId, RecordKind};
use crate::links::{Link, LinkId, StoredReason};
use crate::runs::resync::{Item, ItemState, ResyncId};
use crate::store::page::{Page, Place};
use crate::store::row::{Arg, Row, args, to_json};
use crate::store::{Read, Result, Tx};

const COLUMNS: &str = "record_kind, record_id, link_id, actor_type, erp_key, state, fields, reason";

/// A link of the connection `$2` whose actor type is synchronised.
const SYNCHRONISED: &str = "actor_type IN (SELECT m.actor_type FROM actor_mapping m \
     WHERE m.connection_id = $2 AND m.is_active AND NOT m.is_missing)";

/// Gives a resync the links of these records to count; those of other connections do not count. Gives their
/// number.
pub async fn choose(
    tx: &mut Tx,
    (resync, connection): (ResyncId, ConnectionId),
    records: &[RecordId],
) -> Result<u64> {
    let among = tx.dialect().ids("$3");
    let sql = format!(
        "INSERT INTO resync_item (resync_id, {COLUMNS}) \
         SELECT $1, record_kind, record_id, id, actor_type, erp_key, 'chosen', '[]', NULL FROM link \
         WHERE connection_id = $2 AND record_id IN {among} AND {SYNCHRONISED}"
    );
    tx.execute(&sql, args![resync, connection, to_json(&records)?]).await
}

/// The same with the records of another of the connection's resyncs that failed there or were not reached.
pub async fn choose_left(
    tx: &mut Tx,
    (resync, connection): (ResyncId, ConnectionId),
    of: ResyncId,
) -> Result<u64> {
    let sql = format!(
        "INSERT INTO resync_item (resync_id, {COLUMNS}) \
         SELECT $1, record_kind, record_id, id, actor_type, erp_key, 'chosen', '[]', NULL FROM link \
         WHERE connection_id = $2 AND record_id IN (SELECT record_id FROM resync_item i \
         JOIN resync r ON r.id = i.resync_id WHERE r.id = $3 AND r.connection_id = $2 \
         AND i.state IN ('failed', 'open', 'unread', 'chosen')) AND {SYNCHRONISED}"
    );
    tx.execute(&sql, args![resync, connection, of]).await
}

/// What counting found about a link.
pub struct Counted<'a> {
    pub link: &'a Link,
    pub state: ItemState,
    /// ERP keys of the fields that would be written.
    pub fields: &'a [String],
    pub reason: Option<&'a StoredReason>,
}

/// Notes what counting found, and counts it.
pub async fn note_counted(tx: &mut Tx, resync: ResyncId, counted: &Counted<'_>) -> Result<()> {
    let link = counted.link;
    let sql = format!(
        "INSERT INTO resync_item (resync_id, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (resync_id, record_id) DO UPDATE SET state = excluded.state, fields = excluded.fields, \
         reason = excluded.reason"
    );
    let reason = counted.reason.map(to_json).transpose()?;
    let args = args![
        resync,
        link.record_kind.as_str(),
        link.record_id,
        link.id,
        link.actor.kind.as_str(),
        &link.actor.key,
        counted.state.as_str(),
        to_json(&counted.fields)?,
        reason.as_deref()
    ];
    tx.execute_one(&sql, args).await?;
    let (column, fields) = match counted.state {
        ItemState::Open => ("differing", counted.fields.len()),
        ItemState::Unread => ("unread", 0),
        _ => ("in_step", 0),
    };
    let sql =
        format!("UPDATE resync SET {column} = {column} + 1, fields = fields + $2 WHERE id = $1");
    tx.execute_one(&sql, args![resync, count(fields)]).await
}

/// A chosen record that is no longer linked: there is nothing to count any more.
pub async fn drop_chosen(tx: &mut Tx, resync: ResyncId, record: RecordId) -> Result<()> {
    let sql =
        "DELETE FROM resync_item WHERE resync_id = $1 AND record_id = $2 AND state = 'chosen'";
    tx.execute_one(sql, args![resync, record]).await?;
    let sql = "UPDATE resync SET total = total - 1 WHERE id = $1";
    tx.execute_one(sql, args![resync]).await
}

/// What became of a record.
#[derive(Debug)]
pub struct Outcome<'a> {
    pub state: ItemState,
    /// ERP keys of the fields that were written by now.
    pub fields: &'a [String],
    pub reason: Option<&'a StoredReason>,
}

/// Notes what became of a record, and counts it. One that had failed may turn out to have been written after
/// all; nothing else is said twice.
pub async fn note_outcome(
    tx: &mut Tx,
    resync: ResyncId,
    record: RecordId,
    outcome: &Outcome<'_>,
) -> Result<()> {
    let Some(item) = find(&mut *tx, resync, record).await? else { return Ok(()) };
    let before = match item.state {
        ItemState::Open | ItemState::Unread => "",
        ItemState::Failed => "failed = failed - 1, ",
        _ => return Ok(()),
    };
    let column = match outcome.state {
        ItemState::Written => "written",
        ItemState::Failed => "failed",
        _ => "settled",
    };
    let set = match (before, column) {
        ("", _) => format!("{column} = {column} + 1, "),
        (_, "failed") => String::new(),
        (before, _) => format!("{before}{column} = {column} + 1, "),
    };
    let reason = outcome.reason.map(to_json).transpose()?;
    let sql = "UPDATE resync_item SET state = $3, fields = $4, reason = $5 \
               WHERE resync_id = $1 AND record_id = $2";
    let (state, fields) = (outcome.state.as_str(), to_json(&outcome.fields)?);
    tx.execute_one(sql, args![resync, record, state, fields, reason.as_deref()]).await?;
    let sql = format!("UPDATE resync SET {set}fields_written = fields_written + $2 WHERE id = $1");
    tx.execute_one(&sql, args![resync, count(outcome.fields.len())]).await
}

/// Keeps at a record that is being written why part of it cannot be.
pub async fn set_reason(
    tx: &mut Tx,
    resync: ResyncId,
    record: RecordId,
    reason: Option<&StoredReason>,
) -> Result<()> {
    let reason = reason.map(to_json).transpose()?;
    let sql = "UPDATE resync_item SET reason = $3 WHERE resync_id = $1 AND record_id = $2";
    tx.execute_one(sql, args![resync, record, reason.as_deref()]).await
}

pub async fn find(db: impl Read, resync: ResyncId, record: RecordId) -> Result<Option<Item>> {
    let condition = "resync_id = $1 AND record_id = $2";
    Ok(select(db, condition, args![resync, record]).await?.pop())
}

/// Up to `limit` items of a type in a state, behind a link, in order of their links.
pub async fn list(
    db: impl Read,
    (resync, kind): (ResyncId, ActorType),
    state: ItemState,
    after: LinkId,
    limit: i64,
) -> Result<Vec<Item>> {
    let condition = "resync_id = $1 AND state = $2 AND link_id > $3 AND actor_type = $4 \
                     ORDER BY link_id LIMIT $5";
    select(db, condition, args![resync, state.as_str(), after, kind.as_str(), limit]).await
}

/// The key of the last actor of a type that counting has looked at; blank: none.
pub async fn last_counted(mut db: impl Read, resync: ResyncId, kind: ActorType) -> Result<String> {
    let sql = "SELECT COALESCE(MAX(erp_key), '') AS last FROM resync_item \
               WHERE resync_id = $1 AND actor_type = $2";
    let row = db.row(sql, args![resync, kind.as_str()]).await?;
    row.map_or(Ok(String::new()), |row| row.text("last"))
}

/// How many chosen items of a type are still to be counted.
pub async fn count_chosen(mut db: impl Read, resync: ResyncId, kind: ActorType) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM resync_item \
               WHERE resync_id = $1 AND actor_type = $2 AND state = 'chosen'";
    db.row(sql, args![resync, kind.as_str()]).await?.map_or(Ok(0), |row| row.int("n"))
}

/// One page of the items in a state, in order of their links.
pub async fn page(
    db: impl Read,
    resync: ResyncId,
    state: ItemState,
    place: Place,
    limit: i64,
) -> Result<Page<Item>> {
    let (compare, order, at) = match place {
        Place::First => (">", "ASC", 0),
        Place::After(id) => (">", "ASC", id),
        Place::Before(id) => ("<", "DESC", id),
    };
    let condition = format!(
        "resync_id = $1 AND state = $2 AND link_id {compare} $3 ORDER BY link_id {order} LIMIT $4"
    );
    let mut items = select(db, &condition, args![resync, state.as_str(), at, limit + 1]).await?;
    if let Place::Before(_) = place {
        items.reverse();
    }
    Ok(Page::cut(items, place, limit))
}

async fn select(mut db: impl Read, condition: &str, args: Vec<Arg<'_>>) -> Result<Vec<Item>> {
    let sql = format!("SELECT {COLUMNS} FROM resync_item WHERE {condition}");
    db.rows(&sql, args).await?.iter().map(item).collect()
}

fn item(row: &Row) -> Result<Item> {
    let kind = row.named("actor_type", ActorType::parse)?;
    Ok(Item {
        record_kind: row.named("record_kind", RecordKind::parse)?,
        record_id: row.int("record_id")?,
        link_id: row.int("link_id")?,
        actor: ActorRef { kind, key: row.text("erp_key")? },
        state: row.named("state", ItemState::parse)?,
        fields: row.json("fields")?,
        reason: row.opt_json("reason")?,
    })
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
