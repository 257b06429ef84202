//! Page structs of resyncs.

use std::collections::BTreeMap;

use askama::Template;

use super::form::ResyncForm;
use crate::clock::Millis;
use crate::connections::ErpConnection;
use crate::connector::types::ActorType;
use crate::crm::{Record, RecordId};
use crate::i18n::named;
use crate::mapping::ActorMapping;
use crate::runs::resync::{Choice, Item, ItemState, Resync, ResyncState};
use crate::store::page::Page;
use crate::store::resyncs::candidates::Candidate;
use crate::web::form::Problems;
use crate::web::page::{self, Neighbours};
use crate::web::visit::Visit;
use crate::web::{captions, erp};

#[derive(Template)]
#[template(path = "resyncs/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    /// Newest first.
    pub resyncs: Vec<Resync>,
    pub may_write: bool,
}

#[derive(Template)]
#[template(path = "resyncs/new.html")]
pub struct NewPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub types: Vec<ActorType>,
    /// Fields whose rule lets a blank empty the ERP's.
    pub blanking: usize,
    pub form: ResyncForm,
    /// The chosen records, then those a search found.
    pub rows: Vec<Candidate>,
    pub chosen: usize,
    pub problems: Problems,
}

#[derive(Template)]
#[template(path = "resyncs/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub mappings: Vec<ActorMapping>,
    pub resync: Resync,
    /// Records in this state are shown.
    pub state: ItemState,
    pub items: Page<Item>,
    pub records: BTreeMap<RecordId, Record>,
    pub may_write: bool,
    pub may_see_erp: bool,
}

/// The state whose records are shown first: those somebody may have to do something about.
pub fn first_shown(resync: &Resync) -> ItemState {
    let tally = &resync.tally;
    match resync.confirmed_at {
        None if tally.differing > 0 || tally.to_do() == 0 && resync.is_at_work() => ItemState::Open,
        None if tally.unread > 0 => ItemState::Unread,
        Some(_) if tally.failed > 0 => ItemState::Failed,
        Some(_) => ItemState::Written,
        None => ItemState::Nothing,
    }
}

fn which(visit: &Visit, resync: &Resync) -> String {
    match resync.choice {
        Choice::All => visit.t.resyncs_all().to_owned(),
        Choice::Type(kind) => visit.t.resyncs_of_type(captions::actor_type(visit.t, kind)),
        Choice::Chosen => visit.t.resyncs_chosen().to_owned(),
    }
}

fn state(visit: &Visit, resync: &Resync) -> (&'static str, &'static str) {
    let t = visit.t;
    match resync.state {
        ResyncState::Counting => (t.resyncs_state_counting(), "info"),
        ResyncState::Counted => (t.resyncs_state_counted(), "warn"),
        ResyncState::Running => (t.resyncs_state_running(), "info"),
        ResyncState::Done => (t.resyncs_state_done(), "good"),
        ResyncState::Failed => (t.resyncs_state_failed(), "bad"),
    }
}

impl IndexPage<'_> {
    fn name(&self) -> &str {
        self.visit.pick(&self.connection.name)
    }

    fn place(&self, resync: &Resync) -> String {
        format!("/connections/{}/resyncs/{}", self.connection.id, resync.id)
    }

    fn which(&self, resync: &Resync) -> String {
        which(self.visit, resync)
    }

    fn state(&self, resync: &Resync) -> (&'static str, &'static str) {
        state(self.visit, resync)
    }

    /// What it came to, in short.
    fn result(&self, resync: &Resync) -> String {
        let (t, tally) = (self.visit.t, &resync.tally);
        match resync.confirmed_at {
            Some(_) => t.resyncs_wrote(
                named::failed(tally.failed),
                named::fields(tally.fields_written),
                named::records(tally.written),
            ),
            None => {
                t.resyncs_would_write(named::fields(tally.fields), named::records(tally.differing))
            }
        }
    }
}

impl NewPage<'_> {
    fn name(&self) -> &str {
        self.visit.pick(&self.connection.name)
    }

    fn action(&self) -> String {
        format!("/connections/{}/resyncs", self.connection.id)
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    fn is(&self, choice: &str) -> bool {
        self.form.choice == choice
    }

    /// Name in the database, caption, chosen.
    fn kinds(&self) -> Vec<(&'static str, &'static str, bool)> {
        let kind = |kind: &ActorType| {
            let name = kind.as_str();
            (name, captions::actor_type(self.visit.t, *kind), self.form.kind == name)
        };
        self.types.iter().map(kind).collect()
    }

    fn is_chosen(&self, place: &usize) -> bool {
        *place <= self.chosen
    }

    fn actor(&self, row: &Candidate) -> String {
        format!("{} {}", captions::actor_type(self.visit.t, row.actor.kind), row.actor.key)
    }

    fn blanks_hint(&self) -> String {
        self.visit.t.resyncs_blanks_hint(self.blanking)
    }
}

