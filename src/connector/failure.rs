//! Why a call to a connector gave no answer: a closed list a person can act on.

use std::time::Duration;

use super::types::Agreement;

/// See each variant. The distinction that matters most is [`Failure::is_unclear`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address is not one this portal may call; `line` is what the configuration file would need.
    #[error("the address {address} is not allowed")]
    AddressNotAllowed { address: String, line: String },
    /// The address cannot be used at all: `app://`, a scheme we do not speak, or no address.
    #[error("the address cannot be used: {reason:?}")]
    AddressNotUsable { reason: BadAddress },
    /// No connection came about: name not found, refused, no route. Nothing was sent.
    #[error("unreachable: {detail}")]
    Unreachable { detail: String },
    /// The certificate is not valid for this host. Nothing was sent.
    #[error("bad certificate: {detail}")]
    BadCertificate { detail: String },
    /// The time limit ran out after the request was sent.
    #[error("no answer within {} s", .limit.as_secs())]
    TimedOut { limit: Duration },
    /// The connection broke after the request was sent.
    #[error("the connection broke: {detail}")]
    BrokenOff { detail: String },
    /// An HTTP status that is not an answer of the contract.
    #[error("HTTP status {status}")]
    HttpStatus { status: u16, retry_after: Option<Duration> },
    /// The answer went past a cap; `what` names it.
    #[error("answer too large: {what}")]
    TooLarge { what: String },
    /// The answer is no SOAP, or not of this contract; `what` names the place.
    #[error("answer not understood: {what}")]
    NotUnderstood { what: String },
    /// A value could not be put on the wire (a character XML cannot carry); nothing was sent.
    #[error("the value of {field} cannot be sent")]
    NotSendable { field: String },
    /// A SOAP fault: the connector threw, or does not know the operation.
    #[error("fault {code}: {text}")]
    Fault { code: String, text: String },
    /// The connector answered that the work was not done.
    #[error("refused: {0:?}")]
    Refused(Refusal),
}

/// Why an address cannot be used whatever the policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAddress {
    /// Not an address at all, or with a user name, a fragment, or characters it must not have.
    Malformed,
    /// `app://` needs the vendor's authorisation service.
    NeedsVendorService,
    /// A scheme that is neither `https`, `http` nor `plugin`.
    UnknownScheme,
    /// `plugin://name`, and this binary has no connector of that name.
    NoSuchPlugin,
}

/// The connector's own "no": its texts and code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    pub code: Option<RefusalCode>,
    pub agreement: Agreement,
    /// For people; may be multi-language text, may be blank.
    pub user_text: String,
    /// For the log; English; may hold a stack trace.
    pub tech_text: String,
}

/// The error codes of the contract, both spellings, and anything else a connector says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalCode {
    UnknownConnection,
    UnknownField,
    UnknownListItem,
    Other(String),
}

impl RefusalCode {
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "" => None,
            "UNKNOWN_CONNECTION_ID" | "UNKOWN_CONNECTION_ID" => Some(Self::UnknownConnection),
            "UNKOWN_FIELDKEY" | "UNKNOWN_FIELDKEY" => Some(Self::UnknownField),
            "UNKOWN_LISTITEM_ID" | "UNKNOWN_LISTITEM_ID" => Some(Self::UnknownListItem),
            other => Some(Self::Other(other.to_owned())),
        }
    }

    /// As it goes over the wire (two of them misspelt, as partners know them).
    pub fn as_str(&self) -> &str {
        match self {
            Self::UnknownConnection => "UNKNOWN_CONNECTION_ID",
            Self::UnknownField => "UNKOWN_FIELDKEY",
            Self::UnknownListItem => "UNKOWN_LISTITEM_ID",
            Self::Other(text) => text,
        }
    }
}

impl Failure {
    /// A refusal with a text for people and one for the log.
    pub fn refused(user_text: impl Into<String>, tech_text: impl Into<String>) -> Self {
        Self::Refused(Refusal {
            user_text: user_text.into(),
            tech_text: tech_text.into(),
            ..Refusal::default()
        })
    }

    pub fn refused_as(code: RefusalCode, tech_text: impl Into<String>) -> Self {
        Self::Refused(Refusal {
            code: Some(code),
            tech_text: tech_text.into(),
            ..Refusal::default()
        })
    }

    /// The same failure with every text of the connector's own put through `change`.
    pub fn map_texts(self, change: impl Fn(String) -> String) -> Self {
        match self {
            Self::Fault { code, text } => Self::Fault { code, text: change(text) },
            Self::NotUnderstood { what } => Self::NotUnderstood { what: change(what) },
            Self::Refused(refusal) => Self::Refused(Refusal {
                code: refusal.code,
                agreement: refusal.agreement,
                user_text: change(refusal.user_text),
                tech_text: change(refusal.tech_text),
            }),
            other => other,
        }
    }

    /// Whether the work may have been done all the same: the request went out, and no answer of the
    /// contract came back. After such a failure a create must never simply be repeated.
    pub fn is_unclear(&self) -> bool {
        match self {
            Self::TimedOut { .. }
            | Self::BrokenOff { .. }
            | Self::TooLarge { .. }
            | Self::NotUnderstood { .. }
            | Self::Fault { .. } => true,
            Self::HttpStatus { status, .. } => !matches!(status, 400..=404 | 429),
            Self::AddressNotAllowed { .. }
            | Self::AddressNotUsable { .. }
            | Self::Unreachable { .. }
            | Self::BadCertificate { .. }
            | Self::NotSendable { .. }
            | Self::Refused(_) => false,
        }
    }

    /// The ERP is away or overloaded: trying again later, unchanged, is sensible.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } | Self::BrokenOff { .. } => true,
            Self::HttpStatus { status, .. } => *status == 429 || *status >= 500,
            _ => false,
        }
    }

    pub fn is_unknown_connection(&self) -> bool {
        matches!(self, Self::Refused(Refusal { code: Some(RefusalCode::UnknownConnection), .. }))
    }
}
