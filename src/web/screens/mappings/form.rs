//! What is posted for one actor type: per ERP field a CRM field, two directions and two ticks. The names
//! carry the field's key, so that a box that is not ticked is simply missing.

use crate::mapping::edit::{Edit, FieldEdit, Problem};
use crate::mapping::{ActorMapping, Direction, FieldMapping};
use crate::web::form::{Pairs, Problems};

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

pub fn read(mapping: &ActorMapping, typed: &Pairs) -> Edit {
    let is_on = |name: &str, key: &str| typed.get(&format!("{name}{key}")) == "1";
    let field = |field: &FieldMapping| {
        let key = &field.erp.key;
        let crm = typed.get(&format!("{CRM}{key}"));
        let edit = FieldEdit {
            crm_field: (!crm.is_empty()).then(|| crm.to_owned()),
            direction: Direction { to_crm: is_on(TO_CRM, key), to_erp: is_on(TO_ERP, key) },
            // The page does not ask for them.
            rules: field.rules,
            is_shown_in_search: is_on(SEARCH, key),
            is_shown_in_tab: is_on(TAB, key),
        };
        (key.clone(), edit)
    };
    Edit {
        is_active: typed.get("is_active") == "1",
        fields: mapping.fields.iter().map(field).collect(),
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
