//! Finds out how writes ended that nobody saw the end of: the ERP is asked what it holds. Nothing is sent.

use super::apply::{self, Evidence};
use super::ending::TRIES;
use super::person::NotDone;
use super::process::Held;
use super::session::{By, Lane, Pulse, Session};
use super::{Engine, SyncError, chance, connect, create, reason, schedule, send};
use crate::connections::ConnectionId;
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::connector::types::ActorType;
use crate::history::Actor;
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::Counts;
use crate::runs::write::{Purpose, WriteState};
use crate::store::engine::settings;
use crate::store::erp_writes::{self, ErpWrite};
use crate::store::{connections, mappings};

/// Resolves what earlier runs left behind in a connection, before the next one begins. What is being found out
/// already is waited for, or the run would pass over its record; what cannot be found out now is put off, and
/// holds up nothing else.
pub(super) async fn of_runs(session: &Session, counts: &mut Counts) -> Result<(), SyncError> {
    let now = session.store().clock().now();
    let is_of_run = |write: &ErpWrite| {
        write.connection_id == session.connection.id
            && write.requested_by == session.by.actor
            && write.next_try <= now
    };
    let writes: Vec<_> = left(&session.engine).await?.into_iter().filter(is_of_run).collect();
    let mut silences = 0;
    for kind in ActorType::ALL {
        let writes: Vec<_> = writes.iter().filter(|write| write.actor.kind == kind).collect();
        let found = match writes.is_empty() {
            true => None,
            false => mappings::find(session.store(), session.connection.id, kind).await?,
        };
        let Some(mapping) = found else { continue };
        let lane = Lane::open(session, &mapping).await?;
        for write in writes {
            let _held = session.engine.process.hold_next(write.id).await;
            let still = erp_writes::find(session.store(), write.id).await?;
            // Another process that is at it by now brings it to its end.
            let is_free = |still: &ErpWrite| {
                still.holder == write.holder || still.holder == session.engine.process.id()
            };
            let is_open = |still: &ErpWrite| {
                still.state == WriteState::Prepared && is_of_run(still) && is_free(still)
            };
            if let Some(write) = still.filter(is_open) {
                *counts += resolve_or_put_off(&lane, &write, &mut silences).await?;
            }
        }
    }
    Ok(())
}

async fn resolve_or_put_off(
    lane: &Lane<'_>,
    write: &ErpWrite,
    silences: &mut usize,
) -> Result<Counts, SyncError> {
    match resolve(lane, write).await {
        Err(SyncError::Erp(failure)) if !reason::is_about_the_connection(&failure) => {
            put_off(&lane.session.engine, write).await?;
            *silences = if failure.is_passing() { *silences + 1 } else { 0 };
            let is_enough = *silences >= Pulse::SILENCES;
            if is_enough { Err(failure.into()) } else { Ok(Counts::default()) }
        }
        other => {
            *silences = 0;
            other
        }
    }
}

/// A write that was left behind, whose time has come and that this process is at from now on. While the engine
/// is off, each is tried so often and then left until somebody wants its connection synchronised.
pub(super) async fn next(engine: &Engine) -> Result<Option<(ErpWrite, Held)>, SyncError> {
    let now = engine.store.clock().now();
    let is_on = settings(&engine.store).await?.is_on;
    let is_due = |write: &ErpWrite| write.next_try <= now && (is_on || write.tries < TRIES);
    let due = left(engine).await?.into_iter().filter(is_due);
    let mut held = due.filter_map(|write| Some((engine.process.hold(write.id)?, write)));
    Ok(held.next().map(|(held, write)| (write, held)))
}

/// Resolves such a write, or puts it off.
pub(super) async fn one(engine: &Engine, write: &ErpWrite) -> Result<(), SyncError> {
    let found = connections::find(&engine.store, write.connection_id).await?;
    let Some(connection) = found else { return Ok(()) };
    let by = By { actor: write.requested_by.clone(), claim: None };
    let resolved = match Session::open(engine, connection, Patience::Background, by).await {
        Ok(session) => look(&session, write).await,
        Err(error) => Err(error),
    };
    if let Err(error) = &resolved {
        tracing::warn!(write.id, %error, "how a write to the ERP ended is still not known");
    }
    if let Err(SyncError::Erp(failure)) = &resolved {
        leave_alone(engine, write.connection_id, failure).await?;
    }
    put_off(engine, write).await
}

async fn look(session: &Session, write: &ErpWrite) -> Result<(), SyncError> {
    let mapping = mappings::find(session.store(), write.connection_id, write.actor.kind).await?;
    let Some(mapping) = mapping else { return Ok(()) };
    let lane = Lane::open(session, &mapping).await?;
    resolve(&lane, write).await.map(|_| ())
}

/// An ERP that does not let us in is not asked again, whoever asks.
async fn leave_alone(
    engine: &Engine,
    connection: ConnectionId,
    failure: &Failure,
) -> Result<(), SyncError> {
    let Some(because) = reason::pauses_at_once(failure) else { return Ok(()) };
    let mut tx = engine.store.begin().await?;
    tx.alone().await?;
    connections::pause(&mut tx, &Actor::engine(), connection, because).await?;
    Ok(tx.commit().await?)
}

/// What is still not known is asked for again later, less and less often.
async fn put_off(engine: &Engine, write: &ErpWrite) -> Result<(), SyncError> {
    let mut tx = engine.store.begin().await?;
    tx.alone().await?;
    let still = erp_writes::find(&mut tx, write.id).await?;
    if still.is_some_and(|still| still.state == WriteState::Prepared) {
        let next_try = tx.clock().now() + schedule::pause(write.tries + 1, chance());
        erp_writes::postpone(&mut tx, write.id, next_try).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Writes whose process is gone, and those of this process, which may be at them.
async fn left(engine: &Engine) -> Result<Vec<ErpWrite>, SyncError> {
    let is_left =
        |write: &ErpWrite, alive: Option<_>| alive.is_none() || write.holder == engine.process.id();
    let prepared = erp_writes::list_prepared(&engine.store).await?;
    let left = prepared.into_iter().filter(|(write, alive)| is_left(write, *alive));
    Ok(left.map(|(write, _)| write).collect())
}

async fn resolve(lane: &Lane<'_>, write: &ErpWrite) -> Result<Counts, SyncError> {
    let mut tx = lane.session.begin().await?;
    if !erp_writes::take_over(&mut tx, write, lane.session.engine.process.id()).await? {
        return Ok(Counts::default());
    }
    tx.commit().await?;
    match &write.work.purpose {
        Purpose::Save => save(lane, write).await,
        Purpose::Connect { .. } => outcome(connect::resolve(lane, write).await),
        Purpose::Create { .. } => outcome(create::look(lane, write).await),
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
    let key = &write.actor.key;
    let mut looked = lane.read(std::slice::from_ref(key)).await?;
    let Some(actor) = looked.actors.remove(key) else {
        let reason = match looked.failures.remove(key) {
            Some(failure) if failure.is_passing() => return Err(failure.into()),
            Some(failure) => reason::of(&failure),
            None => StoredReason::new(Key::SYNC_FAILED_GONE.id()),
        };
        return send::drop_write(lane, write, reason).await;
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
