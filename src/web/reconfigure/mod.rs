//! Bringing a configuration to another state as a whole: an earlier version, or what a file says. First a
//! plan to look at; then, if nothing of it has changed meanwhile, all of it at once or nothing.

mod connection;
mod connector;
pub mod lists;
mod priority;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::Portal;
use super::error::WebError;
use super::visit::Visit;
use crate::connections::{SyncConnector, is_same_host};
use crate::history::chain::hex;
use crate::history::{Action, Event, Subject};
use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::{Tx, versions};
use crate::versions::attain::LeftOut;
use crate::versions::difference::{Difference, diff};
use crate::versions::place::Part;
use crate::versions::world::Source;
use crate::versions::{Snapshot, Versioned};

/// A wanted state, held against what there is.
pub struct Plan {
    pub of: Versioned,
    /// The newest version there is; 0 when none was kept yet.
    pub number: i64,
    pub current: Snapshot,
    /// What will stand there.
    pub target: Snapshot,
    pub left_out: Vec<LeftOut>,
    work: Work,
}

enum Work {
    Connector(SyncConnector),
    Connection(Box<connection::Wanted>),
    Priority,
}

/// What came of a plan that was carried out.
#[derive(Default)]
pub struct Done {
    /// What had to be left out.
    pub left_out: Vec<LeftOut>,
    /// What the connector offers otherwise under its new configuration, in words; blank when nothing.
    pub told: String,
}

/// Why a plan was not carried out.
pub enum Refused {
    /// In words.
    Because(Message),
    /// Somebody else was faster.
    Overtaken,
}

/// Draws up the plan for a wanted state, in these parts of it.
pub async fn plan(
    portal: &Portal,
    of: Versioned,
    wanted: &Snapshot,
    parts: &BTreeSet<Part>,
    source: Source,
) -> Result<Plan, WebError> {
    let store = &portal.store;
    let current = versions::snapshot(store, of).await?.ok_or(WebError::NotFound)?;
    let newest = versions::newest(store, of).await?;
    let number = newest.map_or(0, |newest| newest.number);
    match (of, wanted) {
        (Versioned::Connector(id), Snapshot::Connector(wanted)) => {
            connector::plan(portal, id, (number, current), wanted).await
        }
        (Versioned::Connection(id), Snapshot::Connection(_)) => {
            connection::plan(portal, id, (number, current), wanted, parts, source).await
        }
        (Versioned::Priority, Snapshot::Priority(wanted)) => {
            Ok(priority::plan((number, current), wanted))
        }
        _ => Err(WebError::NotFound),
    }
}

impl Plan {
    pub fn differences(&self) -> Vec<Difference> {
        diff(&self.current, &self.target)
    }

    /// Why it cannot be carried out as things stand; nothing does.
    pub fn obstacle(&self) -> Option<Key> {
        let is_deleted = match &self.work {
            Work::Connector(connector) => connector.is_deleted,
            Work::Connection(wanted) => wanted.connection.is_deleted,
            Work::Priority => false,
        };
        match &self.work {
            _ if is_deleted => Some(Key::VERSIONS_IS_DELETED),
            _ if self.differences().is_empty() => Some(Key::VERSIONS_NOTHING_TO_DO),
            Work::Connection(wanted) if wanted.connection.is_active && self.needs_rest() => {
                Some(Key::VERSIONS_IS_ACTIVE)
            }
            _ => None,
        }
    }

    /// Whether there is anything in it that stands still while the connection is active.
    fn needs_rest(&self) -> bool {
        self.differences().iter().any(|difference| difference.place.needs_rest())
    }

    /// Whether the connector is asked first: configuration fields change, and are tested as everywhere.
    pub fn asks_connector(&self) -> bool {
        let is_setting = |d: &Difference| d.place.part() == Part::Configuration;
        self.differences().iter().any(is_setting)
    }

    /// Whether the secrets of a connector's connections are forgotten: they were meant for another host.
    pub fn forgets_secrets(&self) -> bool {
        match (&self.current, &self.target) {
            (Snapshot::Connector(now), Snapshot::Connector(then)) => {
                !is_same_host(&now.address, &then.address)
            }
            _ => false,
        }
    }

    /// Stands for exactly this plan: whoever sends it back has seen what it does.
    pub fn mark(&self) -> Result<String, WebError> {
        let left: Vec<_> =
            self.left_out.iter().map(|left| (left.part.as_str(), &left.what)).collect();
        let all = (self.of.kind(), self.of.id(), self.number, &self.current, &self.target, left);
        let text = serde_json::to_string(&all).map_err(anyhow::Error::from)?;
        Ok(hex(&Sha256::digest(text.as_bytes())))
    }

    /// A transaction in which nobody else changes what the plan was drawn up against.
    async fn begin(&self, portal: &Portal) -> Result<Tx, StoreError> {
        let mut tx = portal.store.begin().await?;
        tx.alone().await?;
        let newest = versions::newest(&mut tx, self.of).await?;
        match newest.map_or(0, |newest| newest.number) == self.number {
            true => Ok(tx),
            false => Err(StoreError::Overtaken),
        }
    }

    /// What the history says first: why, and how much was left out on top of what the plan says.
    fn said(&self, why: &Event, more: usize) -> Event {
        match self.left_out.len() + more {
            0 => why.clone(),
            left => why.clone().after("left-out", left.to_string()),
        }
    }

    /// Carries it out. `why`: what the history says about it first.
    pub async fn carry_out(
        &self,
        visit: &Visit,
        portal: &Portal,
        why: &Event,
    ) -> Result<Result<Done, Refused>, WebError> {
        let done = self.do_all(visit, portal, why).await?;
        let with_planned = |done: Done| {
            let left_out = self.left_out.iter().cloned().chain(done.left_out).collect();
            Done { left_out, ..done }
        };
        Ok(done.map(with_planned))
    }

    async fn do_all(
        &self,
        visit: &Visit,
        portal: &Portal,
        why: &Event,
    ) -> Result<Result<Done, Refused>, WebError> {
        if let Some(obstacle) = self.obstacle() {
            return Ok(Err(Refused::Because(obstacle.into())));
        }
        match &self.work {
            Work::Connector(connector) => {
                connector::carry_out(self, connector, visit, portal, why).await
            }
            Work::Connection(wanted) => {
                connection::carry_out(self, wanted, visit, portal, why).await
            }
            Work::Priority => priority::carry_out(self, visit, portal, why).await,
        }
    }
}

/// What the history says about a state that was brought about as a whole.
pub fn event(action: Action, of: Versioned, name: &str) -> Event {
    let subject =
        Subject { kind: of.kind(), id: Some(of.id()).filter(|id| *id > 0), name: name.to_owned() };
    match of {
        Versioned::Connection(id) => Event::new(action, subject).in_connection(id, name),
        _ => Event::new(action, subject),
    }
}
