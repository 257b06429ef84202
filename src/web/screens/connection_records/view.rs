//! Page struct of a connection's linked records.

use std::collections::BTreeMap;

use askama::Template;

use crate::connections::ErpConnection;
use crate::crm::{Record, RecordId};
use crate::i18n::Key;
use crate::links::{Link, LinkState, Standing};
use crate::store::page::Page;
use crate::web::page::{self, Neighbours};
use crate::web::visit::Visit;
use crate::web::{captions, erp, health};

#[derive(Template)]
#[template(path = "connection_records/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub standing: Standing,
    pub state: LinkState,
    /// Part of the name.
    pub search: String,
    pub found: Page<Link>,
    pub records: BTreeMap<RecordId, Record>,
    pub may_see_erp: bool,
}

impl IndexPage<'_> {
    fn title(&self) -> String {
        self.visit.t.connection_records_title(self.visit.pick(&self.connection.name))
    }

    fn address(&self) -> String {
        format!("/connections/{}/records", self.connection.id)
    }

    /// Address, caption, whether it is the one shown, and how many there are.
    fn tabs(&self) -> [(String, &'static str, bool, String); 3] {
        let t = self.visit.t;
        LinkState::ALL.map(|state| {
            let caption = match state {
                LinkState::Failing => t.connection_records_failing(),
                LinkState::Waiting => t.connection_records_waiting(),
                LinkState::Linked => t.connection_records_linked(),
            };
            let count = health::count(self.visit, &self.standing, state);
            let address = health::records(self.connection.id, state);
            (address, caption, state == self.state, count)
        })
    }

    /// What the list is about.
    fn about(&self) -> &'static str {
        let t = self.visit.t;
        match self.state {
            LinkState::Failing => t.connection_records_failing_hint(),
            LinkState::Waiting => t.connection_records_waiting_hint(),
            LinkState::Linked => t.connection_records_linked_hint(),
        }
    }

    /// Why the list is empty without a search.
    fn empty(&self) -> &'static str {
        let t = self.visit.t;
        match self.state {
            LinkState::Failing => t.connection_records_none_failing(),
            LinkState::Waiting => t.connection_records_none_waiting(),
            LinkState::Linked => t.connection_records_none_linked(),
        }
    }

    fn name(&self, link: &Link) -> String {
        let record = self.records.get(&link.record_id);
        record.map_or_else(|| link.record_id.to_string(), |record| record.name().to_owned())
    }

    /// The record's ERP tab for those who may open it, the record itself for others.
    fn place(&self, link: &Link) -> String {
        let tab = if self.may_see_erp { "/erp" } else { "" };
        format!("/{}/{}{tab}", link.record_kind.path(), link.record_id)
    }

    /// Where the link can be taken away, if its actor is no longer there; blank if not.
    fn disconnect(&self, link: &Link) -> String {
        let is_gone = |id: &str| id == Key::SYNC_FAILED_GONE.id();
        match &link.failure {
            Some(failure) if self.may_see_erp && is_gone(&failure.reason.id) => {
                format!("{}/{}/disconnect", self.place(link), link.connection_id)
            }
            _ => String::new(),
        }
    }

    fn actor(&self, link: &Link) -> String {
        format!("{} {}", captions::actor_type(self.visit.t, link.actor.kind), link.actor.key)
    }

    /// How it stands in a word, and the badge's kind.
    fn standing_of(&self, link: &Link) -> (&'static str, &'static str) {
        let t = self.visit.t;
        match (&link.failure, link.is_dirty) {
            (Some(_), _) => (t.connection_records_is_failing(), "bad"),
            (None, true) => (t.connection_records_is_waiting(), "info"),
            (None, false) => (t.connection_records_is_in_step(), "good"),
        }
    }

    /// Why it fails, how often it was tried, and when it is tried again.
    fn reason(&self, link: &Link) -> Option<(String, String)> {
        let failure = link.failure.as_ref()?;
        let tries = self.visit.t.connection_records_tries(failure.count);
        let next = self.visit.t.connection_records_next_try(self.visit.moment(&failure.next_try));
        let tries = if failure.next_try > 0 { format!("{tries} {next}") } else { tries };
        Some((erp::reason(self.visit, &failure.reason), tries))
    }

    fn neighbours(&self) -> Neighbours {
        page::neighbours(
            &self.found,
            |link| link.record_id,
            |place, id| {
                let (state, id) = (self.state.as_str(), id.to_string());
                let parameters = [("state", state), ("search", &self.search), (place, &*id)];
                page::listing(&self.address(), &parameters)
            },
        )
    }
}
