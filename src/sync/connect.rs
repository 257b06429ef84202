//! Linking a record with an actor that exists. The ERP is written first, then the CRM and the link in one
//! transaction; if the ERP does not do its part, nothing is linked.

use std::collections::BTreeMap;

use super::Engine;
use super::apply::{self, Evidence};
use super::choices::{self, Meeting, Row};
use super::failpoint::{Moment, Operation};
use super::finish::finish;
use super::intent::{self, Intent};
use super::log;
use super::person::{NotDone, active_mapping, check_actor, linkable};
use super::session::Lane;
use crate::connections::ConnectionId;
use crate::connector::failure::Failure;
use crate::connector::types::{Actor, ActorRef, FieldValues};
use crate::crm::{Record, RecordId};
use crate::history::{self, Action};
use crate::links::LinkId;
use crate::mapping::creation::{Asked, Creation};
use crate::mapping::{ActorMapping, FieldMapping, Side};
use crate::runs::Counts;
use crate::runs::write::{Purpose, Work, WriteState};
use crate::store::Tx;
use crate::store::erp_writes::{self, ErpWrite};

/// What a person is asked before a link is made.
#[derive(Clone, Debug)]
pub struct Question {
    pub record: Record,
    /// With the values of all fields that synchronise or are asked for.
    pub actor: Actor,
    /// Fields whose values differ.
    pub rows: Vec<Row>,
    /// Fields of the ERP alone that are to be filled in.
    pub asked: Vec<Asked>,
}

/// A person's answer.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Which side each differing field is taken from, by ERP field key.
    pub sides: BTreeMap<String, Side>,
    /// Encoded values of the fields asked for, by ERP field key.
    pub answers: FieldValues,
}

/// How connecting ended.
#[derive(Clone, Debug)]
pub enum Connected {
    Linked(LinkId),
    /// Values differ that did not when the person was asked; nothing was done.
    AskAgain(Box<Question>),
}

impl Engine {
    /// What is to be decided before this record is linked with this actor. Nothing is written.
    pub async fn ask_to_connect(
        &self,
        by: &history::Actor,
        (connection, record): (ConnectionId, RecordId),
        actor: &ActorRef,
    ) -> Result<Question, NotDone> {
        let session = self.open_for(by, connection).await?;
        let mapping = active_mapping(&session, actor.kind).await?;
        let lane = Lane::open(&session, &mapping).await?;
        question(&lane, record, &actor.key).await
    }

    /// Links a record with an actor, as the person chose.
    pub async fn connect(
        &self,
        by: &history::Actor,
        (connection, record): (ConnectionId, RecordId),
        actor: &ActorRef,
        choice: Choice,
    ) -> Result<Connected, NotDone> {
        let session = self.open_for(by, connection).await?;
        let mapping = active_mapping(&session, actor.kind).await?;
        let lane = Lane::open(&session, &mapping).await?;
        let question = question(&lane, record, &actor.key).await?;
        let is_open = |row: &Row| !row.is_locked() && !choice.sides.contains_key(&row.erp_key);
        if question.rows.iter().any(is_open) {
            return Ok(Connected::AskAgain(Box::new(question)));
        }
        let work = work(&lane, &question, choice)?;
        let intent = begin(&lane, &question, work).await?;
        self.failpoints.pass(Operation::Connect, Moment::IntentStored).await;
        send(&lane, intent, question.actor).await.map(Connected::Linked)
    }
}

async fn question(lane: &Lane<'_>, record: RecordId, key: &str) -> Result<Question, NotDone> {
    let connection = lane.session.connection.id;
    let actor = read(lane, key).await.map_err(NotDone::Erp)?.ok_or(NotDone::ActorGone)?;
    let mut tx = lane.session.begin().await?;
    let (record, parent) = linkable(&mut tx, connection, record, lane.mapping.kind).await?;
    check_actor(&mut tx, connection, &actor, parent.as_ref()).await?;
    drop(tx);
    let rows = choices::rows(&meeting(lane, &record, &actor));
    let asked = asked(lane.mapping, &actor);
    Ok(Question { record, actor, rows, asked })
}

