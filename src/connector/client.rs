//! One ERP connection on its connector.
//!
//! A connector may forget a connection (a restart is enough). Then its configuration is sent again, once,
//! and the call repeated, once; however many callers meet it, and never twice within a minute.
//! Should a connector repeat a secret in what it says, it is taken out here.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout, timeout_at};

use super::failure::Failure;
use super::handover::Giver;
use super::remarks::Remarks;
use super::types::{
    Actor, ActorType, ConnectionGuid, FieldInfo, Found, ListItem, NewActor, Reply, Restriction,
    Settings,
};
use super::{Answer, Connector};

const BETWEEN_RESENDS: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Whose turn it is to send a connection's configuration again. All clients of one connection share it.
pub struct ResendGate {
    between: Duration,
    last: Mutex<Option<Resend>>,
}

impl ResendGate {
    /// Lets a configuration through once in that time.
    pub fn new(between: Duration) -> Self {
        Self { between, last: Mutex::default() }
    }
}

impl Default for ResendGate {
    fn default() -> Self {
        Self::new(BETWEEN_RESENDS)
    }
}

#[derive(Clone, Copy)]
struct Resend {
    begun: Instant,
    /// When it had been accepted.
    done: Option<Instant>,
}

/// A connection: its connector, its id there, and the settings stored for it.
pub struct ErpClient {
    connector: Arc<dyn Connector>,
    guid: ConnectionGuid,
    settings: Settings,
    gate: Arc<ResendGate>,
    remarks: Remarks,
    /// How long a caller waits in one call for somebody else's resend.
    patience: Duration,
    /// When all calls together have to be over, and how long that was.
    end: Option<(Instant, Duration)>,
}

impl ErpClient {
    pub fn new(
        connector: Arc<dyn Connector>,
        guid: ConnectionGuid,
        settings: Settings,
        gate: Arc<ResendGate>,
    ) -> Self {
        let (remarks, patience, end) = (Remarks::default(), LONGEST_WAIT, None);
        Self { connector, guid, settings, gate, remarks, patience, end }
    }

    /// The same for a caller who waits no longer than this for somebody else's resend.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same, with one time limit for all calls from now on together.
    pub fn within(self, limit: Duration) -> Self {
        Self { end: Some((Instant::now() + limit, limit)), ..self }
    }

    /// The same, with what the ERP has to say noted there.
    pub fn heard_by(self, remarks: Remarks) -> Self {
        Self { remarks, ..self }
    }

    /// What the ERP had to say although it did its work.
    pub fn remarks(&self) -> &Remarks {
        &self.remarks
    }

    /// The connector itself, for what is not about one connection.
    pub fn connector(&self) -> &Arc<dyn Connector> {
        &self.connector
    }

    pub fn guid(&self) -> &ConnectionGuid {
        &self.guid
    }

    /// Makes the call; when the connector does not know the connection, sends the settings and repeats.
    async fn call<T, F: Future<Output = Answer<T>>>(&self, call: impl Fn() -> F) -> Answer<T> {
        let answer = match self.end {
            None => self.call_and_repeat(call).await,
            Some((end, limit)) => {
                let answer = timeout_at(end, self.call_and_repeat(call)).await;
                answer.unwrap_or(Err(Failure::TimedOut { limit }))
            }
        };
        if let Ok(reply) = &answer {
            self.remarks.note(reply);
        }
        answer
    }

    async fn call_and_repeat<T, F: Future<Output = Answer<T>>>(
        &self,
        call: impl Fn() -> F,
    ) -> Answer<T> {
        let begun = Instant::now();
        let answer = match call().await {
            Err(failure) if failure.is_unknown_connection() => {
                match self.resend(begun, failure).await {
                    Ok(()) => call().await,
                    Err(failure) => Err(failure),
                }
            }
            answer => answer,
        };
        self.without_secrets(answer)
    }

    fn without_secrets<T>(&self, answer: Answer<T>) -> Answer<T> {
        let hide = |text| self.settings.hide_secrets(text);
        match answer {
            Ok(reply) => Ok(Reply {
                user_text: hide(reply.user_text),
                tech_text: hide(reply.tech_text),
                ..reply
            }),
            Err(failure) => Err(failure.map_texts(hide)),
        }
    }

