//! Calls a connector, one call at a time: with a limit on each call and on each check, taking times, noting
//! contradictory answers, and ending early when the run is stopped or the connector is out of reach.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::{Reason, Run};
use crate::connector::Answer;
use crate::connector::client::ErpClient;
use crate::connector::failure::{Failure, Refusal};
use crate::connector::handover::{self, Given, Receiver};
use crate::connector::types::{
    Actor, ActorRef, ActorType, Agreement, FieldInfo, Found, ListItem, NewActor, Restriction,
};
use crate::i18n::Key;

/// Actors read of one answer of a poll; the rest is left unread.
pub const MOST_POLLED: usize = 1_000;
/// Bytes of a poll's answer that may be on their way, and actors taken together.
const IN_FLIGHT: u32 = 1 << 20;
const AT_ONCE: usize = 100;
/// Actors read of one answer of a search.
pub const MOST_FOUND: usize = 200;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// One call. Longer than a connector's own patience, for those that are built in and have none.
    pub call: Duration,
    /// After this, a check makes no more calls.
    pub check: Duration,
    /// A person who waits for an answer longer than that wonders what is wrong.
    pub slow: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { call: seconds(60), check: seconds(180), slow: seconds(3) }
    }
}

/// Why a check cannot go on.
#[derive(Clone, Debug)]
pub enum Halt {
    /// The connector did not do what it was asked.
    Erp(&'static str, Failure),
    /// The connector is out of reach, or must be left alone.
    Lost(Failure),
    OutOfTime,
    Stopped,
}

impl Halt {
    pub fn reason(&self) -> Reason {
        match self {
            Self::Erp(operation, failure) => Reason::new(Key::CONFORMANCE_CALL_FAILED)
                .with("operation", operation)
                .because(failure),
            Self::Lost(failure) => Reason::new(Key::CONFORMANCE_LOST).because(failure),
            Self::OutOfTime => Reason::new(Key::CONFORMANCE_OUT_OF_TIME),
            Self::Stopped => Reason::new(Key::CONFORMANCE_STOPPED),
        }
    }
}

/// Why nothing more is to be asked in this run; shared by all types.
#[derive(Default)]
pub struct Lost(Mutex<Option<Failure>>);

/// How long an operation took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    pub calls: u32,
    pub total: Duration,
    pub longest: Duration,
}

impl Timing {
    pub fn mean(&self) -> Duration {
        self.total.checked_div(self.calls).unwrap_or_default()
    }

    fn add(&mut self, took: Duration) {
        self.calls += 1;
        self.total += took;
        self.longest = self.longest.max(took);
    }
}

/// What a poll gave.
#[derive(Clone, Debug, Default)]
pub struct Polled {
    pub actors: Vec<Actor>,
    /// What is wrong with the first actor that could not be read; English.
    pub unreadable: Option<String>,
    /// There may have been more.
    pub is_cut: bool,
}

/// Everything a check may ask about one actor type.
pub struct Probe<'a> {
    client: &'a ErpClient,
    pub kind: ActorType,
    pub limits: Limits,
    stop: watch::Receiver<bool>,
    lost: &'a Lost,
    log: Mutex<Log>,
}

struct Log {
    deadline: Instant,
    /// What was written has to be put right, whether time is up or not.
    must_finish: bool,
    /// Of the check that is going on, and of all of them.
    timings: BTreeMap<&'static str, Timing>,
    all: BTreeMap<&'static str, Timing>,
    /// The worst that was seen, and in which operation.
    odd: Option<(&'static str, Agreement)>,
}

impl<'a> Probe<'a> {
    pub fn new(run: &Run<'a>, kind: ActorType, lost: &'a Lost) -> Self {
        let log = Log {
            deadline: Instant::now() + run.limits.check,
            must_finish: false,
            timings: BTreeMap::new(),
            all: BTreeMap::new(),
            odd: None,
        };
        let (client, limits, stop) = (run.client, run.limits, run.stop.clone());
        Self { client, kind, limits, stop, lost, log: Mutex::new(log) }
    }

    /// Another check begins.
    pub fn begin(&self) {
        let mut log = self.log();
        log.deadline = Instant::now() + self.limits.check;
        log.must_finish = false;
        log.timings.clear();
    }

    /// From now on calls of this check are made although the run was stopped or its time is up.
    pub fn finish_what_was_begun(&self) {
        self.log().must_finish = true;
    }

    pub fn timings(&self) -> BTreeMap<&'static str, Timing> {
        self.log().timings.clone()
    }

