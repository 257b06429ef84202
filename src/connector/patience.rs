//! How long the answer of a connector is waited for.

use std::time::Duration;

/// How long a caller is willing to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Patience {
    /// A person is waiting: 10 s in all.
    Interactive,
    /// Nobody is waiting: 30 s, and for streamed answers 30 s without progress, 30 min in all.
    Background,
}

impl Patience {
    /// For one call that is not streamed; for a person, in all.
    pub fn limit(self) -> Duration {
        match self {
            Self::Interactive => Duration::from_secs(10),
            Self::Background => Duration::from_secs(30),
        }
    }
}
