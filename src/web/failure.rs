//! Why a Sync Connector gave no answer, in words a person can act on. The only place that says so.

use crate::connector::failure::{BadAddress, Failure, Refusal};
use crate::connector::multilang;
use crate::i18n::{Key, Language, Message};

/// Longest text of a connector that is shown; the rest helps nobody.
const LONGEST: usize = 600;

/// The failure as a sentence. What the connector itself says comes in the reader's language, if it has it.
pub fn message(failure: &Failure, language: Language) -> Message {
    match failure {
        Failure::AddressNotAllowed { address, line } => {
            Message::from(Key::FAILURE_NOT_ALLOWED).with("address", address).with("line", line)
        }
        Failure::AddressNotUsable { reason } => bad_address(*reason).into(),
        Failure::Unreachable { .. } => Key::FAILURE_UNREACHABLE.into(),
        Failure::BadCertificate { .. } => Key::FAILURE_CERTIFICATE.into(),
        Failure::TimedOut { limit } => {
            let seconds = i64::try_from(limit.as_secs()).unwrap_or(i64::MAX);
            Message::from(Key::FAILURE_TIMED_OUT).with("seconds", seconds)
        }
        Failure::BrokenOff { .. } => Key::FAILURE_BROKEN_OFF.into(),
        Failure::HttpStatus { status, .. } => http_status(*status),
        Failure::TooLarge { .. } => Key::FAILURE_TOO_LARGE.into(),
        Failure::NotUnderstood { .. } => Key::FAILURE_NOT_UNDERSTOOD.into(),
        Failure::NotSendable { field } => {
            Message::from(Key::FAILURE_NOT_SENDABLE).with("field", field)
        }
        Failure::Fault { .. } => Key::FAILURE_FAULT.into(),
        Failure::Refused(refusal) => refused(refusal, language),
    }
}

/// What a connector says to people, in the reader's language and not endless; for notes and warnings.
pub fn said(text: &str, language: Language) -> String {
    let picked = multilang::pick(text.trim(), language.code()).trim();
    match picked.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &picked[..end]),
        None => picked.to_owned(),
    }
}

fn bad_address(reason: BadAddress) -> Key {
    match reason {
        BadAddress::Malformed => Key::FAILURE_MALFORMED,
        BadAddress::NeedsVendorService => Key::FAILURE_APP,
        BadAddress::UnknownScheme => Key::FAILURE_SCHEME,
        BadAddress::NoSuchPlugin => Key::FAILURE_NO_PLUGIN,
    }
}

fn http_status(status: u16) -> Message {
    let key = match status {
        401 | 403 => Key::FAILURE_HTTP_REFUSED,
        404 | 405 | 410 => Key::FAILURE_HTTP_NOTHING_THERE,
        429 | 503 => Key::FAILURE_HTTP_BUSY,
        _ => Key::FAILURE_HTTP,
    };
    Message::from(key).with("status", i64::from(status))
}

fn refused(refusal: &Refusal, language: Language) -> Message {
    let said = said(&refusal.user_text, language);
    match &refusal.code {
        _ if !said.is_empty() => Message::from(Key::FAILURE_REFUSED).with("said", said),
        Some(code) => Message::from(Key::FAILURE_REFUSED_CODE).with("code", code.as_str()),
        None => Key::FAILURE_REFUSED_SILENTLY.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::connector::failure::RefusalCode;
    use crate::i18n::Texts;

    #[test]
    fn every_failure_is_a_sentence_in_every_language() {
        let all = [
            Failure::AddressNotAllowed { address: "a:1".into(), line: "a:1".into() },
            Failure::AddressNotUsable { reason: BadAddress::Malformed },
            Failure::AddressNotUsable { reason: BadAddress::NeedsVendorService },
            Failure::AddressNotUsable { reason: BadAddress::UnknownScheme },
            Failure::AddressNotUsable { reason: BadAddress::NoSuchPlugin },
            Failure::Unreachable { detail: "d".into() },
            Failure::BadCertificate { detail: "d".into() },
            Failure::TimedOut { limit: Duration::from_secs(10) },
            Failure::BrokenOff { detail: "d".into() },
            Failure::HttpStatus { status: 401, retry_after: None },
            Failure::HttpStatus { status: 404, retry_after: None },
            Failure::HttpStatus { status: 503, retry_after: None },
            Failure::HttpStatus { status: 500, retry_after: None },
            Failure::TooLarge { what: "w".into() },
            Failure::NotUnderstood { what: "w".into() },
            Failure::NotSendable { field: "F".into() },
            Failure::Fault { code: "c".into(), text: "t".into() },
            Failure::refused("", ""),
            Failure::refused_as(RefusalCode::UnknownField, ""),
        ];
        for language in Language::ALL {
            for failure in &all {
                let said = Texts::new(language).say(&message(failure, language));
                assert!(said.ends_with('.') && !said.contains('{'), "{failure:?}: {said}");
            }
        }
    }

    #[test]
    fn the_connectors_own_words_come_in_the_readers_language() {
        let refused = Failure::refused("US:\"Wrong password\";GE:\"Falsches Passwort\"", "stack");
        let in_german = Texts::new(Language::De).say(&message(&refused, Language::De));
        assert!(in_german.contains("Falsches Passwort") && !in_german.contains("stack"));
        let long = said(&"ü".repeat(5_000), Language::En);
        assert_eq!(long.chars().count(), LONGEST + 1);
    }
}
