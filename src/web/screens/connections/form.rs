//! What is posted for an ERP connection, but for its configuration fields and its scope.

use serde::Deserialize;
use validator::Validate;

use crate::connections::{ConnectorId, ErpConnection, NAME_LENGTH};
use crate::web::form::{filled, readable};

#[derive(Clone, Default, Deserialize, Validate)]
#[serde(default)]
pub struct ConnectionForm {
    #[validate(
        custom(function = filled),
        custom(function = readable),
        length(max = NAME_LENGTH, code = "form-too-long")
    )]
    pub name: String,
    #[validate(
        custom(function = readable),
        length(max = NAME_LENGTH, code = "form-too-long")
    )]
    pub description: String,
    /// Id of the Sync Connector; fixed once the connection is there.
    pub connector: String,
    /// Of the connection as it was read; blank for a new one.
    pub version: String,
    /// What goes with the form from one showing to the next, see [`super::kept`].
    pub kept: String,
    /// The mark that a test of exactly these values has passed.
    pub tested: String,
    /// The file a new connection begins with, see [`super::imported`].
    pub imported: String,
    /// The connection it begins as a copy of, if it does; what `imported` holds is then that one's.
    pub copy: String,
    /// It came just now, so the form is to be filled from it.
    pub prefill: String,
    #[serde(rename = "do")]
    pub wish: String,
}

/// What somebody wants of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Show it again: with the fields of the chosen connector, or with the people searched for.
    Look,
    Test,
    Save,
}

impl ConnectionForm {
    /// Before anything is typed.
    pub fn new(connector: Option<ConnectorId>) -> Self {
        let connector = connector.map(|id| id.to_string()).unwrap_or_default();
        Self { connector, ..Self::default() }
    }

    /// The parameters of the address at which it began.
    pub fn address(&self) -> [(&'static str, &str); 2] {
        [("connector", &self.connector), ("copy", &self.copy)]
    }

    pub fn of(connection: &ErpConnection) -> Self {
        Self {
            name: connection.name.clone(),
            description: connection.description.clone(),
            connector: connection.connector_id.to_string(),
            version: connection.version.to_string(),
            ..Self::default()
        }
    }

    pub fn trimmed(self) -> Self {
        Self {
            name: self.name.trim().to_owned(),
            description: self.description.trim().to_owned(),
            ..self
        }
    }

    pub fn is_prefilled(&self) -> bool {
        self.prefill == "1"
    }

    pub fn connector_id(&self) -> Option<ConnectorId> {
        self.connector.parse().ok()
    }

    pub fn wish(&self) -> Wish {
        match self.wish.as_str() {
            "test" => Wish::Test,
            "save" => Wish::Save,
            _ => Wish::Look,
        }
    }
}
