//! What happened: by whom, to what, before and after. Plain data that outlives what it describes; it knows
//! subjects by kind, id and name, not our types. Rows are chained by hash, see [`chain`].

pub mod anchor;
pub mod chain;
pub mod checker;
pub mod line;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// Values by field, as text for people and exports. Never a secret.
pub type Details = BTreeMap<String, String>;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub kind: ActorKind,
    pub id: Option<i64>,
    /// The name at that time.
    pub name: String,
    /// The role at that time; blank for anything but a user.
    pub role: String,
    /// From where; blank when not from outside.
    pub address: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    User,
    /// Nobody signed in.
    Visitor,
    /// The engine, on its own account.
    Engine,
    /// The program itself: start, command line.
    System,
}

impl ActorKind {
    const ALL: [Self; 4] = [Self::User, Self::Visitor, Self::Engine, Self::System];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Visitor => "visitor",
            Self::Engine => "engine",
            Self::System => "system",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Actor {
    pub fn engine() -> Self {
        Self::without_user(ActorKind::Engine, "engine")
    }

    pub fn system() -> Self {
        Self::without_user(ActorKind::System, "system")
    }

    pub fn visitor(address: &str) -> Self {
        Self { address: address.to_owned(), ..Self::without_user(ActorKind::Visitor, "") }
    }

    /// Somebody who is signed in, by id, name and role.
    pub fn user(id: i64, name: &str, role: &str, address: &str) -> Self {
        Self {
            kind: ActorKind::User,
            id: Some(id),
            name: name.to_owned(),
            role: role.to_owned(),
            address: address.to_owned(),
        }
    }

    fn without_user(kind: ActorKind, name: &str) -> Self {
        Self { kind, id: None, name: name.to_owned(), role: String::new(), address: String::new() }
    }
}

/// What it was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// `user`, `group`, `connector`, `connection`, `company`, … – see [`Subject::KINDS`].
    pub kind: &'static str,
    pub id: Option<i64>,
    /// The name at that time.
    pub name: String,
}

impl Subject {
    /// Every kind of subject; the message `subject-‹kind›` says it.
    pub const KINDS: [&'static str; 18] = [
        "portal",
        "user",
        "group",
        "session",
        "licence",
        "connector",
        "connection",
        "conformance",
        "mapping",
        "list-mapping",
        "default",
        "rank",
        "priority",
        "engine",
        "company",
        "person",
        "project",
        "crm-field",
    ];

    pub fn new(kind: &'static str, id: i64, name: impl Into<String>) -> Self {
        Self { kind, id: Some(id), name: name.into() }
    }

    /// Something there is only one of.
    pub fn only(kind: &'static str) -> Self {
        Self { kind, id: None, name: String::new() }
    }
}

