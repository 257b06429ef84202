//! Named places at which the engine can be made to stop dead, to prove that nothing is lost or doubled.
//! `GLEICHLAUF_FAILPOINT=create.after-send` ends the process there as a power cut would; a test lets its
//! engine stand still there instead, and drops it or lets it go on.

use std::fmt;
use std::process;
use std::sync::Arc;

use tokio::sync::Notify;

/// What the engine is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Poll,
    Save,
    Connect,
    Create,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// What is about to be sent has been committed.
    IntentStored,
    BeforeSend,
    /// The other side has done its work; nothing has been looked at.
    AfterSend,
    /// The answer has been read; nothing has been written.
    ReplyRead,
    /// The effect has been written, but not committed.
    EffectStored,
    /// The effect has been committed.
    Commit,
    /// The position of the poll has been written, but not committed.
    PositionStored,
}

/// One place: an operation at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point(pub Operation, pub Moment);

impl Point {
    /// Every place there is.
    pub fn all() -> Vec<Self> {
        use Moment::*;
        let polling = [BeforeSend, AfterSend, ReplyRead, EffectStored, Commit, PositionStored];
        let writing = [IntentStored, BeforeSend, AfterSend, ReplyRead, EffectStored, Commit];
        let of = |operation, moments: [Moment; 6]| moments.map(|moment| Self(operation, moment));
        let mut all = of(Operation::Poll, polling).to_vec();
        for operation in [Operation::Save, Operation::Connect, Operation::Create] {
            all.extend(of(operation, writing));
        }
        all
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|point| point.to_string() == name)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = match self.0 {
            Operation::Poll => "poll",
            Operation::Save => "save",
            Operation::Connect => "connect",
            Operation::Create => "create",
        };
        let moment = match self.1 {
            Moment::IntentStored => "intent-stored",
            Moment::BeforeSend => "before-send",
            Moment::AfterSend => "after-send",
            Moment::ReplyRead => "reply-read",
            Moment::EffectStored => "effect-stored",
            Moment::Commit => "commit",
            Moment::PositionStored => "position-stored",
        };
        write!(f, "{operation}.{moment}")
    }
}

/// The place at which one engine stops, if any.
#[derive(Clone, Default)]
pub struct Failpoints(Option<Armed>);

#[derive(Clone)]
struct Armed {
    at: Point,
    /// `None`: the process ends.
    stop: Option<Arc<Stop>>,
}

/// An engine that stands still.
#[derive(Default)]
pub struct Stop {
    reached: Notify,
    go_on: Notify,
}

impl Stop {
    /// Waits until the engine has come to its place.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets the engine go on, as a process that was asleep does.
    pub fn go_on(&self) {
        self.go_on.notify_one();
    }
}

impl Failpoints {
    /// As the environment says; a name that is no place is an error that lists them all.
    pub fn from_environment() -> Result<Self, String> {
        let Ok(name) = std::env::var("GLEICHLAUF_FAILPOINT") else { return Ok(Self::default()) };
        let names = || Point::all().iter().map(Point::to_string).collect::<Vec<_>>().join(", ");
        let at = Point::parse(&name).ok_or_else(|| {
            format!("GLEICHLAUF_FAILPOINT={name} is none of the known ones: {}", names())
        })?;
        Ok(Self(Some(Armed { at, stop: None })))
    }

    /// Stands still at `at` until told to go on.
    pub fn standing_still(at: Point) -> (Self, Arc<Stop>) {
        let stop = Arc::new(Stop::default());
        (Self(Some(Armed { at, stop: Some(stop.clone()) })), stop)
    }

    /// Passes a place, or stops there.
    pub(super) async fn pass(&self, operation: Operation, moment: Moment) {
        let Some(armed) = &self.0 else { return };
        if armed.at != Point(operation, moment) {
            return;
        }
        match &armed.stop {
            None => process::abort(),
            Some(stop) => {
                stop.reached.notify_one();
                stop.go_on.notified().await;
            }
        }
    }
}
