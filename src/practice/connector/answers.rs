//! How the ERP answers in the contract's words: actors as a connection sees them, and refusals.

use rust_decimal::Decimal;

use crate::connector::encoding::{self, Value};
use crate::connector::failure::{Failure, Refusal, RefusalCode};
use crate::connector::multilang;
use crate::connector::types::{Actor, ActorType, FieldType, Found};
use crate::practice::data::connections::Session;
use crate::practice::data::rows::Shelf;
use crate::practice::data::{PracticeError, Row};
use crate::practice::model;
use crate::practice::objection::Objection;
use crate::practice::search::conditions::BadSearch;

/// The rows of one kind in the session's client; refused for kinds this ERP does not have.
pub(super) fn shelf(session: &Session, kind: ActorType) -> Result<Shelf<'_>, Failure> {
    if model::KINDS.contains(&kind) {
        Ok(Shelf { client: &session.client, kind })
    } else {
        Err(failure(Objection::UnknownKind(kind).into()))
    }
}

pub(super) fn at_most(session: &Session, limit: usize) -> usize {
    limit.min(usize::try_from(session.options.max_hits).unwrap_or(usize::MAX))
}

pub(super) fn found(session: &Session, rows: Vec<Row>, fields: &[String], limit: usize) -> Found {
    Found {
        more: rows.len() > limit,
        actors: rows.iter().take(limit).map(|row| show(session, row, fields)).collect(),
    }
}

pub(super) fn show_all(session: &Session, row: &Row) -> Actor {
    show(session, row, &row.values.keys().cloned().collect::<Vec<_>>())
}

/// An actor as this connection sees it: balances in its own currency.
pub(super) fn show(session: &Session, row: &Row, fields: &[String]) -> Actor {
    let mut actor = row.actor(fields);
    if session.options.factor != Decimal::ONE
        && let Some(balance) = actor.fields.get_mut("BALANCE")
        && let Ok(Value::Double(amount)) = encoding::read(FieldType::Double, balance)
        && let Some(converted) = amount.checked_mul(session.options.factor)
    {
        *balance = encoding::write(&Value::Double(converted.round_dp(2)));
    }
    actor
}

/// Blank means from the beginning.
pub(super) fn read_stamp(stamp: &str) -> Result<i64, Failure> {
    match stamp.trim() {
        "" => Ok(0),
        digits => digits.parse().map_err(|_| {
            Failure::refused(
                multilang::write(
                    "The time of the last change was not given by this ERP system.",
                    "Die Zeit der letzten Änderung stammt nicht von diesem ERP-System.",
                ),
                "not a time of change of this ERP",
            )
        }),
    }
}

pub(super) fn login_refused() -> Failure {
    Failure::refused(
        multilang::write(
            "The ERP system does not accept this user and password for the chosen client.",
            "Das ERP-System nimmt diesen Benutzer und dieses Passwort für den gewählten Mandanten nicht an.",
        ),
        "log-in refused",
    )
}

pub(super) fn bad_search(bad: BadSearch) -> Failure {
    match &bad {
        BadSearch::UnknownField { .. } => {
            Failure::refused_as(RefusalCode::UnknownField, bad.to_string())
        }
        BadSearch::UnfitOperator { field, .. }
        | BadSearch::TooFewValues { field, .. }
        | BadSearch::UnreadableValue { field } => Failure::refused(
            multilang::write(
                &format!("This ERP system cannot search the field {field} like that."),
                &format!("So kann dieses ERP-System das Feld {field} nicht durchsuchen."),
            ),
            bad.to_string(),
        ),
    }
}

/// The ERP's own "no" is a refusal; anything else is a fault in it, as when a connector throws.
pub(super) fn failure(error: PracticeError) -> Failure {
    match error {
        PracticeError::Objection(objection) => refusal(&objection),
        other => {
            tracing::error!(error = %other, "the practice ERP failed");
            Failure::Fault { code: "InternalServiceFault".to_owned(), text: other.to_string() }
        }
    }
}

fn refusal(objection: &Objection) -> Failure {
    let code = match objection.innermost() {
        Objection::UnknownField { .. } => Some(RefusalCode::UnknownField),
        Objection::UnknownItem { .. } => Some(RefusalCode::UnknownListItem),
        _ => None,
    };
    Failure::Refused(Refusal {
        code,
        user_text: objection.sentence(),
        tech_text: objection.to_string(),
        ..Refusal::default()
    })
}
