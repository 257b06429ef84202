//! What is posted for a record: one input per CRM field, read by the catalogue.

use jiff::civil::Date;

use crate::crm::fields::{self, Field};
use crate::crm::value::{FieldKind, Value};
use crate::crm::{Record, RecordId, RecordKind, Values};
use crate::i18n::{Key, Language, Message, format};
use crate::store::crm_lists::Item;
use crate::web::form::{Pairs, Problems};
use crate::web::visit::Visit;

/// A form without problems.
pub struct Checked {
    pub parent: Option<RecordId>,
    pub values: Values,
}

/// What came of the company somebody typed.
pub enum Lookup {
    None,
    Found(RecordId),
    Unknown,
    Ambiguous,
}

pub fn check(
    visit: &Visit,
    kind: RecordKind,
    typed: &Pairs,
    items: &[Item],
    company: Lookup,
) -> Result<Checked, Problems> {
    let mut problems = Problems::default();
    let mut values = Values::new();
    for field in fields::all(kind) {
        match read(visit.language, &field, typed.get(&field.key), items) {
            Ok(value) if value.is_empty() && field.is_required => {
                problems.add(&field.key, Key::FORM_REQUIRED);
            }
            Ok(value) => values.set(&field.key, value),
            Err(problem) => problems.add(&field.key, problem),
        }
    }
    let parent = match company {
        Lookup::None => None,
        Lookup::Found(id) => Some(id),
        Lookup::Unknown => {
            problems.add("company", Key::RECORDS_COMPANY_UNKNOWN);
            None
        }
        Lookup::Ambiguous => {
            problems.add("company", Key::RECORDS_COMPANY_AMBIGUOUS);
            None
        }
    };
    if problems.is_empty() { Ok(Checked { parent, values }) } else { Err(problems) }
}

/// One field as typed. A box that is not ticked is not sent, and means "no".
fn read(language: Language, field: &Field, typed: &str, items: &[Item]) -> Result<Value, Message> {
    let text = typed.trim();
    if field.kind == FieldKind::Check {
        return Ok(if text == "1" { Value::Check(true) } else { Value::Empty });
    }
    if text.is_empty() {
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
            let item = text.parse().ok().filter(|id| {
                items.iter().any(|item| item.id == *id && Some(item.list) == field.list)
            });
            item.map(Value::Item).ok_or_else(|| Key::RECORDS_BAD_ITEM.into())
        }
        FieldKind::Check => Ok(Value::Empty),
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

/// A record as its form shows it.
pub fn of_record(visit: &Visit, record: &Record, company: Option<&Record>) -> Pairs {
    let shown = |value: &Value| match value {
        Value::Decimal(number) => {
            format::typed_number(visit.language, &number.normalize().to_string())
        }
        other => other.to_stored(),
    };
    let mut typed: Vec<_> =
        record.values.iter().map(|(key, value)| (key.to_owned(), shown(value))).collect();
    if let Some(company) = company {
        typed.push(("company".to_owned(), company.name()));
    }
    Pairs(typed)
}
