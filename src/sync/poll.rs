//! Asks an ERP which actors changed, and takes over what only the CRM lacks. Whatever needs a closer look
//! is left to [`super::settle`].
//!
//! The answer is handled while it is still being read. Only when it has ended well, and all of it is
//! committed, does the position move.

use std::collections::BTreeMap;

use tokio::sync::watch;

use super::apply::{self, Seen};
use super::failpoint::{Moment, Operation};
use super::plan::Plan;
use super::session::Lane;
use super::{SyncError, failing, reason, unreadable};
use crate::connector::handover::{self, Given, Receiver};
use crate::connector::stamps::is_later;
use crate::connector::types::Actor;
use crate::crm::{Record, RecordId};
use crate::links::Link;
use crate::mapping::Pair;
use crate::runs::{Counts, PollPosition};
use crate::store::{Read, Tx, crm, links, positions};

/// Actors handled in one transaction.
const BATCH: usize = 200;
/// Bytes of the actors that are read ahead or being handled. What was last agreed on them is held beside them,
/// and is about as large.
const IN_FLIGHT: u32 = 8 << 20;

/// How far a poll came.
struct Reached {
    position: PollPosition,
    /// It met an actor that cannot be told apart.
    has_unknown: bool,
}

/// Polls one actor type. Once `stop` becomes true it ends, between two batches.
pub(super) async fn poll(
    lane: &Lane<'_>,
    stop: &watch::Receiver<bool>,
    counts: &mut Counts,
) -> Result<(), SyncError> {
    let failpoints = &lane.session.engine.failpoints;
    let position = positions::find(lane.session.store(), lane.mapping.id).await?;
    let (each, incoming) = handover::channel(IN_FLIGHT);
    failpoints.pass(Operation::Poll, Moment::BeforeSend).await;
    let fetch =
        lane.session.client.actors_since(lane.mapping.kind, &position.since, &lane.keys, each);
    let work = take_all(lane, incoming, stop, &position, counts);
    tokio::pin!(fetch, work);
    let (fetched, reached) = tokio::select! {
        // At a bad end the reading is given up.
        reached = &mut work => { let reached = reached?; (fetch.await, reached) }
        fetched = &mut fetch => (fetched, work.await?),
    };
    fetched?;
    failpoints.pass(Operation::Poll, Moment::ReplyRead).await;
    let Reached { position: end, has_unknown } = reached;
    let begun = position.clone();
    let next = if has_unknown { begun.held_at(end) } else { begun.moved_to(end) };
    let mut tx = lane.session.begin().await?;
    positions::set(&mut tx, lane.mapping.id, &next).await?;
    failpoints.pass(Operation::Poll, Moment::PositionStored).await;
    Ok(tx.commit().await?)
}

/// Handles what comes, while it is still coming.
async fn take_all(
    lane: &Lane<'_>,
    mut incoming: Receiver,
    stop: &watch::Receiver<bool>,
    position: &PollPosition,
    counts: &mut Counts,
) -> Result<Reached, SyncError> {
    let failpoints = &lane.session.engine.failpoints;
    let mut reached = Reached { position: position.clone(), has_unknown: false };
    let mut stop = stop.clone();
    loop {
        let mut batch = Vec::new();
        let received = tokio::select! {
            Ok(_) = stop.wait_for(|stop| *stop) => return Err(SyncError::Stopped),
            received = incoming.recv_many(&mut batch, BATCH) => received,
        };
        if received == 0 {
            return Ok(reached);
        }
        failpoints.pass(Operation::Poll, Moment::AfterSend).await;
        lane.session.check_current(lane.session.store()).await?;
        let (mut actors, mut bad) = (Vec::new(), Vec::new());
        for parcel in &batch {
            match &parcel.given {
                Given::Actor(actor) => actors.push(actor),
                Given::Unreadable(unreadable) => bad.push(unreadable),
            }
        }
        take(lane, newest_each(lane, &actors), counts).await?;
        reached.has_unknown |= unreadable::note(lane, &bad, counts).await?;
        let times = actors.iter().map(|actor| &actor.last_modified);
        let times = times.chain(bad.iter().map(|unreadable| &unreadable.last_modified));
        reached.position = reached.position.having_seen(times.cloned());
    }
}

