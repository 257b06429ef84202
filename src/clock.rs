//! The only source of "now". Everything that needs the time is handed a [`Clock`].

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

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
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    pub fn machine() -> Self {
        Self(Source::Machine)
    }

    /// A clock that shows `at` until [`Clock::advance`] is called on it or on a clone.
    pub fn fixed(at: Millis) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at))))
    }

    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::Machine => jiff::Timestamp::now().as_millisecond(),
            Source::Fixed(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Moves a fixed clock (also backwards); the machine's clock stays as it is.
    pub fn advance(&self, by: Millis) {
        if let Source::Fixed(at) = &self.0 {
            at.fetch_add(by, Ordering::SeqCst);
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
