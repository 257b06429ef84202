//! A portal in use: two connections with separate people, linked records, and a browser for everybody.

use std::sync::Arc;

use gleichlauf::app::Plugins;
use gleichlauf::connections::{Access, ConnectionId, Grantee, Scope};
use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{ActorRef, ActorType, ConnectionGuid};
use gleichlauf::crm::fields::List;
use gleichlauf::crm::value::{FieldKind, Value};
use gleichlauf::crm::{RecordId, RecordKind};
use gleichlauf::history::Actor;
use gleichlauf::mapping::{ActorMapping, Direction, FieldMapping};
use gleichlauf::store::configuration::Configuration;
use gleichlauf::store::connections::NewConnection;
use gleichlauf::store::{Store, connections, connectors, crm, crm_lists, engine, groups, mappings};
use gleichlauf::sync::connect::{Choice, Connected};
use gleichlauf::users::{Role, UserId};

use crate::support::custom_fields::new_field;
use crate::support::fake_connector::{FakeConnector, config, fields};
use crate::support::portal::{Browser, Portal, spawn_with};
use crate::support::{connections as prepared, custom_fields, licences, people};

/// Stands in everything of the south connection that only those in its scope may see.
pub const HIDDEN: &str = "4711-geheim";
/// The south connection's password.
pub const SECRET: &str = "pw-Ünique-4711-geheim";

/// Who a browser belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Administers.
    Ada,
    /// Audits.
    Eva,
    /// Uses the north connection.
    Ida,
    /// Uses the south connection.
    Bert,
    /// Whoever came last.
    Guest,
}

pub struct Stage {
    pub portal: Portal,
    pub north_erp: Arc<FakeConnector>,
    browsers: Vec<Browser>,
    pub ada: UserId,
    pub ida: UserId,
    pub bert: UserId,
    /// A user with nothing.
    pub carl: UserId,
    pub group: i64,
    /// A list of companies that an admin added.
    pub custom_field: i64,
    pub north_connector: i64,
    pub south_connector: i64,
    pub north: ConnectionId,
    pub south: ConnectionId,
    /// Inactive, on the north connector.
    pub spare: ConnectionId,
    /// Of the spare connection's customers.
    pub field: i64,
    /// The conformance test of the spare connection; 0: there was none.
    pub run: i64,
    /// The resync of the north connection; 0: there was none.
    pub resync: i64,
    /// Linked in the north.
    pub company: RecordId,
    pub person: RecordId,
    pub project: RecordId,
    /// Linked nowhere.
    pub free: RecordId,
    /// Linked in the south.
    pub hidden: RecordId,
}

impl Stage {
    pub async fn set() -> Self {
        Self::set_up(false).await
    }

    /// The same with a conformance test of the spare connection.
    pub async fn set_and_tested() -> Self {
        Self::set_up(true).await
    }

