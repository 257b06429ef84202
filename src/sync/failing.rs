//! Records that could not be brought in step, and why.

use super::session::Lane;
use super::{SyncError, apply};
use crate::links::{Link, LinkId, StoredReason};
use crate::runs::Counts;
use crate::store::{Tx, crm, links};

/// Notes at a link why it could not be brought in step.
pub(super) async fn fail(
    lane: &Lane<'_>,
    link: LinkId,
    reason: StoredReason,
) -> Result<Counts, SyncError> {
    let mut tx = lane.session.begin().await?;
    let link = links::find(&mut tx, link).await?;
    let counts = fail_in(&mut tx, lane, link, reason).await?;
    tx.commit().await?;
    Ok(counts)
}

pub(super) async fn fail_in(
    tx: &mut Tx,
    lane: &Lane<'_>,
    link: Option<Link>,
    reason: StoredReason,
) -> Result<Counts, SyncError> {
    let Some(mut link) = link else { return Ok(Counts::default()) };
    let record = crm::find(&mut *tx, link.record_kind, link.record_id).await?;
    let Some(record) = record else { return Ok(Counts::default()) };
    Ok(apply::fail(tx, lane, &mut link, &record, reason).await?)
}
