//! A portal's database with one connection to an unruly ERP, an engine, and short ways to ask both sides.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use gleichlauf::clock::{Clock, MINUTE, SECOND};
use gleichlauf::connections::{ConnectionId, Scope};
use gleichlauf::connector::Connector;
use gleichlauf::connector::policy::AddressPolicy;
use gleichlauf::connector::registry::Registry;
use gleichlauf::connector::types::{
    Access, ActorRef, ActorType, ConnectionGuid, FieldInfo, FieldType,
};
use gleichlauf::crm::RecordId;
use gleichlauf::history::Actor;
use gleichlauf::links::{Link, LinkId};
use gleichlauf::mapping::{ActorMapping, Direction, FieldMapping};
use gleichlauf::runs::{Job, Task};
use gleichlauf::store::configuration::Configuration;
use gleichlauf::store::connections::NewConnection;
use gleichlauf::store::{Store, connections, connectors, engine, jobs, links, mappings};
use gleichlauf::sync::Engine;
use gleichlauf::sync::connect::{Choice, Connected};
use gleichlauf::sync::failpoint::Failpoints;

use crate::support::connections::{field, mapped, mapping as empty};
use crate::support::database::store;
use crate::support::records::Records;
pub use crate::support::records::anna;
use crate::support::unruly_erp::UnrulyErp;

pub const CUSTOMER: ActorType = ActorType::Customer;

/// Everything a test needs.
pub struct Setting {
    pub records: Records,
    pub clock: Clock,
    pub erp: UnrulyErp,
    /// Behind `plugin://other`, for tests with a second connection.
    pub other: UnrulyErp,
    pub registry: Registry,
    pub engine: Engine,
    pub connection: ConnectionId,
}

impl Setting {
    /// A connection with customers, persons and projects, all fields both ways; the engine is on, and has
    /// nothing due.
    pub async fn new() -> Self {
        let (store, clock, database) = store().await;
        let (erp, other) = (UnrulyErp::default(), UnrulyErp::default());
        let plugin = |erp: &UnrulyErp| Arc::new(erp.clone()) as Arc<dyn Connector>;
        let plugins = BTreeMap::from([
            ("erp".to_owned(), plugin(&erp)),
            ("other".to_owned(), plugin(&other)),
        ]);
        let registry = Registry::new(AddressPolicy::default(), plugins);
        let engine = Engine::start(store.clone(), registry.clone(), Failpoints::default(), "en")
            .await
            .unwrap();
        let connection = connection(&store, "erp").await;
        let records = Records { store, database };
        let setting = Self { records, clock, erp, other, registry, engine, connection };
        let mut tx = setting.store.begin().await.unwrap();
        engine::switch_on(&mut tx, &Actor::system()).await.unwrap();
        tx.commit().await.unwrap();
        setting.run().await;
        setting
    }

    /// Another engine on the same database, as after a restart or in another process.
    pub async fn other_engine(&self, failpoints: Failpoints) -> Engine {
        Engine::start(self.store.clone(), self.registry.clone(), failpoints, "en").await.unwrap()
    }

    /// Lets the interval pass and does all that is due then.
    pub async fn run(&self) {
        self.clock.advance(15 * MINUTE);
        self.finish(&self.engine).await;
    }

    /// Has an engine do what is due.
    pub async fn finish(&self, engine: &Engine) {
        while engine.run_one_due().await.unwrap() {}
    }

    /// A process that was killed is taken for gone, and another one does what is left.
    pub async fn take_over(&self) -> Engine {
        let engine = self.other_engine(Failpoints::default()).await;
        self.finish(&engine).await;
        self.clock.advance(11 * SECOND);
        self.finish(&engine).await;
        self.clock.advance(11 * SECOND);
        self.finish(&engine).await;
        engine
    }

    /// A customer in the ERP, a company in the CRM with the same name and phone, and their link.
    pub async fn linked(&self, key: &str, name: &str, phone: &str) -> (RecordId, LinkId) {
        self.erp.put(CUSTOMER, key, &[("NAME", name), ("PHONE", phone), ("EMAIL", "")]);
        let record = self.company(&[("name", name), ("phone", phone)]).await;
        (record, self.connect(record, CUSTOMER, key).await)
    }

    pub async fn connect(&self, record: RecordId, kind: ActorType, key: &str) -> LinkId {
        self.connect_in(self.connection, record, kind, key).await
    }

