//! A form of one button that comes back to the page it stood on.

use serde::Deserialize;

use super::page;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Back {
    back: String,
}

impl Back {
    /// That page, or the usual one when the form does not say.
    pub fn or<'a>(&'a self, usual: &'a str) -> &'a str {
        if self.back.is_empty() { usual } else { page::own_path(&self.back) }
    }
}
