//! The List mapping page.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::Known;
use super::form::{Chosen, ITEM, of_items};
use crate::connections::ErpConnection;
use crate::mapping::ActorMapping;
use crate::mapping::lists::{self, Items, Problem};
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
    /// The list being mapped; none when no list field is mapped.
    pub current: Option<Current>,
    pub may_write: bool,
}

pub struct Current {
    pub known: Known,
    /// As it stands, or as chosen.
    pub chosen: Chosen,
    /// The version the form was made of.
    pub version: String,
    pub wrong: BTreeMap<String, Problem>,
    pub problems: Problems,
    /// What somebody else saved first.
    pub saved: Option<Items>,
}

impl Current {
    pub fn new(known: Known, chosen: Chosen, version: String) -> Self {
        let (wrong, problems) = (BTreeMap::new(), Problems::default());
        Self { known, chosen, version, wrong, problems, saved: None }
    }

    /// Every item of the ERP's list, key and text, and what is chosen though the list does not have it.
    fn erp_items(&self) -> Vec<(&str, &str)> {
        let listed = self.known.erp.iter().map(|item| (item.key.as_str(), item.text.as_str()));
        let is_listed = |key: &String| self.known.erp.iter().any(|item| item.key == *key);
        let saved = self.saved.iter().flat_map(Items::keys);
        let others: BTreeSet<&String> =
            self.chosen.keys().chain(saved).filter(|key| !is_listed(key)).collect();
        listed.chain(others.into_iter().map(|key| (key.as_str(), key.as_str()))).collect()
    }
}

/// One mapped list at the left.
pub struct Entry {
    pub href: String,
    pub text: String,
    pub mapped: String,
    pub is_current: bool,
}

/// One item of the ERP's list.
pub struct Row {
    pub input: String,
    pub text: String,
    pub problem: String,
    /// Id, text, chosen.
    pub choices: Vec<(String, String, bool)>,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        self.visit.t.list_mappings_title(self.visit.pick(&self.connection.name))
    }

    fn is_fixed(&self) -> bool {
        self.connection.is_active || !self.may_write
    }

    fn entries(&self) -> Vec<Entry> {
        let current = self.current.as_ref().map(|current| current.known.field);
        let entry = |mapping: &ActorMapping, list: lists::MappedList| Entry {
            href: format!(
                "/connections/{}/list-mappings?field={}",
                self.connection.id, list.field.id
            ),
            text: format!(
                "{} – {}",
                captions::actor_type(self.visit.t, mapping.kind),
                self.visit.pick(&list.field.erp.name)
            ),
            mapped: self.visit.t.list_mappings_mapped(list.field.items.len()),
            is_current: current == Some(list.field.id),
        };
        self.all
            .iter()
            .flat_map(|mapping| {
                lists::mapped_lists(mapping).into_iter().map(move |list| (mapping, list))
            })
            .map(|(mapping, list)| entry(mapping, list))
            .collect()
    }

    fn action(&self, current: &Current) -> String {
        format!("/connections/{}/list-mappings/{}", self.connection.id, current.known.field)
    }

    fn suggest(&self, current: &Current) -> String {
        format!(
            "/connections/{}/list-mappings?field={}&suggest=1",
            self.connection.id, current.known.field
        )
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

    /// Where what is saved differs from what was chosen, when somebody else saved first.
    fn conflict(&self, current: &Current) -> Option<Conflict> {
        let saved = of_items(current.saved.as_ref()?);
        let text = |items: &Chosen, key: &str| {
            let chosen = items.get(key).map_or("", String::as_str);
            let crm = current.known.crm.iter().find(|crm| crm.id.to_string() == chosen);
            match crm {
                Some(crm) => self.visit.pick(&crm.text).to_owned(),
                None if chosen.is_empty() => self.visit.t.records_none_chosen().to_owned(),
                None => chosen.to_owned(),
            }
        };
        let rows = current.erp_items().into_iter().map(|(key, caption)| {
            let caption = self.visit.pick(caption).to_owned();
            (caption, text(&saved, key), text(&current.chosen, key))
        });
        Some(Conflict::with_somebody(self.visit, conflict::differences(rows)))
    }

    fn rows(&self, current: &Current) -> Vec<Row> {
        let ids =
            current.chosen.iter().filter_map(|(key, id)| Some((key.clone(), id.parse().ok()?)));
        let ids: Items = ids.collect();
        let doubled = lists::doubled(&ids);
        let row = |(key, text): (&str, &str)| {
            let problem = current.wrong.get(key).copied();
            let problem =
                problem.or_else(|| doubled.contains(key).then_some(Problem::CrmItemTwice));
            Row {
                input: format!("{ITEM}{key}"),
                text: self.visit.pick(text).to_owned(),
                problem: problem
                    .map_or(String::new(), |problem| self.visit.say(&problem.message())),
                choices: self.choices(current, key),
            }
        };
        current.erp_items().into_iter().map(row).collect()
    }

    /// The items of the CRM's list, and what was chosen if it is none of them.
    fn choices(&self, current: &Current, key: &str) -> Vec<(String, String, bool)> {
        let chosen = current.chosen.get(key).map_or("", String::as_str);
        let choice = |crm: &crate::store::crm_lists::Item| {
            let id = crm.id.to_string();
            let is_chosen = id == chosen;
            (id, self.visit.pick(&crm.text).to_owned(), is_chosen)
        };
        let mut choices: Vec<_> = current.known.crm.iter().map(choice).collect();
        if !chosen.is_empty() && !choices.iter().any(|(.., is_chosen)| *is_chosen) {
            choices.push((chosen.to_owned(), chosen.to_owned(), true));
        }
        choices
    }
}
