//! CRM records: reading them singly, in bulk and in pages; adding and changing them.

use super::conditions::Conditions;
use super::crm_rows::{COLUMNS, listed, records, search_text, stored};
use super::error::StoreError;
use super::page::{Page, Place};
use super::row::{args, to_json};
use super::users::yes_no;
use super::{Read, Result, Tx, crm_fields, crm_lists, id, links};
use crate::crm::fields::Catalogue;
use crate::crm::fold::{fold, words};
use crate::crm::value::Value;
use crate::crm::{Record, RecordId, RecordKind, Values, name_of};
use crate::history::{Action, Actor, Details, Event, Subject};
use crate::links::LinkId;

pub use super::crm_rows::Listed;

/// Which records a list shows.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    pub kind: RecordKind,
    /// Only those of this company.
    pub parent: Option<RecordId>,
    /// Words that must all occur in a record's texts; blank: all records.
    pub search: &'a str,
    /// Only those that hold this list item in the field of this key.
    pub holding: Option<(&'a str, i64)>,
}

impl Filter<'_> {
    pub fn all(kind: RecordKind) -> Self {
        Self { kind, parent: None, search: "", holding: None }
    }
}

/// The record of this kind with this id.
pub async fn find(mut db: impl Read, kind: RecordKind, id: RecordId) -> Result<Option<Record>> {
    let from = "crm_record r WHERE r.id = $1 AND r.kind = $2";
    let found = db.many(COLUMNS, from, "r.id", args![id, kind.as_str()]).await?;
    Ok(records(&crm_fields::fetch(&mut db).await?, found)?.pop())
}

/// Those of these records that exist, of any kind, in order of their ids.
pub async fn list_by_ids(mut db: impl Read, ids: &[RecordId]) -> Result<Vec<Record>> {
    let from = format!("crm_record r WHERE r.id IN {}", db.dialect().ids("$1"));
    let found = db.many(COLUMNS, &from, "r.id", args![to_json(&ids)?]).await?;
    records(&crm_fields::fetch(&mut db).await?, found)
}

/// One page, by name. It costs the same anywhere in a list of any length, as long as nothing is
/// searched and no item is asked for.
pub async fn page(
    mut db: impl Read,
    filter: Filter<'_>,
    place: Place,
    limit: i64,
) -> Result<Page<Listed>> {
    let mut conditions = Conditions::default();
    let limit_arg = conditions.bind(limit + 1);
    conditions.compare("kind =", filter.kind.as_str());
    if let Some(parent) = filter.parent {
        conditions.compare("parent_id =", parent);
    }
    let (compare, direction) = place.way();
    if let Place::After(id) | Place::Before(id) = place {
        let at = conditions.bind(id);
        conditions.and(format!(
            "(name_norm, id) {compare} (SELECT name_norm, id FROM crm_record WHERE id = {at})"
        ));
    }
    for word in words(filter.search) {
        conditions.contains("search_text", &word);
    }
    if let Some((field, item)) = filter.holding {
        let key = conditions.bind(field);
        let member = db.dialect().member("fields", &key);
        conditions.compare(&format!("{member} ="), item.to_string());
    }
    let (inner, args) = conditions.finish();
    let from = format!(
        "(SELECT id, kind, parent_id, name_norm, version, fields, updated_at, updated_by FROM crm_record \
         WHERE {inner} ORDER BY name_norm {direction}, id {direction} LIMIT {limit_arg}) r \
         LEFT JOIN crm_record p ON p.id = r.parent_id"
    );
    let columns = format!("{COLUMNS}, p.name");
    let found = db.many(&columns, &from, "r.name_norm, r.id", args).await?;
    let catalogues = crm_fields::fetch(&mut db).await?;
    Ok(Page::cut(listed(&catalogues, found)?, place, limit))
}

/// Records of this kind with this name in comparable form, oldest first, at most so many.
pub async fn list_by_name(
    mut db: impl Read,
    kind: RecordKind,
    name: &str,
    limit: i64,
) -> Result<Vec<Record>> {
    let from = "(SELECT id, kind, parent_id, version, fields, updated_at, updated_by FROM crm_record \
                WHERE kind = $1 AND name_norm = $2 ORDER BY id LIMIT $3) r";
    let found = db.many(COLUMNS, from, "r.id", args![kind.as_str(), fold(name), limit]).await?;
    records(&crm_fields::fetch(&mut db).await?, found)
}

/// How many records of this kind there are, from a counter that is kept.
pub async fn count(mut db: impl Read, kind: RecordKind) -> Result<i64> {
    let row = db.row("SELECT records FROM crm_count WHERE kind = $1", args![kind.as_str()]).await?;
    row.ok_or_else(|| StoreError::Damaged("crm_count".to_owned()))?.int("records")
}

