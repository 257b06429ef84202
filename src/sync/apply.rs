//! What becomes of one link inside a transaction: values into the CRM, the end of a write to the ERP, a
//! failure. Each leaves the link, the record and the history in step.

use super::log;
use super::outcome;
use super::plan::Plan;
use super::session::{Lane, Sight};
use super::{chance, schedule};
use crate::connector::types::{Actor, FieldValues};
use crate::crm::{Record, RecordKind};
use crate::i18n::Key;
use crate::links::{AgreedValue, Link, LinkFailure, StoredReason};
use crate::mapping::rules::Occasion;
use crate::mapping::translate;
use crate::mapping::{Pair, Side};
use crate::runs::Counts;
use crate::runs::write::Sent;
use crate::store::erp_writes::{self, ErpWrite};
use crate::store::{Result, Tx, crm, jobs, links};

/// Whether an actor's values were read after the write ended, or came as the answer to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The connector said that the write was done; a field it leaves out was written.
    Answer,
    /// Nobody knows how the write ended; only what the ERP is seen to hold was written.
    Found,
}

/// Carries a plan's values into the CRM. Gives the record's version afterwards.
pub(super) async fn into_crm(
    tx: &mut Tx,
    lane: &Lane<'_>,
    link: &Link,
    record: &Record,
    plan: &Plan,
) -> Result<(i64, Counts)> {
    if plan.to_crm.is_empty() {
        return Ok((record.version, Counts::default()));
    }
    let actor = &lane.session.by.actor;
    let mut values = record.values.clone();
    for change in &plan.to_crm {
        values.set(&change.crm_key, change.new.crm.clone());
    }
    let change = crm::Change {
        kind: record.kind,
        id: record.id,
        version: record.version,
        parent: record.parent,
        values: &values,
    };
    let changed = crm::write(tx, &actor.name, change, Some(link.id)).await?;
    for change in &plan.to_crm {
        tx.record(actor, &log::into_crm(lane, record, change, &changed)).await?;
    }
    let lost = plan.conflicts.iter().filter(|conflict| conflict.winner == Side::Erp);
    let mut counts = Counts { to_crm: count(plan.to_crm.len()), ..Counts::default() };
    for conflict in lost {
        tx.record(actor, &log::erp_won(lane, record, conflict)).await?;
        counts.conflicts += 1;
    }
    Ok((changed.version, counts))
}

/// What a plan was made from, the CRM's side being done by now.
pub(super) struct Seen<'a> {
    pub actor: &'a Actor,
    pub record: &'a Record,
    /// The record's version by now.
    pub version: i64,
}

/// Brings a link in step with a plan whose CRM side is done, and keeps it. What the plan still wants to
/// send, or could not say, keeps the link in the engine's sight; so do `reasons`, and a person who is in another
/// company here than there.
pub(super) async fn keep(
    tx: &mut Tx,
    lane: &Lane<'_>,
    (link, plan): (&mut Link, &Plan),
    seen: Seen<'_>,
    mut reasons: Vec<StoredReason>,
) -> Result<Counts> {
    link.agreed = plan.agreed_before_sending(&link.agreed);
    link.last_modified.clone_from(&seen.actor.last_modified);
    link.record_version = seen.version;
    link.last_sync = Some(tx.clock().now());
    let is_by_person = lane.session.by.claim.is_none();
    link.is_dirty = plan.is_held_back
        || !plan.to_erp.is_empty()
        || is_by_person && jobs::is_running(tx, link.connection_id).await?;
    if seen.actor.parent.is_some() {
        link.parent.clone_from(&seen.actor.parent);
    }
    let refused = plan.refused.iter();
    reasons.extend(refused.map(|(key, refusal)| refusal.reason(&lane.field_name(key))));
    reasons.extend(misplaced(tx, link, seen.record).await?);
    set_failure(tx, lane, link, seen.record, StoredReason::all(reasons)).await
}

/// A person whose company in the CRM is not the one the ERP says. Neither side is changed for it: nothing says which
/// one is right.
async fn misplaced(tx: &mut Tx, link: &Link, record: &Record) -> Result<Option<StoredReason>> {
    let (RecordKind::Person, Some(theirs)) = (record.kind, &link.parent) else { return Ok(None) };
    let ours = match record.parent {
        Some(company) => links::find_by_record(tx, link.connection_id, company).await?,
        None => None,
    };
    let is_same = ours.is_some_and(|ours| ours.actor == *theirs);
    let reason = StoredReason::new(Key::SYNC_FAILED_OTHER_COMPANY.id());
    Ok((!is_same).then(|| reason.with("actor", &theirs.key)))
}

/// Keeps a link whose attempt failed, to be tried again later.
pub(super) async fn fail(
    tx: &mut Tx,
    lane: &Lane<'_>,
    link: &mut Link,
    record: &Record,
    reason: StoredReason,
) -> Result<Counts> {
    set_failure(tx, lane, link, record, Some(reason)).await
}

/// Trying again changes nothing until somebody does something; then it shows at the next change of either side,
/// or with Sync now.
fn is_for_people(reason: &StoredReason) -> bool {
    let ids = [Key::SYNC_FAILED_GONE.id(), Key::SYNC_FAILED_OTHER_COMPANY.id()];
    reason.also.is_empty() && ids.contains(&reason.id.as_str())
}

