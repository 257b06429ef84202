//! The main job as people do it in a browser: an administrator sets a connection up, a user links records,
//! the engine keeps both sides in step, an auditor looks at it all. One story; what differs between the runs
//! is the ERP, the language, and whether scripts run.

mod administration;
mod care;
mod checks;
mod conformance;
mod defaults;
mod dragging;
mod engine;
mod erp;
mod facts;
mod linking;
mod mapping;
mod office;
mod oversight;
mod own_fields;
mod resync;
mod setting_up;
mod versions;
mod window;
mod wiring;

use std::collections::BTreeMap;
use std::net::TcpListener;

use gleichlauf::app::Plugins;
use gleichlauf::connections::ConnectionId;
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::{Record, RecordKind};
use gleichlauf::demo;
use gleichlauf::i18n::{Language, Texts};
use gleichlauf::links::LinkId;
use gleichlauf::mapping::{Direction, translate};
use gleichlauf::store::{connections, crm, links, mappings};
use gleichlauf::users::Role;
use gleichlauf::web::captions;
use tokio::sync::Mutex;

use self::erp::{Erp, Rows};
use self::facts::Facts;
use self::window::Window;
use crate::support::portal::{Portal, spawn_with};
use crate::support::wcf::Form;
use crate::support::{licences, people};

/// The two connections: one for the user of the story, one that this user must never hear of.
const FIRST: &str = "Köln & Söhne";
const SECOND: &str = "Geheime Tochter";

struct Story {
    portal: Portal,
    erp: Erp,
    facts: Facts,
    window: Window,
    /// An address where nobody answers, though it may be called.
    nowhere: String,
    /// What the ERP held after the last step.
    seen: Mutex<All>,
}

type All = BTreeMap<&'static str, Rows>;
/// Kind, key, field, new value.
type Change = [String; 4];

impl Story {
    async fn begin(erp: Which, language: Language, scripts: bool) -> Self {
        let clock = gleichlauf::clock::Clock::fixed(crate::support::database::NOON);
        let (erp, facts) = match erp {
            Which::Practice => (Erp::practice(&clock).await, Facts::practice()),
            Which::DotNet(form) => (Erp::dot_net(form).await, Facts::dot_net()),
        };
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let portal = spawn_with(&[erp.line(), free.to_string()], Plugins::new()).await;
        let store = &portal.app.portal.store;
        demo::crm::fill(store).await.unwrap();
        facts.add_records(store).await;
        licences::install(store, "2027-12-31").await;
        for (login, role) in [
            ("anna", Role::Admin),
            ("vera", Role::User),
            ("olaf", Role::User),
            ("eva", Role::Auditor),
        ] {
            let id = people::add_person(&portal, login, role).await;
            if role == Role::User {
                licences::give_seat(store, id).await;
            }
        }
        people::add_person(&portal, "gerd", Role::User).await;
        let window = Window::open(language, scripts).await;
        let nowhere = format!("http://{free}/Services/ErpConnectorWS.svc");
        let seen = Mutex::new(erp.all().await);
        Self { portal, erp, facts, window, nowhere, seen }
    }

    async fn tell(&self) {
        let working = self.portal.work();
        setting_up::tell(self).await;
        conformance::tell(self).await;
        mapping::tell(self).await;
        linking::tell(self).await;
        engine::tell(self).await;
        oversight::tell(self).await;
        drop(working);
    }

    fn t(&self) -> Texts {
        self.window.t
    }

    async fn sign_in(&self, login: &str) {
        self.window.sign_in(&self.portal, login).await;
    }

    async fn sign_out(&self) {
        self.window.open_menu("person-name").await;
        self.window.press(self.t().layout_sign_out()).await;
        self.window.sees(self.t().sign_in_button()).await;
    }

    /// Signed in as somebody else.
    async fn hand_over_to(&self, login: &str) {
        self.sign_out().await;
        self.sign_in(login).await;
    }

