//! Each operator of each searchable field: searched for with values that actors really hold, and the answer
//! held against what the operator means.

mod meaning;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::probe::{Halt, Probe};
use super::{Outcome, Reason, lacking};
use crate::connector::failure::Failure;
use crate::connector::types::{Actor, FieldInfo, Found, Operator, Restriction};
use crate::i18n::Key;
use meaning::{Holds, holds};

/// Searches per actor type.
const MOST_SEARCHES: usize = 400;
/// Wrong answers after which no more are looked for.
const MOST_WRONG: usize = 10;

pub async fn check(probe: &Probe<'_>, facts: &Facts) -> Outcome {
    let (fields, searchable) = match (&facts.fields, &facts.searchable) {
        (Ok(fields), Ok(searchable)) => (fields, searchable),
        (Err(halt), _) | (_, Err(halt)) => return lacking(halt),
    };
    if searchable.is_empty() {
        return Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_SEARCH));
    }
    if facts.actors.is_empty() {
        return facts.without_actors();
    }
    let searchable: BTreeSet<&str> = searchable.iter().map(String::as_str).collect();
    let fields: Vec<&FieldInfo> =
        fields.iter().filter(|field| searchable.contains(field.key.as_str())).collect();
    let mut tally = Tally::default();
    let halted = try_all(probe, facts, &fields, &mut tally).await.err();
    tally.outcome(halted)
}

/// What came of the searches.
#[derive(Default)]
struct Tally {
    done: usize,
    /// Searches there were to do.
    all: usize,
    wrong: Vec<Wrong>,
    /// Fields of which no actor has a value.
    blank: BTreeSet<String>,
}

/// A search that was answered wrongly.
struct Wrong {
    field: String,
    operator: Operator,
    fault: Fault,
}

enum Fault {
    LeftOut(String),
    Foreign(String),
    Refused(Failure),
}

impl Tally {
    fn outcome(self, halted: Option<Halt>) -> Outcome {
        if let Some(first) = self.wrong.first() {
            return Outcome::Failed(first.reason(&self.wrong[1..]));
        }
        let counted = |key| Reason::new(key).with("done", self.done).with("all", self.all);
        match halted {
            Some(halt) if self.done == 0 => Outcome::NotTried(halt.reason()),
            Some(_) => Outcome::Remarked(counted(Key::CONFORMANCE_SEARCHES_CUT)),
            None if self.done == 0 => Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_VALUES)),
            None if self.done < self.all => {
                Outcome::Remarked(counted(Key::CONFORMANCE_SEARCHES_CUT))
            }
            None if !self.blank.is_empty() => {
                let fields = self.blank.into_iter().collect::<Vec<_>>().join(", ");
                let reason = Reason::new(Key::CONFORMANCE_SEARCHES_BLANK).with("fields", fields);
                Outcome::Remarked(reason.with("done", self.done))
            }
            None => Outcome::Passed,
        }
    }
}

impl Wrong {
    fn reason(&self, others: &[Wrong]) -> Reason {
        let (key, actor) = match &self.fault {
            Fault::LeftOut(actor) => (Key::CONFORMANCE_SEARCH_LEFT_OUT, actor.as_str()),
            Fault::Foreign(actor) => (Key::CONFORMANCE_SEARCH_FOREIGN, actor.as_str()),
            Fault::Refused(_) => (Key::CONFORMANCE_SEARCH_REFUSED, ""),
        };
        let others: Vec<String> = others.iter().map(Wrong::name).collect();
        let others = if others.is_empty() { "–".to_owned() } else { others.join("; ") };
        let reason = Reason::new(key)
            .with("field", &self.field)
            .with("operator", self.operator.as_str())
            .with("actor", actor)
            .with("others", others);
        match &self.fault {
            Fault::Refused(failure) => reason.because(failure),
            _ => reason,
        }
    }

    fn name(&self) -> String {
        format!("{} {}", self.field, self.operator.as_str())
    }
}

