//! What is posted for one actor type: per ERP field a CRM field, two directions, their rules and two ticks,
//! in the order wanted. The names carry the field's key, so that a box that is not ticked is simply missing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use validator::Validate;

use super::Elsewhere;
use crate::i18n::{Key, Message};
use crate::mapping::edit::{Edit, FieldEdit, Problem, What};
use crate::mapping::matrix::Why;
use crate::mapping::rules::{FieldRules, When};
use crate::mapping::{ActorMapping, Direction, FieldMapping};
use crate::web::form::{self, Pairs, Problems};
use crate::web::order::OrderForm;
use crate::web::visit::Visit;

/// The names of a field's inputs.
pub const CRM: &str = "crm:";
pub const TO_ERP: &str = "to-erp:";
pub const TO_CRM: &str = "to-crm:";
pub const WHEN_TO_ERP: &str = "when-to-erp:";
pub const WHEN_TO_CRM: &str = "when-to-crm:";
pub const BLANK: &str = "blank:";
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
    Edit {
        is_active: mapping.is_active,
        fields: mapping.fields.iter().map(field).collect(),
        order: mapping.keys(),
    }
}

/// A mapping of one actor type as posted.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(from = "Pairs")]
pub struct MappingForm {
    #[validate(custom(function = form::known_version))]
    pub version: String,
    /// `stay` on the page, or be done.
    then: String,
    /// The ERP field that is to be mapped to nothing, whatever else is said about it; mostly blank.
    unmap: String,
    is_active: bool,
    /// By the key of the ERP field; one of which nothing was sent is missing.
    fields: BTreeMap<String, FieldEdit>,
    order: OrderForm,
    /// Keys of fields for which a rule was sent that does not exist.
    unknown: BTreeSet<String>,
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
        tick(BLANK, |edit| edit.rules.may_blank = true);
        tick(SEARCH, |edit| edit.is_shown_in_search = true);
        tick(TAB, |edit| edit.is_shown_in_tab = true);
        let mut unknown = BTreeSet::new();
        let mut choose = |name: &str, set: fn(&mut FieldRules, When)| {
            for (key, value) in pairs.under(name) {
                match When::parse(value) {
                    Some(when) => set(&mut fields.entry(key.to_owned()).or_default().rules, when),
                    None => _ = unknown.insert(key.to_owned()),
                }
            }
        };
        choose(WHEN_TO_ERP, |rules, when| rules.to_erp = when);
        choose(WHEN_TO_CRM, |rules, when| rules.to_crm = when);
        let version = pairs.get(form::VERSION).to_owned();
        let order = OrderForm {
            version: version.clone(),
            order: pairs.all("order").map(str::to_owned).collect(),
            arrow: pairs.get("move").to_owned(),
        };
        Self {
            version,
            then: pairs.get("then").to_owned(),
            unmap: pairs.get("unmap").to_owned(),
            is_active: pairs.get("is_active") == "1",
            fields,
            order,
            unknown,
        }
    }
}

impl MappingForm {
    /// For the fields the mapping has; a box that is not ticked is missing, and means no.
    pub fn edit(&self, mapping: &ActorMapping) -> Edit {
        let field = |field: &FieldMapping| {
            let key = field.erp.key.clone();
            let mut edit = self.fields.get(&key).cloned().unwrap_or_default();
            if key == self.unmap {
                edit.crm_field = None;
                edit.direction = Direction::NONE;
            }
            if edit.crm_field.is_none() {
                edit.rules = FieldRules::default();
            }
            (key, edit)
        };
        Edit {
            is_active: self.is_active,
            fields: mapping.fields.iter().map(field).collect(),
            order: self.order.arranged(&mapping.keys()),
        }
    }

    /// Where the saved mapping is looked at, if not elsewhere: at the row that was worked on.
    pub fn place(&self, saved: &ActorMapping) -> Option<String> {
        let arrow = self.order.arrow.split_once(' ').map(|(_, key)| key);
        let key = arrow.or(Some(self.unmap.as_str()).filter(|key| !key.is_empty()));
        let row = key.and_then(|key| saved.fields.iter().position(|field| field.erp.key == key));
        match row {
            Some(row) => Some(format!("#{}", row_id(row))),
            None => (key.is_some() || self.then == "stay").then(String::new),
        }
    }

    /// Each problem at the CRM field's drop-down of its row.
    pub fn problems(
        &self,
        visit: &Visit,
        mapping: &ActorMapping,
        found: Vec<Problem>,
        elsewhere: &Elsewhere,
    ) -> Problems {
        let place = |key: &str| {
            let row = mapping.fields.iter().position(|field| field.erp.key == *key);
            row.map_or_else(String::new, row_id)
        };
        let mut problems = Problems::default();
        for key in &self.unknown {
            problems.add(&place(key), Key::RECORDS_BAD_ITEM);
        }
        for problem in found {
            let crm = self.fields.get(&problem.erp_key).and_then(|edit| edit.crm_field.as_ref());
            let message = match (&problem.what, crm.and_then(|crm| elsewhere.get(crm))) {
                (What::Refused(Why::MappedElsewhere), Some(name)) => {
                    Message::from(Key::MAPPINGS_WHY_ELSEWHERE).with("connection", visit.pick(name))
                }
                (what, _) => what.message(),
            };
            problems.add(&place(&problem.erp_key), message);
        }
        problems
    }
}

/// The id of a row in the page; keys of ERP fields may hold anything.
pub fn row_id(row: usize) -> String {
    format!("row-{row}")
}
