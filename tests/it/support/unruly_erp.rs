//! An ERP in memory behind the connector contract, which can be told to misbehave.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use gleichlauf::connector::failure::{Failure, RefusalCode};
use gleichlauf::connector::handover::{Given, Giver, Unreadable, Whose};
use gleichlauf::connector::types::{
    Actor, ActorRef, ActorType, ConnectionGuid, FieldInfo, FieldValues, Found, ListItem, NewActor,
    Reply, Restriction, Settings, State as Done,
};
use gleichlauf::connector::{Answer, Connector};
use tokio::sync::Notify;

/// The ERP. Clones are the same one.
#[derive(Clone, Default)]
pub struct UnrulyErp(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    actors: BTreeMap<ActorRef, Actor>,
    stamp: i64,
    stamps: Stamps,
    /// Connections it knows; `None`: it knows any.
    known: Option<BTreeSet<ConnectionGuid>>,
    saved_configurations: usize,
    faults: HashMap<&'static str, VecDeque<Fault>>,
    gates: HashMap<&'static str, Arc<Gate>>,
    /// Actors it never takes a value for.
    refused: BTreeMap<String, String>,
    /// Fields it silently does not write.
    ignored: BTreeSet<String>,
    /// Fields it writes in capitals.
    capitals: BTreeSet<String>,
    /// Fields it leaves out of its answers.
    hidden: BTreeSet<String>,
    /// Says nothing but the key of an actor it has made.
    is_terse: bool,
    /// Fails whatever is asked of it.
    down: Option<Failure>,
    /// Actors it cannot read, whoever asks for them.
    damaged: BTreeMap<String, Failure>,
    /// What else it answers.
    extra: Vec<Actor>,
    unreadable: Vec<Unreadable>,
    /// What it says to each save.
    remark: Option<(Done, String)>,
    /// Bytes of a poll's actors that nobody had let go of yet, at most.
    most_held: usize,
    calls: Vec<String>,
    created: usize,
}

/// What it says about the time of a change.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Stamps {
    /// A number that rises with each change.
    #[default]
    Rising,
    /// Like one real server: always the year 1, whatever happens.
    YearOne,
    /// Rises when its own users change something, stays when we do.
    OnlyOwnUsers,
}

/// What goes wrong with one call.
#[derive(Clone)]
pub enum Fault {
    /// Nothing is done.
    Before(Failure),
    /// The work is done, and the answer gets lost.
    After(Failure),
    /// Saving: only the first so many actors are written, then it says no.
    Partly(usize),
}

/// Holds calls back until it is opened.
#[derive(Default)]
pub struct Gate {
    reached: Notify,
    opened: Notify,
}

impl Gate {
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    pub fn open(&self) {
        self.opened.notify_one();
    }
}

pub fn broken_off() -> Failure {
    Failure::BrokenOff { detail: "connection reset".to_owned() }
}

pub fn refusal(text: &str) -> Failure {
    Failure::refused(text, "")
}

impl UnrulyErp {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub fn stamps(&self, stamps: Stamps) {
        self.state().stamps = stamps;
    }

    /// What one of its own users does: makes or changes an actor.
    pub fn put(&self, kind: ActorType, key: &str, fields: &[(&str, &str)]) {
        let mut state = self.state();
        state.stamp += 1;
        let last_modified = state.stamp_text();
        let id = ActorRef { kind, key: key.to_owned() };
        let actor = state.actors.entry(id).or_insert_with(|| Actor {
            kind,
            key: key.to_owned(),
            last_modified: String::new(),
            fields: FieldValues::new(),
            parent: None,
        });
        actor.last_modified = last_modified;
        for (field, value) in fields {
            actor.fields.insert((*field).to_owned(), (*value).to_owned());
        }
    }

    pub fn set_parent(&self, kind: ActorType, key: &str, parent: ActorRef) {
        let id = ActorRef { kind, key: key.to_owned() };
        self.state().actors.get_mut(&id).unwrap().parent = Some(parent);
    }

    pub fn remove(&self, kind: ActorType, key: &str) {
        self.state().actors.remove(&ActorRef { kind, key: key.to_owned() });
    }

    pub fn get(&self, kind: ActorType, key: &str, field: &str) -> String {
        let id = ActorRef { kind, key: key.to_owned() };
        let state = self.state();
        state.actors.get(&id).and_then(|actor| actor.fields.get(field)).cloned().unwrap_or_default()
    }

