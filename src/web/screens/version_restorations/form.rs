//! What is posted for a version to be restored.

use serde::Deserialize;
use validator::Validate;

use crate::web::form;

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(default)]
pub struct RestorationForm {
    /// The newest version there was when the plan was drawn up.
    #[validate(custom(function = form::known_version))]
    pub version: String,
    /// Stands for the plan that was looked at.
    pub plan: String,
    /// The parts that were ticked.
    pub part: Vec<String>,
    /// `plan`: only show the plan for these parts.
    #[serde(rename = "do")]
    pub wish: String,
}
