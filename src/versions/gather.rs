//! The state of a connection as a version keeps it, gathered from the nouns it is made of.

use std::collections::BTreeMap;

use super::state::{
    Aside, ConnectionState, ConnectorRef, CrmField, FieldState, Grant, GranteeKind, Held, ItemRef,
    ScopeState, Setting, TypeState, UnmappedItems,
};
use crate::connections::{Access, ErpConnection, Grantee, Scope};
use crate::connector::types::{ActorType, FieldInfo, FieldType};
use crate::mapping::rules::ItemRule;
use crate::mapping::{ActorMapping, FieldMapping};

/// What people and things are called at this moment.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub grantees: BTreeMap<Grantee, String>,
    /// Items of CRM lists; multi-language text.
    pub items: BTreeMap<i64, String>,
}

/// Values of configuration fields as they may be shown.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    pub plain: &'a BTreeMap<String, String>,
    /// Those that hold a secret, each with the version of the connection in which it was set.
    pub secrets: &'a BTreeMap<String, i64>,
}

pub fn connection(
    connection: &ErpConnection,
    scope: &Scope,
    values: Values<'_>,
    mappings: &[ActorMapping],
    names: &Names,
) -> ConnectionState {
    ConnectionState {
        name: connection.name.clone(),
        description: connection.description.clone(),
        connector: Aside(ConnectorRef {
            id: connection.connector_id,
            name: connection.connector_name.clone(),
            address: connection.connector_address.clone(),
        }),
        is_deleted: connection.is_deleted,
        scope: scope_state(scope, names),
        settings: settings(&connection.config_fields, values),
        actor_types: actor_types(mappings, names),
    }
}

pub fn scope_state(scope: &Scope, names: &Names) -> ScopeState {
    let Scope::Only(rows) = scope else {
        return ScopeState { everyone: true, grants: Vec::new() };
    };
    // Somebody named twice has both rights together.
    let mut grants: BTreeMap<Grantee, Grant> = BTreeMap::new();
    for Access { who, may_connect, may_create } in rows {
        let grant = grants.entry(*who).or_insert_with(|| nobody(*who, names));
        grant.may_connect |= may_connect;
        grant.may_create |= may_create;
    }
    ScopeState { everyone: false, grants: grants.into_values().collect() }
}

fn nobody(who: Grantee, names: &Names) -> Grant {
    let (kind, id) = match who {
        Grantee::User(id) => (GranteeKind::User, id),
        Grantee::Group(id) => (GranteeKind::Group, id),
    };
    let name = names.grantees.get(&who).cloned().unwrap_or_default();
    Grant { kind, id, name: Aside(name), may_connect: false, may_create: false }
}

fn settings(declared: &[FieldInfo], values: Values<'_>) -> BTreeMap<String, Setting> {
    declared
        .iter()
        .filter(|field| field.kind != FieldType::Label)
        .map(|field| {
            let value = match values.secrets.get(&field.key) {
                Some(set_in) => Held::Secret { secret_is_set: true, set_in: *set_in },
                None if field.kind == FieldType::Password => Held::UNSET,
                None => Held::Plain(values.plain.get(&field.key).cloned().unwrap_or_default()),
            };
            let name = Aside(field.name.clone());
            (field.key.clone(), Setting { name, kind: Aside(field.kind), value })
        })
        .collect()
}

pub fn actor_types(mappings: &[ActorMapping], names: &Names) -> BTreeMap<ActorType, TypeState> {
    mappings.iter().map(|mapping| (mapping.kind, actor_type(mapping, names))).collect()
}

fn actor_type(mapping: &ActorMapping, names: &Names) -> TypeState {
    TypeState {
        is_active: mapping.is_active,
        is_missing: mapping.is_missing,
        searchable: mapping.searchable.clone(),
        fields: mapping.fields.iter().map(|field| field_state(mapping, field, names)).collect(),
    }
}

fn field_state(mapping: &ActorMapping, field: &FieldMapping, names: &Names) -> FieldState {
    let erp = &field.erp;
    FieldState {
        key: erp.key.clone(),
        name: erp.name.clone(),
        kind: erp.kind,
        access: erp.access,
        list: erp.list.clone(),
        max_length: erp.max_length,
        is_missing: field.is_missing_in_erp,
        crm_field: field.crm_field.as_ref().map(|key| crm_field(mapping, key)),
        to_crm: field.direction.to_crm,
        to_erp: field.direction.to_erp,
        rules: field.rules,
        in_search: field.is_shown_in_search,
        in_tab: field.is_shown_in_tab,
        // A password's default would be a secret.
        default: field.default.clone().filter(|_| erp.kind != FieldType::Password),
        items: field.items.iter().map(|(erp, id)| (erp.clone(), item(*id, names))).collect(),
        unmapped_items: unmapped(&field.item_rule, names),
    }
}

fn crm_field(mapping: &ActorMapping, key: &str) -> CrmField {
    let label = mapping.catalogue.recall(key).and_then(|field| field.label.clone());
    CrmField { key: key.to_owned(), label: Aside(label.unwrap_or_default()) }
}

fn item(id: i64, names: &Names) -> ItemRef {
    ItemRef { id, text: Aside(names.items.get(&id).cloned().unwrap_or_default()) }
}

fn unmapped(rule: &ItemRule, names: &Names) -> UnmappedItems {
    UnmappedItems {
        rule: rule.unmapped,
        crm_default: rule.crm_default.map(|id| item(id, names)),
        erp_default: rule.erp_default.clone(),
    }
}
