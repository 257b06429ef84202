//! One synchronisation of one connection: what was left behind, what the ERP changed, what the CRM changed.
//!
//! One actor type that cannot be polled holds up neither its own way from the CRM to the ERP nor the other
//! types; it waits longer and longer by itself. Only when nothing worked at all has the connection failed.

use tokio::sync::watch;

use super::ending::asked_to_wait;
use super::session::{Lane, Session};
use super::settle::settle;
use super::{SyncError, chance, poll, reason, recover, schedule};
use crate::clock::Millis;
use crate::connector::failure::Failure;
use crate::links::{Link, LinkId};
use crate::mapping::{ActorMapping, ActorMappingId};
use crate::runs::{Counts, Trigger};
use crate::store::positions::{self, Tries};
use crate::store::{links, mappings};

/// Links brought in step together.
const BATCH: i64 = 100;

/// How the actor types fared.
#[derive(Default)]
struct Outcome {
    /// The ERP did something for us.
    has_worked: bool,
    failed: Vec<(ActorMappingId, Failure)>,
}

/// Carries out a run. What it has done is in `counts`, also when it fails.
pub(super) async fn run(
    session: &Session,
    trigger: Trigger,
    stop: &watch::Receiver<bool>,
    counts: &mut Counts,
) -> Result<(), SyncError> {
    recover::of_runs(session, counts).await?;
    let mut outcome = Outcome::default();
    for mapping in mappings::list(session.store(), session.connection.id).await? {
        if !mapping.is_active || mapping.is_missing {
            continue;
        }
        match one_type(session, &mapping, (trigger, stop), counts, &mut outcome).await {
            Err(SyncError::Erp(failure)) => {
                let is_over = reason::is_about_the_connection(&failure);
                outcome.failed.push((mapping.id, failure));
                if is_over {
                    break;
                }
            }
            other => other?,
        }
    }
    end(session, outcome).await
}

/// Polls a type, if its time has come, and brings its links in step, also when the poll failed.
async fn one_type(
    session: &Session,
    mapping: &ActorMapping,
    (trigger, stop): (Trigger, &watch::Receiver<bool>),
    counts: &mut Counts,
    outcome: &mut Outcome,
) -> Result<(), SyncError> {
    session.check_stop(stop).await?;
    let lane = Lane::open(session, mapping).await?;
    let store = session.store();
    let tries = positions::tries(store, mapping.id).await?;
    let is_due = tries.next_try <= store.clock().now() || trigger == Trigger::Person;
    let polled = if is_due { Some(poll::poll(&lane, stop, counts).await) } else { None };
    match polled {
        Some(Ok(())) => outcome.has_worked = true,
        Some(Err(SyncError::Erp(failure))) if !reason::is_about_the_connection(&failure) => {
            outcome.failed.push((mapping.id, failure));
        }
        Some(Err(error)) => return Err(error),
        None => {}
    }
    let settled = settle_all(&lane, stop, counts).await;
    outcome.has_worked |= lane.pulse.was_felt();
    settled
}

async fn settle_all(
    lane: &Lane<'_>,
    stop: &watch::Receiver<bool>,
    counts: &mut Counts,
) -> Result<(), SyncError> {
    // Those that failed before come last and alone, so that they cannot drag others along.
    for has_failed in [false, true] {
        let mut after = 0;
        while let Some(last) = next_batch(lane, (after, has_failed), counts).await? {
            after = last;
            lane.session.check_stop(stop).await?;
        }
    }
    Ok(())
}

/// Settles links behind `after`. Gives the last of them, or `None` at the end.
async fn next_batch(
    lane: &Lane<'_>,
    (after, has_failed): (LinkId, bool),
    counts: &mut Counts,
) -> Result<Option<LinkId>, SyncError> {
    let store = lane.session.store();
    let now = store.clock().now();
    let place = (lane.session.connection.id, lane.mapping.kind);
    let links = links::list_dirty(store, place, now, after, BATCH).await?;
    let Some(last) = links.last().map(|link| link.id) else { return Ok(None) };
    let links = links.into_iter().filter(|link| link.failure.is_some() == has_failed);
    let together: Vec<Vec<Link>> =
        if has_failed { links.map(|link| vec![link]).collect() } else { vec![links.collect()] };
    for links in together.into_iter().filter(|links| !links.is_empty()) {
        let settled = settle(lane, links).await?;
        *counts += settled.counts;
        if let Some(failure) = settled.given_up {
            return Err(failure.into());
        }
    }
    Ok(Some(last))
}

async fn end(session: &Session, outcome: Outcome) -> Result<(), SyncError> {
    let Outcome { has_worked, failed } = outcome;
    let at_once = |(_, failure): &&(_, Failure)| reason::pauses_at_once(failure).is_some();
    let first = failed.iter().find(at_once).or(failed.first());
    let Some((_, failure)) = first.cloned() else { return Ok(()) };
    if !has_worked || reason::pauses_at_once(&failure).is_some() {
        return Err(failure.into());
    }
    let mut due_at = Millis::MAX;
    for (mapping, failure) in &failed {
        due_at = due_at.min(put_off(session, *mapping, failure).await?);
    }
    Err(SyncError::Partly { failure, due_at })
}

/// A type that failed is polled again later, less and less often. Gives the time.
async fn put_off(
    session: &Session,
    mapping: ActorMappingId,
    failure: &Failure,
) -> Result<Millis, SyncError> {
    let mut tx = session.begin().await?;
    let failures = positions::tries(&mut tx, mapping).await?.failures + 1;
    let wait = schedule::pause(failures, chance()).max(asked_to_wait(failure));
    let next_try = tx.clock().now() + wait;
    positions::set_tries(&mut tx, mapping, Tries { failures, next_try }).await?;
    tx.commit().await?;
    Ok(next_try)
}