    pub fn all_timings(&self) -> BTreeMap<&'static str, Timing> {
        self.log().all.clone()
    }

    /// The worst disagreement of `IsOk` and `State` that was seen.
    pub fn odd_answer(&self) -> Option<(&'static str, Agreement)> {
        self.log().odd
    }

    pub fn client(&self) -> &ErpClient {
        self.client
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether another call may be made.
    pub fn may_go_on(&self) -> Result<(), Halt> {
        if self.log().must_finish {
            return Ok(());
        }
        if *self.stop.borrow() {
            return Err(Halt::Stopped);
        }
        let lost = self.lost.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = lost.as_ref() {
            return Err(Halt::Lost(failure.clone()));
        }
        if Instant::now() >= self.log().deadline { Err(Halt::OutOfTime) } else { Ok(()) }
    }

    /// One call; what it gave.
    pub async fn call<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Answer<T>> + Send,
    ) -> Result<T, Halt> {
        self.may_go_on()?;
        let begun = Instant::now();
        let limit = self.limits.call;
        let late = |_| Err(Failure::TimedOut { limit });
        let answer = timeout(limit, call).await.unwrap_or_else(late);
        self.note(operation, begun.elapsed(), &answer);
        match answer {
            Ok(reply) => Ok(reply.value),
            Err(failure) if is_out_of_reach(&failure) => {
                *self.lost.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure.clone());
                Err(Halt::Erp(operation, failure))
            }
            Err(failure) => Err(Halt::Erp(operation, failure)),
        }
    }

    fn note<T>(&self, operation: &'static str, took: Duration, answer: &Answer<T>) {
        let agreement = match answer {
            Ok(reply) => reply.agreement,
            Err(Failure::Refused(Refusal { agreement, .. })) => *agreement,
            Err(_) => Agreement::Same,
        };
        let mut log = self.log();
        log.timings.entry(operation).or_default().add(took);
        log.all.entry(operation).or_default().add(took);
        let is_worse = match (log.odd, agreement) {
            (_, Agreement::Same) => false,
            (None, _) | (Some((_, Agreement::Half)), Agreement::Opposed) => true,
            _ => false,
        };
        if is_worse {
            log.odd = Some((operation, agreement));
        }
    }

    pub async fn actor_fields(&self) -> Result<Vec<FieldInfo>, Halt> {
        self.call("GetSupportedActorTypeFields", self.client.actor_fields(self.kind)).await
    }

    pub async fn searchable_fields(&self) -> Result<Vec<String>, Halt> {
        self.call("GetSearchableFields", self.client.searchable_fields(self.kind)).await
    }

    pub async fn list(&self, list: &str) -> Result<Vec<ListItem>, Halt> {
        self.call("GetList", self.client.list(list)).await
    }

    pub async fn list_items(&self, list: &str, keys: &[String]) -> Result<Vec<ListItem>, Halt> {
        self.call("GetListItems", self.client.list_items(list, keys)).await
    }

    pub async fn actors(&self, keys: &[String], fields: &[String]) -> Result<Vec<Actor>, Halt> {
        self.actors_of(self.kind, keys, fields).await
    }

    pub async fn actors_of(
        &self,
        kind: ActorType,
        keys: &[String],
        fields: &[String],
    ) -> Result<Vec<Actor>, Halt> {
        self.call("GetActors", self.client.actors(kind, keys, fields)).await
    }

    pub async fn search(&self, text: &str, fields: &[String]) -> Result<Found, Halt> {
        self.call("SearchActors", self.client.search(self.kind, text, fields, MOST_FOUND)).await
    }

    pub async fn search_by_parent(
        &self,
        parent: &ActorRef,
        fields: &[String],
    ) -> Result<Found, Halt> {
        let (kind, key) = (parent.kind, &parent.key);
        let call = self.client.search_by_parent(self.kind, "", kind, key, fields, MOST_FOUND);
        self.call("SearchActorByParent", call).await
    }

    pub async fn search_advanced(
        &self,
        restrictions: &[Restriction],
        fields: &[String],
    ) -> Result<Found, Halt> {
        let call = self.client.search_advanced(self.kind, restrictions, fields, MOST_FOUND);
        self.call("SearchActorsAdvanced", call).await
    }

    pub async fn create_actor(&self, actor: &NewActor) -> Result<Actor, Halt> {
        self.call("CreateActor", self.client.create_actor(actor)).await
    }

    pub async fn save_actor(&self, actor: &Actor) -> Result<Vec<Actor>, Halt> {
        self.call("SaveActors", self.client.save_actors(std::slice::from_ref(actor))).await
    }

    /// Actors changed on or after that time. When more come than a check needs, the rest is left unread.
    pub async fn changed_since(&self, since: &str, fields: &[String]) -> Result<Polled, Halt> {
        let (each, incoming) = handover::channel(IN_FLIGHT);
        let asked = self.client.actors_since(self.kind, since, fields, each);
        let mut polled = Polled::default();
        let call = async {
            let (answer, ()) = tokio::join!(asked, read(incoming, &mut polled));
            answer
        };
        match self.call("GetActorsByTimestamp", call).await {
            Err(Halt::Erp(_, Failure::BrokenOff { .. })) if polled.is_cut => Ok(polled),
            answer => answer.map(|()| polled),
        }
    }
}

async fn read(mut incoming: Receiver, polled: &mut Polled) {
    let mut parcels = Vec::new();
    while incoming.recv_many(&mut parcels, AT_ONCE).await > 0 {
        for parcel in parcels.drain(..) {
            if polled.actors.len() == MOST_POLLED {
                polled.is_cut = true;
                return;
            }
            match parcel.given {
                Given::Actor(actor) => polled.actors.push(actor),
                Given::Unreadable(unreadable) => {
                    polled.unreadable.get_or_insert(unreadable.what);
                }
            }
        }
    }
}

/// Whether asking anything else is useless, or harmful: too many refused log-ins lock an account.
fn is_out_of_reach(failure: &Failure) -> bool {
    match failure {
        Failure::AddressNotAllowed { .. }
        | Failure::AddressNotUsable { .. }
        | Failure::Unreachable { .. }
        | Failure::BadCertificate { .. } => true,
        Failure::HttpStatus { status, .. } => matches!(status, 401 | 403 | 429),
        _ => false,
    }
}
