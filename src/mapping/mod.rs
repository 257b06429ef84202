//! Which ERP field is which CRM field, in which direction, and what their values are in each other's
//! terms. Pure: no I/O, no clock.

pub mod activation;
pub mod automatic;
pub mod creation;
pub mod defaults;
pub mod display;
pub mod edit;
pub mod lists;
pub mod matrix;
pub mod ranks;
pub mod refresh;
pub mod rules;
pub mod tags;
#[cfg(test)]
pub mod testing;
pub mod translate;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::connections::ConnectionId;
use crate::connector::types::{ActorType, FieldInfo};
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogue, Field};
use rules::{FieldRules, ItemRule};

/// 0 while not stored yet; so is a [`FieldMappingId`].
pub type ActorMappingId = i64;
pub type FieldMappingId = i64;

/// How one actor type of one connection is synchronised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorMapping {
    pub id: ActorMappingId,
    pub connection_id: ConnectionId,
    pub kind: ActorType,
    /// Switched on: the box "Sync ERP … to CRM …".
    pub is_active: bool,
    /// The connector no longer offers this type.
    pub is_missing: bool,
    /// Keys usable in the advanced search; empty: no advanced search.
    pub searchable: Vec<String>,
    /// In rank order.
    pub fields: Vec<FieldMapping>,
    pub version: i64,
    /// The CRM fields there are to map to; not stored with the mapping.
    pub catalogue: Arc<Catalogue>,
}

/// What happens with one ERP field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMapping {
    pub id: FieldMappingId,
    pub erp: FieldInfo,
    /// The connector no longer offers this field.
    pub is_missing_in_erp: bool,
    /// Key in [`ActorMapping::catalogue`].
    pub crm_field: Option<String>,
    pub direction: Direction,
    pub rules: FieldRules,
    pub is_shown_in_search: bool,
    pub is_shown_in_tab: bool,
    pub default: Option<DefaultRule>,
    /// ERP item key → CRM item id; a list field only.
    pub items: BTreeMap<String, i64>,
    /// For items that are not among those; a list field only.
    pub item_rule: ItemRule,
}

impl FieldMapping {
    /// A field that was not stored yet: mapped to nothing, shown nowhere, without rules of its own.
    pub fn new(erp: FieldInfo) -> Self {
        Self {
            id: 0,
            erp,
            is_missing_in_erp: false,
            crm_field: None,
            direction: Direction::NONE,
            rules: FieldRules::default(),
            is_shown_in_search: false,
            is_shown_in_tab: false,
            default: None,
            items: BTreeMap::new(),
            item_rule: ItemRule::default(),
        }
    }

    /// Drops what only held for the lists the field had on its two sides.
    pub fn forget_items(&mut self) {
        self.items.clear();
        self.item_rule = ItemRule::default();
    }
}

/// Which way values travel. Shown as the two buttons `<` (to the ERP) and `>` (to the CRM).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Direction {
    pub to_crm: bool,
    pub to_erp: bool,
}

impl Direction {
    pub const NONE: Self = Self { to_crm: false, to_erp: false };
    pub const TO_CRM: Self = Self { to_crm: true, to_erp: false };
    pub const TO_ERP: Self = Self { to_crm: false, to_erp: true };
    pub const BOTH: Self = Self { to_crm: true, to_erp: true };

    pub fn is_any(self) -> bool {
        self.to_crm || self.to_erp
    }

    /// As it stands between the name of the ERP's field and that of the CRM's.
    pub fn arrow(self) -> &'static str {
        match (self.to_erp, self.to_crm) {
            (true, true) => "↔",
            (true, false) => "←",
            (false, true) => "→",
            (false, false) => "–",
        }
    }

    pub fn reaches(self, side: Side) -> bool {
        match side {
            Side::Crm => self.to_crm,
            Side::Erp => self.to_erp,
        }
    }

    /// The same without the way to this side.
    pub fn without(self, side: Side) -> Self {
        match side {
            Side::Crm => Self { to_crm: false, ..self },
            Side::Erp => Self { to_erp: false, ..self },
        }
    }
}

/// The two sides of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Crm,
    Erp,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Erp => "erp",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Crm => Self::Erp,
            Self::Erp => Self::Crm,
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Crm, Self::Erp].into_iter().find(|side| side.as_str() == name)
    }
}

/// A field that synchronises, with both its ends known. Made once for many records.
#[derive(Clone, Debug)]
pub struct Pair<'a> {
    pub field: &'a FieldMapping,
    pub crm: Field,
}

/// What is sent for a field when an actor is created in the ERP.
#[derive(Clone, Debug, Default, Eq, Serialize, Deserialize)]
pub struct DefaultRule {
    /// Encoded; `None` when no default value is set.
    pub value: Option<String>,
    /// The user sees the field when creating.
    pub asks_user: bool,
    /// The user must fill it in.
    pub is_mandatory: bool,
    /// What the item of a list was called when the rule was made, for the reader; may be multi-language text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item: String,
}

/// Two rules are the same whatever their item was called.
impl PartialEq for DefaultRule {
    fn eq(&self, other: &Self) -> bool {
        (&self.value, self.asks_user, self.is_mandatory)
            == (&other.value, other.asks_user, other.is_mandatory)
    }
}

/// The CRM kind of an actor type.
pub fn record_kind(kind: ActorType) -> RecordKind {
    match kind {
        ActorType::Customer | ActorType::Supplier | ActorType::Partner => RecordKind::Company,
        ActorType::Person => RecordKind::Person,
        ActorType::Project => RecordKind::Project,
    }
}

impl ActorMapping {
    /// A mapping that was not stored yet: switched off, without fields.
    pub fn new(connection_id: ConnectionId, kind: ActorType, catalogue: Arc<Catalogue>) -> Self {
        Self {
            id: 0,
            connection_id,
            kind,
            is_active: false,
            is_missing: false,
            searchable: Vec::new(),
            fields: Vec::new(),
            version: 0,
            catalogue,
        }
    }

    pub fn record_kind(&self) -> RecordKind {
        record_kind(self.kind)
    }

    /// Fields with a CRM field and a direction that still exist in the ERP: those that synchronise.
    pub fn synchronised(&self) -> impl Iterator<Item = (&FieldMapping, &str)> {
        self.fields
            .iter()
            .filter(|field| field.direction.is_any() && !field.is_missing_in_erp)
            .filter_map(|field| field.crm_field.as_deref().map(|crm| (field, crm)))
    }

    /// The fields that synchronise, with their CRM fields; those the CRM no longer has are left out.
    pub fn pairs(&self) -> Vec<Pair<'_>> {
        self.synchronised()
            .filter_map(|(field, key)| Some(Pair { field, crm: self.catalogue.find(key)?.clone() }))
            .collect()
    }

    /// Keys of the fields that synchronise, to ask a connector for.
    pub fn synchronised_keys(&self) -> Vec<String> {
        self.synchronised().map(|(field, _)| field.erp.key.clone()).collect()
    }

    /// The CRM field of one of its fields, if there still is such a one.
    pub fn crm_field(&self, field: &FieldMapping) -> Option<&Field> {
        self.catalogue.find(field.crm_field.as_deref()?)
    }

    pub fn field(&self, erp_key: &str) -> Option<&FieldMapping> {
        self.fields.iter().find(|field| field.erp.key == erp_key)
    }
}