macro_rules! actions {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// What was done. The message `action-‹text›` says it in words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($name),* }

        impl Action {
            pub const ALL: &'static [Action] = &[$(Self::$name),*];

            /// The name in the database and in exports.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

actions! {
    PortalStarted = "portal-started",
    HeadAccepted = "head-accepted",
    HistoryPruned = "history-pruned",
    SettingChanged = "setting-changed",
    SignedIn = "signed-in",
    SignInFailed = "sign-in-failed",
    SignedOut = "signed-out",
    SessionEnded = "session-ended",
    PasswordChanged = "password-changed",
    CodeIssued = "code-issued",
    Refused = "refused",
    SealBroken = "seal-broken",
    Exported = "exported",
    UserAdded = "user-added",
    UserChanged = "user-changed",
    UserDisabled = "user-disabled",
    UserEnabled = "user-enabled",
    SeatAssigned = "seat-assigned",
    SeatTaken = "seat-taken",
    GroupAdded = "group-added",
    GroupChanged = "group-changed",
    GroupDeleted = "group-deleted",
    LicenceInstalled = "licence-installed",
    RecordAdded = "record-added",
    RecordChanged = "record-changed",
    CrmFieldAdded = "crm-field-added",
    CrmFieldChanged = "crm-field-changed",
    CrmFieldDeleted = "crm-field-deleted",
    CrmFieldRestored = "crm-field-restored",
    CrmFieldsOrdered = "crm-fields-ordered",
    ConnectorAdded = "connector-added",
    ConnectorChanged = "connector-changed",
    ConnectorDeleted = "connector-deleted",
    ConnectorRestored = "connector-restored",
    ConnectorTested = "connector-tested",
    ConnectionAdded = "connection-added",
    ConnectionChanged = "connection-changed",
    ConnectionTested = "connection-tested",
    ConnectionActivated = "connection-activated",
    ConnectionDeactivated = "connection-deactivated",
    ConnectionDeleted = "connection-deleted",
    ConnectionRestored = "connection-restored",
    ConnectionPaused = "connection-paused",
    ConformanceAsked = "conformance-asked",
    ConformanceEnded = "conformance-ended",
    ConfigurationResent = "configuration-resent",
    ScopeChanged = "scope-changed",
    MappingChanged = "mapping-changed",
    ListMappingChanged = "list-mapping-changed",
    DefaultAdded = "default-added",
    DefaultChanged = "default-changed",
    DefaultDeleted = "default-deleted",
    RankChanged = "rank-changed",
    PriorityChanged = "priority-changed",
    VersionRestored = "version-restored",
    ConfigurationExported = "configuration-exported",
    ConfigurationImported = "configuration-imported",
    ConnectionCopied = "connection-copied",
    EngineSwitchedOn = "engine-switched-on",
    EngineSwitchedOff = "engine-switched-off",
    IntervalChanged = "interval-changed",
    SyncRequested = "sync-requested",
    StopRequested = "stop-requested",
    RunEnded = "run-ended",
    ResyncPrepared = "resync-prepared",
    ResyncConfirmed = "resync-confirmed",
    ResyncEnded = "resync-ended",
    Linked = "linked",
    Unlinked = "unlinked",
    CreateIntended = "create-intended",
    CreatedInErp = "created-in-erp",
    CreateUnclear = "create-unclear",
    CreateDropped = "create-dropped",
    FieldSynced = "field-synced",
    Conflict = "conflict",
    RecordFailed = "record-failed",
}

impl Action {
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text)
    }
}

/// An event about to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub action: Action,
    pub subject: Subject,
    /// The connection it happened in: id and name at that time.
    pub connection: Option<(i64, String)>,
    pub before: Details,
    pub after: Details,
}

impl Event {
    pub fn new(action: Action, subject: Subject) -> Self {
        Self { action, subject, connection: None, before: Details::new(), after: Details::new() }
    }

    pub fn in_connection(mut self, id: i64, name: &str) -> Self {
        self.connection = Some((id, name.to_owned()));
        self
    }

    pub fn before(mut self, field: &str, value: impl Into<String>) -> Self {
        self.before.insert(field.to_owned(), value.into());
        self
    }

    pub fn after(mut self, field: &str, value: impl Into<String>) -> Self {
        self.after.insert(field.to_owned(), value.into());
        self
    }

    /// Notes a field only if it changed.
    pub fn changed(self, field: &str, before: impl Into<String>, after: impl Into<String>) -> Self {
        let (before, after) = (before.into(), after.into());
        if before == after { self } else { self.before(field, before).after(field, after) }
    }

    /// Whether anything was noted before or after.
    pub fn has_details(&self) -> bool {
        !self.before.is_empty() || !self.after.is_empty()
    }
}

/// A recorded event as it is read back: kinds and actions stay text, so that rows of other versions of the
/// program can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub seq: i64,
    pub at: Millis,
    pub actor_kind: String,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub actor_role: String,
    pub address: String,
    pub connection_id: Option<i64>,
    pub connection_name: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: Option<i64>,
    pub subject_name: String,
    /// JSON objects exactly as stored; the hash covers these bytes.
    pub before: String,
    pub after: String,
    pub previous_hash: String,
    pub hash: String,
}

impl Entry {
    pub fn before_details(&self) -> Details {
        serde_json::from_str(&self.before).unwrap_or_default()
    }

    pub fn after_details(&self) -> Details {
        serde_json::from_str(&self.after).unwrap_or_default()
    }
}
