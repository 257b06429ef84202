//! A connection as it stands in the form: new or being edited, with all that is needed to show it, to
//! test it and to save it.

use super::declared::Declared;
use super::form::ConnectionForm;
use super::imported;
use super::kept::{self, Kept, Place};
use super::values::{self, Values};
use crate::connections::{ConnectionId, ErpConnection, Scope, SyncConnector};
use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::connector::types::{ConnectionGuid, Settings};
use crate::mapping::tags::Facts;
use crate::store::{access, configuration, connectors};
use crate::web::Portal;
use crate::web::error::WebError;
use crate::web::form::{Pairs, Problems};
use crate::web::found;
use crate::web::scope::{self, ScopePart};
use crate::web::version_words;
use crate::web::visit::Visit;

/// The connection being edited, as it is stored.
pub struct Old {
    pub connection: ErpConnection,
    /// With its secrets; they never reach a page.
    pub settings: Settings,
    pub scope: Scope,
}

/// How the typed configuration stands with its test.
#[derive(Default)]
pub struct Tested {
    /// Blank: not tested, or changed since.
    pub mark: String,
    /// The test was made just now.
    pub is_fresh: bool,
    /// What the connector wants said besides.
    pub note: String,
}

pub struct Draft<'a> {
    pub visit: &'a Visit,
    pub portal: &'a Portal,
    pub old: Option<Old>,
    pub form: ConnectionForm,
    pub typed: Pairs,
    /// The connectors to choose from.
    pub connectors: Vec<SyncConnector>,
    pub connector: Option<SyncConnector>,
    /// What the connector asks for; none while no connector is chosen, or when it could not say.
    pub declared: Option<Declared>,
    /// Why it could not.
    pub away: Option<Failure>,
    pub values: Values,
    /// Of a new connection; that of a stored one has a page of its own.
    pub scope: Option<ScopePart>,
    pub problems: Problems,
    pub tested: Tested,
    /// What the form could not take over of the file it began with: part, and what is missing.
    pub left_out: Vec<(String, String)>,
}

impl<'a> Draft<'a> {
    /// A stored connection, as it is.
    pub async fn edit(
        visit: &'a Visit,
        portal: &'a Portal,
        connection: ErpConnection,
    ) -> Result<Self, WebError> {
        let form = ConnectionForm::of(&connection);
        Self::of(visit, portal, Some(connection), form, Pairs::default()).await
    }

    /// What was posted.
    pub async fn of(
        visit: &'a Visit,
        portal: &'a Portal,
        connection: Option<ErpConnection>,
        form: ConnectionForm,
        typed: Pairs,
    ) -> Result<Self, WebError> {
        let connectors = connectors::list(&portal.store).await?;
        let chosen = connection.as_ref().map(|c| c.connector_id).or(form.connector_id());
        let connector = match chosen {
            Some(id) => connectors::find(&portal.store, id).await?,
            None => None,
        };
        let connector = connector.filter(|c| connection.is_some() || !c.is_deleted);
        let scope = match connection {
            Some(_) => None,
            None => Some(scope::part(&portal.store, &typed).await?),
        };
        let mut draft = Self {
            visit,
            portal,
            old: read_old(portal, connection).await?,
            form,
            typed,
            connectors,
            connector,
            declared: None,
            away: None,
            values: Values::default(),
            scope,
            problems: Problems::default(),
            tested: Tested::default(),
            left_out: Vec::new(),
        };
        draft.read_configuration().await?;
        if let Some(state) = draft.form.state() {
            let left = imported::left_out(portal, &state, draft.declared.as_ref()).await?;
            draft.left_out = version_words::left_out(visit, &left);
        }
        Ok(draft)
    }

    pub fn id(&self) -> Option<ConnectionId> {
        self.old.as_ref().map(|old| old.connection.id)
    }

    /// While a connection is active, its configuration stands still.
    pub fn is_active(&self) -> bool {
        self.old.as_ref().is_some_and(|old| old.connection.is_active)
    }

    pub fn place(&self) -> Option<Place> {
        let connector = self.connector.as_ref()?;
        Some(Place::new(self.visit, self.id(), connector))
    }

