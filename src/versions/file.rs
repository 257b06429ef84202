//! A connection's configuration as one readable file. The same configuration gives the same bytes, so that
//! files can be compared; there is no secret and no time in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use super::state::ConnectionState;
use crate::i18n::{Key, Message};

const FORMAT: &str = "gleichlauf-configuration";
const FORMAT_VERSION: i64 = 1;
/// In bytes; many times what the largest connection needs.
pub const LARGEST: usize = 2 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    format_version: i64,
    connection: ConnectionState,
}

/// What is looked at first, whatever else is in the file.
#[derive(Deserialize)]
struct Head {
    format: String,
    format_version: i64,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Empty,
    TooLarge,
    /// No such file at all.
    OtherFormat,
    OtherVersion(i64),
    /// Not JSON at this line and column; at the end of what is there: cut off.
    Broken {
        line: usize,
        column: usize,
    },
    CutOff,
    /// JSON, but not what belongs there.
    Unfit {
        line: usize,
        why: String,
    },
    /// Something that may stand there only once.
    Twice(String),
    /// A sign that no text may hold.
    BadSign,
}

impl Problem {
    pub fn message(&self) -> Message {
        let number = |key: Key, name, number: usize| Message::from(key).with(name, number);
        match self {
            Self::Empty => Key::CONFIGURATION_FILE_EMPTY.into(),
            Self::TooLarge => number(Key::CONFIGURATION_FILE_LARGE, "kilobytes", LARGEST / 1024),
            Self::OtherFormat => Key::CONFIGURATION_FILE_OTHER.into(),
            Self::OtherVersion(found) => Message::from(Key::CONFIGURATION_FILE_VERSION)
                .with("found", *found)
                .with("known", FORMAT_VERSION),
            Self::Broken { line, column } => {
                number(Key::CONFIGURATION_FILE_BROKEN, "line", *line).with("column", *column)
            }
            Self::CutOff => Key::CONFIGURATION_FILE_CUT_OFF.into(),
            Self::Unfit { line, why } => {
                number(Key::CONFIGURATION_FILE_UNFIT, "line", *line).with("why", why)
            }
            Self::Twice(what) => Message::from(Key::CONFIGURATION_FILE_TWICE).with("what", what),
            Self::BadSign => Key::CONFIGURATION_FILE_BAD_SIGN.into(),
        }
    }
}

/// The file of a connection.
pub fn write(state: &ConnectionState) -> Result<String, serde_json::Error> {
    let connection = ConnectionState { is_deleted: false, ..state.attainable() };
    let file = File { format: FORMAT.to_owned(), format_version: FORMAT_VERSION, connection };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// What a file says, or what is wrong with it. Nothing in it is believed yet.
pub fn read(text: &str) -> Result<ConnectionState, Problem> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(Problem::Empty);
    }
    if text.len() > LARGEST {
        return Err(Problem::TooLarge);
    }
    let head: Head = serde_json::from_str(text).map_err(|error| match problem(&error) {
        Problem::Unfit { .. } => Problem::OtherFormat,
        other => other,
    })?;
    if head.format != FORMAT {
        return Err(Problem::OtherFormat);
    }
    if head.format_version != FORMAT_VERSION {
        return Err(Problem::OtherVersion(head.format_version));
    }
    let file: File = serde_json::from_str(text).map_err(|error| problem(&error))?;
    checked(file.connection)
}

fn problem(error: &serde_json::Error) -> Problem {
    match error.classify() {
        Category::Eof => Problem::CutOff,
        Category::Syntax | Category::Io => {
            Problem::Broken { line: error.line(), column: error.column() }
        }
        Category::Data => {
            // What else could stand there fills pages.
            let said = error.to_string();
            let why = said.split([',', ';']).next().unwrap_or_default();
            let why = why.split(" at line ").next().unwrap_or_default().to_owned();
            Problem::Unfit { line: error.line(), why }
        }
    }
}

