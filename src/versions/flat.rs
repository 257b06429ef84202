//! A version as places and what stands there, and back.

use std::collections::BTreeMap;

use super::Snapshot;
use super::place::{ErpFacts, FieldPart, Place, Thing, TypePart};
use super::state::{
    ConnectionState, ConnectorState, FieldState, PriorityState, ScopeState, TypeState,
};
use crate::connector::types::{ActorType, FieldType};

pub(super) type Flat = BTreeMap<Place, Thing>;

impl Snapshot {
    pub(super) fn flat(&self) -> Flat {
        let mut flat = Flat::new();
        match self {
            Self::Connector(state) => {
                put_text(&mut flat, Place::Name, &state.name);
                put_text(&mut flat, Place::Address, &state.address);
                put_flag(&mut flat, Place::IsDeleted, state.is_deleted);
            }
            Self::Priority(state) => {
                flat.insert(Place::Priority, Thing::Ranked(state.order.clone()));
            }
            Self::Connection(state) => connection(&mut flat, state),
        }
        flat
    }

    /// The same thing with nothing at any place.
    pub fn emptied(&self) -> Self {
        self.filled(Flat::new())
    }

    /// The snapshot that has these things at these places. What has no place stays as it is here.
    pub(super) fn filled(&self, flat: Flat) -> Self {
        match self {
            Self::Connector(_) => Self::Connector(ConnectorState {
                name: text(&flat, &Place::Name),
                address: text(&flat, &Place::Address),
                is_deleted: flat.contains_key(&Place::IsDeleted),
            }),
            Self::Priority(_) => match flat.get(&Place::Priority) {
                Some(Thing::Ranked(order)) => {
                    Self::Priority(PriorityState { order: order.clone() })
                }
                _ => Self::Priority(PriorityState { order: Vec::new() }),
            },
            Self::Connection(state) => Self::Connection(filled_connection(state, flat)),
        }
    }
}

fn connection(flat: &mut Flat, state: &ConnectionState) {
    put_text(flat, Place::Name, &state.name);
    put_text(flat, Place::Description, &state.description);
    put_flag(flat, Place::IsDeleted, state.is_deleted);
    put_flag(flat, Place::Everyone, state.scope.everyone);
    for grant in &state.scope.grants {
        flat.insert(Place::Grant(grant.who()), Thing::Grant(grant.clone()));
    }
    for (key, setting) in &state.settings {
        flat.insert(Place::Setting(key.clone()), Thing::Setting(setting.clone()));
    }
    for (kind, state) in &state.actor_types {
        actor_type(flat, *kind, state);
    }
}

fn actor_type(flat: &mut Flat, kind: ActorType, state: &TypeState) {
    let at = |part| Place::Type(kind, part);
    flat.insert(at(TypePart::Itself), Thing::There);
    put_flag(flat, at(TypePart::IsActive), state.is_active);
    put_flag(flat, at(TypePart::IsMissing), state.is_missing);
    put_keys(flat, at(TypePart::Searchable), state.searchable.clone());
    let order = state.fields.iter().map(|field| field.key.clone()).collect();
    put_keys(flat, at(TypePart::Order), order);
    for state in &state.fields {
        field(flat, kind, state);
    }
}

fn field(flat: &mut Flat, kind: ActorType, state: &FieldState) {
    let mut put = |part, thing: Option<Thing>| {
        if let Some(thing) = thing {
            flat.insert(Place::Field(kind, state.key.clone(), part), thing);
        }
    };
    let yes = |is: bool| is.then_some(Thing::Yes);
    put(FieldPart::Itself, Some(Thing::Erp(facts(state))));
    put(FieldPart::IsMissing, yes(state.is_missing));
    put(FieldPart::CrmField, state.crm_field.clone().map(Thing::CrmField));
    let direction = state.direction();
    put(FieldPart::Direction, direction.is_any().then_some(Thing::Direction(direction)));
    put(FieldPart::Rules, unusual(&state.rules).map(Thing::Rules));
    put(FieldPart::InSearch, yes(state.in_search));
    put(FieldPart::InTab, yes(state.in_tab));
    put(FieldPart::Default, state.default.clone().map(Thing::Default));
    for (erp, item) in &state.items {
        put(FieldPart::Item(erp.clone()), Some(Thing::Item(item.clone())));
    }
    put(FieldPart::UnmappedItems, unusual(&state.unmapped_items).map(Thing::UnmappedItems));
}

fn facts(state: &FieldState) -> ErpFacts {
    ErpFacts {
        name: state.name.clone(),
        kind: state.kind,
        access: state.access,
        list: state.list.clone(),
        max_length: state.max_length,
    }
}

