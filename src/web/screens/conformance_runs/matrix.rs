//! The findings of a run as rows of checks and columns of actor types.

use std::collections::BTreeMap;
use std::time::Duration;

use super::captions;
use crate::conformance::{Check, Verdict};
use crate::connector::types::ActorType;
use crate::i18n::format;
use crate::runs::conformance::{Cell, ConformanceRun};
use crate::web::visit::Visit;
use crate::web::{captions as words, erp};

pub struct Matrix {
    pub kinds: Vec<ActorType>,
    cells: BTreeMap<(Check, ActorType), Shown>,
}

/// A finding as it is shown.
pub struct Shown(Cell);

/// One line of the table of answer times.
pub struct Answer<'a> {
    pub kind: &'static str,
    pub operation: &'a str,
    pub calls: String,
    pub mean: String,
    pub longest: String,
}

impl Matrix {
    pub fn new(run: &ConformanceRun, cells: Vec<Cell>) -> Self {
        let cells = cells.into_iter().map(|cell| ((cell.check, cell.kind), Shown(cell)));
        Self { kinds: run.kinds.clone(), cells: cells.collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub fn get(&self, check: &Check, kind: &ActorType) -> Option<&Shown> {
        self.cells.get(&(*check, *kind))
    }

    /// What there is something to say about; what failed first.
    pub fn reasons(&self) -> Vec<&Shown> {
        let order = |shown: &&Shown| match shown.0.verdict {
            Verdict::Failed => 0,
            Verdict::Remarked => 1,
            Verdict::NotTried | Verdict::Passed => 2,
        };
        let mut cells: Vec<&Shown> =
            self.cells.values().filter(|shown| shown.has_reason()).collect();
        cells.sort_by_key(order);
        cells
    }

    /// How long the connector took, by actor type and operation.
    pub fn answers(&self, visit: &Visit) -> Vec<Answer<'_>> {
        let cells = self.cells.values().map(|shown| &shown.0);
        let of_latency = cells.filter(|cell| cell.check == Check::Latency);
        let lines = of_latency.flat_map(|cell| {
            cell.timings.iter().map(move |(operation, timing)| Answer {
                kind: words::actor_type(visit.t, cell.kind),
                operation,
                calls: visit.number(&i64::from(timing.calls)),
                mean: time(visit, timing.mean()),
                longest: time(visit, timing.longest),
            })
        });
        lines.collect()
    }
}

/// Whole seconds are told as such.
const LONG: Duration = Duration::from_secs(10);

fn time(visit: &Visit, took: Duration) -> String {
    if took >= LONG {
        let seconds = i64::try_from(took.as_secs()).unwrap_or(i64::MAX);
        return visit.t.conformance_runs_seconds(seconds);
    }
    let millis = took.as_millis().max(u128::from(!took.is_zero()));
    let number = format::integer(visit.language, i64::try_from(millis).unwrap_or(i64::MAX));
    visit.t.conformance_runs_milliseconds(number)
}

impl Shown {
    /// Where the cell is in the page: `‹type›-‹check›`.
    pub fn anchor(&self) -> String {
        anchor(self.0.kind, self.0.check)
    }

    pub fn word(&self, visit: &Visit) -> &'static str {
        captions::verdict(visit.t, self.0.verdict).0
    }

    /// The kind of its badge, which has a shape of its own.
    pub fn badge(&self, visit: &Visit) -> &'static str {
        captions::verdict(visit.t, self.0.verdict).1
    }

    pub fn has_reason(&self) -> bool {
        self.0.why.is_some()
    }

    pub fn type_name(&self, visit: &Visit) -> &'static str {
        words::actor_type(visit.t, self.0.kind)
    }

    pub fn check_name(&self, visit: &Visit) -> &'static str {
        captions::name(visit.t, self.0.check)
    }

    /// Why, in a sentence or two.
    pub fn reason(&self, visit: &Visit) -> String {
        let Some(why) = &self.0.why else { return String::new() };
        let said = erp::reason(visit, &why.said);
        match &why.because {
            Some(because) => format!("{said} {}", erp::reason(visit, because)),
            None => said,
        }
    }

    pub fn time(&self, visit: &Visit) -> String {
        time(visit, self.0.took)
    }
}

pub fn anchor(kind: ActorType, check: Check) -> String {
    format!("{kind}-{}", check.as_str())
}
