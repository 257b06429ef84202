//! Versions for tests: one to read, and any number made by chance. Few names, so that chance meets itself.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::Snapshot;
use super::state::{
    Aside, ConnectionState, ConnectorRef, ConnectorState, CrmField, FieldState, Grant, GranteeKind,
    Held, ItemRef, PriorityState, Ranked, ScopeState, Setting, TypeState, UnmappedItems,
};
use crate::connector::types::{Access, ActorType, FieldType};
use crate::mapping::DefaultRule;
use crate::mapping::rules::{FieldRules, Unmapped, When};

/// A connection with something of everything.
pub fn example() -> ConnectionState {
    let setting = |value| Setting { name: "x".into(), kind: Aside(FieldType::Text), value };
    let name = FieldState {
        crm_field: Some(CrmField { key: "name".into(), label: "".into() }),
        to_crm: true,
        to_erp: true,
        in_search: true,
        ..FieldState::named("NAME")
    };
    let phone = FieldState {
        default: Some(DefaultRule {
            value: Some("+49".into()),
            asks_user: true,
            is_mandatory: false,
            ..DefaultRule::default()
        }),
        ..FieldState::named("PHONE")
    };
    let group = FieldState {
        kind: FieldType::List,
        list: "Groups".into(),
        crm_field: Some(CrmField { key: "category".into(), label: "".into() }),
        to_crm: true,
        items: BTreeMap::from([("A".into(), ItemRef { id: 7, text: "Kunde".into() })]),
        ..FieldState::named("GROUP")
    };
    let customer =
        TypeState { is_active: true, fields: vec![name, phone, group], ..TypeState::default() };
    ConnectionState {
        name: "Nord".into(),
        description: String::new(),
        connector: Aside(ConnectorRef { id: 5, name: "C".into(), address: "plugin://c".into() }),
        is_deleted: false,
        scope: ScopeState {
            everyone: false,
            grants: vec![Grant {
                kind: GranteeKind::User,
                id: 3,
                name: "Ida".into(),
                may_connect: true,
                may_create: false,
            }],
        },
        settings: BTreeMap::from([
            ("Password".into(), setting(Held::Secret { secret_is_set: true, set_in: 0 })),
            ("Port".into(), setting(Held::Plain("[I:80]".into()))),
            ("Server".into(), setting(Held::Plain("erp.example".into()))),
        ]),
        actor_types: BTreeMap::from([(ActorType::Customer, customer)]),
    }
}

/// Two snapshots of the same thing.
pub fn pair() -> impl Strategy<Value = (Snapshot, Snapshot)> {
    prop_oneof![(connector(), connector()), (priority(), priority()), (connection(), connection()),]
}

pub fn snapshot() -> impl Strategy<Value = Snapshot> {
    pair().prop_map(|(one, _)| one)
}

fn connector() -> BoxedStrategy<Snapshot> {
    (text(), text(), any::<bool>())
        .prop_map(|(name, address, is_deleted)| {
            Snapshot::Connector(ConnectorState { name, address, is_deleted })
        })
        .boxed()
}

fn priority() -> BoxedStrategy<Snapshot> {
    let ranked = |id: i64| Ranked { id, name: Aside(format!("C{id}")) };
    Just(vec![0i64, 1, 2, 3])
        .prop_shuffle()
        .prop_map(move |order| {
            Snapshot::Priority(PriorityState { order: order.into_iter().map(ranked).collect() })
        })
        .boxed()
}

fn connection() -> BoxedStrategy<Snapshot> {
    connection_state().prop_map(Snapshot::Connection).boxed()
}

pub fn connection_state() -> impl Strategy<Value = ConnectionState> {
    let types = btree_map(select(&ActorType::ALL[..]), actor_type(), 0..3);
    (text(), text(), any::<bool>(), scope(), btree_map(key(), setting(), 0..3), types).prop_map(
        |(name, description, is_deleted, scope, settings, actor_types)| ConnectionState {
            name,
            description,
            connector: Aside::default(),
            is_deleted,
            scope,
            settings,
            actor_types,
        },
    )
}

