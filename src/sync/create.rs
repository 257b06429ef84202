//! Making an actor in the ERP for a record. The intent is committed first; after an unclear answer the ERP
//! is searched, and only one sure hit is linked. It is never sent again by itself.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::apply::Evidence;
use super::failpoint::{Moment, Operation};
use super::finish::finish;
use super::intent::Intent;
use super::person::{NotDone, active_mapping, linkable};
use super::session::Lane;
use super::{Engine, log, reason};
use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::connector::failure::Failure;
use crate::connector::types::{Actor, ActorRef, ActorType, FieldValues, NewActor};
use crate::crm::{Record, RecordId, RecordKind};
use crate::history::{self, Action};
use crate::links::LinkId;
use crate::mapping::Pair;
use crate::mapping::creation::{self, Creation};
use crate::mapping::rules::When;
use crate::mapping::tags::Facts;
use crate::mapping::translate::{self, Refusal};
use crate::runs::write::{Purpose, Sent, Work, WriteId, WriteState};
use crate::store::erp_writes::{self, ErpWrite};
use crate::store::{crm, links};

/// Actors looked at when it has to be found out whether one was made.
const LOOKED_AT: usize = 200;

/// What a person is asked before an actor is made.
#[derive(Clone, Debug)]
pub struct Form {
    pub record: Record,
    pub creation: Creation,
}

/// How creating ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    Linked(LinkId),
    /// It could not be found out whether the ERP made the actor; a person has to decide.
    Unclear(WriteId),
}

impl Engine {
    /// What is to be filled in before an actor of this type is made for this record. `zone` is the
    /// person's, for defaults that name a day.
    pub async fn ask_to_create(
        &self,
        by: &history::Actor,
        (connection, record): (ConnectionId, RecordId),
        kind: ActorType,
        zone: &TimeZone,
    ) -> Result<Form, NotDone> {
        let session = self.open_for(by, connection).await?;
        let mapping = active_mapping(&session, kind).await?;
        let lane = Lane::open(&session, &mapping).await?;
        Ok(form(&lane, record, zone).await?.0)
    }

    /// Makes an actor for this record and links it. `answers` are encoded, by ERP field key.
    pub async fn create(
        &self,
        by: &history::Actor,
        (connection, record): (ConnectionId, RecordId),
        kind: ActorType,
        zone: &TimeZone,
        answers: &FieldValues,
    ) -> Result<Created, NotDone> {
        let session = self.open_for(by, connection).await?;
        let mapping = active_mapping(&session, kind).await?;
        let lane = Lane::open(&session, &mapping).await?;
        let (form, parent) = form(&lane, record, zone).await?;
        if !form.creation.refused.is_empty() {
            let reason = |(key, refusal): &(String, Refusal)| {
                (key.clone(), refusal.reason(&lane.field_name(key)))
            };
            return Err(NotDone::Refused(form.creation.refused.iter().map(reason).collect()));
        }
        let values = form.creation.complete(answers).map_err(NotDone::Answers)?;
        let work = work(&lane, &form.record, values, parent).await?;
        let intent = begin(&lane, &form.record, work).await?;
        self.failpoints.pass(Operation::Create, Moment::IntentStored).await;
        send(&lane, intent).await
    }

    /// Searches the ERP once more for what an unclear create may have made.
    pub async fn look_again(
        &self,
        by: &history::Actor,
        write: WriteId,
    ) -> Result<Created, NotDone> {
        let write = erp_writes::find(&self.store, write).await?.ok_or(NotDone::NotThere)?;
        if write.state != WriteState::Unclear {
            return Err(NotDone::Busy);
        }
        let session = self.open_for(by, write.connection_id).await?;
        let mapping = active_mapping(&session, write.actor.kind).await?;
        let lane = Lane::open(&session, &mapping).await?;
        look(&lane, &write).await
    }

