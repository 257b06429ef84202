//! Whether a connector keeps the contract: one check at a time, per actor type, each with its own outcome
//! and its own reason. One failing check stops no other.
//!
//! A run only reads, except for what an admin asked for by name (see [`Writing`]). It is bounded: sample
//! sizes, calls and time per check are limited, and calls are made one after the other.

mod actors;
mod answers;
mod encodings;
mod facts;
mod fields;
mod lists;
mod operators;
mod probe;
mod searches;
mod stamps;
mod texts;
mod writing;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::types::ActorType;
use crate::i18n::Key;
use facts::Facts;
use probe::{Halt, Lost, Probe};
use stamps::Examples;

pub use probe::{Limits, Timing};
pub use writing::{Target, Writing};

/// What is looked at, in the order in which it is done and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// The type has fields, and those declared searchable are among them.
    FieldsListed,
    KeysUnique,
    /// Ranks, lengths, lists and default values make sense.
    FieldsSane,
    /// Names, descriptions and list texts can be read.
    Texts,
    /// `GetList` answers for each list, and has every item that actors hold.
    ListsComplete,
    /// `GetListItems` has a text for every key that actors hold.
    ListItems,
    /// A blank search finds all.
    BlankSearch,
    ParentSearch,
    /// Each operator of each searchable field finds what it means.
    Operators,
    /// `GetActors` gives the actors that were asked for.
    ActorsAsked,
    /// … with the fields that were asked for.
    FieldsAsked,
    /// … and nothing for a key that does not exist.
    UnknownKey,
    /// Every value can be read as what its field says it is.
    Encodings,
    /// Times of change are there, and comparable across actors and actor types.
    StampsGlobal,
    /// `GetActorsByTimestamp` gives what was changed later, and nothing that was changed before.
    StampsHonoured,
    /// … and the newest actor again, since it is “on or after”.
    NewestAgain,
    /// A connection id that nobody knows is answered as such.
    UnknownConnection,
    /// A marked actor is created and read back; only when asked for.
    Create,
    /// A marked actor is saved and read back; only when asked for.
    Save,
    /// `IsOk` and `State` of all answers say the same.
    ResponseState,
    /// How long answers take. It never fails.
    Latency,
}

impl Check {
    pub const ALL: [Self; 21] = [
        Self::FieldsListed,
        Self::KeysUnique,
        Self::FieldsSane,
        Self::Texts,
        Self::ListsComplete,
        Self::ListItems,
        Self::BlankSearch,
        Self::ParentSearch,
        Self::Operators,
        Self::ActorsAsked,
        Self::FieldsAsked,
        Self::UnknownKey,
        Self::Encodings,
        Self::StampsGlobal,
        Self::StampsHonoured,
        Self::NewestAgain,
        Self::UnknownConnection,
        Self::Create,
        Self::Save,
        Self::ResponseState,
        Self::Latency,
    ];

    /// The name in the database and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FieldsListed => "fields-listed",
            Self::KeysUnique => "keys-unique",
            Self::FieldsSane => "fields-sane",
            Self::Texts => "texts",
            Self::ListsComplete => "lists-complete",
            Self::ListItems => "list-items",
            Self::BlankSearch => "blank-search",
            Self::ParentSearch => "parent-search",
            Self::Operators => "operators",
            Self::ActorsAsked => "actors-asked",
            Self::FieldsAsked => "fields-asked",
            Self::UnknownKey => "unknown-key",
            Self::Encodings => "encodings",
            Self::StampsGlobal => "stamps-global",
            Self::StampsHonoured => "stamps-honoured",
            Self::NewestAgain => "newest-again",
            Self::UnknownConnection => "unknown-connection",
            Self::Create => "create",
            Self::Save => "save",
            Self::ResponseState => "response-state",
            Self::Latency => "latency",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.as_str() == name)
    }

    /// Whether it writes to the ERP.
    pub fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Save)
    }
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    /// The contract is kept; there is something to know all the same.
    Remarked(Reason),
    Failed(Reason),
    NotTried(Reason),
}

impl Outcome {
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Passed => Verdict::Passed,
            Self::Remarked(_) => Verdict::Remarked,
            Self::Failed(_) => Verdict::Failed,
            Self::NotTried(_) => Verdict::NotTried,
        }
    }

    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Passed => None,
            Self::Remarked(reason) | Self::Failed(reason) | Self::NotTried(reason) => Some(reason),
        }
    }
}

/// An [`Outcome`] without its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Passed,
    Remarked,
    Failed,
    NotTried,
}

impl Verdict {
    pub const ALL: [Self; 4] = [Self::Passed, Self::Remarked, Self::Failed, Self::NotTried];

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Remarked => "remarked",
            Self::Failed => "failed",
            Self::NotTried => "not-tried",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == name)
    }

    /// Whether the contract was found to be kept.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Passed | Self::Remarked)
    }
}

