//! What an address names, as long as it is there. What was deleted answers as what never was.

use super::Portal;
use super::error::WebError;
use crate::connections::{ConnectionId, ErpConnection};
use crate::crm::fields::{CustomField, CustomFieldId};
use crate::store::{connections, crm_fields};

pub async fn connection(portal: &Portal, id: ConnectionId) -> Result<ErpConnection, WebError> {
    let found = connections::find(&portal.store, id).await?;
    found.filter(|connection| !connection.is_deleted).ok_or(WebError::NotFound)
}

pub async fn crm_field(portal: &Portal, id: CustomFieldId) -> Result<CustomField, WebError> {
    let found = crm_fields::find(&portal.store, id).await?;
    found.filter(|custom| !custom.is_deleted).ok_or(WebError::NotFound)
}
