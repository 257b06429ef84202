//! Page structs of an import.

use std::collections::BTreeSet;

use askama::Template;

use crate::connections::{ErpConnection, SyncConnector};
use crate::i18n::named;
use crate::versions::place::Part;
use crate::versions::state::ConnectionState;
use crate::versions::{Snapshot, file};
use crate::web::error::WebError;
use crate::web::form::Problems;
use crate::web::reconfigure::Plan;
use crate::web::version_words::plan::{self, PlanView};
use crate::web::version_words::{self as words, Group};
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "configuration_imports/new.html")]
pub struct NewPage<'a> {
    pub visit: &'a Visit,
    /// `None`: it becomes a new one.
    pub connection: Option<&'a ErpConnection>,
    /// As it was sent.
    pub file: String,
    pub problems: Problems,
    /// What an import into the connection would do.
    pub planned: Option<Planned>,
    /// What a new connection would begin with.
    pub start: Option<Start>,
}

pub struct Planned {
    pub view: PlanView,
    pub mark: String,
    pub parts: Vec<(Part, String, bool)>,
    /// Something changed after the plan was looked at.
    pub is_overtaken: bool,
}

impl Planned {
    pub fn of(visit: &Visit, plan: &Plan, parts: &BTreeSet<Part>) -> Result<Self, WebError> {
        Ok(Self {
            view: PlanView::of(visit, plan),
            mark: plan.mark()?,
            parts: plan::part_choices(visit, parts),
            is_overtaken: false,
        })
    }
}

/// A new connection before its form is opened.
pub struct Start {
    /// Id, name, and whether it is the one the file names.
    pub connectors: Vec<(i64, String, bool)>,
    /// What the file says about its connector, when none here is alike.
    pub missing: String,
    pub content: Vec<Group>,
}

impl Start {
    pub fn of(visit: &Visit, connectors: &[SyncConnector], wanted: &ConnectionState) -> Self {
        let named = &wanted.connector.0;
        let of_address = connectors.iter().find(|c| c.address == named.address);
        let found = of_address.or(connectors.iter().find(|c| c.name == named.name));
        let found = found.map(|connector| connector.id);
        let missing = match found {
            Some(_) => String::new(),
            None => visit.t.configuration_no_connector(
                named::address(&named.address),
                named::name(&named.name),
            ),
        };
        let choice = |c: &SyncConnector| (c.id, c.name.clone(), Some(c.id) == found);
        Self {
            connectors: connectors.iter().map(choice).collect(),
            missing,
            content: words::content(visit, &Snapshot::Connection(wanted.clone())),
        }
    }
}

impl<'a> NewPage<'a> {
    pub fn blank(visit: &'a Visit, connection: Option<&'a ErpConnection>) -> Self {
        let problems = Problems::default();
        Self { visit, connection, file: String::new(), problems, planned: None, start: None }
    }

    fn title(&self) -> String {
        match self.connection {
            Some(connection) => {
                self.visit.t.configuration_import_into(self.visit.pick(&connection.name))
            }
            None => self.visit.t.configuration_import_new().to_owned(),
        }
    }

    fn lead(&self) -> &'static str {
        match self.connection {
            Some(_) => self.visit.t.configuration_import_lead(),
            None => self.visit.t.configuration_import_new_lead(),
        }
    }

    fn action(&self) -> String {
        match self.connection {
            Some(connection) => format!("/connections/{}/imports", connection.id),
            None => "/connections/imports".to_owned(),
        }
    }

    fn back(&self) -> String {
        match self.connection {
            Some(connection) => format!("/connections/{}/versions", connection.id),
            None => "/sync".to_owned(),
        }
    }

    fn problem(&self) -> String {
        self.problems.at("file", &self.visit.t)
    }

    /// In bytes; the script refuses larger files before they are sent.
    fn largest(&self) -> usize {
        file::LARGEST
    }

    fn too_large(&self) -> String {
        self.visit.say(&file::Problem::TooLarge.message())
    }
}
