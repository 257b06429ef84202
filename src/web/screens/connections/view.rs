//! Page structs of the connections screen.

use askama::Template;

use super::draft::Draft;
use crate::connections::{ErpConnection, Scope};
use crate::connector::types::{FieldInfo, FieldType};
use crate::i18n::named;
use crate::mapping::display;
use crate::store::configuration::Shown;
use crate::web::conflict::Conflict;
use crate::web::failure;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "connections/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    /// Who is in the scope, by name, with their rights.
    pub grants: Vec<(String, &'static str)>,
    pub shown: Shown,
    pub may_write: bool,
}

impl ShowPage<'_> {
    fn name(&self) -> &str {
        self.visit.pick(&self.connection.name)
    }

    fn changed(&self) -> String {
        let connection = &self.connection;
        self.visit.t.sync_changed(
            named::when(self.visit.moment(&connection.updated_at)),
            named::who(&connection.updated_by),
        )
    }

    /// Caption and value of each configuration field; of a password only whether there is one.
    fn configuration(&self) -> Vec<(&str, String)> {
        let fields = self.connection.config_fields.iter();
        fields
            .filter(|field| field.kind != FieldType::Label)
            .map(|field| (self.visit.pick(&field.name), self.value(field)))
            .collect()
    }

    fn value(&self, field: &FieldInfo) -> String {
        if field.kind == FieldType::Password {
            return secret(self.visit, self.shown.secrets.contains_key(&field.key)).to_owned();
        }
        let raw = self.shown.values.get(&field.key).map(String::as_str).unwrap_or_default();
        display::display(field, raw, &Default::default(), self.visit.t)
    }
}

/// All that is ever said about a secret.
pub fn secret(visit: &Visit, is_set: bool) -> &'static str {
    if is_set { visit.t.connections_secret_set() } else { visit.t.connections_secret_missing() }
}

#[derive(Template)]
#[template(path = "connections/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    pub draft: &'a Draft<'a>,
    /// See [`super::kept`].
    pub kept: String,
    /// What somebody else saved first.
    pub conflict: Option<Conflict>,
}

impl<'a> EditPage<'a> {
    pub fn of(draft: &'a Draft<'a>, kept: String) -> Self {
        Self { visit: draft.visit, draft, kept, conflict: None }
    }

    fn old(&self) -> Option<&ErpConnection> {
        self.draft.old.as_ref().map(|old| &old.connection)
    }

    fn title(&self) -> &'static str {
        match self.old() {
            Some(_) => self.visit.t.connections_edit(),
            None => self.visit.t.connections_new(),
        }
    }

    fn lead(&self) -> String {
        self.old().map_or_else(
            || self.visit.t.connections_new_lead().to_owned(),
            |old| self.visit.pick(&old.name).to_owned(),
        )
    }

    fn action(&self) -> String {
        match self.draft.id() {
            Some(id) => format!("/connections/{id}"),
            None => "/connections".to_owned(),
        }
    }

    fn cancel(&self) -> String {
        match self.draft.id() {
            Some(id) => format!("/sync?connection={id}"),
            None => "/sync".to_owned(),
        }
    }

    fn version(&self) -> String {
        match self.old() {
            Some(old) if self.conflict.is_some() => old.version.to_string(),
            _ => self.draft.form.version.clone(),
        }
    }

    pub(super) fn problem(&self, field: &str) -> String {
        self.draft.problems.at(field, &self.visit.t)
    }

    fn away(&self) -> String {
        let why = self.draft.away.as_ref();
        why.map_or_else(String::new, |why| {
            self.visit.say(&failure::message(why, self.visit.language))
        })
    }

    /// There is nothing to begin a new one with.
    fn lacks_connector(&self) -> bool {
        self.draft.old.is_none() && self.draft.connectors.is_empty()
    }

    /// Id, name and whether it is the chosen one.
    fn connectors(&self) -> Vec<(i64, &str, bool)> {
        let chosen = self.draft.connector.as_ref().map(|connector| connector.id);
        let connectors = self.draft.connectors.iter();
        connectors.map(|c| (c.id, c.name.as_str(), Some(c.id) == chosen)).collect()
    }

    /// Of a stored connection.
    fn scope_in_words(&self) -> String {
        let t = self.visit.t;
        match self.draft.old.as_ref().map(|old| &old.scope) {
            Some(Scope::Only(rows)) => t.sync_scope_some(rows.len()),
            _ => t.connections_everyone().to_owned(),
        }
    }

    fn old_connector(&self) -> &str {
        self.old().map_or("", |old| &old.connector_name)
    }

    fn address(&self) -> &str {
        self.draft.connector.as_ref().map_or("", |connector| &connector.address)
    }

    fn has_fields(&self) -> bool {
        self.draft.declared.as_ref().is_some_and(|declared| !declared.fields.is_empty())
    }

    /// OK can be pressed without scripts, too.
    fn may_save(&self) -> bool {
        self.draft.is_active() || !self.draft.tested.mark.is_empty()
    }

    fn tested_text(&self) -> &'static str {
        if self.draft.old.is_some() && !self.draft.tested.is_fresh {
            self.visit.t.connections_unchanged()
        } else {
            self.visit.t.connections_test_passed()
        }
    }
}
