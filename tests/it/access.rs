//! Every address × every kind of visitor, from the route table: who gets in, who is refused, and that a
//! refusal changes nothing but the history.

use std::collections::BTreeSet;

use gleichlauf::connections::Scope;
use gleichlauf::connector::types::{ConnectionGuid, Settings};
use gleichlauf::gates::{Licence, Rule, Scope as ScopeRule, Who};
use gleichlauf::history::Actor;
use gleichlauf::store::configuration::Configuration;
use gleichlauf::store::connections::NewConnection;
use gleichlauf::store::{Store, connections, connectors};
use gleichlauf::users::{Role, UserId};
use gleichlauf::web::routes::TABLE;

use crate::support::portal::{Browser, Portal, spawn};
use crate::support::{licences, people};

/// A kind of visitor.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Visitor {
    Stranger,
    Admin,
    Auditor,
    /// A user with a seat and a connection.
    User,
    UserWithoutSeat,
    UserOutOfScope,
    Disabled,
}

const VISITORS: [Visitor; 7] = [
    Visitor::Stranger,
    Visitor::Admin,
    Visitor::Auditor,
    Visitor::User,
    Visitor::UserWithoutSeat,
    Visitor::UserOutOfScope,
    Visitor::Disabled,
];

/// What the whole portal stands at.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Usual,
    LicenceExpired,
    NoLicence,
    ConnectionDeactivated,
}

impl Visitor {
    fn role(self) -> Option<Role> {
        match self {
            Self::Stranger | Self::Disabled => None,
            Self::Admin => Some(Role::Admin),
            Self::Auditor => Some(Role::Auditor),
            Self::User | Self::UserWithoutSeat | Self::UserOutOfScope => Some(Role::User),
        }
    }
}

/// What the rule of an address says of a visitor, said here once more in other words.
#[derive(Debug, PartialEq)]
enum Expected {
    In,
    ToSignIn,
    Refused,
}

fn expected(rule: Rule, visitor: Visitor, state: State) -> Expected {
    if rule.who == Who::Anyone {
        return Expected::In;
    }
    let Some(role) = visitor.role() else { return Expected::ToSignIn };
    if let Who::Roles(roles) = rule.who
        && !roles.contains(&role)
    {
        return Expected::Refused;
    }
    let is_licensed = !matches!(state, State::LicenceExpired | State::NoLicence);
    let has_seat = role != Role::User || visitor != Visitor::UserWithoutSeat;
    let is_in_scope = visitor == Visitor::User && state != State::ConnectionDeactivated;
    let gates = [
        rule.licence == Licence::NotNeeded || is_licensed,
        rule.licence != Licence::Seat || has_seat,
        rule.scope == ScopeRule::None || is_in_scope,
    ];
    if gates.into_iter().all(|is_open| is_open) { Expected::In } else { Expected::Refused }
}

/// An active connection that only this user may use.
async fn connection_for(store: &Store, user: UserId) -> (i64, i64) {
    let actor = Actor::system();
    let mut tx = store.begin().await.unwrap();
    let connector = connectors::insert(&mut tx, &actor, "ERP", "plugin://none").await.unwrap();
    let new = NewConnection {
        guid: ConnectionGuid::random().unwrap(),
        connector_id: connector,
        name: "Geheimbund 4711".to_owned(),
        description: String::new(),
        scope: Scope::Only(vec![gleichlauf::connections::Access {
            who: gleichlauf::connections::Grantee::User(user),
            may_connect: true,
            may_create: true,
        }]),
        configuration: Configuration { fields: Vec::new(), values: Settings::new() },
    };
    let id = connections::insert(&mut tx, &actor, &new).await.unwrap();
    tx.commit().await.unwrap();
    let version = connections::find(store, id).await.unwrap().unwrap().version;
    let mut tx = store.begin().await.unwrap();
    connections::activate(&mut tx, &actor, (id, version)).await.unwrap();
    tx.commit().await.unwrap();
    (id, connector)
}

async fn visitors(portal: &Portal) -> Vec<(Visitor, Browser)> {
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let mut all = Vec::new();
    for visitor in VISITORS {
        let role = match visitor {
            Visitor::Stranger => {
                let mut browser = Browser::new(portal);
                browser.get("/sign-in").await;
                all.push((visitor, browser));
                continue;
            }
            Visitor::Disabled => Role::Admin,
            other => other.role().unwrap(),
        };
        let login = format!("{visitor:?}");
        let id = people::add_person(portal, &login, role).await;
        if matches!(visitor, Visitor::User | Visitor::UserOutOfScope) {
            licences::give_seat(store, id).await;
        }
        if visitor == Visitor::User {
            connection_for(store, id).await;
        }
        let mut browser = Browser::new(portal);
        people::sign_in(&mut browser, &login).await;
        browser.get("/companies").await;
        if visitor == Visitor::Disabled {
            people::disable(store, id).await;
        }
        all.push((visitor, browser));
    }
    all
}

