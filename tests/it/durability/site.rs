//! A portal on disk with one connection to an ERP, and the people who work in it.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use gleichlauf::connections::{ConnectionId, Scope};
use gleichlauf::connector::policy::AddressPolicy;
use gleichlauf::connector::registry::Registry;
use gleichlauf::connector::types::{ActorRef, ConnectionGuid};
use gleichlauf::crm::RecordId;
use gleichlauf::history::Actor;
use gleichlauf::host::PATH;
use gleichlauf::runs::Task;
use gleichlauf::runs::write::WriteState;
use gleichlauf::store::connections::NewConnection;
use gleichlauf::store::{Store, connections, connectors, erp_writes, jobs, links, mappings};
use gleichlauf::sync::Engine;
use gleichlauf::sync::connect::{Choice, Connected};
use gleichlauf::sync::failpoint::{Failpoints, Point};
use gleichlauf::users::Role;

use super::erp::Erp;
use crate::support::people;
use crate::support::portal::Browser;
use crate::support::program::{Installation, Program, until};
use crate::support::records::{Records, anna};
use crate::sync::setting::{CUSTOMER, mapping};

/// The portal while it is not running; what it is asked here it is asked as by a second process.
pub struct Site {
    pub it: Installation,
    pub erp: Arc<Erp>,
    pub connection: ConnectionId,
}

/// The portal while it is running, with somebody signed in who may do everything.
pub struct Running {
    pub program: Program,
    pub person: Browser,
}

impl Site {
    /// The engine is off: what runs, a person has asked for.
    pub async fn new(erp: &Arc<Erp>) -> Self {
        let it = Installation::new(&[erp.socket().to_string()]).await;
        let store = &it.records.store;
        let connection = connect_to(store, erp, erp.socket()).await;
        people::add_person_to(store, "admin", Role::Admin).await;
        Self { it, erp: erp.clone(), connection }
    }

    /// A company and a customer who agree, and are linked.
    pub async fn linked(&self) -> (RecordId, String) {
        let key = self.erp.take_customer();
        let names = self.erp.names();
        let values = [("name", names.name), ("phone", names.phone), ("email", names.email)];
        let own = [format!("Firm {key}"), "p0".to_owned(), "e0".to_owned()];
        for ((_, field), value) in values.iter().zip(&own) {
            self.erp.set(&key, field, value).await;
        }
        let crm: Vec<(&str, &str)> =
            values.iter().zip(&own).map(|((field, _), value)| (*field, value.as_str())).collect();
        let record = self.company(&crm).await;
        let listed = vec![self.erp.socket().to_string().parse().unwrap()];
        let policy = AddressPolicy { listed, ..AddressPolicy::default() };
        let registry = Registry::new(policy, Default::default());
        let failpoints = Failpoints::default();
        let engine = Engine::start(self.store.clone(), registry, failpoints, "en").await.unwrap();
        let actor = ActorRef { kind: CUSTOMER, key: key.clone() };
        let place = (self.connection, record);
        let linked = engine.connect(&anna(), place, &actor, Choice::default()).await.unwrap();
        assert!(matches!(linked, Connected::Linked(_)), "{linked:?}");
        (record, key)
    }

    /// Starts the portal; whoever is signed in stays so.
    pub async fn start(&self, failpoint: Option<Point>, before: Option<Running>) -> Running {
        let program = self.it.start(failpoint).await;
        let person = match before {
            Some(Running { mut person, .. }) => {
                person.move_to(&program.address);
                person
            }
            None => {
                let mut person = Browser::at(&program.address);
                people::sign_in(&mut person, "admin").await;
                person.get("/account").await;
                person
            }
        };
        Running { program, person }
    }

    pub async fn is_linked(&self, record: RecordId) -> bool {
        let link = links::find_by_record(&self.store, self.connection, record).await.unwrap();
        link.is_some()
    }

    /// No run is going on, and it is known of every write how it ended, or that a person has to find out.
    pub async fn is_at_rest(&self) -> bool {
        let running = jobs::find_running(&self.store, self.connection, Task::Sync).await.unwrap();
        let state = WriteState::Prepared;
        let writes = erp_writes::list(&self.store, self.connection, state).await.unwrap();
        running.is_none() && writes.is_empty()
    }

    /// Has the running portal synchronise everything, and waits until it has.
    pub async fn sync_to_the_end(&self, running: &mut Running) {
        let before = self.ended_runs().await;
        running.sync(self.connection).await;
        until(&format!("a run ends: {}", self.it.log()), async || {
            self.ended_runs().await > before && self.is_at_rest().await
        })
        .await;
    }

    async fn ended_runs(&self) -> usize {
        jobs::list_ended(&self.store, self.connection, Task::Sync, 1_000).await.unwrap().len()
    }
}

impl Deref for Site {
    type Target = Records;

    fn deref(&self) -> &Records {
        &self.it.records
    }
}

impl Running {
    /// An admin presses Sync now; the portal may be gone before it answers.
    pub async fn sync(&mut self, connection: ConnectionId) {
        let _ = self.person.try_post(&format!("/connections/{connection}/syncs"), &[]).await;
    }
}

/// An active connection to the ERP, whose connector is called at this address.
pub async fn connect_to(store: &Store, erp: &Erp, socket: SocketAddr) -> ConnectionId {
    let by = Actor::system();
    let address = format!("http://{socket}{PATH}");
    let mut tx = store.begin().await.unwrap();
    let connector = connectors::insert(&mut tx, &by, "The ERP", &address).await.unwrap();
    let new = NewConnection {
        guid: ConnectionGuid::random().unwrap(),
        connector_id: connector,
        name: "ERP".to_owned(),
        description: String::new(),
        scope: Scope::Everyone,
        configuration: erp.configuration(),
    };
    let connection = connections::insert(&mut tx, &by, &new).await.unwrap();
    let customers = mapping(connection, CUSTOMER, erp.fields());
    mappings::save(&mut tx, &by, &customers).await.unwrap();
    connections::activate(&mut tx, &by, (connection, 1)).await.unwrap();
    tx.commit().await.unwrap();
    connection
}
