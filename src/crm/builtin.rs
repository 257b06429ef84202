//! The fields every kind of record has from the start. A field's caption is the message
//! `crm-‹kind›-‹key›`, with dashes.

use super::RecordKind;
use super::field::{Field, List};
use super::value::FieldKind;

/// In the order forms show them.
pub(super) fn fields(record: RecordKind) -> Vec<Field> {
    let fields = match record {
        RecordKind::Company => company(),
        RecordKind::Person => person(),
        RecordKind::Project => project(),
    };
    fields.into_iter().map(|field| Field { record, ..field }).collect()
}

fn company() -> Vec<Field> {
    let mut fields = vec![
        required(text("name", 200)),
        text("department", 100),
        text("code", 50),
        text("number", 50),
        list("category", List::CATEGORY),
        list("business", List::BUSINESS),
        list("country", List::COUNTRY),
        text("phone", 50),
        text("fax", 50),
        text("email", 200),
        text("url", 200),
        text("vat_no", 50),
    ];
    fields.extend(address("street"));
    fields.extend(address("postal"));
    fields.extend([
        plain("employees", FieldKind::Whole),
        plain("revenue", FieldKind::Decimal),
        plain("customer_since", FieldKind::Date),
        plain("no_mailings", FieldKind::Check),
    ]);
    fields
}

fn person() -> Vec<Field> {
    let mut fields = vec![
        text("first_name", 100),
        text("middle_name", 100),
        required(text("last_name", 100)),
        text("title", 100),
        list("position", List::POSITION),
        text("number", 50),
        text("phone_direct", 50),
        text("phone_mobile", 50),
        text("phone_private", 50),
        text("phone_other", 50),
        text("email", 200),
        text("url", 200),
        plain("birthdate", FieldKind::Date),
        plain("newsletter", FieldKind::Check),
    ];
    fields.extend(address("postal"));
    fields.push(list("postal_country", List::COUNTRY));
    fields
}

fn project() -> Vec<Field> {
    vec![
        required(text("name", 200)),
        text("description", 2000),
        text("number", 50),
        list("status", List::PROJECT_STATUS),
        plain("end_date", FieldKind::Date),
        plain("budget", FieldKind::Decimal),
        text("url", 200),
    ]
}

fn address(which: &str) -> Vec<Field> {
    [
        ("line1", 100),
        ("line2", 100),
        ("line3", 100),
        ("zip", 20),
        ("city", 100),
        ("county", 100),
        ("state", 100),
    ]
    .into_iter()
    .map(|(part, length)| text(&format!("{which}_{part}"), length))
    .collect()
}

fn text(key: &str, max_length: i64) -> Field {
    Field {
        record: RecordKind::Company,
        key: key.to_owned(),
        label: None,
        kind: FieldKind::Text,
        list: None,
        max_length,
        is_required: false,
    }
}

fn list(key: &str, list: List) -> Field {
    Field { kind: FieldKind::List, list: Some(list), ..text(key, 0) }
}

fn plain(key: &str, kind: FieldKind) -> Field {
    Field { kind, ..text(key, 0) }
}

fn required(field: Field) -> Field {
    Field { is_required: true, ..field }
}
