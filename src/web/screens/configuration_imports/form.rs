//! What is posted for a file: at first the file alone, then the plan that was looked at, too.

use serde::Deserialize;
use validator::Validate;

use crate::web::form;

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(default)]
pub struct ImportForm {
    /// Its text.
    #[validate(custom(function = form::readable))]
    pub file: String,
    /// Stands for the plan that was looked at; blank at first.
    pub plan: String,
    /// The parts that were ticked.
    pub part: Vec<String>,
    /// `import`: do it.
    #[serde(rename = "do")]
    pub wish: String,
}