fn meeting<'a>(lane: &'a Lane<'_>, record: &'a Record, actor: &'a Actor) -> Meeting<'a> {
    let (pairs, texts) = (&lane.pairs, &lane.texts);
    Meeting { pairs, crm: &record.values, erp: &actor.fields, texts }
}

/// The actor with all that synchronises or is asked for.
async fn read(lane: &Lane<'_>, key: &str) -> Result<Option<Actor>, Failure> {
    let asked = asked_fields(lane.mapping).map(|field| field.erp.key.clone());
    let fields: Vec<String> = lane.keys.iter().cloned().chain(asked).collect();
    let reply = lane.session.client.actors(lane.mapping.kind, &[key.to_owned()], &fields).await?;
    Ok(reply.value.into_iter().find(|actor| actor.key == key))
}

/// Fields that do not synchronise and that a rule asks people for.
fn asked_fields(mapping: &ActorMapping) -> impl Iterator<Item = &FieldMapping> {
    let asks = |field: &&FieldMapping| field.default.as_ref().is_some_and(|rule| rule.asks_user);
    let is_own = |field: &&FieldMapping| field.crm_field.is_none() || !field.direction.is_any();
    mapping.fields.iter().filter(|field| !field.is_missing_in_erp).filter(asks).filter(is_own)
}

fn asked(mapping: &ActorMapping, actor: &Actor) -> Vec<Asked> {
    let ask = |field: &FieldMapping| {
        let rule = field.default.as_ref();
        let now = actor.fields.get(&field.erp.key).filter(|value| !value.is_empty());
        let default = rule.and_then(|rule| rule.value.as_ref());
        Asked {
            erp: field.erp.clone(),
            prefilled: now.or(default).cloned().unwrap_or_default(),
            is_mandatory: rule.is_some_and(|rule| rule.is_mandatory),
        }
    };
    asked_fields(mapping).map(ask).collect()
}

/// What has to be written to the ERP.
fn work(lane: &Lane<'_>, question: &Question, choice: Choice) -> Result<Work, NotDone> {
    let Question { record, actor, asked, .. } = question;
    let creation = Creation { asked: asked.clone(), ..Creation::default() };
    let answers = creation.complete(&choice.answers).map_err(NotDone::Answers)?;
    let is_new = |(key, value): &(String, String)| actor.fields.get(key) != Some(value);
    let plan = choices::settle(&meeting(lane, record, actor), &choice.sides);
    Ok(Work {
        fields: intent::sent(&plan),
        others: answers.into_iter().filter(is_new).collect(),
        purpose: Purpose::Connect { choices: choice.sides, version: record.version },
        resync: None,
    })
}

/// Commits what is about to be done, unless something came in between. An unclear create of the record ends
/// here: the person has found its actor, or another one.
async fn begin(lane: &Lane<'_>, question: &Question, work: Work) -> Result<Intent, NotDone> {
    let session = lane.session;
    let connection = session.connection.id;
    let mut tx = session.begin().await?;
    let id = question.record.id;
    let (record, parent) = linkable(&mut tx, connection, id, lane.mapping.kind).await?;
    check_actor(&mut tx, connection, &question.actor, parent.as_ref()).await?;
    if record.version != question.record.version {
        return Err(NotDone::Changed);
    }
    drop_unclear_create(&mut tx, lane, &record).await?;
    let actor = ActorRef { kind: question.actor.kind, key: question.actor.key.clone() };
    let intent = Intent::begin(&mut tx, session, &record, &actor, work).await?;
    let intent = intent.ok_or(NotDone::Busy)?;
    tx.commit().await?;
    Ok(intent)
}

async fn drop_unclear_create(tx: &mut Tx, lane: &Lane<'_>, record: &Record) -> Result<(), NotDone> {
    let write = erp_writes::find_by_record(&mut *tx, lane.session.connection.id, record.id).await?;
    if let Some(write) = write.filter(|write| write.state == WriteState::Unclear) {
        let event = log::event(&lane.session.connection, Action::CreateDropped, record);
        tx.record(&lane.session.by.actor, &event).await?;
        erp_writes::delete(tx, write.id).await?;
    }
    Ok(())
}

