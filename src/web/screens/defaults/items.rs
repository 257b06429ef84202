//! The items of an ERP list.

use crate::connections::ErpConnection;
use crate::connector::registry::Patience;
use crate::connector::types::{FieldInfo, FieldType, ListItem};
use crate::mapping::{DefaultRule, FieldMapping};
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::{Portal, failure};

/// The items of a field's list, or why they could not be read.
pub async fn read(
    visit: &Visit,
    portal: &Portal,
    connection: &ErpConnection,
    erp: &FieldInfo,
) -> Result<(Vec<ListItem>, String), WebError> {
    let client = portal.engine.connector_of(connection, Patience::Interactive).await?;
    let answer = match client {
        Ok(client) => client.list(&erp.list).await,
        Err(failure) => Err(failure),
    };
    Ok(match answer {
        Ok(reply) => (reply.value, String::new()),
        Err(failure) => (Vec::new(), visit.say(&failure::message(&failure, visit.language))),
    })
}

/// What the item that a rule sets is called; when the connector does not say, as it was called before.
pub async fn text(
    visit: &Visit,
    portal: &Portal,
    connection: &ErpConnection,
    field: &FieldMapping,
    rule: &DefaultRule,
) -> Result<String, WebError> {
    let (FieldType::List, Some(key)) = (field.erp.kind, &rule.value) else {
        return Ok(String::new());
    };
    let (items, _) = read(visit, portal, connection, &field.erp).await?;
    let before = field.default.as_ref().filter(|before| before.value == rule.value);
    let found = items.into_iter().find(|item| item.key == *key).map(|item| item.text);
    Ok(found.or(before.map(|before| before.item.clone())).unwrap_or_default())
}
