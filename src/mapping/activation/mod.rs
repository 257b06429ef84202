//! Everything that stands in the way of activating a connection, all at once, each reason with its place.

mod reason;

use std::collections::{BTreeMap, BTreeSet};

use super::{ActorMapping, Direction, FieldMapping, defaults, edit, lists, matrix};
use crate::connector::Answer;
use crate::connector::types::{Access, ActorType, FieldInfo, Reply, State};
use crate::crm::RecordKind;

pub use reason::{Place, Reason, Weight, What};

/// What the check looks at.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub is_connector_deleted: bool,
    /// What `TestConnection` answered just now.
    pub test: &'a Answer<()>,
    pub mappings: &'a [ActorMapping],
    /// See [`matrix::mapped_elsewhere`]; a kind of record that is missing has nothing mapped.
    pub elsewhere: &'a BTreeMap<RecordKind, BTreeSet<String>>,
}

/// All reasons, in the order of places. Activation is possible when none is an error.
pub fn check(candidate: &Candidate) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if candidate.is_connector_deleted {
        reasons.push(error(Place::Connector, What::ConnectorDeleted));
    }
    match candidate.test {
        Err(_) => reasons.push(error(Place::ConnectionTest, What::TestFailed)),
        Ok(Reply { state: State::Ok, .. }) => {}
        Ok(_) => reasons.push(warning(Place::ConnectionTest, What::TestNoted)),
    }
    let switched_on = || candidate.mappings.iter().filter(|mapping| mapping.is_active);
    if switched_on().all(|mapping| mapping.is_missing) {
        reasons.push(error(Place::Mappings, What::NothingSwitchedOn));
    }
    for mapping in switched_on() {
        if mapping.is_missing {
            reasons.push(warning(Place::Mapping(mapping.kind, None), What::TypeMissing));
        } else {
            check_mapping(mapping, candidate.elsewhere, &mut reasons);
        }
    }
    reasons
}

pub fn is_possible(reasons: &[Reason]) -> bool {
    reasons.iter().all(|reason| reason.weight == Weight::Warning)
}

fn check_mapping(
    mapping: &ActorMapping,
    elsewhere: &BTreeMap<RecordKind, BTreeSet<String>>,
    reasons: &mut Vec<Reason>,
) {
    let kind = mapping.kind;
    for field in &mapping.fields {
        let is_shared = field.crm_field.as_ref().is_some_and(|key| {
            elsewhere.get(&mapping.record_kind()).is_some_and(|keys| keys.contains(key))
        });
        reasons.extend(check_field(mapping, field, is_shared));
        reasons.extend(check_creation(mapping, field));
    }
    for problem in edit::used_twice(mapping) {
        let edit::What::UsedTwice(other) = problem.what else { continue };
        if let Some(field) = mapping.field(&problem.erp_key) {
            let what = What::UsedTwice(field.erp.clone(), other);
            reasons.push(error(place(kind, field), what));
        }
    }
    reasons.extend(check_lists(mapping));
    let idle: Vec<FieldInfo> = mapping
        .fields
        .iter()
        .filter(|field| is_idle(mapping, field))
        .map(|f| f.erp.clone())
        .collect();
    if !idle.is_empty() {
        reasons.push(warning(Place::Mapping(kind, None), What::WithoutDirection(idle)));
    }
}

/// Whether a field's mapping still is what it was when it was chosen.
fn check_field(mapping: &ActorMapping, field: &FieldMapping, is_shared: bool) -> Vec<Reason> {
    if field.crm_field.is_none() {
        return Vec::new();
    }
    let kind = mapping.kind;
    let said = |what| vec![error(place(kind, field), what)];
    if field.is_missing_in_erp {
        return said(What::MissingInErp(field.erp.clone()));
    }
    let Some(crm) = mapping.crm_field(field) else {
        return said(What::MissingInCrm(field.erp.clone()));
    };
    matrix::permit(kind, &field.erp, crm, is_shared)
        .problems(field.direction)
        .into_iter()
        .map(|(_, why)| error(place(kind, field), What::NotPossible(field.erp.clone(), why)))
        .collect()
}

/// Whether a field can get what it needs when an actor is created.
fn check_creation(mapping: &ActorMapping, field: &FieldMapping) -> Vec<Reason> {
    let kind = mapping.kind;
    let at_defaults = Place::Defaults(kind, field.erp.key.clone());
    if field.is_missing_in_erp {
        return Vec::new();
    }
    if let Some(rule) = &field.default {
        let found = defaults::check(&field.erp, rule).err();
        let what = found.map(|problem| What::BadDefault(field.erp.clone(), problem));
        return what.map(|what| error(at_defaults, what)).into_iter().collect();
    }
    // Of a CRM field that is gone, it is said that it is gone.
    let is_gone = field.crm_field.is_some() && mapping.crm_field(field).is_none();
    if is_gone || !defaults::lacks_value(mapping, field) {
        return Vec::new();
    }
    vec![if is_without_direction(field) {
        error(place(kind, field), What::MandatoryWithoutDirection(field.erp.clone()))
    } else {
        error(at_defaults, What::MandatoryWithoutValue(field.erp.clone()))
    }]
}

fn check_lists(mapping: &ActorMapping) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for list in lists::mapped_lists(mapping) {
        let field = list.field;
        let place = || Place::List(mapping.kind, field.erp.key.clone());
        if !lists::doubled(&field.items).is_empty() {
            reasons.push(error(place(), What::ItemsTwice(field.erp.clone())));
        } else if field.items.is_empty() && field.direction.is_any() {
            reasons.push(warning(place(), What::NoItems(field.erp.clone())));
        }
    }
    reasons
}

/// Mapped, in order, and yet nothing travels; a mandatory field is reported by itself.
fn is_idle(mapping: &ActorMapping, field: &FieldMapping) -> bool {
    is_without_direction(field)
        && !field.is_missing_in_erp
        && (field.erp.access != Access::Mandatory || field.default.is_some())
        && mapping.crm_field(field).is_some()
}

fn is_without_direction(field: &FieldMapping) -> bool {
    field.crm_field.is_some() && field.direction == Direction::NONE
}

fn place(kind: ActorType, field: &FieldMapping) -> Place {
    Place::Mapping(kind, Some(field.erp.key.clone()))
}

fn error(place: Place, what: What) -> Reason {
    Reason { weight: Weight::Error, place, what }
}

fn warning(place: Place, what: What) -> Reason {
    Reason { weight: Weight::Warning, place, what }
}

#[cfg(test)]
mod tests;
