//! The page of the engine.

use askama::Template;

use crate::clock::{Millis, SECOND};
use crate::connections::ErpConnection;
use crate::i18n::named;
use crate::runs::{EngineSettings, Job};
use crate::web::conflict::{self, Conflict};
use crate::web::erp;
use crate::web::form::Problems;
use crate::web::intervals::Interval;
use crate::web::next_run::NextRun;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "sync_engine/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    pub now: Millis,
    pub settings: EngineSettings,
    /// The interval as typed.
    pub every: String,
    pub unit: &'a str,
    /// The interval the form was made of, in seconds; one that changed meanwhile is not overwritten unseen.
    pub version: String,
    pub problems: Problems,
    /// One per connection.
    pub runs: Vec<Run>,
    pub may_write: bool,
    /// The interval as typed, in seconds, when somebody else saved another one first.
    pub yours: Option<i64>,
}

/// Where a connection stands.
pub struct Run {
    pub connection: ErpConnection,
    /// The newest run that is over.
    pub last: Option<Job>,
    pub next: NextRun,
}

impl EditPage<'_> {
    fn units(&self) -> [(&'static str, &'static str, bool); 3] {
        let t = self.visit.t;
        let unit = |name, text| (name, text, self.unit == name);
        [
            unit("minutes", t.engine_minutes()),
            unit("hours", t.engine_hours()),
            unit("days", t.engine_days()),
        ]
    }

    /// Both intervals, when somebody else saved another one first.
    fn conflict(&self) -> Option<Conflict> {
        let (yours, t) = (self.yours?, self.visit.t);
        let yours = EngineSettings { interval: yours * SECOND, ..self.settings };
        let every = |settings: &EngineSettings| Interval::of(settings).every(t);
        let rows = [(t.engine_interval(), every(&self.settings), every(&yours))];
        Some(Conflict::with_somebody(self.visit, conflict::differences(rows)))
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    fn name<'a>(&'a self, run: &'a Run) -> &'a str {
        self.visit.pick(&run.connection.name)
    }

    fn last(&self, run: &Run) -> String {
        let ended = run.last.as_ref().and_then(|job| job.ended_at);
        ended
            .map_or_else(|| self.visit.t.sync_never().to_owned(), |ended| self.visit.moment(&ended))
    }

    fn did_fail(&self, run: &Run) -> bool {
        run.last.as_ref().is_some_and(|job| job.failure.is_some())
    }

    /// What the last run did, or why it failed.
    fn result(&self, run: &Run) -> String {
        let Some(job) = &run.last else { return String::new() };
        if let Some(reason) = &job.failure {
            return erp::reason(self.visit, reason);
        }
        let (t, counts) = (self.visit.t, &job.counts);
        match counts.is_eventful() {
            true => t.engine_did(
                named::conflicts(counts.conflicts),
                named::failed(counts.failed),
                named::to_crm(counts.to_crm),
                named::to_erp(counts.to_erp),
            ),
            false => t.engine_did_nothing().to_owned(),
        }
    }

    /// When the next run is due, and why there is none.
    fn next(&self, run: &Run) -> String {
        run.next.in_words(self.visit, &self.now)
    }
}
