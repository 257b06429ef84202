//! The one table of all addresses: method, path, who may, and whether licence and scope must allow it.
//! The guard enforces it and refuses what has no row here; `gleichlauf routes --json` prints it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::guard::{Any, Get, Head};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig, post};

use super::screens as s;
use crate::users::Role;

/// One address with its rule.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub rule: Rule,
    handler: fn() -> actix_web::Route,
}

/// Who may use an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub who: Who,
    pub licence: Licence,
    pub scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// Anyone signed in, whatever the role.
    SignedIn,
    Roles(&'static [Role]),
}

/// What the licence must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    NotNeeded,
    /// There is a valid licence.
    Valid,
    /// There is one, and the person has a seat.
    Seat,
}

/// Which connections the person must be able to use. Whether the very object of the address is within
/// reach is the handler's to find out, and answers 404.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    None,
    /// At least one active connection.
    AnyConnection,
}

const fn rule(who: Who) -> Rule {
    Rule { who, licence: Licence::NotNeeded, scope: Scope::None }
}

const ANYONE: Rule = rule(Who::Anyone);
const SIGNED_IN: Rule = rule(Who::SignedIn);
const ADMIN: Rule = rule(Who::Roles(&[Role::Admin]));
/// Sync pages and history, to look at.
const OVERSIGHT: Rule = rule(Who::Roles(&[Role::Admin, Role::Auditor]));
/// Changes of CRM records.
const EDITOR: Rule = rule(Who::Roles(&[Role::Admin, Role::User]));
/// Changes in the Sync tab.
const SYNC: Rule = Rule { licence: Licence::Valid, ..ADMIN };
/// The ERP tab and all it leads to.
const ERP: Rule = Rule { licence: Licence::Seat, scope: Scope::AnyConnection, ..EDITOR };

/// The addresses of one kind of record; the same for companies, persons and projects.
macro_rules! records {
    ($kind:literal) => {
        [
            see($kind, SIGNED_IN, || get().to(s::records::index)),
            see(concat!($kind, "/new"), EDITOR, || get().to(s::records::new)),
            act($kind, EDITOR, || post().to(s::records::create)),
            see(concat!($kind, "/{id}"), SIGNED_IN, || get().to(s::records::show)),
            see(concat!($kind, "/{id}/edit"), EDITOR, || get().to(s::records::edit)),
            act(concat!($kind, "/{id}"), EDITOR, || post().to(s::records::update)),
            see(concat!($kind, "/{id}/erp"), ERP, || get().to(s::erp_tab::show)),
            see(concat!($kind, "/{id}/erp/{connection}/search"), ERP, || {
                get().to(s::erp_search::index)
            }),
            see(concat!($kind, "/{id}/erp/{connection}/links/new"), ERP, || {
                get().to(s::links::new)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/links"), ERP, || {
                post().to(s::links::create)
            }),
            see(concat!($kind, "/{id}/erp/{connection}/disconnect"), ERP, || {
                get().to(s::links::edit)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/disconnect"), ERP, || {
                post().to(s::links::delete)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/syncs"), ERP, || {
                post().to(s::record_syncs::create)
            }),
            see(concat!($kind, "/{id}/erp/{connection}/actors/new"), ERP, || {
                get().to(s::erp_actors::new)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/actors"), ERP, || {
                post().to(s::erp_actors::create)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/lookups"), ERP, || {
                post().to(s::erp_actors::update)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/drops"), ERP, || {
                post().to(s::erp_actors::delete)
            }),
        ]
    };
}

