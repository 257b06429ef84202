//! The ERP's own list of changes: who changed what, and when.

use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::{PracticeError, Result, Row, json, read_kind};
use crate::clock::Millis;
use crate::connector::types::ActorRef;
use crate::practice::Practice;

/// Who changes things in the ERP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// The connector, logged in as this user.
    Connector(String),
    /// Somebody at the ERP's own page.
    Page,
    /// The ERP itself, told by a test.
    Books,
}

impl Author {
    fn as_text(&self) -> String {
        match self {
            Self::Connector(user) => format!("connector:{user}"),
            Self::Page => "page".to_owned(),
            Self::Books => "books".to_owned(),
        }
    }

    fn parse(text: &str) -> Self {
        match text.split_once(':') {
            Some((_, user)) => Self::Connector(user.to_owned()),
            None if text == "page" => Self::Page,
            None => Self::Books,
        }
    }
}

/// One change of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub modified: i64,
    pub of: ActorRef,
    pub name: String,
    pub author: Author,
    pub at: Millis,
    /// `created`, `changed` or `deleted`.
    pub action: String,
    pub differences: Vec<Difference>,
}

/// A field's value before and after; encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub field: String,
    pub old: String,
    pub new: String,
}

impl Practice {
    /// The newest changes of a client, or of one of its actors.
    pub async fn list_changes(
        &self,
        client: &str,
        of: Option<&ActorRef>,
        limit: i64,
    ) -> Result<Vec<Change>> {
        const ALL: &str = "SELECT modified, kind, key, name, author, at, action, differences
            FROM change WHERE client = $1 ORDER BY modified DESC LIMIT $2";
        const ONE: &str = "SELECT modified, kind, key, name, author, at, action, differences
            FROM change WHERE client = $1 AND kind = $3 AND key = $4 ORDER BY modified DESC LIMIT $2";
        let mut query = sqlx::query(if of.is_some() { ONE } else { ALL }).bind(client).bind(limit);
        if let Some(of) = of {
            query = query.bind(of.kind.as_str()).bind(&of.key);
        }
        query.fetch_all(&self.read).await?.iter().map(read_change).collect()
    }
}

/// What differs between two states of a row; every filled field where there was none before.
pub(super) fn differences(before: Option<&Row>, after: &Row) -> Vec<Difference> {
    let old = |field: &str| before.and_then(|row| row.values.get(field)).map_or("", String::as_str);
    after
        .values
        .iter()
        .filter(|(field, new)| old(field) != *new)
        .map(|(field, new)| Difference {
            field: field.clone(),
            old: old(field).to_owned(),
            new: new.clone(),
        })
        .collect()
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    client: &str,
    change: &Change,
) -> Result<()> {
    const SQL: &str = "INSERT INTO change (client, modified, kind, key, name, author, at, action,
        differences) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sqlx::query(SQL)
        .bind(client)
        .bind(change.modified)
        .bind(change.of.kind.as_str())
        .bind(&change.of.key)
        .bind(&change.name)
        .bind(change.author.as_text())
        .bind(change.at)
        .bind(&change.action)
        .bind(json(&change.differences)?)
        .execute(connection)
        .await?;
    Ok(())
}

fn read_change(row: &SqliteRow) -> Result<Change> {
    let kind: String = row.try_get("kind")?;
    let author: String = row.try_get("author")?;
    let differences: String = row.try_get("differences")?;
    Ok(Change {
        modified: row.try_get("modified")?,
        of: ActorRef { kind: read_kind(&kind)?, key: row.try_get("key")? },
        name: row.try_get("name")?,
        author: Author::parse(&author),
        at: row.try_get("at")?,
        action: row.try_get("action")?,
        differences: serde_json::from_str(&differences)
            .map_err(|e| PracticeError::BadRow(e.to_string()))?,
    })
}
