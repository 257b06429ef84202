//! Asks an ERP which actors changed, and takes over what only the CRM lacks. Whatever needs a closer look
//! is left to [`super::settle`].
//!
//! The answer is handled while it is still being read. Only when it has ended well, and all of it is
//! committed, does the position move.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use super::apply::{self, Seen};
use super::failpoint::{Moment, Operation};
use super::session::Lane;
use super::{SyncError, reason, settle};
use crate::connector::types::Actor;
use crate::crm::{Record, RecordId};
use crate::links::Link;
use crate::mapping::Pair;
use crate::runs::Counts;
use crate::store::{Read, Tx, crm, links, positions};

/// Actors handled in one transaction.
const BATCH: usize = 200;
/// Actors read ahead.
const AHEAD: usize = 2 * BATCH;

/// Polls one actor type.
pub(super) async fn poll(lane: &Lane<'_>, counts: &mut Counts) -> Result<(), SyncError> {
    let failpoints = &lane.session.engine.failpoints;
    let position = positions::find(lane.session.store(), lane.mapping.id).await?;
    let (each, incoming) = mpsc::channel(AHEAD);
    failpoints.pass(Operation::Poll, Moment::BeforeSend).await;
    let fetch =
        lane.session.client.actors_since(lane.mapping.kind, &position.since, &lane.keys, each);
    let work = async {
        // Dropped at the end, also at a bad one: when nobody listens any more, the reading ends.
        let mut incoming = incoming;
        let mut newest = position.clone();
        let mut batch = Vec::with_capacity(BATCH);
        while incoming.recv_many(&mut batch, BATCH).await > 0 {
            failpoints.pass(Operation::Poll, Moment::AfterSend).await;
            take(lane, &batch, counts).await?;
            newest = newest.having_seen(batch.drain(..).map(|actor| actor.last_modified));
        }
        Ok::<_, SyncError>(newest)
    };
    let (fetched, worked) = tokio::join!(fetch, work);
    let newest = worked?;
    fetched?;
    failpoints.pass(Operation::Poll, Moment::ReplyRead).await;
    let mut tx = lane.session.begin().await?;
    positions::set(&mut tx, lane.mapping.id, &position.clone().moved_to(newest)).await?;
    failpoints.pass(Operation::Poll, Moment::PositionStored).await;
    Ok(tx.commit().await?)
}

/// Handles some of the actors that changed.
async fn take(lane: &Lane<'_>, actors: &[Actor], counts: &mut Counts) -> Result<(), SyncError> {
    counts.polled += i64::try_from(actors.len()).unwrap_or(i64::MAX);
    let links = links_of(lane.session.store(), lane, actors).await?;
    let is_wanted = |actor: &&Actor| {
        links.get(actor.key.as_str()).is_some_and(|link| wants_a_look(lane, link, actor))
    };
    let wanted: Vec<&Actor> = actors.iter().filter(is_wanted).collect();
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
    !lane.pairs.iter().all(is_as_agreed)
}

async fn write(lane: &Lane<'_>, actors: &[&Actor]) -> Result<Counts, SyncError> {
    let failpoints = &lane.session.engine.failpoints;
    let mut counts = Counts::default();
    let mut tx = lane.session.begin().await?;
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
    let plan = lane.plan(link, record, &actor.fields);
    if !plan.to_erp.is_empty() {
        link.is_dirty = true;
        links::update(tx, link).await?;
        return Ok(Counts::default());
    }
    let mut counts = Counts { checked: 1, ..Counts::default() };
    let (version, done) = apply::into_crm(tx, lane, link, record, &plan).await?;
    counts += done;
    let seen = Seen { actor, record, version };
    counts += apply::keep(tx, lane, (link, &plan), seen, None).await?;
    Ok(counts)
}

/// An actor whose values the database would not take together with the others.
async fn write_alone(lane: &Lane<'_>, actor: &Actor) -> Result<Counts, SyncError> {
    match write(lane, &[actor]).await {
        Err(SyncError::Store(error)) if error.is_about_a_value() => {
            let links = links_of(lane.session.store(), lane, [actor]).await?;
            match links.get(actor.key.as_str()) {
                Some(link) => settle::fail(lane, link.id, reason::of_store(&error)).await,
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
