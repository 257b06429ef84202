//! Creating, saving and reading back: the only checks that write, done only when an admin asked for them, and
//! only on an actor whose name begins with the marker the admin chose. The contract cannot delete an actor,
//! so one that was made stays in the ERP, and may serve later runs.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::probe::{Halt, Probe};
use super::{Outcome, Reason, lacking, settle};
use crate::connector::encoding::{self, Value};
use crate::connector::stamps::{compare, is_later};
use crate::connector::types::{
    Access, Actor, ActorRef, ActorType, ConnectionGuid, FieldInfo, FieldType, FieldValues,
    ListItem, NewActor,
};
use crate::i18n::Key;

/// What an admin asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writing {
    pub kind: ActorType,
    /// With what the name of the actor begins. Nothing else is ever written to.
    pub marker: String,
    pub target: Target,
}

/// Which actor is written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A new one, below this parent where one is named.
    New { parent: Option<ActorRef> },
    /// One that exists, and bears the marker.
    Marked { key: String },
}

impl Writing {
    /// Shorter ones might be the beginning of a real name.
    pub const SHORTEST_MARKER: usize = 4;

    /// The actor that is to be used; `None` when one is to be made.
    pub fn marked(&self) -> Option<ActorRef> {
        match &self.target {
            Target::New { .. } => None,
            Target::Marked { key } => Some(ActorRef { kind: self.kind, key: key.clone() }),
        }
    }
}

fn not_asked() -> Outcome {
    Outcome::NotTried(Reason::new(Key::CONFORMANCE_WRITING_NOT_ASKED))
}

/// Makes an actor and reads it back; `made` is the one that is there then.
pub async fn create(
    probe: &Probe<'_>,
    facts: &Facts,
    writing: Option<&Writing>,
    made: &mut Option<Actor>,
) -> Outcome {
    let Some(writing) = writing.filter(|writing| writing.kind == probe.kind) else {
        return not_asked();
    };
    match &writing.target {
        Target::Marked { .. } => Outcome::NotTried(Reason::new(Key::CONFORMANCE_CREATE_NOT_ASKED)),
        Target::New { parent } => {
            settle(make(probe, facts, (writing, parent.as_ref()), made).await)
        }
    }
}

async fn make(
    probe: &Probe<'_>,
    facts: &Facts,
    (writing, parent): (&Writing, Option<&ActorRef>),
    made: &mut Option<Actor>,
) -> Result<Outcome, Halt> {
    if let Err(halt) = &facts.fields {
        return Ok(lacking(halt));
    }
    let Some(name) = name_field(facts, &writing.marker) else {
        return Ok(Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_NAME_FIELD)));
    };
    let text = marked(writing);
    let values = match values(facts, name, &text) {
        Ok(values) => values,
        Err(reason) => return Ok(Outcome::NotTried(reason)),
    };
    let stamps = facts.stamps();
    let newest = stamps.values().copied().max_by(|one, other| compare(one, other));
    let new = NewActor { kind: probe.kind, fields: values, parent: parent.cloned() };
    let actor = match probe.create_actor(&new).await {
        Err(Halt::Erp(_, failure)) if failure.is_unclear() => {
            let reason = Reason::new(Key::CONFORMANCE_CREATE_UNCLEAR).with("name", &text);
            return Ok(Outcome::Failed(reason.because(&failure)));
        }
        created => created?,
    };
    let said = |key| Reason::new(key).with("actor", &actor.key).with("name", &text);
    let wrong = created_wrongly(probe, &new, &actor, newest).await?;
    let outcome = match wrong {
        Some(reason) => Outcome::Failed(reason.with("actor", &actor.key)),
        None => Outcome::Remarked(said(Key::CONFORMANCE_CREATED)),
    };
    *made = Some(actor);
    Ok(outcome)
}

/// What is wrong with an actor that was just created.
async fn created_wrongly(
    probe: &Probe<'_>,
    new: &NewActor,
    actor: &Actor,
    newest: Option<&str>,
) -> Result<Option<Reason>, Halt> {
    if actor.last_modified.trim().is_empty() {
        return Ok(Some(Reason::new(Key::CONFORMANCE_CREATED_WITHOUT_STAMP)));
    }
    let fields: Vec<String> = new.fields.keys().cloned().collect();
    let Some(back) = read(probe, &actor.key, &fields).await? else {
        return Ok(Some(Reason::new(Key::CONFORMANCE_CREATED_GONE)));
    };
    if let Some(field) = other_value(probe, &new.fields, &back).await? {
        return Ok(Some(Reason::new(Key::CONFORMANCE_CREATED_OTHERWISE).with("field", field)));
    }
    if new.parent.is_some() && back.parent != new.parent {
        return Ok(Some(Reason::new(Key::CONFORMANCE_CREATED_ELSEWHERE)));
    }
    if newest.is_some_and(|newest| !is_later(&actor.last_modified, newest)) {
        return Ok(Some(Reason::new(Key::CONFORMANCE_CREATED_NOT_LATER)));
    }
    Ok(None)
}

