//! The conformance test of connectors: against ones that keep the contract, and against ones that do not.

mod faults;
mod real;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gleichlauf::conformance::{Check, Finding, Limits, Outcome, Run, Sink, Verdict, Writing, run};
use gleichlauf::connector::Connector;
use gleichlauf::connector::client::{ErpClient, ResendGate};
use gleichlauf::connector::types::{ActorType, ConnectionGuid, Settings};
use tokio::sync::watch;

/// Everything a run found.
#[derive(Default)]
pub struct Matrix(Vec<Finding>);

#[async_trait]
impl Sink for Matrix {
    type Error = Infallible;

    async fn take(&mut self, finding: Finding) -> Result<(), Infallible> {
        self.0.push(finding);
        Ok(())
    }
}

impl Matrix {
    pub fn get(&self, kind: ActorType, check: Check) -> &Finding {
        let is_it = |finding: &&Finding| (finding.kind, finding.check) == (kind, check);
        self.0.iter().find(is_it).unwrap_or_else(|| panic!("{check:?} of {kind} is missing"))
    }

    pub fn of(&self, check: Check) -> impl Iterator<Item = &Finding> {
        self.0.iter().filter(move |finding| finding.check == check)
    }

    pub fn verdicts(&self) -> BTreeMap<(ActorType, Check), Verdict> {
        let cell = |finding: &Finding| ((finding.kind, finding.check), finding.outcome.verdict());
        self.0.iter().map(cell).collect()
    }

    /// What failed, for a test's message.
    pub fn failures(&self) -> Vec<(ActorType, Check, &Outcome)> {
        let failed = |finding: &&Finding| finding.outcome.verdict() == Verdict::Failed;
        self.0.iter().filter(failed).map(|f| (f.kind, f.check, &f.outcome)).collect()
    }

    /// The same in words that a test's message can show.
    pub fn words(&self, verdict: Verdict) -> Vec<String> {
        let cells = self.0.iter().filter(|finding| finding.outcome.verdict() == verdict);
        let words = |finding: &Finding| {
            let why = finding.outcome.reason();
            let id = why.map_or("", |why| why.key.id());
            let arguments = why.map(|why| (&why.arguments, &why.failure));
            format!("{} {:?}: {id} {arguments:?}", finding.kind, finding.check)
        };
        cells.map(words).collect()
    }

    /// What was not tried, with the message that says why.
    pub fn not_tried(&self) -> Vec<(ActorType, Check, &'static str)> {
        let cell = |finding: &Finding| match &finding.outcome {
            Outcome::NotTried(reason) => Some((finding.kind, finding.check, reason.key.id())),
            _ => None,
        };
        self.0.iter().filter_map(cell).collect()
    }
}

/// A client of a connection that the connector knows.
pub async fn client(connector: Arc<dyn Connector>, settings: Settings) -> ErpClient {
    let gate = Arc::new(ResendGate::new(Duration::ZERO));
    let guid = ConnectionGuid::random().unwrap();
    let client = ErpClient::new(connector, guid, settings, gate);
    client.save().await.unwrap();
    client
}

/// A whole run over all types the connector has.
pub async fn test(client: &ErpClient, writing: Option<&Writing>) -> Matrix {
    let kinds = client.actor_types().await.unwrap().value;
    test_within(LIMITS, client, writing, &kinds).await
}

/// No test depends on how fast the machine is.
pub const LIMITS: Limits = {
    let hour = Duration::from_secs(3_600);
    Limits { call: hour, check: hour, slow: hour }
};

pub async fn test_within(
    limits: Limits,
    client: &ErpClient,
    writing: Option<&Writing>,
    kinds: &[ActorType],
) -> Matrix {
    let (_keep, stop) = watch::channel(false);
    let mut matrix = Matrix::default();
    let Ok(()) = run(&Run { client, kinds, writing, limits, stop }, &mut matrix).await;
    assert_eq!(matrix.0.len(), kinds.len() * Check::ALL.len());
    matrix
}
