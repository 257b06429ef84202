//! What is posted for one list: per ERP item the CRM item chosen for it.

use std::collections::BTreeMap;

use serde::Deserialize;
use validator::Validate;

use crate::mapping::lists::{Items, Problem};
use crate::web::form::{self, Pairs};

/// What the name of an ERP item's drop-down begins with.
pub const ITEM: &str = "item:";

/// What is chosen for each ERP item, as typed.
pub type Chosen = BTreeMap<String, String>;

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(from = "Pairs")]
pub struct ListMappingForm {
    #[validate(custom(function = form::known_version))]
    pub version: String,
    /// By ERP item; one may be sent twice.
    pub items: Vec<(String, String)>,
}

impl From<Pairs> for ListMappingForm {
    fn from(pairs: Pairs) -> Self {
        let items = pairs.under(ITEM).filter(|(_, item)| !item.is_empty());
        let items = items.map(|(key, item)| (key.to_owned(), item.to_owned())).collect();
        Self { version: pairs.get(form::VERSION).to_owned(), items }
    }
}

impl ListMappingForm {
    pub fn chosen(&self) -> Chosen {
        self.items.iter().cloned().collect()
    }

    /// The pairs, and what is no item of any list.
    pub fn read(&self) -> (Vec<(String, i64)>, BTreeMap<String, Problem>) {
        let (mut pairs, mut wrong) = (Vec::new(), BTreeMap::new());
        for (key, item) in &self.items {
            match item.parse() {
                Ok(id) => pairs.push((key.clone(), id)),
                Err(_) => _ = wrong.insert(key.clone(), Problem::Unknown),
            }
        }
        (pairs, wrong)
    }
}

/// A list mapping as its form shows it.
pub fn of_items(items: &Items) -> Chosen {
    items.iter().map(|(key, id)| (key.clone(), id.to_string())).collect()
}
