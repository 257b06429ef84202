//! The Mappings page.

use std::collections::BTreeSet;

use askama::Template;

use super::form::{self, row_id};
use crate::connections::ErpConnection;
use crate::connector::types::{Access, ActorType};
use crate::crm::fields::Field;
use crate::i18n::{Key, named};
use crate::mapping::edit::{Edit, FieldEdit};
use crate::mapping::{ActorMapping, FieldMapping, matrix};
use crate::web::captions;
use crate::web::conflict::{self, Conflict};
use crate::web::form::Problems;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "mappings/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub all: Vec<ActorMapping>,
    /// The actor type of the tab; none when the connector offers none.
    pub current: Option<ActorMapping>,
    /// As it stands, or as typed.
    pub edit: Edit,
    /// The version the form was made of.
    pub version: String,
    pub problems: Problems,
    /// Somebody else saved another version first.
    pub is_overtaken: bool,
    /// CRM fields that other connections synchronise.
    pub elsewhere: BTreeSet<String>,
    pub is_fixed: bool,
    pub may_write: bool,
}

/// One ERP field.
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
}

/// One CRM field in a drop-down.
pub struct Choice {
    pub key: String,
    pub text: String,
    pub is_chosen: bool,
    pub to_erp: bool,
    pub to_crm: bool,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        self.visit.t.mappings_title(self.visit.pick(&self.connection.name))
    }

    fn tab_name(&self, kind: &ActorType) -> &'static str {
        captions::actor_type(self.visit.t, *kind)
    }

    fn tab_mark(&self, mapping: &ActorMapping) -> &'static str {
        if mapping.is_active { "●" } else { "" }
    }

    fn is_current(&self, mapping: &ActorMapping) -> bool {
        self.current.as_ref().is_some_and(|current| current.id == mapping.id)
    }

    fn switch_text(&self, mapping: &ActorMapping) -> String {
        let entity = captions::record_kind(self.visit.t, mapping.record_kind());
        self.visit.t.mappings_switch(
            named::actor(self.tab_name(&mapping.kind)),
            named::crm(&self.visit.crm_name),
            named::entity(entity),
        )
    }

    fn action(&self, mapping: &ActorMapping) -> String {
        format!("/connections/{}/mappings/{}", self.connection.id, mapping.kind)
    }

    fn rows<'m>(&'m self, mapping: &'m ActorMapping) -> Vec<Row<'m>> {
        let row = |(number, field): (usize, &'m FieldMapping)| {
            let id = row_id(number);
            let edit = self.edit.fields.get(&field.erp.key).cloned().unwrap_or_default();
            let never = matrix::never(mapping.kind, &field.erp)
                .map_or(String::new(), |why| self.visit.plain(&why.key()).to_owned());
            Row {
                problem: self.problems.at(&id, &self.visit.t),
                warning: self.warning(mapping, field, &edit),
                id,
                field,
                edit,
                name: self.visit.pick(&field.erp.name),
                description: self.visit.pick(&field.erp.description),
                never,
            }
        };
        mapping.fields.iter().enumerate().map(row).collect()
    }

    /// Where what is saved differs from what was typed, when somebody else saved first.
    fn conflict(&self, mapping: &ActorMapping) -> Option<Conflict> {
        if !self.is_overtaken {
            return None;
        }
        let (saved, t) = (form::of_mapping(mapping), self.visit.t);
        let yes_or_no = |is: bool| if is { t.yes() } else { t.no() }.to_owned();
        let switch =
            (self.switch_text(mapping), yes_or_no(saved.is_active), yes_or_no(self.edit.is_active));
        let fields = mapping.fields.iter().map(|field| {
            let words = |edit: &Edit| {
                edit.fields.get(&field.erp.key).map(|edit| self.in_words(mapping, edit))
            };
            let (theirs, yours) = (words(&saved), words(&self.edit));
            (
                self.visit.pick(&field.erp.name).to_owned(),
                theirs.unwrap_or_default(),
                yours.unwrap_or_default(),
            )
        });
        let rows = conflict::differences(std::iter::once(switch).chain(fields));
        Some(Conflict::with_somebody(self.visit, rows))
    }

    /// What happens with a field: CRM field, direction, where it is shown.
    fn in_words(&self, mapping: &ActorMapping, edit: &FieldEdit) -> String {
        let t = self.visit.t;
        let crm = edit.crm_field.as_deref().map(|key| {
            let caption = captions::field_of(self.visit, &mapping.catalogue, key);
            let caption = caption.unwrap_or_else(|| key.to_owned());
            format!("{} {caption}", edit.direction.arrow())
        });
        let shown = [
            (edit.is_shown_in_search, t.parts_mapping_search()),
            (edit.is_shown_in_tab, t.parts_mapping_tab()),
        ];
        let shown = shown.into_iter().filter(|(is, _)| *is).map(|(_, text)| text.to_owned());
        let all: Vec<String> = crm.into_iter().chain(shown).collect();
        if all.is_empty() { t.records_none_chosen().to_owned() } else { all.join(", ") }
    }

    fn warning(&self, mapping: &ActorMapping, field: &FieldMapping, edit: &FieldEdit) -> String {
        let Some(key) = edit.crm_field.as_deref() else { return String::new() };
        let Some(crm) = mapping.catalogue.find(key) else {
            return self.visit.t.mappings_missing_in_crm().to_owned();
        };
        matrix::length_warning(&field.erp, crm, edit.direction)
            .map_or(String::new(), |message| self.visit.say(&message))
    }

    fn choices(&self, mapping: &ActorMapping, row: &Row) -> Vec<Choice> {
        let chosen = row.edit.crm_field.as_deref();
        let choice = |crm: &Field| {
            let is_elsewhere = self.elsewhere.contains(&crm.key);
            let permit = matrix::permit(mapping.kind, &row.field.erp, crm, is_elsewhere);
            Choice {
                text: captions::field(self.visit, crm),
                is_chosen: chosen == Some(crm.key.as_str()),
                to_erp: permit.to_erp.is_none(),
                to_crm: permit.to_crm.is_none(),
                key: crm.key.clone(),
            }
        };
        let offered = matrix::offered(mapping.kind, &row.field.erp, &mapping.catalogue);
        let gone = chosen.filter(|key| mapping.catalogue.find(key).is_none()).map(|key| Choice {
            text: self.missing(mapping, key),
            is_chosen: true,
            to_erp: row.edit.direction.to_erp,
            to_crm: row.edit.direction.to_crm,
            key: key.to_owned(),
        });
        gone.into_iter().chain(offered.map(choice)).collect()
    }

    /// A field that the CRM no longer has; it stays until somebody chooses another one.
    fn missing(&self, mapping: &ActorMapping, key: &str) -> String {
        let caption = captions::field_of(self.visit, &mapping.catalogue, key);
        self.visit.t.mappings_gone(caption.unwrap_or_else(|| key.to_owned()))
    }

    /// The CRM fields to drag, and whether they are in use.
    fn chips(&self, mapping: &ActorMapping) -> Vec<(String, String, bool)> {
        let used: BTreeSet<&str> =
            self.edit.fields.values().filter_map(|field| field.crm_field.as_deref()).collect();
        let chip = |crm: &Field| {
            let is_used = used.contains(crm.key.as_str());
            (crm.key.clone(), captions::field(self.visit, crm), is_used)
        };
        mapping.catalogue.all().iter().map(chip).collect()
    }

    fn access_word(&self, row: &Row) -> &'static str {
        match row.field.erp.access {
            Access::Normal => "",
            Access::Mandatory => self.visit.plain(&Key::MAPPINGS_MANDATORY),
            Access::ReadOnly => self.visit.plain(&Key::MAPPINGS_READ_ONLY),
        }
    }

    fn input(&self, which: &str, row: &Row) -> String {
        let prefix = match which {
            "crm" => form::CRM,
            "to-erp" => form::TO_ERP,
            "to-crm" => form::TO_CRM,
            "search" => form::SEARCH,
            _ => form::TAB,
        };
        format!("{prefix}{}", row.field.erp.key)
    }

    fn is_tab_excluded(&self, row: &Row) -> bool {
        self.is_fixed
            || !row.never.is_empty()
                && row.field.erp.kind == crate::connector::types::FieldType::Label
    }
}
