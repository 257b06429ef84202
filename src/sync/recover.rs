//! Finds out how writes ended that nobody saw the end of: the ERP is asked what it holds. Nothing is sent.

use super::apply::{self, Evidence};
use super::person::NotDone;
use super::session::{By, Lane, Session};
use super::{Engine, SyncError, chance, connect, create, reason, schedule, send};
use crate::connector::registry::Patience;
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::Counts;
use crate::runs::write::Purpose;
use crate::store::erp_writes::{self, ErpWrite};
use crate::store::{connections, mappings};

/// Resolves what was left behind in a connection, before a run of it begins.
pub(super) async fn connection(session: &Session, counts: &mut Counts) -> Result<(), SyncError> {
    for write in orphans(&session.engine).await? {
        if write.connection_id == session.connection.id {
            *counts += resolve(session, &write).await?;
        }
    }
    Ok(())
}

/// Resolves one write that was left behind and whose time has come. `false`: there is none.
pub(super) async fn one(engine: &Engine) -> Result<bool, SyncError> {
    let now = engine.store.clock().now();
    let due = |write: &ErpWrite| write.next_try <= now;
    let Some(write) = orphans(engine).await?.into_iter().find(due) else { return Ok(false) };
    let Some(connection) = connections::find(&engine.store, write.connection_id).await? else {
        return Ok(false);
    };
    let by = By { actor: write.requested_by.clone(), claim: None };
    let resolved = match Session::open(engine, connection, Patience::Background, by).await {
        Ok(session) => resolve(&session, &write).await.map(|_| ()),
        Err(error) => Err(error),
    };
    if let Err(SyncError::Erp(failure)) = resolved {
        tracing::warn!(write.id, %failure, "how a write to the ERP ended is still not known");
        let mut tx = engine.store.begin().await?;
        let next_try = now + schedule::pause(write.tries + 1, chance());
        erp_writes::postpone(&mut tx, write.id, next_try).await?;
        tx.commit().await?;
        return Ok(true);
    }
    resolved.map(|()| true)
}

/// Writes whose process is gone, or which this process was at and is no longer.
async fn orphans(engine: &Engine) -> Result<Vec<ErpWrite>, SyncError> {
    let is_orphan = |write: &ErpWrite, alive: Option<_>| {
        alive.is_none() || write.holder == engine.process.id() && !engine.process.is_at(write.id)
    };
    let prepared = erp_writes::list_prepared(&engine.store).await?;
    let orphans = prepared.into_iter().filter(|(write, alive)| is_orphan(write, *alive));
    Ok(orphans.map(|(write, _)| write).collect())
}

async fn resolve(session: &Session, write: &ErpWrite) -> Result<Counts, SyncError> {
    let engine = &session.engine;
    let Some(_held) = engine.process.hold(write.id) else { return Ok(Counts::default()) };
    let mut tx = session.begin().await?;
    if !erp_writes::take_over(&mut tx, write, engine.process.id()).await? {
        return Ok(Counts::default());
    }
    tx.commit().await?;
    let mapping = mappings::find(session.store(), write.connection_id, write.actor.kind).await?;
    let Some(mapping) = mapping else { return Ok(Counts::default()) };
    let lane = Lane::open(session, &mapping).await?;
    match &write.work.purpose {
        Purpose::Save => save(&lane, write).await,
        Purpose::Connect { .. } => outcome(connect::resolve(&lane, write).await),
        Purpose::Create { .. } => outcome(create::look(&lane, write).await),
    }
}

/// A person's write that is finished without them: why it could not be is in the history, or of no
/// consequence, unless the ERP or the database has to be asked again.
fn outcome<T>(ended: Result<T, NotDone>) -> Result<Counts, SyncError> {
    match ended {
        Err(NotDone::Erp(failure)) => Err(failure.into()),
        Err(NotDone::Store(error)) => Err(error.into()),
        _ => Ok(Counts::default()),
    }
}

/// A write to a linked actor: what the ERP holds was written, the rest is planned anew.
async fn save(lane: &Lane<'_>, write: &ErpWrite) -> Result<Counts, SyncError> {
    let (mut actors, failures) = lane.read_each(std::slice::from_ref(&write.actor.key)).await?;
    let Some(actor) = actors.remove(&write.actor.key) else {
        let failure = failures.get(&write.actor.key);
        let gone = || StoredReason::new(Key::SYNC_FAILED_GONE.id());
        return send::drop_write(lane, write, failure.map_or_else(gone, reason::of)).await;
    };
    let mut tx = lane.session.begin().await?;
    let concluded = apply::conclude(&mut tx, lane, write, &actor, Evidence::Found).await;
    match concluded {
        Ok(counts) => {
            tx.commit().await?;
            Ok(counts)
        }
        Err(error) if error.is_about_a_value() => {
            drop(tx);
            send::drop_write(lane, write, reason::of_store(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}
