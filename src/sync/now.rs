//! Bringing records in step because a person asks for it, and taking a link away.

use tokio::time::sleep;

use super::Engine;
use super::log;
use super::person::{BETWEEN_TRIES, NotDone, PATIENT_TRIES, active_mapping};
use super::session::{Lane, Session};
use super::settle::settle;
use crate::connections::ConnectionId;
use crate::crm::RecordKind;
use crate::history::{self, Action, Event, Subject};
use crate::links::{Link, LinkId, StoredReason};
use crate::runs::{Counts, Task, Trigger};
use crate::store::jobs::{self, NewJob};
use crate::store::{Tx, connections, crm, erp_writes, links};

/// What bringing a record in step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    pub counts: Counts,
    /// What could not be done, if anything; the rest was.
    pub failure: Option<StoredReason>,
}

impl Engine {
    /// Has a connection synchronised as soon as possible, also while the engine is off. One that is left
    /// alone after failures is taken up again.
    pub async fn sync_connection(
        &self,
        by: &history::Actor,
        connection: ConnectionId,
    ) -> Result<(), NotDone> {
        let mut tx = self.store.begin().await?;
        tx.alone().await?;
        let found = connections::find(&mut tx, connection).await?;
        let usable = found.filter(|connection| connection.is_active && !connection.is_deleted);
        let connection = usable.ok_or(NotDone::NotThere)?;
        let subject = Subject::new("connection", connection.id, &connection.name);
        let event = Event::new(Action::SyncRequested, subject)
            .in_connection(connection.id, &connection.name);
        tx.record(by, &event).await?;
        connections::resume(&mut tx, by, connection.id).await?;
        let new = NewJob {
            connection: connection.id,
            task: Task::Sync,
            trigger: Trigger::Person,
            due_at: tx.clock().now(),
            attempt: 0,
            requested_by: &by.name,
            requested_by_id: by.id,
        };
        jobs::hurry(&mut tx, &new).await?;
        erp_writes::hurry(&mut tx, connection.id).await?;
        tx.commit().await?;
        self.wake();
        Ok(())
    }

    /// Brings one linked record in step now, whether the engine is on or off.
    pub async fn sync_record(&self, by: &history::Actor, link: LinkId) -> Result<Synced, NotDone> {
        let found = links::find(&self.store, link).await?.ok_or(NotDone::NotThere)?;
        let session = self.open_for(by, found.connection_id).await?;
        let mapping = active_mapping(&session, found.actor.kind).await?;
        let lane = Lane::open(&session, &mapping).await?;
        note_request(&session, &found).await?;
        let counts = bring_in_step(&lane, link).await?;
        let failure = links::find(&self.store, link).await?.and_then(|link| link.failure);
        Ok(Synced { counts, failure: failure.map(|failure| failure.reason) })
    }

    /// How many persons of a company would be unlinked together with it.
    pub async fn count_persons_linked_with(&self, link: LinkId) -> Result<usize, NotDone> {
        let mut tx = self.store.begin().await?;
        let link = links::find(&mut tx, link).await?.ok_or(NotDone::NotThere)?;
        Ok(persons(&mut tx, &link).await?.len())
    }

    /// Takes a link away, and those of a company's persons in the same connection with it. The connector
    /// is not called; both sides keep their data. Gives the number of persons.
    pub async fn disconnect(&self, by: &history::Actor, link: LinkId) -> Result<usize, NotDone> {
        let mut tx = self.store.begin().await?;
        tx.alone().await?;
        let link = links::find(&mut tx, link).await?.ok_or(NotDone::NotThere)?;
        let connection = connections::find(&mut tx, link.connection_id).await?;
        let name = connection.map(|connection| connection.name).unwrap_or_default();
        let persons = persons(&mut tx, &link).await?;
        for link in persons.iter().chain([&link]) {
            let record = crm::find(&mut tx, link.record_kind, link.record_id).await?;
            let record = record.map(|record| record.name()).unwrap_or_default();
            links::delete(&mut tx, by, link, &name, &record).await?;
        }
        tx.commit().await?;
        Ok(persons.len())
    }
}

/// The links of a company's persons in the connection of the company's link.
async fn persons(tx: &mut Tx, link: &Link) -> Result<Vec<Link>, NotDone> {
    if link.record_kind != RecordKind::Company {
        return Ok(Vec::new());
    }
    Ok(links::list_of_persons(tx, link).await?)
}

async fn note_request(session: &Session, link: &Link) -> Result<(), NotDone> {
    let mut tx = session.begin().await?;
    let record = crm::find(&mut tx, link.record_kind, link.record_id).await?;
    let record = record.ok_or(NotDone::NotThere)?;
    let event = log::event(&session.connection, Action::SyncRequested, &record);
    tx.record(&session.by.actor, &event).await?;
    Ok(tx.commit().await?)
}

/// Settles a link, after whatever else is being done to it.
async fn bring_in_step(lane: &Lane<'_>, link: LinkId) -> Result<Counts, NotDone> {
    let mut counts = Counts::default();
    for _ in 0..PATIENT_TRIES {
        let link = links::find(lane.session.store(), link).await?.ok_or(NotDone::NotThere)?;
        let settled = settle(lane, vec![link]).await?;
        counts += settled.counts;
        if settled.skipped.is_empty() {
            return Ok(counts);
        }
        sleep(BETWEEN_TRIES).await;
    }
    Err(NotDone::Busy)
}
