//! `GetActors`: those asked for, with what was asked for, and nothing that would do harm.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::probe::{Halt, Probe};
use super::{Outcome, Reason, lacking, settle};
use crate::connector::types::{Actor, ConnectionGuid};
use crate::i18n::Key;

/// Each key comes back once, as an actor of the type; others do no harm.
pub fn asked(facts: &Facts) -> Outcome {
    let actors = match &facts.asked {
        _ if facts.asked_keys.is_empty() => return facts.without_actors(),
        Ok(actors) => actors,
        Err(halt) => return halt.clone().into(),
    };
    let mut by_key: BTreeMap<&str, &Actor> = BTreeMap::new();
    for actor in actors {
        let other = by_key.insert(&actor.key, actor);
        if other.is_some_and(|other| other != actor) {
            return failed(Key::CONFORMANCE_ACTOR_TWICE, &actor.key);
        }
    }
    for key in &facts.asked_keys {
        match by_key.remove(key.as_str()) {
            None => return failed(Key::CONFORMANCE_ACTOR_LEFT_OUT, key),
            Some(actor) if actor.kind != facts.kind => {
                return failed(Key::CONFORMANCE_ACTOR_OTHER_TYPE, key);
            }
            Some(_) => {}
        }
    }
    match by_key.keys().next() {
        Some(key) => {
            Outcome::Remarked(Reason::new(Key::CONFORMANCE_ACTOR_UNASKED).with("actor", key))
        }
        None => Outcome::Passed,
    }
}

fn failed(key: Key, actor: &str) -> Outcome {
    Outcome::Failed(Reason::new(key).with("actor", actor))
}

/// All fields asked for come back; others do no harm.
pub fn fields(facts: &Facts) -> Outcome {
    let (actors, fields) = match (&facts.asked, &facts.fields) {
        (Ok(actors), Ok(fields)) => (actors, fields),
        (_, Err(halt)) | (Err(halt), _) => return lacking(halt),
    };
    if actors.is_empty() {
        return facts.without_actors();
    }
    let asked: BTreeSet<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    let mut missing = BTreeSet::new();
    let mut unasked = BTreeSet::new();
    for actor in actors {
        let came: BTreeSet<&str> = actor.fields.keys().map(String::as_str).collect();
        missing.extend(asked.difference(&came).copied());
        unasked.extend(came.difference(&asked).copied());
    }
    let reason = |key, fields: &BTreeSet<&str>| Reason::new(key).with("fields", joined(fields));
    if !missing.is_empty() {
        return Outcome::Failed(reason(Key::CONFORMANCE_FIELDS_LEFT_OUT, &missing));
    }
    if !unasked.is_empty() {
        return Outcome::Remarked(reason(Key::CONFORMANCE_FIELDS_UNASKED, &unasked));
    }
    Outcome::Passed
}

/// Some names, and how many more there are.
fn joined(names: &BTreeSet<&str>) -> String {
    const SHOWN: usize = 12;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} … (+{more})"),
    }
}

/// A key that does not exist gives nothing, and does not keep others from coming.
pub async fn unknown(probe: &Probe<'_>, facts: &Facts) -> Outcome {
    settle(look(probe, facts).await)
}

async fn look(probe: &Probe<'_>, facts: &Facts) -> Result<Outcome, Halt> {
    let unknown = match ConnectionGuid::random() {
        Ok(random) => format!("none-{random}"),
        Err(_) => "none-at-all".to_owned(),
    };
    let known = facts.asked_keys.first();
    let keys: Vec<String> = known.into_iter().chain([&unknown]).cloned().collect();
    let actors = probe.actors(&keys, &facts.one_field()).await?;
    if actors.iter().any(|actor| actor.key == unknown) {
        return Ok(failed(Key::CONFORMANCE_UNKNOWN_GIVEN, &unknown));
    }
    if let Some(other) = actors.iter().find(|actor| !keys.contains(&actor.key)) {
        return Ok(failed(Key::CONFORMANCE_UNKNOWN_OTHER, &other.key));
    }
    let is_there = |key: &String| actors.iter().any(|actor| actor.key == *key);
    Ok(match known {
        Some(known) if !is_there(known) => failed(Key::CONFORMANCE_UNKNOWN_SPOILS, known),
        _ => Outcome::Passed,
    })
}
