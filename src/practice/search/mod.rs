//! Which rows a search finds, and under which name an actor stands. Pure, and never case-sensitive.

pub mod conditions;

use crate::connector::types::{ActorType, FieldValues};

/// A text as searches compare it: small letters, and `ß` as `ss`, since no capital of it is in use.
pub fn fold(text: &str) -> String {
    text.to_lowercase().replace('ß', "ss").replace('ς', "σ")
}

/// The words of a free search, folded.
pub fn free_words(text: &str) -> Vec<String> {
    const MOST_WORDS: usize = 12;
    fold(text).split_whitespace().take(MOST_WORDS).map(str::to_owned).collect()
}

/// What an actor is called.
pub fn name(kind: ActorType, values: &FieldValues) -> String {
    let text = |key: &str| values.get(key).map_or("", String::as_str);
    match kind {
        ActorType::Person => {
            let parts = [text("FIRSTNAME"), text("MIDDLENAME"), text("LASTNAME")];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
        _ => text("NAME").to_owned(),
    }
}

/// By what an actor is sorted.
pub fn label(kind: ActorType, values: &FieldValues) -> String {
    match (kind, values.get("LASTNAME")) {
        (ActorType::Person, Some(last)) => fold(&format!("{last} {}", name(kind, values))),
        _ => fold(&name(kind, values)),
    }
}

/// The text in which a free search looks; telephone numbers also without their gaps.
pub fn haystack(key: &str, values: &FieldValues) -> String {
    const FIELDS: [&str; 10] = [
        "NAME",
        "FIRSTNAME",
        "MIDDLENAME",
        "LASTNAME",
        "NUMBER1",
        "NUMBER2",
        "NUMBER",
        "STREETCITY",
        "POSTALCITY",
        "EMAIL",
    ];
    const PHONES: [&str; 3] = ["PHONE", "PHONE_DIRECT", "PHONE_MOBILE"];
    let value = |field: &&str| values.get(*field).filter(|value| !value.is_empty());
    let mut lines = vec![fold(key)];
    lines.extend(FIELDS.iter().filter_map(value).map(|text| fold(text)));
    for phone in PHONES.iter().filter_map(value) {
        lines.push(fold(phone));
        lines.push(phone.chars().filter(|c| !c.is_whitespace()).collect());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_words_are_folded_and_limited() {
        assert_eq!(free_words("  Weiß  GMBH "), ["weiss", "gmbh"]);
        assert_eq!(free_words(&"x ".repeat(100)).len(), 12);
        assert!(free_words(" ").is_empty());
    }

    #[test]
    fn people_are_sorted_by_last_name_and_called_by_their_first() {
        let values = FieldValues::from([
            ("FIRSTNAME".to_owned(), "Åse".to_owned()),
            ("LASTNAME".to_owned(), "Ødegård".to_owned()),
        ]);
        assert_eq!(name(ActorType::Person, &values), "Åse Ødegård");
        assert_eq!(label(ActorType::Person, &values), "ødegård åse ødegård");
    }

    #[test]
    fn telephone_numbers_are_found_with_and_without_gaps() {
        let values = FieldValues::from([("PHONE".to_owned(), "+49 221 4710 123".to_owned())]);
        let haystack = haystack("C1", &values);
        assert!(haystack.contains("221 4710 123") && haystack.contains("2214710123"));
        assert!(haystack.contains("c1"));
    }
}
