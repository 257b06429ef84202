//! What stands between a person and what they want to reach: gates in a fixed order, the first closed one
//! being the answer. Pure; the facts are handed in. The guard and every explanation ask these functions.

use crate::connections::{ConnectionId, Rights};
use crate::connector::types::ActorType;
use crate::crm::{RecordId, RecordKind};
use crate::mapping::{self, ActorMapping};
use crate::users::Role;

/// Who may use an address, and whether licence and scope must allow it.
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

/// Which connections the person must be able to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    None,
    /// At least one active connection.
    AnyConnection,
}

/// How far behind an address somebody wants to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// No further: any connection will do.
    Address,
    Connection(ConnectionId),
    /// An actor type in it, for a kind of record.
    Type(ConnectionId, ActorType, RecordKind),
    /// The actor of that type that a record is linked with.
    Link(ConnectionId, ActorType, RecordKind, RecordId),
}

/// The gates, in the order in which they are passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Whether there is anybody: signed in, with an account that is not disabled.
    Account,
    Licence,
    Seat,
    Role,
    Scope,
    Active,
    TypeOn,
    Linked,
}

impl Gate {
    pub const ALL: [Self; 8] = [
        Self::Account,
        Self::Licence,
        Self::Seat,
        Self::Role,
        Self::Scope,
        Self::Active,
        Self::TypeOn,
        Self::Linked,
    ];

    /// Whether it stands on this way at all.
    pub fn stands_before(self, rule: &Rule, place: Place) -> bool {
        let names_a_type = matches!(place, Place::Type(..) | Place::Link(..));
        match self {
            Self::Account | Self::Role => rule.who != Who::Anyone,
            Self::Licence => rule.licence != Licence::NotNeeded,
            Self::Seat => rule.licence == Licence::Seat,
            Self::Scope | Self::Active => rule.scope != Scope::None || place != Place::Address,
            Self::TypeOn => names_a_type,
            Self::Linked => matches!(place, Place::Link(..)),
        }
    }
}

/// What is known about a person and where they want to go. Only what the gates on the way ask for needs to
/// be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// They are signed in, or could be: the account is not disabled.
    pub may_sign_in: bool,
    /// `None`: nobody is signed in.
    pub role: Option<Role>,
    pub is_licensed: bool,
    /// They have a seat, or need none.
    pub has_seat: bool,
    /// The connection of the place, or all there are. Deleted ones are none.
    pub reaches: Vec<Reach>,
    pub is_type_on: bool,
    pub is_linked: bool,
}

/// One connection, and how a person may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub connection: ConnectionId,
    pub is_active: bool,
    /// Empty: it is out of scope, and must not even be named to them.
    pub grants: Vec<Grant>,
}

/// What lets a person use a connection; several add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub way: Way,
    pub rights: Rights,
}

/// By which way a connection is in somebody's scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Everyone,
    /// Named themselves.
    User,
    /// Through a group of this name.
    Group(String),
}

impl Reach {
    /// All that is granted, taken together; `None`: out of scope.
    pub fn rights(&self) -> Option<Rights> {
        self.grants.iter().fold(None, |sum, grant| {
            let sum = sum.unwrap_or(Rights::default());
            Some(Rights {
                may_connect: sum.may_connect || grant.rights.may_connect,
                may_create: sum.may_create || grant.rights.may_create,
            })
        })
    }
}

/// How one gate stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Open,
    /// The scope is open in these ways.
    OpenBy(Vec<Way>),
    Closed,
}

impl Verdict {
    pub fn is_open(&self) -> bool {
        *self != Self::Closed
    }

    fn when(is_open: bool) -> Self {
        if is_open { Self::Open } else { Self::Closed }
    }
}

/// Every gate on the way, in order, each by itself: one behind a closed one may well be open.
pub fn verdicts(rule: &Rule, place: Place, facts: &Facts) -> Vec<(Gate, Verdict)> {
    let on_the_way = Gate::ALL.into_iter().filter(|gate| gate.stands_before(rule, place));
    on_the_way.map(|gate| (gate, verdict(gate, rule, facts))).collect()
}

/// The first closed gate on the way; `None`: the way is free.
pub fn first_closed(rule: &Rule, place: Place, facts: &Facts) -> Option<Gate> {
    let closed = verdicts(rule, place, facts).into_iter().find(|(_, verdict)| !verdict.is_open());
    closed.map(|(gate, _)| gate)
}

fn verdict(gate: Gate, rule: &Rule, facts: &Facts) -> Verdict {
    match gate {
        Gate::Account => Verdict::when(facts.may_sign_in),
        Gate::Licence => Verdict::when(facts.is_licensed),
        Gate::Seat => Verdict::when(facts.has_seat),
        Gate::Role => Verdict::when(admits(rule.who, facts.role)),
        Gate::Scope => match ways(&facts.reaches) {
            ways if ways.is_empty() => Verdict::Closed,
            ways => Verdict::OpenBy(ways),
        },
        Gate::Active => Verdict::when(is_any_active(&facts.reaches)),
        Gate::TypeOn => Verdict::when(facts.is_type_on),
        Gate::Linked => Verdict::when(facts.is_linked),
    }
}

/// Whether a rule lets a role in.
pub fn admits(who: Who, role: Option<Role>) -> bool {
    match who {
        Who::Anyone => true,
        Who::SignedIn => role.is_some(),
        Who::Roles(roles) => role.is_some_and(|role| roles.contains(&role)),
    }
}

/// Whether an actor type is switched on for this kind of record, and still offered by its connector.
pub fn is_type_on(mapping: &ActorMapping, kind: RecordKind) -> bool {
    mapping.is_active && !mapping.is_missing && mapping::record_kind(mapping.kind) == kind
}

fn ways(reaches: &[Reach]) -> Vec<Way> {
    let mut ways: Vec<Way> =
        reaches.iter().flat_map(|reach| &reach.grants).map(|grant| grant.way.clone()).collect();
    ways.sort();
    ways.dedup();
    ways
}

/// Of those in scope; where none is, of those there are.
fn is_any_active(reaches: &[Reach]) -> bool {
    let is_out_of_scope = ways(reaches).is_empty();
    let counts = |reach: &&Reach| is_out_of_scope || !reach.grants.is_empty();
    reaches.iter().filter(counts).any(|reach| reach.is_active)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
