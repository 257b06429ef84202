//! What a person asks for, on one record: who may not have it and why, and how it ends.

use std::collections::BTreeMap;
use std::time::Duration;

use super::session::{By, Session};
use super::{Engine, SyncError};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::connector::types::{Actor, ActorRef, ActorType};
use crate::crm::{Record, RecordId, RecordKind};
use crate::history;
use crate::links::StoredReason;
use crate::mapping::creation::Problem;
use crate::mapping::{self, ActorMapping};
use crate::runs::write::WriteId;
use crate::store::error::StoreError;
use crate::store::{Tx, configuration, connections, crm, links, mappings};

/// How often, and how far apart, a person's write waits for another one of the same record.
pub(super) const PATIENT_TRIES: u32 = 20;
pub(super) const BETWEEN_TRIES: Duration = Duration::from_millis(250);

/// Why something a person asked for was not done. Nothing was linked, and nothing written to the CRM.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// The record, the link, the actor type or the connection is not there, or not active.
    #[error("not there")]
    NotThere,
    /// The actor is not in the ERP.
    #[error("the actor is not in the ERP")]
    ActorGone,
    /// The record was changed by somebody else in the meantime.
    #[error("the record was changed in the meantime")]
    Changed,
    /// Another write of this record or this actor is on its way.
    #[error("another write is on its way")]
    Busy,
    /// The connection was switched off, or other values are to travel by now.
    #[error("the connection is another by now")]
    Superseded,
    #[error("the record is linked already")]
    RecordLinked,
    #[error("the actor is linked already")]
    ActorLinked { record_kind: RecordKind, record_id: RecordId },
    /// A person can be linked only after their company, in the same connection.
    #[error("the company is not linked")]
    CompanyNotLinked,
    /// In the ERP this person belongs to another company.
    #[error("the actor has another parent")]
    OtherCompany,
    /// A create of this record is unclear: it has to be decided first.
    #[error("an earlier create is unclear")]
    CreateUnclear(WriteId),
    /// CRM values and defaults that cannot be sent, by ERP field key.
    #[error("{} fields cannot be sent", .0.len())]
    Refused(Vec<(String, StoredReason)>),
    /// What is wrong with what the person typed, by ERP field key.
    #[error("{} answers are wrong", .0.len())]
    Answers(BTreeMap<String, Problem>),
    /// The ERP did not do it.
    #[error(transparent)]
    Erp(Failure),
    /// It is not known whether the ERP did it. It is being found out, and finished if so.
    #[error("not known: {0}")]
    NotKnown(Failure),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<SyncError> for NotDone {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Store(error) => Self::Store(error),
            SyncError::Erp(failure) | SyncError::Partly { failure, .. } => Self::Erp(failure),
            SyncError::Superseded => Self::Superseded,
            SyncError::Lost | SyncError::Stopped | SyncError::CalledOff => Self::Busy,
        }
    }
}

impl Engine {
    /// The connector of a stored connection with the configuration that counts, or why it cannot be called.
    /// For what reads or tests: a person waits no longer for all their calls together than for one.
    pub async fn connector_of(
        &self,
        connection: &ErpConnection,
        patience: Patience,
    ) -> Result<Result<ErpClient, Failure>, StoreError> {
        let client = self.client_of(connection, patience).await?;
        Ok(client.map(|client| match patience {
            Patience::Interactive => client.within(patience.limit()),
            Patience::Background => client,
        }))
    }

    /// The same with the usual patience for each call.
    pub(super) async fn client_of(
        &self,
        connection: &ErpConnection,
        patience: Patience,
    ) -> Result<Result<ErpClient, Failure>, StoreError> {
        let settings = configuration::for_calls(&self.store, connection.id).await?;
        let address = &connection.connector_address;
        Ok(self.registry.client(address, connection.guid.clone(), settings, patience))
    }

    /// The same, or why nothing can be done.
    pub async fn client(
        &self,
        connection: &ErpConnection,
        patience: Patience,
    ) -> Result<ErpClient, NotDone> {
        self.connector_of(connection, patience).await?.map_err(NotDone::Erp)
    }

    /// Opens an active connection for a person.
    pub(super) async fn open_for(
        &self,
        by: &history::Actor,
        connection: ConnectionId,
    ) -> Result<Session, NotDone> {
        let connection = connections::find(&self.store, connection).await?;
        let usable = |connection: &ErpConnection| connection.is_active && !connection.is_deleted;
        let connection = connection.filter(usable).ok_or(NotDone::NotThere)?;
        let by = By { actor: by.clone(), claim: None };
        Ok(Session::open(self, connection, Patience::Interactive, by).await?)
    }
}

/// The mapping of a type that synchronises.
pub(super) async fn active_mapping(
    session: &Session,
    kind: ActorType,
) -> Result<ActorMapping, NotDone> {
    let mapping = mappings::find(session.store(), session.connection.id, kind).await?;
    mapping.filter(|mapping| mapping.is_active && !mapping.is_missing).ok_or(NotDone::NotThere)
}

/// The record, if it could be linked with an actor of this type in this connection; and the actor of a
/// person's company, which has to be the parent.
pub(super) async fn linkable(
    tx: &mut Tx,
    connection: ConnectionId,
    record: RecordId,
    kind: ActorType,
) -> Result<(Record, Option<ActorRef>), NotDone> {
    let record = crm::find(&mut *tx, mapping::record_kind(kind), record).await?;
    let record = record.ok_or(NotDone::NotThere)?;
    if links::find_by_record(&mut *tx, connection, record.id).await?.is_some() {
        return Err(NotDone::RecordLinked);
    }
    if record.kind != RecordKind::Person {
        return Ok((record, None));
    }
    let Some(company) = record.parent else { return Err(NotDone::CompanyNotLinked) };
    match links::find_by_record(tx, connection, company).await? {
        Some(link) => Ok((record, Some(link.actor))),
        None => Err(NotDone::CompanyNotLinked),
    }
}

/// Whether an actor could be linked to a record whose parent has to be this one. An actor that does not say
/// whose it is counts as fitting.
pub(super) async fn check_actor(
    tx: &mut Tx,
    connection: ConnectionId,
    actor: &Actor,
    parent: Option<&ActorRef>,
) -> Result<(), NotDone> {
    let id = ActorRef { kind: actor.kind, key: actor.key.clone() };
    if let Some(link) = links::find_by_actor(tx, connection, &id).await? {
        let (record_kind, record_id) = (link.record_kind, link.record_id);
        return Err(NotDone::ActorLinked { record_kind, record_id });
    }
    match (actor.parent.as_ref(), parent) {
        (Some(is), Some(must)) if is != must => Err(NotDone::OtherCompany),
        _ => Ok(()),
    }
}