    /// Sends the settings, unless another caller's were accepted since this call `begun`.
    async fn resend(&self, begun: Instant, unknown: Failure) -> Result<(), Failure> {
        let limit = self.patience;
        let waited = timeout(limit, self.gate.last.lock()).await;
        let mut last = waited.map_err(|_| Failure::TimedOut { limit })?;
        if let Some(resend) = *last {
            if resend.done.is_some_and(|done| done >= begun) {
                return Ok(());
            }
            if resend.begun.elapsed() < self.gate.between {
                return Err(unknown);
            }
        }
        let started = Instant::now();
        *last = Some(Resend { begun: started, done: None });
        self.connector.save_connection(&self.guid, &self.settings).await?;
        *last = Some(Resend { begun: started, done: Some(Instant::now()) });
        Ok(())
    }

    /// Tries the settings; the connector stores nothing.
    pub async fn test_settings(&self) -> Answer<()> {
        self.without_secrets(self.connector.test_config(&self.settings).await)
    }

    /// Stores the settings with the connector.
    pub async fn save(&self) -> Answer<()> {
        self.without_secrets(self.connector.save_connection(&self.guid, &self.settings).await)
    }

    pub async fn test(&self) -> Answer<()> {
        self.call(|| self.connector.test_connection(&self.guid)).await
    }

    /// A connector that does not know the connection has nothing left to delete.
    pub async fn delete(&self) -> Answer<()> {
        match self.connector.delete_connection(&self.guid).await {
            Err(failure) if failure.is_unknown_connection() => Ok(Reply::ok(())),
            answer => self.without_secrets(answer),
        }
    }

    pub async fn actor_types(&self) -> Answer<Vec<ActorType>> {
        self.call(|| self.connector.actor_types(&self.guid)).await
    }

    pub async fn actor_fields(&self, kind: ActorType) -> Answer<Vec<FieldInfo>> {
        self.call(|| self.connector.actor_fields(&self.guid, kind)).await
    }

    pub async fn searchable_fields(&self, kind: ActorType) -> Answer<Vec<String>> {
        self.call(|| self.connector.searchable_fields(&self.guid, kind)).await
    }

    pub async fn actors(
        &self,
        kind: ActorType,
        keys: &[String],
        fields: &[String],
    ) -> Answer<Vec<Actor>> {
        self.call(|| self.connector.actors(&self.guid, kind, keys, fields)).await
    }

    pub async fn search(
        &self,
        kind: ActorType,
        text: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        self.call(|| self.connector.search(&self.guid, kind, text, fields, limit)).await
    }

    pub async fn search_by_parent(
        &self,
        kind: ActorType,
        text: &str,
        parent_kind: ActorType,
        parent_key: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let (id, connector) = (&self.guid, &self.connector);
        self.call(|| {
            connector.search_by_parent(id, kind, text, parent_kind, parent_key, fields, limit)
        })
        .await
    }

    pub async fn search_advanced(
        &self,
        kind: ActorType,
        restrictions: &[Restriction],
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let (id, connector) = (&self.guid, &self.connector);
        self.call(|| connector.search_advanced(id, kind, restrictions, fields, limit)).await
    }

    pub async fn create_actor(&self, actor: &NewActor) -> Answer<Actor> {
        self.call(|| self.connector.create_actor(&self.guid, actor)).await
    }

    pub async fn save_actors(&self, actors: &[Actor]) -> Answer<Vec<Actor>> {
        self.call(|| self.connector.save_actors(&self.guid, actors)).await
    }

    pub async fn list(&self, list: &str) -> Answer<Vec<ListItem>> {
        self.call(|| self.connector.list(&self.guid, list)).await
    }

    pub async fn list_items(&self, list: &str, keys: &[String]) -> Answer<Vec<ListItem>> {
        self.call(|| self.connector.list_items(&self.guid, list, keys)).await
    }

    /// See [`Connector::actors_since`].
    pub async fn actors_since(
        &self,
        kind: ActorType,
        since: &str,
        fields: &[String],
        each: Giver,
    ) -> Answer<()> {
        let (id, connector) = (&self.guid, &self.connector);
        self.call(|| connector.actors_since(id, kind, since, fields, each.clone())).await
    }
}
