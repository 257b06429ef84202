//! The only source of "now". Everything that needs the time is handed a [`Clock`].

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

/// Milliseconds since 1970, UTC: how times are kept and compared everywhere.
pub type Millis = i64;

pub const SECOND: Millis = 1_000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;
pub const DAY: Millis = 24 * HOUR;

/// A clock: the machine's, or one that stands still until a test moves it.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    Machine,
    Fixed(Arc<Fixed>),
}

struct Fixed {
    now: AtomicI64,
    steady: AtomicI64,
}

impl Clock {
    pub fn machine() -> Self {
        Self(Source::Machine)
    }

    /// A clock that shows `at` until [`Clock::advance`] or [`Clock::set_forward`] is called on it or on a
    /// clone.
    pub fn fixed(at: Millis) -> Self {
        Self(Source::Fixed(Arc::new(Fixed { now: AtomicI64::new(at), steady: AtomicI64::new(0) })))
    }

    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::Machine => jiff::Timestamp::now().as_millisecond(),
            Source::Fixed(fixed) => fixed.now.load(Ordering::SeqCst),
        }
    }

    /// Milliseconds of a clock that nobody can set: only differences mean anything, and only within this
    /// process. For how long something has stood still.
    pub fn steady(&self) -> Millis {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Source::Machine => i64::try_from(START.elapsed().as_millis()).unwrap_or(Millis::MAX),
            Source::Fixed(fixed) => fixed.steady.load(Ordering::SeqCst),
        }
    }

    /// Lets time pass on a fixed clock; the machine's clock stays as it is.
    pub fn advance(&self, by: Millis) {
        self.set_forward(by);
        if let Source::Fixed(fixed) = &self.0 {
            fixed.steady.fetch_add(by.max(0), Ordering::SeqCst);
        }
    }

    /// Sets a fixed clock forward or back, as an administrator does, without any time passing.
    pub fn set_forward(&self, by: Millis) {
        if let Source::Fixed(fixed) = &self.0 {
            fixed.now.fetch_add(by, Ordering::SeqCst);
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
