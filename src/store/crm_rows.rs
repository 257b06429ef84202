//! Records as they lie in their table, and back.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Result;
use super::error::StoreError;
use super::row::to_json;
use crate::clock::Millis;
use crate::crm::fields::{Catalogue, Catalogues};
use crate::crm::fold::fold;
use crate::crm::value::Value;
use crate::crm::{Record, RecordId, RecordKind, Values};

pub(super) const COLUMNS: &str =
    "r.id, r.kind, r.parent_id, r.version, r.fields, r.updated_at, r.updated_by";

/// [`COLUMNS`] as [`Read::many`] gives them; in lists, the company's name stands behind them.
#[derive(Deserialize)]
pub(super) struct Columns {
    id: RecordId,
    kind: String,
    parent: Option<RecordId>,
    version: i64,
    fields: String,
    updated_at: Millis,
    updated_by: String,
    #[serde(default)]
    parent_name: Option<String>,
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub record: Record,
    /// The name of the company it belongs to.
    pub parent_name: Option<String>,
}

/// What the search looks in: the name, and all texts that are kept, so that a field which comes back is found
/// again.
pub(super) fn search_text(name: &str, kept: &Values) -> String {
    let texts = kept.iter().filter_map(|(_, value)| match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let all: Vec<&str> = std::iter::once(name).chain(texts).collect();
    fold(&all.join("\n"))
}

/// Values as they are kept.
pub(super) fn stored(values: &Values) -> Result<String> {
    to_json(&values.iter().map(|(key, value)| (key, value.to_stored())).collect::<BTreeMap<_, _>>())
}

/// Turns rows into records, all of which are kept in stored form.
pub(super) fn listed(catalogues: &Catalogues, rows: Vec<Columns>) -> Result<Vec<Listed>> {
    let one = |row: Columns| {
        let kind = RecordKind::parse(&row.kind).ok_or_else(|| damaged("kind"))?;
        let record = Record {
            id: row.id,
            kind,
            parent: row.parent,
            version: row.version,
            values: values(catalogues.of(kind), &row.fields)?,
            updated_at: row.updated_at,
            updated_by: row.updated_by,
        };
        Ok(Listed { record, parent_name: row.parent_name })
    };
    rows.into_iter().map(one).collect()
}

pub(super) fn records(catalogues: &Catalogues, rows: Vec<Columns>) -> Result<Vec<Record>> {
    Ok(listed(catalogues, rows)?.into_iter().map(|listed| listed.record).collect())
}

fn values(catalogue: &Catalogue, stored: &str) -> Result<Values> {
    let stored: BTreeMap<String, String> =
        serde_json::from_str(stored).map_err(|_| damaged("fields"))?;
    // A key the catalogue never had is passed over.
    let known = stored.into_iter().filter_map(|(key, value)| {
        let kind = catalogue.stored_kind(&key)?;
        Some(Value::from_stored(kind, &value).map(|value| (key, value)))
    });
    known.collect::<Option<Values>>().ok_or_else(|| damaged("fields"))
}

fn damaged(column: &str) -> StoreError {
    StoreError::Damaged(format!("crm_record.{column}"))
}
