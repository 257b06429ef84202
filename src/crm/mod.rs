//! CRM records as the portal holds them: companies, persons, projects, and their fields. No I/O.

mod builtin;
mod field;
pub mod fields;
pub mod fold;
pub mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use value::Value;

/// The three kinds of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    Company,
    Person,
    Project,
}

impl RecordKind {
    pub const ALL: [RecordKind; 3] = [Self::Company, Self::Person, Self::Project];

    /// The name in the database, in history and in message ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Person => "person",
            Self::Project => "project",
        }
    }

    /// The name in addresses: `/companies/…`.
    pub fn path(self) -> &'static str {
        match self {
            Self::Company => "companies",
            Self::Person => "persons",
            Self::Project => "projects",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    pub fn from_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.path() == path)
    }
}

/// Identifies a record of any kind.
pub type RecordId = i64;

/// Values by field key. A key that is missing means "empty".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, Value>);

impl Values {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn get(&self, key: &str) -> &Value {
        self.0.get(key).unwrap_or(&Value::Empty)
    }

    /// Text of a text field; blank for anything else.
    pub fn text(&self, key: &str) -> &str {
        match self.get(key) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    pub fn set(&mut self, key: &str, value: Value) {
        if value.is_empty() {
            self.0.remove(key);
        } else {
            self.0.insert(key.to_owned(), value);
        }
    }

    /// The ids of the list items it holds.
    pub fn items(&self) -> Vec<i64> {
        let item = |value: &Value| match value {
            Value::Item(id) => Some(*id),
            _ => None,
        };
        self.0.values().filter_map(item).collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl<K: Into<String>> FromIterator<(K, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(pairs: I) -> Self {
        let filled = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        Self(filled.map(|(key, value)| (key.into(), value)).collect())
    }
}

/// A record as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: RecordId,
    pub kind: RecordKind,
    /// A person's company; none for companies, and for persons and projects of their own.
    pub parent: Option<RecordId>,
    /// Rises by one with every change; guards against lost updates.
    pub version: i64,
    pub values: Values,
    pub updated_at: Millis,
    pub updated_by: String,
}

impl Record {
    /// What the record is called in headings, lists and history.
    pub fn name(&self) -> String {
        name_of(self.kind, &self.values)
    }
}

/// What a record with these values is called.
pub fn name_of(kind: RecordKind, values: &Values) -> String {
    match kind {
        RecordKind::Company | RecordKind::Project => values.text("name").to_owned(),
        RecordKind::Person => ["first_name", "middle_name", "last_name"]
            .map(|key| values.text(key))
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    }
}
