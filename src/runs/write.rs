//! A write to an ERP on its way: kept before it is sent, so that no crash and no lost answer can make
//! anybody forget that it may have been done.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::resync::ResyncId;
use crate::connector::types::{ActorRef, FieldValues};
use crate::mapping::Side;

pub type WriteId = i64;

/// What is written to one actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Values that come from the CRM.
    pub fields: Vec<Sent>,
    /// Encoded values that a default or a person gave, by ERP field key.
    pub others: FieldValues,
    pub purpose: Purpose,
    /// The resync it is part of, which wants to know how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resync: Option<ResyncId>,
}

/// One field on its way from the CRM to the ERP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub erp_key: String,
    pub crm_key: String,
    /// The CRM's value in stored form, which is agreed once the ERP has it.
    pub crm: String,
    /// Encoded: what the ERP held, and what it is to hold.
    pub old: String,
    pub new: String,
    /// The ERP's old value was a change too, and lost.
    pub is_conflict: bool,
}

/// What the write is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// Keeping a link in step.
    Save,
    /// Linking a record with an existing actor.
    Connect {
        /// Which side each differing field is taken from, by ERP field key.
        choices: BTreeMap<String, Side>,
        /// The version of the record that the person saw.
        version: i64,
    },
    /// Making a new actor and linking it.
    Create {
        parent: Option<ActorRef>,
        /// What to search for, should the answer get lost.
        search: String,
        /// Keys that this search found before; `None`: it could not be found out.
        known: Option<BTreeSet<String>>,
    },
}

impl Work {
    /// All values by ERP field key.
    pub fn values(&self) -> FieldValues {
        let fields = self.fields.iter().map(|sent| (sent.erp_key.clone(), sent.new.clone()));
        self.others.clone().into_iter().chain(fields).collect()
    }
}

impl Purpose {
    /// The name in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::Connect { .. } => "connect",
            Self::Create { .. } => "create",
        }
    }
}

/// How a write stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteState {
    /// On its way, or nobody knows how it ended.
    Prepared,
    /// It could not be found out how it ended; a person has to decide.
    Unclear,
}

impl WriteState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Unclear => "unclear",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Prepared, Self::Unclear].into_iter().find(|state| state.as_str() == name)
    }
}
