//! A connection as it was, or as a file says. Changed configuration fields go to the connector first, as
//! from the connection's form: tested, saved there, and taken back when it does not come about here.

use std::collections::BTreeSet;

use super::{Done, Plan, Refused, Work, lists};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::connector::types::{ConnectionGuid, Settings};
use crate::history::{Action, Event};
use crate::mapping::refresh::Fetched;
use crate::store::configuration::{self, Configuration};
use crate::store::connections::{self, Change};
use crate::store::error::StoreError;
use crate::store::{Tx, mappings, versions};
use crate::sync::reason;
use crate::versions::attain::{self, Attained, LeftOut};
use crate::versions::difference::only;
use crate::versions::place::Part;
use crate::versions::state::ConnectionState;
use crate::versions::world::{ErpLists, Source, World};
use crate::versions::{Snapshot, Versioned};
use crate::web::error::WebError;
use crate::web::offer::{self, Offer};
use crate::web::visit::Visit;
use crate::web::{Portal, failure, offer_words};

/// A connection on its way to a wanted state.
pub(super) struct Wanted {
    pub connection: ErpConnection,
    attained: Attained,
    erp_lists: ErpLists,
}

pub(super) async fn plan(
    portal: &Portal,
    id: ConnectionId,
    (number, current): (i64, Snapshot),
    wanted: &Snapshot,
    parts: &BTreeSet<Part>,
    source: Source,
) -> Result<Plan, WebError> {
    let store = &portal.store;
    let connection = connections::find(store, id).await?.ok_or(WebError::NotFound)?;
    let wanted = only(&current, wanted, parts);
    let (Some(now), Some(wanted)) = (current.connection(), wanted.connection()) else {
        return Err(WebError::NotFound);
    };
    let mut world = versions::world(store, id, source).await?;
    if parts.contains(&Part::Mapping) {
        world.erp_lists = erp_lists(portal, &connection, wanted, &world).await?;
    }
    let mut attained = attain::attain(now, &connection.config_fields, wanted, &world);
    attained.keep_to(parts, now, &world);
    let names = versions::names(store, &attained.scope, &attained.mappings).await?;
    let target = Snapshot::Connection(attained.state(now, &names));
    let left_out = attained.left_out.clone();
    let wanted = Wanted { connection, attained, erp_lists: world.erp_lists };
    let work = Work::Connection(Box::new(wanted));
    Ok(Plan { of: Versioned::Connection(id), number, current, target, left_out, work })
}

/// As far as the connector can be asked with the configuration that counts now.
async fn erp_lists(
    portal: &Portal,
    connection: &ErpConnection,
    wanted: &ConnectionState,
    world: &World,
) -> Result<ErpLists, WebError> {
    match portal.engine.connector_of(connection, Patience::Interactive).await? {
        Ok(client) => Ok(lists::ask(&client, wanted, world).await),
        Err(_) => Ok(ErpLists::new()),
    }
}

/// Gives what turned out to be impossible on the way.
pub(super) async fn carry_out(
    plan: &Plan,
    wanted: &Wanted,
    visit: &Visit,
    portal: &Portal,
    why: &Event,
) -> Result<Result<Done, Refused>, WebError> {
    let save = Save { plan, wanted, visit, portal, why };
    if !plan.asks_connector() {
        return answered(save.all(None, None).await, String::new());
    }
    let mut settings = configuration::for_calls(&portal.store, wanted.connection.id).await?;
    for (key, value) in &wanted.attained.settings {
        settings.set(key, value.clone());
    }
    let now = match save.client(&settings) {
        Ok(now) => now,
        Err(why) => return Ok(Err(save.failed(&why))),
    };
    if let Err(why) = save.test(&settings).await? {
        return Ok(Err(save.failed(&why)));
    }
    let offer = match offer::introduce(&now).await {
        Ok(offer) => offer,
        Err(why) => {
            save.put_back().await;
            return Ok(Err(Refused::Because(why.message(visit))));
        }
    };
    let fields = wanted.connection.config_fields.clone();
    let configuration = Configuration { fields, values: kept_secrets(&settings) };
    let offered = match save.offered(&now, offer).await {
        Ok(offered) => offered,
        Err(error) => {
            save.put_back().await;
            return Err(error);
        }
    };
    let told = offered.told.clone();
    let saved = save.all(Some(configuration), Some(offered)).await;
    if saved.is_err() {
        save.put_back().await;
    }
    answered(saved, told)
}

fn answered(
    saved: Result<Vec<LeftOut>, StoreError>,
    told: String,
) -> Result<Result<Done, Refused>, WebError> {
    match saved {
        Ok(left_out) => Ok(Ok(Done { left_out, told })),
        Err(StoreError::Overtaken) => Ok(Err(Refused::Overtaken)),
        Err(error) => Err(error.into()),
    }
}

/// What the connector offers under its new configuration.
struct Offered {
    types: Vec<Fetched>,
    erp_lists: ErpLists,
    /// What differs in it from what it offered before.
    told: String,
}

