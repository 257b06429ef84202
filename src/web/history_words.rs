//! The history in words: what actions, subjects and people are called; `history_values` says the rest. Rows
//! of other versions of the program keep their own words.

use crate::connector::types::ActorType;
use crate::history::Entry;
use crate::i18n::{Key, Texts, named};
use crate::users::Role;

use super::captions;
use super::visit::Visit;

/// Longest value a list shows; the row's own page has all of it.
const LONGEST: usize = 254;

pub fn action(t: Texts, name: &str) -> String {
    word(t, "action", name).map_or_else(|| name.to_owned(), str::to_owned)
}

pub fn subject_kind(t: Texts, kind: &str) -> String {
    word(t, "subject", kind).map_or_else(|| kind.to_owned(), str::to_owned)
}

pub fn role(t: Texts, name: &str) -> String {
    Role::parse(name).map_or_else(|| name.to_owned(), |role| captions::role(t, role).to_owned())
}

/// An actor type by its name in the database.
pub(super) fn actor_type(t: Texts, name: &str) -> &str {
    ActorType::parse(name).map_or(name, |kind| captions::actor_type(t, kind))
}

/// Who did it; the program and strangers by what they are.
pub fn who(t: Texts, entry: &Entry) -> String {
    match entry.actor_kind.as_str() {
        "visitor" => t.history_visitor().to_owned(),
        "engine" | "system" => who_by_name(t, &entry.actor_kind),
        _ => entry.actor_name.clone(),
    }
}

/// Somebody by the name in the history; the program's own names in words.
pub fn who_by_name(t: Texts, name: &str) -> String {
    match name {
        "engine" => t.history_engine().to_owned(),
        "system" => t.history_system().to_owned(),
        name => name.to_owned(),
    }
}

/// What it was done to: kind and name.
pub fn subject(visit: &Visit, entry: &Entry) -> String {
    let kind = subject_kind(visit.t, &entry.subject_kind);
    let name = match entry.subject_kind.as_str() {
        // One for each actor type.
        "mapping" | "rank" => actor_type(visit.t, &entry.subject_name),
        _ => visit.pick(&entry.subject_name),
    };
    match name {
        "" => kind,
        name => visit.t.history_subject(named::kind(kind), named::name(name)),
    }
}

/// What is wrong with the signed head outside the database.
pub fn head(t: Texts, name: &str) -> &'static str {
    match name {
        "missing" => t.head_missing(),
        "unreadable" => t.head_unreadable(),
        "foreign" => t.head_foreign(),
        "not-written" => t.head_not_written(),
        _ => "",
    }
}

/// A value cut to what a list shows.
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The message `‹kind›-‹name›`, if there is one.
pub(super) fn word(t: Texts, kind: &str, name: &str) -> Option<&'static str> {
    Key::parse(&format!("{kind}-{name}")).map(|key| t.plain(key)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Action, Subject};
    use crate::i18n::Language;
    use crate::runs::Task;

    #[test]
    fn every_action_and_every_subject_has_a_word_in_every_language() {
        for t in Language::ALL.map(Texts::new) {
            for action in Action::ALL {
                assert!(word(t, "action", action.as_str()).is_some(), "{action:?}");
            }
            for kind in Subject::KINDS {
                assert!(word(t, "subject", kind).is_some(), "{kind}");
            }
            for task in Task::ALL {
                assert!(word(t, "task", task.as_str()).is_some(), "{task:?}");
            }
        }
    }

    #[test]
    fn other_versions_keep_their_own_words() {
        let t = Texts::new(Language::En);
        assert_eq!(action(t, "flown-to-the-moon"), "flown-to-the-moon");
        assert_eq!(subject_kind(t, "moon"), "moon");
        assert_eq!(role(t, "captain"), "captain");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(cut("Łódź"), "Łódź");
        assert_eq!(cut(&"ß".repeat(300)).chars().count(), LONGEST + 1);
    }
}