/// What holds of every state of ours must hold of one that came from outside.
fn checked(mut state: ConnectionState) -> Result<ConnectionState, Problem> {
    let is_sound = serde_json::to_string(&state).is_ok_and(|text| !text.contains("\\u0000"));
    if !is_sound {
        return Err(Problem::BadSign);
    }
    for (kind, of_type) in &state.actor_types {
        let mut seen = BTreeSet::new();
        for field in &of_type.fields {
            if !seen.insert(&field.key) {
                return Err(Problem::Twice(format!("{kind}: {}", field.key)));
            }
        }
    }
    if state.scope.everyone {
        state.scope.grants.clear();
    }
    state.scope.grants.sort_by_key(|grant| grant.who());
    for pair in state.scope.grants.windows(2) {
        if pair[0].who() == pair[1].who() {
            return Err(Problem::Twice(pair[1].name.0.clone()));
        }
    }
    state.is_deleted = false;
    Ok(state.attainable())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::versions::testing::{connection_state, example};

    proptest! {
        #[test]
        fn what_was_written_is_read_as_it_was(state in connection_state()) {
            let state = ConnectionState { is_deleted: false, ..state.attainable() };
            let text = write(&state).unwrap();
            let back = read(&text).map_err(|p| TestCaseError::fail(format!("{p:?} {text}")))?;
            prop_assert_eq!(&back, &state);
            prop_assert_eq!(write(&back).unwrap(), text, "the same bytes again");
        }

        #[test]
        fn no_half_file_is_taken_for_a_whole_one(state in connection_state(), share in 0.0..1.0f64) {
            let text = write(&state).unwrap();
            let text = text.trim_end();
            let mut end = (text.len() as f64 * share) as usize;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let found = read(&text[..end]);
            prop_assert!(matches!(found, Err(Problem::CutOff | Problem::Empty)), "{:?}", found);
        }

        #[test]
        fn nothing_that_anybody_sends_breaks_the_reading(text in ".{0,200}") {
            prop_assert!(read(&text).is_err());
        }
    }

    fn changed(from: &str, to: &str) -> Result<ConnectionState, Problem> {
        let text = write(&example()).unwrap();
        assert!(text.contains(from), "{from} in {text}");
        read(&text.replacen(from, to, 1))
    }

    #[test]
    fn each_thing_wrong_is_told_apart() {
        assert_eq!(read(" \n"), Err(Problem::Empty));
        assert_eq!(read(&"x".repeat(LARGEST + 1)), Err(Problem::TooLarge));
        assert_eq!(read("{}"), Err(Problem::OtherFormat));
        assert_eq!(read("[1, 2]"), Err(Problem::OtherFormat));
        assert_eq!(changed("gleichlauf-c", "c"), Err(Problem::OtherFormat));
        let version = "\"format_version\": ";
        assert_eq!(
            changed(&format!("{version}1"), &format!("{version}2")),
            Err(Problem::OtherVersion(2))
        );
        assert_eq!(changed("{", "<"), Err(Problem::Broken { line: 1, column: 1 }));
        let unfit = changed("\"to_erp\": true", "\"to_erp\": 7").unwrap_err();
        assert!(matches!(unfit, Problem::Unfit { line, .. } if line > 10), "{unfit:?}");
        let unfit = changed("\"to_erp\"", "\"to_earp\"").unwrap_err();
        assert!(
            matches!(&unfit, Problem::Unfit { why, .. } if why.contains("to_earp")),
            "{unfit:?}"
        );
        assert_eq!(changed("\"PHONE\"", "\"NAME\""), Err(Problem::Twice("Customer: NAME".into())));
        assert_eq!(changed("Nord", "No\\u0000rd"), Err(Problem::BadSign));
        let twice = changed("\"Port\": {", "\"Server\": {").unwrap_err();
        assert!(
            matches!(&twice, Problem::Unfit { why, .. } if why.contains("Server")),
            "{twice:?}"
        );
        let deep = format!("{{\"format\": {}{}}}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(read(&deep), Err(Problem::OtherFormat));
    }

    #[test]
    fn a_mark_of_byte_order_and_line_ends_do_not_matter() {
        let text = write(&example()).unwrap();
        assert_eq!(read(&format!("\u{feff}{}", text.replace('\n', "\r\n"))), Ok(example()));
    }

    #[test]
    fn every_problem_can_be_said() {
        let why = String::new();
        for problem in [
            Problem::Empty,
            Problem::TooLarge,
            Problem::OtherFormat,
            Problem::OtherVersion(2),
            Problem::Broken { line: 1, column: 1 },
            Problem::CutOff,
            Problem::Unfit { line: 1, why: why.clone() },
            Problem::Twice(why),
            Problem::BadSign,
        ] {
            assert!(problem.message().key.id().starts_with("configuration-file-"));
        }
    }
}
