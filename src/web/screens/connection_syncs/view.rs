//! Page struct of a connection's runs.

use std::collections::BTreeMap;

use askama::Template;

use crate::clock::Millis;
use crate::connections::ErpConnection;
use crate::crm::{Record, RecordId};
use crate::i18n::{Key, format};
use crate::links::{Link, LinkId};
use crate::runs::{Job, JobState, Trigger};
use crate::web::visit::Visit;
use crate::web::{captions, erp};

#[derive(Template)]
#[template(path = "connection_syncs/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub is_on: bool,
    pub running: Option<Job>,
    pub waiting: Option<Job>,
    /// Newest first.
    pub ended: Vec<Job>,
    pub failing: Vec<Failing>,
    /// The failing records shown stand behind this link; 0: they are the first ones.
    pub after: LinkId,
    pub has_more: bool,
    pub may_write: bool,
    pub may_see_erp: bool,
}

/// A record that could not be synchronised.
pub struct Failing {
    link: Link,
    /// Blank when the record is gone.
    name: String,
}

impl Failing {
    pub fn new(link: Link, records: &BTreeMap<RecordId, Record>) -> Self {
        let name = records.get(&link.record_id).map(|record| record.name().to_owned());
        Self { link, name: name.unwrap_or_default() }
    }

    fn name(&self) -> String {
        match self.name.as_str() {
            "" => self.link.record_id.to_string(),
            name => name.to_owned(),
        }
    }

    /// The record's ERP tab for those who may open it, the record itself for others.
    fn place(&self, may_see_erp: &bool) -> String {
        let tab = if *may_see_erp { "/erp" } else { "" };
        format!("/{}/{}{tab}", self.link.record_kind.path(), self.link.record_id)
    }

    /// Where the link can be taken away, if its actor is no longer there; blank if not.
    fn disconnect(&self) -> String {
        let failure = self.link.failure.as_ref();
        if failure.is_none_or(|failure| failure.reason.id != Key::SYNC_FAILED_GONE.id()) {
            return String::new();
        }
        format!("{}/{}/disconnect", self.place(&true), self.link.connection_id)
    }

    fn actor(&self, visit: &Visit) -> String {
        format!("{} {}", captions::actor_type(visit.t, self.link.actor.kind), self.link.actor.key)
    }

    fn reason(&self, visit: &Visit) -> String {
        let failure = self.link.failure.as_ref();
        failure.map(|failure| erp::reason(visit, &failure.reason)).unwrap_or_default()
    }

    fn tries(&self, visit: &Visit) -> String {
        visit.number(&self.link.failure.as_ref().map_or(0, |failure| failure.count))
    }

    fn next_try(&self, visit: &Visit) -> String {
        self.link.failure.as_ref().map(|f| visit.moment(&f.next_try)).unwrap_or_default()
    }
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

    /// What is going on, in a sentence.
    fn state(&self) -> String {
        let t = self.visit.t;
        match (&self.running, &self.waiting) {
            _ if !self.connection.is_active => t.connection_syncs_inactive().to_owned(),
            (Some(run), _) => t.connection_syncs_running(self.when(&run.started_at)),
            (None, Some(run)) if self.is_on || run.trigger == Trigger::Person => {
                t.connection_syncs_next(self.visit.moment(&run.due_at))
            }
            (None, _) if self.is_on => t.connection_syncs_soon().to_owned(),
            (None, _) => t.connection_syncs_off().to_owned(),
        }
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
        [
            (t.connection_syncs_to_crm(), run.counts.to_crm, log.clone()),
            (t.connection_syncs_to_erp(), run.counts.to_erp, log.clone()),
            (t.connection_syncs_conflicts(), run.counts.conflicts, log),
            (t.connection_syncs_failed(), run.counts.failed, "#failing".to_owned()),
            (t.connection_syncs_unreadable(), run.counts.unreadable, "#ended".to_owned()),
        ]
        .into_iter()
        .filter(|(_, number, _)| *number > 0)
        .map(|(caption, number, place)| (caption, self.visit.number(&number), place))
        .collect()
    }

    fn first(&self) -> String {
        if self.after == 0 { String::new() } else { format!("{}#failing", self.action()) }
    }

    fn next(&self) -> String {
        match self.failing.last() {
            Some(last) if self.has_more => {
                format!("{}?after={}#failing", self.action(), last.link.id)
            }
            _ => String::new(),
        }
    }
}
