//! The facts that the gates decide on, and what a closed one is answered with.

use super::Portal;
use super::error::WebError;
use crate::gates::{self, Facts, Gate, Place, Rule};
use crate::i18n::Key;
use crate::licence;
use crate::store::error::StoreError;
use crate::store::{access, links, mappings};
use crate::users::Visitor;

/// The first closed gate on somebody's way; `None`: it is free.
pub async fn first_closed(
    portal: &Portal,
    person: Option<&Visitor>,
    rule: &Rule,
    place: Place,
) -> Result<Option<Gate>, StoreError> {
    let facts = facts(portal, person, rule, place).await?;
    Ok(gates::first_closed(rule, place, &facts))
}

/// What the gates on the way ask for; nothing else is looked up. For nobody the first one is closed already.
pub async fn facts(
    portal: &Portal,
    person: Option<&Visitor>,
    rule: &Rule,
    place: Place,
) -> Result<Facts, StoreError> {
    let store = &portal.store;
    let is_asked = |gate: Gate| gate.stands_before(rule, place);
    if person.is_none() && is_asked(Gate::Account) {
        return Ok(Facts::default());
    }
    let mut facts = Facts { may_sign_in: person.is_some(), ..Facts::default() };
    facts.role = person.map(|person| person.role);
    facts.has_seat = person.is_some_and(licence::is_seated);
    if is_asked(Gate::Licence) {
        facts.is_licensed = portal.licence_status().await?.valid().is_some();
    }
    if let Some(person) = person.filter(|_| is_asked(Gate::Scope)) {
        facts.reaches = match place {
            Place::Address => access::reaches(store, person.id).await?,
            Place::Connection(id) | Place::Type(id, ..) | Place::Link(id, ..) => {
                access::reach(store, person.id, id).await?.into_iter().collect()
            }
        };
    }
    if let Place::Type(connection, kind, record) | Place::Link(connection, kind, record, _) = place
    {
        let mapping = mappings::find(store, connection, kind).await?;
        facts.is_type_on = mapping.is_some_and(|mapping| gates::is_type_on(&mapping, record));
    }
    if let Place::Link(connection, kind, _, record) = place {
        let link = links::find_by_record(store, connection, record).await?;
        facts.is_linked = link.is_some_and(|link| link.actor.kind == kind);
    }
    Ok(facts)
}

/// What the visitor is told of a closed gate; nobody at all is asked to sign in instead. A connection that is
/// not theirs does not exist for them.
pub fn refusal(gate: Gate, place: Place) -> WebError {
    match (gate, place) {
        (Gate::Licence, _) => WebError::Forbidden(Key::ERROR_LICENCE),
        (Gate::Seat, _) => WebError::Forbidden(Key::ERROR_SEAT),
        (Gate::Account | Gate::Role, _) => WebError::Forbidden(Key::ERROR_ROLE),
        (Gate::Scope, Place::Address) => WebError::Forbidden(Key::ERROR_SCOPE),
        (Gate::Active, Place::Address) => WebError::Forbidden(Key::ERROR_INACTIVE),
        (Gate::Scope | Gate::Active, _) => WebError::OutOfReach,
        (Gate::TypeOn | Gate::Linked, _) => WebError::NotFound,
    }
}
