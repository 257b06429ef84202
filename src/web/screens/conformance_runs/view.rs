//! Page structs of conformance tests.

use askama::Template;

use super::captions;
use super::form::TestForm;
use super::matrix::{Matrix, anchor};
use crate::clock::Millis;
use crate::conformance::{Check, Target};
use crate::connections::ErpConnection;
use crate::connector::types::ActorType;
use crate::i18n::named;
use crate::runs::conformance::{ConformanceRun, Difference};
use crate::runs::{Job, JobState};
use crate::web::form::Problems;
use crate::web::visit::Visit;
use crate::web::{captions as words, erp};

#[derive(Template)]
#[template(path = "conformance_runs/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    /// Newest first.
    pub runs: Vec<ConformanceRun>,
    /// The types that may be written to.
    pub kinds: Vec<ActorType>,
    pub form: TestForm,
    pub problems: Problems,
    pub may_write: bool,
}

impl IndexPage<'_> {
    fn title(&self) -> String {
        self.visit.t.conformance_runs_title(self.visit.pick(&self.connection.name))
    }

    fn action(&self) -> String {
        format!("/connections/{}/conformance-runs", self.connection.id)
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    fn good(&self, run: &ConformanceRun) -> String {
        self.visit.number(&run.tally.good())
    }

    fn state_word(&self, run: &ConformanceRun) -> &'static str {
        state(self.visit, run).0
    }

    fn state_kind(&self, run: &ConformanceRun) -> &'static str {
        state(self.visit, run).1
    }

    fn is_going(&self) -> bool {
        self.runs.iter().any(|run| is_going(&run.job))
    }

    /// Value, caption, and whether it is chosen.
    fn kinds(&self) -> Vec<(&'static str, &'static str, bool)> {
        let option = |kind: &ActorType| {
            (kind.as_str(), words::actor_type(self.visit.t, *kind), kind.as_str() == self.form.kind)
        };
        self.kinds.iter().map(option).collect()
    }

    fn parents(&self) -> Vec<(&'static str, &'static str, bool)> {
        let option = |kind: ActorType| {
            let name = words::actor_type(self.visit.t, kind);
            (kind.as_str(), name, kind.as_str() == self.form.parent_kind)
        };
        [ActorType::Customer, ActorType::Supplier, ActorType::Partner].map(option).to_vec()
    }

    fn writes(&self) -> bool {
        !self.form.writes.is_empty()
    }

    fn is_new(&self) -> bool {
        self.form.target != "marked"
    }
}

#[derive(Template)]
#[template(path = "conformance_runs/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub run: ConformanceRun,
    pub matrix: Matrix,
    /// The run it is compared with.
    pub before: Option<ConformanceRun>,
    pub difference: Difference,
    pub may_write: bool,
    pub now: Millis,
}

