//! Counts what a resync would write. Both sides are read, nothing is written but the figures.

use std::collections::BTreeMap;

use tokio::sync::watch;

use super::super::plan::Plan;
use super::super::session::{Lane, Looked, Session};
use super::super::{SyncError, reason};
use super::{BATCH, check_generation, covered};
use crate::crm::{Record, RecordId};
use crate::i18n::Key;
use crate::links::{Link, LinkId, StoredReason};
use crate::mapping::ActorMapping;
use crate::runs::resync::{Choice, ItemState, Resync, ResyncState};
use crate::runs::{Counts, Task, Trigger};
use crate::store::resyncs::items::{self, Counted};
use crate::store::{crm, engine, jobs, links, resyncs};

/// Counts until everything is counted, or until it is a synchronisation's turn: then another job goes on.
pub(in crate::sync) async fn count(
    session: &Session,
    stop: &watch::Receiver<bool>,
    counts: &mut Counts,
) -> Result<(), SyncError> {
    let (store, place) = (session.store(), session.connection.id);
    let found = resyncs::find_at_work(store, place, ResyncState::Counting).await?;
    let Some(resync) = found else { return Ok(()) };
    check_generation(session, &resync)?;
    let mappings = covered(session, resync.choice).await?;
    if resync.tally.total.is_none() {
        find_total(session, &resync, &mappings).await?;
    }
    for mapping in &mappings {
        let lane = Lane::open(session, mapping).await?;
        loop {
            session.check_stop(stop).await?;
            let number = count_some(&lane, &resync).await?;
            counts.checked += number;
            if number == 0 {
                break;
            }
            if is_turn_of_a_sync(session).await? {
                return Ok(());
            }
        }
    }
    let mut tx = session.begin().await?;
    resyncs::set_counted(&mut tx, resync.id).await?;
    Ok(tx.commit().await?)
}

async fn find_total(
    session: &Session,
    resync: &Resync,
    mappings: &[ActorMapping],
) -> Result<(), SyncError> {
    let (store, place) = (session.store(), session.connection.id);
    let mut total = 0;
    for mapping in mappings {
        total += match resync.choice {
            Choice::Chosen => items::count_chosen(store, resync.id, mapping.kind).await?,
            Choice::All | Choice::Type(_) => links::count(store, place, mapping.kind).await?,
        };
    }
    let mut tx = session.begin().await?;
    resyncs::set_total(&mut tx, resync.id, total).await?;
    Ok(tx.commit().await?)
}

/// Counting may take long, and must not hold up what keeps both sides in step.
async fn is_turn_of_a_sync(session: &Session) -> Result<bool, SyncError> {
    let (store, connection) = (session.store(), &session.connection);
    let Some(job) = jobs::find_waiting(store, connection.id, Task::Sync).await? else {
        return Ok(false);
    };
    let is_wanted = job.trigger == Trigger::Person || engine::settings(store).await?.is_on;
    Ok(is_wanted && job.due_at <= store.clock().now() && connection.paused_because.is_none())
}

/// Counts some more links of a type. Gives their number; 0: there are no more.
async fn count_some(lane: &Lane<'_>, resync: &Resync) -> Result<i64, SyncError> {
    let (links, gone) = next(lane, resync).await?;
    let number = i64::try_from(links.len() + gone.len()).unwrap_or(i64::MAX);
    if number == 0 {
        return Ok(0);
    }
    let ids: Vec<RecordId> = links.iter().map(|link| link.record_id).collect();
    let records = crm::list_by_ids(lane.session.store(), &ids).await?;
    let records: BTreeMap<RecordId, Record> = records.into_iter().map(|r| (r.id, r)).collect();
    let keys: Vec<String> = links.iter().map(|link| link.actor.key.clone()).collect();
    let looked = lane.read(&keys).await?;
    if let Some(failure) = looked.given_up {
        return Err(failure.into());
    }
    let mut tx = lane.session.begin_more().await?;
    for link in &links {
        let (state, fields, reason) =
            judge(lane, resync, link, records.get(&link.record_id), &looked);
        let counted = Counted { link, state, fields: &fields, reason: reason.as_ref() };
        items::note_counted(&mut tx, resync.id, &counted).await?;
    }
    for record in gone {
        items::drop_chosen(&mut tx, resync.id, record).await?;
    }
    tx.commit().await?;
    Ok(number)
}

/// The next links to be counted, and chosen records that are no longer linked.
async fn next(lane: &Lane<'_>, resync: &Resync) -> Result<(Vec<Link>, Vec<RecordId>), SyncError> {
    let (store, kind) = (lane.session.store(), lane.mapping.kind);
    if resync.choice != Choice::Chosen {
        let after = items::last_counted(store, resync.id, kind).await?;
        let place = (lane.session.connection.id, kind);
        return Ok((links::list_after(store, place, &after, BATCH).await?, Vec::new()));
    }
    let chosen = items::list(store, (resync.id, kind), ItemState::Chosen, 0, BATCH).await?;
    let ids: Vec<LinkId> = chosen.iter().map(|item| item.link_id).collect();
    let found = links::list_by_ids(store, &ids).await?;
    let is_gone = |id: LinkId| found.iter().all(|link| link.id != id);
    let gone = chosen.iter().filter(|item| is_gone(item.link_id)).map(|item| item.record_id);
    let gone = gone.collect();
    Ok((found, gone))
}

/// What would become of a link.
fn judge(
    lane: &Lane<'_>,
    resync: &Resync,
    link: &Link,
    record: Option<&Record>,
    looked: &Looked,
) -> (ItemState, Vec<String>, Option<StoredReason>) {
    let Some(record) = record else { return (ItemState::Nothing, Vec::new(), None) };
    let Some(actor) = looked.actors.get(&link.actor.key) else {
        return (ItemState::Unread, Vec::new(), Some(unread(looked, &link.actor.key)));
    };
    let plan = lane.push(link, record, &actor.fields, resync.with_blanks);
    let fields: Vec<String> = plan.to_erp.iter().map(|change| change.erp_key.clone()).collect();
    let reason = refusals(lane, &plan);
    let state = match (fields.is_empty(), &reason) {
        (false, _) => ItemState::Open,
        (true, Some(_)) => ItemState::Unread,
        (true, None) => ItemState::Nothing,
    };
    (state, fields, reason)
}

/// Why an actor was not among those read.
pub(super) fn unread(looked: &Looked, key: &str) -> StoredReason {
    let failure = looked.failures.get(key).map(reason::of);
    failure.unwrap_or_else(|| StoredReason::new(Key::SYNC_FAILED_GONE.id()))
}

/// Why some of the fields cannot be sent.
pub(super) fn refusals(lane: &Lane<'_>, plan: &Plan) -> Option<StoredReason> {
    let refused = plan.refused.iter();
    let reasons = refused.map(|(key, refusal)| refusal.reason(&lane.field_name(key)));
    StoredReason::all(reasons.collect())
}
