//! One ERP field on the Mappings page.

use super::form::{self, row_id};
use super::view::EditPage;
use crate::connector::types::{Access, FieldType};
use crate::crm::fields::Field;
use crate::crm::value::FieldKind;
use crate::i18n::Key;
use crate::mapping::edit::FieldEdit;
use crate::mapping::matrix::{self, Why};
use crate::mapping::{ActorMapping, Direction, FieldMapping, Side};
use crate::web::captions;

pub struct Row<'a> {
    pub id: String,
    pub field: &'a FieldMapping,
    pub edit: FieldEdit,
    pub name: &'a str,
    pub description: &'a str,
    /// Why it can never be synchronised; blank when it can.
    pub never: String,
    pub problem: String,
    /// What is said about it without forbidding anything.
    pub warning: String,
    /// It can only be unmapped: one of the two sides no longer has its field.
    pub is_stale: bool,
    pub to_erp: Way,
    pub to_crm: Way,
    /// Its rules in words.
    pub rules: String,
}

/// One of the two directions.
pub struct Way {
    pub input: String,
    pub is_on: bool,
    /// Why it cannot be chosen; blank when it can.
    pub why: String,
    /// That holds whatever CRM field is chosen.
    pub is_closed: bool,
}

/// One CRM field in a drop-down.
pub struct Choice {
    pub key: String,
    pub text: String,
    pub is_chosen: bool,
    /// Ids of the messages that say why not; blank where the direction is possible.
    pub no_to_erp: &'static str,
    pub no_to_crm: &'static str,
    /// Why it cannot be filled one way only; blank when it can.
    pub elsewhere: String,
    /// Longest text it holds; 0: it holds none, or without limit.
    pub max: i64,
    /// The CRM no longer has it.
    pub is_gone: bool,
}

