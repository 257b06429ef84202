//! Fields that admins add to records: adding, changing, putting in order, deleting, bringing back. Each is one
//! row of the history. Where a field is mapped, runs that know it as it was come to an end.

use super::crm_list_changes::{Plan, WantedItem};
use super::error::StoreError;
use super::row::args;
use super::users::yes_no;
use super::{Read, Result, Tx, connections, crm_fields, crm_lists, id, links};
use crate::connections::ConnectionId;
use crate::connector::multilang;
use crate::connector::types::ActorType;
use crate::crm::RecordKind;
use crate::crm::fields::{CustomField, CustomFieldId, List};
use crate::crm::value::FieldKind;
use crate::history::{Action, Actor, Event, Subject};

/// A field about to be added.
#[derive(Clone, Debug)]
pub struct NewField {
    pub record: RecordKind,
    pub kind: FieldKind,
    pub content: Content,
}

/// What may be changed about a field: everything but its kind.
#[derive(Clone, Debug)]
pub struct Content {
    /// Multi-language text.
    pub label: String,
    /// Text only.
    pub max_length: i64,
    pub is_required: bool,
    /// Of a list: every item one may choose from, in order.
    pub items: Vec<WantedItem>,
}

/// Adds a field behind the others. [`StoreError::Taken`]: another one is called so; [`StoreError::Full`]:
/// there are [`CustomField::MOST`].
pub async fn insert(tx: &mut Tx, actor: &Actor, new: &NewField) -> Result<CustomFieldId> {
    tx.alone().await?;
    let others = crm_fields::list(&mut *tx, new.record).await?;
    check_room(&others)?;
    let content = &new.content;
    check_label(&others, None, &content.label)?;
    let now = tx.clock().now();
    let id = id::fresh(now);
    let of_text =
        |length: i64| if new.kind == FieldKind::Text { length.to_string() } else { String::new() };
    let event = Event::new(Action::CrmFieldAdded, Subject::new("crm-field", id, &content.label))
        .after("name", &content.label)
        .after("record-kind", new.record.as_str())
        .after("type", new.kind.as_str())
        .changed("length", "", of_text(content.max_length))
        .changed("mandatory", "no", yes_no(content.is_required));
    let items = Plan::new(Vec::new(), &content.items)?;
    tx.record(actor, &items.note(event)).await?;
    let rank = i64::try_from(others.len()).unwrap_or(i64::MAX) + 1;
    tx.execute_one(
        "INSERT INTO crm_field (id, record_kind, label, kind, max_length, is_required, rank, is_deleted, version, \
         created_at, created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, 1, $8, $9, $8, $9)",
        args![
            id,
            new.record.as_str(),
            &content.label,
            new.kind.as_str(),
            content.max_length,
            content.is_required,
            rank,
            now,
            &actor.name
        ],
    )
    .await?;
    items.write(tx, List::Custom(id)).await?;
    tx.catalogues = None;
    Ok(id)
}

/// Changes a field as somebody saw it at `version`; whether there was anything to change. [`StoreError::Taken`]:
/// another one is called so; [`StoreError::InUse`]: a record holds a text that is longer than is to be allowed.
pub async fn update(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (CustomFieldId, i64),
    change: &Content,
) -> Result<bool> {
    tx.alone().await?;
    let old = get(tx, (id, version), false).await?;
    let others = crm_fields::list(&mut *tx, old.field.record).await?;
    check_label(&others, Some(id), &change.label)?;
    let is_shorter = change.max_length < old.field.max_length;
    if is_shorter && crm_fields::longest(tx, &old).await? > change.max_length {
        return Err(StoreError::InUse);
    }
    let list = List::Custom(id);
    let items = crm_lists::list_with_deleted(&mut *tx, list).await?;
    let items = Plan::new(items, &change.items)?;
    let event = Event::new(Action::CrmFieldChanged, Subject::new("crm-field", id, &change.label))
        .changed("name", old.label(), &change.label)
        .changed("length", old.field.max_length.to_string(), change.max_length.to_string())
        .changed("mandatory", yes_no(old.field.is_required), yes_no(change.is_required));
    let event = items.note(event);
    if !event.has_details() {
        return Ok(false);
    }
    tx.record(actor, &event).await?;
    tx.execute_one(
        "UPDATE crm_field SET label = $3, max_length = $4, is_required = $5, version = version + 1, \
         updated_at = $6, updated_by = $7 WHERE id = $1 AND version = $2",
        args![
            id,
            version,
            &change.label,
            change.max_length,
            change.is_required,
            tx.clock().now(),
            &actor.name
        ],
    )
    .await?;
    items.write(tx, list).await?;
    let takes_other_values =
        (old.field.max_length, old.field.is_required) != (change.max_length, change.is_required);
    if takes_other_values {
        look_anew(tx, id, true).await?;
    }
    tx.catalogues = None;
    Ok(true)
}

