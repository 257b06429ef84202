//! What is posted for a record: one input per CRM field, read by the catalogue.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use validator::Validate;

use super::company::Lookup;
use crate::crm::fields::{Catalogue, Field};
use crate::crm::value::{FieldKind, Value};
use crate::crm::{Record, RecordId, Values};
use crate::i18n::{Key, Language, Message, format};
use crate::store::crm_lists::Item;
use crate::web::captions;
use crate::web::form::{self, Pairs, Problems};
use crate::web::visit::Visit;

/// The hidden field with the keys of the fields that admins added.
pub const SHOWN: &str = "shown";

/// A record as posted.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(from = "Pairs")]
pub struct RecordForm {
    /// Of the record as it was read; none for a new one.
    #[validate(custom(function = form::known_version))]
    pub version: Option<String>,
    /// Name or number of a person's or project's company.
    #[validate(custom(function = form::readable), length(max = 200, code = "form-too-long"))]
    pub company: String,
    /// The id that [`RecordForm::company_was`] stands for.
    pub company_id: String,
    pub company_was: String,
    /// The keys of the fields that admins added and the form shows.
    pub shown: String,
    /// As typed, by the key of the CRM field.
    pub fields: BTreeMap<String, String>,
}

impl From<Pairs> for RecordForm {
    fn from(Pairs(pairs): Pairs) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                form::VERSION => form.version = Some(value),
                "company" => form.company = value,
                "company_id" => form.company_id = value,
                "company_was" => form.company_was = value,
                SHOWN => form.shown = value,
                _ => _ = form.fields.insert(name, value),
            }
        }
        form
    }
}

impl RecordForm {
    pub fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }

    /// Whether the form asked for a field: one that an admin added since then, or brought back, was not there.
    fn asks_for(&self, field: &Field) -> bool {
        let is_shown = || self.shown.split(' ').any(|key| key == field.key);
        field.label.is_none() || is_shown() || self.fields.contains_key(&field.key)
    }

    /// Fields that the form did not ask for stand in it as the record has them, now that it is shown again.
    pub fn fill_up(&mut self, language: Language, catalogue: &Catalogue, record: &Record) {
        for field in catalogue.all().iter().filter(|field| field.label.is_some()) {
            if !self.asks_for(field) {
                let value = typed(language, record.values.get(&field.key));
                self.fields.insert(field.key.clone(), value);
            }
        }
    }

    /// The first field for which something was typed, and which has been deleted since it was shown.
    fn typed_in_vain<'a>(
        &self,
        language: Language,
        catalogue: &'a Catalogue,
        before: &Values,
    ) -> Option<&'a Field> {
        self.shown.split(' ').find_map(|key| {
            let is_new = |text: &str| !text.is_empty() && text != typed(language, before.get(key));
            let is_gone = catalogue.find(key).is_none() && is_new(self.get(key).trim());
            catalogue.recall(key).filter(|_| is_gone)
        })
    }

    /// The company chosen before, as long as the text is still the one it was chosen for.
    pub fn chosen_company(&self) -> Option<RecordId> {
        let is_unchanged = self.company.trim() == self.company_was.trim();
        self.company_id.parse().ok().filter(|_| is_unchanged)
    }

    /// Keeps what the text stands for.
    pub fn choose_company(&mut self, id: Option<RecordId>) {
        self.company_was.clone_from(&self.company);
        self.company_id = id.map(|id| id.to_string()).unwrap_or_default();
    }
}

/// A form without problems.
pub struct Checked {
    pub parent: Option<RecordId>,
    pub values: Values,
}

