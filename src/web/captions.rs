//! What actor types, kinds of record, CRM fields, rules and roles are called.

use crate::connector::types::ActorType;
use crate::crm::RecordKind;
use crate::crm::fields::List;
use crate::i18n::{Key, Texts};
use crate::mapping::rules::{Unmapped, When};
use crate::users::Role;

pub fn actor_type(t: Texts, kind: ActorType) -> &'static str {
    match kind {
        ActorType::Customer => t.actor_customer(),
        ActorType::Supplier => t.actor_supplier(),
        ActorType::Partner => t.actor_partner(),
        ActorType::Person => t.actor_person(),
        ActorType::Project => t.actor_project(),
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

/// A field of the catalogue; blank for a key that is not in it.
pub fn crm_field(t: Texts, kind: RecordKind, key: &str) -> &'static str {
    let id = format!("crm-{}-{}", kind.as_str(), key.replace('_', "-"));
    Key::parse(&id).map_or("", |key| t.plain(key))
}

pub fn list(t: Texts, list: List) -> &'static str {
    match list {
        List::Category => t.crm_list_category(),
        List::Business => t.crm_list_business(),
        List::Country => t.crm_list_country(),
        List::Position => t.crm_list_position(),
        List::ProjectStatus => t.crm_list_project_status(),
    }
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
