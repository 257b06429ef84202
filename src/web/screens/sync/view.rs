//! Page structs of the sync screen.

use askama::Template;

use super::summary::Summary;
use crate::clock::Millis;
use crate::connections::{ErpConnection, SyncConnector};
use crate::i18n::Key;
use crate::links::Standing;
use crate::mapping::ActorMapping;
use crate::runs::EngineSettings;
use crate::web::health::{self, Figure};
use crate::web::intervals::Interval;
use crate::web::next_run::NextRun;
use crate::web::page;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "sync/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub now: Millis,
    pub engine: EngineSettings,
    pub connectors: Vec<SyncConnector>,
    pub rows: Vec<Row>,
    /// Which of the rows has its summary shown.
    pub chosen: Option<usize>,
    /// The address names a connection that never was.
    pub is_unknown: bool,
    /// Of the chosen one.
    pub mappings: Vec<ActorMapping>,
    pub with_deleted: bool,
    pub has_licence: bool,
    pub may_write: bool,
}

/// A connection in the list.
pub struct Row {
    pub connection: ErpConnection,
    /// How many users and groups may use it, when it is not for everyone.
    pub grants: usize,
    pub standing: Standing,
    pub next: NextRun,
}

impl IndexPage<'_> {
    fn chosen_row(&self) -> Option<&Row> {
        self.chosen.and_then(|place| self.rows.get(place))
    }

    fn is_chosen(&self, row: &Row) -> bool {
        self.chosen_row().is_some_and(|chosen| chosen.connection.id == row.connection.id)
    }

    fn every(&self) -> String {
        Interval::of(&self.engine).every(self.visit.t)
    }

    fn can_add_connection(&self) -> bool {
        self.connectors.iter().any(|connector| !connector.is_deleted)
    }

    /// What is synchronised in the chosen connection, actor type by actor type.
    fn summaries(&self) -> Vec<Summary> {
        self.mappings.iter().map(|mapping| Summary::of(self.visit, mapping)).collect()
    }

    /// When the engine begins the next run of any connection, and why there is none.
    fn engine_next(&self) -> String {
        let mut all = self.rows.iter().map(|row| row.next);
        match NextRun::first(all.clone()) {
            Some(next) => next.in_words(self.visit, &self.now),
            None if self.engine.is_on && all.any(|next| matches!(next, NextRun::Paused(_))) => {
                self.visit.t.engine_all_paused().to_owned()
            }
            None if self.engine.is_on => self.visit.t.engine_nothing_active().to_owned(),
            None => NextRun::Off.in_words(self.visit, &self.now),
        }
    }

    fn next_in_brief(&self, row: &Row) -> String {
        row.next.in_brief(self.visit, &self.now)
    }

    fn next(&self, row: &Row) -> String {
        row.next.in_words(self.visit, &self.now)
    }

    /// Who changed something last, and when.
    fn changed(&self, who: &str, when: &Millis) -> String {
        format!("{who}, {}", self.visit.moment(when))
    }

    /// This page with the deleted rows, or without them; the chosen row stays chosen while it is listed.
    fn other_listing(&self) -> String {
        let chosen = self.chosen_row().map(|row| &row.connection);
        let chosen = chosen.filter(|connection| !self.with_deleted || !connection.is_deleted);
        let chosen = chosen.map_or_else(String::new, |connection| connection.id.to_string());
        let deleted = if self.with_deleted { "" } else { "1" };
        page::listing("/sync", &[("connection", &chosen), ("deleted", deleted)])
    }

    /// Where the summary of a row is shown.
    fn address_of(&self, row: &Row) -> String {
        let deleted = if self.with_deleted { "&deleted=1" } else { "" };
        format!("/sync?connection={}{deleted}#summary", row.connection.id)
    }
}

impl Row {
    fn name<'a>(&'a self, visit: &Visit) -> &'a str {
        visit.pick(&self.connection.name)
    }

    fn class(&self, is_chosen: bool) -> &'static str {
        match (self.connection.is_deleted, is_chosen) {
            (true, _) => "off",
            (false, true) => "selected",
            (false, false) => "",
        }
    }

    fn scope(&self, visit: &Visit) -> String {
        if self.connection.is_for_everyone {
            visit.t.connections_everyone().to_owned()
        } else {
            visit.t.sync_scope_some(self.grants)
        }
    }

    fn switch_action(&self) -> String {
        let what = if self.connection.is_active { "deactivations" } else { "activations" };
        format!("/connections/{}/{what}", self.connection.id)
    }

    fn switch_text(&self, visit: &Visit) -> String {
        if self.connection.is_active {
            visit.t.sync_deactivate(self.name(visit))
        } else {
            visit.t.sync_activate(self.name(visit))
        }
    }

    /// Where its runs are.
    fn syncs(&self) -> String {
        format!("/connections/{}/syncs", self.connection.id)
    }

    fn figures(&self, visit: &Visit) -> Vec<Figure> {
        health::figures(visit, self.connection.id, &self.standing)
    }

    /// Why the engine leaves it alone for now; blank when it does not.
    fn paused(&self, visit: &Visit) -> &'static str {
        let why = self.connection.paused_because.as_deref().and_then(Key::parse);
        why.map_or("", |key| visit.plain(&key))
    }
}