/// Saves another name on the actor that was made, or on the one the admin named, and reads it back. The
/// latter gets its old name back.
pub async fn save(
    probe: &Probe<'_>,
    facts: &Facts,
    writing: Option<&Writing>,
    made: Option<Actor>,
) -> Outcome {
    let Some(writing) = writing.filter(|writing| writing.kind == probe.kind) else {
        return not_asked();
    };
    settle(match (&writing.target, made) {
        (Target::New { .. }, Some(made)) => change(probe, facts, writing, &made.key, false).await,
        (Target::New { .. }, None) => {
            Ok(Outcome::NotTried(Reason::new(Key::CONFORMANCE_NOTHING_MADE)))
        }
        (Target::Marked { key }, _) => change(probe, facts, writing, key, true).await,
    })
}

async fn change(
    probe: &Probe<'_>,
    facts: &Facts,
    writing: &Writing,
    key: &str,
    restores: bool,
) -> Result<Outcome, Halt> {
    if let Err(halt) = &facts.fields {
        return Ok(lacking(halt));
    }
    let Some(name) = name_field(facts, &writing.marker) else {
        return Ok(Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_NAME_FIELD)));
    };
    let asked = std::slice::from_ref(&name.key);
    let Some(before) = read(probe, key, asked).await? else {
        return Ok(Outcome::NotTried(
            Reason::new(Key::CONFORMANCE_NO_SUCH_ACTOR).with("actor", key),
        ));
    };
    let old = before.fields.get(&name.key).cloned().unwrap_or_default();
    if !is_marked(&old, &writing.marker) {
        let reason = Reason::new(Key::CONFORMANCE_NOT_MARKED).with("actor", key);
        return Ok(Outcome::NotTried(reason.with("field", &name.key)));
    }
    let new = marked(writing);
    let wrong = saved_wrongly(probe, &before, (name, &new)).await;
    if restores && !restored(probe, &before, (name, &old)).await {
        let reason = Reason::new(Key::CONFORMANCE_NOT_RESTORED).with("actor", key);
        return Ok(Outcome::Failed(reason.with("field", &name.key).with("old", old)));
    }
    Ok(match wrong? {
        Some(reason) => Outcome::Failed(reason.with("actor", key).with("field", &name.key)),
        None if restores => Outcome::Passed,
        None => Outcome::Remarked(
            Reason::new(Key::CONFORMANCE_SAVED).with("actor", key).with("name", new),
        ),
    })
}

/// Saves one field of an actor; what is wrong then.
async fn saved_wrongly(
    probe: &Probe<'_>,
    before: &Actor,
    (field, value): (&FieldInfo, &str),
) -> Result<Option<Reason>, Halt> {
    let asked = std::slice::from_ref(&field.key);
    let fields = FieldValues::from([(field.key.clone(), value.to_owned())]);
    let saved = probe.save_actor(&Actor { fields: fields.clone(), ..before.clone() }).await?;
    let Some(saved) = saved.into_iter().find(|saved| saved.key == before.key) else {
        return Ok(Some(Reason::new(Key::CONFORMANCE_SAVED_WITHOUT_ANSWER)));
    };
    let back = read(probe, &before.key, asked).await?;
    let is_same = |back: &Actor| back.fields.get(&field.key).is_some_and(|now| now == value);
    if !back.as_ref().is_some_and(is_same) {
        return Ok(Some(Reason::new(Key::CONFORMANCE_SAVED_OTHERWISE)));
    }
    let is_later = is_later(&saved.last_modified, &before.last_modified);
    Ok((!is_later).then(|| Reason::new(Key::CONFORMANCE_SAVED_NOT_LATER)))
}

/// Gives the actor its old value back, however late it is; whether it has it then.
async fn restored(probe: &Probe<'_>, before: &Actor, (field, old): (&FieldInfo, &str)) -> bool {
    probe.finish_what_was_begun();
    let asked = std::slice::from_ref(&field.key);
    let has_old = async || {
        let now = read(probe, &before.key, asked).await.ok().flatten();
        now.is_some_and(|now| now.fields.get(&field.key).is_some_and(|now| now == old))
    };
    if has_old().await {
        return true;
    }
    let fields = FieldValues::from([(field.key.clone(), old.to_owned())]);
    // What counts is what the ERP holds then.
    let _ = probe.save_actor(&Actor { fields, ..before.clone() }).await;
    has_old().await
}