/// First one operator of every field, then the next, so that a limit cuts evenly.
async fn try_all(
    probe: &Probe<'_>,
    facts: &Facts,
    fields: &[&FieldInfo],
    tally: &mut Tally,
) -> Result<(), Halt> {
    let most = Operator::ALL.len();
    let all: Vec<(&FieldInfo, Operator)> = (0..most)
        .flat_map(|n| {
            let nth = move |field: &&&FieldInfo| Operator::for_type(field.kind).get(n).copied();
            fields.iter().filter_map(move |field| Some((*field, nth(&field)?)))
        })
        .collect();
    tally.all = all.len();
    for (field, operator) in all {
        if tally.done == MOST_SEARCHES || tally.wrong.len() == MOST_WRONG {
            return Ok(());
        }
        let Some(values) = wanted::values(field, operator, &facts.actors) else {
            tally.blank.insert(field.key.clone());
            tally.all -= 1;
            continue;
        };
        let restriction = Restriction { field: field.key.clone(), operator, values };
        if let Some(fault) = try_one(probe, facts, field, &restriction).await? {
            tally.wrong.push(Wrong { field: field.key.clone(), operator, fault });
        }
        tally.done += 1;
    }
    Ok(())
}

async fn try_one(
    probe: &Probe<'_>,
    facts: &Facts,
    field: &FieldInfo,
    restriction: &Restriction,
) -> Result<Option<Fault>, Halt> {
    let asked = std::slice::from_ref(&field.key);
    let found = match probe.search_advanced(std::slice::from_ref(restriction), asked).await {
        Ok(found) => found,
        Err(Halt::Erp(_, failure)) => return Ok(Some(Fault::Refused(failure))),
        Err(halt) => return Err(halt),
    };
    let Some((fault, actor)) = judge(field, restriction, facts, &found) else { return Ok(None) };
    // Somebody may have changed it meanwhile.
    let meant = |now: &Actor| match (&fault, now.fields.get(&field.key)) {
        (_, None) => true,
        (Fault::LeftOut(_), Some(raw)) => means(field, restriction, raw) == Holds::Surely,
        (_, Some(raw)) => means(field, restriction, raw) == Holds::No,
    };
    let is_confirmed = confirm(probe, &actor, asked, meant).await?;
    Ok(is_confirmed.then_some(fault))
}

fn means(field: &FieldInfo, restriction: &Restriction, raw: &str) -> Holds {
    holds(field.kind, restriction.operator, &restriction.values, raw)
}

/// The first actor that is in the answer and cannot be meant, or is meant and not in it.
fn judge(
    field: &FieldInfo,
    restriction: &Restriction,
    facts: &Facts,
    found: &Found,
) -> Option<(Fault, String)> {
    let known: BTreeMap<&str, &Actor> =
        facts.actors.iter().map(|actor| (actor.key.as_str(), actor)).collect();
    let value = |actor: &Actor| {
        let known = || known.get(actor.key.as_str()).and_then(|known| known.fields.get(&field.key));
        actor.fields.get(&field.key).or_else(known).cloned()
    };
    let is_foreign = |actor: &&Actor| {
        value(actor).is_some_and(|raw| means(field, restriction, &raw) == Holds::No)
    };
    if let Some(actor) = found.actors.iter().find(is_foreign) {
        return Some((Fault::Foreign(actor.key.clone()), actor.key.clone()));
    }
    if found.more || found.actors.len() >= cap(facts) {
        return None;
    }
    let came: BTreeSet<&str> = found.actors.iter().map(|actor| actor.key.as_str()).collect();
    let is_left_out = |actor: &&Actor| {
        let raw = actor.fields.get(&field.key);
        !came.contains(actor.key.as_str())
            && raw.is_some_and(|raw| means(field, restriction, raw) == Holds::Surely)
    };
    let left_out = facts.actors.iter().find(is_left_out)?;
    Some((Fault::LeftOut(left_out.key.clone()), left_out.key.clone()))
}

/// How many actors the connector gives at most, where its blank search shows that there is a limit.
fn cap(facts: &Facts) -> usize {
    match (&facts.found, &facts.polled) {
        (Ok(found), Ok(polled)) if found.actors.len() < polled.actors.len() && !found.more => {
            found.actors.len().max(1)
        }
        _ => usize::MAX,
    }
}

/// Whether an accusation still stands now that the actor is read once more. One that is gone proves nothing;
/// one that cannot be read is as it was.
pub async fn confirm(
    probe: &Probe<'_>,
    key: &str,
    fields: &[String],
    stands: impl Fn(&Actor) -> bool,
) -> Result<bool, Halt> {
    match probe.actors(&[key.to_owned()], fields).await {
        Ok(actors) => Ok(actors.iter().any(|actor| actor.key == key && stands(actor))),
        Err(Halt::Erp(..)) => Ok(true),
        Err(halt) => Err(halt),
    }
}