/// Why: a message and what is filled in, and the connector's failure where there was one. It names fields
/// and keys, never an ERP's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub key: Key,
    pub arguments: BTreeMap<&'static str, String>,
    pub failure: Option<Failure>,
}

impl Reason {
    fn new(key: Key) -> Self {
        Self { key, arguments: BTreeMap::new(), failure: None }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.insert(name, value.to_string());
        self
    }

    fn because(self, failure: &Failure) -> Self {
        Self { failure: Some(failure.clone()), ..self }
    }
}

/// One cell of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: ActorType,
    pub check: Check,
    pub outcome: Outcome,
    /// How long the check took.
    pub took: Duration,
    /// How long the connector took, by operation; for [`Check::Latency`], of all calls about the type.
    pub timings: BTreeMap<&'static str, Timing>,
}

/// Takes findings as they come.
#[async_trait]
pub trait Sink: Send {
    type Error: Send;

    async fn take(&mut self, finding: Finding) -> Result<(), Self::Error>;
}

/// What is tested, and how far a run may go.
pub struct Run<'a> {
    pub client: &'a ErpClient,
    pub kinds: &'a [ActorType],
    /// `None`: the run only reads.
    pub writing: Option<&'a Writing>,
    pub limits: Limits,
    /// Becomes true when the run is to end; what is left is then not tried.
    pub stop: watch::Receiver<bool>,
}

/// Does every check for every type. It ends early only when the sink wants no more.
pub async fn run<S: Sink>(run: &Run<'_>, sink: &mut S) -> Result<(), S::Error> {
    let lost = Lost::default();
    let mut examples = Examples::default();
    for &kind in run.kinds {
        let probe = Probe::new(run, kind, &lost);
        let facts = Facts::gather(&probe).await;
        let mut made = None;
        for check in Check::ALL {
            probe.begin();
            let begun = tokio::time::Instant::now();
            let outcome = match check {
                Check::StampsGlobal => stamps::global(&facts, &mut examples),
                Check::Create => writing::create(&probe, &facts, run.writing, &mut made).await,
                Check::Save => writing::save(&probe, &facts, run.writing, made.take()).await,
                check => carry_out(check, &probe, &facts).await,
            };
            let timings =
                if check == Check::Latency { probe.all_timings() } else { probe.timings() };
            let took = begun.elapsed();
            sink.take(Finding { kind, check, outcome, took, timings }).await?;
        }
    }
    Ok(())
}

async fn carry_out(check: Check, probe: &Probe<'_>, facts: &Facts) -> Outcome {
    match check {
        Check::FieldsListed => fields::listed(facts),
        Check::KeysUnique => fields::unique(facts),
        Check::FieldsSane => fields::sane(facts),
        Check::Texts => texts::readable(facts),
        Check::ListsComplete => lists::complete(facts),
        Check::ListItems => lists::items(probe, facts).await,
        Check::BlankSearch => searches::blank(facts),
        Check::ParentSearch => searches::by_parent(probe, facts).await,
        Check::Operators => operators::check(probe, facts).await,
        Check::ActorsAsked => actors::asked(facts),
        Check::FieldsAsked => actors::fields(facts),
        Check::UnknownKey => actors::unknown(probe, facts).await,
        Check::Encodings => encodings::check(facts),
        Check::StampsHonoured => stamps::honoured(probe, facts).await,
        Check::NewestAgain => stamps::newest(probe, facts).await,
        Check::UnknownConnection => answers::unknown_connection(probe).await,
        Check::ResponseState => answers::state(probe),
        Check::Latency => answers::latency(probe),
        // Done by [`run`], which keeps what they need.
        Check::StampsGlobal | Check::Create | Check::Save => Outcome::Passed,
    }
}

/// A check that could not come to its end.
impl From<Halt> for Outcome {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Erp(operation, failure) => {
                let reason = Reason::new(Key::CONFORMANCE_CALL_FAILED).with("operation", operation);
                Self::Failed(reason.because(&failure))
            }
            other => Self::NotTried(other.reason()),
        }
    }
}

/// The outcome of a check that ends with the first thing that is wrong.
fn settle(result: Result<Outcome, Halt>) -> Outcome {
    result.unwrap_or_else(Outcome::from)
}

/// Without what another check looks at, this one has nothing to go on.
fn lacking(halt: &Halt) -> Outcome {
    match halt {
        Halt::Erp(operation, _) => {
            Outcome::NotTried(Reason::new(Key::CONFORMANCE_LACKING).with("operation", operation))
        }
        other => Outcome::NotTried(other.reason()),
    }
}
