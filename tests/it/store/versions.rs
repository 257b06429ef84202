//! Every change of the configuration is a version, whoever makes it.

use std::collections::BTreeMap;

use gleichlauf::connections::{Access, Grantee, Scope};
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::fields::List;
use gleichlauf::history::{Action, Event, Subject};
use gleichlauf::mapping::{ActorMapping, DefaultRule, Direction};
use gleichlauf::store::connections::Change;
use gleichlauf::store::page::Place;
use gleichlauf::store::{
    Store, Tx, connections, connectors, crm_lists, engine, mappings, versions,
};
use gleichlauf::users::Role;
use gleichlauf::versions::difference::diff;
use gleichlauf::versions::touched::{Makes, makes};
use gleichlauf::versions::{Version, Versioned};

use super::connections::{added, new_connection};
use super::mappings::new_mapping;
use super::{anna, commit};
use crate::support::database::{Database, store};
use crate::support::people::add_user;

async fn all(store: &Store, of: Versioned) -> Vec<Version> {
    versions::page(store, of, Place::First, 100).await.unwrap().items
}

/// Something to change in every way.
struct Stage {
    store: Store,
    database: Database,
    connector: i64,
    connection: i64,
    item: i64,
    ida: i64,
}

impl Stage {
    async fn set() -> Self {
        let (store, _, database) = store().await;
        let (connector, connection) = added(&store).await;
        let mapping = new_mapping(connection, ActorType::Customer);
        commit!(store, tx => mappings::save(&mut tx, &anna(), &mapping));
        let item =
            commit!(store, tx => crm_lists::insert(&mut tx, &anna(), List::CATEGORY, "Kunde"));
        let ida = add_user(&store, "ida", Role::User).await;
        Self { store, database, connector, connection, item, ida }
    }

    async fn version(&self) -> i64 {
        connections::find(&self.store, self.connection).await.unwrap().unwrap().version
    }

    async fn change(&self, tx: &mut Tx, name: &str, scope: Scope) {
        let change =
            Change { name: name.into(), description: String::new(), scope, configuration: None };
        let place = (self.connection, self.version().await);
        connections::update(tx, &anna(), place, &change).await.unwrap();
    }

    async fn map(&self, tx: &mut Tx, change: impl FnOnce(&mut ActorMapping)) {
        let kind = ActorType::Customer;
        let mut mapping =
            mappings::find(&self.store, self.connection, kind).await.unwrap().unwrap();
        change(&mut mapping);
        mappings::save(tx, &anna(), &mapping).await.unwrap();
    }

