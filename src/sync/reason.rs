//! Failures of a connector as reasons that can be kept, and what they are about.

use crate::connector::failure::{BadAddress, Failure, Refusal};
use crate::history::Event;
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::store::error::StoreError;

/// A failure in the form that can be kept, the only place that puts failures into words. Texts of the
/// connector may be multi-language; details that no message names are for the history.
pub fn of(failure: &Failure) -> StoredReason {
    let said = |key: Key| StoredReason::new(key.id());
    match failure {
        Failure::AddressNotAllowed { address, line } => {
            said(Key::FAILURE_NOT_ALLOWED).with("address", address).with("line", line)
        }
        Failure::AddressNotUsable { reason } => said(match reason {
            BadAddress::Malformed => Key::FAILURE_MALFORMED,
            BadAddress::NeedsVendorService => Key::FAILURE_APP,
            BadAddress::UnknownScheme => Key::FAILURE_SCHEME,
            BadAddress::NoSuchPlugin => Key::FAILURE_NO_PLUGIN,
        }),
        Failure::Unreachable { detail } => said(Key::FAILURE_UNREACHABLE).with("detail", detail),
        Failure::BadCertificate { detail } => said(Key::FAILURE_CERTIFICATE).with("detail", detail),
        Failure::TimedOut { limit } => {
            said(Key::FAILURE_TIMED_OUT).with("seconds", limit.as_secs().to_string())
        }
        Failure::BrokenOff { detail } => said(Key::FAILURE_BROKEN_OFF).with("detail", detail),
        Failure::HttpStatus { status, .. } => said(match status {
            401 | 403 => Key::FAILURE_HTTP_REFUSED,
            404 | 405 | 410 => Key::FAILURE_HTTP_NOTHING_THERE,
            429 | 503 => Key::FAILURE_HTTP_BUSY,
            _ => Key::FAILURE_HTTP,
        })
        .with("status", status.to_string()),
        Failure::TooLarge { what } => said(Key::FAILURE_TOO_LARGE).with("detail", what),
        Failure::NotUnderstood { what } => said(Key::FAILURE_NOT_UNDERSTOOD).with("detail", what),
        Failure::NotSendable { field } => said(Key::FAILURE_NOT_SENDABLE).with("field", field),
        Failure::Fault { text, .. } => said(Key::FAILURE_FAULT).with("detail", first_line(text)),
        Failure::Refused(refusal) => refused(refusal),
    }
}

/// The event with why it happened; the history puts it into words again when it is read.
pub fn noted(event: Event, reason: &StoredReason) -> Event {
    let arguments = reason.arguments.iter();
    arguments.fold(event.after("reason", &reason.id), |event, (name, text)| event.after(name, text))
}

/// The event of a test with how it ended.
pub fn tested(event: Event, failure: Option<&Failure>) -> Event {
    match failure {
        None => event.after("result", "passed"),
        Some(failure) => noted(event.after("result", "failed"), &of(failure)),
    }
}

fn refused(refusal: &Refusal) -> StoredReason {
    let said = |key: Key| StoredReason::new(key.id());
    match &refusal.code {
        _ if !refusal.user_text.trim().is_empty() => {
            said(Key::FAILURE_REFUSED).with("said", &refusal.user_text)
        }
        Some(code) => said(Key::FAILURE_REFUSED_CODE).with("code", code.as_str()),
        None => said(Key::FAILURE_REFUSED_SILENTLY).with("detail", first_line(&refusal.tech_text)),
    }
}

/// Technical texts may hold a stack trace, which helps nobody.
fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim()
}

/// Nothing more is to be asked of the connection for now: it cannot be reached, does not let us in, or
/// wants to be left alone.
pub(super) fn is_about_the_connection(failure: &Failure) -> bool {
    match failure {
        Failure::AddressNotAllowed { .. }
        | Failure::AddressNotUsable { .. }
        | Failure::Unreachable { .. }
        | Failure::BadCertificate { .. } => true,
        Failure::HttpStatus { status, .. } => matches!(status, 401 | 403 | 404 | 429 | 503),
        Failure::Refused(_) => failure.is_unknown_connection(),
        _ => false,
    }
}

/// The connector answered, and did not like what it was asked: another record may fare better.
pub(super) fn is_about_a_record(failure: &Failure) -> bool {
    match failure {
        Failure::TooLarge { .. }
        | Failure::NotUnderstood { .. }
        | Failure::NotSendable { .. }
        | Failure::Fault { .. } => true,
        Failure::Refused(_) => !failure.is_unknown_connection(),
        _ => false,
    }
}

/// Why a connection that failed like this is to be left alone at once: asking again might lock the ERP's
/// account. A message id.
pub(super) fn pauses_at_once(failure: &Failure) -> Option<&'static str> {
    matches!(failure, Failure::HttpStatus { status: 401 | 403, .. })
        .then_some(Key::SYNC_PAUSED_SIGNED_OUT.id())
}

/// Why a record could not be kept.
pub(super) fn of_store(error: &StoreError) -> StoredReason {
    tracing::error!(error = %error, "a record could not be kept");
    StoredReason::new(Key::SYNC_FAILED_STORE.id())
}
