//! This process among those that work on the database: its pulse, what it is at, and who is gone.
//!
//! Time is measured by each observer's own steady clock: a process is gone when its pulse has stood still
//! for [`GONE_AFTER`] while somebody watched. Setting the clock of a machine changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::clock::{Clock, Millis, SECOND};
use crate::runs::ProcessId;
use crate::store::{self, Store, processes};

/// How long a pulse must have stood still.
pub const GONE_AFTER: Millis = 10 * SECOND;
/// Between two beats.
pub const BEAT: Millis = 2 * SECOND;

/// This process. Clones are the same process.
#[derive(Clone)]
pub struct Process(Arc<Inner>);

struct Inner {
    id: ProcessId,
    clock: Clock,
    /// Ids of the jobs and writes it is at.
    held: Mutex<BTreeSet<i64>>,
    /// Something is held no longer.
    let_go: Notify,
    /// When it last began to give a sign that then arrived.
    last_sign: AtomicI64,
    /// The others: their pulses, and since when they have stood still.
    seen: Mutex<BTreeMap<ProcessId, (i64, Millis)>>,
}

/// What is held until this is dropped.
pub struct Held {
    process: Process,
    id: i64,
}

impl Process {
    pub async fn start(store: &Store) -> store::Result<Self> {
        let clock = store.clock().clone();
        let last_sign = AtomicI64::new(clock.steady());
        let id = processes::insert(store).await?;
        let (held, let_go, seen) = (Mutex::default(), Notify::new(), Mutex::default());
        Ok(Self(Arc::new(Inner { id, clock, held, let_go, last_sign, seen })))
    }

    pub fn id(&self) -> ProcessId {
        self.0.id
    }

    /// From now on this process is at that job or write; `None`: it has been all along. To be called before
    /// the transaction that begins it commits, or the job would look forgotten for a moment.
    pub fn hold(&self, id: i64) -> Option<Held> {
        lock(&self.0.held).insert(id).then(|| Held { process: self.clone(), id })
    }

    /// The same once whoever in this process is at it has come to an end.
    pub async fn hold_next(&self, id: i64) -> Held {
        loop {
            let let_go = self.0.let_go.notified();
            if let Some(held) = self.hold(id) {
                return held;
            }
            let_go.await;
        }
    }

    pub fn is_at(&self, id: i64) -> bool {
        lock(&self.0.held).contains(&id)
    }

    /// This process' own steady time, to be taken before a transaction that gives a sign of life.
    pub fn steady(&self) -> Millis {
        self.0.clock.steady()
    }

    /// A sign that was begun at `since` has arrived.
    pub fn gave_sign(&self, since: Millis) {
        self.0.last_sign.fetch_max(since, Ordering::SeqCst);
    }

    /// Whether nobody can have taken this process for gone, if it gave a sign at `since`.
    pub fn is_trusted(&self, since: Millis) -> bool {
        let last_sign = self.0.last_sign.load(Ordering::SeqCst).max(since);
        self.steady() - last_sign < GONE_AFTER
    }

    /// Gives a sign of life while there is anything to live for.
    pub async fn beat(&self, store: &Store) -> store::Result<()> {
        if lock(&self.0.held).is_empty() {
            return Ok(());
        }
        let since = self.steady();
        if processes::beat(store, self.0.id).await? {
            self.gave_sign(since);
        }
        Ok(())
    }

    /// Takes those for gone whose pulse has stood still for long enough: what they held is free then.
    pub async fn bury_the_gone(&self, store: &Store) -> store::Result<()> {
        for (id, pulse) in self.standing_still(processes::list(store).await?) {
            let mut tx = store.begin().await?;
            processes::bury(&mut tx, id, pulse).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    fn standing_still(&self, pulses: Vec<(ProcessId, i64)>) -> Vec<(ProcessId, i64)> {
        let now = self.0.clock.steady();
        let mut seen = lock(&self.0.seen);
        seen.retain(|id, _| pulses.iter().any(|(known, _)| known == id));
        let is_still = |(id, pulse): &(ProcessId, i64)| {
            let (last, since) = seen.entry(*id).or_insert((*pulse, now));
            if last != pulse {
                (*last, *since) = (*pulse, now);
            }
            *id != self.0.id && now - *since >= GONE_AFTER
        };
        pulses.into_iter().filter(is_still).collect()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        lock(&self.process.0.held).remove(&self.id);
        self.process.0.let_go.notify_waiters();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