/// All addresses.
pub static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let mut table = vec![
        // Signing in and out.
        see("/sign-in", ANYONE, || get().to(s::sign_in::new)),
        act("/sign-in", ANYONE, || post().to(s::sign_in::create)),
        act("/sign-out", SIGNED_IN, || post().to(s::sign_out::create)),
        see("/code", ANYONE, || get().to(s::codes::new)),
        act("/code", ANYONE, || post().to(s::codes::create)),
        see("/", SIGNED_IN, || get().to(s::home::show)),
        // The engine.
        see("/sync/engine", OVERSIGHT, || get().to(s::sync_engine::edit)),
        act("/sync/engine", SYNC, || post().to(s::sync_engine::update)),
        act("/sync/runs", SYNC, || post().to(s::sync_engine::create)),
        see("/sync/priority", OVERSIGHT, || get().to(s::sync_priority::edit)),
        act("/sync/priority", SYNC, || post().to(s::sync_priority::update)),
        see("/connections/{id}/syncs", OVERSIGHT, || get().to(s::connection_syncs::index)),
        act("/connections/{id}/syncs", SYNC, || post().to(s::connection_syncs::create)),
        // What a connection synchronises.
        see("/connections/{id}/mappings", OVERSIGHT, || get().to(s::mappings::edit)),
        act("/connections/{id}/mappings/{type}", SYNC, || post().to(s::mappings::update)),
        see("/connections/{id}/list-mappings", OVERSIGHT, || get().to(s::list_mappings::edit)),
        act("/connections/{id}/list-mappings/{field}", SYNC, || {
            post().to(s::list_mappings::update)
        }),
        see("/connections/{id}/defaults", OVERSIGHT, || get().to(s::defaults::index)),
        see("/connections/{id}/defaults/new", SYNC, || get().to(s::defaults::new)),
        act("/connections/{id}/defaults/{type}", SYNC, || post().to(s::defaults::update)),
        act("/connections/{id}/defaults/{type}/delete", SYNC, || post().to(s::defaults::delete)),
        see("/connections/{id}/defaults/{type}/{field}/edit", SYNC, || get().to(s::defaults::edit)),
        see("/connections/{id}/ranks", OVERSIGHT, || get().to(s::ranks::edit)),
        act("/connections/{id}/ranks/{type}", SYNC, || post().to(s::ranks::update)),
        // What people set for themselves.
        act("/preferences", SIGNED_IN, || post().to(s::preferences::update)),
        see("/account", SIGNED_IN, || get().to(s::account::edit)),
        act("/account", SIGNED_IN, || post().to(s::account::update)),
        see("/account/password", SIGNED_IN, || get().to(s::own_passwords::edit)),
        act("/account/password", SIGNED_IN, || post().to(s::own_passwords::update)),
        act("/account/sessions/{sid}/delete", SIGNED_IN, || post().to(s::own_sessions::delete)),
        see("/help/erp-sync", SIGNED_IN, || get().to(s::help::show)),
        // Users and groups.
        see("/users", ADMIN, || get().to(s::users::index)),
        see("/users/new", ADMIN, || get().to(s::users::new)),
        act("/users", ADMIN, || post().to(s::users::create)),
        see("/users/{id}", ADMIN, || get().to(s::users::edit)),
        act("/users/{id}", ADMIN, || post().to(s::users::update)),
        see("/users/{id}/disable", ADMIN, || get().to(s::user_locks::new)),
        act("/users/{id}/disable", ADMIN, || post().to(s::user_locks::create)),
        act("/users/{id}/enable", ADMIN, || post().to(s::user_locks::delete)),
        see("/users/{id}/codes", ADMIN, || get().to(s::user_codes::new)),
        act("/users/{id}/codes", ADMIN, || post().to(s::user_codes::create)),
        act("/users/{id}/sessions/delete", ADMIN, || post().to(s::user_sessions::delete)),
        see("/users/{id}/seat", ADMIN, || get().to(s::seats::new)),
        act("/users/{id}/seat", ADMIN, || post().to(s::seats::create)),
        act("/users/{id}/seat/delete", ADMIN, || post().to(s::seats::delete)),
        // What happened.
        see("/history", OVERSIGHT, || get().to(s::history::index)),
        see("/history.csv", OVERSIGHT, || get().to(s::history_exports::show)),
        see("/history.jsonl", OVERSIGHT, || get().to(s::history_exports::show)),
        see("/history/{seq}", OVERSIGHT, || get().to(s::history::show)),
        see("/sync-log", OVERSIGHT, || get().to(s::sync_log::index)),
        see("/licence", OVERSIGHT, || get().to(s::licence::show)),
        act("/licence", ADMIN, || post().to(s::licence::update)),
        see("/groups", ADMIN, || get().to(s::groups::index)),
        see("/groups/new", ADMIN, || get().to(s::groups::new)),
        act("/groups", ADMIN, || post().to(s::groups::create)),
        see("/groups/{id}", ADMIN, || get().to(s::groups::edit)),
        act("/groups/{id}", ADMIN, || post().to(s::groups::update)),
        see("/groups/{id}/delete", ADMIN, || get().to(s::group_deletions::new)),
        act("/groups/{id}/delete", ADMIN, || post().to(s::group_deletions::create)),
    ];
    // The Sync tab: connectors and connections.
    table.extend([
        see("/sync", OVERSIGHT, || get().to(s::sync::index)),
        see("/connectors/new", SYNC, || get().to(s::connectors::new)),
        act("/connectors", SYNC, || post().to(s::connectors::create)),
        see("/connectors/{id}", OVERSIGHT, || get().to(s::connectors::show)),
        see("/connectors/{id}/edit", SYNC, || get().to(s::connectors::edit)),
        act("/connectors/{id}", SYNC, || post().to(s::connectors::update)),
        see("/connectors/{id}/delete", SYNC, || get().to(s::connector_deletions::new)),
        act("/connectors/{id}/delete", SYNC, || post().to(s::connector_deletions::create)),
        act("/connectors/{id}/restorations", SYNC, || post().to(s::connector_restorations::create)),
        see("/connections/new", SYNC, || get().to(s::connections::new)),
        act("/connections", SYNC, || post().to(s::connections::create)),
        see("/connections/{id}", OVERSIGHT, || get().to(s::connections::show)),
        see("/connections/{id}/edit", SYNC, || get().to(s::connections::edit)),
        act("/connections/{id}", SYNC, || post().to(s::connections::update)),
        see("/connections/{id}/checks", SYNC, || get().to(s::connection_checks::new)),
        act("/connections/{id}/checks", SYNC, || post().to(s::connection_checks::create)),
        see("/connections/{id}/activations", SYNC, || get().to(s::activations::new)),
        act("/connections/{id}/activations", SYNC, || post().to(s::activations::create)),
        act("/connections/{id}/deactivations", SYNC, || post().to(s::deactivations::create)),
        see("/connections/{id}/delete", SYNC, || get().to(s::connection_deletions::new)),
        act("/connections/{id}/delete", SYNC, || post().to(s::connection_deletions::create)),
        act("/connections/{id}/restorations", SYNC, || {
            post().to(s::connection_restorations::create)
        }),
    ]);
    table.extend(records!("/companies"));
    table.extend(records!("/persons"));
    table.extend(records!("/projects"));
    table
});

