//! Free searches: a blank one finds all, and one below a parent finds its children.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::operators::confirm;
use super::probe::{Halt, Probe};
use super::{Outcome, Reason, settle};
use crate::connector::types::{Actor, ActorRef, Found, Operator, Restriction};
use crate::i18n::Key;

/// No connector caps its searches at less.
const SMALLEST_CAP: usize = 50;

pub fn blank(facts: &Facts) -> Outcome {
    let found = match &facts.found {
        Ok(found) => found,
        Err(halt) => return halt.clone().into(),
    };
    let polled = facts.polled.as_ref().map(|polled| polled.actors.as_slice()).unwrap_or_default();
    if polled.is_empty() && found.actors.is_empty() {
        return facts.without_actors();
    }
    if found.actors.is_empty() {
        let reason = Reason::new(Key::CONFORMANCE_BLANK_NONE);
        return Outcome::Failed(reason.with("known", polled.len()));
    }
    let keys: BTreeSet<&str> = found.actors.iter().map(|actor| actor.key.as_str()).collect();
    let left_out = polled.iter().find(|actor| !keys.contains(actor.key.as_str()));
    match left_out {
        _ if found.more => Outcome::Passed,
        None => Outcome::Passed,
        Some(actor) if found.actors.len() < SMALLEST_CAP => Outcome::Failed(
            Reason::new(Key::CONFORMANCE_BLANK_LEFT_OUT)
                .with("actor", &actor.key)
                .with("found", found.actors.len()),
        ),
        Some(_) => Outcome::Remarked(
            Reason::new(Key::CONFORMANCE_BLANK_CAPPED)
                .with("found", found.actors.len())
                .with("known", polled.len()),
        ),
    }
}

pub async fn by_parent(probe: &Probe<'_>, facts: &Facts) -> Outcome {
    if facts.actors.is_empty() {
        return facts.without_actors();
    }
    settle(look(probe, facts).await)
}

async fn look(probe: &Probe<'_>, facts: &Facts) -> Result<Outcome, Halt> {
    let Some(parent) = facts.actors.iter().find_map(|actor| actor.parent.as_ref()) else {
        return Ok(Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_PARENTS)));
    };
    let fields = facts.one_field();
    let found = probe.search_by_parent(parent, &fields).await?;
    if let Some(wrong) = wrong(probe, facts, parent, &found, "SearchActorByParent").await? {
        return Ok(Outcome::Failed(wrong));
    }
    if facts.searchable.as_ref().is_ok_and(|searchable| !searchable.is_empty()) {
        let found = probe.search_advanced(&restrictions(parent), &fields).await?;
        if let Some(wrong) = wrong(probe, facts, parent, &found, "SearchActorsAdvanced").await? {
            return Ok(Outcome::Failed(wrong));
        }
    }
    Ok(Outcome::Passed)
}

fn restrictions(parent: &ActorRef) -> [Restriction; 2] {
    let equals = |field: &str, value: &str| Restriction {
        field: field.to_owned(),
        operator: Operator::Equals,
        values: vec![value.to_owned()],
    };
    [
        equals(Restriction::PARENT_KEY, &parent.key),
        equals(Restriction::PARENT_TYPE, parent.kind.as_str()),
    ]
}

/// Who is among the children and should not be, or the other way round.
async fn wrong(
    probe: &Probe<'_>,
    facts: &Facts,
    parent: &ActorRef,
    found: &Found,
    operation: &str,
) -> Result<Option<Reason>, Halt> {
    let known: BTreeMap<&str, &Actor> =
        facts.actors.iter().map(|actor| (actor.key.as_str(), actor)).collect();
    let parent_of = |actor: &Actor| {
        let known = || known.get(actor.key.as_str()).and_then(|known| known.parent.clone());
        actor.parent.clone().or_else(known)
    };
    let is_foreign = |actor: &&Actor| parent_of(actor).is_some_and(|other| other != *parent);
    let came: BTreeSet<&str> = found.actors.iter().map(|actor| actor.key.as_str()).collect();
    let is_left_out = |actor: &&Actor| {
        !found.more && actor.parent.as_ref() == Some(parent) && !came.contains(actor.key.as_str())
    };
    let foreign = found.actors.iter().find(is_foreign).map(|a| (Key::CONFORMANCE_PARENT_OTHER, a));
    let left_out = facts.actors.iter().find(is_left_out);
    let left_out = left_out.map(|a| (Key::CONFORMANCE_PARENT_LEFT_OUT, a));
    let Some((key, actor)) = foreign.or(left_out) else { return Ok(None) };
    // Somebody may have moved it meanwhile.
    let belongs = key == Key::CONFORMANCE_PARENT_LEFT_OUT;
    let is_same = |now: &Actor| now.parent.as_ref().is_none_or(|p| (p == parent) == belongs);
    let is_confirmed = confirm(probe, &actor.key, &[], is_same).await?;
    let reason = Reason::new(key).with("operation", operation).with("actor", &actor.key);
    Ok(is_confirmed.then(|| reason.with("parent", parent)))
}