/// Writes to the ERP, and links when it has the values.
async fn send(lane: &Lane<'_>, intent: Intent, actor: Actor) -> Result<LinkId, NotDone> {
    let write = &intent.write;
    let values = write.work.values();
    if values.is_empty() {
        return link(lane, write, &actor, Evidence::Answer).await;
    }
    let failpoints = &lane.session.engine.failpoints;
    let outgoing = Actor { fields: values.clone(), ..actor.clone() };
    failpoints.pass(Operation::Connect, Moment::BeforeSend).await;
    intent.check_entitled(lane.session)?;
    lane.session.check_current(lane.session.store()).await?;
    let answer = lane.session.client.save_actors(std::slice::from_ref(&outgoing)).await;
    failpoints.pass(Operation::Connect, Moment::AfterSend).await;
    match answer {
        Ok(_) => {
            // What counts is what the ERP holds now, with all that it has changed besides.
            let now = read(lane, &write.actor.key).await.ok().flatten();
            let as_sent = || Actor { fields: merged(&actor, values), ..actor.clone() };
            link(lane, write, &now.unwrap_or_else(as_sent), Evidence::Answer).await
        }
        Err(failure) if failure.is_unclear() => look(lane, write, failure).await,
        Err(failure) => {
            forget(lane, write).await?;
            Err(NotDone::Erp(failure))
        }
    }
}

fn merged(actor: &Actor, values: FieldValues) -> FieldValues {
    actor.fields.clone().into_iter().chain(values).collect()
}

/// Nobody knows whether the ERP has the values: it is asked.
async fn look(lane: &Lane<'_>, write: &ErpWrite, failure: Failure) -> Result<LinkId, NotDone> {
    match read(lane, &write.actor.key).await {
        Ok(Some(now)) if holds_all(lane, write, &now) => {
            link(lane, write, &now, Evidence::Found).await
        }
        Ok(_) => {
            forget(lane, write).await?;
            Err(NotDone::Erp(failure))
        }
        Err(_) => Err(NotDone::NotKnown(failure)),
    }
}

fn holds_all(lane: &Lane<'_>, write: &ErpWrite, now: &Actor) -> bool {
    let now_is = |(key, value): (&String, &String)| {
        lane.is_same(key, now.fields.get(key).map(String::as_str), value)
    };
    apply::split(lane, write, now, Evidence::Found).1.is_empty()
        && write.work.others.iter().all(now_is)
}

async fn link(
    lane: &Lane<'_>,
    write: &ErpWrite,
    actor: &Actor,
    evidence: Evidence,
) -> Result<LinkId, NotDone> {
    let failpoints = &lane.session.engine.failpoints;
    failpoints.pass(Operation::Connect, Moment::ReplyRead).await;
    let mut tx = lane.session.begin().await?;
    let linked = finish(&mut tx, lane, write, actor, evidence).await?;
    failpoints.pass(Operation::Connect, Moment::EffectStored).await;
    tx.commit().await?;
    failpoints.pass(Operation::Connect, Moment::Commit).await;
    linked
}

/// Nothing was done: the write is forgotten.
async fn forget(lane: &Lane<'_>, write: &ErpWrite) -> Result<(), NotDone> {
    let mut tx = lane.session.begin().await?;
    if erp_writes::find(&mut tx, write.id).await?.is_some() {
        erp_writes::delete(&mut tx, write.id).await?;
    }
    Ok(tx.commit().await?)
}

/// Finds out how a connect ended that nobody saw the end of; if the ERP has the values, the link is made.
pub(super) async fn resolve(lane: &Lane<'_>, write: &ErpWrite) -> Result<Counts, NotDone> {
    let now = read(lane, &write.actor.key).await.map_err(NotDone::Erp)?;
    match now.filter(|now| holds_all(lane, write, now)) {
        Some(now) => link(lane, write, &now, Evidence::Found).await.map(|_| Counts::default()),
        None => forget(lane, write).await.map(|()| Counts::default()),
    }
}