fn scope() -> impl Strategy<Value = ScopeState> {
    let rights = (any::<bool>(), any::<bool>());
    option::of(btree_map((any::<bool>(), 1..4i64), rights, 0..4)).prop_map(|grants| {
        let everyone = grants.is_none();
        let mut grants: Vec<Grant> = grants
            .into_iter()
            .flatten()
            .map(|((is_user, id), (may_connect, may_create))| Grant {
                kind: if is_user { GranteeKind::User } else { GranteeKind::Group },
                id,
                name: "Łoś \"x\"".into(),
                may_connect,
                may_create,
            })
            .collect();
        grants.sort_by_key(Grant::who);
        ScopeState { everyone, grants }
    })
}

fn setting() -> impl Strategy<Value = Setting> {
    let held = prop_oneof![
        text().prop_map(Held::Plain),
        (any::<bool>(), 0..3i64)
            .prop_map(|(secret_is_set, set_in)| Held::Secret { secret_is_set, set_in }),
    ];
    (held, select(&FieldType::ALL[..])).prop_map(|(value, kind)| Setting {
        name: "Caption".into(),
        kind: Aside(kind),
        value,
    })
}

fn actor_type() -> impl Strategy<Value = TypeState> {
    let fields = btree_map(key(), field(), 0..4).prop_map(|fields| {
        let named = |(key, field)| FieldState { key, ..field };
        fields.into_iter().map(named).collect::<Vec<FieldState>>()
    });
    (any::<bool>(), any::<bool>(), vec(key(), 0..3), fields.prop_shuffle()).prop_map(
        |(is_active, is_missing, searchable, fields)| TypeState {
            is_active,
            is_missing,
            searchable,
            fields,
        },
    )
}

fn field() -> impl Strategy<Value = FieldState> {
    let facts = (text(), select(&FieldType::ALL[..]), any::<bool>(), text(), 0..3i64);
    let crm_field = option::of(text().prop_map(|key| CrmField { key, label: "".into() }));
    let travels = (crm_field, any::<bool>(), any::<bool>(), rules());
    let shown = (any::<bool>(), any::<bool>(), any::<bool>());
    let lists = (btree_map(key(), item(), 0..3), unmapped());
    (facts, travels, shown, option::of(default()), lists).prop_map(
        |(facts, (crm_field, to_crm, to_erp, rules), shown, default, (items, unmapped_items))| {
            let (name, kind, is_read_only, list, max_length) = facts;
            let (is_missing, in_search, in_tab) = shown;
            FieldState {
                key: String::new(),
                name,
                kind,
                access: if is_read_only { Access::ReadOnly } else { Access::Normal },
                list,
                max_length,
                is_missing,
                crm_field,
                to_crm,
                to_erp,
                rules,
                in_search,
                in_tab,
                default,
                items,
                unmapped_items,
            }
        },
    )
}

fn rules() -> impl Strategy<Value = FieldRules> {
    let when = || select(&When::ALL[..]);
    (when(), when(), any::<bool>()).prop_map(|(to_crm, to_erp, may_blank)| FieldRules {
        to_crm,
        to_erp,
        may_blank,
    })
}

fn default() -> impl Strategy<Value = DefaultRule> {
    (option::of(text()), any::<bool>(), any::<bool>()).prop_map(
        |(value, asks_user, is_mandatory)| DefaultRule {
            value,
            asks_user,
            is_mandatory,
            ..DefaultRule::default()
        },
    )
}

fn unmapped() -> impl Strategy<Value = UnmappedItems> {
    (select(&Unmapped::ALL[..]), option::of(item()), option::of(text())).prop_map(
        |(rule, crm_default, erp_default)| UnmappedItems { rule, crm_default, erp_default },
    )
}

fn item() -> impl Strategy<Value = ItemRef> {
    (0..3i64).prop_map(|id| ItemRef { id, text: Aside(format!("US:\"{id}\"")) })
}

fn key() -> impl Strategy<Value = String> {
    select(vec!["A", "B b", "Ü\"x\"", "c:d"]).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    select(vec!["", "a", "US:\"x\";GE:\"ü\"", "[I:1]"]).prop_map(str::to_owned)
}
