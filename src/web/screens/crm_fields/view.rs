//! Page structs of the screen for CRM fields.

use askama::Template;

use super::form::FieldForm;
use super::items::ItemForm;
use super::names;
use crate::connector::types::FieldType;
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogue, CustomField};
use crate::crm::value::FieldKind;
use crate::store::crm_fields::Use;
use crate::store::crm_lists::Item;
use crate::web::conflict::{self, Conflict, Difference};
use crate::web::form::Problems;
use crate::web::history_words::cut;
use crate::web::visit::Visit;
use crate::web::{captions, records};

#[derive(Template)]
#[template(path = "crm_fields/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub kind: RecordKind,
    /// In the order shown.
    pub fields: Vec<CustomField>,
    /// What the form of the order is made of: the order that is saved.
    pub version: String,
    pub deleted: Vec<CustomField>,
    /// Of their lists.
    pub items: Vec<Item>,
    pub problems: Problems,
    /// What somebody else saved meanwhile.
    pub conflict: Option<Conflict>,
}

impl IndexPage<'_> {
    pub fn order(&self) -> Vec<String> {
        self.fields.iter().map(|custom| custom.id.to_string()).collect()
    }

    /// Shows another order than the saved one, to be sent on top of it.
    pub fn show_order(&mut self, wanted: &[String]) {
        let names = |page: &Self| {
            page.fields.iter().map(|custom| page.name(custom)).collect::<Vec<_>>().join(", ")
        };
        let theirs = names(self);
        self.fields.sort_by_key(|custom| wanted.iter().position(|id| *id == custom.id.to_string()));
        let rows = [(self.visit.t.crm_fields_order(), theirs, names(self))];
        self.conflict = Some(Conflict::with_somebody(self.visit, conflict::differences(rows)));
    }

    fn may_write(&self) -> bool {
        self.visit.is_admin()
    }

    fn tabs(&self) -> Vec<(&'static str, &'static str, bool)> {
        let tab = |kind: RecordKind| {
            (kind.as_str(), captions::record_kinds(self.visit.t, kind), kind == self.kind)
        };
        RecordKind::ALL.map(tab).to_vec()
    }

    fn name(&self, custom: &CustomField) -> String {
        captions::field(self.visit, &custom.field)
    }

    fn type_name(&self, custom: &CustomField) -> &'static str {
        captions::field_kind(self.visit.t, custom.field.kind)
    }

    /// Type, length, whether it must be filled in; the items of a list.
    fn facts(&self, custom: &CustomField) -> String {
        let (t, field) = (self.visit.t, &custom.field);
        let mut facts = vec![self.type_name(custom).to_owned()];
        if field.kind == FieldKind::Text {
            facts.push(t.crm_fields_up_to(self.visit.number(&field.max_length)));
        }
        if field.is_required {
            facts.push(t.crm_fields_required().to_owned());
        }
        let facts = facts.join(", ");
        let items = self.items.iter().filter(|item| Some(item.list) == field.list);
        let items: Vec<&str> = items.map(|item| self.visit.pick(&item.text)).collect();
        match items.is_empty() {
            true => facts,
            false => cut(&format!("{facts}: {}", items.join(", "))),
        }
    }

    /// The names of the fields that every record of the kind has anyway.
    fn built_in(&self) -> String {
        let catalogue = Catalogue::builtin(self.kind);
        let names = catalogue.all().iter().map(|field| captions::field(self.visit, field));
        names.collect::<Vec<_>>().join(", ")
    }

    fn built_in_title(&self) -> String {
        let kinds = captions::record_kinds(self.visit.t, self.kind);
        self.visit.t.crm_fields_built_in_title(kinds)
    }

    fn none_title(&self) -> String {
        self.visit.t.crm_fields_none(captions::record_kinds(self.visit.t, self.kind))
    }
}

#[derive(Template)]
#[template(path = "crm_fields/new.html")]
pub struct NewPage<'a> {
    pub visit: &'a Visit,
    pub record: RecordKind,
}

