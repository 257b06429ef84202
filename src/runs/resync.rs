//! A resync from the CRM: what the CRM holds is written to the ERP, whatever changed there and whenever. First it
//! is counted what that would come to, record by record; only when a person has seen the figures and confirmed
//! them is anything written. No I/O.

use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::connector::types::{ActorRef, ActorType};
use crate::crm::{RecordId, RecordKind};
use crate::links::{LinkId, StoredReason};

pub type ResyncId = i64;

/// One resync, from the first count to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resync {
    pub id: ResyncId,
    pub connection_id: ConnectionId,
    pub choice: Choice,
    /// Blank CRM values empty the ERP's fields, where the field's rule lets them.
    pub with_blanks: bool,
    pub state: ResyncState,
    /// Of the connection when it was asked for; what travels must not be another by now.
    pub generation: i64,
    pub tally: Tally,
    /// Why it came to no end.
    pub failure: Option<StoredReason>,
    pub requested_by: String,
    pub created_at: Millis,
    pub counted_at: Option<Millis>,
    pub confirmed_at: Option<Millis>,
    pub ended_at: Option<Millis>,
}

/// Which linked records it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    All,
    Type(ActorType),
    /// Those it has items of from the beginning.
    Chosen,
}

impl Choice {
    /// The name in the database and in the history.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Type(_) => "type",
            Self::Chosen => "chosen",
        }
    }

    pub fn parse(name: &str, kind: Option<ActorType>) -> Option<Self> {
        match (name, kind) {
            ("all", _) => Some(Self::All),
            ("type", Some(kind)) => Some(Self::Type(kind)),
            ("chosen", _) => Some(Self::Chosen),
            _ => None,
        }
    }

    pub fn covers(self, kind: ActorType) -> bool {
        !matches!(self, Self::Type(only) if only != kind)
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResyncState {
    Counting,
    /// Waits for a person to confirm the figures.
    Counted,
    Running,
    Done,
    /// Broken off or stopped, while counting or while writing.
    Failed,
}

impl ResyncState {
    const ALL: [Self; 5] = [Self::Counting, Self::Counted, Self::Running, Self::Done, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counting => "counting",
            Self::Counted => "counted",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Its figures. Each is the number of items in a state, kept as they change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records it is about; `None` until that is known.
    pub total: Option<i64>,
    /// What counting found: records that differ and their fields, …
    pub differing: i64,
    pub fields: i64,
    /// … records in step, and records that could not be read.
    pub nothing: i64,
    pub unread: i64,
    /// What became of those that differ or could not be read.
    pub written: i64,
    pub fields_written: i64,
    /// There was nothing left to do for them.
    pub settled: i64,
    pub failed: i64,
}

impl Tally {
    /// Records that counting has looked at.
    pub fn counted(&self) -> i64 {
        self.differing + self.nothing + self.unread
    }

    /// Records whose turn it is once it is confirmed.
    pub fn to_do(&self) -> i64 {
        self.differing + self.unread
    }

    pub fn dealt_with(&self) -> i64 {
        self.written + self.settled + self.failed
    }

    pub fn open(&self) -> i64 {
        self.to_do() - self.dealt_with()
    }
}

impl Resync {
    pub fn is_at_work(&self) -> bool {
        matches!(self.state, ResyncState::Counting | ResyncState::Running)
    }

    /// Whether a person may have it write: for the first time, or what is left of it.
    pub fn may_be_confirmed(&self) -> bool {
        let is_ready = match self.state {
            ResyncState::Counted => true,
            ResyncState::Failed => self.confirmed_at.is_some(),
            _ => false,
        };
        is_ready && self.tally.open() > 0
    }
}

/// One record of a resync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub record_kind: RecordKind,
    pub record_id: RecordId,
    pub link_id: LinkId,
    pub actor: ActorRef,
    pub state: ItemState,
    /// ERP keys of the fields to be written, or written.
    pub fields: Vec<String>,
    /// Why it, or part of it, could not be written or read.
    pub reason: Option<StoredReason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Chosen, not counted yet.
    Chosen,
    /// Differs, and is still to be written.
    Open,
    /// Could not be read when counting; is tried again when writing.
    Unread,
    /// Nothing to do.
    Nothing,
    Written,
    Failed,
}

impl ItemState {
    pub const ALL: [Self; 6] =
        [Self::Chosen, Self::Open, Self::Unread, Self::Nothing, Self::Written, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Open => "open",
            Self::Unread => "unread",
            Self::Nothing => "nothing",
            Self::Written => "written",
            Self::Failed => "failed",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for state in ResyncState::ALL {
            assert_eq!(ResyncState::parse(state.as_str()), Some(state));
        }
        for state in ItemState::ALL {
            assert_eq!(ItemState::parse(state.as_str()), Some(state));
        }
        for choice in [Choice::All, Choice::Type(ActorType::Person), Choice::Chosen] {
            let kind = Some(ActorType::Person);
            assert_eq!(Choice::parse(choice.as_str(), kind), Some(choice));
        }
        assert_eq!(Choice::parse("type", None), None);
    }

    #[test]
    fn what_is_left_is_what_differs_or_was_not_read_and_came_to_no_end() {
        let tally = Tally { differing: 7, unread: 2, nothing: 90, ..Tally::default() };
        let later = Tally { written: 3, settled: 1, failed: 1, ..tally };
        assert_eq!((tally.open(), later.open(), later.counted()), (9, 4, 99));
    }
}
