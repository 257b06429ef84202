//! The sync connector contract: what Gleichlauf asks of the web service in front of an ERP.
//!
//! Everything else in the program sees an ERP only through [`Connector`]. How the contract is spoken
//! (SOAP over HTTP, or a connector built into this binary) is nobody's business but this folder's.

pub mod client;
pub mod encoding;
pub mod failure;
pub mod handover;
pub mod multilang;
pub mod operation;
mod patience;
pub mod policy;
pub mod registry;
pub mod remarks;
pub mod soap;
pub mod stamps;
pub mod types;

use std::collections::BTreeSet;

use async_trait::async_trait;
use failure::Failure;
use handover::Giver;
use operation::Operation;
use types::{
    Actor, ActorType, ConnectionGuid, FieldInfo, Found, ListItem, NewActor, Reply, Restriction,
    Settings, WireForm,
};

/// What a call gives: the answer, or why there is none.
pub type Answer<T> = Result<Reply<T>, Failure>;

/// A sync connector: the seventeen operations of `IErpConnectorWS`.
///
/// Promises a connector makes, and the host relies on:
/// - it never calls back, and knows nothing of the CRM;
/// - an actor is identified by its type and its key, for ever, within one connection;
/// - `last_modified` of two actors of one connection can be compared, and rises with each change;
/// - field values travel encoded (see [`encoding`]); a field missing from an answer says nothing about
///   its value.
///
/// Promises it does not make, and nobody may rely on: that all requested fields come back, that only
/// those come back, that saving moves `last_modified`, or that the order of actors means anything.
///
/// A reply is `Ok` only when the connector says the work was done; its state `Error` arrives as
/// [`Failure::Refused`].
#[async_trait]
pub trait Connector: Send + Sync {
    /// `GetConfigData`: the configuration fields a connection must fill, in rank order.
    async fn config_fields(&self) -> Answer<Vec<FieldInfo>>;

    /// `TestConfigData`: tries typed values; nothing is stored.
    async fn test_config(&self, settings: &Settings) -> Answer<()>;

    /// `SaveConnection`: creates or updates the configuration kept under this connection's id.
    async fn save_connection(&self, id: &ConnectionGuid, settings: &Settings) -> Answer<()>;

    /// `TestConnection`: tries the stored configuration.
    async fn test_connection(&self, id: &ConnectionGuid) -> Answer<()>;

    /// `DeleteConnection`: the connector forgets this configuration. ERP data is untouched.
    async fn delete_connection(&self, id: &ConnectionGuid) -> Answer<()>;

    /// `GetSupportedActorTypes`. Names we do not know are left out.
    async fn actor_types(&self, id: &ConnectionGuid) -> Answer<Vec<ActorType>>;

    /// `GetSupportedActorTypeFields`: what an actor of this type has, in rank order.
    async fn actor_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<FieldInfo>>;

    /// `GetSearchableFields`: keys usable in [`Connector::search_advanced`]; empty means there is none.
    async fn searchable_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<String>>;

    /// `GetActors`: those of `keys` that exist, with those of `fields` the connector cares to send.
    async fn actors(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        keys: &[String],
        fields: &[String],
    ) -> Answer<Vec<Actor>>;

    /// `SearchActors`: free search, as the connector sees fit. A blank text finds all.
    /// At most `limit` actors are kept; [`Found::more`] tells whether there were others.
    async fn search(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found>;

    /// `SearchActorByParent`: like [`Connector::search`], among the children of one actor.
    #[allow(clippy::too_many_arguments)] // The contract's own arguments.
    async fn search_by_parent(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        parent_kind: ActorType,
        parent_key: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found>;

    /// `SearchActorsAdvanced`: actors for which every restriction holds.
    async fn search_advanced(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        restrictions: &[Restriction],
        fields: &[String],
        limit: usize,
    ) -> Answer<Found>;

    /// `CreateActor`: makes a new actor; the answer carries its key and `last_modified`.
    /// Never repeat it after an unclear failure ([`Failure::is_unclear`]): look for the actor first.
    async fn create_actor(&self, id: &ConnectionGuid, actor: &NewActor) -> Answer<Actor>;

    /// `SaveActors`: writes the given fields of existing actors, and answers with the actors as they are
    /// now. Writing the same values twice has the effect of writing them once.
    async fn save_actors(&self, id: &ConnectionGuid, actors: &[Actor]) -> Answer<Vec<Actor>>;

    /// `GetList`: all items of a list. While a connection is being defined, its id is all zero.
    async fn list(&self, id: &ConnectionGuid, list: &str) -> Answer<Vec<ListItem>>;

    /// `GetListItems`: the items with these keys, to turn stored keys into text.
    async fn list_items(
        &self,
        id: &ConnectionGuid,
        list: &str,
        keys: &[String],
    ) -> Answer<Vec<ListItem>>;

    /// `GetActorsByTimestamp`: actors changed on or after `since` (blank: all), handed over one by one
    /// while the answer is still being read, so that memory stays flat however many there are.
    /// A full [`handover`] holds the reading back. An actor that cannot be read is handed over as such, and
    /// the others all the same. The reply comes when the last actor was handed over;
    /// only then is the set complete.
    async fn actors_since(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        since: &str,
        fields: &[String],
        each: Giver,
    ) -> Answer<()>;

    /// The operations that the connector's own description says it has. One that is built in has them all; a
    /// service that serves no description that can be read is an `Err`.
    async fn operations(&self) -> Result<BTreeSet<Operation>, Failure> {
        Ok(Operation::ALL.into())
    }

    /// The wire form this connector was found to speak, where there is a wire.
    fn wire_form(&self) -> Option<WireForm> {
        None
    }
}