/// Each actor once, as it was changed last; an answer may tell of each change. Those of other types that a
/// connector adds are left out.
fn newest_each<'a>(lane: &Lane<'_>, actors: &[&'a Actor]) -> Vec<&'a Actor> {
    let mut newest: BTreeMap<&str, &Actor> = BTreeMap::new();
    for actor in actors.iter().filter(|actor| actor.kind == lane.mapping.kind) {
        let known = newest.entry(&actor.key).or_insert(actor);
        if !is_later(&known.last_modified, &actor.last_modified) {
            *known = actor;
        }
    }
    newest.into_values().collect()
}

/// Handles some of the actors that changed.
async fn take(lane: &Lane<'_>, actors: Vec<&Actor>, counts: &mut Counts) -> Result<(), SyncError> {
    counts.polled += i64::try_from(actors.len()).unwrap_or(i64::MAX);
    let links = links_of(lane.session.store(), lane, actors.iter().copied()).await?;
    let is_wanted = |actor: &&Actor| {
        links.get(actor.key.as_str()).is_some_and(|link| wants_a_look(lane, link, actor))
    };
    let wanted: Vec<&Actor> = actors.into_iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    match write(lane, &wanted).await {
        Ok(done) => *counts += done,
        Err(SyncError::Store(error)) if error.is_about_a_value() => {
            for actor in wanted {
                *counts += write_alone(lane, actor).await?;
            }
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Whether an actor is not as it was agreed on. Fields that did not come are as they were.
fn wants_a_look(lane: &Lane<'_>, link: &Link, actor: &Actor) -> bool {
    if link.is_dirty {
        return link.failure.is_some() && link.last_modified != actor.last_modified;
    }
    let is_as_agreed = |pair: &Pair<'_>| {
        let key = pair.field.erp.key.as_str();
        let agreed = link.agreed.get(key).filter(|agreed| agreed.crm_field == pair.crm.key);
        let now = actor.fields.get(key);
        now.is_none() || agreed.is_some_and(|agreed| Some(&agreed.erp) == now)
    };
    let has_moved = actor.parent.is_some() && actor.parent != link.parent;
    let travels = |pair: &&Pair<'_>| pair.field.lasting().is_any();
    has_moved || !lane.pairs.iter().filter(travels).all(is_as_agreed)
}

async fn write(lane: &Lane<'_>, actors: &[&Actor]) -> Result<Counts, SyncError> {
    let failpoints = &lane.session.engine.failpoints;
    let mut counts = Counts::default();
    let mut tx = lane.session.begin_more().await?;
    let mut links = links_of(&mut tx, lane, actors.iter().copied()).await?;
    let ids: Vec<RecordId> = links.values().map(|link| link.record_id).collect();
    let records = crm::list_by_ids(&mut tx, &ids).await?;
    let records: BTreeMap<RecordId, Record> =
        records.into_iter().map(|record| (record.id, record)).collect();
    for actor in actors {
        let Some(link) = links.get_mut(actor.key.as_str()) else { continue };
        let Some(record) = records.get(&link.record_id) else { continue };
        counts += take_one(&mut tx, lane, link, record, actor).await?;
    }
    failpoints.pass(Operation::Poll, Moment::EffectStored).await;
    tx.commit().await?;
    failpoints.pass(Operation::Poll, Moment::Commit).await;
    Ok(counts)
}

async fn take_one(
    tx: &mut Tx,
    lane: &Lane<'_>,
    link: &mut Link,
    record: &Record,
    actor: &Actor,
) -> Result<Counts, SyncError> {
    if link.is_dirty {
        // The ERP's side of a failing link moved: that may have been the cure.
        if let Some(failure) = link.failure.as_mut().filter(|failure| failure.next_try > 0) {
            failure.next_try = 0;
            links::update(tx, link).await?;
        }
        return Ok(Counts::default());
    }
    let plan = lane.plan(&mut *tx, link, record, &actor.fields).await?;
    if !plan.to_erp.is_empty() {
        link.is_dirty = true;
        links::update(tx, link).await?;
        return Ok(Counts::default());
    }
    let mut counts = Counts { checked: 1, ..Counts::default() };
    if is_as_kept(link, record, actor, &plan) {
        return Ok(counts);
    }
    let (version, done) = apply::into_crm(tx, lane, link, record, &plan).await?;
    counts += done;
    let seen = Seen { actor, record, version };
    counts += apply::keep(tx, lane, (link, &plan), seen, Vec::new()).await?;
    Ok(counts)
}

/// Whether there is nothing to write: values that wait, or that are left as they are, are looked at with
/// every poll.
fn is_as_kept(link: &Link, record: &Record, actor: &Actor, plan: &Plan) -> bool {
    let has_moved = actor.parent.is_some() && actor.parent != link.parent;
    plan.is_done()
        && plan.refused.is_empty()
        && plan.agreed == link.agreed
        && link.failure.is_none()
        && link.last_modified == actor.last_modified
        && link.record_version == record.version
        && !has_moved
}

/// An actor whose values the database would not take together with the others.
async fn write_alone(lane: &Lane<'_>, actor: &Actor) -> Result<Counts, SyncError> {
    match write(lane, &[actor]).await {
        Err(SyncError::Store(error)) if error.is_about_a_value() => {
            let links = links_of(lane.session.store(), lane, [actor]).await?;
            match links.get(actor.key.as_str()) {
                Some(link) => failing::fail(lane, link.id, reason::of_store(&error)).await,
                None => Ok(Counts::default()),
            }
        }
        other => other,
    }
}

async fn links_of<'a>(
    db: impl Read,
    lane: &Lane<'_>,
    actors: impl IntoIterator<Item = &'a Actor>,
) -> Result<BTreeMap<String, Link>, SyncError> {
    let keys: Vec<String> = actors.into_iter().map(|actor| actor.key.clone()).collect();
    let connection = lane.session.connection.id;
    let links = links::list_by_keys(db, connection, lane.mapping.kind, &keys).await?;
    Ok(links.into_iter().map(|link| (link.actor.key.clone(), link)).collect())
}