/// `before`: the record as it is; nothing for a new one.
pub fn check(
    visit: &Visit,
    catalogue: &Catalogue,
    (before, typed): (&Values, &RecordForm),
    items: &[Item],
    company: &Lookup,
) -> Result<Checked, Problems> {
    let mut problems = Problems::of(typed);
    if let Some(field) = typed.typed_in_vain(visit.language, catalogue, before) {
        let name = captions::field(visit, field);
        problems.add("", Message::from(Key::RECORDS_FIELD_GONE).with("name", name));
    }
    let mut values = before.clone();
    for field in catalogue.all() {
        let old = before.get(&field.key);
        let read = match typed.asks_for(field) {
            true => read(visit.language, (field, old), typed.get(&field.key), items),
            false => Ok(old.clone()),
        };
        match read {
            Ok(value) if value.is_empty() && field.is_required => {
                problems.add(&field.key, Key::FORM_REQUIRED);
            }
            Ok(value) => values.set(&field.key, value),
            Err(problem) => problems.add(&field.key, problem),
        }
    }
    let mut parent = None;
    match company {
        Lookup::None => {}
        Lookup::Found(id) => parent = Some(*id),
        Lookup::Unknown => problems.add("company", Key::RECORDS_COMPANY_UNKNOWN),
        Lookup::Ambiguous(_) => problems.add("company", Key::RECORDS_COMPANY_AMBIGUOUS),
    }
    if problems.is_empty() { Ok(Checked { parent, values }) } else { Err(problems) }
}

/// Boxes that nobody has ever decided about stay so, as long as they are not ticked.
pub fn leave_undecided(before: &Values, after: &mut Values) {
    let is_undecided =
        |key: &str, value: &Value| *value == Value::Check(false) && before.get(key).is_empty();
    let undecided: Vec<String> = after
        .iter()
        .filter(|(key, value)| is_undecided(key, value))
        .map(|(key, _)| key.to_owned())
        .collect();
    for key in undecided {
        after.set(&key, Value::Empty);
    }
}

/// One field as typed. A box that is not ticked is not sent, and means "no".
fn read(
    language: Language,
    (field, old): (&Field, &Value),
    typed: &str,
    items: &[Item],
) -> Result<Value, Message> {
    let text = typed.trim();
    if text.is_empty() && field.kind != FieldKind::Check {
        return Ok(Value::Empty);
    }
    match field.kind {
        FieldKind::Text if is_too_long(text, field.max_length) => {
            Err(Message::from(Key::FORM_TOO_LONG).with("max", field.max_length))
        }
        FieldKind::Text
            if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) =>
        {
            Err(Key::FORM_INVALID.into())
        }
        FieldKind::Text => Ok(Value::Text(text.replace("\r\n", "\n"))),
        FieldKind::Whole => {
            stored(field, &format::plain_number(language, text), Key::RECORDS_BAD_NUMBER)
        }
        FieldKind::Decimal => {
            stored(field, &format::plain_number(language, text), Key::RECORDS_BAD_DECIMAL)
        }
        FieldKind::Date => {
            read_date(text).map(Value::Date).ok_or_else(|| Key::RECORDS_BAD_DATE.into())
        }
        FieldKind::List => {
            let item = items.iter().find(|item| {
                let is_there = !item.is_deleted || *old == Value::Item(item.id);
                item.id.to_string() == text && Some(item.list) == field.list && is_there
            });
            item.map(|item| Value::Item(item.id)).ok_or_else(|| Key::RECORDS_BAD_ITEM.into())
        }
        FieldKind::Check => Ok(Value::Check(text == "1")),
    }
}

fn stored(field: &Field, text: &str, problem: Key) -> Result<Value, Message> {
    Value::from_stored(field.kind, text).ok_or_else(|| problem.into())
}

fn is_too_long(text: &str, max: i64) -> bool {
    max > 0 && i64::try_from(text.chars().count()).is_ok_and(|length| length > max)
}

/// As date fields send it, or as people in Europe write it.
fn read_date(text: &str) -> Option<Date> {
    text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok())
}

/// A value as one would type it.
fn typed(language: Language, value: &Value) -> String {
    match value {
        Value::Decimal(number) => format::typed_number(language, &number.normalize().to_string()),
        other => other.to_stored(),
    }
}

/// A record as its form shows it.
pub fn of_record(visit: &Visit, record: &Record, company: Option<&Record>) -> RecordForm {
    let shown = |(key, value): (&str, &Value)| (key.to_owned(), typed(visit.language, value));
    let fields = record.values.iter().map(shown).collect();
    let form =
        RecordForm { version: Some(record.version.to_string()), fields, ..RecordForm::default() };
    of_company(form, company)
}

/// A form in which the company is chosen.
pub fn of_company(mut form: RecordForm, company: Option<&Record>) -> RecordForm {
    if let Some(company) = company {
        form.company = company.name();
        form.choose_company(Some(company.id));
    }
    form
}
