//! Finds work and does it: runs that are due, writes left behind, processes that are gone. The loop does
//! nothing but call the steps; tests call them themselves and never wait.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::process::{BEAT, Held};
use super::session::{By, Session};
use super::{Engine, SyncError, chance, log, reason, recover, run, schedule};
use crate::clock::{HOUR, Millis};
use crate::connections::ErpConnection;
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::history::{Action, Actor, Event, Subject};
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::{Claim, Counts, Job, Trigger};
use crate::store::jobs::NewJob;
use crate::store::{Tx, connections, engine, jobs};

/// Runs going on at the same time in one process.
const AT_ONCE: usize = 8;
/// How long the loop waits when there is nothing to do.
const IDLE: Duration = Duration::from_secs(1);
/// Failed runs in a row after which a connection is left alone.
const TRIES: i64 = 10;
/// The longest an ERP may make us wait.
const LONGEST_WAIT: Millis = HOUR;

/// A run that this process has claimed.
struct Claimed {
    job: Job,
    claim: Claim,
    _held: Option<Held>,
}

impl Engine {
    /// Does one piece of work that is due, to its end. `false`: nothing was due.
    pub async fn run_one_due(&self) -> Result<bool, SyncError> {
        self.tidy().await?;
        if recover::one(self).await? {
            return Ok(true);
        }
        let Some(claimed) = self.claim().await? else { return Ok(false) };
        let (_stop, never) = watch::channel(false);
        self.carry_out(claimed, &never).await?;
        Ok(true)
    }

