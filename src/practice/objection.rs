//! Why the ERP will not do what it was asked: a closed list, each with a sentence in the ERP's own words.

use crate::connector::multilang;
use crate::connector::types::{ActorRef, ActorType};

use super::model::{self, Words};

/// See each variant. Fields are named by key here, and by caption in [`Objection::sentence`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    #[error("this ERP has no actors of type {0}")]
    UnknownKind(ActorType),
    #[error("{kind} has no field {field}")]
    UnknownField { kind: ActorType, field: String },
    #[error("{kind}: mandatory fields are empty: {fields:?}")]
    Missing { kind: ActorType, fields: Vec<&'static str> },
    #[error("{kind}.{field} takes at most {max_length} characters")]
    TooLong { kind: ActorType, field: &'static str, max_length: i64 },
    #[error("{kind}.{field}: not a value of the field's type")]
    NotOfType { kind: ActorType, field: &'static str },
    #[error("{kind}.{field} holds a character that cannot be stored")]
    Unprintable { kind: ActorType, field: &'static str },
    #[error("{kind}.{field}: its list {list} has no such item")]
    UnknownItem { kind: ActorType, field: &'static str, list: &'static str },
    #[error("there is no {} {}", .0.kind, .0.key)]
    NoSuchActor(ActorRef),
    #[error("{0} needs a parent")]
    NeedsParent(ActorType),
    #[error("{0} cannot have this parent")]
    WrongParent(ActorType),
    #[error("{} {} still has {children} children", .of.kind, .of.key)]
    HasChildren { of: ActorRef, children: i64 },
    #[error("{} {} was changed meanwhile", .0.kind, .0.key)]
    ChangedMeanwhile(ActorRef),
    /// One of a batch; the whole batch was not done.
    #[error("{} {}: {why}", .actor.kind, .actor.key)]
    InBatch { actor: ActorRef, why: Box<Objection> },
}

impl Objection {
    /// The field it is about, where it is about one.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::UnknownField { field, .. } => vec![field.as_str()],
            Self::Missing { fields, .. } => fields.clone(),
            Self::TooLong { field, .. }
            | Self::NotOfType { field, .. }
            | Self::Unprintable { field, .. }
            | Self::UnknownItem { field, .. } => vec![field],
            Self::InBatch { why, .. } => why.fields(),
            _ => Vec::new(),
        }
    }

    /// The reason itself, out of whatever batch.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::InBatch { why, .. } => why.innermost(),
            other => other,
        }
    }

    /// For people, as multi-language text.
    pub fn sentence(&self) -> String {
        let (english, german) = self.both();
        multilang::write(&english, &german)
    }

    fn both(&self) -> (String, String) {
        match self {
            Self::UnknownKind(kind) => (
                format!("This ERP system has no actors of type {kind}."),
                format!("Dieses ERP-System hat keine Akteure vom Typ {kind}."),
            ),
            Self::UnknownField { field, .. } => (
                format!("This ERP system has no field {field}."),
                format!("Dieses ERP-System hat kein Feld {field}."),
            ),
            Self::Missing { kind, fields } => (
                format!("Please fill in: {}.", captions(*kind, fields, |w| w.english)),
                format!("Bitte ausfüllen: {}.", captions(*kind, fields, |w| w.german)),
            ),
            Self::TooLong { kind, field, max_length } => of_field(
                *kind,
                field,
                &format!("takes at most {max_length} characters."),
                &format!("fasst höchstens {max_length} Zeichen."),
            ),
            Self::NotOfType { kind, field } => of_field(
                *kind,
                field,
                "cannot take this value.",
                "kann diesen Wert nicht annehmen.",
            ),
            Self::Unprintable { kind, field } => of_field(
                *kind,
                field,
                "holds a character that cannot be stored.",
                "enthält ein Zeichen, das sich nicht speichern lässt.",
            ),
            Self::UnknownItem { kind, field, .. } => of_field(
                *kind,
                field,
                "has no such item in its list.",
                "hat keinen solchen Eintrag in der Liste.",
            ),
            Self::NoSuchActor(ActorRef { key, .. }) => (
                format!("There is no actor {key} any more."),
                format!("Den Akteur {key} gibt es nicht mehr."),
            ),
            Self::NeedsParent(_) => (
                "A person belongs to a customer or a supplier. Which one?".to_owned(),
                "Eine Person gehört zu einem Kunden oder Lieferanten. Zu welchem?".to_owned(),
            ),
            Self::WrongParent(_) => (
                "Only persons belong to another actor, and only to a customer or a supplier."
                    .to_owned(),
                "Nur Personen gehören zu einem anderen Akteur, und nur zu Kunden oder Lieferanten."
                    .to_owned(),
            ),
            Self::HasChildren { children, .. } => (
                format!("Persons still belong to this actor: {children}. Delete them first."),
                format!(
                    "Zu diesem Akteur gehören noch Personen: {children}. Bitte zuerst diese löschen."
                ),
            ),
            Self::ChangedMeanwhile(_) => (
                "Somebody else has changed this actor meanwhile.".to_owned(),
                "Jemand anders hat diesen Akteur inzwischen geändert.".to_owned(),
            ),
            Self::InBatch { actor, why } => {
                let (english, german) = why.both();
                (
                    format!("{}: {english} Nothing was saved.", actor.key),
                    format!("{}: {german} Es wurde nichts gespeichert.", actor.key),
                )
            }
        }
    }
}

fn of_field(kind: ActorType, field: &str, english: &str, german: &str) -> (String, String) {
    (
        format!("{} {english}", captions(kind, &[field], |w| w.english)),
        format!("{} {german}", captions(kind, &[field], |w| w.german)),
    )
}

fn captions(kind: ActorType, keys: &[&str], language: impl Fn(&Words) -> &'static str) -> String {
    keys.iter()
        .map(|key| model::field(kind, key).map_or(*key, |field| language(&field.name)))
        .collect::<Vec<_>>()
        .join(", ")
}
