//! Page structs of the connectors screen.

use askama::Template;

use super::form::ConnectorForm;
use super::probe::Probe;
use crate::connections::{ErpConnection, SyncConnector};
use crate::connector::operation::{CONTRACT, Operation};
use crate::connector::types::{FieldType, WireForm};
use crate::i18n::named;
use crate::web::failure;
use crate::web::form::Problems;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "connectors/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub connector: SyncConnector,
    /// The connections that use it.
    pub connections: Vec<ErpConnection>,
    pub may_write: bool,
}

impl ShowPage<'_> {
    fn changed(&self) -> String {
        let connector = &self.connector;
        self.visit.t.sync_changed(
            named::when(self.visit.moment(&connector.updated_at)),
            named::who(&connector.updated_by),
        )
    }
}

#[derive(Template)]
#[template(path = "connectors/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    /// None: a new one.
    pub connector: Option<&'a SyncConnector>,
    pub form: &'a ConnectorForm,
    pub problems: &'a Problems,
    /// What a test just found.
    pub probe: Option<Probe>,
    /// Why a test just failed, though the address is one that may be called.
    pub failed: Option<String>,
    /// The line that the configuration file lacks.
    pub missing_line: Option<String>,
    /// What is typed rests on a version that somebody has replaced.
    pub is_overtaken: bool,
}

impl EditPage<'_> {
    fn title(&self) -> &'static str {
        match self.connector {
            Some(_) => self.visit.t.connectors_edit(),
            None => self.visit.t.connectors_add(),
        }
    }

    fn action(&self) -> String {
        match self.connector {
            Some(connector) => format!("/connectors/{}", connector.id),
            None => "/connectors".to_owned(),
        }
    }

    fn cancel(&self) -> String {
        match self.connector {
            Some(connector) => format!("/connectors/{}", connector.id),
            None => "/sync".to_owned(),
        }
    }

    fn problem(&self, field: &str) -> String {
        self.problems.at(field, &self.visit.t)
    }

    /// The version the form rests on: when somebody was faster, theirs.
    fn version(&self) -> String {
        match self.connector {
            Some(connector) if self.is_overtaken => connector.version.to_string(),
            _ => self.form.version.clone(),
        }
    }

    fn theirs(&self) -> String {
        let Some(connector) = self.connector else { return String::new() };
        self.visit.t.connectors_theirs(
            named::address(&connector.address),
            named::name(&connector.name),
            named::when(self.visit.moment(&connector.updated_at)),
            named::who(&connector.updated_by),
        )
    }

    fn line_to_add(&self) -> String {
        let line = self.missing_line.as_deref().unwrap_or_default();
        format!("[connectors]\nallowed = [\"{line}\"]")
    }
}

impl Probe {
    /// The kind of its notice.
    fn kind(&self) -> &'static str {
        if self.missing().is_empty() { "good" } else { "warn" }
    }

    /// The contract, and as what the service names it.
    fn contract(&self) -> String {
        match &self.wire {
            Some(wire) => format!("{CONTRACT}, {}", wire.service_namespace),
            None => CONTRACT.to_owned(),
        }
    }

    /// How many of the operations it offers, in words.
    fn operations(&self, visit: &Visit) -> String {
        let Some(offered) = &self.offered else {
            return visit.t.connectors_operations_unknown().to_owned();
        };
        match self.missing().as_slice() {
            [] => visit.t.connectors_operations_all(Operation::ALL.len()),
            missing => visit.t.connectors_operations_missing(
                named::all(Operation::ALL.len()),
                named::count(offered.len()),
                named::missing(missing.join(", ")),
            ),
        }
    }

    /// The operations it offers, by name.
    fn offered_names(&self) -> Vec<&'static str> {
        self.offered.iter().flatten().map(|operation| operation.name()).collect()
    }

    fn milliseconds(&self) -> String {
        self.took.as_millis().to_string()
    }

    fn note_in(&self, visit: &Visit) -> String {
        failure::said(&self.note, visit.language)
    }

    /// The names of the fields that a connection fills in.
    fn field_names(&self, visit: &Visit) -> String {
        let names = self.fields.iter().filter(|field| field.kind != FieldType::Label);
        names.map(|field| visit.pick(&field.name)).collect::<Vec<_>>().join(", ")
    }
}

/// How a connector speaks, in a word: the data types' namespace is the service's own or .NET's default.
fn wire_text(visit: &Visit, wire: &WireForm) -> &'static str {
    if wire.data_namespace == wire.service_namespace {
        visit.t.connectors_wire_own()
    } else {
        visit.t.connectors_wire_apart()
    }
}
