//! What synchronising writes into the history: one row per field, and both values of a conflict.

use super::plan::{Conflict, FieldChange};
use super::session::Lane;
use crate::connections::ErpConnection;
use crate::connector::encoding;
use crate::crm::Record;
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
    let crm = conflict.values.crm.to_stored();
    self::conflict(lane, record, (&conflict.crm_key, &conflict.erp_key), Side::Erp)
        .before("crm", crm)
        .before("erp", erp_text(lane, &conflict.erp_key, &conflict.values.erp))
}

/// Both sides had changed; the CRM's value stands.
pub(super) fn crm_won(lane: &Lane<'_>, record: &Record, sent: &Sent) -> Event {
    conflict(lane, record, (&sent.crm_key, &sent.erp_key), Side::Crm)
        .before("crm", &sent.crm)
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
    with_reason(event(&lane.session.connection, Action::RecordFailed, record), reason)
}

/// The event with why it happened.
pub(super) fn with_reason(event: Event, reason: &StoredReason) -> Event {
    let event = event.after("reason", &reason.id);
    reason.arguments.iter().fold(event, |event, (name, value)| event.after(name, value))
}

/// Something that happened to a record in a connection.
pub(super) fn event(connection: &ErpConnection, action: Action, record: &Record) -> Event {
    Event::new(action, Subject::new(record.kind.as_str(), record.id, record.name()))
        .in_connection(connection.id, &connection.name)
}

fn erp_text(lane: &Lane<'_>, erp_key: &str, raw: &str) -> String {
    match lane.mapping.field(erp_key) {
        Some(field) => encoding::plain(field.erp.kind, raw),
        None => raw.to_owned(),
    }
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Crm => "crm",
        Side::Erp => "erp",
    }
}
