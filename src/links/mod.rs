//! A link says: this CRM record is that ERP actor, in one connection. It belongs to neither side.

use std::collections::BTreeMap;
use std::ops::Not;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::connector::types::ActorRef;
use crate::crm::{RecordId, RecordKind};

pub type LinkId = i64;

/// One link, with what both sides held when they last agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: LinkId,
    pub connection_id: ConnectionId,
    pub record_kind: RecordKind,
    pub record_id: RecordId,
    pub actor: ActorRef,
    /// The actor's `last_modified` as last seen; handed back, never interpreted.
    pub last_modified: String,
    /// Whose it was in the ERP when it was seen last, if it says.
    pub parent: Option<ActorRef>,
    /// Last agreed values by ERP field key.
    pub agreed: Agreed,
    /// The record's version when CRM and link last agreed.
    pub record_version: i64,
    /// A change of the record has not been looked at yet.
    pub is_dirty: bool,
    pub last_sync: Option<Millis>,
    /// Why the last attempt failed, and how often in a row.
    pub failure: Option<LinkFailure>,
    /// Rises with each change of this row; a writer that was overtaken is refused.
    pub version: i64,
}

/// A link's standing failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFailure {
    /// A message in stored form: its id and what is filled in.
    pub reason: StoredReason,
    pub count: i64,
    pub next_try: Millis,
}

/// How the links of a connection stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub linked: i64,
    /// One of their sides may have changed, and nobody has looked yet.
    pub waiting: i64,
    /// There are more of them than were counted.
    pub has_more_waiting: bool,
    /// Their last attempt failed; at most one more than [`Standing::MOST`].
    pub failing: i64,
}

impl Standing {
    /// Links that wait or fail are counted so far.
    pub const MOST: i64 = 10_000;
}

/// Links by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    #[default]
    Linked,
    Waiting,
    Failing,
}

impl LinkState {
    pub const ALL: [Self; 3] = [Self::Failing, Self::Waiting, Self::Linked];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Waiting => "waiting",
            Self::Failing => "failing",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A reason that can be kept in the database and said in any language later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReason {
    /// Id of a message in the message files.
    pub id: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, String>,
    /// Further reasons, where it is not one alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Self>,
}

impl StoredReason {
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), arguments: BTreeMap::new(), also: Vec::new() }
    }

    /// Several reasons as one.
    pub fn all(reasons: Vec<Self>) -> Option<Self> {
        let mut reasons = reasons.into_iter();
        let first = reasons.next()?;
        Some(Self { also: reasons.collect(), ..first })
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.arguments.insert(name.to_owned(), value.into());
        self
    }
}

/// What a field held on each side when both last agreed: the CRM's value in stored form
/// ([`crate::crm::value::Value::to_stored`]) and the ERP's encoded value. They differ where a value was
/// not let through: by the direction, or because it was blank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedValue {
    /// The CRM field it was agreed for; once another one is mapped, nothing is agreed.
    pub crm_field: String,
    pub crm: String,
    pub erp: String,
    /// The CRM's value came through this link, so in a conflict it ranks as its connection.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_from_erp: bool,
    /// The ERP's value was set there and not sent by us, so it stands in for nothing.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub is_erps_own: bool,
}

/// By ERP field key.
pub type Agreed = BTreeMap<String, AgreedValue>;
