//! The List mapping page.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::form::{Chosen, of_items};
use super::known::Known;
use crate::connections::ErpConnection;
use crate::i18n::named;
use crate::mapping::lists::{Items, Problem};
use crate::mapping::rules::{ItemRule, Unmapped};
use crate::mapping::{ActorMapping, lists};
use crate::web::conflict::{self, Conflict};
use crate::web::form::Problems;
use crate::web::visit::Visit;
use crate::web::{captions, failure};

#[derive(Template)]
#[template(path = "list_mappings/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    pub connection: &'a ErpConnection,
    pub all: &'a [ActorMapping],
    /// Keys of the ERP's lists by their names, as far as they were read.
    pub keys: BTreeMap<String, BTreeSet<String>>,
    /// The list being mapped; none when no list field is mapped.
    pub current: Option<Current>,
    pub may_write: bool,
}

pub struct Current {
    pub known: Known,
    /// As it stands, or as chosen.
    pub chosen: Chosen,
    pub rule: ItemRule,
    /// The version the form was made of.
    pub version: String,
    /// As it stands in any case.
    pub items: Items,
    pub wrong: BTreeMap<String, Problem>,
    pub problems: Problems,
    /// ERP items for which something was suggested, when suggestions were asked for.
    pub suggested: Option<BTreeSet<String>>,
    /// What somebody else saved first.
    pub saved: Option<Saved>,
}

pub struct Saved {
    pub items: Items,
    pub rule: ItemRule,
}

impl Current {
    pub fn new(
        known: Known,
        (chosen, rule): (Chosen, ItemRule),
        version: String,
        items: Items,
    ) -> Self {
        let (wrong, problems) = (BTreeMap::new(), Problems::default());
        Self { known, chosen, rule, version, items, wrong, problems, suggested: None, saved: None }
    }

    /// Every item of the ERP's list, key and text, and what is chosen though the list does not have it.
    pub fn erp_items(&self) -> Vec<(&str, &str)> {
        let listed = self.known.erp.iter().map(|item| (item.key.as_str(), item.text.as_str()));
        let keys: BTreeSet<&String> = self.known.erp.iter().map(|item| &item.key).collect();
        let saved = self.saved.iter().flat_map(|saved| saved.items.keys());
        let others: BTreeSet<&String> =
            self.chosen.keys().chain(saved).filter(|key| !keys.contains(key)).collect();
        listed.chain(others.into_iter().map(|key| (key.as_str(), key.as_str()))).collect()
    }
}

