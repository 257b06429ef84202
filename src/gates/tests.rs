use super::*;

const ERP: Rule = Rule {
    who: Who::Roles(&[Role::Admin, Role::User]),
    licence: Licence::Seat,
    scope: Scope::AnyConnection,
};
const LINK: Place = Place::Link(1, ActorType::Customer, RecordKind::Company, 7);

fn reach(connection: ConnectionId, is_active: bool, ways: &[Way]) -> Reach {
    let rights = Rights { may_connect: true, may_create: false };
    let grants = ways.iter().map(|way| Grant { way: way.clone(), rights }).collect();
    Reach { connection, is_active, grants }
}

/// Facts with the gates of these numbers closed.
fn facts(closed: u32) -> Facts {
    let is_open = |gate: Gate| closed & (1 << gate as u32) == 0;
    let ways = if is_open(Gate::Scope) { vec![Way::User] } else { Vec::new() };
    Facts {
        may_sign_in: is_open(Gate::Account),
        role: Some(if is_open(Gate::Role) { Role::User } else { Role::Auditor }),
        is_licensed: is_open(Gate::Licence),
        has_seat: is_open(Gate::Seat),
        reaches: vec![reach(1, is_open(Gate::Active), &ways)],
        is_type_on: is_open(Gate::TypeOn),
        is_linked: is_open(Gate::Linked),
    }
}

#[test]
fn the_first_closed_gate_is_the_answer_whatever_stands_behind_it() {
    for closed in 0..1 << Gate::ALL.len() {
        let facts = facts(closed);
        let is_closed = |gate: &Gate| closed & (1 << *gate as u32) != 0;
        assert_eq!(first_closed(&ERP, LINK, &facts), Gate::ALL.into_iter().find(is_closed));
        // Each gate by itself says the same, whatever the others do.
        for (gate, verdict) in verdicts(&ERP, LINK, &facts) {
            assert_eq!(verdict.is_open(), !is_closed(&gate), "{closed:08b} {gate:?}");
        }
    }
}

#[test]
fn only_gates_on_the_way_are_asked() {
    use Gate::*;
    let all_closed = Facts::default();
    let of = |who, licence, scope| Rule { who, licence, scope };
    let connection = Place::Connection(1);
    let kind = Place::Type(1, ActorType::Customer, RecordKind::Company);
    for (rule, place, gates) in [
        (of(Who::Anyone, super::Licence::NotNeeded, super::Scope::None), Place::Address, vec![]),
        (
            of(Who::SignedIn, super::Licence::NotNeeded, super::Scope::None),
            Place::Address,
            vec![Account, Role],
        ),
        (
            of(Who::Roles(&[]), super::Licence::Valid, super::Scope::None),
            Place::Address,
            vec![Account, Licence, Role],
        ),
        (ERP, Place::Address, vec![Account, Licence, Seat, Role, Scope, Active]),
        (ERP, connection, vec![Account, Licence, Seat, Role, Scope, Active]),
        (ERP, kind, vec![Account, Licence, Seat, Role, Scope, Active, TypeOn]),
        (ERP, LINK, Gate::ALL.to_vec()),
    ] {
        let verdicts = verdicts(&rule, place, &all_closed);
        assert_eq!(verdicts.iter().map(|(gate, _)| *gate).collect::<Vec<_>>(), gates);
        assert!(verdicts.iter().all(|(_, verdict)| *verdict == Verdict::Closed));
    }
}

#[test]
fn the_scope_says_by_which_ways_it_is_open() {
    let sales = || Way::Group("Sales".to_owned());
    for (reaches, verdict) in [
        (vec![reach(1, true, &[])], Verdict::Closed),
        (vec![reach(1, true, &[Way::Everyone])], Verdict::OpenBy(vec![Way::Everyone])),
        (
            vec![reach(1, true, &[sales(), Way::User]), reach(2, true, &[sales()])],
            Verdict::OpenBy(vec![Way::User, sales()]),
        ),
    ] {
        let facts = Facts { reaches, ..facts(0) };
        let found = verdicts(&ERP, Place::Address, &facts);
        assert_eq!(found.into_iter().find(|(gate, _)| *gate == Gate::Scope).unwrap().1, verdict);
    }
}

/// An active connection out of scope is of no use to anybody.
#[test]
fn only_connections_in_scope_count_as_active() {
    let asked = |reaches| first_closed(&ERP, Place::Address, &Facts { reaches, ..facts(0) });
    assert_eq!(asked(vec![reach(1, true, &[]), reach(2, false, &[Way::User])]), Some(Gate::Active));
    assert_eq!(asked(vec![reach(1, false, &[]), reach(2, true, &[Way::User])]), None);
    assert_eq!(asked(vec![reach(1, true, &[])]), Some(Gate::Scope));
    assert_eq!(asked(Vec::new()), Some(Gate::Scope));
}

#[test]
fn rights_add_up() {
    let rights = |may_connect, may_create| Rights { may_connect, may_create };
    let grant = |rights| Grant { way: Way::User, rights };
    let sum = |grants| Reach { connection: 1, is_active: true, grants }.rights();
    assert_eq!(sum(Vec::new()), None);
    assert_eq!(sum(vec![grant(rights(false, false))]), Some(rights(false, false)));
    let both = vec![grant(rights(true, false)), grant(rights(false, true))];
    assert_eq!(sum(both), Some(rights(true, true)));
}