/// The address with ids that do not exist: who gets in finds nothing, who does not is refused before.
fn concrete(path: &str) -> String {
    let mut address = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (_, after) = after.split_once('}').unwrap();
        address += before;
        address += "1";
        rest = after;
    }
    address + rest
}

async fn walk(state: State) {
    let portal = spawn(&[]).await;
    let mut visitors = visitors(&portal).await;
    match state {
        State::LicenceExpired => licences::install(&portal.app.portal.store, "2026-11-21").await,
        State::NoLicence => assert!(portal.database.sql("DELETE FROM licence")),
        State::Usual | State::ConnectionDeactivated => {}
    }
    if state == State::ConnectionDeactivated {
        let store = &portal.app.portal.store;
        let active = connections::list_active(store).await.unwrap().remove(0);
        let mut tx = store.begin().await.unwrap();
        connections::deactivate(&mut tx, &Actor::system(), (active.id, active.version))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let mut wrong = Vec::new();
    let (mut refused, seq) = (0, portal.database.actions_after(0).1);
    let mut strangers = BTreeSet::new();
    for (visitor, browser) in &mut visitors {
        for route in TABLE.iter() {
            // Signing out would end the walk for everything after it.
            if route.path == "/sign-out" {
                continue;
            }
            let address = concrete(route.path);
            let page = match route.method.as_str() {
                "GET" => browser.get(&address).await,
                _ => browser.post(&address, &[]).await,
            };
            if page.status == 403 && visitor.role().is_none() {
                strangers.insert((route.method.as_str(), route.path));
            } else if page.status == 403 {
                refused += 1;
            }
            let is_to_sign_in = page.status == 303 && page.location.starts_with("/sign-in");
            let found = match page.status {
                _ if is_to_sign_in => Expected::ToSignIn,
                // A stranger's form never belongs to a session that may send it.
                403 if *visitor == Visitor::Stranger || *visitor == Visitor::Disabled => {
                    Expected::ToSignIn
                }
                403 => Expected::Refused,
                200..=299 | 303 | 400 | 404 | 409 | 422 => Expected::In,
                status => panic!("{visitor:?} {} {address}: {status}\n{}", route.method, page.text),
            };
            let wanted = expected(route.rule, *visitor, state);
            if found != wanted {
                wrong.push(format!(
                    "{state:?} {visitor:?} {} {address}: {found:?}, not {wanted:?}",
                    route.method
                ));
            }
            if *visitor == Visitor::UserOutOfScope && page.text.contains("Geheimbund 4711") {
                wrong.push(format!("{address} names a connection out of scope"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Each refusal is one row of the history; those of nobody signed in are told once a minute.
    let (mut rows, _) = portal.database.actions_after(seq);
    rows.retain(|action| action == "refused");
    assert_eq!(rows.len(), refused + strangers.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_admits_whom_its_rule_names() {
    walk(State::Usual).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_licence_closes_what_needs_one() {
    walk(State::LicenceExpired).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_licence_what_needs_one_is_closed() {
    walk(State::NoLicence).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_connection_closes_the_erp_tab_with_its_address() {
    walk(State::ConnectionDeactivated).await;
}

/// Changes without a sound token, or from elsewhere, are refused, and nothing is written but the refusal.
#[tokio::test(flavor = "multi_thread")]
async fn forms_that_are_not_ours_change_nothing() {
    let portal = spawn(&[]).await;
    licences::install(&portal.app.portal.store, "2027-12-31").await;
    let mut admin = people::signed_in(&portal, "admin", Role::Admin).await;
    let mut other = people::signed_in(&portal, "other", Role::Admin).await;
    admin.get("/companies").await;
    let foreign = other.get("/companies/new").await.value_of("csrf");
    let own = admin.get("/companies/new").await.value_of("csrf");
    let before = portal.database.content();
    let seq = portal.database.actions_after(0).1;
    for route in TABLE.iter().filter(|route| route.method == "POST" && route.path != "/sign-out") {
        let address = concrete(route.path);
        for token in ["", "wrong", &foreign] {
            let page = admin.post_raw(&address, &[("csrf", token)]).await;
            assert_eq!(page.status, 403, "{address} with {token:?}");
        }
        let form = format!("csrf={own}");
        for (name, value) in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://evil.example"),
            ("Origin", "null"),
        ] {
            let request = admin
                .client()
                .post(admin.url(&address))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(name, value)
                .body(form.clone());
            assert_eq!(admin.send(request).await.status, 403, "{address} with {name}");
        }
        for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x"] {
            let request = admin
                .client()
                .post(admin.url(&address))
                .header("Content-Type", kind)
                .body(form.clone());
            assert_eq!(admin.send(request).await.status, 403, "{address} as {kind}");
        }
    }
    assert_eq!(portal.database.content(), before);
    let (rows, _) = portal.database.actions_after(seq);
    assert!(rows.len() > 300 && rows.iter().all(|action| action == "refused"), "{rows:?}");
}