    /// The connection on its connector, with these settings.
    pub fn client(&self, guid: ConnectionGuid, settings: Settings) -> Result<ErpClient, Failure> {
        let address = self.connector.as_ref().map_or("", |connector| &connector.address);
        self.portal.registry.client(address, guid, settings, Patience::Interactive)
    }

    /// Learns what the connector asks for, from the form or from the connector, and reads the inputs.
    async fn read_configuration(&mut self) -> Result<(), WebError> {
        let Some(place) = self.place().filter(|_| !self.is_active()) else { return Ok(()) };
        let kept = kept::open(&self.portal.store, &place, &self.form.kept);
        let secrets = match kept {
            Some(Kept { declared, secrets }) => {
                self.declared = Some(declared);
                secrets
            }
            None => {
                self.ask().await;
                Default::default()
            }
        };
        let Some(declared) = &self.declared else { return Ok(()) };
        let stored = self.old.as_ref().map(|old| old.settings.clone()).unwrap_or_default();
        let language = self.visit.language;
        self.values = values::read(declared, &self.typed, &secrets, &stored, language);
        self.tested.mark = match &self.old {
            // What is stored need not be tested once more.
            Some(old) if self.is_unchanged(old) => {
                kept::mark(&self.portal.store, &place, &self.values.settings)
            }
            _ if kept::is_mark(
                &self.portal.store,
                &place,
                &self.values.settings,
                &self.form.tested,
            ) =>
            {
                self.form.tested.clone()
            }
            _ => String::new(),
        };
        Ok(())
    }

    /// Asks the connector what it wants to know, and fills the inputs with what is stored, or with defaults.
    async fn ask(&mut self) {
        let (guid, settings) = match &self.old {
            Some(old) => (old.connection.guid.clone(), old.settings.clone()),
            None => (ConnectionGuid::zero(), Settings::new()),
        };
        let asked = match self.client(guid, settings.clone()) {
            Ok(client) => Declared::ask(&client).await,
            Err(failure) => Err(failure),
        };
        let mut declared = match (asked, &self.old) {
            (Ok(declared), _) => declared,
            (Err(failure), old) => {
                self.away = Some(failure);
                let Some(old) = old else { return };
                Declared::remembered(&old.connection.config_fields)
            }
        };
        declared.defaults = values::defaults(&declared.fields, &self.facts());
        let language = self.visit.language;
        self.typed.0.extend(values::inputs(&declared, &settings, language));
        if let (None, Some(state)) = (&self.old, self.form.state()) {
            self.typed.0.extend(imported::inputs_of(&state, &declared, language));
        }
        self.declared = Some(declared);
    }

    /// Whether the configuration is what is stored.
    pub fn is_unchanged(&self, old: &Old) -> bool {
        let Some(declared) = &self.declared else { return true };
        declared.fields == old.connection.config_fields
            && self.values.problems.is_empty()
            && values::is_same(declared, &self.values.settings, &old.settings)
    }

    /// What tags in defaults stand for; a connection is of no record, so some stand for nothing.
    pub fn facts(&self) -> Facts {
        let person = self.visit.person.as_ref();
        Facts {
            record_number: String::new(),
            name: self.form.name.clone(),
            user_name: person.map(|person| person.name.clone()).unwrap_or_default(),
            company_number: String::new(),
            now: self.visit.on_the_wall(self.portal.clock().now()),
        }
    }

    /// The same form on top of what is stored by now.
    pub async fn again(self) -> Result<Self, WebError> {
        let Some(id) = self.id() else { return Err(WebError::NotFound) };
        let connection = found::connection(self.portal, id).await?;
        Self::of(self.visit, self.portal, Some(connection), self.form, self.typed).await
    }
}

async fn read_old(
    portal: &Portal,
    connection: Option<ErpConnection>,
) -> Result<Option<Old>, WebError> {
    let Some(connection) = connection else { return Ok(None) };
    let settings = configuration::for_calls(&portal.store, connection.id).await?;
    let scope = access::scope(&portal.store, &connection).await?;
    Ok(Some(Old { connection, settings, scope }))
}
