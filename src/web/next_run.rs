//! When a connection is synchronised next, or why it is not.

use super::visit::Visit;
use crate::clock::{DAY, HOUR, MINUTE, Millis};
use crate::connections::ErpConnection;
use crate::i18n::{Key, named};
use crate::runs::{Job, JobState, Trigger};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextRun {
    Inactive,
    /// Left alone for now, for this reason.
    Paused(Key),
    /// One has been going on since then.
    Running(Millis),
    Due(Millis),
    /// The engine is about to see that one is due.
    Soon,
    /// The engine is off, and nobody has asked for one.
    Off,
}

impl NextRun {
    /// Of a connection, from the synchronisations that wait or go on.
    pub fn of(connection: &ErpConnection, open: &[Job], is_on: bool) -> Self {
        let mut own = open.iter().filter(|job| job.connection_id == connection.id);
        if let Some(running) = own.clone().find(|job| job.state == JobState::Running) {
            return Self::Running(running.started_at.unwrap_or(running.due_at));
        }
        if !connection.is_active || connection.is_deleted {
            return Self::Inactive;
        }
        if let Some(why) = connection.paused_because.as_deref().and_then(Key::parse) {
            return Self::Paused(why);
        }
        match own.find(|job| is_on || job.trigger == Trigger::Person) {
            Some(waiting) => Self::Due(waiting.due_at),
            None if is_on => Self::Soon,
            None => Self::Off,
        }
    }

    /// Whether one goes on or will come by itself.
    pub fn is_awaited(&self) -> bool {
        matches!(self, Self::Running(_) | Self::Due(_) | Self::Soon)
    }

    /// What comes first of all connections' next runs.
    pub fn first(all: impl Iterator<Item = Self>) -> Option<Self> {
        let order = |next: &Self| match next {
            Self::Running(since) => (0, *since),
            Self::Due(at) => (2, *at),
            _ => (1, 0),
        };
        all.filter(Self::is_awaited).min_by_key(order)
    }

    /// In as few words as a column has room for: when, but not why there is none.
    pub fn in_brief(&self, visit: &Visit, now: &Millis) -> String {
        match self {
            Self::Inactive | Self::Off => visit.t.next_run_none().to_owned(),
            Self::Paused(_) => visit.t.next_run_paused().to_owned(),
            _ => self.in_words(visit, now),
        }
    }

    /// In words, with the time.
    pub fn in_words(&self, visit: &Visit, now: &Millis) -> String {
        let t = visit.t;
        match self {
            Self::Inactive => t.next_run_inactive().to_owned(),
            Self::Paused(why) => t.plain(*why).to_owned(),
            Self::Running(since) => t.next_run_running(visit.moment(since)),
            Self::Soon => t.next_run_soon().to_owned(),
            Self::Due(at) if at <= now => t.next_run_soon().to_owned(),
            Self::Due(at) => t.next_run_due(
                named::when(visit.moment(at)),
                named::within(within(visit, at - now)),
            ),
            Self::Off => t.next_run_off().to_owned(),
        }
    }
}

/// A time to wait, in the largest unit that it fills, rounded up.
fn within(visit: &Visit, wait: Millis) -> String {
    let count = |unit: Millis| (wait + unit - 1) / unit;
    match wait {
        ..MINUTE => visit.t.next_run_within_minute().to_owned(),
        MINUTE..=HOUR => visit.t.next_run_in_minutes(count(MINUTE)),
        _ if wait <= DAY => visit.t.next_run_in_hours(count(HOUR)),
        _ => visit.t.next_run_in_days(count(DAY)),
    }
}

#[cfg(test)]
mod tests {
    use super::NextRun::{self, *};

    #[test]
    fn what_goes_on_comes_before_what_is_due_and_the_rest_never() {
        let first = |all: &[NextRun]| NextRun::first(all.iter().copied());
        assert_eq!(first(&[Off, Due(9), Inactive, Due(7)]), Some(Due(7)));
        assert_eq!(first(&[Due(1), Soon]), Some(Soon));
        assert_eq!(first(&[Due(1), Running(5), Soon]), Some(Running(5)));
        assert_eq!(first(&[Off, Inactive]), None);
    }
}
