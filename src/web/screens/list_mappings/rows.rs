//! The items of a list on its page: those of the ERP with what they are mapped to, those of the CRM that
//! nothing is mapped to.

use std::collections::BTreeSet;

use super::form::ITEM;
use super::view::{Current, EditPage};
use crate::i18n::named;
use crate::mapping::lists::{self, Items, Problem};
use crate::web::page;

/// Most options that the drop-downs of a page hold together. Beyond that, items are typed, with proposals.
const MOST_OPTIONS: usize = 10_000;
/// Rows from which on they can be searched.
const MANY: usize = 12;

/// One item of the ERP's list.
pub struct Row {
    pub key: String,
    pub input: String,
    pub text: String,
    pub problem: String,
    /// The text of the CRM item.
    pub chosen: String,
    /// Id, text, chosen; empty where items are typed.
    pub choices: Vec<(String, String, bool)>,
    /// The ERP's list no longer has it.
    pub is_gone: bool,
    /// The CRM's list no longer has what it is mapped to.
    pub is_crm_gone: bool,
    pub is_suggested: bool,
}

/// An item of the CRM's list that no ERP item is mapped to.
pub struct Unused {
    pub text: String,
    pub records: String,
    /// Where these are looked at.
    pub href: String,
}

impl EditPage<'_> {
    /// Whether there are too many items for drop-downs.
    pub fn is_typed(&self, current: &Current) -> bool {
        current.known.erp.len() * current.known.crm.len() > MOST_OPTIONS
    }

    pub fn has_many(&self, rows: &[Row]) -> bool {
        rows.len() >= MANY
    }

    pub fn rows(&self, current: &Current) -> Vec<Row> {
        let ids =
            current.chosen.iter().filter_map(|(key, id)| Some((key.clone(), id.parse().ok()?)));
        let ids: Items = ids.collect();
        let doubled = lists::doubled(&ids);
        let listed: BTreeSet<&str> =
            current.known.erp.iter().map(|item| item.key.as_str()).collect();
        let deleted: BTreeSet<i64> =
            current.known.crm.iter().filter(|item| item.is_deleted).map(|item| item.id).collect();
        let is_typed = self.is_typed(current);
        let row = |(key, text): (&str, &str)| {
            let problem = current.wrong.get(key).copied();
            let problem =
                problem.or_else(|| doubled.contains(key).then_some(Problem::CrmItemTwice));
            let problem = problem.map(|problem| self.visit.say(&problem.message()));
            let chosen = current.chosen.get(key);
            Row {
                key: key.to_owned(),
                input: format!("{ITEM}{key}"),
                text: self.visit.pick(text).to_owned(),
                problem: problem.unwrap_or_default(),
                chosen: chosen.map(|chosen| self.crm_text(current, chosen)).unwrap_or_default(),
                choices: if is_typed { Vec::new() } else { self.choices(current, key) },
                is_gone: current.known.failure.is_none() && !listed.contains(key),
                is_crm_gone: ids.get(key).is_some_and(|id| deleted.contains(id)),
                is_suggested: current.suggested.as_ref().is_some_and(|keys| keys.contains(key)),
            }
        };
        current.erp_items().into_iter().map(row).collect()
    }

    /// The items of the CRM's list, and what was chosen if it is none of them.
    fn choices(&self, current: &Current, key: &str) -> Vec<(String, String, bool)> {
        let chosen = current.chosen.get(key).map_or("", String::as_str);
        let choice = |(id, text): &(i64, String)| {
            let id = id.to_string();
            let is_chosen = id == chosen;
            (id, text.clone(), is_chosen)
        };
        let mut choices: Vec<_> = current.known.labels().map(choice).collect();
        if !chosen.is_empty() && !choices.iter().any(|(.., is_chosen)| *is_chosen) {
            choices.push((chosen.to_owned(), self.crm_text(current, chosen), true));
        }
        choices
    }

    /// CRM items that records hold and no ERP item is mapped to, those of most records first.
    pub fn unused(&self, current: &Current) -> Vec<Unused> {
        let mapped: BTreeSet<i64> = current.items.values().copied().collect();
        let known = &current.known;
        let mut uses: Vec<(i64, i64)> =
            known.uses.iter().map(|(id, records)| (*id, *records)).collect();
        uses.retain(|(id, _)| !mapped.contains(id));
        uses.sort_by_key(|(_, records)| -records);
        let address = format!("/{}", known.kind.path());
        let item = |(id, records): (i64, i64)| {
            let number = self.visit.number(&records);
            Some(Unused {
                text: self.visit.pick(known.held.get(&id)?).to_owned(),
                records: match known.is_cut {
                    true => self.visit.t.list_mappings_at_least(number),
                    false => number,
                },
                href: page::listing(
                    &address,
                    &[("field", known.crm_field.key.as_str()), ("item", &id.to_string())],
                ),
            })
        };
        uses.into_iter().filter_map(item).collect()
    }

    /// How many of the CRM's items are left over, and how many of them no record holds.
    pub fn left_over(&self, current: &Current) -> String {
        let mapped: BTreeSet<i64> = current.items.values().copied().collect();
        let offered = current.known.crm.iter().filter(|item| !item.is_deleted);
        let left: Vec<i64> =
            offered.map(|item| item.id).filter(|id| !mapped.contains(id)).collect();
        let idle = left.iter().filter(|id| !current.known.uses.contains_key(id)).count();
        match left.len() {
            0 => self.visit.t.list_mappings_none_left().to_owned(),
            count if current.known.is_cut => self.visit.t.list_mappings_left_cut(count),
            count => self.visit.t.list_mappings_left(named::count(count), named::idle(idle)),
        }
    }
}
