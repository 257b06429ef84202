//! Where the subject of a history row can be looked at: only at pages that this person may open, and only as
//! long as it is there.

use crate::crm::RecordKind;
use crate::history::Entry;
use crate::store::{connections, connectors, crm, crm_fields, groups, users};

use super::error::WebError;
use super::visit::Visit;
use super::{Portal, guard};

/// Where a row's subject can be looked at, if this person may and it still exists.
pub async fn existing(
    visit: &Visit,
    portal: &Portal,
    entry: &Entry,
) -> Result<Option<String>, WebError> {
    let Some(place) = of(visit, entry) else { return Ok(None) };
    Ok(is_there(portal, entry).await?.then_some(place))
}

/// The same without asking whether it still exists, for what cannot go: records.
pub fn of(visit: &Visit, entry: &Entry) -> Option<String> {
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
        "conformance" => of("/connections/{id}/conformance-runs", entry.connection_id),
        "list-mapping" => of("/connections/{id}/list-mappings", entry.connection_id),
        "default" => of("/connections/{id}/defaults", entry.connection_id),
        "rank" => of("/connections/{id}/ranks", entry.connection_id),
        "crm-field" => of("/crm-fields/{id}/edit", entry.subject_id),
        "licence" => Some(("/licence", 0)),
        "engine" | "priority" => Some(("/sync", 0)),
        _ => None,
    }?;
    let person = visit.person.as_ref()?;
    guard::is_open_to(person, pattern).then(|| pattern.replace("{id}", &id.to_string()))
}

async fn is_there(portal: &Portal, entry: &Entry) -> Result<bool, WebError> {
    let store = &portal.store;
    let id = entry.subject_id.unwrap_or_default();
    let kind = entry.subject_kind.as_str();
    if let Some(kind) = RecordKind::parse(kind) {
        return Ok(crm::find(store, kind, id).await?.is_some());
    }
    Ok(match kind {
        "user" => users::find_user(store, id).await?.is_some(),
        "group" => groups::find_group(store, id).await?.is_some(),
        "connector" => {
            connectors::find(store, id).await?.is_some_and(|connector| !connector.is_deleted)
        }
        "connection" => is_connected(portal, id).await?,
        "crm-field" => crm_fields::find(store, id).await?.is_some_and(|field| !field.is_deleted),
        "mapping" | "list-mapping" | "default" | "rank" => {
            is_connected(portal, entry.connection_id.unwrap_or_default()).await?
        }
        _ => true,
    })
}

async fn is_connected(portal: &Portal, id: i64) -> Result<bool, WebError> {
    let found = connections::find(&portal.store, id).await?;
    Ok(found.is_some_and(|connection| !connection.is_deleted))
}
