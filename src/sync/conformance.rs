//! The conformance test of a connection, carried out as a job: what it finds is kept at once, so that a page
//! can show how far it is. It is never repeated by itself, because it may have written to the ERP.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use super::session::Session;
use super::{SyncError, reason};
use crate::conformance::{self, Finding, Limits, Run, Sink};
use crate::connections::ErpConnection;
use crate::connector::types::ActorType;
use crate::history::Actor;
use crate::links::StoredReason;
use crate::runs::conformance::{Cell, Why};
use crate::runs::{Claim, JobId};
use crate::store::error::StoreError;
use crate::store::{Tx, conformance as kept, jobs};

/// How often is looked whether the test is to come to an end.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

pub(super) async fn run(
    session: &Session,
    program_ends: &watch::Receiver<bool>,
) -> Result<(), SyncError> {
    let claim = session.by.claim.ok_or(SyncError::Lost)?;
    let store = session.store();
    session.check_called_off(store).await?;
    let Some(asked) = kept::find(store, claim.job).await? else { return Ok(()) };
    let client = &session.client;
    let kinds: BTreeSet<ActorType> = client.actor_types().await?.value.into_iter().collect();
    let kinds: Vec<ActorType> = kinds.into_iter().collect();
    let form = client.connector().wire_form().map(|form| form.data_namespace).unwrap_or_default();
    let mut sink = Kept { session, claim };
    let mut tx = sink.begin().await?;
    kept::begin(&mut tx, claim.job, &kinds, &form).await?;
    tx.commit().await?;
    let (tell, stop) = watch::channel(false);
    let writing = asked.writing.as_ref();
    let test = Run { client, kinds: &kinds, writing, limits: Limits::default(), stop };
    tokio::select! {
        done = conformance::run(&test, &mut sink) => done?,
        never = look(session, claim.job, program_ends, &tell) => match never {},
    }
    if *program_ends.borrow() {
        return Err(SyncError::Stopped);
    }
    session.check_called_off(store).await
}

/// Writes down how a test ended.
pub(super) async fn record_end(
    tx: &mut Tx,
    connection: &ErpConnection,
    (run, failure): (JobId, Option<&StoredReason>),
) -> Result<(), StoreError> {
    let ended = kept::ended(&mut *tx, connection, run).await?;
    let event = match failure {
        Some(failure) => reason::noted(ended, failure),
        None => ended,
    };
    tx.record(&Actor::engine(), &event).await
}

/// Tells the test when it is to come to an end.
async fn look(
    session: &Session,
    run: JobId,
    program_ends: &watch::Receiver<bool>,
    tell: &watch::Sender<bool>,
) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let is_called_off = jobs::is_called_off(session.store(), run).await;
        if *program_ends.borrow() || is_called_off.unwrap_or(false) {
            tell.send_replace(true);
        }
    }
}

/// Keeps findings as long as the run may.
struct Kept<'a> {
    session: &'a Session,
    claim: Claim,
}

impl Kept<'_> {
    /// Unlike a synchronisation, a test may go on while the connection is inactive.
    async fn begin(&self) -> Result<Tx, SyncError> {
        let mut tx = self.session.store().begin().await?;
        match jobs::fence(&mut tx, self.claim).await {
            Err(StoreError::Overtaken) => Err(SyncError::Lost),
            other => Ok(other.map(|()| tx)?),
        }
    }
}

#[async_trait]
impl Sink for Kept<'_> {
    type Error = SyncError;

    async fn take(&mut self, finding: Finding) -> Result<(), SyncError> {
        let mut tx = self.begin().await?;
        kept::add(&mut tx, self.claim.job, &cell(finding)).await?;
        Ok(tx.commit().await?)
    }
}

fn cell(finding: Finding) -> Cell {
    let why = finding.outcome.reason().map(|why| Why {
        said: why
            .arguments
            .iter()
            .fold(StoredReason::new(why.key.id()), |said, (name, value)| said.with(name, value)),
        because: why.failure.as_ref().map(reason::of),
    });
    let timings = finding.timings.into_iter().map(|(name, timing)| (name.to_owned(), timing));
    Cell {
        kind: finding.kind,
        check: finding.check,
        verdict: finding.outcome.verdict(),
        why,
        took: finding.took,
        timings: timings.collect(),
    }
}
