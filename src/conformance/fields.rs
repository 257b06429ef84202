//! The fields of an actor type: there, told apart by their keys, and described sensibly.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::{Outcome, Reason, lacking};
use crate::connector::encoding;
use crate::connector::types::{FieldInfo, FieldType};
use crate::i18n::Key;

pub fn listed(facts: &Facts) -> Outcome {
    let fields = match &facts.fields {
        Ok(fields) => fields,
        Err(halt) => return halt.clone().into(),
    };
    if fields.is_empty() {
        return Outcome::Failed(Reason::new(Key::CONFORMANCE_NO_FIELDS));
    }
    let searchable = match &facts.searchable {
        Ok(searchable) => searchable,
        Err(halt) => return halt.clone().into(),
    };
    match searchable.iter().find(|key| facts.field(key).is_none()) {
        Some(key) => {
            Outcome::Failed(Reason::new(Key::CONFORMANCE_SEARCHABLE_UNKNOWN).with("field", key))
        }
        None => Outcome::Passed,
    }
}

pub fn unique(facts: &Facts) -> Outcome {
    let fields = match &facts.fields {
        Ok(fields) => fields,
        Err(halt) => return lacking(halt),
    };
    let keys = || fields.iter().map(|field| field.key.as_str());
    if let Some(key) = twice(keys()) {
        return Outcome::Failed(Reason::new(Key::CONFORMANCE_KEY_TWICE).with("field", key));
    }
    match twice(keys().map(str::to_lowercase)) {
        Some(key) => {
            Outcome::Remarked(Reason::new(Key::CONFORMANCE_KEY_NEARLY_TWICE).with("field", key))
        }
        None => Outcome::Passed,
    }
}

fn twice<T: Ord + Clone>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut seen = BTreeSet::new();
    all.into_iter().find(|one| !seen.insert(one.clone()))
}

pub fn sane(facts: &Facts) -> Outcome {
    let fields = match &facts.fields {
        Ok(fields) => fields,
        Err(halt) => return lacking(halt),
    };
    if let Some(reason) = fields.iter().find_map(wrong).or_else(|| wrong_rank(fields)) {
        return Outcome::Failed(reason);
    }
    match fields.iter().find_map(odd).or_else(|| odd_rank(fields)) {
        Some(reason) => Outcome::Remarked(reason),
        None => Outcome::Passed,
    }
}

/// What makes a field unusable.
fn wrong(field: &FieldInfo) -> Option<Reason> {
    let reason = |key| Some(Reason::new(key).with("field", &field.key));
    if field.max_length < 0 {
        return reason(Key::CONFORMANCE_LENGTH_NEGATIVE);
    }
    if field.kind == FieldType::List && field.list.trim().is_empty() {
        return reason(Key::CONFORMANCE_LIST_UNNAMED);
    }
    if encoding::read(field.kind, &field.default).is_err() {
        let reason = Reason::new(Key::CONFORMANCE_DEFAULT_UNREADABLE).with("field", &field.key);
        return Some(reason.with("kind", field.kind.as_str()));
    }
    None
}

/// What is strange about a field, and harmless.
fn odd(field: &FieldInfo) -> Option<Reason> {
    let reason = |key| Some(Reason::new(key).with("field", &field.key));
    if field.name.trim().is_empty() {
        return reason(Key::CONFORMANCE_NAME_BLANK);
    }
    if field.kind != FieldType::List && !field.list.trim().is_empty() {
        return reason(Key::CONFORMANCE_LIST_WITHOUT_USE);
    }
    let has_length = matches!(field.kind, FieldType::Text | FieldType::Password | FieldType::List);
    if field.max_length > 0 && !has_length {
        return reason(Key::CONFORMANCE_LENGTH_WITHOUT_USE);
    }
    None
}

/// Ranks are unique; connectors that rank everything alike mean the order of their answer.
fn wrong_rank(fields: &[FieldInfo]) -> Option<Reason> {
    let mut by_rank: BTreeMap<i64, &FieldInfo> = BTreeMap::new();
    let is_alike = fields.iter().all(|field| field.rank == fields[0].rank);
    let again = fields.iter().find_map(|field| {
        by_rank.insert(field.rank, field).filter(|_| !is_alike).map(|other| (field, other))
    });
    let (field, other) = again.filter(|(field, other)| field.key != other.key)?;
    Some(
        Reason::new(Key::CONFORMANCE_RANK_TWICE)
            .with("field", &other.key)
            .with("other", &field.key)
            .with("rank", field.rank),
    )
}

fn odd_rank(fields: &[FieldInfo]) -> Option<Reason> {
    let is_alike = fields.len() > 1 && fields.iter().all(|field| field.rank == fields[0].rank);
    is_alike.then(|| Reason::new(Key::CONFORMANCE_RANK_ALIKE))
}
