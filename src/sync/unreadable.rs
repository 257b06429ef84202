//! Actors of a poll's answer that could not be read. Each is counted and noted with its reason. A linked one
//! fails like any record and is asked for again by its key; one that cannot be told apart holds the position back
//! for a while, see [`crate::runs::PollPosition::held_at`].

use super::session::Lane;
use super::{SyncError, failing};
use crate::connector::handover::{Unreadable, Whose};
use crate::connector::types::ActorRef;
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::Counts;
use crate::store::links;

/// Whether one of them cannot be told apart.
pub(super) async fn note(
    lane: &Lane<'_>,
    bad: &[&Unreadable],
    counts: &mut Counts,
) -> Result<bool, SyncError> {
    let mut has_unknown = false;
    for unreadable in bad {
        counts.unreadable += 1;
        let reason = reason(unreadable);
        lane.session.notes.add(reason.clone());
        match &unreadable.whose {
            Whose::Known(actor) if actor.kind == lane.mapping.kind => {
                fail(lane, actor, reason, counts).await?;
            }
            Whose::Known(_) | Whose::Foreign => {}
            Whose::Unknown => has_unknown = true,
        }
    }
    Ok(has_unknown)
}

fn reason(unreadable: &Unreadable) -> StoredReason {
    let said = StoredReason::new(Key::SYNC_FAILED_UNREADABLE.id()).with("detail", &unreadable.what);
    match &unreadable.whose {
        Whose::Known(actor) => said.with("actor", &actor.key),
        Whose::Foreign | Whose::Unknown => said.with("actor", "?"),
    }
}

/// A link that fails already is tried again in its time.
async fn fail(
    lane: &Lane<'_>,
    actor: &ActorRef,
    reason: StoredReason,
    counts: &mut Counts,
) -> Result<(), SyncError> {
    let connection = lane.session.connection.id;
    let link = links::find_by_actor(lane.session.store(), connection, actor).await?;
    if let Some(link) = link.filter(|link| link.failure.is_none()) {
        *counts += failing::fail(lane, link.id, reason).await?;
    }
    Ok(())
}
