//! Page struct of the access explainer.

use askama::Template;

use super::Wanted;
use crate::connections::{ErpConnection, Rights};
use crate::connector::types::ActorType;
use crate::crm::{Record, RecordKind};
use crate::gates::{self, Gate, Verdict};
use crate::i18n::named;
use crate::store::crm::Listed;
use crate::store::page::Page;
use crate::users::{Role, User};
use crate::web::captions;
use crate::web::page;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "access/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub wanted: &'a Wanted,
    pub people: Vec<User>,
    pub user: Option<User>,
    pub record: Option<Record>,
    /// Records to choose from, once something was searched for.
    pub found: Option<Page<Listed>>,
    pub connections: Vec<ErpConnection>,
    pub ways: Vec<Way>,
}

/// The way to one actor type of a connection.
pub struct Way {
    pub connection: ErpConnection,
    pub kind: ActorType,
    pub verdicts: Vec<(Gate, Verdict)>,
    /// `None`: the connection is out of scope.
    pub rights: Option<Rights>,
}

/// One gate as the page tells it.
pub struct Step {
    pub name: &'static str,
    pub is_open: bool,
    /// The first closed one: where the way ends.
    pub is_end: bool,
    pub reason: String,
    /// Where it can be changed.
    pub place: Option<String>,
}

impl Way {
    fn first_closed(&self) -> Option<Gate> {
        self.verdicts.iter().find(|(_, verdict)| !verdict.is_open()).map(|(gate, _)| *gate)
    }
}

impl ShowPage<'_> {
    fn kinds(&self) -> [(&'static str, &'static str, bool); 3] {
        let choice = |kind: RecordKind| {
            (kind.as_str(), captions::record_kind(self.visit.t, kind), kind == self.wanted.kind())
        };
        RecordKind::ALL.map(choice)
    }

    fn is_wanted(&self, connection: &ErpConnection) -> bool {
        self.wanted.connection() == Some(connection.id)
    }

    /// What is typed for the record: its name once it is chosen.
    fn typed(&self) -> String {
        self.record.as_ref().map_or_else(|| self.wanted.search.clone(), Record::name)
    }

    /// This page about a record.
    fn about(&self, listed: &Listed) -> String {
        let Wanted { user, connection, .. } = self.wanted;
        let record = &listed.record;
        let id = record.id.to_string();
        let kind = record.kind.as_str();
        page::listing(
            "/access",
            &[("user", user), ("kind", kind), ("record", &id), ("connection", connection)],
        )
    }

    fn heading(&self, way: &Way) -> String {
        let kind = captions::actor_type(self.visit.t, way.kind);
        format!("{} · {kind}", self.visit.pick(&way.connection.name))
    }

    /// The whole way in a sentence.
    fn outcome(&self, way: &Way, user: &User) -> String {
        let t = self.visit.t;
        match way.first_closed() {
            None => t.access_free(&user.name),
            Some(Gate::Linked) => match way.rights.unwrap_or_default() {
                Rights { may_connect: true, may_create: true } => t.access_may_both(&user.name),
                Rights { may_connect: true, .. } => t.access_may_connect(&user.name),
                Rights { may_create: true, .. } => t.access_may_create(&user.name),
                Rights { .. } => t.access_may_neither(&user.name),
            },
            Some(gate) => t.access_ends(named::gate(self.gate(gate)), named::name(&user.name)),
        }
    }

    fn gate(&self, gate: Gate) -> &'static str {
        let t = self.visit.t;
        match gate {
            Gate::Account => t.access_account(),
            Gate::Licence => t.access_licence(),
            Gate::Seat => t.access_seat(),
            Gate::Role => t.access_role(),
            Gate::Scope => t.access_scope(),
            Gate::Active => t.access_active(),
            Gate::TypeOn => t.access_type_on(),
            Gate::Linked => t.access_linked(),
        }
    }

    fn steps(&self, way: &Way, user: &User) -> Vec<Step> {
        let end = way.first_closed();
        let step = |(gate, verdict): &(Gate, Verdict)| Step {
            name: self.gate(*gate),
            is_open: verdict.is_open(),
            is_end: end == Some(*gate),
            reason: self.reason(*gate, verdict, way, user),
            place: self.place(*gate, way, user),
        };
        way.verdicts.iter().map(step).collect()
    }

    fn reason(&self, gate: Gate, verdict: &Verdict, way: &Way, user: &User) -> String {
        let t = self.visit.t;
        let kind = captions::actor_type(t, way.kind);
        let plain = match (gate, verdict.is_open()) {
            (Gate::Account, true) => t.access_account_enabled(),
            (Gate::Account, false) => t.access_account_disabled(),
            (Gate::Licence, true) => t.access_licence_valid(),
            (Gate::Licence, false) => t.access_licence_missing(),
            (Gate::Seat, true) if user.role != Role::User => t.access_seat_not_needed(),
            (Gate::Seat, true) => t.access_seat_assigned(),
            (Gate::Seat, false) => t.access_seat_missing(),
            (Gate::Role, true) => return t.access_role_may(captions::role(t, user.role)),
            (Gate::Role, false) => return t.access_role_may_not(captions::role(t, user.role)),
            (Gate::Scope, _) => return self.scope(verdict),
            (Gate::Active, true) => t.access_active_yes(),
            (Gate::Active, false) => t.access_active_no(),
            (Gate::TypeOn, true) => return t.access_type_yes(kind),
            (Gate::TypeOn, false) => return t.access_type_no(kind),
            (Gate::Linked, true) => return t.access_linked_yes(kind),
            (Gate::Linked, false) => return t.access_linked_no(kind),
        };
        plain.to_owned()
    }

    /// By which ways the connection is in scope.
    fn scope(&self, verdict: &Verdict) -> String {
        let t = self.visit.t;
        let Verdict::OpenBy(ways) = verdict else { return t.access_scope_no().to_owned() };
        let way = |way: &gates::Way| match way {
            gates::Way::Everyone => t.access_scope_everyone().to_owned(),
            gates::Way::User => t.access_scope_user().to_owned(),
            gates::Way::Group(name) => t.access_scope_group(name),
        };
        ways.iter().map(way).collect::<Vec<_>>().join(" ")
    }

    fn place(&self, gate: Gate, way: &Way, user: &User) -> Option<String> {
        let connection = way.connection.id;
        Some(match gate {
            Gate::Account | Gate::Role => format!("/users/{}", user.id),
            Gate::Licence => "/licence".to_owned(),
            // Nobody disabled gets one.
            Gate::Seat if user.is_disabled || user.role != Role::User => return None,
            Gate::Seat => format!("/users/{}/seat", user.id),
            Gate::Scope => format!("/connections/{connection}/scope"),
            Gate::Active => format!("/connections/{connection}"),
            Gate::TypeOn => {
                format!("/connections/{connection}/mappings?type={}", way.kind.as_str())
            }
            Gate::Linked => {
                let record = self.record.as_ref()?;
                format!("/{}/{}", record.kind.path(), record.id)
            }
        })
    }
}
