//! The one table of all addresses: method, path, who may, and whether licence and scope must allow it.
//! The guard enforces it and refuses what has no row here; `gleichlauf routes --json` prints it.

mod history;
mod mapping;
mod people;
mod records;
mod sync;
mod versions;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::guard::{Any, Get, Head};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use crate::gates::{Licence, Rule, Scope, Who};
use crate::users::Role;

/// One address with its rule.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub rule: Rule,
    handler: fn() -> actix_web::Route,
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
pub const SYNC: Rule = Rule { licence: Licence::Valid, ..ADMIN };
/// The ERP tab and all it leads to.
pub const ERP: Rule = Rule { licence: Licence::Seat, scope: Scope::AnyConnection, ..EDITOR };

/// All addresses.
pub static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let parts = [
        people::routes(),
        records::routes(),
        versions::routes(),
        sync::routes(),
        mapping::routes(),
        history::routes(),
    ];
    parts.into_iter().flatten().collect()
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

/// The page that a form of this address stands on: the one to add or change what the address names, or what
/// is to be looked at there or above it.
pub fn page_behind(pattern: &str, path: &str) -> String {
    let is_page = |pattern: &str| rule_of(&Method::GET, pattern).is_some();
    for end in ["/new", "/edit"] {
        if is_page(&format!("{pattern}{end}")) {
            return format!("{path}{end}");
        }
    }
    let (mut pattern, mut path) = (pattern, path);
    while !is_page(pattern) {
        let above = pattern.rsplit_once('/').zip(path.rsplit_once('/'));
        let Some(((pattern_above, _), (path_above, _))) = above else { return "/".to_owned() };
        (pattern, path) = (pattern_above, path_above);
    }
    path.to_owned()
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
        config.service(resource.default_service(web::route().to(crate::web::error::wrong_method)));
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
