//! The CRM as its users see it, without a browser: records, edits, and what the history says.

use std::collections::BTreeMap;

use gleichlauf::crm::value::Value;
use gleichlauf::crm::{RecordId, RecordKind, Values};
use gleichlauf::history::{Actor, ActorKind};
use gleichlauf::store::error::StoreError;
use gleichlauf::store::{Store, crm};

use super::database::Database;

/// A portal's database, with short ways to work in it and to ask it.
pub struct Records {
    pub store: Store,
    pub database: Database,
}

/// A field that travelled, as the history has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Travel {
    pub record: RecordId,
    pub field: String,
    pub old: String,
    pub new: String,
    /// `crm` or `erp`.
    pub target: String,
}

impl Records {
    pub async fn company(&self, fields: &[(&str, &str)]) -> RecordId {
        self.record(RecordKind::Company, None, fields).await
    }

    pub async fn record(
        &self,
        kind: RecordKind,
        parent: Option<RecordId>,
        fields: &[(&str, &str)],
    ) -> RecordId {
        let mut tx = self.store.begin().await.unwrap();
        let values = texts(fields);
        let id = crm::insert(&mut tx, &anna(), kind, parent, &values).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A person changes a record; when somebody else is faster, they do it again.
    pub async fn edit(&self, record: RecordId, field: &str, value: &str) {
        loop {
            let mut tx = self.store.begin().await.unwrap();
            let found = crm::list_by_ids(&mut tx, &[record]).await.unwrap().remove(0);
            let mut values = found.values.clone();
            values.set(field, Value::Text(value.to_owned()));
            let change = crm::Change {
                kind: found.kind,
                id: record,
                version: found.version,
                parent: found.parent,
                values: &values,
            };
            match crm::update(&mut tx, &anna(), change).await {
                Err(StoreError::Overtaken) => continue,
                edited => _ = edited.unwrap(),
            }
            return tx.commit().await.unwrap();
        }
    }

    /// A person gets another company.
    pub async fn move_to(&self, person: RecordId, company: RecordId) {
        let mut tx = self.store.begin().await.unwrap();
        let found = crm::list_by_ids(&mut tx, &[person]).await.unwrap().remove(0);
        let change = crm::Change {
            kind: found.kind,
            id: person,
            version: found.version,
            parent: Some(company),
            values: &found.values,
        };
        crm::update(&mut tx, &anna(), change).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn crm(&self, record: RecordId, field: &str) -> String {
        let found = crm::list_by_ids(&self.store, &[record]).await.unwrap().remove(0);
        found.values.text(field).to_owned()
    }

    /// History rows of this action, oldest first: before and after.
    pub fn history(&self, action: &str) -> Vec<String> {
        let sql = format!(
            "SELECT before_values, after_values FROM history WHERE action = '{action}' ORDER BY seq"
        );
        self.database.ask(&sql)
    }

    /// Rows of `field-synced`, oldest first.
    pub fn travels(&self) -> Vec<Travel> {
        let sql = "SELECT subject_id, before_values, after_values FROM history \
                   WHERE action = 'field-synced' ORDER BY seq";
        let travel = |row: &String| {
            let [record, before, after] =
                row.splitn(3, '|').collect::<Vec<_>>().try_into().unwrap();
            let read =
                |json: &str| -> BTreeMap<String, String> { serde_json::from_str(json).unwrap() };
            let (before, after) = (read(before), read(after));
            let field = after["field"].clone();
            Travel {
                record: record.parse().unwrap(),
                old: before[&field].clone(),
                new: after[&field].clone(),
                target: after["target"].clone(),
                field,
            }
        };
        self.database.ask(sql).iter().map(travel).collect()
    }

    /// The same as `field: old > new (target)`.
    pub fn log(&self) -> Vec<String> {
        let line = |t: Travel| format!("{}: {} > {} ({})", t.field, t.old, t.new, t.target);
        self.travels().into_iter().map(line).collect()
    }
}

/// A licensed user.
pub fn anna() -> Actor {
    Actor {
        kind: ActorKind::User,
        id: Some(1),
        name: "Anna".to_owned(),
        role: "user".to_owned(),
        address: "192.0.2.1".to_owned(),
    }
}

pub fn texts(fields: &[(&str, &str)]) -> Values {
    fields.iter().map(|(key, text)| (*key, Value::Text((*text).to_owned()))).collect()
}