    /// Gives an unclear create up: the person knows that nothing was made, or deals with it in the ERP.
    pub async fn drop_create(&self, by: &history::Actor, write: WriteId) -> Result<(), NotDone> {
        let write = erp_writes::find(&self.store, write).await?.ok_or(NotDone::NotThere)?;
        let session = self.open_for(by, write.connection_id).await?;
        let mut tx = session.begin().await?;
        let write = erp_writes::find(&mut tx, write.id).await?;
        let write = write.filter(|write| write.state == WriteState::Unclear);
        let write = write.ok_or(NotDone::Busy)?;
        erp_writes::delete(&mut tx, write.id).await?;
        let record = crm::find(&mut tx, write.record_kind, write.record_id).await?;
        if let Some(record) = record {
            let event = log::event(&session.connection, Action::CreateDropped, &record);
            tx.record(by, &event).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// What is known and what is asked, and the parent a person's actor gets.
async fn form(
    lane: &Lane<'_>,
    record: RecordId,
    zone: &TimeZone,
) -> Result<(Form, Option<ActorRef>), NotDone> {
    let connection = lane.session.connection.id;
    let mut tx = lane.session.begin().await?;
    let (record, parent) = linkable(&mut tx, connection, record, lane.mapping.kind).await?;
    let company = match record.parent {
        Some(company) => crm::find(&mut tx, RecordKind::Company, company).await?,
        None => None,
    };
    let now = tx.clock().now();
    if let Some(write) = erp_writes::find_by_record(&mut tx, connection, record.id).await? {
        return Err(match write.state {
            WriteState::Unclear => NotDone::CreateUnclear(write.id),
            WriteState::Prepared => NotDone::Busy,
        });
    }
    drop(tx);
    let number = |record: &Record| record.values.text("number").to_owned();
    let facts = Facts {
        record_number: number(&record),
        name: record.name(),
        user_name: lane.session.by.actor.name.clone(),
        company_number: number(company.as_ref().unwrap_or(&record)),
        now: local(now, zone),
    };
    let creation = creation::prepare(lane.mapping, &record.values, &lane.texts, &facts);
    Ok((Form { record, creation }, parent))
}

fn local(now: Millis, zone: &TimeZone) -> jiff::civil::DateTime {
    let instant = Timestamp::from_millisecond(now).unwrap_or_default();
    instant.to_zoned(zone.clone()).datetime()
}

/// What is to be sent, and which actors a search finds already.
async fn work(
    lane: &Lane<'_>,
    record: &Record,
    mut values: FieldValues,
    parent: Option<ActorRef>,
) -> Result<Work, NotDone> {
    let search = search_text(record);
    let known = match lane.session.client.search(lane.mapping.kind, &search, &[], LOOKED_AT).await {
        Ok(reply) if reply.value.more => None,
        Ok(reply) => Some(reply.value.actors.into_iter().map(|actor| actor.key).collect()),
        Err(failure) if reason::is_about_a_record(&failure) => None,
        Err(failure) => return Err(NotDone::Erp(failure)),
    };
    let mut fields = Vec::new();
    for pair in lane.pairs.iter().filter(|pair| pair.field.direction.to_erp) {
        let crm = record.values.get(&pair.crm.key);
        let erp_key = &pair.field.erp.key;
        let is_left = matches!(translate::to_erp(pair, crm, &lane.texts), Err(Refusal::Left(_)));
        if is_left || translate::is_blank_in_crm(crm) {
            continue; // What goes there, if anything, is none of the record's values.
        }
        let Some(new) = values.remove(erp_key) else { continue };
        fields.push(Sent {
            erp_key: erp_key.clone(),
            crm_key: pair.crm.key.clone(),
            crm: crm.to_stored(),
            old: String::new(),
            new,
            is_conflict: false,
        });
    }
    Ok(Work {
        fields,
        others: values,
        purpose: Purpose::Create { parent, search, known },
        resync: None,
    })
}

/// A person is found best by the last name: nobody knows how an ERP puts names together.
fn search_text(record: &Record) -> String {
    match record.kind {
        RecordKind::Person => record.values.text("last_name").to_owned(),
        RecordKind::Company | RecordKind::Project => record.name(),
    }
}

async fn begin(lane: &Lane<'_>, record: &Record, work: Work) -> Result<Intent, NotDone> {
    let session = lane.session;
    let kind = lane.mapping.kind;
    let mut tx = session.begin().await?;
    let (now, _) = linkable(&mut tx, session.connection.id, record.id, kind).await?;
    if now.version != record.version {
        return Err(NotDone::Changed);
    }
    let event = log::event(&session.connection, Action::CreateIntended, record);
    tx.record(&session.by.actor, &event.after("actor-type", kind.as_str())).await?;
    let actor = ActorRef { kind, key: String::new() };
    let intent = Intent::begin(&mut tx, session, record, &actor, work).await?;
    let intent = intent.ok_or(NotDone::Busy)?;
    tx.commit().await?;
    Ok(intent)
}

async fn send(lane: &Lane<'_>, intent: Intent) -> Result<Created, NotDone> {
    let write = &intent.write;
    let failpoints = &lane.session.engine.failpoints;
    let parent = match &write.work.purpose {
        Purpose::Create { parent, .. } => parent.clone(),
        _ => None,
    };
    let new = NewActor { kind: write.actor.kind, fields: write.work.values(), parent };
    failpoints.pass(Operation::Create, Moment::BeforeSend).await;
    intent.check_entitled(lane.session)?;
    lane.session.check_current(lane.session.store()).await?;
    let answer = lane.session.client.create_actor(&new).await;
    failpoints.pass(Operation::Create, Moment::AfterSend).await;
    match answer {
        Ok(reply) if !reply.value.key.is_empty() => {
            link(lane, write, &reply.value, Evidence::Answer).await.map(Created::Linked)
        }
        Ok(_) => look(lane, write).await,
        Err(failure) if failure.is_unclear() => match look(lane, write).await {
            // Not even a search works: it is found out later.
            Err(NotDone::Erp(_)) => Err(NotDone::NotKnown(failure)),
            other => other,
        },
        Err(failure) => {
            drop_refused(lane, write, &failure).await?;
            Err(NotDone::Erp(failure))
        }
    }
}

/// The ERP said no, so nothing was made.
async fn drop_refused(lane: &Lane<'_>, write: &ErpWrite, failure: &Failure) -> Result<(), NotDone> {
    let mut tx = lane.session.begin().await?;
    if erp_writes::find(&mut tx, write.id).await?.is_none() {
        return Ok(());
    }
    erp_writes::delete(&mut tx, write.id).await?;
    if let Some(record) = crm::find(&mut tx, write.record_kind, write.record_id).await? {
        let event = log::event(&lane.session.connection, Action::CreateDropped, &record);
        let event = reason::noted(event, &reason::of(failure));
        tx.record(&lane.session.by.actor, &event).await?;
    }
    Ok(tx.commit().await?)
}

/// Searches the ERP for what may have been made. One actor that was not there before, holds every value
/// that was sent and belongs to nobody is it; anything else is for a person to decide.
pub(super) async fn look(lane: &Lane<'_>, write: &ErpWrite) -> Result<Created, NotDone> {
    let mut hits = candidates(lane, write).await.map_err(NotDone::Erp)?;
    hits.retain(|actor| fits(lane, write, actor));
    let mut free = Vec::new();
    for actor in hits {
        let id = ActorRef { kind: actor.kind, key: actor.key.clone() };
        let link = links::find_by_actor(lane.session.store(), write.connection_id, &id).await?;
        if link.is_none() {
            free.push(actor);
        }
    }
    match free.as_slice() {
        [actor] => link(lane, write, actor, Evidence::Found).await.map(Created::Linked),
        _ => set_unclear(lane, write).await,
    }
}

/// New actors that the search finds, with all that was sent; none when the search cannot tell.
async fn candidates(lane: &Lane<'_>, write: &ErpWrite) -> Result<Vec<Actor>, Failure> {
    let Purpose::Create { search, known: Some(known), .. } = &write.work.purpose else {
        return Ok(Vec::new());
    };
    let (client, kind) = (&lane.session.client, write.actor.kind);
    let found = client.search(kind, search, &[], LOOKED_AT).await?.value;
    let keys: BTreeSet<String> = found.actors.into_iter().map(|actor| actor.key).collect();
    let keys: Vec<String> = keys.difference(known).cloned().collect();
    if found.more || keys.is_empty() {
        return Ok(Vec::new());
    }
    let sent = write.work.values().into_keys();
    let fields: BTreeSet<String> = sent.chain(lane.keys.iter().cloned()).collect();
    let fields: Vec<String> = fields.into_iter().collect();
    Ok(client.actors(kind, &keys, &fields).await?.value)
}

fn fits(lane: &Lane<'_>, write: &ErpWrite, actor: &Actor) -> bool {
    let Purpose::Create { parent, .. } = &write.work.purpose else { return false };
    let is_sent = |(key, value): (&String, &String)| {
        lane.is_same(key, actor.fields.get(key).map(String::as_str), value)
    };
    let has_parent = match (&actor.parent, parent) {
        (Some(is), Some(must)) => is == must,
        _ => true,
    };
    has_parent && write.work.values().iter().all(is_sent)
}

async fn link(
    lane: &Lane<'_>,
    write: &ErpWrite,
    actor: &Actor,
    evidence: Evidence,
) -> Result<LinkId, NotDone> {
    let failpoints = &lane.session.engine.failpoints;
    failpoints.pass(Operation::Create, Moment::ReplyRead).await;
    let actor = in_full(lane, actor).await;
    let mut tx = lane.session.begin().await?;
    let linked = finish(&mut tx, lane, write, &actor, evidence).await?;
    failpoints.pass(Operation::Create, Moment::EffectStored).await;
    tx.commit().await?;
    failpoints.pass(Operation::Create, Moment::Commit).await;
    linked
}

/// The new actor with what is taken over now or never; the answer to a create need not tell it.
async fn in_full(lane: &Lane<'_>, actor: &Actor) -> Actor {
    let mut actor = actor.clone();
    let is_due =
        |pair: &&Pair<'_>| pair.field.direction.to_crm && pair.field.rules.to_crm == When::OnCreate;
    let mut due = lane.pairs.iter().filter(is_due).map(|pair| &pair.field.erp.key);
    if due.any(|key| !actor.fields.contains_key(key))
        && let Ok(mut looked) = lane.read(std::slice::from_ref(&actor.key)).await
        && let Some(found) = looked.actors.remove(&actor.key)
    {
        actor.fields.extend(found.fields);
    }
    actor
}

async fn set_unclear(lane: &Lane<'_>, write: &ErpWrite) -> Result<Created, NotDone> {
    let mut tx = lane.session.begin().await?;
    let still = erp_writes::find(&mut tx, write.id).await?.ok_or(NotDone::Changed)?;
    if still.state == WriteState::Prepared {
        erp_writes::set_unclear(&mut tx, write.id).await?;
        if let Some(record) = crm::find(&mut tx, write.record_kind, write.record_id).await? {
            let event = log::event(&lane.session.connection, Action::CreateUnclear, &record);
            tx.record(&lane.session.by.actor, &event).await?;
        }
        tx.commit().await?;
    }
    Ok(Created::Unclear(write.id))
}
