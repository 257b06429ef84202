//! The catalogue of CRM fields. A field's caption is the message `crm-‹kind›-‹key›`, with dashes.

use super::RecordKind;
use super::value::FieldKind;

/// One CRM field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub key: String,
    pub kind: FieldKind,
    /// The list a [`FieldKind::List`] field takes its items from.
    pub list: Option<List>,
    /// In characters; text only.
    pub max_length: i64,
    pub is_required: bool,
}

/// The CRM's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    Category,
    Business,
    Country,
    Position,
    ProjectStatus,
}

impl List {
    pub const ALL: [List; 5] =
        [Self::Category, Self::Business, Self::Country, Self::Position, Self::ProjectStatus];

    /// The name in the database and in message ids (`crm-list-‹name›`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Business => "business",
            Self::Country => "country",
            Self::Position => "position",
            Self::ProjectStatus => "project-status",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.as_str() == name)
    }
}

/// The fields of a kind of record, in the order forms show them.
pub fn all(kind: RecordKind) -> Vec<Field> {
    match kind {
        RecordKind::Company => company(),
        RecordKind::Person => person(),
        RecordKind::Project => project(),
    }
}

/// One field by key.
pub fn find(kind: RecordKind, key: &str) -> Option<Field> {
    all(kind).into_iter().find(|field| field.key == key)
}

fn company() -> Vec<Field> {
    let mut fields = vec![
        required(text("name", 200)),
        text("department", 100),
        text("code", 50),
        text("number", 50),
        list("category", List::Category),
        list("business", List::Business),
        list("country", List::Country),
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
        list("position", List::Position),
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
    fields.push(list("postal_country", List::Country));
    fields
}

fn project() -> Vec<Field> {
    vec![
        required(text("name", 200)),
        text("description", 2000),
        text("number", 50),
        list("status", List::ProjectStatus),
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
    Field { key: key.to_owned(), kind: FieldKind::Text, list: None, max_length, is_required: false }
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
