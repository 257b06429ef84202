//! Page structs of the history screen.

use askama::Template;

use crate::connections::ErpConnection;
use crate::crm::fields::Catalogues;
use crate::history::{Action, Entry, Subject};
use crate::i18n::named;
use crate::store::history_head::HeadTrouble;
use crate::store::page::Page;
use crate::users::Role;
use crate::web::captions;
use crate::web::form::Problems;
use crate::web::history_filter::Wanted;
use crate::web::history_values::{self as values, Change};
use crate::web::history_words as words;
use crate::web::page::{self, Neighbours};
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "history/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub wanted: &'a Wanted,
    pub found: Page<Entry>,
    pub choices: Choices,
    pub catalogues: Catalogues,
    /// Why the signed head outside the database does not follow.
    pub head: Option<HeadTrouble>,
    pub problems: &'a Problems,
}

/// What a filter offers.
pub struct Choices {
    /// Also deleted ones: their past stays.
    pub connections: Vec<ErpConnection>,
    pub people: Vec<String>,
}

/// One option of a filter: value, text, chosen.
type Choice = (String, String, bool);

/// One row as the table shows it.
pub struct Line<'a> {
    pub entry: &'a Entry,
    pub who: String,
    pub role: String,
    pub connection: &'a str,
    pub action: String,
    pub subject: String,
    pub before: String,
    pub after: String,
}

impl<'a> Line<'a> {
    fn of(visit: &'a Visit, catalogues: &Catalogues, entry: &'a Entry) -> Self {
        let changes = values::changes(visit, catalogues, entry);
        Self {
            entry,
            who: words::who(visit.t, entry),
            role: words::role(visit.t, &entry.actor_role),
            connection: visit.pick(&entry.connection_name),
            action: words::action(visit.t, &entry.action),
            subject: words::subject(visit, entry),
            before: values::summary(&changes, |change| &change.before),
            after: values::summary(&changes, |change| &change.after),
        }
    }
}

impl IndexPage<'_> {
    fn lines(&self) -> Vec<Line<'_>> {
        let line = |entry| Line::of(self.visit, &self.catalogues, entry);
        self.found.items.iter().map(line).collect()
    }

    /// What is wrong with the signed head outside the database.
    fn head(&self) -> Option<String> {
        self.head.as_ref().map(|trouble| words::head(self.visit.t, trouble.as_str()).to_owned())
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    fn connections(&self) -> Vec<Choice> {
        let choice = |connection: &ErpConnection| {
            let id = connection.id.to_string();
            let is_chosen = self.wanted.connection == id;
            (id, self.visit.pick(&connection.name).to_owned(), is_chosen)
        };
        self.choices.connections.iter().map(choice).collect()
    }

    fn people(&self) -> Vec<Choice> {
        let text = |name: &str| words::who_by_name(self.visit.t, name);
        let named = self.choices.people.iter().filter(|name| !name.is_empty());
        named.map(|name| (name.clone(), text(name), self.wanted.who == *name)).collect()
    }

    fn roles(&self) -> Vec<Choice> {
        let choice = |role: Role| {
            let text = captions::role(self.visit.t, role).to_owned();
            (role.as_str().to_owned(), text, self.wanted.role == role.as_str())
        };
        Role::ALL.map(choice).into()
    }

    fn actions(&self) -> Vec<Choice> {
        let choice = |action: &Action| {
            let name = action.as_str();
            (name.to_owned(), words::action(self.visit.t, name), self.wanted.action == name)
        };
        let mut all: Vec<Choice> = Action::ALL.iter().map(choice).collect();
        all.sort_by_key(|(_, text, _)| text.to_lowercase());
        all
    }

    /// The kinds of subjects, and the one thing the address names.
    fn subjects(&self) -> Vec<Choice> {
        let wanted = &self.wanted.subject;
        let choice =
            |kind: &str| (kind.to_owned(), words::subject_kind(self.visit.t, kind), wanted == kind);
        let mut all: Vec<Choice> = Subject::KINDS.map(choice).into();
        all.sort_by_key(|(_, text, _)| text.to_lowercase());
        if wanted.contains('/') {
            all.insert(0, (wanted.clone(), self.visit.t.history_only_this().to_owned(), true));
        }
        all
    }

    fn neighbours(&self) -> Neighbours {
        page::neighbours(
            &self.found,
            |entry| entry.seq,
            |place, seq| self.wanted.address("/history", &[(place, &seq.to_string())]),
        )
    }

    /// The same rows in the other order.
    fn turned(&self) -> String {
        let order = if self.wanted.is_oldest_first() { "" } else { "oldest" };
        self.wanted.address("/history", &[("order", order)])
    }

    fn direction(&self) -> &'static str {
        if self.wanted.is_oldest_first() { "ascending" } else { "descending" }
    }

    fn zone(&self) -> &str {
        self.visit.zone.iana_name().unwrap_or("UTC")
    }
}

#[derive(Template)]
#[template(path = "history/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub entry: Entry,
    /// It and the rows around it.
    pub around: Vec<Entry>,
    /// What happened next to the same thing.
    pub later: Vec<Entry>,
    pub catalogues: Catalogues,
    /// Where its subject can be looked at.
    pub place: Option<String>,
}

impl ShowPage<'_> {
    fn title(&self) -> String {
        let action = words::action(self.visit.t, &self.entry.action);
        self.visit.t.history_row(
            named::action(action),
            named::subject(words::subject(self.visit, &self.entry)),
        )
    }

    fn line(&self) -> Line<'_> {
        self.line_of(&self.entry)
    }

    fn line_of<'a>(&'a self, entry: &'a Entry) -> Line<'a> {
        Line::of(self.visit, &self.catalogues, entry)
    }

    fn changes(&self) -> Vec<Change> {
        values::changes(self.visit, &self.catalogues, &self.entry)
    }

    fn around(&self) -> Vec<Line<'_>> {
        self.around.iter().map(|entry| self.line_of(entry)).collect()
    }

    fn later(&self) -> Vec<Line<'_>> {
        self.later.iter().map(|entry| self.line_of(entry)).collect()
    }

    fn is_this(&self, line: &Line<'_>) -> bool {
        line.entry.seq == self.entry.seq
    }

    /// Everything about the same thing.
    fn all_of_it(&self) -> Option<String> {
        let subject = format!("{}/{}", self.entry.subject_kind, self.entry.subject_id?);
        Some(page::listing("/history", &[("subject", &subject)]))
    }
}