/// Adds a record.
pub async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    kind: RecordKind,
    parent: Option<RecordId>,
    values: &Values,
) -> Result<RecordId> {
    let now = tx.clock().now();
    let id = id::fresh(now);
    let name = name_of(kind, values);
    let catalogue = crm_fields::catalogue(&mut *tx, kind).await?;
    let nothing = Values::new();
    let (_, after) = differences(tx, &catalogue, (None, &nothing), (parent, values)).await?;
    let kept = catalogue.kept(&nothing, values);
    let event = Event::new(Action::RecordAdded, Subject::new(kind.as_str(), id, &name));
    tx.record(actor, &Event { after, ..event }).await?;
    tx.execute_one(
        "INSERT INTO crm_record (id, kind, parent_id, name, name_norm, search_text, fields, version, created_at, \
         updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $9)",
        args![
            id,
            kind.as_str(),
            parent,
            &name,
            fold(&name),
            search_text(&name, &kept),
            stored(&kept)?,
            now,
            &actor.name
        ],
    )
    .await?;
    let count = "UPDATE crm_count SET records = records + 1 WHERE kind = $1";
    tx.execute_one(count, args![kind.as_str()]).await?;
    Ok(id)
}

/// A change of a record, made on top of what its editor saw.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub kind: RecordKind,
    pub id: RecordId,
    /// The version the editor saw; if it is no longer the record's, the change is
    /// [`StoreError::Overtaken`].
    pub version: i64,
    pub parent: Option<RecordId>,
    /// All values, not only the changed ones; those of deleted fields stay in any case.
    pub values: &'a Values,
}

/// What a change came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The record's version now.
    pub version: i64,
    /// The changed fields, as the history has them. Both empty: there was nothing to change.
    pub before: Details,
    pub after: Details,
}

/// Changes a record, and tells its links that there is something to synchronise.
pub async fn update(tx: &mut Tx, actor: &Actor, change: Change<'_>) -> Result<Changed> {
    let changed = write(tx, &actor.name, change, None).await?;
    if changed.version == change.version {
        return Ok(changed);
    }
    let name = name_of(change.kind, change.values);
    let subject = Subject::new(change.kind.as_str(), change.id, name);
    let event = Event::new(Action::RecordChanged, subject);
    let (before, after) = (changed.before.clone(), changed.after.clone());
    tx.record(actor, &Event { before, after, ..event }).await?;
    Ok(changed)
}

/// Changes a record as [`update`] does; what the history says about it is the caller's. The link the change
/// came through, if any, knows already: `spare` it.
pub async fn write(
    tx: &mut Tx,
    by: &str,
    change: Change<'_>,
    spare: Option<LinkId>,
) -> Result<Changed> {
    let Change { kind, id, version, parent, values } = change;
    tx.alone().await?;
    let old = find(&mut *tx, kind, id).await?.ok_or(StoreError::Overtaken)?;
    if old.version != version {
        return Err(StoreError::Overtaken);
    }
    let catalogue = crm_fields::catalogue(&mut *tx, kind).await?;
    let (before, after) =
        differences(tx, &catalogue, (old.parent, &old.values), (parent, values)).await?;
    if before.is_empty() && after.is_empty() {
        return Ok(Changed { version, before, after });
    }
    let name = name_of(kind, values);
    let kept = catalogue.kept(&old.values, values);
    tx.execute_one(
        "UPDATE crm_record SET parent_id = $3, name = $4, name_norm = $5, search_text = $6, fields = $7, \
         version = version + 1, updated_at = $8, updated_by = $9 WHERE id = $1 AND version = $2",
        args![
            id,
            version,
            parent,
            &name,
            fold(&name),
            search_text(&name, &kept),
            stored(&kept)?,
            tx.clock().now(),
            by
        ],
    )
    .await?;
    links::mark_changed(tx, id, spare).await?;
    Ok(Changed { version: version + 1, before, after })
}

/// The fields that differ between two states, before and after, as people read them: list items by their
/// (multi-language) text, the company by its name, ticks as yes or no, other values in stored form.
async fn differences(
    tx: &mut Tx,
    catalogue: &Catalogue,
    (old_parent, old): (Option<RecordId>, &Values),
    (new_parent, new): (Option<RecordId>, &Values),
) -> Result<(Details, Details)> {
    let changed: Vec<_> = catalogue
        .all()
        .iter()
        .map(|field| (old.get(&field.key).clone(), new.get(&field.key).clone(), field.key.clone()))
        .filter(|(old, new, _)| old != new)
        .collect();
    let items: Vec<i64> =
        changed.iter().flat_map(|(old, new, _)| [old, new]).filter_map(item).collect();
    let texts = crm_lists::texts(&mut *tx, &items).await?;
    let read = |value: &Value| match value {
        Value::Check(ticked) => yes_no(*ticked).to_owned(),
        Value::Item(item) => texts.get(item).cloned().unwrap_or_default(),
        other => other.to_stored(),
    };
    let (mut before, mut after) = (Details::new(), Details::new());
    for (old, new, key) in changed {
        before.insert(key.clone(), read(&old));
        after.insert(key, read(&new));
    }
    if old_parent != new_parent {
        before.insert("company".to_owned(), name_or_blank(tx, old_parent).await?);
        after.insert("company".to_owned(), name_or_blank(tx, new_parent).await?);
    }
    Ok((before, after))
}

fn item(value: &Value) -> Option<i64> {
    match value {
        Value::Item(item) => Some(*item),
        _ => None,
    }
}

async fn name_or_blank(mut tx: &mut Tx, id: Option<RecordId>) -> Result<String> {
    let Some(id) = id else { return Ok(String::new()) };
    let row = tx.row("SELECT name FROM crm_record WHERE id = $1", args![id]).await?;
    row.map_or(Ok(String::new()), |row| row.text("name"))
}
