//! The content of a version as it is kept and exported: names beside ids, in a stable order, and what is
//! as usual left out.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::connections::{ConnectionId, ConnectorId, Grantee};
use crate::connector::types::{Access, ActorType, FieldType};
use crate::mapping::rules::{FieldRules, Unmapped};
use crate::mapping::{DefaultRule, Direction};

/// Said along for the reader; two things are the same whatever is said here.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Aside<T>(pub T);

impl<T> PartialEq for Aside<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Aside<T> {}

/// What something was called then; may be multi-language text.
pub type Caption = Aside<String>;

impl From<&str> for Caption {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorState {
    pub name: String,
    pub address: String,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub is_deleted: bool,
}

/// Highest priority first; the CRM itself is 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorityState {
    pub order: Vec<Ranked>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranked {
    pub id: ConnectionId,
    pub name: Caption,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionState {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub description: String,
    /// Fixed for the life of a connection.
    pub connector: Aside<ConnectorRef>,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub is_deleted: bool,
    pub scope: ScopeState,
    #[serde(default, deserialize_with = "each_once")]
    pub settings: BTreeMap<String, Setting>,
    #[serde(default, deserialize_with = "each_once")]
    pub actor_types: BTreeMap<ActorType, TypeState>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorRef {
    #[serde(default)]
    pub id: ConnectorId,
    pub name: String,
    pub address: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeState {
    pub everyone: bool,
    /// In the order of [`Grantee`], each once.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub grants: Vec<Grant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub kind: GranteeKind,
    pub id: i64,
    pub name: Caption,
    pub may_connect: bool,
    pub may_create: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GranteeKind {
    User,
    Group,
}

impl Grant {
    pub fn who(&self) -> Grantee {
        match self.kind {
            GranteeKind::User => Grantee::User(self.id),
            GranteeKind::Group => Grantee::Group(self.id),
        }
    }
}

/// The value of one configuration field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    pub name: Caption,
    #[serde(rename = "type")]
    pub kind: Aside<FieldType>,
    pub value: Held,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Held {
    /// Encoded as on the wire.
    Plain(String),
    Secret {
        secret_is_set: bool,
        /// The version of the connection in which it was set, so that another secret is another one; 0 where
        /// that is not known, or means nothing.
        #[serde(default, skip_serializing_if = "is_usual")]
        set_in: i64,
    },
}

impl Held {
    /// A secret that is not there.
    pub const UNSET: Held = Held::Secret { secret_is_set: false, set_in: 0 };
}

impl ConnectionState {
    /// All of it that can be had elsewhere or again: of a secret only whether it is set.
    pub fn attainable(&self) -> Self {
        let mut state = self.clone();
        for setting in state.settings.values_mut() {
            if let Held::Secret { set_in, .. } = &mut setting.value {
                *set_in = 0;
            }
        }
        state
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypeState {
    pub is_active: bool,
    /// The connector does not offer it.
    #[serde(skip_serializing_if = "is_usual")]
    pub is_missing: bool,
    #[serde(skip_serializing_if = "is_usual")]
    pub searchable: Vec<String>,
    /// In rank order, no key twice.
    pub fields: Vec<FieldState>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldState {
    pub key: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: FieldType,
    #[serde(default = "normal", skip_serializing_if = "is_normal")]
    pub access: Access,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub list: String,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub max_length: i64,
    /// The connector does not offer it.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub is_missing: bool,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub crm_field: Option<CrmField>,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub to_crm: bool,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub to_erp: bool,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub rules: FieldRules,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub in_search: bool,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub in_tab: bool,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub default: Option<DefaultRule>,
    /// By the key of the ERP's item.
    #[serde(default, skip_serializing_if = "is_usual", deserialize_with = "each_once")]
    pub items: BTreeMap<String, ItemRef>,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub unmapped_items: UnmappedItems,
}

impl FieldState {
    pub fn direction(&self) -> Direction {
        Direction { to_crm: self.to_crm, to_erp: self.to_erp }
    }

    /// Whether a person chose anything here; what the connector says about a field is no choice.
    pub fn is_used(&self) -> bool {
        self.crm_field.is_some() || self.in_search || self.in_tab || self.default.is_some()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrmField {
    pub key: String,
    /// Of a field that an admin added; the others have their captions in the messages.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub label: Caption,
}

/// An item of a CRM list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRef {
    pub id: i64,
    pub text: Caption,
}

/// What happens to the items of a list that are not mapped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnmappedItems {
    pub rule: Unmapped,
    #[serde(skip_serializing_if = "is_usual")]
    pub crm_default: Option<ItemRef>,
    #[serde(skip_serializing_if = "is_usual")]
    pub erp_default: Option<String>,
}

fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_blank(caption: &Caption) -> bool {
    caption.0.is_empty()
}

fn normal() -> Access {
    Access::Normal
}

fn is_normal(access: &Access) -> bool {
    *access == Access::Normal
}

/// A map in which a key that stands twice is an error: in a file by hand, one of the two would be lost
/// without a word.
fn each_once<'de, D, K, V>(from: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Debug,
    V: Deserialize<'de>,
{
    struct EachOnce<K, V>(PhantomData<(K, V)>);

    impl<'de, K, V> Visitor<'de> for EachOnce<K, V>
    where
        K: Deserialize<'de> + Ord + fmt::Debug,
        V: Deserialize<'de>,
    {
        type Value = BTreeMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = BTreeMap::new();
            while let Some((key, value)) = map.next_entry()? {
                let said = format!("{key:?}");
                if found.insert(key, value).is_some() {
                    return Err(A::Error::custom(format!("{said} stands twice")));
                }
            }
            Ok(found)
        }
    }

    from.deserialize_map(EachOnce(PhantomData))
}
