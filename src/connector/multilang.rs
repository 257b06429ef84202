//! Multi-language text as connectors send it: `US:"text";NO:"text";GE:"text"`.
//!
//! The parser tolerates plain text before, between and after the blocks; a text without any block stays
//! as it is.

use std::collections::BTreeSet;

/// The languages that are told apart, by ISO code.
const LANGUAGES: [&str; 6] = ["en", "de", "da", "nl", "no", "sv"];

/// The codes under which a language may appear, most usual first, by ISO code.
fn codes(language: &str) -> &'static [&'static str] {
    match language {
        "en" => &["US", "EN", "UK"],
        "de" => &["GE", "DE"],
        "da" => &["DA", "DK"],
        "nl" => &["NL", "DU"],
        "no" => &["NO", "NB"],
        "sv" => &["SW", "SV", "SE"],
        _ => &[],
    }
}

/// The text in the given language (ISO code); else in English; else the first block; else the raw text.
pub fn pick<'a>(raw: &'a str, language: &str) -> &'a str {
    let blocks = blocks(raw);
    let find = |wanted: &[&str]| {
        wanted.iter().find_map(|code| {
            blocks.iter().find(|(have, _)| have.eq_ignore_ascii_case(code)).map(|(_, text)| *text)
        })
    };
    find(codes(language))
        .or_else(|| find(codes("en")))
        .or_else(|| blocks.first().map(|(_, text)| *text))
        .unwrap_or(raw)
}

/// Every text in `raw`, whatever the language; the raw text itself when it holds no block.
/// For comparing texts across languages.
pub fn all(raw: &str) -> Vec<&str> {
    let blocks = blocks(raw);
    if blocks.is_empty() { vec![raw] } else { blocks.into_iter().map(|(_, text)| text).collect() }
}

/// The text of exactly this language, blank when there is none; a text without any block is taken for every
/// language.
pub fn exactly<'a>(raw: &'a str, language: &str) -> &'a str {
    let blocks = blocks(raw);
    if blocks.is_empty() {
        return raw;
    }
    let is_wanted = |code: &str| codes(language).iter().any(|have| have.eq_ignore_ascii_case(code));
    blocks.into_iter().find(|(code, _)| is_wanted(code)).map_or("", |(_, text)| text)
}

/// All its texts in one line, for whoever reads any of the languages.
pub fn in_one_line(raw: &str) -> String {
    let mut texts = all(raw);
    texts.dedup();
    texts.join(" / ")
}

/// Whether two texts have a text in common, in any language; case does not count.
pub fn are_alike(one: &str, other: &str) -> bool {
    !comparable(one).is_disjoint(&comparable(other))
}

/// Whether two texts say the same in each language that both have, and have one in common; case does not count.
pub fn are_same(one: &str, other: &str) -> bool {
    let texts = |raw| LANGUAGES.map(|language| exactly(raw, language).trim().to_lowercase());
    let both = texts(one).into_iter().zip(texts(other));
    let is_contrary =
        |(one, other): &(String, String)| one != other && !one.is_empty() && !other.is_empty();
    let is_of_none = blocks(one).is_empty() || blocks(other).is_empty();
    are_alike(one, other) && (is_of_none || !both.into_iter().any(|both| is_contrary(&both)))
}

/// Its texts in a form in which they can be looked up.
pub fn comparable(raw: &str) -> BTreeSet<String> {
    let texts = all(raw).into_iter().map(|text| text.trim().to_lowercase());
    texts.filter(|text| !text.is_empty()).collect()
}

/// Writes a text in two languages, or in the one of the two that is not blank, the way connectors do.
pub fn write(english: &str, german: &str) -> String {
    let block = |(code, text): &(&str, &str)| format!("{code}:\"{}\"", text.replace('"', "'"));
    let texts = [("US", english), ("GE", german)];
    let filled = texts.iter().filter(|(_, text)| !text.is_empty());
    filled.map(block).collect::<Vec<_>>().join(";")
}

fn blocks(raw: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = raw[from..].find(":\"").map(|i| i + from) {
        let text_from = at + 2;
        let Some(text_to) = raw[text_from..].find('"').map(|i| i + text_from) else { break };
        if let Some(code) = code_before(raw, at) {
            found.push((code, &raw[text_from..text_to]));
            from = text_to + 1;
        } else {
            from = text_from;
        }
    }
    found
}

/// The two letters right before `at`, when they are a code of their own.
fn code_before(raw: &str, at: usize) -> Option<&str> {
    let code = raw.get(at.checked_sub(2)?..at)?;
    let stands_alone =
        raw[..at - 2].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    (stands_alone && code.bytes().all(|b| b.is_ascii_alphabetic())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_the_language_or_falls_back() {
        let raw = "NO:\"Tyskland\";US:\"Germany\";GE:\"Deutschland\";";
        assert_eq!(pick(raw, "de"), "Deutschland");
        assert_eq!(pick(raw, "no"), "Tyskland");
        assert_eq!(pick(raw, "nl"), "Germany");
        assert_eq!(pick("NO:\"Norge\";SW:\"Norrige\"", "de"), "Norge");
        assert_eq!(pick("DE:\"Land\"", "de"), "Land");
    }

    #[test]
    fn reads_and_writes_each_language_alone() {
        let both = write("Colour \"x\"", "Farbe");
        assert_eq!(both, "US:\"Colour 'x'\";GE:\"Farbe\"");
        assert_eq!((exactly(&both, "en"), exactly(&both, "de")), ("Colour 'x'", "Farbe"));
        let one = write("", "Farbe");
        assert_eq!((exactly(&one, "en"), exactly(&one, "de")), ("", "Farbe"));
        assert_eq!(pick(&one, "en"), "Farbe");
        assert_eq!((exactly("plain", "de"), write("", "").as_str()), ("plain", ""));
        assert_eq!(in_one_line(&both), "Colour 'x' / Farbe");
        assert_eq!(in_one_line(&write("Status", "Status")), "Status");
        assert!(are_alike(&one, " farbe ") && are_alike(&both, "farbe"));
        assert!(!are_alike(&both, "colour") && !are_alike("", ""));
    }

    #[test]
    fn tolerates_what_connectors_really_send() {
        assert_eq!(pick("plain text", "de"), "plain text");
        assert_eq!(pick("US:\"A\"GE:\"B\"", "de"), "B");
        assert_eq!(pick("Error: US:\"A: b; c\" GE:\"B\"", "en"), "A: b; c");
        assert_eq!(pick("http:\"x", "de"), "http:\"x");
        assert_eq!(pick("USA:\"x\"", "en"), "USA:\"x\"");
        assert_eq!(pick("Ü:\"x\" GE:\"\"", "de"), "");
    }
}
