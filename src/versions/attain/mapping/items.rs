//! The items of mapped lists, as far as they can be had: those that both lists have.

use std::collections::BTreeSet;

use super::Attempt;
use crate::crm::fields::List;
use crate::i18n::Key;
use crate::mapping::rules::ItemRule;
use crate::mapping::{ActorMapping, FieldMapping, lists};
use crate::versions::state::{ConnectionState, FieldState, ItemRef};
use crate::versions::world::{Index, Source, World};

/// The ERP's lists of which must be known what they hold, before these mappings can be had: those of fields
/// that are to get other items than they have.
pub fn lists_needed(wanted: &ConnectionState, world: &World) -> BTreeSet<String> {
    let mut lists = BTreeSet::new();
    for mapping in &world.mappings {
        let Some(wanted) = wanted.actor_types.get(&mapping.kind) else { continue };
        for field in &mapping.fields {
            let wanted = wanted.fields.iter().find(|wanted| wanted.key == field.erp.key);
            if wanted.is_some_and(|wanted| needs_list(field, wanted, world.source)) {
                lists.insert(field.erp.list.clone());
            }
        }
    }
    lists
}

fn needs_list(field: &FieldMapping, wanted: &FieldState, source: Source) -> bool {
    let default = &wanted.unmapped_items.erp_default;
    if wanted.items.is_empty() && default.is_none() {
        return false;
    }
    let is_same_field = wanted.crm_field.as_ref().map(|crm| &crm.key) == field.crm_field.as_ref();
    let is_there = |(erp, item): (&String, &ItemRef)| field.items.get(erp) == Some(&item.id);
    let is_same_default = default.is_none() || *default == field.item_rule.erp_default;
    let is_same = is_same_field && is_same_default && wanted.items.iter().all(is_there);
    source == Source::File || !is_same
}

impl Attempt<'_> {
    /// The items of the lists that are mapped now. Where the CRM field could not be had, the items stay, too.
    pub(super) fn items(&mut self, after: &mut ActorMapping) {
        let mapped: Vec<(String, List)> = lists::mapped_lists(after)
            .iter()
            .map(|mapped| (mapped.field.erp.key.clone(), mapped.list))
            .collect();
        for (key, list) in mapped {
            let wanted = self.wanted.fields.iter().find(|wanted| wanted.key == key);
            let field = after.fields.iter_mut().find(|field| field.erp.key == key);
            let (Some(field), Some(wanted)) = (field, wanted) else { continue };
            let crm = wanted.crm_field.as_ref().map(|crm| self.crm_field(crm));
            if crm != field.crm_field {
                continue;
            }
            let index = self.world.index(list);
            let Some(items) = self.pairs(field, wanted, &index) else {
                self.leave(&[&field.erp.name], Key::VERSIONS_LEFT_LIST_UNKNOWN);
                continue;
            };
            field.items = items;
            field.item_rule = self.item_rule(field, wanted, &index);
        }
    }

    /// None: the ERP's list would have to be known, and is not.
    fn pairs(
        &mut self,
        field: &FieldMapping,
        wanted: &FieldState,
        index: &Index,
    ) -> Option<lists::Items> {
        let mut items = lists::Items::new();
        let mut taken = BTreeSet::new();
        for (erp, item) in &wanted.items {
            let is_kept = self.knows_ids() && field.items.get(erp) == Some(&item.id);
            let found = if is_kept { Some(item.id) } else { index.find(item) };
            let pair = [field.erp.name.as_str(), erp.as_str(), item.text.0.as_str()];
            let Some(id) = found else {
                self.leave(&pair, Key::VERSIONS_LEFT_NO_ITEM);
                continue;
            };
            // A pair that stands there may stay, even when a list has lost its item.
            let is_there = field.items.get(erp) == Some(&id) || self.erp_has(field, erp)?;
            match is_there {
                false => self.leave(&pair, Key::VERSIONS_LEFT_NO_ERP_ITEM),
                true if !taken.insert(id) => {
                    self.leave(&pair, lists::Problem::CrmItemTwice.message());
                }
                true => _ = items.insert(erp.clone(), id),
            }
        }
        Some(items)
    }

    fn item_rule(&mut self, field: &FieldMapping, wanted: &FieldState, index: &Index) -> ItemRule {
        let rule = &wanted.unmapped_items;
        let mut crm_default = None;
        if let Some(item) = &rule.crm_default {
            let is_kept = self.knows_ids() && field.item_rule.crm_default == Some(item.id);
            crm_default = if is_kept { Some(item.id) } else { index.find(item) };
            if crm_default.is_none() {
                self.leave(&[&field.erp.name, &item.text.0], Key::VERSIONS_LEFT_NO_ITEM);
                return field.item_rule.clone();
            }
        }
        let erp_default = rule.erp_default.as_ref();
        let is_kept = rule.erp_default == field.item_rule.erp_default;
        if let Some(erp) = erp_default.filter(|_| !is_kept) {
            let why = match self.erp_has(field, erp) {
                Some(true) => None,
                Some(false) => Some(Key::VERSIONS_LEFT_NO_ERP_ITEM),
                None => Some(Key::VERSIONS_LEFT_LIST_UNKNOWN),
            };
            if let Some(why) = why {
                self.leave(&[&field.erp.name, erp], why);
                return field.item_rule.clone();
            }
        }
        ItemRule { unmapped: rule.rule, crm_default, erp_default: rule.erp_default.clone() }
    }

    /// Whether the ERP's list of a field has an item; `None`: nobody knows.
    fn erp_has(&self, field: &FieldMapping, item: &str) -> Option<bool> {
        let keys = self.world.erp_lists.get(&field.erp.list)?.as_ref()?;
        Some(keys.contains(item))
    }
}
