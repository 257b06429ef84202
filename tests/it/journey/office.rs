//! An administrator at a portal with the demo's records and one ERP connection, to the practice ERP, as its
//! form made it: inactive, and nothing travels yet.

use std::collections::BTreeMap;

use gleichlauf::app::Plugins;
use gleichlauf::clock::Clock;
use gleichlauf::connections::{ConnectionId, ConnectorId, ErpConnection};
use gleichlauf::connector::multilang;
use gleichlauf::connector::types::{ActorRef, ActorType};
use gleichlauf::crm::{Record, RecordKind};
use gleichlauf::demo;
use gleichlauf::history::Actor;
use gleichlauf::i18n::{Language, Texts};
use gleichlauf::mapping::{ActorMapping, Direction, FieldMapping, Side};
use gleichlauf::store::{Store, connections, connectors, crm, mappings};
use gleichlauf::sync::connect::{Choice, Connected};
use gleichlauf::users::Role;

use super::erp::Erp;
use super::mapping;
use super::window::Window;
use crate::support::connections::activate;
use crate::support::database::NOON;
use crate::support::filled::Filled;
use crate::support::portal::{Browser, Portal, spawn_with};
use crate::support::{licences, people};

pub const CONNECTOR: &str = "Übungs-ERP";
pub const CONNECTION: &str = "Nordlicht";
pub const PASSWORD: &str = "practice";
/// Known on both sides, by name in the CRM and by key in the ERP.
pub const COMPANY: (&str, &str) = ("Brückner Wärmepumpen e. K.", "C10054");

pub struct Office {
    pub portal: Portal,
    pub erp: Erp,
    pub w: Window,
    pub connection: ConnectionId,
}

impl Office {
    pub async fn open(language: Language, scripts: bool) -> Self {
        let erp = Erp::practice(&Clock::fixed(NOON)).await;
        let portal = spawn_with(&[erp.line()], Plugins::new()).await;
        let store = &portal.app.portal.store;
        demo::crm::fill(store).await.unwrap();
        licences::install(store, "2027-12-31").await;
        let (actor, mut tx) = (Actor::system(), store.begin().await.unwrap());
        let connector = connectors::insert(&mut tx, &actor, CONNECTOR, &erp.address()).await;
        tx.commit().await.unwrap();
        let mut admin = people::signed_in(&portal, "anna", Role::Admin).await;
        let connection = add(&mut admin, connector.unwrap(), CONNECTION).await;
        let w = Window::signed_in(&portal, "anna", language, scripts).await;
        Self { portal, erp, w, connection }
    }

    /// One more connection beside the first.
    pub async fn add(&self, name: &str) -> ConnectionId {
        let mut admin = Browser::new(&self.portal);
        people::sign_in(&mut admin, "anna").await;
        add(&mut admin, self.find().await.connector_id, name).await
    }

    pub fn t(&self) -> Texts {
        self.w.t
    }

    pub fn store(&self) -> &Store {
        &self.portal.app.portal.store
    }

    pub async fn find(&self) -> ErpConnection {
        connections::find(self.store(), self.connection).await.unwrap().unwrap()
    }

    /// Opens a page of the portal by its address.
    pub async fn goto(&self, path: &str) {
        self.w.goto(&format!("{}{path}", self.portal.address)).await;
    }

    /// Opens a page of the connection.
    pub async fn goto_its(&self, end: &str) {
        self.goto(&format!("/connections/{}{end}", self.connection)).await;
    }

    /// Opens the Sync tab with the connection chosen.
    pub async fn goto_sync(&self) {
        self.goto(&format!("/sync?connection={}", self.connection)).await;
    }

    pub async fn mapping(&self, kind: ActorType) -> ActorMapping {
        mappings::find(self.store(), self.connection, kind).await.unwrap().unwrap()
    }

    pub async fn field(&self, kind: ActorType, key: &str) -> FieldMapping {
        self.mapping(kind).await.field(key).unwrap_or_else(|| panic!("no {key}")).clone()
    }

    /// Switches the actor type on; these fields go both ways, as the well-known keys have it.
    pub async fn map(&self, kind: ActorType, keys: &[&str]) {
        let mut mapping = self.mapping(kind).await;
        mapping.is_active = true;
        for field in mapping.fields.iter_mut().filter(|f| keys.contains(&f.erp.key.as_str())) {
            field.direction = Direction::BOTH;
        }
        let mut tx = self.store().begin().await.unwrap();
        mappings::save(&mut tx, &Actor::system(), &mapping).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn activate(&self) {
        activate(self.store(), self.connection).await;
    }

    /// Links a record with an actor; what differs is taken from the CRM.
    pub async fn link(&self, kind: RecordKind, name: &str, actor: (ActorType, &str)) {
        let (actor_kind, key) = actor;
        let mapping = self.mapping(actor_kind).await;
        let sides: BTreeMap<_, _> =
            mapping.pairs().iter().map(|pair| (pair.field.erp.key.clone(), Side::Crm)).collect();
        let choice = Choice { sides, ..Choice::default() };
        let at = (self.connection, self.record(kind, name).await.id);
        let actor = ActorRef { kind: actor_kind, key: key.to_owned() };
        let engine = &self.portal.app.portal.engine;
        let done = engine.connect(&Actor::system(), at, &actor, choice).await.unwrap();
        assert!(matches!(done, Connected::Linked(_)), "{done:?}");
    }

    pub async fn record(&self, kind: RecordKind, name: &str) -> Record {
        record(&self.portal, kind, name).await
    }

    /// Lets the engine do everything that is due.
    pub async fn work(&self) {
        while self.portal.app.portal.engine.run_one_due().await.unwrap() {}
    }

    /// How many rows the history has.
    pub fn history(&self) -> String {
        self.portal.database.ask("SELECT COUNT(*) FROM history")[0].clone()
    }

    /// What a field of the ERP is called on the page.
    pub async fn caption(&self, kind: ActorType, key: &str) -> String {
        caption(&self.mapping(kind).await, key, self.w.language)
    }

    /// The row of a field on the Mappings page.
    pub async fn row(&self, kind: ActorType, key: &str) -> String {
        mapping::row_of(&self.caption(kind, key).await)
    }
}

/// A record of the CRM by its name.
pub async fn record(portal: &Portal, kind: RecordKind, name: &str) -> Record {
    let (kind_name, name) = (kind.as_str(), name.replace('\'', "''"));
    let sql = format!("SELECT id FROM crm_record WHERE kind = '{kind_name}' AND name = '{name}'");
    let id = portal.database.ask(&sql)[0].parse().unwrap();
    crm::find(&portal.app.portal.store, kind, id).await.unwrap().unwrap()
}

/// What a mapped field of the ERP is called.
pub fn caption(mapping: &ActorMapping, key: &str, language: Language) -> String {
    let field = mapping.field(key).unwrap_or_else(|| panic!("no {key}"));
    multilang::pick(&field.erp.name, language.code()).to_owned()
}

async fn add(admin: &mut Browser, connector: ConnectorId, name: &str) -> ConnectionId {
    let page = admin.get(&format!("/connections/new?connector={connector}")).await;
    let filled = Filled::read(&page)
        .set("name", name)
        .set("c-User", "sync")
        .set("c-Password", PASSWORD)
        .send(admin, "/connections", "test")
        .await;
    let done = Filled::read(&filled).send(admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    done.location.rsplit('=').next().unwrap().parse().unwrap()
}
