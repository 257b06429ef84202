//! The CRM's lists and their items. A deleted item stays, since records may still hold it.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::error::StoreError;
use super::row::{args, flag, to_json};
use super::{Read, Result, Tx, id};
use crate::crm::RecordKind;
use crate::crm::fields::List;
use crate::history::{Action, Actor, Event, Subject};

const COLUMNS: &str = "id, list, text, rank, is_deleted";

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Item {
    pub id: i64,
    #[serde(deserialize_with = "list_by_name")]
    pub list: List,
    /// Multi-language text.
    pub text: String,
    pub rank: i64,
    #[serde(deserialize_with = "flag")]
    pub is_deleted: bool,
}

/// The items one may choose from, by rank.
pub async fn list(mut db: impl Read, list: List) -> Result<Vec<Item>> {
    let from = "crm_list_item WHERE list = $1 AND NOT is_deleted";
    db.many(COLUMNS, from, "rank, id", args![list.name()]).await
}

/// The items of all lists that one may choose from, by rank within each list.
pub async fn list_all(mut db: impl Read) -> Result<Vec<Item>> {
    let from = "crm_list_item WHERE NOT is_deleted";
    db.many(COLUMNS, from, "list, rank, id", args![]).await
}

/// The items of these lists that one may choose from, and those that a record holds anyway, deleted or not.
pub async fn list_for(mut db: impl Read, lists: &[List], held: &[i64]) -> Result<Vec<Item>> {
    let names: Vec<String> = lists.iter().map(|list| list.name()).collect();
    let (names, held) = (to_json(&names)?, to_json(&held)?);
    let dialect = db.dialect();
    let (of_lists, ids) = (dialect.texts("$1"), dialect.ids("$2"));
    let from =
        format!("crm_list_item WHERE (list IN {of_lists} AND NOT is_deleted) OR id IN {ids}");
    db.many(COLUMNS, &from, "list, rank, id", args![names, held]).await
}

/// All items of a list, also those that were taken off it.
pub async fn list_with_deleted(mut db: impl Read, list: List) -> Result<Vec<Item>> {
    db.many(COLUMNS, "crm_list_item WHERE list = $1", "rank, id", args![list.name()]).await
}

/// Those of these items that exist, deleted or not.
pub async fn list_by_ids(mut db: impl Read, ids: &[i64]) -> Result<Vec<Item>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let from = format!("crm_list_item WHERE id IN {}", db.dialect().ids("$1"));
    db.many(COLUMNS, &from, "list, rank, id", args![to_json(&ids)?]).await
}

/// The texts of these items, deleted or not.
pub async fn texts(db: impl Read, ids: &[i64]) -> Result<BTreeMap<i64, String>> {
    let items = list_by_ids(db, ids).await?;
    Ok(items.into_iter().map(|item| (item.id, item.text)).collect())
}

/// Most records that are looked at to count what holds an item; more would cost more than the page they are
/// counted for.
pub const MOST_COUNTED: i64 = 20_000;

/// How many records of a kind hold which item in this field, among the first [`MOST_COUNTED`] by name.
pub async fn count_use(
    mut db: impl Read,
    kind: RecordKind,
    field: &str,
) -> Result<BTreeMap<i64, i64>> {
    let sql = format!(
        "SELECT item, COUNT(*) AS records FROM (SELECT {} AS item FROM (SELECT fields FROM crm_record \
         WHERE kind = $1 ORDER BY name_norm, id LIMIT $3) r) u WHERE item IS NOT NULL GROUP BY item",
        db.dialect().member("fields", "$2")
    );
    let rows = db.rows(&sql, args![kind.as_str(), field, MOST_COUNTED]).await?;
    rows.iter().map(|row| Ok((row.parsed("item")?, row.int("records")?))).collect()
}

/// Adds an item at the end of a list.
pub async fn insert(tx: &mut Tx, actor: &Actor, list: List, text: &str) -> Result<i64> {
    let event = Event::new(Action::SettingChanged, Subject::only("portal"));
    tx.record(actor, &event.after(&list.name(), text)).await?;
    let id = id::fresh(tx.clock().now());
    tx.execute_one(
        "INSERT INTO crm_list_item (id, list, text, rank, is_deleted) SELECT $1, $2, $3, \
         COALESCE(MAX(rank), 0) + 1, FALSE FROM crm_list_item WHERE list = $2",
        args![id, list.name(), text],
    )
    .await?;
    Ok(id)
}

/// Gives an item another text.
pub async fn rename(tx: &mut Tx, actor: &Actor, id: i64, text: &str) -> Result<()> {
    let item = get(tx, id).await?;
    let event = Event::new(Action::SettingChanged, Subject::only("portal")).changed(
        &item.list.name(),
        &item.text,
        text,
    );
    if !event.has_details() {
        return Ok(());
    }
    tx.record(actor, &event).await?;
    let sql = "UPDATE crm_list_item SET text = $3 WHERE id = $1 AND text = $2";
    tx.execute_one(sql, args![id, &item.text, text]).await
}

/// Takes an item off its list. Records that hold it keep it.
pub async fn delete(tx: &mut Tx, actor: &Actor, id: i64) -> Result<()> {
    let item = get(tx, id).await?;
    let event = Event::new(Action::SettingChanged, Subject::only("portal"));
    tx.record(actor, &event.before(&item.list.name(), &item.text)).await?;
    let sql = "UPDATE crm_list_item SET is_deleted = TRUE WHERE id = $1 AND NOT is_deleted";
    tx.execute_one(sql, args![id]).await
}

async fn get(tx: &mut Tx, id: i64) -> Result<Item> {
    list_by_ids(tx, &[id]).await?.pop().ok_or(StoreError::Overtaken)
}

fn list_by_name<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<List, D::Error> {
    let name = String::deserialize(from)?;
    List::parse(&name).ok_or_else(|| D::Error::custom("no such list"))
}
