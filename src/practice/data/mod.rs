//! The practice ERP's own SQLite file: opening it, and the rows it hands out. All SQL of the ERP is here.
//!
//! Every change of a client's data takes the next number of that client, in the same transaction; that
//! number is the row's time of change.

pub mod changes;
pub mod connections;
mod open;
pub mod rows;
pub mod write;

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::clock::Millis;
use crate::connector::types::{Actor, ActorRef, ActorType, FieldValues};

use super::objection::Objection;

/// What can go wrong in the ERP.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    #[error(transparent)]
    Objection(#[from] Objection),
    #[error("the ERP's file: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the ERP's file has the form {0}, which this program does not know")]
    UnknownForm(i64),
    #[error("a row of the ERP's file cannot be read: {0}")]
    BadRow(String),
    #[error("a password could not be hashed: {0}")]
    Hashing(String),
}

pub type Result<T> = std::result::Result<T, PracticeError>;

/// An actor as the ERP keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub kind: ActorType,
    pub key: String,
    pub parent: Option<ActorRef>,
    /// The number of its last change; rises through all rows of a client.
    pub modified: i64,
    pub changed_at: Millis,
    /// Encoded; every field of the kind.
    pub values: FieldValues,
}

impl Row {
    /// The time of change as it travels: comparable as text and as number.
    pub fn stamp(&self) -> String {
        format!("{:012}", self.modified)
    }

    pub fn actor_ref(&self) -> ActorRef {
        ActorRef { kind: self.kind, key: self.key.clone() }
    }

    /// As the contract hands actors out; only the fields that were asked for.
    pub fn actor(&self, fields: &[String]) -> Actor {
        let asked = |(key, _): &(&String, &String)| fields.contains(key);
        Actor {
            kind: self.kind,
            key: self.key.clone(),
            last_modified: self.stamp(),
            fields: self
                .values
                .iter()
                .filter(asked)
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            parent: self.parent.clone(),
        }
    }
}

/// The columns of an actor, in the order [`read_row`] takes them by name.
macro_rules! select_actors {
    ($rest:literal) => {
        concat!(
            "SELECT kind, key, parent_kind, parent_key, modified, changed_at, field_values FROM actor ",
            $rest
        )
    };
}
use select_actors;

fn read_row(row: &SqliteRow) -> Result<Row> {
    let kind: String = row.try_get("kind")?;
    let values: String = row.try_get("field_values")?;
    let parent_kind: Option<String> = row.try_get("parent_kind")?;
    let parent_key: Option<String> = row.try_get("parent_key")?;
    let parent = match parent_kind.zip(parent_key) {
        Some((kind, key)) => Some(ActorRef { kind: read_kind(&kind)?, key }),
        None => None,
    };
    Ok(Row {
        kind: read_kind(&kind)?,
        key: row.try_get("key")?,
        parent,
        modified: row.try_get("modified")?,
        changed_at: row.try_get("changed_at")?,
        values: serde_json::from_str(&values).map_err(|e| PracticeError::BadRow(e.to_string()))?,
    })
}

fn read_kind(name: &str) -> Result<ActorType> {
    ActorType::parse(name).ok_or_else(|| PracticeError::BadRow(format!("actor type {name}")))
}

/// Lists go into statements as one JSON text, so that every statement stays one fixed text.
fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| PracticeError::BadRow(e.to_string()))
}
