//! Conformance tests as they are kept, and one compared with the one before.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Job;
use crate::clock::Millis;
use crate::conformance::{Check, Timing, Verdict, Writing};
use crate::connector::types::ActorType;
use crate::links::StoredReason;

/// A test asked for, going on, or over. What it found are its [`Cell`]s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConformanceRun {
    /// How it stands, and who asked; its id is the run's.
    pub job: Job,
    pub asked_at: Millis,
    /// What it may write; `None`: nothing.
    pub writing: Option<Writing>,
    /// Empty until the connector has named them.
    pub kinds: Vec<ActorType>,
    pub connector: Tested,
    pub tally: Tally,
}

/// The connector as it was at that time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    pub name: String,
    pub address: String,
    /// The namespace of its data; blank where there is none.
    pub form: String,
}

/// How many checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: i64,
    pub remarked: i64,
    pub failed: i64,
    pub not_tried: i64,
}

impl Tally {
    pub fn add(&mut self, verdict: Verdict, count: i64) {
        match verdict {
            Verdict::Passed => self.passed += count,
            Verdict::Remarked => self.remarked += count,
            Verdict::Failed => self.failed += count,
            Verdict::NotTried => self.not_tried += count,
        }
    }

    /// Where the contract was found to be kept.
    pub fn good(&self) -> i64 {
        self.passed + self.remarked
    }

    pub fn all(&self) -> i64 {
        self.passed + self.remarked + self.failed + self.not_tried
    }
}

/// One check of one actor type, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub kind: ActorType,
    pub check: Check,
    pub verdict: Verdict,
    pub why: Option<Why>,
    pub took: Duration,
    pub timings: BTreeMap<String, Timing>,
}

/// A reason that can be kept, and the connector's failure behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub said: StoredReason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<StoredReason>,
}

/// What is otherwise than in the run before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub newly_failing: Vec<(ActorType, Check)>,
    pub newly_passing: Vec<(ActorType, Check)>,
}

impl Difference {
    pub fn is_empty(&self) -> bool {
        self.newly_failing.is_empty() && self.newly_passing.is_empty()
    }
}

/// Compares what both runs looked at. What was not tried proves nothing, neither then nor now.
pub fn compare(before: &[Cell], now: &[Cell]) -> Difference {
    let before: BTreeMap<(ActorType, Check), Verdict> =
        before.iter().map(|cell| ((cell.kind, cell.check), cell.verdict)).collect();
    let mut difference = Difference::default();
    for cell in now {
        let place = (cell.kind, cell.check);
        match before.get(&place) {
            Some(then) if then.is_good() && cell.verdict == Verdict::Failed => {
                difference.newly_failing.push(place);
            }
            Some(Verdict::Failed) if cell.verdict.is_good() => {
                difference.newly_passing.push(place);
            }
            _ => {}
        }
    }
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(verdicts: &[Verdict]) -> Vec<Cell> {
        let cell = |(check, verdict): (Check, &Verdict)| Cell {
            kind: ActorType::Customer,
            check,
            verdict: *verdict,
            why: None,
            took: Duration::ZERO,
            timings: BTreeMap::new(),
        };
        Check::ALL.into_iter().zip(verdicts).map(cell).collect()
    }

    #[test]
    fn only_what_failed_then_or_now_and_was_good_the_other_time_is_new() {
        use Verdict::{Failed, NotTried, Passed, Remarked};
        let before = cells(&[Passed, Failed, Failed, NotTried, Failed, Remarked, Passed]);
        let now = cells(&[Failed, Passed, Remarked, Failed, NotTried, Failed, Remarked, Failed]);
        let difference = compare(&before, &now);
        let place = |n: usize| (ActorType::Customer, Check::ALL[n]);
        assert_eq!(difference.newly_failing, [place(0), place(5)]);
        assert_eq!(difference.newly_passing, [place(1), place(2)]);
        assert!(compare(&now, &now).is_empty());
    }
}
