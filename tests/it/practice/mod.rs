//! The practice ERP through the connector contract, and its page.

mod configuration;
mod kills;
mod page;
mod reading;
mod searching;
mod writing;

use std::path::Path;
use std::sync::Arc;

use gleichlauf::clock::Clock;
use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::{Failure, Refusal, RefusalCode};
use gleichlauf::connector::handover;
use gleichlauf::connector::types::{
    Actor, ActorRef, ActorType, ConnectionGuid, FieldValues, NewActor, Settings,
};
use gleichlauf::practice::Practice;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Monday, 7 September 2026, 08:00 UTC.
pub const NOW: i64 = 1_788_768_000_000;

/// A fresh ERP with a connection to each client.
pub struct Erp {
    pub clock: Clock,
    pub practice: Practice,
    pub connector: Arc<dyn Connector>,
    pub first: ConnectionGuid,
    pub second: ConnectionGuid,
    pub directory: TempDir,
}

impl Erp {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(NOW);
        let practice = filled(directory.path(), clock.clone()).await;
        let connector = practice.connector();
        let first = connect(&connector, &login("01", &[])).await;
        let second = connect(&connector, &login("02", &[])).await;
        Self { clock, practice, connector, first, second, directory }
    }

    /// The actor's values as they are now.
    pub async fn actor(&self, id: &ConnectionGuid, kind: ActorType, key: &str) -> Actor {
        let fields = self.fields(kind).await;
        let keys = [key.to_owned()];
        let found = self.connector.actors(id, kind, &keys, &fields).await.unwrap().value;
        found.into_iter().next().unwrap_or_else(|| panic!("there is no {kind} {key}"))
    }

    pub async fn fields(&self, kind: ActorType) -> Vec<String> {
        let fields = self.connector.actor_fields(&self.first, kind).await.unwrap().value;
        fields.into_iter().map(|field| field.key).collect()
    }

    /// Everything of one kind that changed on or after `since`.
    pub async fn since(&self, id: &ConnectionGuid, kind: ActorType, since: &str) -> Vec<Actor> {
        let (each, mut received) = handover::channel(1 << 20);
        let fields = ["NAME".to_owned(), "LASTNAME".to_owned()];
        let reading = self.connector.actors_since(id, kind, since, &fields, each);
        let collecting = async {
            let mut actors = Vec::new();
            while let Some(actor) = received.recv().await {
                actors.push(actor);
            }
            actors
        };
        let (done, actors) = tokio::join!(reading, collecting);
        done.unwrap();
        actors
    }

    pub async fn create(&self, kind: ActorType, pairs: &[(&str, &str)]) -> Result<Actor, Failure> {
        let new = NewActor { kind, fields: values(pairs), parent: None };
        self.connector.create_actor(&self.first, &new).await.map(|reply| reply.value)
    }

    pub async fn save(&self, of: &Actor, pairs: &[(&str, &str)]) -> Result<Actor, Failure> {
        let edited = Actor { fields: values(pairs), ..of.clone() };
        let saved = self.connector.save_actors(&self.first, &[edited]).await?.value;
        Ok(saved.into_iter().next().unwrap())
    }
}

/// A filled ERP in this directory.
pub async fn filled(directory: &Path, clock: Clock) -> Practice {
    put_filled_file(directory).await;
    open(directory, clock).await
}

pub async fn open(directory: &Path, clock: Clock) -> Practice {
    Practice::open(&directory.join(FILE), clock).await.unwrap()
}

const FILE: &str = "practice.db";

async fn put_filled_file(directory: &Path) {
    std::fs::write(directory.join(FILE), filled_file().await).unwrap();
}

/// A filled file, made once for all tests.
pub async fn filled_file() -> &'static [u8] {
    static FILLED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let filled = FILLED.get_or_init(async || {
        let first = tempfile::tempdir().unwrap();
        drop(open(first.path(), Clock::fixed(NOW)).await);
        std::fs::read(first.path().join(FILE)).unwrap()
    });
    filled.await
}

pub async fn connect(connector: &Arc<dyn Connector>, settings: &Settings) -> ConnectionGuid {
    let id = ConnectionGuid::random().unwrap();
    connector.save_connection(&id, settings).await.unwrap();
    id
}

/// The right log-in of a client, and more settings.
pub fn login(client: &str, more: &[(&str, &str)]) -> Settings {
    let (user, password) =
        if client == "02" { ("sync2", "practice2") } else { ("sync", "practice") };
    let base = [("Client", client), ("User", user), ("Password", password)];
    base.iter().chain(more).map(|(key, value)| (*key, *value)).collect()
}

pub fn values(pairs: &[(&str, &str)]) -> FieldValues {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

pub fn actor_ref(kind: ActorType, key: &str) -> ActorRef {
    ActorRef { kind, key: key.to_owned() }
}

/// The refusal, or a panic that says what came instead.
pub fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> Refusal {
    match answer {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not a refusal: {other:?}"),
    }
}

pub fn code<T: std::fmt::Debug>(answer: Result<T, Failure>) -> Option<RefusalCode> {
    refusal(answer).code
}
