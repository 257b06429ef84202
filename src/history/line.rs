//! A row of the history as a line of an export: every column exactly as it is stored, so that whoever has
//! the file and the public key can check it (see [`super::checker`]).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Entry;
use super::chain::SignedHead;
use crate::clock::Millis;
use crate::i18n::format::iso;

/// The columns, in the order of [`Line`].
pub const COLUMNS: [&str; 19] = [
    "seq",
    "at",
    "time",
    "actor_kind",
    "actor_id",
    "actor_name",
    "actor_role",
    "address",
    "connection_id",
    "connection_name",
    "action",
    "subject_kind",
    "subject_id",
    "subject_name",
    "before",
    "after",
    "previous_hash",
    "hash",
    "signature",
];

/// See each column of [`Entry`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line<'a> {
    pub seq: i64,
    pub at: Millis,
    /// The same moment for people.
    pub time: Cow<'a, str>,
    pub actor_kind: Cow<'a, str>,
    pub actor_id: Option<i64>,
    pub actor_name: Cow<'a, str>,
    pub actor_role: Cow<'a, str>,
    pub address: Cow<'a, str>,
    pub connection_id: Option<i64>,
    pub connection_name: Cow<'a, str>,
    pub action: Cow<'a, str>,
    pub subject_kind: Cow<'a, str>,
    pub subject_id: Option<i64>,
    pub subject_name: Cow<'a, str>,
    /// JSON as text: the hash covers these very characters.
    pub before: Cow<'a, str>,
    pub after: Cow<'a, str>,
    pub previous_hash: Cow<'a, str>,
    pub hash: Cow<'a, str>,
    /// At the newest row of all: its signature as a head; else blank.
    #[serde(default)]
    pub signature: Cow<'a, str>,
}

impl<'a> Line<'a> {
    /// The row, with its signature if it is the one that the head speaks of.
    pub fn of(entry: &'a Entry, head: &'a SignedHead) -> Self {
        let is_head = (entry.seq, &entry.hash) == (head.seq, &head.hash);
        Self {
            seq: entry.seq,
            at: entry.at,
            time: iso(entry.at).into(),
            actor_kind: (&entry.actor_kind).into(),
            actor_id: entry.actor_id,
            actor_name: (&entry.actor_name).into(),
            actor_role: (&entry.actor_role).into(),
            address: (&entry.address).into(),
            connection_id: entry.connection_id,
            connection_name: (&entry.connection_name).into(),
            action: (&entry.action).into(),
            subject_kind: (&entry.subject_kind).into(),
            subject_id: entry.subject_id,
            subject_name: (&entry.subject_name).into(),
            before: (&entry.before).into(),
            after: (&entry.after).into(),
            previous_hash: (&entry.previous_hash).into(),
            hash: (&entry.hash).into(),
            signature: if is_head { (&head.signature).into() } else { Cow::Borrowed("") },
        }
    }

    /// The head that this line is, if it was signed as one.
    pub fn head(&self) -> Option<SignedHead> {
        let (hash, signature) = (self.hash.to_string(), self.signature.to_string());
        (!signature.is_empty()).then_some(SignedHead { seq: self.seq, hash, signature })
    }
}

impl From<Line<'_>> for Entry {
    fn from(line: Line<'_>) -> Self {
        Self {
            seq: line.seq,
            at: line.at,
            actor_kind: line.actor_kind.into(),
            actor_id: line.actor_id,
            actor_name: line.actor_name.into(),
            actor_role: line.actor_role.into(),
            address: line.address.into(),
            connection_id: line.connection_id,
            connection_name: line.connection_name.into(),
            action: line.action.into(),
            subject_kind: line.subject_kind.into(),
            subject_id: line.subject_id,
            subject_name: line.subject_name.into(),
            before: line.before.into(),
            after: line.after.into(),
            previous_hash: line.previous_hash.into(),
            hash: line.hash.into(),
        }
    }
}
