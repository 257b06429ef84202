//! Which event of the history changes which configuration. Every action has its word here: a new one does
//! not compile before somebody has said whether it makes a version.

use super::Versioned;
use crate::history::{Action, Event};

/// What an action means for versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Makes {
    Nothing,
    /// A version of the connector that is its subject.
    OfConnector,
    /// A version of the connection it happened in.
    OfConnection,
    OfPriority,
    /// A version of its subject, whatever that is.
    OfSubject,
}

pub fn makes(action: Action) -> Makes {
    use Action as A;
    match action {
        A::ConnectorAdded | A::ConnectorChanged | A::ConnectorDeleted | A::ConnectorRestored => {
            Makes::OfConnector
        }
        A::ConnectionAdded
        | A::ConnectionChanged
        | A::ConnectionDeleted
        | A::ConnectionRestored
        | A::ScopeChanged
        | A::MappingChanged
        | A::ListMappingChanged
        | A::DefaultAdded
        | A::DefaultChanged
        | A::DefaultDeleted
        | A::RankChanged => Makes::OfConnection,
        A::PriorityChanged => Makes::OfPriority,
        A::VersionRestored | A::ConfigurationImported | A::ConnectionCopied => Makes::OfSubject,
        // Switched on or off, tested, synchronised: that is using a configuration, not changing it.
        A::ConnectionTested
        | A::ConnectionActivated
        | A::ConnectionDeactivated
        | A::ConnectionPaused
        | A::ConfigurationResent
        | A::ConfigurationExported
        | A::ConnectorTested
        | A::EngineSwitchedOn
        | A::EngineSwitchedOff
        | A::IntervalChanged
        | A::SyncRequested
        | A::StopRequested
        | A::ConformanceAsked
        | A::ConformanceEnded
        | A::ResyncPrepared
        | A::ResyncConfirmed
        | A::ResyncEnded
        | A::RunEnded
        | A::Linked
        | A::Unlinked
        | A::CreateIntended
        | A::CreatedInErp
        | A::CreateUnclear
        | A::CreateDropped
        | A::FieldSynced
        | A::Conflict
        | A::RecordFailed => Makes::Nothing,
        // People, records, the portal.
        A::PortalStarted
        | A::HeadAccepted
        | A::HistoryPruned
        | A::SettingChanged
        | A::SignedIn
        | A::SignInFailed
        | A::SignedOut
        | A::SessionEnded
        | A::PasswordChanged
        | A::CodeIssued
        | A::Refused
        | A::SealBroken
        | A::Exported
        | A::UserAdded
        | A::UserChanged
        | A::UserDisabled
        | A::UserEnabled
        | A::SeatAssigned
        | A::SeatTaken
        | A::GroupAdded
        | A::GroupChanged
        | A::GroupDeleted
        | A::LicenceInstalled
        | A::RecordAdded
        | A::RecordChanged
        | A::CrmFieldAdded
        | A::CrmFieldChanged
        | A::CrmFieldDeleted
        | A::CrmFieldRestored
        | A::CrmFieldsOrdered => Makes::Nothing,
    }
}

/// Whose version an event makes.
pub fn touched(event: &Event) -> Option<Versioned> {
    let connection = event.connection.as_ref().map(|(id, _)| Versioned::Connection(*id));
    match makes(event.action) {
        Makes::Nothing => None,
        Makes::OfConnector => event.subject.id.map(Versioned::Connector),
        Makes::OfConnection => connection,
        Makes::OfPriority => Some(Versioned::Priority),
        Makes::OfSubject => match event.subject.kind {
            "connector" => event.subject.id.map(Versioned::Connector),
            "priority" => Some(Versioned::Priority),
            _ => connection,
        },
    }
}
