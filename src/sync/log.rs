//! What synchronising writes into the history: one row per field, and both values of a conflict.

use super::plan::{Conflict, FieldChange};
use super::reason;
use super::session::Lane;
use crate::connections::ErpConnection;
use crate::connector::encoding;
use crate::connector::types::FieldType;
use crate::crm::Record;
use crate::crm::value::Value;
use crate::history::{Action, Event, Subject};
use crate::links::StoredReason;
use crate::mapping::Side;
use crate::runs::write::Sent;
use crate::store::crm::Changed;

/// A field came from the ERP into the CRM. The values are as the CRM's own history would show them.
pub(super) fn into_crm(
    lane: &Lane<'_>,
    record: &Record,
    change: &FieldChange,
    changed: &Changed,
) -> Event {
    let value =
        |values: &crate::history::Details| values.get(&change.crm_key).cloned().unwrap_or_default();
    field_synced(lane, record, (&change.crm_key, &change.erp_key), Side::Crm)
        .before(&change.crm_key, value(&changed.before))
        .after(&change.crm_key, value(&changed.after))
}

/// A field went from the CRM into the ERP.
pub(super) fn into_erp(lane: &Lane<'_>, record: &Record, sent: &Sent) -> Event {
    field_synced(lane, record, (&sent.crm_key, &sent.erp_key), Side::Erp)
        .before(&sent.crm_key, erp_text(lane, &sent.erp_key, &sent.old))
        .after(&sent.crm_key, erp_text(lane, &sent.erp_key, &sent.new))
}

fn field_synced(
    lane: &Lane<'_>,
    record: &Record,
    (crm_key, erp_key): (&str, &str),
    target: Side,
) -> Event {
    let source = if target == Side::Crm { Side::Erp } else { Side::Crm };
    event(&lane.session.connection, Action::FieldSynced, record)
        .after("field", crm_key)
        .after("erp-field", erp_key)
        .after("source", name(source))
        .after("target", name(target))
}

/// Both sides had changed; the ERP's value stands.
pub(super) fn erp_won(lane: &Lane<'_>, record: &Record, conflict: &Conflict) -> Event {
    let crm = crm_text(lane, &conflict.erp_key, &conflict.values.crm.to_stored());
    self::conflict(lane, record, (&conflict.crm_key, &conflict.erp_key), Side::Erp)
        .before("crm", crm)
        .before("erp", erp_text(lane, &conflict.erp_key, &conflict.values.erp))
}

/// Both sides had changed; the CRM's value stands.
pub(super) fn crm_won(lane: &Lane<'_>, record: &Record, sent: &Sent) -> Event {
    conflict(lane, record, (&sent.crm_key, &sent.erp_key), Side::Crm)
        .before("crm", crm_text(lane, &sent.erp_key, &sent.crm))
        .before("erp", erp_text(lane, &sent.erp_key, &sent.old))
}

fn conflict(
    lane: &Lane<'_>,
    record: &Record,
    (crm_key, erp_key): (&str, &str),
    winner: Side,
) -> Event {
    event(&lane.session.connection, Action::Conflict, record)
        .after("field", crm_key)
        .after("erp-field", erp_key)
        .after("winner", name(winner))
}

/// Synchronising a record failed.
pub(super) fn failed(lane: &Lane<'_>, record: &Record, reason: &StoredReason) -> Event {
    reason::noted(event(&lane.session.connection, Action::RecordFailed, record), reason)
}

/// Something that happened to a record in a connection.
pub(super) fn event(connection: &ErpConnection, action: Action, record: &Record) -> Event {
    Event::new(action, Subject::new(record.kind.as_str(), record.id, record.name()))
        .in_connection(connection.id, &connection.name)
}

/// An ERP's value as people read it: a list item by the text of the CRM's own item it is mapped to, or else
/// by the ERP's text where that is at hand.
fn erp_text(lane: &Lane<'_>, erp_key: &str, raw: &str) -> String {
    let Some(field) = lane.mapping.field(erp_key) else { return raw.to_owned() };
    let plain = encoding::plain(field.erp.kind, raw);
    if field.erp.kind != FieldType::List {
        return plain;
    }
    let ours = field.items.get(&plain).and_then(|id| item_text(lane, *id));
    let theirs = lane.texts.erp.get(&field.erp.list).and_then(|items| items.get(&plain));
    ours.or(theirs).cloned().unwrap_or(plain)
}

/// A CRM value in stored form, as people read it.
fn crm_text(lane: &Lane<'_>, erp_key: &str, stored: &str) -> String {
    let pair = lane.pairs.iter().find(|pair| pair.field.erp.key == erp_key);
    let kind = pair.map(|pair| pair.crm.kind);
    match kind.and_then(|kind| Value::from_stored(kind, stored)) {
        Some(Value::Item(id)) => item_text(lane, id).cloned(),
        Some(Value::Check(ticked)) => Some(if ticked { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
    .unwrap_or_else(|| stored.to_owned())
}

fn item_text<'l>(lane: &'l Lane<'_>, id: i64) -> Option<&'l String> {
    lane.texts.names.get(&id).or_else(|| lane.texts.crm.get(&id))
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Crm => "crm",
        Side::Erp => "erp",
    }
}
