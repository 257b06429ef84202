//! Finds work and does it: runs that are due, writes left behind, processes that are gone. The loop does
//! nothing but call the steps; tests call them themselves and never wait.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::ending::Done;
use super::process::{BEAT, Held};
use super::session::{By, Session};
use super::{Engine, SyncError, conformance, ending, recover, resync, run, schedule};
use crate::connector::registry::Patience;
use crate::history::Actor;
use crate::i18n::Key;
use crate::links::StoredReason;
use crate::runs::{Claim, Job, JobState, Task};
use crate::store::{connections, engine, jobs};

/// Runs going on at the same time in one process.
const AT_ONCE: usize = 8;
/// How long the loop waits when there is nothing to do.
const IDLE: Duration = Duration::from_secs(1);

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
        if let Some((write, _held)) = recover::next(self).await? {
            recover::one(self, &write).await?;
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
        let Some((write, held)) = recover::next(self).await? else { return Ok(false) };
        runs.spawn(async move {
            if let Err(error) = recover::one(&engine, &write).await {
                tracing::error!(write.id, %error, "a write could not be looked up");
            }
            drop((held, slot));
        });
        Ok(true)
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
        let found = jobs::find(&mut tx, job.id).await?;
        let Some(job) = found.filter(|job| job.state == JobState::Running) else { return Ok(()) };
        let now = tx.clock().now();
        let reason = StoredReason::new(Key::SYNC_FAILED_CUT_OFF.id());
        jobs::end(&mut tx, job.id, (&job.counts, &job.notes), Some(&reason)).await?;
        match job.task {
            Task::Sync => ending::again(&mut tx, &job, now, job.attempt).await?,
            // It may have written to the ERP, so only a person has it made again.
            Task::Conformance => {
                if let Some(connection) = connections::find(&mut tx, job.connection_id).await? {
                    let run = (job.id, Some(&reason));
                    conformance::record_end(&mut tx, &connection, run).await?;
                }
            }
            Task::Count | Task::Resync => {
                ending::follow_resync(&mut tx, &job, &Err(SyncError::Lost), None).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    async fn schedule(&self) -> Result<(), SyncError> {
        let settings = engine::settings(&self.store).await?;
        let now = self.store.clock().now();
        if settings.is_on {
            for connection in jobs::list_idle(&self.store).await? {
                let mut tx = self.store.begin().await?;
                jobs::enqueue(&mut tx, &ending::scheduled(connection, now)).await?;
                tx.commit().await?;
            }
        }
        let latest = schedule::next_due(settings.interval, Some(now), now);
        for job in jobs::list_far_off(&self.store, latest, now + ending::LONGEST_WAIT).await? {
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
        let mut done = Done::default();
        let ended = match Session::open(self, connection.clone(), Patience::Background, by).await {
            Ok(session) => {
                let ended = match job.task {
                    Task::Sync => run::run(&session, job.trigger, stop, &mut done.counts).await,
                    Task::Conformance => conformance::run(&session, stop).await,
                    Task::Count => resync::count(&session, stop, &mut done.counts).await,
                    Task::Resync => resync::write(&session, stop, &mut done.counts).await,
                };
                done.notes = session.take_notes();
                if let Err(error) = session.keep_wire().await {
                    tracing::warn!(%error, "what was learned of a connector could not be kept");
                }
                ended
            }
            Err(error) => Err(error),
        };
        self.end(&connection, (job, *claim), done, ended).await
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
