//! Writes what a resync is confirmed to write. Each record is planned anew from what both sides hold by now; its
//! write goes the way of all writes to an ERP, and is noted together with its effect.

use std::collections::BTreeMap;

use tokio::sync::watch;
use tokio::time::sleep;

use super::super::failing::fail_in;
use super::super::failpoint::{Moment, Operation};
use super::super::intent::{self, Intent};
use super::super::person::{BETWEEN_TRIES, PATIENT_TRIES};
use super::super::plan::Plan;
use super::super::send::{self, Outgoing};
use super::super::session::{Lane, Session};
use super::super::{SyncError, reason, recover};
use super::counting::{refusals, unread};
use super::{BATCH, check_generation, covered};
use crate::connector::types::{Actor, ActorType, FieldValues};
use crate::crm::{Record, RecordId};
use crate::i18n::Key;
use crate::links::{Link, LinkId, StoredReason};
use crate::runs::Counts;
use crate::runs::resync::{Choice, Item, ItemState, Resync, ResyncState};
use crate::runs::write::{Purpose, Work};
use crate::store::resyncs::items::{self, Outcome};
use crate::store::{Tx, crm, links, resyncs};

const TO_DO: [ItemState; 2] = [ItemState::Open, ItemState::Unread];

/// What is to be done with one record.
enum Case {
    Write(Box<Both>),
    /// Both sides agree by now.
    Nothing(RecordId),
    /// Its link, if there still is one, fails too when it is about the whole record.
    Fail(RecordId, Option<LinkId>, StoredReason),
}

/// A link with both its sides as they are now, and what is to be written.
struct Both {
    link: Link,
    record: Record,
    actor: Actor,
    plan: Plan,
}

/// Writes until all is written that can be.
pub(in crate::sync) async fn write(
    session: &Session,
    stop: &watch::Receiver<bool>,
    counts: &mut Counts,
) -> Result<(), SyncError> {
    recover::of_runs(session, counts).await?;
    let place = session.connection.id;
    let found = resyncs::find_at_work(session.store(), place, ResyncState::Running).await?;
    let Some(resync) = found else { return Ok(()) };
    check_generation(session, &resync)?;
    let mappings = covered(session, Choice::All).await?;
    for _ in 0..PATIENT_TRIES {
        let mut is_busy = false;
        for mapping in &mappings {
            let lane = Lane::open(session, mapping).await?;
            for state in TO_DO {
                is_busy |= all_in(&lane, (&resync, state), stop, counts).await?;
            }
        }
        if !is_busy {
            break;
        }
        sleep(BETWEEN_TRIES).await;
    }
    for mapping in &mappings {
        for state in TO_DO {
            give_up_the_rest(session, (&resync, state), mapping.kind).await?;
        }
    }
    let mut tx = session.begin().await?;
    resyncs::set_done(&mut tx, &session.connection, resync.id).await?;
    Ok(tx.commit().await?)
}

/// Deals with the records of a type in a state. `true`: some are being written by somebody else.
async fn all_in(
    lane: &Lane<'_>,
    (resync, state): (&Resync, ItemState),
    stop: &watch::Receiver<bool>,
    counts: &mut Counts,
) -> Result<bool, SyncError> {
    let (mut after, mut is_busy) = (0, false);
    loop {
        lane.session.check_stop(stop).await?;
        let place = (resync.id, lane.mapping.kind);
        let items = items::list(lane.session.store(), place, state, after, BATCH).await?;
        let Some(last) = items.last().map(|item| item.link_id) else { return Ok(is_busy) };
        after = last;
        is_busy |= some(lane, resync, items, counts).await?;
    }
}

/// Deals with some records. One whose values the database does not take holds up no other.
async fn some(
    lane: &Lane<'_>,
    resync: &Resync,
    items: Vec<Item>,
    counts: &mut Counts,
) -> Result<bool, SyncError> {
    match together(lane, resync, &items, counts).await {
        Err(SyncError::Store(error)) if error.is_about_a_value() => {}
        other => return other,
    }
    let mut is_busy = false;
    for item in items {
        match together(lane, resync, std::slice::from_ref(&item), counts).await {
            Err(SyncError::Store(error)) if error.is_about_a_value() => {
                let case = Case::Fail(item.record_id, None, reason::of_store(&error));
                let mut tx = lane.session.begin().await?;
                *counts += note(&mut tx, lane, resync, case).await?;
                tx.commit().await?;
            }
            other => is_busy |= other?,
        }
    }
    Ok(is_busy)
}

async fn together(
    lane: &Lane<'_>,
    resync: &Resync,
    items: &[Item],
    counts: &mut Counts,
) -> Result<bool, SyncError> {
    counts.checked += i64::try_from(items.len()).unwrap_or(i64::MAX);
    let cases = look(lane, resync, items).await?;
    let (outgoing, is_busy) = prepare(lane, resync, cases, counts).await?;
    if !outgoing.is_empty() {
        lane.session.engine.failpoints.pass(Operation::Save, Moment::IntentStored).await;
        *counts += send::send(lane, outgoing).await?;
    }
    Ok(is_busy)
}