    pub async fn connect_in(
        &self,
        connection: ConnectionId,
        record: RecordId,
        kind: ActorType,
        key: &str,
    ) -> LinkId {
        let actor = ActorRef { kind, key: key.to_owned() };
        let place = (connection, record);
        match self.engine.connect(&anna(), place, &actor, Choice::default()).await.unwrap() {
            Connected::Linked(link) => link,
            Connected::AskAgain(question) => panic!("values differ: {:?}", question.rows),
        }
    }

    pub async fn link(&self, link: LinkId) -> Link {
        links::find(&self.store, link).await.unwrap().unwrap()
    }

    /// What an admin does before and after changing a mapping.
    pub async fn deactivate(&self) {
        let mut tx = self.store.begin().await.unwrap();
        let found = connections::find(&mut tx, self.connection).await.unwrap().unwrap();
        connections::deactivate(&mut tx, &Actor::system(), (found.id, found.version))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn activate(&self) {
        let mut tx = self.store.begin().await.unwrap();
        let found = connections::find(&mut tx, self.connection).await.unwrap().unwrap();
        connections::activate(&mut tx, &Actor::system(), (found.id, found.version)).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Lets a field travel otherwise.
    pub async fn set_direction(&self, kind: ActorType, erp_key: &str, direction: Direction) {
        let mut mapping = self.mapping(kind).await;
        let field = mapping.fields.iter_mut().find(|field| field.erp.key == erp_key);
        field.unwrap().direction = direction;
        self.save(mapping).await;
    }

    pub async fn mapping(&self, kind: ActorType) -> ActorMapping {
        mappings::find(&self.store, self.connection, kind).await.unwrap().unwrap()
    }

    /// Changes a mapping as an admin does, the connection being switched off for it.
    pub async fn remap(&self, kind: ActorType, change: impl FnOnce(&mut ActorMapping)) {
        self.deactivate().await;
        let mut mapping = self.mapping(kind).await;
        change(&mut mapping);
        self.save(mapping).await;
        self.activate().await;
    }

    async fn save(&self, mapping: ActorMapping) {
        let mut tx = self.store.begin().await.unwrap();
        mappings::save(&mut tx, &Actor::system(), &mapping).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The last run that is over.
    pub async fn last_run(&self) -> Job {
        jobs::list_ended(&self.store, self.connection, Task::Sync, 1).await.unwrap().remove(0)
    }
}

impl Deref for Setting {
    type Target = Records;

    fn deref(&self) -> &Records {
        &self.records
    }
}

/// A connection to `plugin://‹erp›`, with everything mapped and active.
pub async fn connection(store: &Store, erp: &str) -> ConnectionId {
    let by = Actor::system();
    let mut tx = store.begin().await.unwrap();
    let address = format!("plugin://{erp}");
    let connector = connectors::insert(&mut tx, &by, erp, &address).await.unwrap();
    let new = NewConnection {
        guid: ConnectionGuid::random().unwrap(),
        connector_id: connector,
        name: erp.to_uppercase(),
        description: String::new(),
        scope: Scope::Everyone,
        configuration: Configuration::default(),
    };
    let connection = connections::insert(&mut tx, &by, &new).await.unwrap();
    for mapping in [customers(connection), persons(connection), projects(connection)] {
        mappings::save(&mut tx, &by, &mapping).await.unwrap();
    }
    connections::activate(&mut tx, &by, (connection, 1)).await.unwrap();
    tx.commit().await.unwrap();
    connection
}

fn customers(connection: ConnectionId) -> ActorMapping {
    let fields = [
        text("NAME", "name"),
        text("PHONE", "phone"),
        text("EMAIL", "email"),
        FieldMapping { direction: Direction::TO_CRM, ..text("NUMBER", "number") },
    ];
    mapping(connection, CUSTOMER, fields.to_vec())
}

fn persons(connection: ConnectionId) -> ActorMapping {
    let fields = [text("FIRSTNAME", "first_name"), text("LASTNAME", "last_name")];
    mapping(connection, ActorType::Person, fields.to_vec())
}

fn projects(connection: ConnectionId) -> ActorMapping {
    mapping(connection, ActorType::Project, vec![text("NAME", "name")])
}

pub fn mapping(
    connection: ConnectionId,
    kind: ActorType,
    fields: Vec<FieldMapping>,
) -> ActorMapping {
    ActorMapping { is_active: true, fields, ..empty(connection, kind) }
}

pub fn text(erp: &str, crm: &str) -> FieldMapping {
    let erp = FieldInfo { name: String::new(), ..field(erp, FieldType::Text, "", Access::Normal) };
    mapped(erp, crm, Direction::BOTH)
}
