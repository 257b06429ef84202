//! Page struct of the sync log.

use askama::Template;

use crate::connections::ErpConnection;
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogues, Field};
use crate::history::{Action, Details, Entry};
use crate::store::page::Page;
use crate::web::captions;
use crate::web::form::Problems;
use crate::web::history_filter::Wanted;
use crate::web::history_words as words;
use crate::web::page::{self, Neighbours};
use crate::web::visit::Visit;
use crate::web::{history_places, history_values as values};

/// A value to choose: what is sent, its caption, whether it is chosen.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "sync_log/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub wanted: &'a Wanted,
    /// The field that is filtered by, `company:phone`.
    pub field: &'a str,
    pub found: Page<Entry>,
    /// Also deleted ones: their past stays.
    pub connections: Vec<ErpConnection>,
    pub catalogues: Catalogues,
    pub problems: &'a Problems,
}

/// One row: a field that went from one side to the other, or the two values of a conflict.
pub struct Line<'a> {
    pub entry: &'a Entry,
    pub connection: &'a str,
    pub record: &'a str,
    /// Where the record can be looked at.
    pub place: Option<String>,
    pub source: &'a str,
    pub target: &'a str,
    pub is_to_crm: bool,
    pub is_conflict: bool,
    pub field: String,
    pub erp_field: String,
    pub old: String,
    pub new: String,
}

impl<'a> Line<'a> {
    pub fn of(visit: &'a Visit, catalogues: &Catalogues, entry: &'a Entry) -> Self {
        let is_conflict = entry.action == Action::Conflict.as_str();
        let (before, after) = (entry.before_details(), entry.after_details());
        let get = |of: &Details, name: &str| of.get(name).cloned().unwrap_or_default();
        let key = get(&after, "field");
        // A conflict names the side that stands; the other one is overwritten.
        let source = get(&after, if is_conflict { "winner" } else { "source" });
        let is_to_crm = source == "erp";
        let connection = visit.pick(&entry.connection_name);
        let (source, target, loser) = match is_to_crm {
            true => (connection, visit.crm_name.as_str(), "crm"),
            false => (visit.crm_name.as_str(), connection, "erp"),
        };
        let (old, new) = match is_conflict {
            true => (get(&before, loser), get(&before, if is_to_crm { "erp" } else { "crm" })),
            false => (get(&before, &key), get(&after, &key)),
        };
        let shown = |text: &str| words::cut(&values::value(visit, catalogues, entry, &key, text));
        Self {
            entry,
            connection,
            record: visit.pick(&entry.subject_name),
            place: history_places::of(visit, entry),
            source,
            target,
            is_to_crm,
            is_conflict,
            field: values::field(visit, catalogues, entry, &key),
            erp_field: get(&after, "erp-field"),
            old: shown(&old),
            new: shown(&new),
        }
    }
}

impl IndexPage<'_> {
    fn lines(&self) -> Vec<Line<'_>> {
        let line = |entry| Line::of(self.visit, &self.catalogues, entry);
        self.found.items.iter().map(line).collect()
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    /// The connections to choose from: id, name, chosen.
    fn connections(&self) -> Vec<Choice> {
        let choice = |connection: &ErpConnection| {
            let id = connection.id.to_string();
            let is_chosen = self.wanted.connection == id;
            (id, self.visit.pick(&connection.name).to_owned(), is_chosen)
        };
        self.connections.iter().map(choice).collect()
    }

    /// The CRM fields to choose from, by kind of record: value, caption, chosen.
    fn fields(&self) -> Vec<(&'static str, Vec<Choice>)> {
        let of_kind = |kind: RecordKind| {
            let choice = |field: &Field| {
                let value = format!("{}:{}", kind.as_str(), field.key);
                let is_chosen = self.field == value;
                (value, captions::field(self.visit, field), is_chosen)
            };
            let all = self.catalogues.of(kind).all().iter().map(choice).collect();
            (captions::record_kind(self.visit.t, kind), all)
        };
        RecordKind::ALL.map(of_kind).into()
    }

    fn neighbours(&self) -> Neighbours {
        page::neighbours(
            &self.found,
            |entry| entry.seq,
            |place, seq| self.address(&[(place, &seq.to_string())]),
        )
    }

    /// The same rows in the other order.
    fn turned(&self) -> String {
        let order = if self.wanted.is_oldest_first() { "" } else { "oldest" };
        self.address(&[("order", order)])
    }

    fn address(&self, more: &[(&str, &str)]) -> String {
        let mut more = more.to_vec();
        more.push(("field", self.field));
        self.wanted.address("/sync-log", &more)
    }

    fn direction(&self) -> &'static str {
        if self.wanted.is_oldest_first() { "ascending" } else { "descending" }
    }

    fn is_filtered(&self) -> bool {
        self.wanted.is_filtered() || !self.field.is_empty()
    }

    fn zone(&self) -> &str {
        self.visit.zone.iana_name().unwrap_or("UTC")
    }
}
