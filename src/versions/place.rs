//! Where in a configuration something stands, and what stands there.

use super::state::{CrmField, Grant, ItemRef, Ranked, Setting, UnmappedItems};
use crate::connections::Grantee;
use crate::connector::types::{Access, ActorType, FieldType};
use crate::mapping::rules::FieldRules;
use crate::mapping::{DefaultRule, Direction};

/// One place. In the order in which people look at them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    Name,
    Description,
    /// Of a connector.
    Address,
    IsDeleted,
    Everyone,
    Grant(Grantee),
    /// A configuration field, by key.
    Setting(String),
    Type(ActorType, TypePart),
    Field(ActorType, String, FieldPart),
    Priority,
}

/// What belongs to an actor type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TypePart {
    Itself,
    IsMissing,
    IsActive,
    Searchable,
    Order,
}

/// What belongs to an ERP field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldPart {
    /// That it is there, and what the connector says about it.
    Itself,
    IsMissing,
    CrmField,
    Direction,
    Rules,
    InSearch,
    InTab,
    Default,
    /// By the key of the ERP's item.
    Item(String),
    UnmappedItems,
}

/// The parts that a comparison is grouped by, and that can be restored or imported one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    General,
    Scope,
    Configuration,
    Mapping,
    Priority,
}

impl Part {
    pub const ALL: [Part; 5] =
        [Self::General, Self::Scope, Self::Configuration, Self::Mapping, Self::Priority];

    /// The parts of a connection.
    pub const OF_CONNECTION: [Part; 4] =
        [Self::General, Self::Scope, Self::Configuration, Self::Mapping];

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Scope => "scope",
            Self::Configuration => "configuration",
            Self::Mapping => "mapping",
            Self::Priority => "priority",
        }
    }
}

impl Place {
    pub fn part(&self) -> Part {
        match self {
            Self::Name | Self::Description | Self::Address | Self::IsDeleted => Part::General,
            Self::Everyone | Self::Grant(_) => Part::Scope,
            Self::Setting(_) => Part::Configuration,
            Self::Type(..) | Self::Field(..) => Part::Mapping,
            Self::Priority => Part::Priority,
        }
    }

    pub fn actor_type(&self) -> Option<ActorType> {
        match self {
            Self::Type(kind, _) | Self::Field(kind, ..) => Some(*kind),
            _ => None,
        }
    }

    /// Whether it stands still while the connection is active.
    pub fn needs_rest(&self) -> bool {
        match self {
            Self::Setting(_) => true,
            Self::Type(_, part) => *part != TypePart::Order,
            Self::Field(_, _, part) => *part != FieldPart::Default,
            _ => false,
        }
    }
}

/// What stands at a place. What is as usual stands nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// It is there; no more is to be said.
    There,
    Yes,
    /// May be multi-language text.
    Text(String),
    /// Keys of ERP fields.
    Keys(Vec<String>),
    Grant(Grant),
    Setting(Setting),
    Erp(ErpFacts),
    CrmField(CrmField),
    Direction(Direction),
    Rules(FieldRules),
    Default(DefaultRule),
    Item(ItemRef),
    UnmappedItems(UnmappedItems),
    Ranked(Vec<Ranked>),
}

/// What the connector says about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErpFacts {
    pub name: String,
    pub kind: FieldType,
    pub access: Access,
    pub list: String,
    pub max_length: i64,
}
