//! For tests and for the curious: what the ERP holds, and a change as the ERP's own bookkeeping makes it,
//! also of fields that others may only read.

use std::collections::BTreeMap;

use actix_web::web::{Data, Json, Query};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::connector::types::{ActorRef, ActorType, FieldValues};
use crate::practice::data::rows::{Shelf, Since};
use crate::practice::{Practice, PracticeError};

/// Which actors.
#[derive(Debug, Deserialize, Validate)]
pub struct DumpQuery {
    #[validate(length(max = 10))]
    client: String,
    #[serde(rename = "type")]
    kind: ActorType,
    #[validate(length(max = 60))]
    key: Option<String>,
}

/// Which value of which actor.
#[derive(Debug, Deserialize, Validate)]
pub struct SetQuery {
    #[validate(length(max = 10))]
    client: String,
    #[serde(rename = "type")]
    kind: ActorType,
    #[validate(length(max = 60))]
    key: String,
    #[validate(length(max = 60))]
    field: String,
    /// Encoded or plain.
    #[serde(default)]
    #[validate(length(max = 10_000))]
    value: String,
}

#[derive(Debug, Serialize)]
pub struct DumpedActor {
    modified: String,
    parent: Option<String>,
    values: FieldValues,
}

/// Says in plain words what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error("{0}")]
    Practice(#[from] PracticeError),
    #[error("the query is too long: {0}")]
    Query(#[from] validator::ValidationErrors),
}

impl ResponseError for ToolError {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::BadRequest().json(self.to_string())
    }
}

/// Actors by key, each with its time of change, its parent's key and all its values.
pub async fn dump(
    query: Query<DumpQuery>,
    practice: Data<Practice>,
) -> Result<Json<BTreeMap<String, DumpedActor>>, ToolError> {
    query.validate()?;
    let shelf = Shelf { client: &query.client, kind: query.kind };
    let mut found = BTreeMap::new();
    let mut since = Since { modified: 0, changed_at: i64::MIN };
    loop {
        let rows = match &query.key {
            Some(key) => practice.list_rows(shelf, std::slice::from_ref(key)).await?,
            None => practice.next_changed(shelf, since).await?,
        };
        since.modified = rows.last().map_or(i64::MAX, |row| row.modified.saturating_add(1));
        let is_last = rows.is_empty() || query.key.is_some();
        found.extend(rows.into_iter().map(|row| {
            let actor = DumpedActor {
                modified: row.stamp(),
                parent: row.parent.map(|parent| parent.key),
                values: row.values,
            };
            (row.key, actor)
        }));
        if is_last {
            return Ok(Json(found));
        }
    }
}

/// Books one value; answers with the actor's time of change.
pub async fn set(
    query: Query<SetQuery>,
    practice: Data<Practice>,
) -> Result<Json<String>, ToolError> {
    query.validate()?;
    let of = ActorRef { kind: query.kind, key: query.key.clone() };
    let row = practice.book(&query.client, &of, &query.field, &query.value).await?;
    Ok(Json(row.stamp()))
}
