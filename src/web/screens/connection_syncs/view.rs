//! Page struct of a connection's runs.

use askama::Template;

use crate::clock::Millis;
use crate::connections::ErpConnection;
use crate::i18n::{Key, format};
use crate::links::LinkState;
use crate::runs::{Job, JobState, Trigger};
use crate::web::erp;
use crate::web::health::{self, Figure};
use crate::web::next_run::NextRun;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "connection_syncs/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub now: Millis,
    pub next: NextRun,
    /// Newest first.
    pub ended: Vec<Job>,
    /// How its records stand.
    pub figures: Vec<Figure>,
    pub may_write: bool,
}

impl IndexPage<'_> {
    fn title(&self) -> String {
        self.visit.t.connection_syncs_title(self.visit.pick(&self.connection.name))
    }

    fn trail(&self) -> String {
        format!("/sync?connection={}", self.connection.id)
    }

    fn action(&self) -> String {
        format!("/connections/{}/syncs", self.connection.id)
    }

    /// Why the engine leaves the connection alone for now; blank when it does not.
    fn paused(&self) -> &'static str {
        let why = self.connection.paused_because.as_deref().and_then(Key::parse);
        why.map_or("", |key| self.visit.plain(&key))
    }

    /// When it runs next, in words.
    fn next_run(&self) -> String {
        self.next.in_words(self.visit, &self.now)
    }

    fn when(&self, at: &Option<Millis>) -> String {
        at.as_ref().map(|at| self.visit.moment(at)).unwrap_or_default()
    }

    fn asked_by<'a>(&self, run: &'a Job) -> &'a str {
        match run.trigger {
            Trigger::Schedule => self.visit.t.connection_syncs_schedule(),
            Trigger::Person => &run.requested_by,
        }
    }

    fn has_failed(&self, run: &Job) -> bool {
        run.state == JobState::Failed
    }

    fn failure(&self, run: &Job) -> String {
        run.failure.as_ref().map(|reason| erp::reason(self.visit, reason)).unwrap_or_default()
    }

    /// What the ERP had to say although it did its work, and what of its answers could not be read.
    fn notes(&self, run: &Job) -> Vec<String> {
        run.notes.iter().map(|note| erp::reason(self.visit, note)).collect()
    }

    /// What a run did: caption, number, where the rows behind it are.
    fn counts(&self, run: &Job) -> Vec<(&'static str, String, String)> {
        let t = self.visit.t;
        let day =
            run.started_at.map(|at| format::iso_day(at, &self.visit.zone)).unwrap_or_default();
        let log = format!("/sync-log?connection={}&from={day}&until={day}", self.connection.id);
        let failing = health::records(self.connection.id, LinkState::Failing);
        [
            (t.connection_syncs_to_crm(), run.counts.to_crm, log.clone()),
            (t.connection_syncs_to_erp(), run.counts.to_erp, log.clone()),
            (t.connection_syncs_conflicts(), run.counts.conflicts, log),
            (t.connection_syncs_failed(), run.counts.failed, failing),
            (t.connection_syncs_unreadable(), run.counts.unreadable, "#ended".to_owned()),
        ]
        .into_iter()
        .filter(|(_, number, _)| *number > 0)
        .map(|(caption, number, place)| (caption, self.visit.number(&number), place))
        .collect()
    }
}
