//! Sync runs: what asked for one, how it stands, what it did; the engine's switch and interval. No I/O.

pub mod conformance;
pub mod resync;
pub mod write;

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::clock::{DAY, MINUTE, Millis};
use crate::connections::ConnectionId;
use crate::connector::stamps::is_later;
use crate::links::StoredReason;

pub type JobId = i64;
/// A process of this program that works on the database.
pub type ProcessId = i64;

/// One run of one connection, waiting for its turn, going on, or over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub connection_id: ConnectionId,
    pub task: Task,
    pub trigger: Trigger,
    pub state: JobState,
    /// Not to be started before.
    pub due_at: Millis,
    /// How many runs in a row failed before this one.
    pub attempt: i64,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub counts: Counts,
    /// Why it failed.
    pub failure: Option<StoredReason>,
    /// What the ERP had to say although it did its work, and what could not be read.
    pub notes: Vec<StoredReason>,
    /// The person's name; blank when the schedule asked.
    pub requested_by: String,
    /// The person's id, since names are not unique.
    pub requested_by_id: Option<i64>,
    /// Since when it is to come to an end.
    pub stop_at: Option<Millis>,
}

/// What a job does. A new one gets a variant here; the compiler then asks for what it does (`sync/worker.rs`),
/// what follows when it is over (`sync/ending.rs`) and of which connections it may begin
/// (`store/jobs/mod.rs`). Of each, one job may wait per connection; of all together, one may run. The
/// schedule knows [`Task::Sync`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Keeps the linked records of the connection equal on both sides.
    Sync,
    /// Finds out whether the connector keeps the contract.
    Conformance,
    /// Finds out what a resync would write; see [`resync`].
    Count,
    /// Writes what the CRM holds to the ERP.
    Resync,
}

impl Task {
    pub const ALL: [Self; 4] = [Self::Sync, Self::Conformance, Self::Count, Self::Resync];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Conformance => "conformance",
            Self::Count => "count",
            Self::Resync => "resync",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.as_str() == name)
    }
}

/// What entitles a run to write. Once its process was taken for gone, it entitles to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub job: JobId,
    pub process: ProcessId,
}

/// What asked for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    Schedule,
    Person,
}

impl Trigger {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Person => "person",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Schedule, Self::Person].into_iter().find(|trigger| trigger.as_str() == name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    Waiting,
    Running,
    Done,
    Failed,
}

impl JobState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Done, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Actors the ERP named as changed.
    pub polled: i64,
    /// Links that were looked at because one of their sides may have changed.
    pub checked: i64,
    /// Fields written to the CRM, and to the ERP.
    pub to_crm: i64,
    pub to_erp: i64,
    pub conflicts: i64,
    /// Links whose attempt failed.
    pub failed: i64,
    /// Actors named as changed that could not be read.
    pub unreadable: i64,
}

impl Counts {
    /// Whether anything happened that a person may want to read about.
    pub fn is_eventful(&self) -> bool {
        self.to_crm + self.to_erp + self.conflicts + self.failed > 0
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.polled += other.polled;
        self.checked += other.checked;
        self.to_crm += other.to_crm;
        self.to_erp += other.to_erp;
        self.conflicts += other.conflicts;
        self.failed += other.failed;
        self.unreadable += other.unreadable;
    }
}

/// How far an actor type has been polled. The texts are the ERP's own; blank: from the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollPosition {
    /// The newest time of change whose batch is committed. It never goes back.
    pub newest: String,
    /// From where the next poll asks. One poll behind `newest`, since an ERP may commit a change later
    /// than the time it stamps on it.
    pub since: String,
    /// Polls in a row that moved nothing, because an actor that could not be told apart might be cured.
    pub held: i64,
}

impl PollPosition {
    /// So often a poll is repeated for an actor that cannot be told apart. Then polling goes on without it: what
    /// cures it is a change, which brings it again.
    const MOST_HELD: i64 = 3;

    /// The position after a poll that came as far as `end` and met an actor that cannot be told apart.
    pub fn held_at(self, end: Self) -> Self {
        match self.held {
            Self::MOST_HELD.. => self.moved_to(end),
            held => Self { held: held + 1, ..self },
        }
    }

    /// The same after actors changed at these times were seen in the poll that is going on.
    pub fn having_seen(mut self, times: impl IntoIterator<Item = String>) -> Self {
        for at in times {
            if is_later(&at, &self.newest) {
                self.newest = at;
            }
        }
        self
    }

    /// The position after a poll that began here and came as far as `end`.
    pub fn moved_to(self, end: Self) -> Self {
        Self { newest: end.newest, since: self.newest, held: 0 }
    }
}

/// The engine's switch and interval, for all connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineSettings {
    pub is_on: bool,
    /// Between two runs of a connection.
    pub interval: Millis,
}

impl EngineSettings {
    pub const SHORTEST: Millis = MINUTE;
    pub const LONGEST: Millis = 7 * DAY;
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self { is_on: false, interval: 15 * MINUTE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_told_apart_holds_a_poll_back_three_times_and_not_for_ever() {
        let end = PollPosition { newest: "9".to_owned(), ..PollPosition::default() };
        let mut position = PollPosition { newest: "5".to_owned(), ..PollPosition::default() };
        for held in 1..=3 {
            position = position.held_at(end.clone());
            assert_eq!((position.newest.as_str(), position.held), ("5", held));
        }
        position = position.held_at(end);
        let moved = PollPosition { newest: "9".to_owned(), since: "5".to_owned(), held: 0 };
        assert_eq!(position, moved);
    }

    #[test]
    fn the_newest_time_of_change_is_found_in_any_form_and_never_goes_back() {
        for (newest, seen, expected) in [
            ("", vec!["2026-01-02T00:00:00", "2026-01-01T00:00:00"], "2026-01-02T00:00:00"),
            ("2026-01-02T00:00:00", vec!["2026-01-01T00:00:00"], "2026-01-02T00:00:00"),
            ("9", vec!["10", "8"], "10"),
            ("9", vec![], "9"),
            ("0001-01-01T00:00:00", vec!["0001-01-01T00:00:00"], "0001-01-01T00:00:00"),
            ("5", vec![""], "5"),
        ] {
            let position = PollPosition { newest: newest.to_owned(), ..PollPosition::default() };
            let end = position.clone().having_seen(seen.into_iter().map(str::to_owned));
            let moved = position.moved_to(end);
            assert_eq!((moved.newest.as_str(), moved.since.as_str()), (expected, newest));
        }
    }
}
