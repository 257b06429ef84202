//! The practice ERP: a small ERP of our own, with two clients, behind a real sync connector. It lives in
//! its own SQLite file, and knows nothing of the portal. Faults are not its business: whoever wants an
//! ERP that stumbles wraps its connector.

mod check;
mod connector;
pub mod data;
mod login;
pub mod model;
pub mod objection;
mod search;
mod seed;
mod settings;
pub mod web;

use std::sync::Arc;

use sqlx::SqlitePool;

pub use data::PracticeError;

use crate::clock::Clock;
use crate::connector::Connector;
use connector::PracticeConnector;

/// What its connector is called, in `?ConnectorName=` and in `plugin://`.
pub const CONNECTOR_NAME: &str = "Gleichlauf.Practice";

/// The ERP in one file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Practice {
    read: SqlitePool,
    write: SqlitePool,
    clock: Clock,
}

impl Practice {
    /// The ERP as the portal sees it.
    pub fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(PracticeConnector::new(self.clone()))
    }
}
