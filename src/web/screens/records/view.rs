//! Page structs of the records screen.

use std::sync::Arc;

use askama::Template;

use super::company::{self, Lookup, with_place};
use super::form::RecordForm;
use super::groups::{grouped, within};
use super::holding::Holding;
use crate::crm::fields::{Catalogue, Field};
use crate::crm::value::FieldKind;
use crate::crm::{Record, RecordId, RecordKind};
use crate::i18n::Key;
use crate::store::crm::Listed;
use crate::store::crm_lists::Item;
use crate::store::page::Page;
use crate::web::conflict::Conflict;
use crate::web::form::Problems;
use crate::web::page::{self, Neighbours};
use crate::web::visit::Visit;
use crate::web::{captions, values};

#[derive(Template)]
#[template(path = "records/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub kind: RecordKind,
    pub search: &'a str,
    pub found: Page<Listed>,
    pub count: i64,
    pub items: &'a [Item],
    pub catalogue: &'a Catalogue,
    /// Only records that hold this are shown.
    pub holding: Option<Holding>,
}

impl IndexPage<'_> {
    fn may_add(&self) -> bool {
        !self.visit.is_auditor()
    }

    fn title(&self) -> &'static str {
        captions::record_kinds(self.visit.t, self.kind)
    }

    /// What a list shows of a record beside its name and company: caption key and value.
    fn columns(&self) -> &'static [&'static str] {
        match self.kind {
            RecordKind::Company => &["street_city", "country", "phone", "email"],
            RecordKind::Person => &["title", "phone_direct", "email"],
            RecordKind::Project => &["number", "status", "end_date"],
        }
    }

    fn caption(&self, key: &str) -> String {
        captions::field_of(self.visit, self.catalogue, key).unwrap_or_default()
    }

    fn value(&self, record: &Record, key: &str) -> String {
        values::shown(self.visit, record.values.get(key), self.items)
    }

    fn neighbours(&self) -> Neighbours {
        let path = format!("/{}", self.kind.path());
        page::neighbours(
            &self.found,
            |listed| listed.record.id,
            |place, id| {
                let (field, item) = match &self.holding {
                    Some(holding) => (holding.field.as_str(), holding.item.to_string()),
                    None => ("", String::new()),
                };
                let id = id.to_string();
                let place = (place, id.as_str());
                let kept = [("search", self.search), ("field", field), ("item", item.as_str())];
                page::listing(&path, &[kept.as_slice(), &[place]].concat())
            },
        )
    }
}

#[derive(Template)]
#[template(path = "records/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub record: Record,
    pub company: Option<Record>,
    /// Of a company.
    pub persons: Page<Listed>,
    pub items: Vec<Item>,
    pub catalogue: &'a Catalogue,
    pub has_erp_tab: bool,
    /// In a connection that the reader may use.
    pub is_linked: bool,
}

impl ShowPage<'_> {
    fn may_edit(&self) -> bool {
        !self.visit.is_auditor()
    }

    fn plural(&self) -> &'static str {
        captions::record_kinds(self.visit.t, self.record.kind)
    }

    fn mark(&self) -> &'static str {
        if self.is_linked { "●" } else { "" }
    }

    fn neighbours(&self) -> Neighbours {
        let path = format!("/{}/{}", self.record.kind.path(), self.record.id);
        page::neighbours(
            &self.persons,
            |listed| listed.record.id,
            |place, id| format!("{}#persons", page::listing(&path, &[(place, &id.to_string())])),
        )
    }

    /// Groups with their filled fields: heading, then caption and value.
    fn groups(&self) -> Vec<(&'static str, Vec<(String, String)>)> {
        let filled = |heading: &str, field: &Field| {
            let value = self.record.values.get(&field.key);
            let text = values::shown(self.visit, value, &self.items);
            let caption = within(heading, captions::field(self.visit, field));
            (!text.is_empty()).then_some((caption, text))
        };
        grouped(self.visit.t, self.catalogue)
            .into_iter()
            .map(|(heading, fields)| {
                let fields = fields.into_iter().filter_map(|field| filled(heading, field));
                (heading, fields.collect::<Vec<_>>())
            })
            .filter(|(_, fields)| !fields.is_empty())
            .collect()
    }
}

#[derive(Template)]
#[template(path = "records/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    pub kind: RecordKind,
    /// None: a new one.
    pub record: Option<Record>,
    pub form: RecordForm,
    pub problems: Problems,
    /// What came of the company that was typed.
    pub company: Lookup,
    pub items: Vec<Item>,
    pub catalogue: Arc<Catalogue>,
    /// What somebody else saved meanwhile.
    pub conflict: Option<Conflict>,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        match &self.record {
            Some(record) => record.name(),
            None => self.visit.plain(&add_key(self.kind)).to_owned(),
        }
    }

    fn plural(&self) -> &'static str {
        captions::record_kinds(self.visit.t, self.kind)
    }

    fn action(&self) -> String {
        match &self.record {
            Some(record) => format!("/{}/{}", self.kind.path(), record.id),
            None => format!("/{}", self.kind.path()),
        }
    }

    fn groups(&self) -> Vec<(&'static str, Vec<&Field>)> {
        grouped(self.visit.t, &self.catalogue)
    }

    fn caption(&self, heading: &str, field: &Field) -> String {
        within(heading, captions::field(self.visit, field))
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    /// The items a list field offers: id, text, chosen.
    fn options(&self, field: &Field) -> Vec<(i64, String, bool)> {
        let chosen = self.form.get(&field.key);
        self.items
            .iter()
            .filter(|item| Some(item.list) == field.list)
            .map(|item| (item, item.id.to_string() == chosen))
            .filter(|(item, is_chosen)| *is_chosen || !item.is_deleted)
            .map(|(item, is_chosen)| (item.id, values::item(self.visit, item), is_chosen))
            .collect()
    }

    /// The keys of the fields that admins added.
    fn shown(&self) -> String {
        let custom = self.catalogue.all().iter().filter(|field| field.label.is_some());
        custom.map(|field| field.key.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn max(&self, field: &Field) -> i64 {
        field.max_length
    }

    /// Wants several lines.
    fn is_long(&self, field: &Field) -> bool {
        field.max_length > 500
    }

    fn has_company(&self) -> bool {
        self.kind != RecordKind::Company
    }

    /// The companies that share the name that was typed: id and what tells them apart.
    fn candidates(&self) -> Vec<(RecordId, String)> {
        let Lookup::Ambiguous(found) = &self.company else { return Vec::new() };
        let offered = found.iter().take(company::MOST);
        offered.map(|company| (company.id, with_place(company))).collect()
    }

    fn has_more_candidates(&self) -> bool {
        matches!(&self.company, Lookup::Ambiguous(found) if found.len() > company::MOST)
    }
}

fn add_key(kind: RecordKind) -> Key {
    match kind {
        RecordKind::Company => Key::RECORDS_ADD_COMPANY,
        RecordKind::Person => Key::RECORDS_ADD_PERSON,
        RecordKind::Project => Key::RECORDS_ADD_PROJECT,
    }
}