impl NewPage<'_> {
    fn title(&self) -> String {
        title(self.visit, self.record)
    }

    /// Each type: its name, address, what it takes, and the ERP types that go both ways with it.
    fn types(&self) -> Vec<(&'static str, String, &'static str, &'static str)> {
        let t = self.visit.t;
        let one = |kind: FieldKind| {
            let (takes, erp) = match kind {
                FieldKind::Text => (t.crm_fields_takes_text(), FieldType::Text),
                FieldKind::Whole => (t.crm_fields_takes_whole(), FieldType::Integer),
                FieldKind::Decimal => (t.crm_fields_takes_decimal(), FieldType::Double),
                FieldKind::Check => (t.crm_fields_takes_check(), FieldType::Checkbox),
                FieldKind::Date => (t.crm_fields_takes_date(), FieldType::Datetime),
                FieldKind::List => (t.crm_fields_takes_list(), FieldType::List),
            };
            let (record, of_type) = (self.record.as_str(), kind.as_str());
            let address = format!("/crm-fields/new?kind={record}&type={of_type}");
            (captions::field_kind(t, kind), address, takes, captions::field_type(t, erp))
        };
        FieldKind::ALL.map(one).to_vec()
    }
}

#[derive(Template)]
#[template(path = "crm_fields/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    pub record: RecordKind,
    pub kind: FieldKind,
    /// None: a new one.
    pub custom: Option<CustomField>,
    pub form: FieldForm,
    /// Where it is mapped.
    pub uses: Vec<Use>,
    pub problems: Problems,
    /// What somebody else saved meanwhile.
    pub conflict: Option<Conflict>,
}

impl<'a> EditPage<'a> {
    pub fn new(visit: &'a Visit, (record, kind): (RecordKind, FieldKind), form: FieldForm) -> Self {
        let (custom, uses, problems, conflict) = (None, Vec::new(), Problems::default(), None);
        Self { visit, record, kind, custom, form, uses, problems, conflict }
    }
}

impl EditPage<'_> {
    fn title(&self) -> String {
        match &self.custom {
            Some(custom) => captions::field(self.visit, &custom.field),
            None => title(self.visit, self.record),
        }
    }

    fn action(&self) -> String {
        match &self.custom {
            Some(custom) => format!("/crm-fields/{}", custom.id),
            None => "/crm-fields".to_owned(),
        }
    }

    fn back(&self) -> String {
        records::fields_of(self.record)
    }

    fn record_name(&self) -> &'static str {
        captions::record_kind(self.visit.t, self.record)
    }

    fn type_name(&self) -> &'static str {
        captions::field_kind(self.visit.t, self.kind)
    }

    fn is(&self, kind: &str) -> bool {
        self.kind.as_str() == kind
    }

    fn longest_name(&self) -> i64 {
        i64::try_from(names::LONGEST).unwrap_or_default()
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    fn item_problem(&self, item: &ItemForm) -> String {
        self.problem(&format!("german:{}", item.id))
    }

    /// What a row of the list is called: as typed in the reader's language, or the other.
    fn item_name<'i>(&self, item: &'i ItemForm) -> &'i str {
        let names = [item.german.trim(), item.english.trim()];
        let [first, second] = match self.visit.language.code() {
            "de" => names,
            _ => [names[1], names[0]],
        };
        if first.is_empty() { second } else { first }
    }

    fn use_text(&self, place: &Use) -> String {
        captions::field_use(self.visit, place)
    }
}

/// Where what is saved differs from what was typed.
pub fn differences(
    visit: &Visit,
    kind: FieldKind,
    saved: &FieldForm,
    typed: &FieldForm,
) -> Vec<Difference> {
    let t = visit.t;
    let text = |of: &FieldForm| (of.german.trim().to_owned(), of.english.trim().to_owned());
    let (theirs, yours) = (text(saved), text(typed));
    let mut rows = vec![
        (t.crm_fields_german(), theirs.0, yours.0),
        (t.crm_fields_english(), theirs.1, yours.1),
    ];
    if kind == FieldKind::Text {
        let length = |of: &FieldForm| of.max_length.trim().to_owned();
        rows.push((t.crm_fields_length(), length(saved), length(typed)));
    }
    if kind != FieldKind::Check {
        let is_required = |of: &FieldForm| visit.yes_or_no(&of.is_required).to_owned();
        rows.push((t.crm_fields_must(), is_required(saved), is_required(typed)));
    }
    if kind == FieldKind::List {
        rows.push((t.crm_fields_items(), saved.items_in_words(), typed.items_in_words()));
    }
    conflict::differences(rows)
}

fn title(visit: &Visit, record: RecordKind) -> String {
    visit.t.crm_fields_new(captions::record_kind(visit.t, record))
}
