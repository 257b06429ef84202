//! A new connection that begins with a file, or as a copy, which is the same without a file: what its form is
//! filled with, and the mappings that follow once the connector has said what it offers.

use super::declared::Declared;
use super::form::ConnectionForm;
use super::values;
use crate::connections::{Access, ConnectionId, ErpConnection, NAME_LENGTH, Scope};
use crate::connector::client::ErpClient;
use crate::connector::types::FieldType;
use crate::history::Action;
use crate::i18n::{Key, Language};
use crate::store::error::StoreError;
use crate::store::{Store, Tx, connections, mappings, versions};
use crate::versions::attain::{self, LeftOut};
use crate::versions::place::Part;
use crate::versions::state::{ConnectionState, Grant, Held};
use crate::versions::world::{ErpLists, Source};
use crate::versions::{Versioned, file};
use crate::web::error::WebError;
use crate::web::form::Pairs;
use crate::web::offer::{self, Offer};
use crate::web::visit::Visit;
use crate::web::{Portal, inputs, reconfigure, scope};

impl ConnectionForm {
    /// What the file says, if there is one.
    pub fn state(&self) -> Option<ConnectionState> {
        file::read(&self.imported).ok()
    }
}

/// The form of a new connection that begins as a copy of this one, without its secrets.
pub async fn copy(
    visit: &Visit,
    portal: &Portal,
    source: &ErpConnection,
) -> Result<(ConnectionForm, Pairs), WebError> {
    let state = versions::connection(&portal.store, source.id).await?.ok_or(WebError::NotFound)?;
    let name = visit.t.connections_copy_of(visit.pick(&source.name));
    let name = name.chars().take(NAME_LENGTH as usize).collect();
    let imported = file::write(&ConnectionState { name, ..state }).map_err(anyhow::Error::from)?;
    let (connector, copy) = (source.connector_id.to_string(), source.id.to_string());
    let form = ConnectionForm { connector, copy, imported, ..ConnectionForm::default() };
    let mut typed = Pairs::default();
    Ok((fill(portal, form, &mut typed).await?, typed))
}

/// Name, description and scope as the file has them. Whoever is not here is not ticked; nobody is let in
/// whom the file does not name.
pub async fn fill(
    portal: &Portal,
    form: ConnectionForm,
    typed: &mut Pairs,
) -> Result<ConnectionForm, WebError> {
    let Some(state) = form.state() else { return Ok(form) };
    let world = versions::world(&portal.store, 0, Source::File).await?;
    let row = |grant: &Grant| {
        let who = world.grantee(grant)?;
        Some(Access { who, may_connect: grant.may_connect, may_create: grant.may_create })
    };
    let scope = match state.scope.everyone {
        true => Scope::Everyone,
        false => Scope::Only(state.scope.grants.iter().filter_map(row).collect()),
    };
    typed.0.extend(scope::inputs(&scope));
    Ok(ConnectionForm { name: state.name, description: state.description, ..form })
}

/// The inputs of the configuration fields that the connector asks for; never a secret.
pub fn inputs_of(
    state: &ConnectionState,
    declared: &Declared,
    language: Language,
) -> Vec<(String, String)> {
    declared
        .inputs()
        .filter(|field| field.kind != FieldType::Password)
        .filter_map(|field| match &state.settings.get(&field.key)?.value {
            Held::Plain(value) => {
                Some((values::input_name(field), inputs::to_input(field.kind, value, language)))
            }
            Held::Secret { .. } => None,
        })
        .collect()
}

/// What of the file the form cannot take over: people who are not here, and fields that the connector does not
/// ask for.
pub async fn left_out(
    portal: &Portal,
    state: &ConnectionState,
    declared: Option<&Declared>,
) -> Result<Vec<LeftOut>, WebError> {
    let world = versions::world(&portal.store, 0, Source::File).await?;
    let grants = state.scope.grants.iter().filter(|grant| world.grantee(grant).is_none());
    let left = |part, name: &str, why: Key| LeftOut {
        part,
        actor_type: None,
        what: vec![name.to_owned()],
        why: why.into(),
    };
    let mut left_out: Vec<LeftOut> =
        grants.map(|grant| left(Part::Scope, &grant.name.0, Key::VERSIONS_LEFT_NOBODY)).collect();
    if let Some(declared) = declared {
        let is_asked = |key: &str| declared.inputs().any(|field| field.key == key);
        let others = state.settings.iter().filter(|(key, _)| !is_asked(key));
        left_out.extend(others.map(|(_, setting)| {
            left(Part::Configuration, &setting.name.0, Key::VERSIONS_LEFT_NO_SETTING)
        }));
    }
    Ok(left_out)
}

/// The file of a form, with what its lists' items are held against.
pub struct Import {
    state: ConnectionState,
    /// The name of the connection it is a copy of, if it is one.
    copy_of: Option<String>,
    erp_lists: ErpLists,
}

impl Import {
    /// The connector knows the connection by now, and says what its lists hold.
    pub async fn of(
        portal: &Portal,
        form: &ConnectionForm,
        client: &ErpClient,
        offer: &Offer,
    ) -> Result<Option<Self>, WebError> {
        let Some(state) = form.state() else { return Ok(None) };
        let store = &portal.store;
        let copy_of = source_of(store, form, &state).await?;
        let mut world = versions::world(store, 0, Source::File).await?;
        world.mappings = offer::preview(store, 0, &offer.types).await?.mappings;
        let erp_lists = reconfigure::lists::ask(client, &state, &world).await;
        Ok(Some(Self { state, copy_of, erp_lists }))
    }

    /// The mappings as the file has them, as far as the connector offers the fields; gives the rest.
    pub async fn map(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        (id, name): (ConnectionId, &str),
    ) -> Result<Vec<LeftOut>, StoreError> {
        let mut world = versions::world(&mut *tx, id, Source::File).await?;
        world.erp_lists.clone_from(&self.erp_lists);
        let mut left_out = Vec::new();
        let wanted = attain::mapping::all(&self.state, &world, &mut left_out);
        let of = Versioned::Connection(id);
        let action = match self.copy_of {
            Some(_) => Action::ConnectionCopied,
            None => Action::ConfigurationImported,
        };
        let mut event = reconfigure::event(action, of, name);
        if !left_out.is_empty() {
            event = event.after("left-out", left_out.len().to_string());
        }
        if let Some(name) = &self.copy_of {
            event = event.after("copy-of", name);
        }
        tx.record(&visit.actor(), &event).await?;
        for mapping in &wanted {
            mappings::save(tx, &visit.actor(), mapping).await?;
        }
        Ok(left_out)
    }
}

/// The name of the connection that a form says it is a copy of, if that is true but for the name.
async fn source_of(
    store: &Store,
    form: &ConnectionForm,
    state: &ConnectionState,
) -> Result<Option<String>, WebError> {
    let id = form.copy.parse().unwrap_or_default();
    let Some(source) = connections::find(store, id).await? else { return Ok(None) };
    let Some(now) = versions::connection(store, id).await? else { return Ok(None) };
    let copy = ConnectionState { name: state.name.clone(), ..now };
    let copy = file::read(&file::write(&copy).map_err(anyhow::Error::from)?).ok();
    Ok((copy.as_ref() == Some(state)).then_some(source.name))
}
