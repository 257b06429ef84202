//! Brings links in step whose sides may differ: reads both sides, plans, writes. Every write to the ERP is
//! committed as an intent before it is sent, together with what goes into the CRM.

use std::collections::BTreeMap;

use super::apply::{self, Seen};
use super::failing::fail;
use super::failpoint::{Moment, Operation};
use super::intent::{self, Intent};
use super::plan::Plan;
use super::send::{self, Outgoing};
use super::session::Lane;
use super::{SyncError, reason};
use crate::connector::failure::Failure;
use crate::connector::types::{Actor, FieldValues};
use crate::crm::{Record, RecordId};
use crate::i18n::Key;
use crate::links::{Link, LinkId, StoredReason};
use crate::runs::Counts;
use crate::runs::write::{Purpose, Work};
use crate::store::{Tx, crm, links};

/// What came of it.
#[derive(Default)]
pub(super) struct Settled {
    pub counts: Counts,
    /// Links that somebody else changed, or is writing, at the same time; they stay to be looked at.
    pub skipped: Vec<LinkId>,
    /// The ERP fell silent: the rest was not asked for.
    pub given_up: Option<Failure>,
}

/// A link with both its sides as they are now, and what is to be done.
struct Case {
    link: Link,
    record: Record,
    actor: Actor,
    plan: Plan,
}

/// Brings these links in step.
pub(super) async fn settle(lane: &Lane<'_>, links: Vec<Link>) -> Result<Settled, SyncError> {
    match settle_together(lane, links.clone()).await {
        Err(SyncError::Store(error)) if error.is_about_a_value() => {
            let mut settled = Settled::default();
            for link in links {
                settle_alone(lane, link, &mut settled).await?;
                if settled.given_up.is_some() {
                    break;
                }
            }
            Ok(settled)
        }
        other => other,
    }
}

/// A link that the database would not take together with the others.
async fn settle_alone(lane: &Lane<'_>, link: Link, settled: &mut Settled) -> Result<(), SyncError> {
    let id = link.id;
    match settle_together(lane, vec![link]).await {
        Ok(one) => {
            settled.counts += one.counts;
            settled.skipped.extend(one.skipped);
            settled.given_up = settled.given_up.take().or(one.given_up);
        }
        Err(SyncError::Store(error)) if error.is_about_a_value() => {
            settled.counts += fail(lane, id, reason::of_store(&error)).await?;
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn settle_together(lane: &Lane<'_>, links: Vec<Link>) -> Result<Settled, SyncError> {
    let mut settled = Settled::default();
    settled.counts.checked = i64::try_from(links.len()).unwrap_or(i64::MAX);
    let cases = look(lane, links, &mut settled).await?;
    let outgoing = prepare(lane, cases, &mut settled).await?;
    if !outgoing.is_empty() {
        lane.session.engine.failpoints.pass(Operation::Save, Moment::IntentStored).await;
        settled.counts += send::send(lane, outgoing).await?;
    }
    Ok(settled)
}

/// Reads both sides and plans. A link whose actor is gone fails here.
async fn look(
    lane: &Lane<'_>,
    links: Vec<Link>,
    settled: &mut Settled,
) -> Result<Vec<Case>, SyncError> {
    let records = records(lane, &links).await?;
    let keys: Vec<String> = links.iter().map(|link| link.actor.key.clone()).collect();
    let mut looked = lane.read(&keys).await?;
    let mut cases = Vec::new();
    for link in links {
        let Some(record) = records.get(&link.record_id).cloned() else { continue };
        let key = &link.actor.key;
        match looked.actors.remove(key) {
            Some(actor) => {
                let store = lane.session.store();
                let plan = lane.plan(store, &link, &record, &actor.fields).await?;
                cases.push(Case { link, record, actor, plan });
            }
            None => {
                let reason = match looked.failures.get(key) {
                    Some(failure) => reason::of(failure),
                    None if looked.given_up.is_some() => continue,
                    None => StoredReason::new(Key::SYNC_FAILED_GONE.id()),
                };
                settled.counts += fail(lane, link.id, reason).await?;
            }
        }
    }
    settled.given_up = looked.given_up;
    Ok(cases)
}

async fn records(lane: &Lane<'_>, links: &[Link]) -> Result<BTreeMap<RecordId, Record>, SyncError> {
    let ids: Vec<RecordId> = links.iter().map(|link| link.record_id).collect();
    let records = crm::list_by_ids(lane.session.store(), &ids).await?;
    Ok(records.into_iter().map(|record| (record.id, record)).collect())
}

/// Writes what goes into the CRM, and commits what is to be sent, unless the link or its record was changed
/// since it was read.
async fn prepare(
    lane: &Lane<'_>,
    cases: Vec<Case>,
    settled: &mut Settled,
) -> Result<Vec<Outgoing>, SyncError> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = lane.session.begin_more().await?;
    let ids: Vec<LinkId> = cases.iter().map(|case| case.link.id).collect();
    let fresh = links::list_by_ids(&mut tx, &ids).await?;
    let fresh: BTreeMap<LinkId, i64> = fresh.iter().map(|link| (link.id, link.version)).collect();
    let ids: Vec<RecordId> = cases.iter().map(|case| case.record.id).collect();
    let records = crm::list_by_ids(&mut tx, &ids).await?;
    let records: BTreeMap<RecordId, i64> =
        records.iter().map(|record| (record.id, record.version)).collect();
    let mut outgoing = Vec::new();
    for case in cases {
        let id = case.link.id;
        let is_as_read = fresh.get(&id) == Some(&case.link.version)
            && records.get(&case.record.id) == Some(&case.record.version);
        if !is_as_read {
            settled.skipped.push(id);
        } else if case.plan.to_erp.is_empty() {
            settled.counts += take(&mut tx, lane, case).await?;
        } else {
            match begin_write(&mut tx, lane, case).await? {
                Some((counts, write)) => {
                    settled.counts += counts;
                    outgoing.push(write);
                }
                None => settled.skipped.push(id),
            }
        }
    }
    tx.commit().await?;
    Ok(outgoing)
}

/// A case that needs nothing of the ERP.
async fn take(tx: &mut Tx, lane: &Lane<'_>, case: Case) -> Result<Counts, SyncError> {
    let Case { mut link, record, actor, plan } = case;
    let (version, mut counts) = apply::into_crm(tx, lane, &link, &record, &plan).await?;
    let seen = Seen { actor: &actor, record: &record, version };
    counts += apply::keep(tx, lane, (&mut link, &plan), seen, Vec::new()).await?;
    Ok(counts)
}

/// A case that has to be sent. `None`: another write of this record is on its way.
async fn begin_write(
    tx: &mut Tx,
    lane: &Lane<'_>,
    case: Case,
) -> Result<Option<(Counts, Outgoing)>, SyncError> {
    let Case { mut link, record, actor, plan } = case;
    let work = Work {
        fields: intent::sent(&plan),
        others: FieldValues::new(),
        purpose: Purpose::Save,
        resync: None,
    };
    let begun = Intent::begin(tx, lane.session, &record, &link.actor, work).await?;
    let Some(intent) = begun else { return Ok(None) };
    let (version, counts) = apply::into_crm(tx, lane, &link, &record, &plan).await?;
    link.agreed = plan.agreed_before_sending(&link.agreed);
    link.record_version = version;
    link.is_dirty = true;
    links::update(tx, &mut link).await?;
    Ok(Some((counts, Outgoing { intent, actor })))
}
