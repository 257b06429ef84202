//! The engine: keeps linked records equal on both sides, and carries out what a person asks for on one
//! record. Nothing is lost, nothing is done twice: every write to an ERP is committed as an intent before it
//! is sent, and after an unclear answer the ERP is asked what it holds.
//!
//! A run ([`run`]) first resolves what others left behind ([`recover`]), then asks the ERP what changed
//! ([`poll`]), then brings the links in step whose sides may differ ([`settle`], [`send`]). A person's
//! operations use the same steps, so there is one order per record.

mod apply;
pub mod choices;
pub mod conflict;
mod conformance;
pub mod connect;
pub mod create;
mod decide;
mod ending;
mod failing;
pub mod failpoint;
mod finish;
mod intent;
mod log;
mod notes;
pub mod now;
mod origin;
mod outcome;
pub mod person;
pub mod plan;
mod poll;
mod process;
pub mod push;
pub mod reason;
mod recover;
pub mod resync;
mod run;
pub mod schedule;
mod send;
mod session;
mod settle;
mod unreadable;
mod worker;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::clock::Millis;
use crate::connector::failure::Failure;
use crate::connector::multilang;
use crate::connector::registry::Registry;
use crate::connector::remarks::Remarks;
use crate::store::error::StoreError;
use crate::store::{self, Store, connectors};
use failpoint::Failpoints;
use process::Process;

/// What the engine and a person's operations work with. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    store: Store,
    registry: Registry,
    process: Process,
    failpoints: Failpoints,
    /// In which language a text stands for a list item of the other side (ISO code).
    language: &'static str,
    wake: Arc<Notify>,
    /// Who wants to know what the ERPs have to say.
    heard: Option<Remarks>,
}

impl Engine {
    pub async fn start(
        store: Store,
        registry: Registry,
        failpoints: Failpoints,
        language: &'static str,
    ) -> store::Result<Self> {
        let process = Process::start(&store).await?;
        for connector in connectors::list(&store).await? {
            if let Some(form) = &connector.wire {
                registry.teach(&connector.address, form);
            }
        }
        let wake = Arc::default();
        Ok(Self { store, registry, process, failpoints, language, wake, heard: None })
    }

    /// The same engine, and what the ERPs say from now on although they do what it asks.
    pub fn listening(&self) -> (Self, Remarks) {
        let remarks = Remarks::default();
        (Self { heard: Some(remarks.clone()), ..self.clone() }, remarks)
    }

    /// The text that stands for a list item on the other side.
    pub fn pick<'a>(&self, text: &'a str) -> &'a str {
        multilang::pick(text, self.language)
    }
}

/// Why work on a connection ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is the connection and not one record.
    #[error(transparent)]
    Erp(#[from] Failure),
    /// Some actor types could not be synchronised; the others could. They are tried again at `due_at`.
    #[error("in part: {failure}")]
    Partly { failure: Failure, due_at: Millis },
    /// This process was taken for gone, and others have taken over.
    #[error("taken over by another process")]
    Lost,
    /// The connection was switched off, or other values are to travel by now.
    #[error("superseded")]
    Superseded,
    /// The program is about to end.
    #[error("stopped")]
    Stopped,
    /// Somebody wanted the run to end, or whoever asked for it may no longer ask.
    #[error("called off")]
    CalledOff,
}

/// A number from 0 to 1 by chance, to spread retries.
fn chance() -> f64 {
    let mut bytes = [0u8; 2];
    // Without randomness everybody retries at the same time, which is bearable.
    let _ = getrandom::fill(&mut bytes);
    f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX)
}