async fn set_failure(
    tx: &mut Tx,
    lane: &Lane<'_>,
    link: &mut Link,
    record: &Record,
    reason: Option<StoredReason>,
) -> Result<Counts> {
    let before = link.failure.take();
    let mut counts = Counts::default();
    if let Some(reason) = reason {
        if before.as_ref().is_none_or(|before| before.reason != reason) {
            for reason in [&reason].into_iter().chain(&reason.also) {
                tx.record(&lane.session.by.actor, &log::failed(lane, record, reason)).await?;
            }
        }
        let count = before.map_or(0, |before| before.count) + 1;
        let pause = if is_for_people(&reason) { schedule::long_pause } else { schedule::pause };
        let next_try = tx.clock().now() + pause(count, chance());
        link.failure = Some(LinkFailure { reason, count, next_try });
        link.is_dirty = true;
        counts.failed = 1;
    }
    links::update(tx, link).await?;
    Ok(counts)
}

/// Ends a write to a linked actor: logs what the ERP took, agrees on it, and takes over what else the ERP
/// changed by it.
pub(super) async fn conclude(
    tx: &mut Tx,
    lane: &Lane<'_>,
    write: &ErpWrite,
    actor: &Actor,
    evidence: Evidence,
) -> Result<Counts> {
    if erp_writes::find(&mut *tx, write.id).await?.is_none() {
        return Ok(Counts::default()); // Somebody else has ended it.
    }
    erp_writes::delete(tx, write.id).await?;
    let Some(record) = crm::find(&mut *tx, write.record_kind, write.record_id).await? else {
        return Ok(Counts::default());
    };
    let (taken, ignored) = split(lane, write, actor, evidence);
    let mut counts = log_taken(tx, lane, &record, &taken).await?;
    // What the ERP has just refused to take is no change of its own that might travel back.
    let refused: &[&Sent] = if evidence == Evidence::Answer { &ignored } else { &[] };
    let reasons: Vec<StoredReason> = refused.iter().map(|sent| not_taken(lane, sent)).collect();
    if evidence == Evidence::Answer || ignored.is_empty() {
        outcome::written(tx, write, &taken, reasons.clone()).await?;
    }
    let link = links::find_by_record(&mut *tx, write.connection_id, record.id).await?;
    let Some(mut link) = link.filter(|link| link.actor == write.actor) else { return Ok(counts) };
    for sent in &taken {
        link.agreed.insert(sent.erp_key.clone(), agreed(sent));
    }
    let mut plan = plan_without(tx, lane, &link, &record, &actor.fields, refused).await?;
    if write.work.resync.is_some() {
        plan.hold_back(&link.agreed);
    }
    // However the ERP spells what it was sent, it is still the CRM's value.
    for sent in &taken {
        if let Some(agreed) = plan.agreed.get_mut(&sent.erp_key) {
            agreed.is_from_erp = false;
            agreed.is_erps_own = false;
        }
    }
    let (version, done) = into_crm(tx, lane, &link, &record, &plan).await?;
    counts += done;
    let seen = Seen { actor, record: &record, version };
    counts += keep(tx, lane, (&mut link, &plan), seen, reasons).await?;
    Ok(counts)
}

pub(super) fn not_taken(lane: &Lane<'_>, sent: &Sent) -> StoredReason {
    StoredReason::new(Key::SYNC_FAILED_NOT_TAKEN.id()).with("field", lane.field_name(&sent.erp_key))
}

/// Logs what went into the ERP.
pub(super) async fn log_taken(
    tx: &mut Tx,
    lane: &Lane<'_>,
    record: &Record,
    taken: &[&Sent],
) -> Result<Counts> {
    let by = &lane.session.by.actor;
    let mut counts = Counts { to_erp: count(taken.len()), ..Counts::default() };
    for sent in taken {
        tx.record(by, &log::into_erp(lane, record, sent)).await?;
        if sent.is_conflict {
            tx.record(by, &log::crm_won(lane, record, sent)).await?;
            counts.conflicts += 1;
        }
    }
    Ok(counts)
}

/// The fields the ERP took, though perhaps in a spelling of its own, and those it did not.
pub(super) fn split<'w>(
    lane: &Lane<'_>,
    write: &'w ErpWrite,
    actor: &Actor,
    evidence: Evidence,
) -> (Vec<&'w Sent>, Vec<&'w Sent>) {
    write.work.fields.iter().partition(|sent| {
        let Some(field) = lane.mapping.field(&sent.erp_key) else { return true };
        let same = |one: &str, other: &str| translate::same_in_erp(&field.erp, one, other);
        let is_spelling = |now: &str| translate::is_spelling_in_erp(&field.erp, now, &sent.new);
        match (actor.fields.get(&sent.erp_key), evidence) {
            (Some(now), _) if same(now, &sent.new) => true,
            (Some(now), Evidence::Answer) => !same(now, &sent.old),
            (None, Evidence::Answer) => true,
            // Somebody else's value must not pass for ours, but ours may have been spelled anew.
            (Some(now), Evidence::Found) => is_spelling(now) && !same(now, &sent.old),
            (None, Evidence::Found) => false,
        }
    })
}

/// What both sides hold once a field was taken.
pub(super) fn agreed(sent: &Sent) -> AgreedValue {
    let (crm_field, crm, erp) = (sent.crm_key.clone(), sent.crm.clone(), sent.new.clone());
    AgreedValue { crm_field, crm, erp, is_from_erp: false, is_erps_own: false }
}

/// A plan that leaves some fields alone.
async fn plan_without(
    tx: &mut Tx,
    lane: &Lane<'_>,
    link: &Link,
    record: &Record,
    erp: &FieldValues,
    left_out: &[&Sent],
) -> Result<Plan> {
    let is_left_out =
        |pair: &Pair<'_>| left_out.iter().any(|sent| sent.erp_key == pair.field.erp.key);
    let pairs: Vec<_> = lane.pairs.iter().filter(|pair| !is_left_out(pair)).cloned().collect();
    let occasion = Occasion::Sync;
    lane.plan_for(tx, Sight { pairs: &pairs, link, record, erp, occasion }).await
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