/// Reads both sides and plans.
async fn look(lane: &Lane<'_>, resync: &Resync, items: &[Item]) -> Result<Vec<Case>, SyncError> {
    let store = lane.session.store();
    let ids: Vec<LinkId> = items.iter().map(|item| item.link_id).collect();
    let links = links::list_by_ids(store, &ids).await?;
    let mut links: BTreeMap<LinkId, Link> = links.into_iter().map(|l| (l.id, l)).collect();
    let ids: Vec<RecordId> = items.iter().map(|item| item.record_id).collect();
    let records = crm::list_by_ids(store, &ids).await?;
    let mut records: BTreeMap<RecordId, Record> = records.into_iter().map(|r| (r.id, r)).collect();
    let keys: Vec<String> = links.values().map(|link| link.actor.key.clone()).collect();
    let mut looked = lane.read(&keys).await?;
    if let Some(failure) = looked.given_up {
        return Err(failure.into());
    }
    let case = |item: &Item| {
        let both = links.remove(&item.link_id).zip(records.remove(&item.record_id));
        let Some((link, record)) = both else {
            let gone = StoredReason::new(Key::SYNC_FAILED_NOT_LINKED.id());
            return Case::Fail(item.record_id, None, gone);
        };
        let Some(actor) = looked.actors.remove(&link.actor.key) else {
            let reason = unread(&looked, &link.actor.key);
            return Case::Fail(record.id, Some(link.id), reason);
        };
        let plan = lane.push(&link, &record, &actor.fields, resync.with_blanks);
        if !plan.to_erp.is_empty() {
            return Case::Write(Box::new(Both { link, record, actor, plan }));
        }
        match refusals(lane, &plan) {
            Some(reason) => Case::Fail(record.id, None, reason),
            None => Case::Nothing(record.id),
        }
    };
    Ok(items.iter().map(case).collect())
}

/// Commits what is to be sent, and notes what is not, unless the link or its record was changed since it was read.
async fn prepare(
    lane: &Lane<'_>,
    resync: &Resync,
    cases: Vec<Case>,
    counts: &mut Counts,
) -> Result<(Vec<Outgoing>, bool), SyncError> {
    let (mut outgoing, mut is_busy) = (Vec::new(), false);
    let mut tx = lane.session.begin_more().await?;
    for case in cases {
        match case {
            Case::Write(both) => match begin(&mut tx, lane, resync, *both).await? {
                Some(write) => outgoing.push(write),
                None => is_busy = true,
            },
            other => *counts += note(&mut tx, lane, resync, other).await?,
        }
    }
    tx.commit().await?;
    Ok((outgoing, is_busy))
}

/// `None`: somebody else changed it, or another write of the record is on its way.
async fn begin(
    tx: &mut Tx,
    lane: &Lane<'_>,
    resync: &Resync,
    both: Both,
) -> Result<Option<Outgoing>, SyncError> {
    let Both { mut link, record, actor, plan } = both;
    let fresh = links::find(&mut *tx, link.id).await?.map(|fresh| fresh.version);
    let now = crm::find(&mut *tx, record.kind, record.id).await?.map(|now| now.version);
    if fresh != Some(link.version) || now != Some(record.version) {
        return Ok(None);
    }
    let work = Work {
        fields: intent::sent(&plan),
        others: FieldValues::new(),
        purpose: Purpose::Save,
        resync: Some(resync.id),
    };
    let begun = Intent::begin(tx, lane.session, &record, &link.actor, work).await?;
    let Some(intent) = begun else { return Ok(None) };
    items::set_reason(tx, resync.id, record.id, refusals(lane, &plan).as_ref()).await?;
    link.is_dirty = true;
    links::update(tx, &mut link).await?;
    Ok(Some(Outgoing { intent, actor }))
}

/// Notes what becomes of a record that is not written.
async fn note(
    tx: &mut Tx,
    lane: &Lane<'_>,
    resync: &Resync,
    case: Case,
) -> Result<Counts, SyncError> {
    let mut counts = Counts::default();
    let (record, outcome) = match &case {
        Case::Write(_) => return Ok(counts),
        Case::Nothing(record) => {
            (*record, Outcome { state: ItemState::Nothing, fields: &[], reason: None })
        }
        Case::Fail(record, link, reason) => {
            if let Some(link) = link {
                let link = links::find(&mut *tx, *link).await?;
                counts += fail_in(tx, lane, link, reason.clone()).await?;
            }
            (*record, Outcome { state: ItemState::Failed, fields: &[], reason: Some(reason) })
        }
    };
    items::note_outcome(tx, resync.id, record, &outcome).await?;
    Ok(counts)
}

/// What others were writing all the time.
async fn give_up_the_rest(
    session: &Session,
    (resync, state): (&Resync, ItemState),
    kind: ActorType,
) -> Result<(), SyncError> {
    let reason = StoredReason::new(Key::SYNC_FAILED_BUSY.id());
    loop {
        let items = items::list(session.store(), (resync.id, kind), state, 0, BATCH).await?;
        if items.is_empty() {
            return Ok(());
        }
        let mut tx = session.begin_more().await?;
        for item in items {
            let outcome = Outcome { state: ItemState::Failed, fields: &[], reason: Some(&reason) };
            items::note_outcome(&mut tx, resync.id, item.record_id, &outcome).await?;
        }
        tx.commit().await?;
    }
}
