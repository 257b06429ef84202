//! Page structs of the sync screen.

use askama::Template;

use crate::connections::{ErpConnection, SyncConnector};
use crate::i18n::{Key, named};
use crate::links::Standing;
use crate::mapping::{ActorMapping, FieldMapping, Pair, display};
use crate::runs::EngineSettings;
use crate::web::captions;
use crate::web::intervals::Interval;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "sync/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub engine: EngineSettings,
    pub connectors: Vec<SyncConnector>,
    pub rows: Vec<Row>,
    /// Which of the rows has its summary shown.
    pub chosen: Option<usize>,
    /// Of the chosen one.
    pub mappings: Vec<ActorMapping>,
    pub with_deleted: bool,
    pub has_licence: bool,
    pub may_write: bool,
}

/// One actor type of the chosen connection.
pub struct Summary {
    pub actor: &'static str,
    pub is_on: bool,
    /// The fields that synchronise, with their directions.
    pub fields: String,
    /// What new actors in the ERP get besides.
    pub defaults: String,
}

fn fields(visit: &Visit, mapping: &ActorMapping) -> String {
    let pairs = mapping.pairs();
    let text = |pair: &Pair<'_>| {
        let arrow = pair.field.direction.arrow();
        let crm = captions::field(visit, &pair.crm);
        format!("{} {arrow} {crm}", visit.pick(&pair.field.erp.name))
    };
    pairs.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn defaults(visit: &Visit, mapping: &ActorMapping) -> String {
    let text = |field: &FieldMapping| {
        let rule = field.default.as_ref()?;
        let raw = rule.value.as_deref().unwrap_or_default();
        let value = display::display(&field.erp, raw, &Default::default(), visit.t);
        let name = visit.pick(&field.erp.name);
        Some(match (value.is_empty(), rule.asks_user) {
            (true, _) => visit.t.sync_default_asked(name),
            (false, true) => visit.t.sync_default_offered(named::name(name), named::value(value)),
            (false, false) => visit.t.sync_default_set(named::name(name), named::value(value)),
        })
    };
    mapping.fields.iter().filter_map(text).collect::<Vec<_>>().join(", ")
}

/// A connection in the list.
pub struct Row {
    pub connection: ErpConnection,
    /// How many users and groups may use it, when it is not for everyone.
    pub grants: usize,
    pub standing: Standing,
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
        let visit = self.visit;
        let of = |mapping: &ActorMapping| Summary {
            actor: captions::actor_type(visit.t, mapping.kind),
            is_on: mapping.is_active && !mapping.is_missing,
            fields: fields(visit, mapping),
            defaults: defaults(visit, mapping),
        };
        self.mappings.iter().map(of).collect()
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

    /// Where its runs and failing records are.
    fn syncs(&self) -> String {
        format!("/connections/{}/syncs", self.connection.id)
    }

    /// How its links stand, in words, and how good that is.
    fn health(&self, visit: &Visit) -> Vec<(String, &'static str)> {
        let Standing { linked, waiting, failing } = self.standing;
        let mut health = Vec::new();
        if failing > 0 {
            health.push((visit.t.sync_failing(failing), "bad"));
        }
        if waiting > 0 {
            health.push((visit.t.sync_waiting(waiting), "info"));
        }
        match linked {
            0 => vec![(visit.t.sync_no_links().to_owned(), "off")],
            _ if health.is_empty() => vec![(visit.t.sync_in_step(linked), "good")],
            _ => health,
        }
    }

    /// Why the engine leaves it alone for now; blank when it does not.
    fn paused(&self, visit: &Visit) -> &'static str {
        let why = self.connection.paused_because.as_deref().and_then(Key::parse);
        why.map_or("", |key| visit.plain(&key))
    }
}
