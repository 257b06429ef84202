//! The history in words: what actions, subjects, people and fields are called, and where a subject can be
//! looked at. Rows of other versions of the program keep their own words.

use crate::crm::RecordKind;
use crate::history::{Details, Entry};
use crate::i18n::{Key, Texts, named};
use crate::mapping::rules::{Unmapped, When};
use crate::users::Role;

use super::visit::Visit;
use super::{captions, guard};

/// Longest value a list shows; the row's own page has all of it.
const LONGEST: usize = 254;

/// One field of a row: what stood there before and after.
pub struct Change {
    pub caption: String,
    pub before: String,
    pub after: String,
}

pub fn action(t: Texts, name: &str) -> String {
    word(t, "action", name).map_or_else(|| name.to_owned(), str::to_owned)
}

pub fn subject_kind(t: Texts, kind: &str) -> String {
    word(t, "subject", kind).map_or_else(|| kind.to_owned(), str::to_owned)
}

pub fn role(t: Texts, name: &str) -> String {
    Role::parse(name).map_or_else(|| name.to_owned(), |role| captions::role(t, role).to_owned())
}

/// Who did it; the program and strangers by what they are.
pub fn who(t: Texts, entry: &Entry) -> String {
    match entry.actor_kind.as_str() {
        "visitor" => t.history_visitor().to_owned(),
        "engine" => t.history_engine().to_owned(),
        "system" => t.history_system().to_owned(),
        _ => entry.actor_name.clone(),
    }
}

/// What it was done to: kind and name.
pub fn subject(visit: &Visit, entry: &Entry) -> String {
    let kind = subject_kind(visit.t, &entry.subject_kind);
    match visit.pick(&entry.subject_name) {
        "" => kind,
        name => visit.t.history_subject(named::kind(kind), named::name(name)),
    }
}

/// Where the subject can be looked at, if this person may and there is a page for it.
pub fn place(visit: &Visit, entry: &Entry) -> Option<String> {
    let of = |pattern: &'static str, id: Option<i64>| Some((pattern, id?));
    let (pattern, id) = match entry.subject_kind.as_str() {
        "company" => of("/companies/{id}", entry.subject_id),
        "person" => of("/persons/{id}", entry.subject_id),
        "project" => of("/projects/{id}", entry.subject_id),
        "user" => of("/users/{id}", entry.subject_id),
        "group" => of("/groups/{id}", entry.subject_id),
        "connector" => of("/connectors/{id}", entry.subject_id),
        "connection" => of("/connections/{id}", entry.subject_id),
        "mapping" => of("/connections/{id}/mappings", entry.connection_id),
        "list-mapping" => of("/connections/{id}/list-mappings", entry.connection_id),
        "default" => of("/connections/{id}/defaults", entry.connection_id),
        "rank" => of("/connections/{id}/ranks", entry.connection_id),
        "licence" => Some(("/licence", 0)),
        "engine" | "priority" => Some(("/sync", 0)),
        _ => None,
    }?;
    let person = visit.person.as_ref()?;
    guard::is_open_to(person, pattern).then(|| pattern.replace("{id}", &id.to_string()))
}

/// Every field that the row names, with what stood there before and after.
pub fn changes(visit: &Visit, entry: &Entry) -> Vec<Change> {
    let (before, after) = (entry.before_details(), entry.after_details());
    let mut fields: Vec<&String> = before.keys().chain(after.keys()).collect();
    fields.sort();
    fields.dedup();
    let text = |of: &Details, field: &str| of.get(field).map(|text| value(visit, field, text));
    fields
        .into_iter()
        .map(|field| Change {
            caption: caption(visit.t, entry, field),
            before: text(&before, field).unwrap_or_default(),
            after: text(&after, field).unwrap_or_default(),
        })
        .collect()
}

/// The fields and values of one side in one line, cut where a list has no room for more.
pub fn summary(changes: &[Change], side: impl Fn(&Change) -> &str) -> String {
    let filled = changes.iter().filter(|change| !side(change).is_empty());
    let all: Vec<_> =
        filled.map(|change| format!("{}: {}", change.caption, side(change))).collect();
    cut(&all.join(" · "))
}

/// A value cut to what a list shows.
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a field is called: one of a CRM record, one of ours, or one of an ERP (`KEY:what` in mappings).
fn caption(t: Texts, entry: &Entry, field: &str) -> String {
    if let Some(kind) = RecordKind::parse(&entry.subject_kind) {
        let caption = captions::crm_field(t, kind, field);
        if !caption.is_empty() {
            return caption.to_owned();
        }
    }
    if let Some(word) = word(t, "detail", field) {
        return word.to_owned();
    }
    match field.rsplit_once(':') {
        Some((key, what)) => match word(t, "detail", what) {
            Some(word) => format!("{key}: {word}"),
            None => field.to_owned(),
        },
        None => field.to_owned(),
    }
}

fn value(visit: &Visit, field: &str, text: &str) -> String {
    let t = visit.t;
    let what = field.rsplit_once(':').map_or(field, |(_, what)| what);
    match (what, text) {
        (_, "yes") => t.yes().to_owned(),
        (_, "no") => t.no().to_owned(),
        ("role", name) => role(t, name),
        ("source" | "target" | "winner", "crm") => visit.crm_name.clone(),
        ("source" | "target" | "winner", "erp") => t.history_erp().to_owned(),
        ("reason", id) => reason(t, id),
        ("when-to-crm" | "when-to-erp", name) if let Some(when) = When::parse(name) => {
            captions::when(t, when).to_owned()
        }
        ("unmapped-items", name) if let Some(rule) = Unmapped::parse(name) => {
            captions::unmapped(t, rule).to_owned()
        }
        (_, text) => visit.pick(text).to_owned(),
    }
}

/// A kept reason is the id of a message.
fn reason(t: Texts, id: &str) -> String {
    let said = Key::parse(id).map_or("", |key| t.plain(key));
    if said.is_empty() { id.to_owned() } else { said.to_owned() }
}

fn word(t: Texts, kind: &str, name: &str) -> Option<&'static str> {
    Key::parse(&format!("{kind}-{name}")).map(|key| t.plain(key)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Action, Subject};
    use crate::i18n::Language;

    #[test]
    fn every_action_and_every_subject_has_a_word_in_every_language() {
        for t in Language::ALL.map(Texts::new) {
            for action in Action::ALL {
                assert!(word(t, "action", action.as_str()).is_some(), "{action:?}");
            }
            for kind in Subject::KINDS {
                assert!(word(t, "subject", kind).is_some(), "{kind}");
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