    /// Makes the change that this action stands for; gives whose configuration it changes.
    async fn perform(&self, tx: &mut Tx, action: Action) -> Versioned {
        let rule = |mandatory| {
            let value = Some("[F:1.5]".to_owned());
            Some(DefaultRule {
                value,
                asks_user: true,
                is_mandatory: mandatory,
                ..DefaultRule::default()
            })
        };
        let connector = Versioned::Connector(self.connector);
        match action {
            Action::ConnectorAdded => {
                let id = connectors::insert(tx, &anna(), "New", "plugin://x").await.unwrap();
                return Versioned::Connector(id);
            }
            Action::ConnectorChanged => {
                connectors::update(tx, &anna(), (self.connector, 1), "D", "https://a.example")
                    .await
                    .unwrap();
                return connector;
            }
            Action::ConnectorDeleted => {
                for found in connections::list(&self.store).await.unwrap() {
                    connections::delete(tx, &anna(), (found.id, found.version)).await.unwrap();
                }
                let left = connectors::delete(tx, &anna(), (self.connector, 2)).await.unwrap();
                assert!(left.is_empty());
                return connector;
            }
            Action::ConnectorRestored => {
                connectors::restore(tx, &anna(), (self.connector, 3)).await.unwrap();
                return connector;
            }
            Action::ConnectionAdded => {
                let new = new_connection(self.connector, "Third");
                return Versioned::Connection(
                    connections::insert(tx, &anna(), &new).await.unwrap(),
                );
            }
            Action::ConnectionChanged => self.change(tx, "Renamed", Scope::Everyone).await,
            Action::ScopeChanged => {
                let row =
                    Access { who: Grantee::User(self.ida), may_connect: true, may_create: false };
                self.change(tx, "Renamed", Scope::Only(vec![row])).await;
            }
            Action::ConnectionDeleted => {
                let version = self.version().await;
                connections::delete(tx, &anna(), (self.connection, version)).await.unwrap();
            }
            Action::ConnectionRestored => {
                let version = self.version().await;
                connections::restore(tx, &anna(), (self.connection, version)).await.unwrap();
            }
            Action::MappingChanged => {
                self.map(tx, |m| m.fields[0].direction = Direction::BOTH).await;
            }
            Action::ListMappingChanged => {
                let items = BTreeMap::from([("A".to_owned(), self.item)]);
                self.map(tx, |m| m.fields[1].items = items).await;
            }
            Action::DefaultAdded => self.map(tx, |m| m.fields[2].default = rule(false)).await,
            Action::DefaultChanged => self.map(tx, |m| m.fields[2].default = rule(true)).await,
            Action::DefaultDeleted => self.map(tx, |m| m.fields[2].default = None).await,
            Action::RankChanged => self.map(tx, |m| m.fields.swap(0, 2)).await,
            Action::PriorityChanged => {
                let order = format!("{};0", self.connection);
                engine::set_priority(tx, &anna(), &order, ("a", "b")).await.unwrap();
                return Versioned::Priority;
            }
            // These come with the changes they stand for.
            Action::VersionRestored | Action::ConfigurationImported | Action::ConnectionCopied => {
                let subject = Subject::new("connection", self.connection, "x");
                let event = Event::new(action, subject).in_connection(self.connection, "x");
                tx.record(&anna(), &event).await.unwrap();
                self.change(tx, action.as_str(), Scope::Everyone).await;
            }
            other => panic!("{other:?} makes a version; say here how it comes about"),
        }
        Versioned::Connection(self.connection)
    }
}