/// A connection about to be saved.
struct Save<'a> {
    plan: &'a Plan,
    wanted: &'a Wanted,
    visit: &'a Visit,
    portal: &'a Portal,
    why: &'a Event,
}

impl Save<'_> {
    fn client(&self, settings: &Settings) -> Result<ErpClient, Failure> {
        self.client_as(self.wanted.connection.guid.clone(), settings)
    }

    fn client_as(&self, guid: ConnectionGuid, settings: &Settings) -> Result<ErpClient, Failure> {
        let address = &self.wanted.connection.connector_address;
        self.portal.registry.client(address, guid, settings.clone(), Patience::Interactive)
    }

    fn failed(&self, why: &Failure) -> Refused {
        Refused::Because(failure::message(why, self.visit.language))
    }

    /// "Test ERP connection" with the settings as they will be; the history has it, too.
    async fn test(&self, settings: &Settings) -> Result<Result<(), Failure>, WebError> {
        let tested = match self.client_as(ConnectionGuid::zero(), settings) {
            Ok(client) => client.test_settings().await.map(|_| ()),
            Err(why) => Err(why),
        };
        let name = &self.wanted.connection.name;
        let event = super::event(Action::ConnectionTested, self.plan.of, name);
        let event = reason::tested(event, tested.as_ref().err());
        let mut tx = self.portal.store.begin().await?;
        tx.record(&self.visit.actor(), &event).await?;
        tx.commit().await?;
        Ok(tested)
    }

    /// The connector gets back the configuration that counts here, which somebody else may have changed.
    async fn put_back(&self) {
        let (store, id) = (&self.portal.store, self.wanted.connection.id);
        let Ok(settings) = configuration::for_calls(store, id).await else { return };
        let answer = match self.client(&settings) {
            Ok(client) => client.save().await.map(|_| ()),
            Err(why) => Err(why),
        };
        if let Err(failure) = answer {
            let guid = &self.wanted.connection.guid;
            tracing::warn!(%guid, "a connector keeps a configuration that was not saved: {failure}");
        }
    }

    fn target(&self) -> Result<&ConnectionState, StoreError> {
        self.plan.target.connection().ok_or(StoreError::Overtaken)
    }

    async fn offered(&self, client: &ErpClient, offer: Offer) -> Result<Offered, WebError> {
        let (store, id) = (&self.portal.store, self.wanted.connection.id);
        let mut world = versions::world(store, id, Source::Version).await?;
        let merged = offer::preview(store, id, &offer.types).await?;
        let told = offer_words::few(self.visit, &merged);
        world.mappings = merged.mappings;
        let erp_lists = lists::ask(client, self.target()?, &world).await;
        Ok(Offered { types: offer.types, erp_lists, told })
    }

    /// Everything in one transaction: one version. Nobody else changes anything meanwhile, so what was planned
    /// is held once more against what there is.
    async fn all(
        &self,
        configuration: Option<Configuration>,
        offered: Option<Offered>,
    ) -> Result<Vec<LeftOut>, StoreError> {
        let actor = self.visit.actor();
        let ErpConnection { id, version, .. } = self.wanted.connection;
        let mut tx = self.plan.begin(self.portal).await?;
        let attained = self.attained(&mut tx, offered.as_ref()).await?;
        let left_out = attained.left_out;
        tx.record(&actor, &self.plan.said(self.why, left_out.len())).await?;
        let (name, description) = (attained.name, attained.description);
        let change = Change { name, description, scope: attained.scope, configuration };
        connections::update(&mut tx, &actor, (id, version), &change).await?;
        for mapping in &attained.mappings {
            mappings::save(&mut tx, &actor, mapping).await?;
        }
        tx.commit().await?;
        Ok(left_out)
    }

    /// What was planned, as far as it can be had now. Only what the connector offers may have changed it.
    async fn attained(
        &self,
        tx: &mut Tx,
        offered: Option<&Offered>,
    ) -> Result<Attained, StoreError> {
        let (planned, id) = (&self.wanted.attained, self.wanted.connection.id);
        let mut world = versions::world(&mut *tx, id, Source::Version).await?;
        world.erp_lists = self.wanted.erp_lists.clone();
        if let Some(offered) = offered {
            world.mappings = offer::preview(&mut *tx, id, &offered.types).await?.mappings;
            world.erp_lists = offered.erp_lists.clone();
        }
        let (target, fields) = (self.target()?, &self.wanted.connection.config_fields);
        let found = attain::attain(target, fields, target, &world);
        let is_there = !found.left_out.iter().any(|left| left.part == Part::Scope);
        let is_as_planned = offered.is_some() || found.mappings == planned.mappings;
        match is_there && is_as_planned && found.has_scope_of(planned) {
            true if offered.is_some() => Ok(found),
            true => Ok(Attained { left_out: Vec::new(), ..found }),
            false => Err(StoreError::Overtaken),
        }
    }
}

/// The values to be stored. A secret that is left blank stays as it is.
fn kept_secrets(settings: &Settings) -> Settings {
    let secrets: BTreeSet<&str> = settings.secrets().map(|(key, _)| key).collect();
    settings.iter().filter(|(key, _)| !secrets.contains(key)).collect()
}