    async fn set_up(is_tested: bool) -> Self {
        let (north_erp, south_erp) = (FakeConnector::new(6), FakeConnector::new(3));
        let plugins = Plugins::from([
            ("north".to_owned(), north_erp.clone() as Arc<dyn Connector>),
            ("south".to_owned(), south_erp.clone() as Arc<dyn Connector>),
        ]);
        let portal = spawn_with(&[], plugins).await;
        let store = portal.app.portal.store.clone();
        licences::install(&store, "2027-12-31").await;
        let ada = people::add_person(&portal, "ada", Role::Admin).await;
        people::add_person(&portal, "eva", Role::Auditor).await;
        let ida = people::add_person(&portal, "ida", Role::User).await;
        let bert = people::add_person(&portal, "bert", Role::User).await;
        let carl = people::add_person(&portal, "carl", Role::User).await;
        for user in [ida, bert] {
            licences::give_seat(&store, user).await;
        }
        hide(&south_erp);
        let mut browsers = Vec::new();
        for login in ["ada", "eva", "ida", "bert"] {
            let mut browser = Browser::new(&portal);
            people::sign_in(&mut browser, login).await;
            browser.get("/companies").await;
            browsers.push(browser);
        }
        browsers.push(Browser::new(&portal));
        let north_connector = connector(&store, "Nordwind connector", "plugin://north").await;
        let south_name = format!("Connector {HIDDEN}");
        let south_connector = connector(&store, &south_name, "plugin://south").await;
        let north = connection(&store, north_connector, "Nordwind", only(ida), "north").await;
        let south_title = format!("Geheimbund {HIDDEN}");
        let south = connection(&store, south_connector, &south_title, only(bert), HIDDEN).await;
        let spare = connection(&store, north_connector, "Spare", Scope::Everyone, "spare").await;
        // Before there is anything else for the engine to do.
        let run = match is_tested {
            true => test(&portal, &mut browsers[Who::Ada as usize], spare, &north_erp).await,
            false => 0,
        };
        for id in [north, south] {
            prepared::activate(&store, id).await;
        }
        // As it is anyway; from now on it has a version.
        let mut tx = store.begin().await.unwrap();
        engine::set_priority(&mut tx, &Actor::system(), "0", ("", "CRM")).await.unwrap();
        tx.commit().await.unwrap();
        let mapping = mappings::find(&store, spare, ActorType::Customer).await.unwrap().unwrap();
        let field = mapping.field("Phone").unwrap().id;
        let group = group(&store).await;
        let colours = ["Rot", "Blau"];
        let colour = new_field(RecordKind::Company, FieldKind::List, "Farbe", &colours);
        let custom_field = custom_fields::insert(&store, &colour).await;
        let company = record(&store, RecordKind::Company, None, &CUSTOMER_1).await;
        let person = [("first_name", "Zoë"), ("last_name", "Weiß-1")];
        let person = record(&store, RecordKind::Person, Some(company), &person).await;
        let project = record(&store, RecordKind::Project, None, &[("name", "Halle 3")]).await;
        let free = record(&store, RecordKind::Company, None, &CUSTOMER_2).await;
        let hidden = record(&store, RecordKind::Company, None, &[("name", "Offen GmbH")]).await;
        let stage = Self {
            portal,
            north_erp,
            browsers,
            ada,
            ida,
            bert,
            carl,
            group,
            custom_field,
            north_connector,
            south_connector,
            north,
            south,
            spare,
            field,
            run,
            resync: 0,
            company,
            person,
            project,
            free,
            hidden,
        };
        stage.link(north, company, ActorType::Customer, "C1").await;
        stage.link(north, person, ActorType::Person, "P1").await;
        stage.link(north, project, ActorType::Project, "J3").await;
        stage.link(south, hidden, ActorType::Customer, "C1").await;
        stage
    }

    pub fn store(&self) -> &Store {
        &self.portal.app.portal.store
    }

    pub fn browser(&mut self, who: Who) -> &mut Browser {
        &mut self.browsers[who as usize]
    }

    /// Somebody new at the door.
    pub fn new_guest(&mut self) -> &mut Browser {
        let guest = Browser::new(&self.portal);
        self.browsers[Who::Guest as usize] = guest;
        self.browser(Who::Guest)
    }

    /// What stands in an input of a page.
    pub async fn value(&mut self, who: Who, page: &str, name: &str) -> String {
        let page = self.browser(who).get(page).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page.value_of(name)
    }

    async fn link(&self, connection: ConnectionId, record: RecordId, kind: ActorType, key: &str) {
        let actor = ActorRef { kind, key: key.to_owned() };
        let engine = &self.portal.app.portal.engine;
        let by = Actor::user(self.ada, "ada", "admin", "");
        let done = engine.connect(&by, (connection, record), &actor, Choice::default()).await;
        assert!(matches!(done, Ok(Connected::Linked(_))), "{key}: {done:?}");
    }
}

/// As the ERP has them, so that nothing has to be settled.
const CUSTOMER_1: [(&str, &str); 2] = [("name", "Ærø & Söhne <1>"), ("phone", "+49 30 1")];
const CUSTOMER_2: [(&str, &str); 2] = [("name", "Ærø & Söhne <2>"), ("phone", "+49 30 2")];

