//! What of a wanted state can be had: held against what there is, with the same rules as on the screens.
//! What cannot be had is named, and stays as it is.

pub mod mapping;

use std::collections::{BTreeMap, BTreeSet};

use super::gather::{self, Names};
use super::place::Part;
use super::state::{ConnectionState, Grant, Held, ScopeState};
use super::world::World;
use crate::connections::{Access as Granted, NAME_LENGTH, Scope};
use crate::connector::encoding::{self, Value};
use crate::connector::types::{Access, ActorType, FieldInfo, FieldType};
use crate::i18n::{Key, Message};
use crate::mapping::ActorMapping;

/// A state that can be saved, and what had to be left out of the wanted one.
#[derive(Clone, Debug)]
pub struct Attained {
    pub name: String,
    pub description: String,
    pub scope: Scope,
    /// Encoded, by field key; of all that is no secret.
    pub settings: BTreeMap<String, String>,
    pub mappings: Vec<ActorMapping>,
    pub left_out: Vec<LeftOut>,
}

/// One thing that cannot be had.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    pub part: Part,
    pub actor_type: Option<ActorType>,
    /// What it is called, if that is not the part's own name: names that belong together, each of which may
    /// be multi-language text.
    pub what: Vec<String>,
    pub why: Message,
}

/// `declared`: what the connector asks to be told about the connection.
pub fn attain(
    current: &ConnectionState,
    declared: &[FieldInfo],
    wanted: &ConnectionState,
    world: &World,
) -> Attained {
    let mut left_out = Vec::new();
    Attained {
        name: text(&current.name, &wanted.name, 1, &mut left_out),
        description: text(&current.description, &wanted.description, 0, &mut left_out),
        scope: scope(current, wanted, world, &mut left_out),
        settings: settings(current, declared, wanted, &mut left_out),
        mappings: mapping::all(wanted, world, &mut left_out),
        left_out,
    }
}

impl Attained {
    /// What was not asked for stays as it is, and is not missed.
    pub fn keep_to(&mut self, parts: &BTreeSet<Part>, current: &ConnectionState, world: &World) {
        self.left_out.retain(|left| parts.contains(&left.part));
        if !parts.contains(&Part::Scope) {
            self.scope = scope_of(&current.scope);
        }
        if !parts.contains(&Part::Mapping) {
            self.mappings.clone_from(&world.mappings);
        }
    }

    /// Whether both let in the same people.
    pub fn has_scope_of(&self, other: &Self) -> bool {
        let state = |scope| gather::scope_state(scope, &Names::default());
        state(&self.scope) == state(&other.scope)
    }

    /// The state as it will be.
    pub fn state(&self, current: &ConnectionState, names: &Names) -> ConnectionState {
        let mut state = ConnectionState {
            name: self.name.clone(),
            description: self.description.clone(),
            scope: gather::scope_state(&self.scope, names),
            actor_types: gather::actor_types(&self.mappings, names),
            ..current.clone()
        };
        for (key, setting) in &mut state.settings {
            if let (Held::Plain(value), Some(new)) = (&mut setting.value, self.settings.get(key)) {
                value.clone_from(new);
            }
        }
        state
    }
}

fn text(current: &str, wanted: &str, least: u64, left_out: &mut Vec<LeftOut>) -> String {
    let wanted = wanted.trim();
    let length = wanted.chars().count() as u64;
    let why: Message = match length {
        _ if length < least => Key::FORM_REQUIRED.into(),
        _ if wanted.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
            Key::FORM_INVALID.into()
        }
        _ if length > NAME_LENGTH => {
            Message::from(Key::FORM_TOO_LONG).with("max", NAME_LENGTH as i64)
        }
        _ => return wanted.to_owned(),
    };
    let what = vec![wanted.chars().take(40).collect()];
    left_out.push(LeftOut { part: Part::General, actor_type: None, what, why });
    current.to_owned()
}

fn scope(
    current: &ConnectionState,
    wanted: &ConnectionState,
    world: &World,
    left_out: &mut Vec<LeftOut>,
) -> Scope {
    if wanted.scope.everyone {
        return Scope::Everyone;
    }
    let mut missing = |what: &str, why: Key| {
        let what = vec![what.to_owned()];
        left_out.push(LeftOut { part: Part::Scope, actor_type: None, what, why: why.into() });
    };
    let mut rows = Vec::new();
    for grant in &wanted.scope.grants {
        let Some(who) = world.grantee(grant) else {
            missing(&grant.name.0, Key::VERSIONS_LEFT_NOBODY);
            continue;
        };
        let (may_connect, may_create) = (grant.may_connect, grant.may_create);
        rows.push(Granted { who, may_connect, may_create });
    }
    if rows.is_empty() {
        missing("", Key::VERSIONS_LEFT_SCOPE);
        return scope_of(&current.scope);
    }
    Scope::Only(rows)
}

fn scope_of(state: &ScopeState) -> Scope {
    if state.everyone {
        return Scope::Everyone;
    }
    let row = |grant: &Grant| Granted {
        who: grant.who(),
        may_connect: grant.may_connect,
        may_create: grant.may_create,
    };
    Scope::Only(state.grants.iter().map(row).collect())
}

fn settings(
    current: &ConnectionState,
    declared: &[FieldInfo],
    wanted: &ConnectionState,
    left_out: &mut Vec<LeftOut>,
) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    let mut leave = |what: &str, why: Message| {
        let what = vec![what.to_owned()];
        left_out.push(LeftOut { part: Part::Configuration, actor_type: None, what, why });
    };
    let held =
        |state: &ConnectionState, key: &str| state.settings.get(key).map(|s| s.value.clone());
    for field in declared.iter().filter(|field| field.kind != FieldType::Label) {
        let (now, then) = (held(current, &field.key), held(wanted, &field.key));
        match (now, then) {
            (Some(Held::Plain(now)), Some(Held::Plain(then))) => {
                let value = match value(field, &now, &then) {
                    Ok(value) => value,
                    Err(why) => {
                        leave(&field.name, why);
                        now
                    }
                };
                settings.insert(field.key.clone(), value);
            }
            // Secrets stay as they are; one that is not there any more must be typed.
            (
                Some(Held::Secret { secret_is_set: false, .. }) | None,
                Some(Held::Secret { secret_is_set: true, .. }),
            ) => {
                leave(&field.name, Key::VERSIONS_LEFT_SECRET.into());
            }
            (Some(Held::Plain(now)), _) => _ = settings.insert(field.key.clone(), now),
            _ => {}
        }
    }
    for (key, setting) in &wanted.settings {
        if !declared.iter().any(|field| field.key == *key) {
            leave(&setting.name.0, Key::VERSIONS_LEFT_NO_SETTING.into());
        }
    }
    settings
}

/// The value as it is to be kept, if it may be.
fn value(field: &FieldInfo, now: &str, then: &str) -> Result<String, Message> {
    if now == then {
        return Ok(now.to_owned());
    }
    if field.access == Access::ReadOnly {
        return Err(Key::VERSIONS_LEFT_READ_ONLY.into());
    }
    let value = encoding::read(field.kind, then)
        .map_err(|_| Message::from(Key::VERSIONS_LEFT_NOT_OF_TYPE))?;
    if let Value::Text(text) = &value
        && field.max_length > 0
        && text.chars().count() as i64 > field.max_length
    {
        return Err(Message::from(Key::FORM_TOO_LONG).with("max", field.max_length));
    }
    let value = encoding::write(&value);
    if value.is_empty() && field.access == Access::Mandatory {
        return Err(Key::FORM_REQUIRED.into());
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
