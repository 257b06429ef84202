//! What actor types, kinds of record, CRM fields, directions, rules, rights and roles are called.

use crate::connector::types::{ActorType, FieldType};
use crate::crm::RecordKind;
use crate::crm::fields::{BuiltinList, Catalogue, Field, List};
use crate::crm::value::FieldKind;
use crate::i18n::{Key, Texts, named};
use crate::mapping::Direction;
use crate::mapping::rules::{Unmapped, When};
use crate::store::crm_fields::Use;
use crate::users::Role;
use crate::web::visit::Visit;

pub fn actor_type(t: Texts, kind: ActorType) -> &'static str {
    match kind {
        ActorType::Customer => t.actor_customer(),
        ActorType::Supplier => t.actor_supplier(),
        ActorType::Partner => t.actor_partner(),
        ActorType::Person => t.actor_person(),
        ActorType::Project => t.actor_project(),
    }
}

/// Which way a field travels; blank for none.
pub fn direction(t: Texts, direction: Direction) -> &'static str {
    match (direction.to_crm, direction.to_erp) {
        (true, true) => t.versions_both_ways(),
        (true, false) => t.versions_to_crm(),
        (false, true) => t.versions_to_erp(),
        (false, false) => "",
    }
}

/// What somebody in a scope may do.
pub fn rights(t: Texts, may_connect: bool, may_create: bool) -> &'static str {
    match (may_connect, may_create) {
        (true, true) => t.connections_rights_both(),
        (true, false) => t.connections_rights_connect(),
        (false, true) => t.connections_rights_create(),
        (false, false) => t.connections_rights_none(),
    }
}

/// How many things are named before the rest is counted.
pub const FEW: usize = 3;

/// The first few in one line, and how many more there are.
pub fn first_few(t: Texts, mut all: Vec<String>) -> String {
    let more = all.len().saturating_sub(FEW);
    all.truncate(FEW);
    let named = all.join(" · ");
    match more {
        0 => named,
        more => t.versions_and_more(named::count(more), named::named(named)),
    }
}

pub fn record_kind(t: Texts, kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Company => t.records_company(),
        RecordKind::Person => t.records_person(),
        RecordKind::Project => t.records_project(),
    }
}

pub fn record_kinds(t: Texts, kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Company => t.records_companies(),
        RecordKind::Person => t.records_persons(),
        RecordKind::Project => t.records_projects(),
    }
}

/// A CRM field: as an admin called it, or by its message.
pub fn field(visit: &Visit, field: &Field) -> String {
    match &field.label {
        Some(label) => visit.pick(label),
        None => builtin_field(visit.t, field),
    }
    .to_owned()
}

pub fn builtin_field(t: Texts, field: &Field) -> &str {
    let id = format!("crm-{}-{}", field.record.as_str(), field.key.replace('_', "-"));
    Key::parse(&id).map_or(field.key.as_str(), |key| t.plain(key))
}

/// A field that is or was in the catalogue, by its key; none for any other key.
pub fn field_of(visit: &Visit, catalogue: &Catalogue, key: &str) -> Option<String> {
    catalogue.recall(key).map(|found| field(visit, found))
}

/// The list a field takes its items from; one that an admin added is called like its field.
pub fn list(visit: &Visit, of: &Field) -> String {
    let t = visit.t;
    let Some(List::Builtin(list)) = of.list else { return field(visit, of) };
    match list {
        BuiltinList::Category => t.crm_list_category(),
        BuiltinList::Business => t.crm_list_business(),
        BuiltinList::Country => t.crm_list_country(),
        BuiltinList::Position => t.crm_list_position(),
        BuiltinList::ProjectStatus => t.crm_list_project_status(),
    }
    .to_owned()
}

pub fn field_type(t: Texts, kind: FieldType) -> &'static str {
    match kind {
        FieldType::Checkbox => t.field_type_checkbox(),
        FieldType::Text => t.field_type_text(),
        FieldType::Password => t.field_type_password(),
        FieldType::Integer => t.field_type_integer(),
        FieldType::Double => t.field_type_double(),
        FieldType::List => t.field_type_list(),
        FieldType::Datetime => t.field_type_datetime(),
        FieldType::Label => t.field_type_label(),
    }
}

/// What a CRM field holds.
pub fn field_kind(t: Texts, kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => t.field_type_text(),
        FieldKind::Whole => t.field_type_integer(),
        FieldKind::Decimal => t.field_type_double(),
        FieldKind::Check => t.field_type_checkbox(),
        FieldKind::Date => t.crm_fields_date(),
        FieldKind::List => t.field_type_list(),
    }
}

/// Where a CRM field is mapped: connection and actor type.
pub fn field_use(visit: &Visit, place: &Use) -> String {
    format!("{}: {}", visit.pick(&place.name), actor_type(visit.t, place.actor_type))
}

pub fn when(t: Texts, when: When) -> &'static str {
    match when {
        When::Always => t.mapping_when_always(),
        When::OnCreate => t.mapping_when_on_create(),
        When::IfEmpty => t.mapping_when_if_empty(),
    }
}

pub fn unmapped(t: Texts, rule: Unmapped) -> &'static str {
    match rule {
        Unmapped::Leave => t.mapping_unmapped_leave(),
        Unmapped::Fail => t.mapping_unmapped_fail(),
        Unmapped::Default => t.mapping_unmapped_default(),
    }
}

pub fn role(t: Texts, role: Role) -> &'static str {
    match role {
        Role::Admin => t.role_admin(),
        Role::User => t.role_user(),
        Role::Auditor => t.role_auditor(),
    }
}

impl Visit {
    pub fn role_text(&self) -> &'static str {
        self.person.as_ref().map_or("", |person| role(self.t, person.role))
    }
}