impl ShowPage<'_> {
    fn title(&self) -> String {
        self.visit.t.conformance_runs_one(self.visit.moment(&self.run.asked_at))
    }

    fn place(&self) -> String {
        format!("/connections/{}/conformance-runs", self.connection.id)
    }

    fn own_place(&self) -> String {
        format!("{}/{}", self.place(), self.run.job.id)
    }

    fn state_word(&self) -> &'static str {
        state(self.visit, &self.run).0
    }

    fn state_kind(&self) -> &'static str {
        state(self.visit, &self.run).1
    }

    fn is_going(&self) -> bool {
        is_going(&self.run.job)
    }

    fn done(&self) -> i64 {
        self.run.tally.all()
    }

    fn total(&self) -> i64 {
        let checks = self.run.kinds.len() * Check::ALL.len();
        i64::try_from(checks).unwrap_or(i64::MAX).max(1)
    }

    fn progress(&self) -> String {
        let t = self.visit.t;
        match self.run.job.state {
            JobState::Waiting => t.conformance_runs_waiting().to_owned(),
            _ if self.run.job.stop_at.is_some() => t.conformance_runs_ending().to_owned(),
            _ if self.run.kinds.is_empty() => t.conformance_runs_beginning().to_owned(),
            _ => t.conformance_runs_progress(
                named::done(self.visit.number(&self.done())),
                named::total(self.visit.number(&self.total())),
            ),
        }
    }

    /// Why the run as a whole came to nothing, or not to its end.
    fn failure(&self) -> String {
        let failure = self.run.job.failure.as_ref();
        failure.map(|reason| erp::reason(self.visit, reason)).unwrap_or_default()
    }

    fn names_no_types(&self) -> bool {
        self.run.job.state == JobState::Done && self.run.kinds.is_empty()
    }

    fn checks(&self) -> &'static [Check] {
        &Check::ALL
    }

    fn check_name(&self, check: &Check) -> &'static str {
        captions::name(self.visit.t, *check)
    }

    fn check_about(&self, check: &Check) -> &'static str {
        captions::about(self.visit.t, *check)
    }

    fn type_name(&self, kind: &ActorType) -> &'static str {
        words::actor_type(self.visit.t, *kind)
    }

    fn anchor(&self, check: &Check, kind: &ActorType) -> String {
        anchor(*kind, *check)
    }

    /// Anchor, and what it is called.
    fn links(&self, places: &[(ActorType, Check)]) -> Vec<(String, String)> {
        let link = |(kind, check): &(ActorType, Check)| {
            let name = format!("{} – {}", self.type_name(kind), self.check_name(check));
            (anchor(*kind, *check), name)
        };
        places.iter().map(link).collect()
    }

    /// Caption and value.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let (t, run) = (self.visit.t, &self.run);
        let form = match run.connector.form.as_str() {
            // It is learned from the first answer.
            "" if run.kinds.is_empty() => t.conformance_runs_not_yet().to_owned(),
            "" => t.conformance_runs_no_form().to_owned(),
            form => form.to_owned(),
        };
        vec![
            (t.conformance_runs_asked_by(), run.job.requested_by.clone()),
            (t.conformance_runs_took(), self.took()),
            (t.conformance_runs_connector(), run.connector.name.clone()),
            (t.conformance_runs_address(), run.connector.address.clone()),
            (t.conformance_runs_form(), form),
            (t.conformance_runs_wrote(), self.wrote()),
        ]
    }

    fn took(&self) -> String {
        let t = self.visit.t;
        let Some(started) = self.run.job.started_at else {
            return t.conformance_runs_not_started().to_owned();
        };
        let seconds = (self.run.job.ended_at.unwrap_or(self.now) - started) / 1_000;
        t.conformance_runs_seconds(seconds)
    }

    fn wrote(&self) -> String {
        let t = self.visit.t;
        let Some(writing) = &self.run.writing else {
            return t.conformance_runs_only_read().to_owned();
        };
        let kind = words::actor_type(t, writing.kind);
        match &writing.target {
            Target::New { .. } => {
                t.conformance_runs_may_create(named::kind(kind), named::marker(&writing.marker))
            }
            Target::Marked { key } => t.conformance_runs_may_save(
                named::key(key),
                named::kind(kind),
                named::marker(&writing.marker),
            ),
        }
    }

    fn before_place(&self) -> String {
        let before = self.before.as_ref().map(|run| run.job.id.to_string()).unwrap_or_default();
        format!("{}/{before}", self.place())
    }

    fn before_when(&self) -> String {
        let before = self.before.as_ref().map(|run| self.visit.moment(&run.asked_at));
        before.unwrap_or_default()
    }
}

fn is_going(job: &Job) -> bool {
    matches!(job.state, JobState::Waiting | JobState::Running)
}

/// How a run stands or ended: a word and the kind of its badge.
fn state(visit: &Visit, run: &ConformanceRun) -> (&'static str, &'static str) {
    let t = visit.t;
    match run.job.state {
        JobState::Waiting => (t.conformance_runs_state_waiting(), "info"),
        JobState::Running => (t.conformance_runs_state_running(), "info"),
        _ if run.job.stop_at.is_some() => (t.conformance_runs_state_stopped(), "warn"),
        JobState::Failed => (t.conformance_runs_state_broken(), "bad"),
        JobState::Done if run.tally.failed > 0 => (t.conformance_runs_state_failures(), "bad"),
        JobState::Done => (t.conformance_runs_state_good(), "good"),
    }
}
