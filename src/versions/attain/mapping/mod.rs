//! The mappings, as far as they can be had: by the same rules as on their screens.

mod items;

pub use self::items::lists_needed;
use super::LeftOut;
use crate::connector::multilang;
use crate::crm::fields::Field;
use crate::i18n::{Key, Message};
use crate::mapping::edit::{self, Edit, FieldEdit, What};
use crate::mapping::{ActorMapping, DefaultRule, FieldMapping, defaults, matrix};
use crate::versions::place::Part;
use crate::versions::state::{ConnectionState, CrmField, FieldState, TypeState};
use crate::versions::world::{Source, World};

/// All mappings of a connection as they are wanted, on top of those it has.
pub fn all(
    wanted: &ConnectionState,
    world: &World,
    left_out: &mut Vec<LeftOut>,
) -> Vec<ActorMapping> {
    for (kind, state) in &wanted.actor_types {
        let is_there = world.mappings.iter().any(|mapping| mapping.kind == *kind);
        let is_used = state.is_active || state.fields.iter().any(FieldState::is_used);
        if is_used && !is_there {
            left_out.push(LeftOut {
                part: Part::Mapping,
                actor_type: Some(*kind),
                what: Vec::new(),
                why: Key::VERSIONS_LEFT_NO_TYPE.into(),
            });
        }
    }
    let nothing = TypeState::default();
    let attain = |mapping: &ActorMapping| {
        let wanted = wanted.actor_types.get(&mapping.kind).unwrap_or(&nothing);
        let mut attempt = Attempt { world, before: mapping, wanted, left_out: Vec::new() };
        let after = attempt.mapping();
        (after, attempt.left_out)
    };
    let attained = world.mappings.iter().map(attain);
    attained
        .map(|(mapping, mut missing)| {
            left_out.append(&mut missing);
            mapping
        })
        .collect()
}

/// One actor type on its way to the wanted state.
struct Attempt<'a> {
    world: &'a World,
    before: &'a ActorMapping,
    wanted: &'a TypeState,
    left_out: Vec<LeftOut>,
}

impl Attempt<'_> {
    fn mapping(&mut self) -> ActorMapping {
        for field in self.wanted.fields.iter().filter(|field| field.is_used()) {
            if self.before.field(&field.key).is_none() {
                self.leave(&[&field.name], Key::VERSIONS_LEFT_NO_FIELD);
            }
        }
        let mut after = self.edited();
        for field in &mut after.fields {
            let wanted = self.wanted.fields.iter().find(|wanted| wanted.key == field.erp.key);
            field.default = self.default(field, wanted);
        }
        self.items(&mut after);
        let order: Vec<String> = self.wanted.fields.iter().map(|field| field.key.clone()).collect();
        after.arrange(&order);
        after
    }

    fn leave(&mut self, what: &[&str], why: impl Into<Message>) {
        let (part, actor_type) = (Part::Mapping, Some(self.before.kind));
        let what = what.iter().map(|name| (*name).to_owned()).collect();
        self.left_out.push(LeftOut { part, actor_type, what, why: why.into() });
    }

    /// CRM fields, directions, rules and ticks, as far as the rules of the mapping let them.
    fn edited(&mut self) -> ActorMapping {
        let elsewhere = matrix::mapped_elsewhere(&self.world.elsewhere, self.before.record_kind());
        let mut edit = self.edit();
        loop {
            let problems = match edit::apply(self.before, &edit, &elsewhere) {
                Ok(after) => return after,
                Err(problems) => problems,
            };
            let before = edit.fields.len();
            for problem in problems {
                if let Some((field, crm)) = self.blamed(&mut edit, &problem) {
                    self.leave(&[&field, &crm], problem.what.message());
                }
            }
            if edit.fields.len() == before {
                // What stands in the way stood there before, so nothing of this type can be changed.
                self.leave(&[], Key::VERSIONS_LEFT_TYPE_BLOCKED);
                return ActorMapping { is_active: edit.is_active, ..self.before.clone() };
            }
        }
    }

    /// Takes a field that cannot have what is wanted out of the edit, so that it stays as it is. Gives its
    /// name, and that of a wanted CRM field which is gone.
    fn blamed(&self, edit: &mut Edit, problem: &edit::Problem) -> Option<(String, String)> {
        let mut key = problem.erp_key.clone();
        if !edit.fields.contains_key(&key)
            && matches!(problem.what, What::UsedTwice(_))
            && let Some(kept) = self.before.field(&key)
        {
            // It stays; so the other one cannot have the CRM field.
            let other = edit.fields.iter().find(|(_, other)| other.crm_field == kept.crm_field);
            key = other.map(|(key, _)| key.clone())?;
        }
        edit.fields.remove(&key)?;
        let crm = self.wanted_field(&key).and_then(|wanted| wanted.crm_field.as_ref());
        // One that is there is named by the rule that it broke.
        let gone = crm.filter(|crm| self.before.catalogue.find(&crm.key).is_none());
        let name = |crm: &CrmField| match crm.label.0.as_str() {
            "" => crm.key.clone(),
            label => label.to_owned(),
        };
        let crm = gone.map(name).unwrap_or_default();
        Some((self.before.field(&key).map_or(key, |field| field.erp.name.clone()), crm))
    }

    fn wanted_field(&self, key: &str) -> Option<&FieldState> {
        self.wanted.fields.iter().find(|wanted| wanted.key == key)
    }

    /// A version's ids are ours; those in a file may be anybody's.
    fn knows_ids(&self) -> bool {
        self.world.source == Source::Version
    }

    fn edit(&self) -> Edit {
        let of = |field: &FieldMapping| {
            let wanted = self.wanted_field(&field.erp.key).map(|wanted| self.field_edit(wanted));
            (field.erp.key.clone(), wanted.unwrap_or_default())
        };
        Edit {
            is_active: self.wanted.is_active,
            fields: self.before.fields.iter().map(of).collect(),
            ..Edit::default()
        }
    }

    fn default(
        &mut self,
        field: &FieldMapping,
        wanted: Option<&FieldState>,
    ) -> Option<DefaultRule> {
        let wanted = wanted?.default.as_ref()?;
        if field.default.as_ref() == Some(wanted) {
            return Some(wanted.clone());
        }
        match defaults::check(&field.erp, wanted) {
            Ok(rule) => Some(rule),
            Err(problem) => {
                self.leave(&[&field.erp.name], problem.message());
                field.default.clone()
            }
        }
    }

    fn field_edit(&self, wanted: &FieldState) -> FieldEdit {
        FieldEdit {
            crm_field: wanted.crm_field.as_ref().map(|field| self.crm_field(field)),
            direction: wanted.direction(),
            rules: wanted.rules,
            is_shown_in_search: wanted.in_search,
            is_shown_in_tab: wanted.in_tab,
        }
    }

    /// The key of a wanted CRM field. Fields that admins added are called alike in two installations, but
    /// their keys may differ.
    fn crm_field(&self, wanted: &CrmField) -> String {
        let label = &wanted.label.0;
        let is_alike = |field: &&Field| {
            field.label.as_deref().is_some_and(|known| multilang::are_alike(known, label))
        };
        let alike = match self.knows_ids() || label.is_empty() {
            true => None,
            false => self.before.catalogue.all().iter().find(is_alike),
        };
        alike.map_or(&wanted.key, |field| &field.key).clone()
    }
}
