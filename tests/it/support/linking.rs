//! A portal with a fake ERP, an active connection to it, a company and its person, and a user who may link
//! them.

use std::sync::Arc;

use gleichlauf::app::Plugins;
use gleichlauf::connections::{ConnectionId, Scope};
use gleichlauf::connector::Connector;
use gleichlauf::connector::types::{ActorRef, ActorType, ConnectionGuid};
use gleichlauf::crm::value::Value;
use gleichlauf::crm::{Record, RecordId, RecordKind, Values};
use gleichlauf::history::Actor;
use gleichlauf::links::Link;
use gleichlauf::mapping::{ActorMapping, DefaultRule, Direction, FieldMapping};
use gleichlauf::store::configuration::Configuration;
use gleichlauf::store::connections::NewConnection;
use gleichlauf::store::{Store, connections, connectors, crm, links, mappings};
use gleichlauf::sync::connect::Choice;
use gleichlauf::users::Role;

use super::connections::activate;
use super::fake_connector::{FakeConnector, config, fields};
use super::portal::{Browser, Page, Portal, spawn_with};
use super::{licences, people};

pub struct Scene {
    pub portal: Portal,
    pub erp: Arc<FakeConnector>,
    pub user: Browser,
    pub connection: ConnectionId,
    /// Called as customer C1 of the ERP, with another phone number.
    pub company: RecordId,
    pub person: RecordId,
}

/// Customers: name and phone go both ways, the rating is asked for, the limit is shown. Persons: the names.
pub async fn scene() -> Scene {
    let erp = FakeConnector::new(3);
    let plugins = Plugins::from([("fake".to_owned(), erp.clone() as Arc<dyn Connector>)]);
    let portal = spawn_with(&[], plugins).await;
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let connection = connection(store, "Köln", Scope::Everyone).await;
    let texts = [("name", "Ærø & Söhne <1>"), ("phone", "+49 30 999")];
    let company = record(store, RecordKind::Company, None, &texts).await;
    let texts = [("first_name", "Zoë"), ("last_name", "Weiß-1")];
    let person = record(store, RecordKind::Person, Some(company), &texts).await;
    let id = people::add_person(&portal, "vera", Role::User).await;
    licences::give_seat(store, id).await;
    let mut user = Browser::new(&portal);
    people::sign_in(&mut user, "vera").await;
    Scene { portal, erp, user, connection, company, person }
}

/// One more active connection to the fake ERP.
pub async fn connection(store: &Store, name: &str, scope: Scope) -> ConnectionId {
    let actor = Actor::system();
    let mut tx = store.begin().await.unwrap();
    let connector = format!("Connector of {name}");
    let connector = connectors::insert(&mut tx, &actor, &connector, "plugin://fake").await.unwrap();
    let values = [("Server", "erp.example"), ("Password", "secret"), ("Company", "01")];
    let new = NewConnection {
        guid: ConnectionGuid::random().unwrap(),
        connector_id: connector,
        name: name.to_owned(),
        description: format!("US:\"Books of {name}\";GE:\"Bücher {name}\""),
        scope,
        configuration: Configuration { fields: config(), values: values.into_iter().collect() },
    };
    let id = connections::insert(&mut tx, &actor, &new).await.unwrap();
    for (kind, pairs) in [
        (ActorType::Customer, &[("Name", "name"), ("Phone", "phone")]),
        (ActorType::Person, &[("FirstName", "first_name"), ("LastName", "last_name")]),
    ] {
        mappings::save(&mut tx, &actor, &mapping(id, kind, pairs)).await.unwrap();
    }
    tx.commit().await.unwrap();
    activate(store, id).await;
    id
}

fn mapping(id: ConnectionId, kind: ActorType, pairs: &[(&str, &str)]) -> ActorMapping {
    let field = |erp: gleichlauf::connector::types::FieldInfo| {
        let crm = pairs.iter().find(|(key, _)| *key == erp.key).map(|(_, crm)| (*crm).to_owned());
        let asks = DefaultRule {
            value: None,
            asks_user: true,
            is_mandatory: true,
            ..DefaultRule::default()
        };
        FieldMapping {
            direction: if crm.is_some() { Direction::BOTH } else { Direction::NONE },
            crm_field: crm,
            is_shown_in_search: erp.key.contains("Name"),
            is_shown_in_tab: erp.key == "Limit",
            default: (erp.key == "Rating").then_some(asks),
            ..FieldMapping::new(erp)
        }
    };
    let all = fields(kind);
    ActorMapping {
        is_active: true,
        searchable: all.iter().map(|field| field.key.clone()).collect(),
        fields: all.into_iter().map(field).collect(),
        ..super::connections::mapping(id, kind)
    }
}

pub async fn record(
    store: &Store,
    kind: RecordKind,
    parent: Option<RecordId>,
    texts: &[(&str, &str)],
) -> RecordId {
    let values: Values =
        texts.iter().map(|(key, text)| (*key, Value::Text((*text).to_owned()))).collect();
    let mut tx = store.begin().await.unwrap();
    let id = crm::insert(&mut tx, &Actor::system(), kind, parent, &values).await.unwrap();
    tx.commit().await.unwrap();
    id
}

impl Scene {
    pub fn store(&self) -> &Store {
        &self.portal.app.portal.store
    }

    /// The address of the company's ERP tab.
    pub fn tab(&self) -> String {
        format!("/companies/{}/erp", self.company)
    }

    /// An address behind it, in the connection.
    pub fn path(&self, rest: &str) -> String {
        format!("{}/{}/{rest}", self.tab(), self.connection)
    }

    /// Opens the tab, for a fresh token, and sends a form.
    pub async fn post(&mut self, rest: &str, pairs: &[(&str, &str)]) -> Page {
        self.user.get(&self.tab()).await;
        let path = self.path(rest);
        self.user.post(&path, pairs).await
    }

    /// Links the company with customer C1.
    pub async fn link(&self) -> Link {
        let actor = ActorRef { kind: ActorType::Customer, key: "C1".to_owned() };
        let sides = [("Phone".to_owned(), gleichlauf::mapping::Side::Crm)];
        let answers = [("Rating".to_owned(), "[I:1]".to_owned())];
        let choice =
            Choice { sides: sides.into_iter().collect(), answers: answers.into_iter().collect() };
        let engine = &self.portal.app.portal.engine;
        let at = (self.connection, self.company);
        engine.connect(&Actor::system(), at, &actor, choice).await.unwrap();
        self.linked().await.unwrap()
    }

    pub async fn linked(&self) -> Option<Link> {
        links::find_by_record(self.store(), self.connection, self.company).await.unwrap()
    }

    pub async fn record(&self) -> Record {
        crm::find(self.store(), RecordKind::Company, self.company).await.unwrap().unwrap()
    }

    /// A value of an ERP customer.
    pub fn erp_value(&self, key: &str, field: &str) -> String {
        self.erp.dump(ActorType::Customer)[key][field].clone()
    }
}
