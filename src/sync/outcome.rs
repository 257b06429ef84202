//! What became of a write is told to the resync it is part of, in the same transaction: then neither a crash nor
//! whoever finds out later can leave the two apart.

use crate::links::StoredReason;
use crate::runs::resync::ItemState;
use crate::runs::write::Sent;
use crate::store::erp_writes::ErpWrite;
use crate::store::resyncs::items::{self, Outcome};
use crate::store::{Result, Tx};

/// The ERP has a write: these fields of it, and for these reasons not the others.
pub(super) async fn written(
    tx: &mut Tx,
    write: &ErpWrite,
    taken: &[&Sent],
    reasons: Vec<StoredReason>,
) -> Result<()> {
    let Some(resync) = write.work.resync else { return Ok(()) };
    let item = items::find(&mut *tx, resync, write.record_id).await?;
    // Why a part of it was not even sent. A failure that proved wrong is none of these.
    let known = item.filter(|item| item.state != ItemState::Failed).and_then(|item| item.reason);
    let known = known.map(|known| [known.also.clone(), vec![known]].concat()).unwrap_or_default();
    let reasons = known
        .into_iter()
        .rev()
        .map(|reason| StoredReason { also: Vec::new(), ..reason })
        .chain(reasons);
    let reason = StoredReason::all(reasons.collect());
    let fields: Vec<String> = taken.iter().map(|sent| sent.erp_key.clone()).collect();
    let state = if reason.is_none() { ItemState::Written } else { ItemState::Failed };
    let outcome = Outcome { state, fields: &fields, reason: reason.as_ref() };
    items::note_outcome(tx, resync, write.record_id, &outcome).await
}

/// A write was not done, as far as anybody knows.
pub(super) async fn failed(tx: &mut Tx, write: &ErpWrite, reason: &StoredReason) -> Result<()> {
    let Some(resync) = write.work.resync else { return Ok(()) };
    let outcome = Outcome { state: ItemState::Failed, fields: &[], reason: Some(reason) };
    items::note_outcome(tx, resync, write.record_id, &outcome).await
}
