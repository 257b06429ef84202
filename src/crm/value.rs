//! A field's value and its type.

use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The type of a CRM field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    Text,
    Whole,
    Decimal,
    Check,
    Date,
    List,
}

impl FieldKind {
    pub const ALL: [FieldKind; 6] =
        [Self::Text, Self::Whole, Self::Decimal, Self::Check, Self::Date, Self::List];

    /// The name in the database, in history and in message ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Whole => "whole",
            Self::Decimal => "decimal",
            Self::Check => "check",
            Self::Date => "date",
            Self::List => "list",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A value. An empty one is [`Value::Empty`] whatever the field's type; an unticked box is `Check(false)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    #[default]
    Empty,
    Text(String),
    Whole(i64),
    Decimal(Decimal),
    Check(bool),
    Date(Date),
    /// The id of a list item.
    Item(i64),
}

impl Value {
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// The form in which it is kept: neutral, without loss, blank for empty.
    pub fn to_stored(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) | Self::Item(number) => number.to_string(),
            Self::Decimal(number) => number.normalize().to_string(),
            Self::Check(ticked) => i64::from(*ticked).to_string(),
            Self::Date(date) => date.to_string(),
        }
    }

    /// Reads what [`Value::to_stored`] wrote, or what stands in a form in neutral notation.
    /// `None`: not a value of that type.
    pub fn from_stored(kind: FieldKind, stored: &str) -> Option<Self> {
        if stored.is_empty() {
            return Some(Self::Empty);
        }
        match kind {
            FieldKind::Text => Some(Self::Text(stored.to_owned())),
            FieldKind::Whole => stored.parse().ok().map(Self::Whole),
            FieldKind::List => stored.parse().ok().map(Self::Item),
            FieldKind::Decimal => Decimal::from_str(stored).ok().map(Self::Decimal),
            FieldKind::Check => match stored {
                "1" => Some(Self::Check(true)),
                "0" => Some(Self::Check(false)),
                _ => None,
            },
            FieldKind::Date => stored.parse().ok().map(Self::Date),
        }
    }
}
