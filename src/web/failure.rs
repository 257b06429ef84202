//! Why a Sync Connector gave no answer, or why something failed, as a sentence in the reader's language.

use crate::connector::failure::Failure;
use crate::connector::multilang;
use crate::i18n::{Key, Language, Message};
use crate::links::StoredReason;
use crate::sync::reason;

/// Longest text of a connector that is shown; the rest helps nobody.
const LONGEST: usize = 600;

/// The failure as a sentence. What the connector itself says comes in the reader's language, if it has it.
pub fn message(failure: &Failure, language: Language) -> Message {
    kept(&reason::of(failure), language)
}

/// A kept reason as a sentence: why a record, a run or a value failed.
pub fn kept(reason: &StoredReason, language: Language) -> Message {
    // Only another version of the program can have kept an id that this one does not know.
    let key = Key::parse(&reason.id).unwrap_or(Key::FAILURE_REFUSED_SILENTLY);
    let arguments = reason.arguments.iter();
    let arguments =
        arguments.map(|(name, text)| (name.clone().into(), said(text, language).into()));
    Message { key, arguments: arguments.collect() }
}

/// What a connector says to people, in the reader's language and not endless; for notes and warnings.
pub fn said(text: &str, language: Language) -> String {
    let picked = multilang::pick(text.trim(), language.code()).trim();
    match picked.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &picked[..end]),
        None => picked.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::connector::failure::{BadAddress, RefusalCode};
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
                assert!(
                    said.ends_with(['.', '“', '”']) && !said.contains('{'),
                    "{failure:?}: {said}"
                );
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
