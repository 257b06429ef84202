//! Linked records of a connection, for a person to choose from.

use crate::connections::ConnectionId;
use crate::connector::types::{ActorRef, ActorType};
use crate::crm::fold::words;
use crate::crm::{RecordId, RecordKind};
use crate::store::conditions::Conditions;
use crate::store::row::{Arg, Row, args, to_json};
use crate::store::{Read, Result};

/// A linked record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub kind: RecordKind,
    pub id: RecordId,
    pub name: String,
    pub actor: ActorRef,
}

/// Those of these records that are linked, by name.
pub async fn list(
    db: impl Read,
    connection: ConnectionId,
    records: &[RecordId],
) -> Result<Vec<Candidate>> {
    let condition = format!("l.connection_id = $1 AND l.record_id IN {}", db.dialect().ids("$2"));
    select(db, &condition, "r.name_norm, r.id", args![connection, to_json(&records)?]).await
}

/// Linked records in whose texts all the words occur: at most so many, by name.
pub async fn search(
    db: impl Read,
    connection: ConnectionId,
    search: &str,
    limit: i64,
) -> Result<Vec<Candidate>> {
    let mut conditions = Conditions::default();
    let limit = conditions.bind(limit);
    conditions.compare("l.connection_id =", connection);
    for word in words(search) {
        conditions.contains("r.search_text", &word);
    }
    let (condition, args) = conditions.finish();
    select(db, &condition, &format!("r.name_norm, r.id LIMIT {limit}"), args).await
}

async fn select(
    mut db: impl Read,
    condition: &str,
    order: &str,
    args: Vec<Arg<'_>>,
) -> Result<Vec<Candidate>> {
    let sql = format!(
        "SELECT r.kind, r.id, r.name, l.actor_type, l.erp_key FROM link l JOIN crm_record r ON r.id = l.record_id \
         WHERE {condition} ORDER BY {order}"
    );
    db.rows(&sql, args).await?.iter().map(candidate).collect()
}

fn candidate(row: &Row) -> Result<Candidate> {
    let kind = row.named("actor_type", ActorType::parse)?;
    Ok(Candidate {
        kind: row.named("kind", RecordKind::parse)?,
        id: row.int("id")?,
        name: row.text("name")?,
        actor: ActorRef { kind, key: row.text("erp_key")? },
    })
}