async fn read(probe: &Probe<'_>, key: &str, fields: &[String]) -> Result<Option<Actor>, Halt> {
    let actors = probe.actors(&[key.to_owned()], fields).await?;
    Ok(actors.into_iter().find(|actor| actor.key == key))
}

/// The first field that does not hold what was sent.
async fn other_value(
    probe: &Probe<'_>,
    sent: &FieldValues,
    back: &Actor,
) -> Result<Option<String>, Halt> {
    let fields = probe.actor_fields().await?;
    let differs = |(key, value): &(&String, &String)| {
        let kind = fields.iter().find(|field| field.key == **key).map(|field| field.kind);
        let read = |raw: &str| kind.map(|kind| encoding::read(kind, raw));
        let now = back.fields.get(*key).map_or("", String::as_str);
        read(now) != read(value)
    };
    Ok(sent.iter().find(differs).map(|(key, _)| key.clone()))
}

/// The field that says what an actor is called, long enough for the marker and something after it: the
/// first text that is mandatory, or else the first that may be written.
fn name_field<'a>(facts: &'a Facts, marker: &str) -> Option<&'a FieldInfo> {
    let takes_marker = |field: &&FieldInfo| {
        let needed = i64::try_from(marker.chars().count() + TOKEN + 1).unwrap_or(i64::MAX);
        field.kind == FieldType::Text
            && field.access != Access::ReadOnly
            && (field.max_length == 0 || field.max_length >= needed)
    };
    let mut texts = facts.fields().iter().filter(takes_marker);
    let mandatory = texts.clone().find(|field| field.access == Access::Mandatory);
    mandatory.or_else(|| texts.next())
}

/// Letters behind the marker, by chance, so that a text is told from the one before.
const TOKEN: usize = 8;

fn marked(writing: &Writing) -> String {
    let token = ConnectionGuid::random().map_or_else(|_| "again".to_owned(), |id| id.to_string());
    format!("{} {}", writing.marker.trim(), token.get(..TOKEN).unwrap_or(&token))
}

fn is_marked(name: &str, marker: &str) -> bool {
    let marker = marker.trim().to_lowercase();
    marker.chars().count() >= Writing::SHORTEST_MARKER && name.to_lowercase().starts_with(&marker)
}

/// The name, and something in every other field that must not be blank.
fn values(facts: &Facts, name: &FieldInfo, text: &str) -> Result<FieldValues, Reason> {
    let mut values = FieldValues::from([(name.key.clone(), text.to_owned())]);
    let must = |field: &&FieldInfo| field.access == Access::Mandatory && field.key != name.key;
    for field in facts.fields().iter().filter(must) {
        let items = facts.lists.get(&field.list).and_then(|items| items.as_ref().ok());
        let value = filling(field, text, items.map_or(&[], Vec::as_slice));
        let value = value
            .ok_or_else(|| Reason::new(Key::CONFORMANCE_NO_FILLING).with("field", &field.key))?;
        values.insert(field.key.clone(), value);
    }
    Ok(values)
}

fn filling(field: &FieldInfo, text: &str, items: &[ListItem]) -> Option<String> {
    if !field.default.is_empty() && encoding::read(field.kind, &field.default).is_ok() {
        return Some(field.default.clone());
    }
    match field.kind {
        FieldType::Text => {
            let most = usize::try_from(field.max_length).ok().filter(|most| *most > 0);
            Some(text.chars().take(most.unwrap_or(usize::MAX)).collect())
        }
        FieldType::Integer => Some(encoding::write(&Value::Integer(1))),
        FieldType::Double => Some(encoding::write(&Value::Double(1.into()))),
        FieldType::Checkbox => Some(encoding::write(&Value::Checkbox(false))),
        FieldType::List => items.first().map(|item| item.key.clone()),
        FieldType::Datetime => {
            Some(encoding::write(&Value::Datetime(jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0))))
        }
        FieldType::Password | FieldType::Label => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_marked;

    #[test]
    fn only_what_begins_with_the_marker_is_marked() {
        assert!(is_marked("GLEICHLAUF-TEST 1a2b", "Gleichlauf-Test "));
        assert!(!is_marked("Nordwind GmbH", "Gleichlauf-Test"));
        assert!(!is_marked("my Gleichlauf-Test", "Gleichlauf-Test"));
        assert!(!is_marked("anything", " "));
        assert!(!is_marked("Nordwind", "No"));
    }
}
