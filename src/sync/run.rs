//! One run of one connection: what was left behind, what the ERP changed, what the CRM changed.

use tokio::sync::watch;

use super::session::{Lane, Session};
use super::settle::settle;
use super::{SyncError, poll, reason, recover};
use crate::links::LinkId;
use crate::mapping::ActorMapping;
use crate::runs::Counts;
use crate::store::links;
use crate::store::mappings;

/// Links brought in step together.
const BATCH: i64 = 100;

/// Carries out a run. What it has done is in `counts`, also when it fails.
pub(super) async fn run(
    session: &Session,
    stop: &watch::Receiver<bool>,
    counts: &mut Counts,
) -> Result<(), SyncError> {
    recover::of_runs(session, counts).await?;
    let mut first = Ok(());
    for mapping in mappings::list(session.store(), session.connection.id).await? {
        if !mapping.is_active || mapping.is_missing {
            continue;
        }
        match one_type(session, &mapping, stop, counts).await {
            // The other types may fare better; the run fails all the same.
            Err(SyncError::Erp(failure)) if reason::is_about_a_record(&failure) => {
                first = first.and(Err(failure.into()));
            }
            other => other?,
        }
    }
    first
}

async fn one_type(
    session: &Session,
    mapping: &ActorMapping,
    stop: &watch::Receiver<bool>,
    counts: &mut Counts,
) -> Result<(), SyncError> {
    check_stop(stop)?;
    let lane = Lane::open(session, mapping).await?;
    poll::poll(&lane, counts).await?;
    let mut after = 0;
    while let Some(last) = next_batch(&lane, after, counts).await? {
        after = last;
        check_stop(stop)?;
    }
    Ok(())
}

/// Settles the links behind `after`. Gives the last of them, or `None` at the end. Those that failed before
/// are settled alone, so that they cannot drag others along.
async fn next_batch(
    lane: &Lane<'_>,
    after: LinkId,
    counts: &mut Counts,
) -> Result<Option<LinkId>, SyncError> {
    let store = lane.session.store();
    let now = store.clock().now();
    let place = (lane.session.connection.id, lane.mapping.kind);
    let links = links::list_dirty(store, place, now, after, BATCH).await?;
    let Some(last) = links.last().map(|link| link.id) else { return Ok(None) };
    let (good, failing): (Vec<_>, Vec<_>) =
        links.into_iter().partition(|link| link.failure.is_none());
    *counts += settle(lane, good).await?.counts;
    for link in failing {
        *counts += settle(lane, vec![link]).await?.counts;
    }
    Ok(Some(last))
}

fn check_stop(stop: &watch::Receiver<bool>) -> Result<(), SyncError> {
    if *stop.borrow() { Err(SyncError::Stopped) } else { Ok(()) }
}