/// Those that make a version, in an order in which each finds what it needs.
fn actions() -> Vec<Action> {
    let mut actions: Vec<Action> =
        Action::ALL.iter().copied().filter(|action| makes(*action) != Makes::Nothing).collect();
    let late = [Action::ConnectionDeleted, Action::ConnectionRestored];
    let last = [Action::ConnectorDeleted, Action::ConnectorRestored];
    actions.retain(|action| !late.contains(action) && !last.contains(action));
    actions.extend(late);
    actions.extend(last);
    actions
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_that_changes_the_configuration_leaves_a_version() {
    let stage = Stage::set().await;
    for action in actions() {
        let before = stage.database.ask("SELECT COUNT(*) FROM config_version")[0].clone();
        let mut tx = stage.store.begin().await.unwrap();
        let of = stage.perform(&mut tx, action).await;
        let numbers = all(&stage.store, of).await.len();
        drop(tx);
        assert_eq!(
            stage.database.ask("SELECT COUNT(*) FROM config_version")[0],
            before,
            "{action:?}: what did not happen has no version"
        );
        let mut tx = stage.store.begin().await.unwrap();
        let of = stage.perform(&mut tx, action).await;
        tx.commit().await.unwrap();
        let found = all(&stage.store, of).await;
        assert!(found.len() > numbers, "{action:?} left no version");
        assert_eq!(found[0].by, "Anna Berg", "{action:?}");
        let seq = found[0].history_seq.unwrap();
        let row = stage.database.ask(&format!("SELECT actor_name FROM history WHERE seq = {seq}"));
        assert_eq!(row, ["Anna Berg"], "{action:?}");
        let now = versions::snapshot(&stage.store, of).await.unwrap().unwrap();
        assert_eq!(found[0].snapshot.as_ref(), Some(&now), "{action:?}");
        if let Some(previous) = found.get(1) {
            assert_ne!(diff(previous.snapshot.as_ref().unwrap(), &now), [], "{action:?}");
        }
        // Numbered without a gap.
        let numbers: Vec<i64> = found.iter().rev().map(|version| version.number).collect();
        assert_eq!(numbers, (1..=found.len() as i64).collect::<Vec<_>>(), "{action:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_transaction_is_one_version_and_nothing_changed_is_none() {
    let stage = Stage::set().await;
    let of = Versioned::Connection(stage.connection);
    let before = all(&stage.store, of).await.len();
    let mut tx = stage.store.begin().await.unwrap();
    stage.change(&mut tx, "Other", Scope::Everyone).await;
    stage.map(&mut tx, |mapping| mapping.fields.swap(0, 1)).await;
    tx.commit().await.unwrap();
    assert_eq!(all(&stage.store, of).await.len(), before + 1);
    let mut tx = stage.store.begin().await.unwrap();
    stage.map(&mut tx, |_| {}).await;
    stage.change(&mut tx, "Other", Scope::Everyone).await;
    // Using a configuration is not changing it.
    let version = stage.version().await + 1;
    connections::activate(&mut tx, &anna(), (stage.connection, version)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(all(&stage.store, of).await.len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_there_before_versions_were_kept_becomes_the_first() {
    let stage = Stage::set().await;
    assert!(stage.database.sql("DELETE FROM config_version"));
    let of = Versioned::Connection(stage.connection);
    let before = versions::snapshot(&stage.store, of).await.unwrap().unwrap();
    let mut tx = stage.store.begin().await.unwrap();
    stage.change(&mut tx, "Other", Scope::Everyone).await;
    tx.commit().await.unwrap();
    let found = all(&stage.store, of).await;
    assert_eq!(found.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(found[1].snapshot.as_ref(), Some(&before));
    assert_eq!((found[1].by.as_str(), found[1].history_seq), ("", None));
    assert_eq!(found[0].snapshot.as_ref().unwrap().name(), "Other");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_loses_the_secrets_leaves_versions_of_its_connections() {
    let stage = Stage::set().await;
    let of = Versioned::Connection(stage.connection);
    let before = all(&stage.store, of).await.len();
    commit!(stage.store, tx => connectors::update(
        &mut tx, &anna(), (stage.connector, 1), "C", "https://b.example"
    ));
    let found = all(&stage.store, of).await;
    assert_eq!(found.len(), before + 1);
    let read =
        |version: &Version| serde_json::to_string(version.snapshot.as_ref().unwrap()).unwrap();
    assert!(read(&found[1]).contains(r#""secret_is_set":true"#), "{}", read(&found[1]));
    assert!(read(&found[0]).contains(r#""secret_is_set":false"#), "{}", read(&found[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_cannot_be_read_is_still_there() {
    let stage = Stage::set().await;
    let of = Versioned::Connection(stage.connection);
    assert!(stage.database.sql("UPDATE config_version SET document = '{\"moon\": 1}'"));
    assert!(all(&stage.store, of).await.iter().all(|version| version.snapshot.is_none()));
    let mut tx = stage.store.begin().await.unwrap();
    stage.change(&mut tx, "Other", Scope::Everyone).await;
    tx.commit().await.unwrap();
    let newest = versions::newest(&stage.store, of).await.unwrap().unwrap();
    assert_eq!(newest.snapshot.unwrap().name(), "Other");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other() {
    let stage = Stage::set().await;
    let of = Versioned::Connection(stage.connection);
    for name in ["A", "B", "C", "D", "E"] {
        let mut tx = stage.store.begin().await.unwrap();
        stage.change(&mut tx, name, Scope::Everyone).await;
        tx.commit().await.unwrap();
    }
    let newest = all(&stage.store, of).await[0].number;
    let page = async |place| {
        let page = versions::page(&stage.store, of, place, 2).await.unwrap();
        let numbers: Vec<i64> = page.items.iter().map(|version| newest - version.number).collect();
        (numbers, page.has_previous, page.has_next)
    };
    assert_eq!(page(Place::First).await, (vec![0, 1], false, true));
    assert_eq!(page(Place::After(newest - 1)).await, (vec![2, 3], true, true));
    assert_eq!(page(Place::Before(newest - 2)).await, (vec![0, 1], false, true));
}