fn filled_connection(state: &ConnectionState, flat: Flat) -> ConnectionState {
    let mut filled = ConnectionState {
        name: text(&flat, &Place::Name),
        description: text(&flat, &Place::Description),
        connector: state.connector.clone(),
        is_deleted: flat.contains_key(&Place::IsDeleted),
        scope: ScopeState { everyone: flat.contains_key(&Place::Everyone), grants: Vec::new() },
        settings: BTreeMap::new(),
        actor_types: BTreeMap::new(),
    };
    let mut orders = BTreeMap::new();
    for (place, thing) in flat {
        match (place, thing) {
            (Place::Grant(_), Thing::Grant(grant)) => filled.scope.grants.push(grant),
            (Place::Setting(key), Thing::Setting(setting)) => {
                filled.settings.insert(key, setting);
            }
            (Place::Type(kind, TypePart::Order), Thing::Keys(keys)) => {
                orders.insert(kind, keys);
            }
            (Place::Type(kind, part), thing) => {
                fill_type(filled.actor_types.entry(kind).or_default(), part, thing);
            }
            (Place::Field(kind, key, part), thing) => {
                let of_type = filled.actor_types.entry(kind).or_default();
                fill_field(field_of(of_type, &key), part, thing);
            }
            _ => {}
        }
    }
    for (kind, order) in orders {
        if let Some(of_type) = filled.actor_types.get_mut(&kind) {
            of_type.fields.sort_by_key(|field| {
                order.iter().position(|key| *key == field.key).unwrap_or(usize::MAX)
            });
        }
    }
    filled
}

fn fill_type(state: &mut TypeState, part: TypePart, thing: Thing) {
    match (part, thing) {
        (TypePart::IsActive, _) => state.is_active = true,
        (TypePart::IsMissing, _) => state.is_missing = true,
        (TypePart::Searchable, Thing::Keys(keys)) => state.searchable = keys,
        _ => {}
    }
}

/// The places of a field follow each other, so it is the last one, or not there yet.
fn field_of<'a>(of_type: &'a mut TypeState, key: &str) -> &'a mut FieldState {
    let is_last = of_type.fields.last().is_some_and(|field| field.key == key);
    if !is_last {
        of_type.fields.push(FieldState::named(key));
    }
    let last = of_type.fields.len() - 1;
    &mut of_type.fields[last]
}

fn fill_field(state: &mut FieldState, part: FieldPart, thing: Thing) {
    match (part, thing) {
        (FieldPart::Itself, Thing::Erp(facts)) => {
            state.name = facts.name;
            state.kind = facts.kind;
            state.access = facts.access;
            state.list = facts.list;
            state.max_length = facts.max_length;
        }
        (FieldPart::IsMissing, _) => state.is_missing = true,
        (FieldPart::CrmField, Thing::CrmField(field)) => state.crm_field = Some(field),
        (FieldPart::Direction, Thing::Direction(direction)) => {
            state.to_crm = direction.to_crm;
            state.to_erp = direction.to_erp;
        }
        (FieldPart::Rules, Thing::Rules(rules)) => state.rules = rules,
        (FieldPart::InSearch, _) => state.in_search = true,
        (FieldPart::InTab, _) => state.in_tab = true,
        (FieldPart::Default, Thing::Default(rule)) => state.default = Some(rule),
        (FieldPart::Item(erp), Thing::Item(item)) => _ = state.items.insert(erp, item),
        (FieldPart::UnmappedItems, Thing::UnmappedItems(items)) => state.unmapped_items = items,
        _ => {}
    }
}

impl FieldState {
    /// A field of which nothing but its key is known yet.
    pub(super) fn named(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            name: String::new(),
            kind: FieldType::Text,
            access: crate::connector::types::Access::Normal,
            list: String::new(),
            max_length: 0,
            is_missing: false,
            crm_field: None,
            to_crm: false,
            to_erp: false,
            rules: Default::default(),
            in_search: false,
            in_tab: false,
            default: None,
            items: BTreeMap::new(),
            unmapped_items: Default::default(),
        }
    }
}

fn put_text(flat: &mut Flat, place: Place, text: &str) {
    if !text.is_empty() {
        flat.insert(place, Thing::Text(text.to_owned()));
    }
}

fn put_flag(flat: &mut Flat, place: Place, is: bool) {
    if is {
        flat.insert(place, Thing::Yes);
    }
}

fn put_keys(flat: &mut Flat, place: Place, keys: Vec<String>) {
    if !keys.is_empty() {
        flat.insert(place, Thing::Keys(keys));
    }
}

fn text(flat: &Flat, place: &Place) -> String {
    match flat.get(place) {
        Some(Thing::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

fn unusual<T: Default + PartialEq + Clone>(value: &T) -> Option<T> {
    (*value != T::default()).then(|| value.clone())
}
