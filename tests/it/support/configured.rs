//! A licensed portal with one inactive connection on a connector in memory, as its form made it, and an
//! admin in it.

use std::sync::Arc;

use gleichlauf::app::Plugins;
use gleichlauf::connections::{ConnectionId, ConnectorId, ErpConnection, Scope};
use gleichlauf::connector::Connector;
use gleichlauf::connector::types::ActorType;
use gleichlauf::history::Actor;
use gleichlauf::mapping::ActorMapping;
use gleichlauf::store::connections::Change;
use gleichlauf::store::{Store, connections, connectors, mappings, versions};
use gleichlauf::users::Role;
use gleichlauf::versions::Versioned;

use super::fake_connector::FakeConnector;
use super::filled::Filled;
use super::portal::{Browser, Page, Portal, spawn_with};
use super::{licences, people};

pub const SECRET: &str = "s3cret-Ünique<4711>";

pub struct Configured {
    pub portal: Portal,
    pub fake: Arc<FakeConnector>,
    pub admin: Browser,
    pub connector: ConnectorId,
    pub connection: ConnectionId,
}

pub async fn configured() -> Configured {
    let fake = FakeConnector::new(3);
    let plugins = Plugins::from([("fake".to_owned(), fake.clone() as Arc<dyn Connector>)]);
    let portal = spawn_with(&[], plugins).await;
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let mut tx = store.begin().await.unwrap();
    let connector =
        connectors::insert(&mut tx, &Actor::system(), "Fake ERP", "plugin://fake").await.unwrap();
    tx.commit().await.unwrap();
    let admin = people::signed_in(&portal, "anna", Role::Admin).await;
    let mut scene = Configured { portal, fake, admin, connector, connection: 0 };
    scene.connection = scene.add("Nord").await;
    scene
}

impl Configured {
    pub fn store(&self) -> &Store {
        &self.portal.app.portal.store
    }

    /// Defines, tests and adds a connection through its form.
    pub async fn add(&mut self, name: &str) -> ConnectionId {
        let page = self.admin.get(&format!("/connections/new?connector={}", self.connector)).await;
        let filled = Filled::read(&page)
            .set("name", name)
            .set("c-Server", "erp.example")
            .set("c-Password", SECRET)
            .set("c-Company", "01");
        let tested = filled.send(&mut self.admin, "/connections", "test").await;
        let done = Filled::read(&tested).send(&mut self.admin, "/connections", "save").await;
        assert_eq!(done.status, 303, "{}", done.text);
        done.location.rsplit('=').next().unwrap().parse().unwrap()
    }

    pub fn path(&self, end: &str) -> String {
        format!("/connections/{}{end}", self.connection)
    }

    pub async fn find(&self) -> ErpConnection {
        connections::find(self.store(), self.connection).await.unwrap().unwrap()
    }

    pub async fn mapping(&self) -> ActorMapping {
        let kind = ActorType::Customer;
        mappings::find(self.store(), self.connection, kind).await.unwrap().unwrap()
    }

    /// Changes the mapping of customers; a version.
    pub async fn map(&self, change: impl FnOnce(&mut ActorMapping)) {
        let mut mapping = self.mapping().await;
        change(&mut mapping);
        let mut tx = self.store().begin().await.unwrap();
        mappings::save(&mut tx, &anna(), &mapping).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Changes name and scope; a version.
    pub async fn change(&self, name: &str, scope: Scope) {
        let change = Change {
            name: name.to_owned(),
            description: String::new(),
            scope,
            configuration: None,
        };
        let version = self.find().await.version;
        let mut tx = self.store().begin().await.unwrap();
        let place = (self.connection, version);
        connections::update(&mut tx, &anna(), place, &change).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The number of the connection's newest version.
    pub async fn newest(&self) -> i64 {
        let of = Versioned::Connection(self.connection);
        versions::newest(self.store(), of).await.unwrap().map_or(0, |version| version.number)
    }

    /// Opens the plan to restore a version.
    pub async fn plan(&mut self, number: i64) -> Page {
        let path = self.path(&format!("/versions/{number}/restorations"));
        self.admin.get(&path).await
    }

    /// Sends what a plan's page holds.
    pub async fn restore(&mut self, number: i64, plan: &Page) -> Page {
        let path = self.path(&format!("/versions/{number}/restorations"));
        Filled::read(plan).send(&mut self.admin, &path, "restore").await
    }
}

pub fn anna() -> Actor {
    Actor::user(7, "Anna Berg", "admin", "192.0.2.1")
}