    pub fn all(&self, kind: ActorType) -> Vec<Actor> {
        self.state().actors.values().filter(|actor| actor.kind == kind).cloned().collect()
    }

    /// The next call of this operation goes wrong like this; further ones are queued behind it.
    pub fn fail(&self, operation: &'static str, fault: Fault) {
        self.state().faults.entry(operation).or_default().push_back(fault);
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.down = None;
        state.damaged.clear();
        state.unreadable.clear();
        state.extra.clear();
    }

    /// From now on everything fails.
    pub fn break_down(&self, failure: Failure) {
        self.state().down = Some(failure);
    }

    /// Reading this actor fails, and with it all that is asked for together with it.
    pub fn damage(&self, key: &str, failure: Failure) {
        self.state().damaged.insert(key.to_owned(), failure);
    }

    /// Answers that hold this actor, too, whether it was asked for or not; before the others.
    pub fn add_to_answers(&self, actor: Actor) {
        self.state().extra.push(actor);
    }

    /// A poll's answer holds something that cannot be read; so does an answer about this actor.
    pub fn garble(&self, whose: Whose, what: &str) {
        if let Whose::Known(actor) = &whose {
            let failure = Failure::NotUnderstood { what: what.to_owned() };
            self.damage(&actor.key, failure);
        }
        let (last_modified, what) = (self.state().stamp_text(), what.to_owned());
        self.state().unreadable.push(Unreadable { whose, last_modified, what });
    }

    /// What it says from now on although it saves.
    pub fn remark(&self, state: Done, text: &str) {
        self.state().remark = Some((state, text.to_owned()));
    }

    pub fn most_held(&self) -> usize {
        self.state().most_held
    }

    /// Every call of this operation waits at the gate first, until the gate is removed.
    pub fn hold(&self, operation: &'static str) -> Arc<Gate> {
        let gate = Arc::new(Gate::default());
        self.state().gates.insert(operation, gate.clone());
        gate
    }

    pub fn let_pass(&self, operation: &'static str) {
        self.state().gates.remove(operation);
    }

    /// Never takes a value for this actor again; a batch with it in between is written up to there.
    pub fn refuse(&self, key: &str, text: &str) {
        self.state().refused.insert(key.to_owned(), text.to_owned());
    }

    pub fn accept(&self, key: &str) {
        self.state().refused.remove(key);
    }

    pub fn ignore_field(&self, field: &str) {
        self.state().ignored.insert(field.to_owned());
    }

    pub fn capitalise(&self, field: &str) {
        self.state().capitals.insert(field.to_owned());
    }

    pub fn hide_field(&self, field: &str) {
        self.state().hidden.insert(field.to_owned());
    }

    pub fn say_only_keys_of_new_actors(&self) {
        self.state().is_terse = true;
    }

    pub fn show_field(&self, field: &str) {
        self.state().hidden.remove(field);
    }

    /// Forgets all connections, and from now on knows only those saved with it.
    pub fn forget_connections(&self) {
        self.state().known = Some(BTreeSet::new());
    }

    pub fn saved_configurations(&self) -> usize {
        self.state().saved_configurations
    }

    /// The operations called so far.
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    pub fn forget_calls(&self) {
        self.state().calls.clear();
    }

    pub fn count(&self, operation: &str) -> usize {
        self.state().calls.iter().filter(|call| call.starts_with(operation)).count()
    }

    /// How many actors were made through the contract.
    pub fn created(&self) -> usize {
        self.state().created
    }

    async fn enter(
        &self,
        operation: &'static str,
        id: &ConnectionGuid,
        detail: &str,
    ) -> Result<Option<Fault>, Failure> {
        let gate = self.state().gates.get(operation).cloned();
        if let Some(gate) = gate {
            gate.reached.notify_one();
            gate.opened.notified().await;
        }
        tokio::task::yield_now().await;
        let mut state = self.state();
        state.calls.push(format!("{operation} {detail}").trim().to_owned());
        if let Some(failure) = &state.down {
            return Err(failure.clone());
        }
        if state.known.as_ref().is_some_and(|known| !known.contains(id)) {
            return Err(Failure::refused_as(RefusalCode::UnknownConnection, "unknown"));
        }
        match state.faults.get_mut(operation).and_then(VecDeque::pop_front) {
            Some(Fault::Before(failure)) => Err(failure),
            fault => Ok(fault),
        }
    }
}

