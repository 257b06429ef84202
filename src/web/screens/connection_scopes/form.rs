//! What is posted for a scope, but for the ticks themselves (see [`crate::web::scope`]).

use serde::Deserialize;
use validator::Validate;

use crate::web::form::{known_version, readable};

#[derive(Default, Deserialize, Validate)]
#[serde(default)]
pub struct ScopeForm {
    /// Of the connection as it was read.
    #[validate(custom(function = known_version))]
    pub version: String,
    /// Finds users and groups.
    #[validate(custom(function = readable))]
    pub search: String,
    /// `save`; anything else shows the form again, with others who can be ticked.
    #[serde(rename = "do")]
    pub wish: String,
}
