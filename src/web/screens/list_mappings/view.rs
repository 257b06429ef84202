//! The List mapping page.

use std::collections::BTreeMap;

use askama::Template;

use super::{ITEM, Known};
use crate::connections::ErpConnection;
use crate::mapping::ActorMapping;
use crate::mapping::lists::{self, Items, Problem};
use crate::web::conflict::{self, Difference};
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
}

pub struct Current {
    pub known: Known,
    /// As it stands, or as chosen.
    pub chosen: Items,
    pub wrong: BTreeMap<String, Problem>,
    pub problems: Problems,
    /// What somebody else saved first.
    pub saved: Option<Items>,
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
    pub choices: Vec<(i64, String, bool)>,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        self.visit.t.list_mappings_title(self.visit.pick(&self.connection.name))
    }

    fn is_fixed(&self) -> bool {
        self.connection.is_active || !self.visit.is_admin()
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

    fn list_name(&self, current: &Current) -> &'static str {
        captions::list(self.visit.t, current.known.list)
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
    fn conflict(&self, current: &Current) -> Vec<Difference> {
        let Some(saved) = &current.saved else { return Vec::new() };
        let text = |items: &Items, key: &str| {
            let crm = current.known.crm.iter().find(|crm| items.get(key) == Some(&crm.id));
            let none = self.visit.t.records_none_chosen();
            crm.map_or(none, |crm| self.visit.pick(&crm.text)).to_owned()
        };
        conflict::differences(current.known.erp.iter().map(|item| {
            let caption = self.visit.pick(&item.text).to_owned();
            (caption, text(saved, &item.key), text(&current.chosen, &item.key))
        }))
    }

    fn rows(&self, current: &Current) -> Vec<Row> {
        let doubled = lists::doubled(&current.chosen);
        let row = |item: &crate::connector::types::ListItem| {
            let chosen = current.chosen.get(&item.key);
            let problem = current.wrong.get(&item.key).copied();
            let problem = problem
                .or_else(|| doubled.contains(item.key.as_str()).then_some(Problem::CrmItemTwice));
            let choice = |crm: &crate::store::crm_lists::Item| {
                (crm.id, self.visit.pick(&crm.text).to_owned(), chosen == Some(&crm.id))
            };
            Row {
                input: format!("{ITEM}{}", item.key),
                text: self.visit.pick(&item.text).to_owned(),
                problem: problem
                    .map_or(String::new(), |problem| self.visit.say(&problem.message())),
                choices: current.known.crm.iter().map(choice).collect(),
            }
        };
        current.known.erp.iter().map(row).collect()
    }
}
