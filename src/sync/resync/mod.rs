//! Resync from the CRM. A person has it counted what would be written ([`counting`]), sees the figures, and has it
//! written ([`writing`]); both are jobs beside synchronising, and can be stopped. Each record is noted as it is
//! dealt with, so whoever goes on after a crash goes on where it was.

mod counting;
pub(super) mod over;
mod writing;

use super::{Engine, SyncError};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::crm::RecordId;
use crate::history::Actor;
use crate::mapping::ActorMapping;
use crate::runs::resync::{Choice, Resync, ResyncId};
use crate::store::error::StoreError;
use crate::store::resyncs::{self, NewResync, items};
use crate::store::{Tx, connections, mappings};

use super::session::Session;

pub(super) use counting::count;
pub(super) use writing::write;

/// Links looked at together.
const BATCH: i64 = 100;

/// What a person wants to have resynced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    All,
    Type(ActorType),
    Records(Vec<RecordId>),
    /// What another resync of the connection could not write, or did not come to.
    LeftOf(ResyncId),
}

/// Why there is no resync.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    #[error("not there")]
    NotThere,
    #[error("the connection is not active")]
    Inactive,
    #[error("another resync is at work")]
    AtWork,
    /// What travels is another by now, so the figures are worth nothing.
    #[error("counted under other mappings")]
    Outdated,
    #[error("none of the records is linked")]
    NothingChosen,
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for NotAsked {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::AtWork,
            error => Self::Store(error),
        }
    }
}

impl Engine {
    /// Has it counted what a resync would write.
    pub async fn prepare_resync(
        &self,
        by: &Actor,
        connection: ConnectionId,
        (wanted, with_blanks): (&Wanted, bool),
    ) -> Result<ResyncId, NotAsked> {
        let mut tx = self.store.begin().await?;
        tx.alone().await?;
        let connection = usable(&mut tx, connection).await?;
        let choice = match wanted {
            Wanted::All => Choice::All,
            Wanted::Type(kind) => Choice::Type(*kind),
            Wanted::Records(_) | Wanted::LeftOf(_) => Choice::Chosen,
        };
        let new = NewResync { choice, with_blanks };
        let id = resyncs::insert(&mut tx, by, &connection, new).await?;
        let place = (id, connection.id);
        let chosen = match wanted {
            Wanted::Records(records) => items::choose(&mut tx, place, records).await?,
            Wanted::LeftOf(other) => items::choose_left(&mut tx, place, *other).await?,
            Wanted::All | Wanted::Type(_) => 1,
        };
        if chosen == 0 {
            return Err(NotAsked::NothingChosen);
        }
        tx.commit().await?;
        self.wake();
        Ok(id)
    }

    /// Has a counted resync write, or one that was broken off write the rest.
    pub async fn confirm_resync(
        &self,
        by: &Actor,
        (connection, resync): (ConnectionId, ResyncId),
    ) -> Result<(), NotAsked> {
        let mut tx = self.store.begin().await?;
        tx.alone().await?;
        let found = resyncs::find(&mut tx, connection, resync).await?;
        let resync = found.filter(Resync::may_be_confirmed).ok_or(NotAsked::NotThere)?;
        let connection = usable(&mut tx, connection).await?;
        if connection.generation != resync.generation {
            return Err(NotAsked::Outdated);
        }
        resyncs::confirm(&mut tx, by, &connection, &resync).await?;
        tx.commit().await?;
        self.wake();
        Ok(())
    }

    /// Has a resync come to an end at its next record. `false`: it is at nothing.
    pub async fn stop_resync(
        &self,
        by: &Actor,
        (connection, resync): (ConnectionId, ResyncId),
    ) -> Result<bool, NotAsked> {
        let mut tx = self.store.begin().await?;
        tx.alone().await?;
        let found = resyncs::find(&mut tx, connection, resync).await?;
        let resync = found.ok_or(NotAsked::NotThere)?;
        let is_asked = resyncs::stop(&mut tx, by, &resync).await?;
        tx.commit().await?;
        Ok(is_asked)
    }
}

async fn usable(tx: &mut Tx, id: ConnectionId) -> Result<ErpConnection, NotAsked> {
    let found = connections::find(tx, id).await?.filter(|found| !found.is_deleted);
    let connection = found.ok_or(NotAsked::NotThere)?;
    if connection.is_active { Ok(connection) } else { Err(NotAsked::Inactive) }
}

/// The actor types that a resync is about.
async fn covered(session: &Session, choice: Choice) -> Result<Vec<ActorMapping>, SyncError> {
    let mut mappings = mappings::list(session.store(), session.connection.id).await?;
    mappings
        .retain(|mapping| mapping.is_active && !mapping.is_missing && choice.covers(mapping.kind));
    Ok(mappings)
}

/// What was counted, or is being counted, under other mappings is worth nothing.
fn check_generation(session: &Session, resync: &Resync) -> Result<(), SyncError> {
    match session.connection.generation == resync.generation {
        true => Ok(()),
        false => Err(SyncError::Superseded),
    }
}
