//! Page structs of the records screen.

use askama::Template;

use crate::crm::fields::{self, Field};
use crate::crm::value::{FieldKind, Value};
use crate::crm::{Record, RecordKind, Values};
use crate::i18n::{Key, Texts};
use crate::store::crm::Listed;
use crate::store::crm_lists::Item;
use crate::store::page::Page;
use crate::web::conflict::{self, Difference};
use crate::web::form::{Pairs, Problems};
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

    fn caption(&self, key: &str) -> &'static str {
        captions::crm_field(self.visit.t, self.kind, key)
    }

    fn value(&self, record: &Record, key: &str) -> String {
        values::shown(self.visit, record.values.get(key), self.items)
    }

    fn neighbours(&self) -> Neighbours {
        let path = format!("/{}", self.kind.path());
        page::neighbours(
            &self.found,
            |listed| listed.record.id,
            |place, id| page::listing(&path, &[("search", self.search), (place, &id.to_string())]),
        )
    }
}

#[derive(Template)]
#[template(path = "records/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub record: Record,
    pub company: Option<Record>,
    pub persons: Vec<Listed>,
    pub items: Vec<Item>,
    pub has_erp_tab: bool,
}

impl ShowPage<'_> {
    fn may_edit(&self) -> bool {
        !self.visit.is_auditor()
    }

    fn plural(&self) -> &'static str {
        captions::record_kinds(self.visit.t, self.record.kind)
    }

    /// Groups with their filled fields: heading, then caption and value.
    fn groups(&self) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
        let filled = |field: Field| {
            let value = self.record.values.get(&field.key);
            let text = values::shown(self.visit, value, &self.items);
            (!text.is_empty())
                .then(|| (captions::crm_field(self.visit.t, self.record.kind, &field.key), text))
        };
        grouped(self.visit.t, self.record.kind)
            .into_iter()
            .map(|(heading, fields)| {
                (heading, fields.into_iter().filter_map(filled).collect::<Vec<_>>())
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
    pub record: Option<&'a Record>,
    pub typed: &'a Pairs,
    pub problems: &'a Problems,
    pub items: &'a [Item],
    /// What somebody else saved meanwhile.
    pub conflict: Vec<Difference>,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        match self.record {
            Some(record) => record.name(),
            None => self.visit.plain(&add_key(self.kind)).to_owned(),
        }
    }

    fn plural(&self) -> &'static str {
        captions::record_kinds(self.visit.t, self.kind)
    }

    fn action(&self) -> String {
        match self.record {
            Some(record) => format!("/{}/{}", self.kind.path(), record.id),
            None => format!("/{}", self.kind.path()),
        }
    }

    fn groups(&self) -> Vec<(&'static str, Vec<Field>)> {
        grouped(self.visit.t, self.kind)
    }

    fn caption(&self, field: &Field) -> &'static str {
        captions::crm_field(self.visit.t, self.kind, &field.key)
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    /// The items a list field offers: id, text, chosen.
    fn options(&self, field: &Field) -> Vec<(i64, String, bool)> {
        let chosen = self.typed.get(&field.key);
        self.items
            .iter()
            .filter(|item| Some(item.list) == field.list)
            .map(|item| {
                (item.id, self.visit.pick(&item.text).to_owned(), item.id.to_string() == chosen)
            })
            .collect()
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

    fn conflict_text(&self) -> String {
        let Some(record) = self.record else { return String::new() };
        conflict::text(self.visit, &record.updated_by, record.updated_at)
    }
}

/// The fields in which what is saved and what was typed differ.
pub fn conflict(visit: &Visit, theirs: &Record, yours: &Values, items: &[Item]) -> Vec<Difference> {
    conflict::differences(fields::all(theirs.kind).iter().map(|field| {
        let caption = captions::crm_field(visit.t, theirs.kind, &field.key);
        let (theirs, yours) = (theirs.values.get(&field.key), yours.get(&field.key));
        (caption, values::shown(visit, theirs, items), values::shown(visit, yours, items))
    }))
}

/// The ids of the list items a record holds.
pub fn items_of(record: &Record) -> Vec<i64> {
    let item = |value: &Value| match value {
        Value::Item(id) => Some(*id),
        _ => None,
    };
    record.values.iter().filter_map(|(_, value)| item(value)).collect()
}

fn add_key(kind: RecordKind) -> Key {
    match kind {
        RecordKind::Company => Key::RECORDS_ADD_COMPANY,
        RecordKind::Person => Key::RECORDS_ADD_PERSON,
        RecordKind::Project => Key::RECORDS_ADD_PROJECT,
    }
}

/// A kind's fields under headings, as forms and views show them.
fn grouped(t: Texts, kind: RecordKind) -> Vec<(&'static str, Vec<Field>)> {
    let mut groups = [
        (t.records_group_main(), Vec::new()),
        (t.records_group_street(), Vec::new()),
        (t.records_group_postal(), Vec::new()),
        (t.records_group_more(), Vec::new()),
    ];
    for field in fields::all(kind) {
        let group = match field.key.as_str() {
            key if key.starts_with("street_") => 1,
            key if key.starts_with("postal_") => 2,
            _ if matches!(
                field.kind,
                FieldKind::Whole | FieldKind::Decimal | FieldKind::Check | FieldKind::Date
            ) =>
            {
                3
            }
            _ => 0,
        };
        groups[group].1.push(field);
    }
    groups.into_iter().filter(|(_, fields)| !fields.is_empty()).collect()
}