    /// Works until `stop` becomes true, then ends what it is at, at a record's end.
    pub async fn work(&self, mut stop: watch::Receiver<bool>) {
        let pulse = tokio::spawn(beat(self.clone()));
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let mut runs = JoinSet::new();
        while !*stop.borrow() {
            match self.start_due(&slots, &stop, &mut runs).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "the engine could not look for work"),
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(IDLE) => {}
                _ = stop.changed() => {}
            }
            while runs.try_join_next().is_some() {}
        }
        while runs.join_next().await.is_some() {}
        pulse.abort();
    }

    /// Starts one piece of work, if there is any and a slot is free.
    async fn start_due(
        &self,
        slots: &Arc<Semaphore>,
        stop: &watch::Receiver<bool>,
        runs: &mut JoinSet<()>,
    ) -> Result<bool, SyncError> {
        let Ok(slot) = slots.clone().try_acquire_owned() else { return Ok(false) };
        self.tidy().await?;
        let (engine, stop) = (self.clone(), stop.clone());
        if let Some(claimed) = self.claim().await? {
            runs.spawn(async move {
                let job = claimed.job.id;
                if let Err(error) = engine.carry_out(claimed, &stop).await {
                    tracing::error!(job.id = job, %error, "a run could not be ended");
                }
                engine.wake.notify_one();
                drop(slot);
            });
            return Ok(true);
        }
        recover::one(self).await
    }

    /// Wakes the loop of this process, because there may be work.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Takes the gone for gone, replaces their runs, and sees to it that every active connection has a run
    /// waiting.
    async fn tidy(&self) -> Result<(), SyncError> {
        self.process.bury_the_gone(&self.store).await?;
        for (job, process) in jobs::list_running(&self.store).await? {
            let is_ours = process == Some(self.process.id());
            if process.is_none() || is_ours && !self.process.is_at(job.id) {
                self.replace(&job).await?;
            }
        }
        self.schedule().await
    }

    /// A run was cut off: it ends as failed, and another one takes its place.
    async fn replace(&self, job: &Job) -> Result<(), SyncError> {
        let mut tx = self.store.begin().await?;
        tx.alone().await?;
        let still = jobs::find_running(&mut tx, job.connection_id).await?;
        if still.is_some_and(|still| still.id == job.id) {
            let now = tx.clock().now();
            let reason = StoredReason::new(Key::SYNC_FAILED_CUT_OFF.id());
            jobs::end(&mut tx, job.id, &job.counts, Some(&reason)).await?;
            again(&mut tx, job, now, job.attempt).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn schedule(&self) -> Result<(), SyncError> {
        let settings = engine::settings(&self.store).await?;
        let now = self.store.clock().now();
        if settings.is_on {
            for connection in jobs::list_idle(&self.store).await? {
                let mut tx = self.store.begin().await?;
                jobs::enqueue(&mut tx, &scheduled(connection, now)).await?;
                tx.commit().await?;
            }
        }
        let latest = schedule::next_due(settings.interval, Some(now), now);
        for job in jobs::list_far_off(&self.store, latest, now + LONGEST_WAIT).await? {
            let mut tx = self.store.begin().await?;
            jobs::set_due(&mut tx, job, latest).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn claim(&self) -> Result<Option<Claimed>, SyncError> {
        let is_on = engine::settings(&self.store).await?.is_on;
        if jobs::find_due(&self.store, is_on).await?.is_none() {
            return Ok(None);
        }
        let since = self.process.steady();
        let mut tx = self.store.begin().await?;
        let Some((job, claim)) = jobs::claim(&mut tx, self.process.id(), is_on).await? else {
            return Ok(None);
        };
        let held = self.process.hold(job.id);
        tx.commit().await?;
        self.process.gave_sign(since);
        Ok(Some(Claimed { job, claim, _held: held }))
    }

    /// Runs a claimed job and notes how it ended.
    async fn carry_out(
        &self,
        claimed: Claimed,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), SyncError> {
        let Claimed { job, claim, .. } = &claimed;
        let Some(connection) = connections::find(&self.store, job.connection_id).await? else {
            return Ok(());
        };
        let by = By { actor: Actor::engine(), claim: Some(*claim) };
        let mut counts = Counts::default();
        let ended = match Session::open(self, connection.clone(), Patience::Background, by).await {
            Ok(session) => run::run(&session, stop, &mut counts).await,
            Err(error) => Err(error),
        };
        self.end(&connection, &claimed, counts, ended).await
    }

    async fn end(
        &self,
        connection: &ErpConnection,
        claimed: &Claimed,
        counts: Counts,
        ended: Result<(), SyncError>,
    ) -> Result<(), SyncError> {
        let (job, claim) = (&claimed.job, claimed.claim);
        let mut tx = self.store.begin().await?;
        if let Err(SyncError::Lost) = ended {
            return Ok(()); // Whoever took over has noted it.
        }
        jobs::fence(&mut tx, claim).await?;
        let reason = ended.as_ref().err().map(reason_of);
        jobs::end(&mut tx, job.id, &counts, reason.as_ref()).await?;
        record_end(&mut tx, connection, job, &counts, reason.as_ref()).await?;
        let now = tx.clock().now();
        match ended {
            Ok(()) => {
                connections::set_last_sync(&mut tx, connection.id, now).await?;
                let interval = engine::settings(&mut tx).await?.interval;
                let due = schedule::next_due(interval, job.started_at, now);
                jobs::enqueue(&mut tx, &scheduled(connection.id, due)).await?;
            }
            Err(SyncError::Stopped) => again(&mut tx, job, now, job.attempt).await?,
            Err(error) => retry_or_pause(&mut tx, connection, job, &error).await?,
        }
        Ok(tx.commit().await?)
    }
}

async fn beat(engine: Engine) {
    let pause = Duration::from_millis(BEAT.unsigned_abs());
    loop {
        tokio::time::sleep(pause).await;
        if let Err(error) = engine.process.beat(&engine.store).await {
            tracing::warn!(%error, "no sign of life could be given");
        }
    }
}

/// After a failed run: another try later, or, after too many, none until a person says so.
async fn retry_or_pause(
    tx: &mut Tx,
    connection: &ErpConnection,
    job: &Job,
    error: &SyncError,
) -> Result<(), SyncError> {
    let failure = match error {
        SyncError::Erp(failure) => Some(failure),
        _ => None,
    };
    let tries = job.attempt + 1;
    let at_once = failure.and_then(reason::pauses_at_once);
    let because = at_once.or((tries >= TRIES).then_some(Key::SYNC_PAUSED_AFTER_TRIES.id()));
    if let Some(because) = because {
        connections::pause(tx, &Actor::engine(), connection.id, because).await?;
        return Ok(());
    }
    let wait = schedule::pause(tries, chance()).max(asked_to_wait(failure));
    again(tx, job, tx.clock().now() + wait, tries).await
}

/// How long the ERP wants to be left alone.
fn asked_to_wait(failure: Option<&Failure>) -> Millis {
    match failure {
        Some(Failure::HttpStatus { retry_after: Some(wait), .. }) => {
            Millis::try_from(wait.as_millis()).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
        }
        _ => 0,
    }
}

/// Has a run made again, as the one that asked for it wanted.
async fn again(tx: &mut Tx, job: &Job, due_at: Millis, attempt: i64) -> Result<(), SyncError> {
    let next = NewJob {
        connection: job.connection_id,
        trigger: job.trigger,
        due_at,
        attempt,
        requested_by: &job.requested_by,
    };
    Ok(jobs::enqueue(tx, &next).await?)
}

fn scheduled(connection: i64, due_at: Millis) -> NewJob<'static> {
    NewJob { connection, trigger: Trigger::Schedule, due_at, attempt: 0, requested_by: "" }
}

/// The history has a run that did something, failed, or was asked for by a person.
async fn record_end(
    tx: &mut Tx,
    connection: &ErpConnection,
    job: &Job,
    counts: &Counts,
    reason: Option<&StoredReason>,
) -> Result<(), SyncError> {
    if !counts.is_eventful() && reason.is_none() && job.trigger == Trigger::Schedule {
        return Ok(());
    }
    let subject = Subject::new("connection", connection.id, &connection.name);
    let mut event = Event::new(Action::RunEnded, subject)
        .in_connection(connection.id, &connection.name)
        .after("to-crm", counts.to_crm.to_string())
        .after("to-erp", counts.to_erp.to_string())
        .after("conflicts", counts.conflicts.to_string())
        .after("failed", counts.failed.to_string());
    if let Some(reason) = reason {
        event = log::with_reason(event, reason);
    }
    Ok(tx.record(&Actor::engine(), &event).await?)
}

fn reason_of(error: &SyncError) -> StoredReason {
    match error {
        SyncError::Erp(failure) => reason::of(failure),
        SyncError::Store(error) => reason::of_store(error),
        SyncError::Lost => StoredReason::new(Key::SYNC_FAILED_CUT_OFF.id()),
        SyncError::Stopped => StoredReason::new(Key::SYNC_FAILED_STOPPED.id()),
    }
}
