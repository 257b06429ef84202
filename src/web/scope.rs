//! Who may use a connection, as it stands in a form: everyone, or the people and groups ticked. The form's
//! part of the page is `templates/parts/scope.html`.

use std::collections::BTreeSet;

use crate::connections::{Access, Grantee, Scope};
use crate::i18n::Key;
use crate::store::page::Place;
use crate::store::{Store, groups, users};
use crate::users::UserId;
use crate::web::error::WebError;
use crate::web::form::{Pairs, Problems};
use crate::web::visit::Visit;

/// People shown of those a search finds.
const MOST_FOUND: i64 = 25;

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
    pub groups: Vec<Row>,
    /// Those in the scope, then those the search finds.
    pub users: Vec<Row>,
    /// The search finds more people than are shown.
    pub has_more: bool,
}

impl ScopePart {
    /// Names of those in the scope, with their rights.
    pub fn grants(&self, visit: &Visit) -> Vec<(&str, &'static str)> {
        let rows = self.groups.iter().chain(&self.users).filter(|row| row.is_in);
        rows.map(|row| (row.name.as_str(), row.rights(visit))).collect()
    }

    /// The whole scope in a line, as two editors compare it.
    pub fn in_words(&self, visit: &Visit) -> String {
        if self.is_everyone {
            return visit.t.connections_everyone().to_owned();
        }
        let grants = self.grants(visit).into_iter();
        grants.map(|(name, rights)| format!("{name}: {rights}")).collect::<Vec<_>>().join("; ")
    }
}

impl Row {
    fn rights(&self, visit: &Visit) -> &'static str {
        match (self.may_connect, self.may_create) {
            (true, true) => visit.t.connections_rights_both(),
            (true, false) => visit.t.connections_rights_connect(),
            (false, true) => visit.t.connections_rights_create(),
            (false, false) => visit.t.connections_rights_none(),
        }
    }
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
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for token in typed.all("who").filter(|token| seen.insert(*token)) {
        let who = grantee(token);
        let is_there = match who {
            Some(Grantee::User(id)) => users::find_user(store, id).await?.is_some(),
            Some(Grantee::Group(id)) => groups::find_group(store, id).await?.is_some(),
            None => false,
        };
        let Some(who) = who.filter(|_| is_there) else {
            return Ok(Err(Problems::one("scope", Key::CONNECTIONS_SCOPE_GONE)));
        };
        let has = |right| typed.all(right).any(|other| other == token);
        rows.push(Access { who, may_connect: has("connect"), may_create: has("create") });
    }
    match rows.is_empty() {
        true => Ok(Err(Problems::one("scope", Key::CONNECTIONS_SCOPE_EMPTY))),
        false => Ok(Ok(Scope::Only(rows))),
    }
}

/// What the form shows: whoever is ticked, all groups, and people found by the search.
pub async fn part(store: &Store, typed: &Pairs) -> Result<ScopePart, WebError> {
    let ticked: BTreeSet<&str> = typed.all("who").collect();
    let row = |token: String, name: String, login: String| {
        let is_in = ticked.contains(token.as_str());
        // A right is on from the start, and off only for somebody ticked without it.
        let has = |right| !is_in || typed.all(right).any(|other| other == token);
        let (may_connect, may_create) = (has("connect"), has("create"));
        Row { name, login, is_in, may_connect, may_create, token }
    };
    let all = groups::list_groups(store).await?;
    let groups = all.into_iter().map(|g| row(token(Grantee::Group(g.id)), g.name, String::new()));
    let groups = groups.collect();
    let mut people: Vec<Row> = Vec::new();
    for id in ticked.iter().filter_map(|token| user(token)) {
        if let Some(user) = users::find_user(store, id).await? {
            people.push(row(token(Grantee::User(id)), user.name, user.login));
        }
    }
    people.sort_by(|one, other| one.login.cmp(&other.login));
    let filter = users::Filter { search: typed.get("search"), ..users::Filter::default() };
    let found = users::page(store, filter, Place::First, MOST_FOUND).await?;
    let has_more = found.has_next;
    for user in found.items.into_iter().filter(|user| !user.is_disabled) {
        let token = token(Grantee::User(user.id));
        if !ticked.contains(token.as_str()) {
            people.push(row(token, user.name, user.login));
        }
    }
    let is_everyone = typed.get("scope") != "some";
    Ok(ScopePart { is_everyone, groups, users: people, has_more })
}

fn token(who: Grantee) -> String {
    match who {
        Grantee::User(id) => format!("u{id}"),
        Grantee::Group(id) => format!("g{id}"),
    }
}

fn grantee(token: &str) -> Option<Grantee> {
    let group = || token.strip_prefix('g').and_then(|id| id.parse().ok()).map(Grantee::Group);
    user(token).map(Grantee::User).or_else(group)
}

fn user(token: &str) -> Option<UserId> {
    token.strip_prefix('u').and_then(|id| id.parse().ok())
}