/// Only its linked customer has a name that others know.
fn hide(south: &FakeConnector) {
    for (key, name) in [("C1", "Offen GmbH"), ("C2", HIDDEN), ("C3", HIDDEN)] {
        south.set(ActorType::Customer, key, "Name", name);
        south.set(ActorType::Customer, key, "Phone", &format!("+49 {HIDDEN}"));
    }
    for key in ["P1", "P2", "P3"] {
        south.set(ActorType::Person, key, "LastName", HIDDEN);
    }
    south.set(ActorType::Project, "J3", "Name", HIDDEN);
}

fn only(user: UserId) -> Scope {
    Scope::Only(vec![Access { who: Grantee::User(user), may_connect: true, may_create: true }])
}

async fn connector(store: &Store, name: &str, address: &str) -> i64 {
    let mut tx = store.begin().await.unwrap();
    let id = connectors::insert(&mut tx, &Actor::system(), name, address).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn connection(
    store: &Store,
    connector_id: i64,
    name: &str,
    scope: Scope,
    server: &str,
) -> ConnectionId {
    let by = Actor::system();
    let values = [("Server", server), ("Password", SECRET), ("Company", "01")];
    let new = NewConnection {
        guid: ConnectionGuid::random().unwrap(),
        connector_id,
        name: name.to_owned(),
        description: String::new(),
        scope,
        configuration: Configuration { fields: config(), values: values.into_iter().collect() },
    };
    let mut tx = store.begin().await.unwrap();
    let id = connections::insert(&mut tx, &by, &new).await.unwrap();
    for kind in [ActorType::Customer, ActorType::Person, ActorType::Project] {
        mappings::save(&mut tx, &by, &mapping(id, kind, server == "north")).await.unwrap();
    }
    tx.commit().await.unwrap();
    id
}

fn mapping(connection_id: ConnectionId, kind: ActorType, with_phone: bool) -> ActorMapping {
    let crm = |key: &str| match (kind, key) {
        (ActorType::Customer | ActorType::Project, "Name") => Some("name"),
        (ActorType::Customer, "Phone") if with_phone => Some("phone"),
        (ActorType::Person, "FirstName") => Some("first_name"),
        (ActorType::Person, "LastName") => Some("last_name"),
        _ => None,
    };
    let field = |erp: gleichlauf::connector::types::FieldInfo| {
        let crm_field = crm(&erp.key).map(str::to_owned);
        FieldMapping {
            direction: if crm_field.is_some() { Direction::BOTH } else { Direction::NONE },
            is_shown_in_search: true,
            is_shown_in_tab: crm_field.is_none(),
            crm_field,
            ..FieldMapping::new(erp)
        }
    };
    let fields: Vec<FieldMapping> = fields(kind).into_iter().map(field).collect();
    let searchable = fields.iter().map(|field| field.erp.key.clone()).collect();
    let is_active = true;
    ActorMapping { is_active, searchable, fields, ..prepared::mapping(connection_id, kind) }
}

/// Has a connection tested; its connector fails in one place.
async fn test(
    portal: &Portal,
    ada: &mut Browser,
    connection: ConnectionId,
    erp: &FakeConnector,
) -> i64 {
    let runs = format!("/connections/{connection}/conformance-runs");
    ada.get(&runs).await;
    let asked = ada.post(&runs, &[]).await;
    erp.fail("GetSearchableFields", Failure::refused("", "planted"));
    assert!(portal.app.portal.engine.run_one_due().await.unwrap());
    asked.location.rsplit('/').next().unwrap().parse().unwrap()
}

async fn group(store: &Store) -> i64 {
    let mut tx = store.begin().await.unwrap();
    let id = groups::insert_group(&mut tx, &Actor::system(), "Vertrieb").await.unwrap();
    crm_lists::insert(&mut tx, &Actor::system(), List::COUNTRY, "Germany").await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn record(
    store: &Store,
    kind: RecordKind,
    parent: Option<RecordId>,
    fields: &[(&str, &str)],
) -> RecordId {
    let values = fields.iter().map(|(key, text)| (*key, Value::Text((*text).to_owned())));
    let mut tx = store.begin().await.unwrap();
    let by = Actor::system();
    let id = crm::insert(&mut tx, &by, kind, parent, &values.collect()).await.unwrap();
    tx.commit().await.unwrap();
    id
}
