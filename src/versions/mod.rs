//! Versions of the configuration: what stood there at a time, what differs between two of them, and what
//! it takes to get from one to the other. Plain data and pure rules, without secrets: of a secret only
//! whether there is one, and when it was set. How they are kept is the store's, how they are said the screens'
//! affair.

pub mod attain;
pub mod difference;
pub mod file;
mod flat;
pub mod gather;
pub mod place;
pub mod state;
#[cfg(test)]
mod testing;
pub mod touched;
pub mod world;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::connections::{ConnectionId, ConnectorId};
use state::{ConnectionState, ConnectorState, PriorityState};

/// What has versions of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Versioned {
    Connector(ConnectorId),
    Connection(ConnectionId),
    /// The sync priority; there is one.
    Priority,
}

impl Versioned {
    /// The name in the database; also the kind of the history's subject.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Connector(_) => "connector",
            Self::Connection(_) => "connection",
            Self::Priority => "priority",
        }
    }

    pub fn id(self) -> i64 {
        match self {
            Self::Connector(id) | Self::Connection(id) => id,
            Self::Priority => 0,
        }
    }
}

/// What stood there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Snapshot {
    Connector(ConnectorState),
    Connection(ConnectionState),
    Priority(PriorityState),
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counts from 1 for each thing that has versions.
    pub number: i64,
    pub at: Millis,
    /// Who made it, by name; blank for the state found when the first change came.
    pub by: String,
    /// The first row that the history has of the change.
    pub history_seq: Option<i64>,
    /// `None`: written by another version of the program, which this one cannot read.
    pub snapshot: Option<Snapshot>,
}

impl Snapshot {
    /// What it is called, if it has a name of its own; may be multi-language text.
    pub fn name(&self) -> &str {
        match self {
            Self::Connector(state) => &state.name,
            Self::Connection(state) => &state.name,
            Self::Priority(_) => "",
        }
    }

    /// All of it that can be had again, see [`ConnectionState::attainable`].
    pub fn attainable(&self) -> Self {
        match self {
            Self::Connection(state) => Self::Connection(state.attainable()),
            other => other.clone(),
        }
    }

    pub fn connection(&self) -> Option<&ConnectionState> {
        match self {
            Self::Connection(state) => Some(state),
            _ => None,
        }
    }
}