fn leave<T>(fault: Option<Fault>, value: T) -> Answer<T> {
    match fault {
        Some(Fault::After(failure)) => Err(failure),
        _ => Ok(Reply::ok(value)),
    }
}

impl State {
    fn stamp_text(&self) -> String {
        match self.stamps {
            Stamps::YearOne => "0001-01-01T00:00:00".to_owned(),
            _ => self.stamp.to_string(),
        }
    }

    /// The actor as it is sent: fields that were asked for, but for hidden ones.
    fn shown(&self, actor: &Actor, fields: &[String]) -> Actor {
        let is_shown = |key: &String| fields.contains(key) && !self.hidden.contains(key);
        let values = actor.fields.iter().filter(|(key, _)| is_shown(key));
        let fields = values.map(|(key, value)| (key.clone(), value.clone())).collect();
        Actor { fields, ..actor.clone() }
    }

    fn write(&mut self, actor: &Actor) -> Result<Actor, Failure> {
        let id = ActorRef { kind: actor.kind, key: actor.key.clone() };
        if let Some(text) = self.refused.get(&actor.key) {
            return Err(refusal(text));
        }
        if self.stamps == Stamps::Rising {
            self.stamp += 1;
        }
        let stamp = self.stamp_text();
        let (ignored, capitals) = (self.ignored.clone(), self.capitals.clone());
        let Some(mine) = self.actors.get_mut(&id) else { return Err(refusal("no such actor")) };
        for (key, value) in &actor.fields {
            if ignored.contains(key) {
                continue;
            }
            let value = if capitals.contains(key) { value.to_uppercase() } else { value.clone() };
            mine.fields.insert(key.clone(), value);
        }
        if self.stamps != Stamps::OnlyOwnUsers {
            mine.last_modified = stamp;
        }
        let saved = mine.clone();
        let fields: Vec<String> = saved.fields.keys().cloned().collect();
        Ok(self.shown(&saved, &fields))
    }

    fn of_kind(&self, kind: ActorType) -> impl Iterator<Item = &Actor> {
        self.actors.values().filter(move |actor| actor.kind == kind)
    }
}