impl EditPage<'_> {
    /// The fields in the order they stand in, or were put in.
    pub fn rows<'m>(&'m self, mapping: &'m ActorMapping) -> Vec<Row<'m>> {
        let mut rows: Vec<Row> = mapping
            .fields
            .iter()
            .enumerate()
            .map(|(number, field)| self.row(mapping, number, field))
            .collect();
        rows.sort_by_key(|row| self.edit.order.iter().position(|key| *key == row.field.erp.key));
        rows
    }

    fn row<'m>(
        &'m self,
        mapping: &'m ActorMapping,
        number: usize,
        field: &'m FieldMapping,
    ) -> Row<'m> {
        let id = row_id(number);
        let edit = self.edit.fields.get(&field.erp.key).cloned().unwrap_or_default();
        let never = matrix::never(mapping.kind, &field.erp);
        let never = never.map_or(String::new(), |why| self.visit.plain(&why.key()).to_owned());
        let (warning, is_gone) = self.warning(mapping, field, &edit);
        Row {
            problem: self.problems.at(&id, &self.visit.t),
            is_stale: edit.crm_field.is_some() && (is_gone || field.is_missing_in_erp),
            to_erp: self.way(mapping, field, &edit, Side::Erp),
            to_crm: self.way(mapping, field, &edit, Side::Crm),
            rules: self.rules_in_words(&edit),
            name: self.visit.pick(&field.erp.name),
            description: self.visit.pick(&field.erp.description),
            id,
            field,
            edit,
            never,
            warning,
        }
    }

    fn way(&self, mapping: &ActorMapping, field: &FieldMapping, edit: &FieldEdit, to: Side) -> Way {
        let always = matrix::never(mapping.kind, &field.erp).or_else(|| {
            let is_read_only = field.erp.access == Access::ReadOnly && to == Side::Erp;
            is_read_only.then_some(Why::ReadOnly)
        });
        let chosen = edit.crm_field.as_deref();
        let crm = chosen.and_then(|key| mapping.catalogue.find(key));
        let why = match (always, crm) {
            (Some(why), _) => self.plain(why),
            (None, None) if chosen.is_none() => self.plain(Why::NoCrmField),
            (None, None) => String::new(),
            (None, Some(crm)) => self.why(mapping, field, crm, (edit.direction, to)),
        };
        let prefix = if to == Side::Erp { form::TO_ERP } else { form::TO_CRM };
        Way {
            input: format!("{prefix}{}", field.erp.key),
            is_on: edit.direction.reaches(to),
            why,
            is_closed: always.is_some(),
        }
    }

    fn plain(&self, why: Why) -> String {
        self.visit.plain(&why.key()).to_owned()
    }

    /// Why this direction cannot be chosen with this CRM field.
    fn why(
        &self,
        mapping: &ActorMapping,
        field: &FieldMapping,
        crm: &Field,
        (direction, to): (Direction, Side),
    ) -> String {
        let permit = matrix::permit(mapping.kind, &field.erp, crm, false);
        let why = if to == Side::Erp { permit.to_erp } else { permit.to_crm };
        match why {
            Some(why) => self.plain(why),
            None if to == Side::Crm && !direction.to_erp => self.synchronised_elsewhere(&crm.key),
            None => String::new(),
        }
    }

    fn synchronised_elsewhere(&self, crm: &str) -> String {
        let name = self.elsewhere.get(crm);
        let say = |name: &String| self.visit.t.mappings_why_elsewhere(self.visit.pick(name));
        name.map_or_else(String::new, say)
    }

    /// What is said without forbidding anything, and whether the CRM no longer has the field.
    fn warning(
        &self,
        mapping: &ActorMapping,
        field: &FieldMapping,
        edit: &FieldEdit,
    ) -> (String, bool) {
        let t = self.visit.t;
        let Some(key) = edit.crm_field.as_deref() else { return (String::new(), false) };
        let Some(crm) = mapping.catalogue.find(key) else {
            return (t.mappings_missing_in_crm().to_owned(), true);
        };
        if field.is_missing_in_erp {
            return (t.mapping_edit_missing_in_erp().to_owned(), false);
        }
        let found = matrix::length_warning(&field.erp, crm, edit.direction);
        (found.map_or(String::new(), |message| self.visit.say(&message)), false)
    }

    /// The CRM fields that fit, and the chosen one in any case.
    pub fn choices(&self, mapping: &ActorMapping, row: &Row) -> Vec<Choice> {
        let chosen = row.edit.crm_field.as_deref();
        let offered = matrix::offered(mapping.kind, &row.field.erp, &mapping.catalogue);
        // A field that is gone from the ERP keeps its CRM field, or loses it.
        let offered =
            offered.filter(|crm| !row.field.is_missing_in_erp || chosen == Some(&crm.key));
        let mut choices: Vec<Choice> =
            offered.map(|crm| self.choice(mapping, row.field, (crm, chosen))).collect();
        if let Some(key) = chosen.filter(|key| choices.iter().all(|choice| choice.key != *key)) {
            choices.push(match mapping.catalogue.find(key) {
                Some(crm) => self.choice(mapping, row.field, (crm, chosen)),
                None => self.gone(mapping, key),
            });
        }
        choices
    }

    fn choice(
        &self,
        mapping: &ActorMapping,
        field: &FieldMapping,
        (crm, chosen): (&Field, Option<&str>),
    ) -> Choice {
        let permit = matrix::permit(mapping.kind, &field.erp, crm, false);
        let id = |why: Option<Why>| why.map_or("", |why| why.key().id());
        let are_texts = field.erp.kind == FieldType::Text && crm.kind == FieldKind::Text;
        Choice {
            text: captions::field(self.visit, crm),
            is_chosen: chosen == Some(crm.key.as_str()),
            no_to_erp: id(permit.to_erp),
            no_to_crm: id(permit.to_crm),
            elsewhere: self.synchronised_elsewhere(&crm.key),
            max: if are_texts { crm.max_length } else { 0 },
            is_gone: false,
            key: crm.key.clone(),
        }
    }

    fn gone(&self, mapping: &ActorMapping, key: &str) -> Choice {
        let caption = captions::field_of(self.visit, &mapping.catalogue, key);
        Choice {
            text: self.visit.t.mappings_gone(caption.unwrap_or_else(|| key.to_owned())),
            is_chosen: true,
            no_to_erp: "",
            no_to_crm: "",
            elsewhere: String::new(),
            max: 0,
            is_gone: true,
            key: key.to_owned(),
        }
    }

    /// Longest text the ERP field holds; 0: it holds none, or without limit.
    pub fn longest(&self, row: &Row) -> i64 {
        let erp = &row.field.erp;
        if erp.kind == FieldType::Text { erp.max_length } else { 0 }
    }

    pub fn access_word(&self, row: &Row) -> &'static str {
        match row.field.erp.access {
            Access::Normal => "",
            Access::Mandatory => self.visit.plain(&Key::MAPPINGS_MANDATORY),
            Access::ReadOnly => self.visit.plain(&Key::MAPPINGS_READ_ONLY),
        }
    }

    pub fn input(&self, which: &str, row: &Row) -> String {
        let prefix = match which {
            "crm" => form::CRM,
            "when-to-erp" => form::WHEN_TO_ERP,
            "when-to-crm" => form::WHEN_TO_CRM,
            "blank" => form::BLANK,
            "search" => form::SEARCH,
            _ => form::TAB,
        };
        format!("{prefix}{}", row.field.erp.key)
    }

    /// Labels and passwords are nothing to show.
    pub fn has_no_value(&self, row: &Row) -> bool {
        !row.field.erp.kind.has_value()
    }
}
