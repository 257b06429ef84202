//! The Mappings page.

use std::collections::BTreeSet;

use askama::Template;

use super::{Elsewhere, form};
use crate::connections::ErpConnection;
use crate::connector::types::ActorType;
use crate::crm::fields::Field;
use crate::i18n::named;
use crate::mapping::ActorMapping;
use crate::mapping::edit::Edit;
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
    pub elsewhere: Elsewhere,
    pub is_fixed: bool,
    pub may_write: bool,
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

    /// Where what is saved differs from what was typed, when somebody else saved first.
    fn conflict(&self, mapping: &ActorMapping) -> Option<Conflict> {
        if !self.is_overtaken {
            return None;
        }
        let (saved, t) = (form::of_mapping(mapping), self.visit.t);
        let yes_or_no = |is: bool| self.visit.yes_or_no(&is).to_owned();
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
        let names = |edit: &Edit| {
            let fields = edit.order.iter().filter_map(|key| mapping.field(key));
            fields.map(|field| self.visit.pick(&field.erp.name)).collect::<Vec<_>>().join(", ")
        };
        let order = (t.versions_order().to_owned(), names(&saved), names(&self.edit));
        let rows = conflict::differences([switch, order].into_iter().chain(fields));
        Some(Conflict::with_somebody(self.visit, rows))
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

    /// What scripts say about lengths: `%crm%` and `%erp%` stand for the two.
    fn erp_shorter(&self) -> String {
        self.visit.t.mapping_warn_erp_shorter(named::crm("%crm%"), named::erp("%erp%"))
    }

    fn crm_shorter(&self) -> String {
        self.visit.t.mapping_warn_crm_shorter(named::crm("%crm%"), named::erp("%erp%"))
    }

    /// What is said at a CRM field that is gone.
    fn gone_text(&self, is_gone: &bool) -> &'static str {
        if *is_gone { self.visit.t.mappings_missing_in_crm() } else { "" }
    }

    fn place(&self, mapping: &ActorMapping) -> String {
        format!("/connections/{}/mappings?type={}", self.connection.id, mapping.kind)
    }
}
