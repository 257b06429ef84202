//! The items of an ERP list.

use crate::connections::ErpConnection;
use crate::connector::registry::Patience;
use crate::connector::types::{FieldInfo, ListItem};
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
