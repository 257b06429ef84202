//! What is posted for a Sync Connector.

use serde::Deserialize;
use validator::Validate;

use crate::connections::{ADDRESS_LENGTH, NAME_LENGTH, SyncConnector};
use crate::web::form::{filled, readable};

#[derive(Default, Deserialize, Validate)]
#[serde(default)]
pub struct ConnectorForm {
    #[validate(
        custom(function = filled),
        custom(function = readable),
        length(max = NAME_LENGTH, code = "form-too-long")
    )]
    pub name: String,
    #[validate(
        custom(function = filled),
        custom(function = readable),
        length(max = ADDRESS_LENGTH, code = "form-too-long")
    )]
    pub address: String,
    /// Of the connector as it was read; blank for a new one.
    pub version: String,
    /// `test`: only try the address.
    #[serde(rename = "do")]
    pub wish: String,
}

impl ConnectorForm {
    pub fn of(connector: &SyncConnector) -> Self {
        Self {
            name: connector.name.clone(),
            address: connector.address.clone(),
            version: connector.version.to_string(),
            wish: String::new(),
        }
    }

    /// Without the blanks that come with what is pasted.
    pub fn trimmed(self) -> Self {
        Self { name: self.name.trim().to_owned(), address: self.address.trim().to_owned(), ..self }
    }

    pub fn is_test(&self) -> bool {
        self.wish == "test"
    }
}
