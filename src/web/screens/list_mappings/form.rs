//! What is posted for one list: per ERP item the CRM item chosen for it, and what happens to values of items
//! that have no counterpart.

use std::collections::BTreeMap;

use serde::Deserialize;
use validator::Validate;

use super::labels::Labels;
use crate::i18n::Key;
use crate::mapping::lists::{Items, Problem};
use crate::mapping::rules::{ItemRule, Unmapped};
use crate::web::form::{self, Pairs, Problems};

/// What the name of an ERP item's drop-down begins with.
pub const ITEM: &str = "item:";
pub const UNMAPPED: &str = "unmapped";
pub const CRM_DEFAULT: &str = "crm_default";
pub const ERP_DEFAULT: &str = "erp_default";

/// What is chosen for each ERP item: the id of a CRM item, or what was typed and is none.
pub type Chosen = BTreeMap<String, String>;

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(from = "Pairs")]
pub struct ListMappingForm {
    #[validate(custom(function = form::known_version))]
    pub version: String,
    /// By ERP item; one may be sent twice.
    items: Vec<(String, String)>,
    /// Missing: the rule stays as it is.
    unmapped: Option<String>,
    crm_default: String,
    erp_default: String,
}

/// The form as read.
pub struct Read {
    pub pairs: Vec<(String, i64)>,
    /// What is no item of any list.
    pub wrong: BTreeMap<String, Problem>,
    pub chosen: Chosen,
    pub rule: ItemRule,
    /// Of the rule.
    pub problems: Problems,
}

impl Read {
    /// Whether it says the same as what is saved.
    pub fn is_same(&self, items: &Items, rule: &ItemRule) -> bool {
        self.chosen == of_items(items) && self.rule == *rule && self.problems.is_empty()
    }
}

impl From<Pairs> for ListMappingForm {
    fn from(pairs: Pairs) -> Self {
        let removed = pairs.get("remove");
        let items = pairs.under(ITEM).filter(|(key, item)| !item.is_empty() && *key != removed);
        let items = items.map(|(key, item)| (key.to_owned(), item.to_owned())).collect();
        Self {
            version: pairs.get(form::VERSION).to_owned(),
            items,
            unmapped: pairs.has(UNMAPPED).then(|| pairs.get(UNMAPPED).to_owned()),
            crm_default: pairs.get(CRM_DEFAULT).to_owned(),
            erp_default: pairs.get(ERP_DEFAULT).to_owned(),
        }
    }
}

impl ListMappingForm {
    /// On top of the rule that is saved.
    pub fn read(&self, labels: &Labels, saved: &ItemRule) -> Read {
        let (mut pairs, mut wrong) = (Vec::new(), BTreeMap::new());
        let mut chosen = Chosen::new();
        for (key, typed) in &self.items {
            match labels.id(typed) {
                Some(id) => {
                    chosen.insert(key.clone(), id.to_string());
                    pairs.push((key.clone(), id));
                }
                None => {
                    chosen.insert(key.clone(), typed.clone());
                    wrong.insert(key.clone(), Problem::Unknown);
                }
            }
        }
        let mut problems = Problems::default();
        let rule = self.rule(labels, saved, &mut problems);
        Read { pairs, wrong, chosen, rule, problems }
    }

    fn rule(&self, labels: &Labels, saved: &ItemRule, problems: &mut Problems) -> ItemRule {
        let Some(unmapped) = &self.unmapped else { return saved.clone() };
        let unmapped = Unmapped::parse(unmapped).unwrap_or_else(|| {
            problems.add(UNMAPPED, Key::FORM_REQUIRED);
            saved.unmapped
        });
        let crm_default = match self.crm_default.as_str() {
            "" => None,
            typed => labels.id(typed).or_else(|| {
                problems.add(CRM_DEFAULT, Key::MAPPING_ITEM_UNKNOWN);
                None
            }),
        };
        let erp_default = Some(self.erp_default.clone()).filter(|key| !key.is_empty());
        match unmapped {
            Unmapped::Default => ItemRule { unmapped, crm_default, erp_default },
            _ => ItemRule { unmapped, ..ItemRule::default() },
        }
    }
}

/// A list mapping as its form shows it.
pub fn of_items(items: &Items) -> Chosen {
    items.iter().map(|(key, id)| (key.clone(), id.to_string())).collect()
}