/// One mapped list at the left.
pub struct Entry {
    pub href: String,
    pub text: String,
    pub list: String,
    pub mapped: String,
    pub is_current: bool,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        self.visit.t.list_mappings_title(self.visit.pick(&self.connection.name))
    }

    fn is_fixed(&self) -> bool {
        self.connection.is_active || !self.may_write
    }

    fn place(&self, current: &Current) -> String {
        format!("/connections/{}/list-mappings?field={}", self.connection.id, current.known.field)
    }

    fn entries(&self) -> Vec<Entry> {
        let current = self.current.as_ref().map(|current| current.known.field);
        let entry = |(mapping, list): (&ActorMapping, lists::MappedList)| Entry {
            href: format!(
                "/connections/{}/list-mappings?field={}",
                self.connection.id, list.field.id
            ),
            text: format!(
                "{} – {}",
                captions::actor_type(self.visit.t, mapping.kind),
                self.visit.pick(&list.field.erp.name)
            ),
            list: list.field.erp.list.clone(),
            mapped: self.mapped(&list),
            is_current: current == Some(list.field.id),
        };
        super::every(self.all).map(entry).collect()
    }

    /// How many items are mapped, of how many if that is known.
    fn mapped(&self, list: &lists::MappedList) -> String {
        let items = &list.field.items;
        match self.keys.get(&list.field.erp.list) {
            Some(keys) => self.visit.t.list_mappings_mapped_of(
                named::count(items.keys().filter(|key| keys.contains(*key)).count()),
                named::total(keys.len()),
            ),
            None => self.visit.t.list_mappings_mapped(items.len()),
        }
    }

    fn action(&self, current: &Current) -> String {
        format!("/connections/{}/list-mappings/{}", self.connection.id, current.known.field)
    }

    fn suggest(&self, current: &Current) -> String {
        format!("{}&suggest=1", self.place(current))
    }

    /// What came of the wish for suggestions; blank when nobody asked.
    fn suggested(&self, current: &Current) -> String {
        let suggested = current.suggested.as_ref();
        let say = |keys: &BTreeSet<String>| self.visit.t.list_mappings_suggested(keys.len());
        suggested.map_or_else(String::new, say)
    }

    fn list_name(&self, current: &Current) -> String {
        captions::list(self.visit, &current.known.crm_field)
    }

    fn failure(&self, current: &Current) -> String {
        let failure = current.known.failure.as_ref();
        failure.map_or(String::new(), |failure| {
            self.visit.say(&failure::message(failure, self.visit.language))
        })
    }

    fn problem_list(&self, current: &Current) -> Vec<(String, String)> {
        current.problems.list(&self.visit.t)
    }

    fn problem(&self, current: &Current, field: &str) -> String {
        current.problems.at(field, &self.visit.t)
    }

    /// Where what is saved differs from what was chosen, when somebody else saved first.
    fn conflict(&self, current: &Current) -> Option<Conflict> {
        let saved = current.saved.as_ref()?;
        let items = of_items(&saved.items);
        let text = |items: &Chosen, key: &str| match items.get(key) {
            Some(chosen) => self.crm_text(current, chosen),
            None => self.visit.t.records_none_chosen().to_owned(),
        };
        let rows = current.erp_items().into_iter().map(|(key, caption)| {
            let caption = self.visit.pick(caption).to_owned();
            (caption, text(&items, key), text(&current.chosen, key))
        });
        let rule = (
            self.visit.t.list_mappings_unmapped().to_owned(),
            self.rule_in_words(current, &saved.rule),
            self.rule_in_words(current, &current.rule),
        );
        Some(Conflict::with_somebody(self.visit, conflict::differences(rows.chain([rule]))))
    }

    /// What was chosen, as it is called; what is no item, as it was typed.
    pub fn crm_text(&self, current: &Current, chosen: &str) -> String {
        let id = chosen.parse().ok();
        id.and_then(|id| current.known.labels.text(id)).unwrap_or(chosen).to_owned()
    }

    fn erp_text(&self, current: &Current, key: &str) -> String {
        let found = current.known.erp.iter().find(|item| item.key == key);
        found.map_or(key, |item| self.visit.pick(&item.text)).to_owned()
    }

    fn rule_in_words(&self, current: &Current, rule: &ItemRule) -> String {
        let t = self.visit.t;
        let mut said = vec![captions::unmapped(t, rule.unmapped).to_owned()];
        if let Some(id) = rule.crm_default {
            said.push(format!(
                "{}: {}",
                self.visit.crm_name,
                self.crm_text(current, &id.to_string())
            ));
        }
        if let Some(key) = &rule.erp_default {
            said.push(format!("{}: {}", t.history_erp(), self.erp_text(current, key)));
        }
        said.join(", ")
    }

    /// What can happen to an unmapped value: name, caption, sentence, chosen.
    fn rules(&self, current: &Current) -> [(&'static str, &'static str, &'static str, bool); 3] {
        let t = self.visit.t;
        Unmapped::ALL.map(|rule| {
            let hint = match rule {
                Unmapped::Leave => t.list_mappings_leave_hint(),
                Unmapped::Fail => t.list_mappings_fail_hint(),
                Unmapped::Default => t.list_mappings_default_hint(),
            };
            (rule.as_str(), captions::unmapped(t, rule), hint, current.rule.unmapped == rule)
        })
    }

    /// The ERP's items to choose a default from, with the chosen one in any case: key, text, chosen.
    fn erp_defaults(&self, current: &Current) -> Vec<(String, String, bool)> {
        let chosen = current.rule.erp_default.as_deref();
        let mut items: Vec<_> = current
            .known
            .erp
            .iter()
            .map(|item| {
                let text = self.visit.pick(&item.text).to_owned();
                (item.key.clone(), text, chosen == Some(item.key.as_str()))
            })
            .collect();
        if let Some(key) = chosen.filter(|key| items.iter().all(|(other, ..)| other != key)) {
            items.push((key.to_owned(), key.to_owned(), true));
        }
        items
    }

    fn crm_defaults(&self, current: &Current) -> Vec<(i64, String, bool)> {
        let chosen = current.rule.crm_default;
        let choice = |(id, text): &(i64, String)| (*id, text.clone(), chosen == Some(*id));
        let mut choices: Vec<_> = current.known.labels().map(choice).collect();
        // One that is gone is no choice, and stays where it was chosen before.
        let gone = chosen.filter(|id| !choices.iter().any(|(known, ..)| known == id));
        choices.extend(gone.map(|id| (id, self.crm_text(current, &id.to_string()), true)));
        choices
    }
}
