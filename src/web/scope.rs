//! Who may use a connection, as it stands in a form: everyone, or the people and groups ticked. The form's part
//! of the page is `templates/parts/scope.html`. It shows one page of those who can be ticked; whoever is ticked
//! elsewhere goes with the form unseen, so that searching and turning pages lose nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::connections::{Access, Grantee, Scope};
use crate::i18n::Key;
use crate::store::candidates::{self, Filter};
use crate::store::page::Place;
use crate::store::{Store, access};
use crate::web::captions;
use crate::web::error::WebError;
use crate::web::form::{Pairs, Problems};
use crate::web::visit::Visit;

/// Users and groups shown at a time.
const SHOWN: i64 = 20;
/// Names that are said before the rest is a number.
const NAMED: usize = 12;

/// Somebody who can be ticked.
pub struct Row {
    /// `u5` for a user, `g5` for a group; the value of the boxes.
    pub token: String,
    pub name: String,
    /// The log-in of a user; blank for a group.
    pub login: String,
    pub is_in: bool,
    pub may_connect: bool,
    pub may_create: bool,
}

/// The scope's part of the form.
pub struct ScopePart {
    pub is_everyone: bool,
    /// What was searched by.
    pub search: String,
    /// Only those who are ticked are shown.
    pub only_chosen: bool,
    /// One page.
    pub rows: Vec<Row>,
    /// What the buttons of the pages before and after send; blank when there are none.
    pub previous: String,
    pub next: String,
    /// Names and values of inputs: whoever is ticked on other pages.
    pub unseen: Vec<(&'static str, String)>,
    /// Names of all who are ticked, as far as they are said, and how many more there are.
    pub names: Vec<String>,
    pub more: usize,
}

/// The inputs of a scope as it is stored.
pub fn inputs(scope: &Scope) -> Vec<(String, String)> {
    let Scope::Only(rows) = scope else { return vec![("scope".to_owned(), "everyone".to_owned())] };
    let mut inputs = vec![("scope".to_owned(), "some".to_owned())];
    for row in rows {
        let token = token(row.who);
        if row.may_connect {
            inputs.push(("connect".to_owned(), token.clone()));
        }
        if row.may_create {
            inputs.push(("create".to_owned(), token.clone()));
        }
        inputs.push(("who".to_owned(), token));
    }
    inputs
}

/// The scope as typed. Nobody ticked, or somebody who is not there any more, is a problem.
pub async fn read(store: &Store, typed: &Pairs) -> Result<Result<Scope, Problems>, WebError> {
    match typed.get("scope") {
        "everyone" => return Ok(Ok(Scope::Everyone)),
        "some" => {}
        _ => return Ok(Err(Problems::one("scope", Key::FORM_REQUIRED))),
    }
    let tokens: BTreeSet<&str> = typed.all("who").collect();
    let who: Vec<Grantee> = tokens.iter().filter_map(|token| grantee(token)).collect();
    let are_there = access::names(store, &who).await?.len() == tokens.len();
    let rows: Vec<Access> = who.into_iter().map(|who| row(who, typed)).collect();
    Ok(match (are_there, rows.is_empty()) {
        (false, _) => Err(Problems::one("scope", Key::CONNECTIONS_SCOPE_GONE)),
        (true, true) => Err(Problems::one("scope", Key::CONNECTIONS_SCOPE_EMPTY)),
        (true, false) => Ok(Scope::Only(rows)),
    })
}

fn row(who: Grantee, typed: &Pairs) -> Access {
    let token = token(who);
    let has = |right| typed.all(right).any(|other| other == token);
    Access { who, may_connect: has("connect"), may_create: has("create") }
}

/// What the form shows: one page of those who fit the search, with their ticks.
pub async fn part(store: &Store, typed: &Pairs) -> Result<ScopePart, WebError> {
    let ticked: BTreeSet<&str> = typed.all("who").collect();
    let chosen: Vec<Grantee> = ticked.iter().filter_map(|token| grantee(token)).collect();
    let search: String = typed.get("search").trim().chars().take(200).collect();
    let only_chosen = typed.get("only") == "chosen";
    let filter = Filter { search: &search, chosen: &chosen, only_chosen };
    let found = candidates::page(store, filter, place(typed.get("do")), SHOWN).await?;
    let rows: Vec<Row> = found
        .items
        .iter()
        .map(|found| {
            let (token, right) = (token(found.who), row(found.who, typed));
            let is_in = ticked.contains(token.as_str());
            // A right is on from the start, and off only for somebody ticked without it.
            let (may_connect, may_create) =
                (!is_in || right.may_connect, !is_in || right.may_create);
            let (name, login) = (found.name.clone(), found.login.clone());
            Row { name, login, is_in, may_connect, may_create, token }
        })
        .collect();
    let names = access::names(store, &chosen).await?;
    let shown: BTreeSet<&str> = rows.iter().map(|row| row.token.as_str()).collect();
    // Who is not there any more cannot be unticked by anybody, and goes by itself.
    let elsewhere: BTreeSet<String> = names.keys().map(|who| token(*who)).collect();
    let mut unseen = Vec::new();
    for name in ["who", "connect", "create"] {
        let elsewhere = |token: &&str| elsewhere.contains(*token) && !shown.contains(token);
        unseen.extend(typed.all(name).filter(elsewhere).map(|token| (name, token.to_owned())));
    }
    let mut names: Vec<String> = names.into_values().collect();
    names.sort_by_key(|name| name.to_lowercase());
    let button = |way: &str, who: Option<&candidates::Candidate>| {
        who.map(|who| format!("{way} {}", id(who.who))).unwrap_or_default()
    };
    Ok(ScopePart {
        is_everyone: typed.get("scope") != "some",
        previous: button("before", found.items.first().filter(|_| found.has_previous)),
        next: button("after", found.items.last().filter(|_| found.has_next)),
        more: names.len().saturating_sub(NAMED),
        names: {
            names.truncate(NAMED);
            names
        },
        search,
        only_chosen,
        rows,
        unseen,
    })
}

/// Who is in a scope, by name, with their rights.
pub async fn grants(
    store: &Store,
    visit: &Visit,
    scope: &Scope,
) -> Result<Vec<(String, &'static str)>, WebError> {
    let Scope::Only(rows) = scope else { return Ok(Vec::new()) };
    let who: Vec<Grantee> = rows.iter().map(|row| row.who).collect();
    let names: BTreeMap<Grantee, String> = access::names(store, &who).await?;
    let grant = |row: &Access| {
        Some((
            names.get(&row.who)?.clone(),
            captions::rights(visit.t, row.may_connect, row.may_create),
        ))
    };
    Ok(rows.iter().filter_map(grant).collect())
}

/// The whole scope in a line, as two editors compare it.
pub async fn in_words(store: &Store, visit: &Visit, scope: &Scope) -> Result<String, WebError> {
    if *scope == Scope::Everyone {
        return Ok(visit.t.connections_everyone().to_owned());
    }
    let grants = grants(store, visit, scope).await?.into_iter();
    Ok(grants.map(|(name, rights)| format!("{name}: {rights}")).collect::<Vec<_>>().join("; "))
}

/// The page a button leads to: `after 5`, `before 5`.
fn place(wish: &str) -> Place {
    match wish.split_once(' ').map(|(way, id)| (way, id.parse())) {
        Some(("after", Ok(id))) => Place::After(id),
        Some(("before", Ok(id))) => Place::Before(id),
        _ => Place::First,
    }
}

fn id(who: Grantee) -> i64 {
    match who {
        Grantee::User(id) | Grantee::Group(id) => id,
    }
}

fn token(who: Grantee) -> String {
    match who {
        Grantee::User(id) => format!("u{id}"),
        Grantee::Group(id) => format!("g{id}"),
    }
}

fn grantee(token: &str) -> Option<Grantee> {
    let user = || token.strip_prefix('u').and_then(|id| id.parse().ok()).map(Grantee::User);
    token.strip_prefix('g').and_then(|id| id.parse().ok()).map(Grantee::Group).or_else(user)
}