impl ShowPage<'_> {
    fn name(&self) -> &str {
        self.visit.pick(&self.connection.name)
    }

    fn address(&self) -> String {
        format!("/connections/{}/resyncs/{}", self.connection.id, self.resync.id)
    }

    fn which(&self) -> String {
        which(self.visit, &self.resync)
    }

    fn badge(&self) -> (&'static str, &'static str) {
        state(self.visit, &self.resync)
    }

    fn asked(&self) -> String {
        let when = self.visit.moment(&self.resync.created_at);
        self.visit.t.resyncs_asked(named::when(when), named::who(&self.resync.requested_by))
    }

    fn is_state(&self, name: &str) -> bool {
        self.resync.state.as_str() == name
    }

    fn moment(&self, at: &Option<Millis>) -> String {
        at.as_ref().map(|at| self.visit.moment(at)).unwrap_or_default()
    }

    fn failure(&self) -> String {
        let failure = self.resync.failure.as_ref();
        failure.map(|reason| erp::reason(self.visit, reason)).unwrap_or_default()
    }

    /// How far it is: done, of how many, and both in words.
    fn progress(&self) -> (i64, i64, String) {
        let tally = &self.resync.tally;
        let (done, total) = match self.resync.state {
            ResyncState::Counting => (tally.counted(), tally.total.unwrap_or_default()),
            _ => (tally.dealt_with(), tally.to_do()),
        };
        let (shown, of) = (self.visit.number(&done), self.visit.number(&total));
        (done, total.max(1), self.visit.t.resyncs_of(named::done(shown), named::total(of)))
    }

    /// The figures: state, caption, number; each leads to its records.
    fn figures(&self) -> Vec<(&'static str, &'static str, i64)> {
        let (t, tally) = (self.visit.t, &self.resync.tally);
        let nothing = ("nothing", t.resyncs_nothing(), tally.nothing + tally.settled);
        let mut figures = match self.resync.confirmed_at {
            None => vec![
                ("open", t.resyncs_open(), tally.differing),
                ("unread", t.resyncs_unread(), tally.unread),
            ],
            Some(_) => vec![
                ("written", t.resyncs_written(), tally.written),
                ("failed", t.resyncs_failed(), tally.failed),
                ("open", t.resyncs_left(), tally.open()),
            ],
        };
        if self.resync.confirmed_at.is_some() && tally.open() == 0 {
            figures.pop();
        }
        figures.push(nothing);
        figures
    }

    fn is_shown(&self, name: &str) -> bool {
        self.state.as_str() == name
    }

    fn blanks(&self) -> &'static str {
        if self.resync.with_blanks { self.visit.t.yes() } else { self.visit.t.no() }
    }

    fn question(&self) -> String {
        let tally = &self.resync.tally;
        self.visit.t.resyncs_question(
            named::fields(tally.fields),
            named::name(self.name()),
            named::records(tally.differing),
        )
    }

    /// Whether somebody may want to count once more what was left.
    fn has_left(&self) -> bool {
        let is_over = matches!(self.resync.state, ResyncState::Done | ResyncState::Failed);
        is_over && self.resync.tally.failed + self.resync.tally.open() > 0
    }

    fn record(&self, item: &Item) -> String {
        let name = self.records.get(&item.record_id).map(|record| record.name());
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| item.record_id.to_string())
    }

    /// The record's ERP tab for those who may open it, the record itself for others.
    fn place(&self, item: &Item) -> String {
        let tab = if self.may_see_erp { "/erp" } else { "" };
        format!("/{}/{}{tab}", item.record_kind.path(), item.record_id)
    }

    fn actor(&self, item: &Item) -> String {
        format!("{} {}", captions::actor_type(self.visit.t, item.actor.kind), item.actor.key)
    }

    fn outcome(&self, item: &Item) -> (&'static str, &'static str) {
        let t = self.visit.t;
        match item.state {
            ItemState::Chosen => (t.resyncs_item_chosen(), "off"),
            ItemState::Open if self.resync.confirmed_at.is_none() => {
                (t.resyncs_item_open(), "info")
            }
            ItemState::Open => (t.resyncs_item_left(), "off"),
            ItemState::Unread => (t.resyncs_item_unread(), "warn"),
            ItemState::Nothing => (t.resyncs_item_nothing(), "off"),
            ItemState::Written => (t.resyncs_item_written(), "good"),
            ItemState::Failed => (t.resyncs_item_failed(), "bad"),
        }
    }

    /// Names of the fields to be written, or written.
    fn fields(&self, item: &Item) -> String {
        let mapping = self.mappings.iter().find(|mapping| mapping.kind == item.actor.kind);
        let name = |key: &String| {
            let field = mapping.and_then(|mapping| mapping.field(key));
            let name = field.map(|field| self.visit.pick(&field.erp.name));
            name.filter(|name| !name.is_empty()).unwrap_or(key).to_owned()
        };
        item.fields.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    fn reason(&self, item: &Item) -> String {
        item.reason.as_ref().map(|reason| erp::reason(self.visit, reason)).unwrap_or_default()
    }

    fn neighbours(&self) -> Neighbours {
        let state = self.state.as_str();
        page::neighbours(
            &self.items,
            |item| item.link_id,
            |place, id| {
                let to = [("state", state), (place, &id.to_string())];
                format!("{}#records", page::listing(&self.address(), &to))
            },
        )
    }
}
