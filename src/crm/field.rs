//! A CRM field and the list it takes its items from.

use super::RecordKind;
use super::value::FieldKind;
use crate::clock::Millis;

/// One CRM field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What kind of record has it.
    pub record: RecordKind,
    pub key: String,
    /// What an admin called a field of their own; multi-language text. A built-in field has a message.
    pub label: Option<String>,
    pub kind: FieldKind,
    /// The list a [`FieldKind::List`] field takes its items from.
    pub list: Option<List>,
    /// In characters; text only.
    pub max_length: i64,
    pub is_required: bool,
}

/// A field that an admin added. Its kind never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    pub id: CustomFieldId,
    pub field: Field,
    /// Records keep its values, so that it can come back with them.
    pub is_deleted: bool,
    pub version: i64,
    pub updated_at: Millis,
    pub updated_by: String,
}

pub type CustomFieldId = i64;

impl CustomField {
    /// The most fields that are not deleted, for each kind of record.
    pub const MOST: usize = 100;
    /// The most items of a list.
    pub const MOST_ITEMS: usize = 1_000;
    /// The most characters that a text field may be made to take.
    pub const LONGEST_TEXT: i64 = 4_000;

    /// The key under which records keep its values: unlike that of any built-in field.
    pub fn key(id: CustomFieldId) -> String {
        format!("u_{id}")
    }

    /// What the admin called it; multi-language text.
    pub fn label(&self) -> &str {
        self.field.label.as_deref().unwrap_or_default()
    }
}

/// A list that fields take their items from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    Builtin(BuiltinList),
    /// The list of the field with this id, which an admin added.
    Custom(i64),
}

/// The lists the CRM has from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BuiltinList {
    Category,
    Business,
    Country,
    Position,
    ProjectStatus,
}

/// What the name of a list begins with that an admin added.
const CUSTOM: &str = "custom-";

impl List {
    pub const CATEGORY: List = Self::Builtin(BuiltinList::Category);
    pub const BUSINESS: List = Self::Builtin(BuiltinList::Business);
    pub const COUNTRY: List = Self::Builtin(BuiltinList::Country);
    pub const POSITION: List = Self::Builtin(BuiltinList::Position);
    pub const PROJECT_STATUS: List = Self::Builtin(BuiltinList::ProjectStatus);

    pub const BUILTIN: [List; 5] =
        [Self::CATEGORY, Self::BUSINESS, Self::COUNTRY, Self::POSITION, Self::PROJECT_STATUS];

    /// The name in the database.
    pub fn name(self) -> String {
        match self {
            Self::Builtin(list) => list.as_str().to_owned(),
            Self::Custom(id) => format!("{CUSTOM}{id}"),
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        match name.strip_prefix(CUSTOM) {
            Some(id) => id.parse().ok().map(Self::Custom),
            None => Self::BUILTIN.into_iter().find(|list| list.name() == name),
        }
    }
}

impl BuiltinList {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Business => "business",
            Self::Country => "country",
            Self::Position => "position",
            Self::ProjectStatus => "project-status",
        }
    }
}
