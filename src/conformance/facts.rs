//! What the checks of one actor type go on: its fields, lists, and a sample of its actors, each as the
//! connector gave it or failed to.

use std::collections::{BTreeMap, BTreeSet};

use super::probe::{Halt, MOST_FOUND, Polled, Probe};
use super::{Outcome, Reason, lacking};
use crate::connector::encoding::{self, Value};
use crate::connector::types::{Actor, ActorType, FieldInfo, FieldType, Found, ListItem};
use crate::i18n::Key;

/// Lists that are looked at.
const MOST_LISTS: usize = 50;
/// Actors asked for by key.
const MOST_ASKED: usize = 10;

/// See the module.
pub struct Facts {
    pub kind: ActorType,
    pub fields: Result<Vec<FieldInfo>, Halt>,
    pub searchable: Result<Vec<String>, Halt>,
    pub lists: BTreeMap<String, Result<Vec<ListItem>, Halt>>,
    /// What a blank search found, with all fields.
    pub found: Result<Found, Halt>,
    /// What a poll from the beginning gave.
    pub polled: Result<Polled, Halt>,
    /// The sample: actors with all fields that came.
    pub actors: Vec<Actor>,
    /// Some of the sample, asked for by key with all fields; in this order.
    pub asked_keys: Vec<String>,
    pub asked: Result<Vec<Actor>, Halt>,
}

impl Facts {
    pub async fn gather(probe: &Probe<'_>) -> Self {
        let fields = probe.actor_fields().await;
        let searchable = probe.searchable_fields().await;
        let keys = keys_of(fields.as_deref().unwrap_or_default());
        let found = probe.search("", &keys).await;
        let has_found = found.as_ref().is_ok_and(|found| !found.actors.is_empty());
        // Where the search gives no values, the poll has to.
        let wanted = if has_found { keys.get(..1).unwrap_or_default() } else { &keys };
        let polled = probe.changed_since("", wanted).await;
        let actors = match (&found, &polled) {
            (Ok(found), _) if has_found => found.actors.clone(),
            (_, Ok(polled)) => polled.actors.iter().take(MOST_FOUND).cloned().collect(),
            _ => Vec::new(),
        };
        let asked_keys: Vec<String> =
            actors.iter().map(|actor| actor.key.clone()).take(MOST_ASKED).collect();
        let asked = if asked_keys.is_empty() {
            Ok(Vec::new())
        } else {
            probe.actors(&asked_keys, &keys).await
        };
        let lists = lists(probe, fields.as_deref().unwrap_or_default()).await;
        let kind = probe.kind;
        Self { kind, fields, searchable, lists, found, polled, actors, asked_keys, asked }
    }

    /// The fields, or nothing where the connector lists none.
    pub fn fields(&self) -> &[FieldInfo] {
        self.fields.as_deref().unwrap_or_default()
    }

    pub fn field(&self, key: &str) -> Option<&FieldInfo> {
        self.fields().iter().find(|field| field.key == key)
    }

    pub fn field_keys(&self) -> Vec<String> {
        keys_of(self.fields())
    }

    /// The first field's key: enough where only the actors matter.
    pub fn one_field(&self) -> Vec<String> {
        self.field_keys().into_iter().take(1).collect()
    }

    /// Nothing can be found out without an actor: the ERP has none, or gives none.
    pub fn without_actors(&self) -> Outcome {
        match (&self.found, &self.polled) {
            (Err(halt), Err(_)) => lacking(halt),
            _ => Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_ACTORS)),
        }
    }

    /// Actors of the sample and of the poll with their times of change, each once.
    pub fn stamps(&self) -> BTreeMap<&str, &str> {
        let polled = self.polled.iter().flat_map(|polled| &polled.actors);
        // The poll came last, so what it says is newer.
        let all = self.actors.iter().chain(polled);
        all.map(|actor| (actor.key.as_str(), actor.last_modified.as_str())).collect()
    }

    /// The list keys that actors of the sample hold, by list.
    pub fn held(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let mut held: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let of_lists = self.fields().iter().filter(|field| is_list(field));
        for field in of_lists {
            let keys = held.entry(&field.list).or_default();
            let raw = self.actors.iter().filter_map(|actor| actor.fields.get(&field.key));
            keys.extend(raw.filter_map(|raw| match encoding::read(FieldType::List, raw) {
                Ok(Value::ListKey(key)) => Some(key),
                _ => None,
            }));
        }
        held
    }
}

pub fn is_list(field: &FieldInfo) -> bool {
    field.kind == FieldType::List && !field.list.trim().is_empty()
}

fn keys_of(fields: &[FieldInfo]) -> Vec<String> {
    let keys: BTreeSet<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    keys.into_iter().map(str::to_owned).collect()
}

async fn lists(
    probe: &Probe<'_>,
    fields: &[FieldInfo],
) -> BTreeMap<String, Result<Vec<ListItem>, Halt>> {
    let names: BTreeSet<&str> =
        fields.iter().filter(|field| is_list(field)).map(|field| field.list.as_str()).collect();
    let mut lists = BTreeMap::new();
    for name in names.into_iter().take(MOST_LISTS) {
        lists.insert(name.to_owned(), probe.list(name).await);
    }
    lists
}