/// The rule of an address, by method and pattern.
pub fn rule_of(method: &Method, pattern: &str) -> Option<Rule> {
    static RULES: LazyLock<BTreeMap<(&str, &str), Rule>> = LazyLock::new(|| {
        TABLE.iter().map(|route| ((route.method.as_str(), route.path), route.rule)).collect()
    });
    let method = if method == Method::HEAD { &Method::GET } else { method };
    RULES.get(&(method.as_str(), pattern)).copied()
}

/// Whether the address exists under another method.
pub fn is_path(pattern: &str) -> bool {
    TABLE.iter().any(|route| route.path == pattern)
}

/// Makes every row of the table an address of the portal.
pub fn register(config: &mut ServiceConfig) {
    let mut by_path: BTreeMap<usize, (&str, Vec<&Route>)> = BTreeMap::new();
    for route in TABLE.iter() {
        // In the table's order, since `/x/new` must be tried before `/x/{id}`.
        let first = TABLE.iter().position(|other| other.path == route.path).unwrap_or_default();
        by_path.entry(first).or_insert((route.path, Vec::new())).1.push(route);
    }
    for (path, routes) in by_path.into_values() {
        let resource = routes
            .into_iter()
            .fold(web::resource(path), |resource, route| resource.route((route.handler)()));
        config.service(resource.default_service(web::route().to(super::error::wrong_method)));
    }
}

/// The table as JSON, for `gleichlauf routes --json` and for whoever tests the portal from outside.
pub fn as_json() -> serde_json::Value {
    TABLE
        .iter()
        .map(|route| {
            let who = match route.rule.who {
                Who::Anyone => vec!["anyone"],
                Who::SignedIn => vec!["signed-in"],
                Who::Roles(roles) => roles.iter().map(|role| role.as_str()).collect(),
            };
            serde_json::json!({
                "method": route.method.as_str(),
                "path": route.path,
                "who": who,
                "licence": match route.rule.licence {
                    Licence::NotNeeded => "none", Licence::Valid => "valid", Licence::Seat => "seat",
                },
                "scope": match route.rule.scope {
                    Scope::None => "none", Scope::AnyConnection => "any-connection",
                },
            })
        })
        .collect()
}

/// Answers GET, and HEAD with the same headers.
fn get() -> actix_web::Route {
    web::route().guard(Any(Get()).or(Head()))
}

/// An address to look at.
fn see(path: &'static str, rule: Rule, handler: fn() -> actix_web::Route) -> Route {
    Route { method: Method::GET, path, rule, handler }
}

/// An address that changes something.
fn act(path: &'static str, rule: Rule, handler: fn() -> actix_web::Route) -> Route {
    Route { method: Method::POST, path, rule, handler }
}