fn parse_stamp(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

#[async_trait]
impl Connector for UnrulyErp {
    async fn config_fields(&self) -> Answer<Vec<FieldInfo>> {
        Ok(Reply::ok(Vec::new()))
    }

    async fn test_config(&self, _settings: &Settings) -> Answer<()> {
        Ok(Reply::ok(()))
    }

    async fn save_connection(&self, id: &ConnectionGuid, _settings: &Settings) -> Answer<()> {
        let gate = self.state().gates.get("configure").cloned();
        if let Some(gate) = gate {
            gate.reached.notify_one();
            gate.opened.notified().await;
        }
        let mut state = self.state();
        state.saved_configurations += 1;
        if let Some(known) = state.known.as_mut() {
            known.insert(id.clone());
        }
        Ok(Reply::ok(()))
    }

    async fn test_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        let fault = self.enter("test", id, "").await?;
        leave(fault, ())
    }

    async fn delete_connection(&self, _id: &ConnectionGuid) -> Answer<()> {
        Ok(Reply::ok(()))
    }

    async fn actor_types(&self, _id: &ConnectionGuid) -> Answer<Vec<ActorType>> {
        Ok(Reply::ok(ActorType::ALL.to_vec()))
    }

    async fn actor_fields(&self, _: &ConnectionGuid, _: ActorType) -> Answer<Vec<FieldInfo>> {
        Ok(Reply::ok(Vec::new()))
    }

    async fn searchable_fields(&self, _: &ConnectionGuid, _: ActorType) -> Answer<Vec<String>> {
        Ok(Reply::ok(Vec::new()))
    }

    async fn actors(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        keys: &[String],
        fields: &[String],
    ) -> Answer<Vec<Actor>> {
        let fault = self.enter("actors", id, &keys.join(",")).await?;
        let state = self.state();
        if let Some(failure) = keys.iter().find_map(|key| state.damaged.get(key)) {
            return Err(failure.clone());
        }
        let found = state.of_kind(kind).filter(|actor| keys.contains(&actor.key));
        let found = found.map(|actor| state.shown(actor, fields));
        leave(fault, state.extra.iter().cloned().chain(found).collect())
    }

    async fn search(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let fault = self.enter("search", id, text).await?;
        let state = self.state();
        let text = text.to_lowercase();
        let fits = |actor: &&Actor| actor.fields.values().any(|v| v.to_lowercase().contains(&text));
        let mut actors: Vec<Actor> =
            state.of_kind(kind).filter(fits).map(|actor| state.shown(actor, fields)).collect();
        let more = actors.len() > limit;
        actors.truncate(limit);
        leave(fault, Found { actors, more })
    }

    async fn search_by_parent(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        parent_kind: ActorType,
        parent_key: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let parent = ActorRef { kind: parent_kind, key: parent_key.to_owned() };
        let mut reply = self.search(id, kind, text, fields, limit).await?;
        reply.value.actors.retain(|actor| actor.parent.as_ref() == Some(&parent));
        Ok(reply)
    }

    async fn search_advanced(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        _restrictions: &[Restriction],
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        self.search(id, kind, "", fields, limit).await
    }

    async fn create_actor(&self, id: &ConnectionGuid, actor: &NewActor) -> Answer<Actor> {
        let fault = self.enter("create", id, "").await?;
        let key = {
            let mut state = self.state();
            state.created += 1;
            format!("N{:04}", state.created)
        };
        let fields: Vec<(&str, &str)> =
            actor.fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        self.put(actor.kind, &key, &fields);
        self.put(actor.kind, &key, &[("NUMBER", &key)]);
        if let Some(parent) = &actor.parent {
            self.set_parent(actor.kind, &key, parent.clone());
        }
        let state = self.state();
        let mut made = state.actors[&ActorRef { kind: actor.kind, key }].clone();
        if state.is_terse {
            made.fields.clear();
        }
        leave(fault, made)
    }

    async fn save_actors(&self, id: &ConnectionGuid, actors: &[Actor]) -> Answer<Vec<Actor>> {
        let keys: Vec<&str> = actors.iter().map(|actor| actor.key.as_str()).collect();
        let fault = self.enter("save", id, &keys.join(",")).await?;
        let limit = if let Some(Fault::Partly(limit)) = fault { limit } else { usize::MAX };
        let mut state = self.state();
        let mut saved = Vec::new();
        for (position, actor) in actors.iter().enumerate() {
            if position >= limit {
                return Err(refusal("half of it went wrong"));
            }
            saved.push(state.write(actor)?);
        }
        let reply = leave(fault, saved)?;
        Ok(match state.remark.clone() {
            Some((state, user_text)) => Reply { state, user_text, ..reply },
            None => reply,
        })
    }

    async fn list(&self, id: &ConnectionGuid, list: &str) -> Answer<Vec<ListItem>> {
        self.enter("list", id, list).await?;
        Err(refusal("no such list"))
    }

    async fn list_items(
        &self,
        id: &ConnectionGuid,
        list: &str,
        _keys: &[String],
    ) -> Answer<Vec<ListItem>> {
        self.list(id, list).await
    }

    async fn actors_since(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        since: &str,
        fields: &[String],
        each: Giver,
    ) -> Answer<()> {
        let fault = self.enter("since", id, &format!("{kind} {since}")).await?;
        let changed: Vec<Actor> = {
            let state = self.state();
            let is_new = |actor: &&Actor| parse_stamp(&actor.last_modified) >= parse_stamp(since);
            let is_damaged = |actor: &&Actor| state.damaged.contains_key(&actor.key);
            let new = state.of_kind(kind).filter(is_new).filter(|actor| !is_damaged(actor));
            let new = new.map(|actor| state.shown(actor, fields));
            state.extra.iter().cloned().chain(new).collect()
        };
        let unreadable = self.state().unreadable.clone();
        for unreadable in unreadable.into_iter().filter(|_| kind == ActorType::Customer) {
            each.give(Given::Unreadable(unreadable)).await?;
        }
        let gate = self.state().gates.get("sending").cloned();
        if let Some(gate) = gate {
            gate.reached.notify_one();
            gate.opened.notified().await;
        }
        for actor in changed {
            if each.send(actor).await.is_err() {
                return Err(broken_off());
            }
            let mut state = self.state();
            state.most_held = state.most_held.max(each.held());
        }
        leave(fault, ())
    }
}