    async fn open_record(&self, kind: RecordKind, name: &str) {
        let (w, t) = (&self.window, self.t());
        w.follow(captions::record_kinds(t, kind)).await;
        w.fill_named("search", name).await;
        w.press(t.search()).await;
        w.follow(name).await;
        w.find(&format!("//h1[normalize-space(.)={}]", window::quoted(name))).await;
    }

    async fn connection(&self, name: &str) -> ConnectionId {
        let all = connections::list(&self.portal.app.portal.store).await.unwrap();
        all.iter().find(|connection| connection.name == name).unwrap().id
    }

    /// What a field of the ERP is called on the page.
    async fn caption(&self, kind: ActorType, key: &str) -> String {
        let store = &self.portal.app.portal.store;
        let id = self.connection(FIRST).await;
        let mapping = mappings::find(store, id, kind).await.unwrap().unwrap();
        office::caption(&mapping, key, self.window.language)
    }

    async fn record(&self, kind: RecordKind, name: &str) -> Record {
        office::record(&self.portal, kind, name).await
    }

    /// What has changed in the ERP since this was asked last: kind, key, field and new value. A new row has
    /// its key alone.
    async fn changes(&self) -> Vec<Change> {
        let after = self.erp.all().await;
        let mut seen = self.seen.lock().await;
        let mut found = Vec::new();
        for (kind, rows) in &after {
            let before = &seen[kind];
            assert!(before.keys().all(|key| rows.contains_key(key)), "a {kind} is gone");
            for (key, row) in rows {
                let change = |field: &str, value: &str| {
                    [kind, key.as_str(), field, value].map(str::to_owned)
                };
                let Some(old) = before.get(key) else {
                    found.push(change("", ""));
                    continue;
                };
                let is_new =
                    |(field, value): &(&String, &String)| old.values.get(*field) != Some(value);
                let new = row.values.iter().filter(is_new);
                found.extend(new.map(|(field, value)| change(field, value)));
            }
        }
        *seen = after;
        found
    }

    /// Every field that goes both ways is equal on both sides, for every linked pair; so many pairs there are.
    async fn is_in_step(&self) -> usize {
        let store = &self.portal.app.portal.store;
        let id = self.connection(FIRST).await;
        let sql = format!("SELECT id FROM link WHERE connection_id = {id}");
        let ids: Vec<LinkId> =
            self.portal.database.ask(&sql).iter().map(|id| id.parse().unwrap()).collect();
        let linked = links::list_by_ids(store, &ids).await.unwrap();
        for link in &linked {
            let mapping = mappings::find(store, id, link.actor.kind).await.unwrap().unwrap();
            let record = crm::find(store, link.record_kind, link.record_id).await.unwrap().unwrap();
            let actor = self.erp.row(link.actor.kind.as_str(), &link.actor.key).await;
            for pair in mapping.pairs().iter().filter(|p| p.field.direction == Direction::BOTH) {
                let ours = record.values.get(&pair.crm.key);
                let theirs = &actor.values[&pair.field.erp.key];
                let texts = translate::ListTexts::default();
                let said = format!("{} {}: {ours:?} {theirs}", record.name(), pair.crm.key);
                assert!(translate::agree(pair, ours, theirs, &texts), "{said}");
            }
        }
        linked.len()
    }
}

enum Which {
    Practice,
    DotNet(Form),
}

// The practice ERP and the .NET connector, each in both languages, with scripts and without.

#[tokio::test(flavor = "multi_thread")]
async fn with_the_practice_erp_in_german() {
    Story::begin(Which::Practice, Language::De, true).await.tell().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_practice_erp_in_english_without_scripts() {
    Story::begin(Which::Practice, Language::En, false).await.tell().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_dot_net_connector_in_its_own_namespace_in_english() {
    Story::begin(Which::DotNet(Form::Own), Language::En, true).await.tell().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_dot_net_connector_in_the_default_namespace_in_german_without_scripts() {
    Story::begin(Which::DotNet(Form::Default), Language::De, false).await.tell().await;
}
