//! What follows when a job of a resync is over.

use super::super::{SyncError, reason};
use crate::connections::ErpConnection;
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::resync::ResyncState;
use crate::runs::{Job, Task};
use crate::store::{Tx, resyncs};

/// Whether another job is to go on with it. One that comes to no end is broken off for this reason.
pub(in crate::sync) async fn goes_on(
    tx: &mut Tx,
    connection: &ErpConnection,
    job: &Job,
    ended: &Result<(), SyncError>,
    why: Option<&StoredReason>,
) -> Result<bool, SyncError> {
    let state = match job.task {
        Task::Count => ResyncState::Counting,
        _ => ResyncState::Running,
    };
    let found = resyncs::find_at_work(&mut *tx, connection.id, state).await?;
    let Some(resync) = found else { return Ok(false) };
    let said = |key: Key| StoredReason::new(key.id());
    let reason = match ended {
        _ if job.stop_at.is_some() => said(Key::SYNC_FAILED_RESYNC_STOPPED),
        Ok(()) | Err(SyncError::Stopped | SyncError::Lost) => return Ok(true),
        Err(SyncError::Superseded) => said(Key::SYNC_FAILED_RESYNC_SUPERSEDED),
        Err(_) => why.cloned().unwrap_or_else(|| said(Key::SYNC_FAILED_RESYNC_STOPPED)),
    };
    let event = reason::noted(resyncs::ended(connection, &resync), &reason);
    resyncs::set_failed(tx, &resync, event, &reason).await?;
    Ok(false)
}
