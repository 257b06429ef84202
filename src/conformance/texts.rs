//! Texts for people: plain, or in several languages in the contract's form.

use super::facts::Facts;
use super::{Outcome, Reason, lacking};
use crate::i18n::Key;

pub fn readable(facts: &Facts) -> Outcome {
    let fields = match &facts.fields {
        Ok(fields) => fields,
        Err(halt) => return lacking(halt),
    };
    for field in fields {
        if !is_readable(&field.name) || !is_readable(&field.description) {
            return Outcome::Failed(
                Reason::new(Key::CONFORMANCE_TEXT_OF_FIELD).with("field", &field.key),
            );
        }
    }
    for (list, items) in &facts.lists {
        let items = items.iter().flatten();
        if let Some(item) = items.into_iter().find(|item| !is_readable(&item.text)) {
            return Outcome::Failed(
                Reason::new(Key::CONFORMANCE_TEXT_OF_ITEM)
                    .with("list", list)
                    .with("item", &item.key),
            );
        }
    }
    Outcome::Passed
}

/// Whether a text can be shown: it holds no `XX:"…"` at all, or only such as are closed and followed by the
/// end, a separator or the next one, and at least one of them says something.
fn is_readable(raw: &str) -> bool {
    let Some((first, _)) = next_block(raw) else { return true };
    let mut rest = &raw[first..];
    let mut says_something = false;
    loop {
        let Some((text, after)) = rest[4..].split_once('"') else { return false };
        says_something |= !text.trim().is_empty();
        let goes_on_inside = after.starts_with(char::is_alphanumeric) && !starts_block(after);
        if goes_on_inside {
            return false;
        }
        match next_block(after) {
            Some((at, _)) => rest = &after[at..],
            None => return says_something && !after.contains('"'),
        }
    }
}

/// Where the next `XX:"` begins.
fn next_block(text: &str) -> Option<(usize, &str)> {
    let begins = |at: &usize| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric()) && starts_block(&text[*at..])
    };
    let at = text.char_indices().map(|(at, _)| at).find(begins)?;
    Some((at, &text[at..]))
}

fn starts_block(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 4 && bytes[..2].iter().all(u8::is_ascii_alphabetic) && &bytes[2..4] == b":\""
}

#[cfg(test)]
mod tests {
    use super::is_readable;

    #[test]
    fn plain_texts_and_whole_blocks_are_readable() {
        for raw in [
            "",
            "Name",
            "Ring 5\" \"big\"",
            "US:\"Name\"",
            "US:\"Name\";GE:\"Name\";",
            "US:\"Name\"GE:\"Name\"",
            "Error: US:\"A: b; c\" GE:\"\"",
            "http:\"x",
            "USA:\"x",
            "Größe: GE:\"Größe\"",
        ] {
            assert!(is_readable(raw), "{raw}");
        }
    }

    #[test]
    fn what_is_cut_off_or_torn_is_not() {
        for raw in [
            "US:\"Name",
            "US:\"Name;GE:\"Name\"",
            "US:\"A \"big\" one\";GE:\"B\"",
            "US:\"\";GE:\" \"",
            "US:\"Name\";\"Name\"",
        ] {
            assert!(!is_readable(raw), "{raw}");
        }
    }
}
