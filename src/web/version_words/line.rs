//! One difference in words: what it is called, and what stood there before and after.

use std::collections::BTreeMap;

use super::{Kind, Line};
use crate::connector::types::{Access, ActorType, FieldInfo, FieldType};
use crate::crm::fields::Catalogue;
use crate::i18n::named;
use crate::mapping::{display, record_kind};
use crate::versions::Snapshot;
use crate::versions::difference::Difference;
use crate::versions::place::{ErpFacts, FieldPart, Place, Thing, TypePart};
use crate::versions::state::{FieldState, Grant, Held, Ranked, Setting, UnmappedItems};
use crate::web::captions;
use crate::web::visit::Visit;

/// Two snapshots of the same thing, and in whose words to speak of them.
pub(super) struct Words<'a> {
    pub visit: &'a Visit,
    pub before: &'a Snapshot,
    pub after: &'a Snapshot,
}

impl Words<'_> {
    pub fn line(&self, difference: &Difference) -> Line {
        let value = |thing: &Option<Thing>, of: &Snapshot| match thing {
            Some(thing) => self.value(&difference.place, thing, of),
            None if is_flag(&difference.place) => self.visit.t.no().to_owned(),
            None => String::new(),
        };
        let (mut before, mut after) =
            (value(&difference.before, self.before), value(&difference.after, self.after));
        if before == after {
            match (&difference.before, &difference.after) {
                // It differs in another language.
                (Some(Thing::Text(one)), Some(Thing::Text(other))) => {
                    (before, after) = (one.clone(), other.clone());
                }
                // Of a secret no more is known.
                (_, Some(Thing::Setting(Setting { value: Held::Secret { .. }, .. }))) => {
                    after = self.visit.t.connections_secret_changed().to_owned();
                }
                _ => {}
            }
        }
        Line { caption: self.caption(difference), before, after, kind: Kind::of(difference) }
    }

    /// What it is called where there is little room: the items of a list are not told apart.
    pub fn short(&self, difference: &Difference) -> String {
        match &difference.place {
            Place::Field(kind, key, FieldPart::Item(_)) => {
                let aspect = named::aspect(self.visit.t.versions_items());
                self.visit.t.versions_of_field(aspect, named::field(self.field(*kind, key)))
            }
            _ => self.caption(difference),
        }
    }

    fn caption(&self, difference: &Difference) -> String {
        let t = self.visit.t;
        match &difference.place {
            Place::Name => t.name().to_owned(),
            Place::Description => t.description().to_owned(),
            Place::Address => t.sync_url().to_owned(),
            Place::IsDeleted => t.sync_deleted().to_owned(),
            Place::Everyone => t.connections_everyone().to_owned(),
            Place::Grant(_) => match difference.after.as_ref().or(difference.before.as_ref()) {
                Some(Thing::Grant(Grant { name, .. })) => name.0.clone(),
                _ => String::new(),
            },
            Place::Setting(key) => match difference.after.as_ref().or(difference.before.as_ref()) {
                Some(Thing::Setting(setting)) => self.visit.pick(&setting.name.0).to_owned(),
                _ => key.clone(),
            },
            Place::Type(_, part) => match part {
                TypePart::Itself => t.versions_offered(),
                TypePart::IsMissing => t.versions_missing(),
                TypePart::IsActive => t.versions_is_on(),
                TypePart::Searchable => t.versions_searchable(),
                TypePart::Order => t.sync_ranks(),
            }
            .to_owned(),
            Place::Field(kind, key, part) => {
                let aspect = match part {
                    FieldPart::Itself => t.versions_erp_field().to_owned(),
                    FieldPart::IsMissing => t.versions_missing().to_owned(),
                    FieldPart::CrmField => t.versions_crm_field(&self.visit.crm_name),
                    FieldPart::Direction => t.versions_direction().to_owned(),
                    FieldPart::Rules => t.versions_rules().to_owned(),
                    FieldPart::InSearch => t.parts_mapping_search().to_owned(),
                    FieldPart::InTab => t.parts_mapping_tab().to_owned(),
                    FieldPart::Default => t.versions_default().to_owned(),
                    FieldPart::Item(erp) => t.versions_item(erp),
                    FieldPart::UnmappedItems => t.versions_unmapped().to_owned(),
                };
                t.versions_of_field(named::aspect(aspect), named::field(self.field(*kind, key)))
            }
            Place::Priority => t.versions_order().to_owned(),
        }
    }

    fn value(&self, place: &Place, thing: &Thing, of: &Snapshot) -> String {
        let t = self.visit.t;
        match thing {
            Thing::There | Thing::Yes => t.yes().to_owned(),
            Thing::Text(text) => self.visit.pick(text).to_owned(),
            Thing::Keys(keys) => {
                let Some(kind) = place.actor_type() else { return keys.join(", ") };
                let names = keys.iter().map(|key| self.field(kind, key));
                names.collect::<Vec<_>>().join(", ")
            }
            Thing::Grant(grant) => {
                captions::rights(self.visit.t, grant.may_connect, grant.may_create).to_owned()
            }
            Thing::Setting(setting) => self.setting(setting),
            Thing::Erp(facts) => self.erp(facts),
            Thing::CrmField(field) => self.crm_field(place, &field.key, &field.label.0),
            Thing::Direction(direction) => captions::direction(self.visit.t, *direction).to_owned(),
            Thing::Rules(rules) => t.versions_rules_say(
                named::blank(if rules.may_blank { t.yes() } else { t.no() }),
                named::crm(captions::when(t, rules.to_crm)),
                named::erp(captions::when(t, rules.to_erp)),
            ),
            Thing::Default(rule) => {
                let raw = rule.value.as_deref().unwrap_or_default();
                let value = display::display(&self.info(place, of), raw, &rule.items(), t);
                let mut said: Vec<&str> = vec![&value];
                if rule.asks_user {
                    said.push(t.versions_asks());
                }
                if rule.is_mandatory {
                    said.push(t.versions_mandatory());
                }
                said.retain(|text| !text.is_empty());
                said.join(", ")
            }
            Thing::Item(item) => self.visit.pick(&item.text.0).to_owned(),
            Thing::UnmappedItems(items) => self.unmapped(items),
            Thing::Ranked(order) => {
                let name = |ranked: &Ranked| match ranked.id {
                    0 => self.visit.crm_name.clone(),
                    _ => self.visit.pick(&ranked.name.0).to_owned(),
                };
                order.iter().map(name).collect::<Vec<_>>().join(" > ")
            }
        }
    }

    /// The name of an ERP field; the newer one first.
    fn field(&self, kind: ActorType, key: &str) -> String {
        let found = field_of(self.after, kind, key).or(field_of(self.before, kind, key));
        found.map_or(key, |field| self.visit.pick(&field.name)).to_owned()
    }

    fn info(&self, place: &Place, of: &Snapshot) -> FieldInfo {
        let kind = match place {
            Place::Field(kind, key, _) => field_of(of, *kind, key).map(|field| field.kind),
            _ => None,
        };
        info(kind.unwrap_or(FieldType::Text))
    }

    fn setting(&self, setting: &Setting) -> String {
        let t = self.visit.t;
        match &setting.value {
            Held::Plain(raw) => display::display(&info(setting.kind.0), raw, &BTreeMap::new(), t),
            Held::Secret { secret_is_set: true, .. } => t.connections_secret_set().to_owned(),
            Held::Secret { .. } => t.connections_secret_missing().to_owned(),
        }
    }

    fn erp(&self, facts: &ErpFacts) -> String {
        let t = self.visit.t;
        let mut said = vec![
            self.visit.pick(&facts.name).to_owned(),
            captions::field_type(t, facts.kind).to_owned(),
        ];
        if facts.max_length > 0 {
            said.push(t.versions_characters(facts.max_length));
        }
        match facts.access {
            Access::Normal => {}
            Access::Mandatory => said.push(t.versions_mandatory().to_owned()),
            Access::ReadOnly => said.push(t.versions_read_only().to_owned()),
        }
        said.join(", ")
    }

    fn crm_field(&self, place: &Place, key: &str, label: &str) -> String {
        let kind = place.actor_type().map(record_kind);
        let builtin = kind.map(Catalogue::builtin);
        match builtin.as_ref().and_then(|catalogue| catalogue.find(key)) {
            Some(field) => captions::field(self.visit, field),
            None if label.is_empty() => key.to_owned(),
            None => self.visit.pick(label).to_owned(),
        }
    }

    fn unmapped(&self, items: &UnmappedItems) -> String {
        let crm = items.crm_default.as_ref().map(|item| self.visit.pick(&item.text.0).to_owned());
        let mut said = vec![captions::unmapped(self.visit.t, items.rule).to_owned()];
        said.extend(crm);
        said.extend(items.erp_default.clone());
        said.join(", ")
    }
}

fn field_of<'a>(snapshot: &'a Snapshot, kind: ActorType, key: &str) -> Option<&'a FieldState> {
    let of_type = snapshot.connection()?.actor_types.get(&kind)?;
    of_type.fields.iter().find(|field| field.key == key)
}

/// Places at which there is either yes or nothing.
fn is_flag(place: &Place) -> bool {
    match place {
        Place::IsDeleted | Place::Everyone => true,
        Place::Type(_, part) => !matches!(part, TypePart::Searchable | TypePart::Order),
        Place::Field(_, _, part) => {
            matches!(part, FieldPart::IsMissing | FieldPart::InSearch | FieldPart::InTab)
        }
        _ => false,
    }
}

/// A field of this type of which nothing else is known.
fn info(kind: FieldType) -> FieldInfo {
    FieldInfo {
        key: String::new(),
        name: String::new(),
        description: String::new(),
        kind,
        list: String::new(),
        default: String::new(),
        rank: 0,
        max_length: 0,
        access: Access::Normal,
    }
}