/// Puts the fields of a kind of record in another order than somebody saw; deleted ones go last.
pub async fn arrange(
    tx: &mut Tx,
    actor: &Actor,
    kind: RecordKind,
    (seen, wanted): (&[CustomFieldId], &[CustomFieldId]),
) -> Result<()> {
    tx.alone().await?;
    let all = crm_fields::list(&mut *tx, kind).await?;
    let live: Vec<CustomFieldId> =
        all.iter().filter(|custom| !custom.is_deleted).map(|custom| custom.id).collect();
    let mut sorted = (live.clone(), wanted.to_vec());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    if live != seen || sorted.0 != sorted.1 {
        return Err(StoreError::Overtaken);
    }
    if live == wanted {
        return Ok(());
    }
    let name = |id: &CustomFieldId| {
        let custom = all.iter().find(|custom| custom.id == *id)?;
        Some(multilang::in_one_line(custom.label()))
    };
    let names = |ids: &[CustomFieldId]| ids.iter().filter_map(name).collect::<Vec<_>>().join(", ");
    let event = Event::new(Action::CrmFieldsOrdered, Subject::only("crm-field"))
        .after("record-kind", kind.as_str())
        .changed("order", names(&live), names(wanted));
    tx.record(actor, &event).await?;
    let deleted = all.iter().filter(|custom| custom.is_deleted).map(|custom| custom.id);
    for (rank, id) in (1_i64..).zip(wanted.iter().copied().chain(deleted)) {
        let sql = "UPDATE crm_field SET rank = $2 WHERE id = $1";
        tx.execute_one(sql, args![id, rank]).await?;
    }
    tx.catalogues = None;
    Ok(())
}

/// Takes a field away. Records keep its values and mappings their rows, for the case that it comes back.
pub async fn delete(tx: &mut Tx, actor: &Actor, seen: (CustomFieldId, i64)) -> Result<()> {
    tx.alone().await?;
    let old = get(tx, seen, false).await?;
    turn(tx, actor, &old, Action::CrmFieldDeleted).await?;
    look_anew(tx, old.id, false).await
}

/// Brings a deleted field back with its values. What its mappings missed meanwhile is looked at.
/// [`StoreError::Taken`] and [`StoreError::Full`] as for [`insert`].
pub async fn restore(tx: &mut Tx, actor: &Actor, seen: (CustomFieldId, i64)) -> Result<()> {
    tx.alone().await?;
    let old = get(tx, seen, true).await?;
    let others = crm_fields::list(&mut *tx, old.field.record).await?;
    check_room(&others)?;
    check_label(&others, Some(old.id), old.label())?;
    turn(tx, actor, &old, Action::CrmFieldRestored).await?;
    look_anew(tx, old.id, true).await
}

async fn turn(tx: &mut Tx, actor: &Actor, old: &CustomField, action: Action) -> Result<()> {
    let event = Event::new(action, Subject::new("crm-field", old.id, old.label()));
    tx.record(actor, &event.after("record-kind", old.field.record.as_str())).await?;
    tx.execute_one(
        "UPDATE crm_field SET is_deleted = $3, version = version + 1, updated_at = $4, updated_by = $5 \
         WHERE id = $1 AND version = $2",
        args![old.id, old.version, !old.is_deleted, tx.clock().now(), &actor.name],
    )
    .await?;
    tx.catalogues = None;
    Ok(())
}

/// Runs that know the field as it was end. With `links`, whatever is linked where it is mapped is looked at on
/// both sides.
async fn look_anew(mut tx: &mut Tx, id: CustomFieldId, with_links: bool) -> Result<()> {
    let from = "actor_mapping a WHERE a.id IN (SELECT f.actor_mapping_id FROM field_mapping f WHERE f.crm_field = $1)";
    let key = CustomField::key(id);
    let mapped: Vec<(ConnectionId, ActorType)> =
        tx.many("a.connection_id, a.actor_type", from, "a.id", args![key]).await?;
    for (connection, kind) in mapped {
        connections::supersede(tx, connection).await?;
        if with_links {
            links::mark_type(tx, connection, kind).await?;
        }
    }
    Ok(())
}

async fn get(
    tx: &mut Tx,
    (id, version): (CustomFieldId, i64),
    is_deleted: bool,
) -> Result<CustomField> {
    let found = crm_fields::find(&mut *tx, id).await?.ok_or(StoreError::Overtaken)?;
    let is_seen = found.version == version && found.is_deleted == is_deleted;
    if is_seen { Ok(found) } else { Err(StoreError::Overtaken) }
}

fn check_room(others: &[CustomField]) -> Result<()> {
    let live = others.iter().filter(|other| !other.is_deleted).count();
    if live < CustomField::MOST { Ok(()) } else { Err(StoreError::Full) }
}

fn check_label(others: &[CustomField], own: Option<CustomFieldId>, label: &str) -> Result<()> {
    let is_taken = others
        .iter()
        .filter(|other| !other.is_deleted && Some(other.id) != own)
        .any(|other| multilang::are_alike(other.label(), label));
    if is_taken { Err(StoreError::Taken) } else { Ok(()) }
}
