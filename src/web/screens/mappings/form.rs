//! What is posted for one actor type: per ERP field a CRM field, two directions and two ticks. The names
//! carry the field's key, so that a box that is not ticked is simply missing.

use std::collections::BTreeMap;

use serde::Deserialize;
use validator::Validate;

use crate::mapping::edit::{Edit, FieldEdit, Problem};
use crate::mapping::{ActorMapping, FieldMapping};
use crate::web::form::{self, Pairs, Problems};

/// The names of a field's inputs.
pub const CRM: &str = "crm:";
pub const TO_ERP: &str = "to-erp:";
pub const TO_CRM: &str = "to-crm:";
pub const SEARCH: &str = "search:";
pub const TAB: &str = "tab:";

pub fn of_mapping(mapping: &ActorMapping) -> Edit {
    let field = |field: &FieldMapping| {
        let edit = FieldEdit {
            crm_field: field.crm_field.clone(),
            direction: field.direction,
            rules: field.rules,
            is_shown_in_search: field.is_shown_in_search,
            is_shown_in_tab: field.is_shown_in_tab,
        };
        (field.erp.key.clone(), edit)
    };
    Edit { is_active: mapping.is_active, fields: mapping.fields.iter().map(field).collect() }
}

/// A mapping of one actor type as posted.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(from = "Pairs")]
pub struct MappingForm {
    #[validate(custom(function = form::known_version))]
    pub version: String,
    /// `stay` on the page, or be done.
    pub then: String,
    pub is_active: bool,
    /// By the key of the ERP field; one of which nothing was sent is missing.
    pub fields: BTreeMap<String, FieldEdit>,
}

impl From<Pairs> for MappingForm {
    fn from(pairs: Pairs) -> Self {
        let mut fields: BTreeMap<String, FieldEdit> = BTreeMap::new();
        for (key, crm) in pairs.under(CRM).filter(|(_, crm)| !crm.is_empty()) {
            fields.entry(key.to_owned()).or_default().crm_field = Some(crm.to_owned());
        }
        let mut tick = |name: &str, set: fn(&mut FieldEdit)| {
            for (key, _) in pairs.under(name).filter(|(_, value)| *value == "1") {
                set(fields.entry(key.to_owned()).or_default());
            }
        };
        tick(TO_ERP, |edit| edit.direction.to_erp = true);
        tick(TO_CRM, |edit| edit.direction.to_crm = true);
        tick(SEARCH, |edit| edit.is_shown_in_search = true);
        tick(TAB, |edit| edit.is_shown_in_tab = true);
        Self {
            version: pairs.get(form::VERSION).to_owned(),
            then: pairs.get("then").to_owned(),
            is_active: pairs.get("is_active") == "1",
            fields,
        }
    }
}

impl MappingForm {
    /// For the fields the mapping has; a box that is not ticked is missing, and means no.
    pub fn edit(&self, mapping: &ActorMapping) -> Edit {
        let field = |field: &FieldMapping| {
            let edit = self.fields.get(&field.erp.key).cloned().unwrap_or_default();
            // The page does not ask for the rules.
            (field.erp.key.clone(), FieldEdit { rules: field.rules, ..edit })
        };
        let fields = mapping.fields.iter().map(field).collect();
        Edit { is_active: self.is_active, fields }
    }
}

/// Each problem at the CRM field's drop-down of its row.
pub fn problems(mapping: &ActorMapping, found: Vec<Problem>) -> Problems {
    let mut problems = Problems::default();
    for problem in found {
        let row = mapping.fields.iter().position(|field| field.erp.key == problem.erp_key);
        problems.add(&row.map_or_else(String::new, row_id), problem.what.message());
    }
    problems
}

/// The id of a row in the page; keys of ERP fields may hold anything.
pub fn row_id(row: usize) -> String {
    format!("row-{row}")
}
