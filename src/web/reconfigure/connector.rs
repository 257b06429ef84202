//! A connector's name and address as they were.

use super::{Done, Plan, Refused, Work};
use crate::connections::{ConnectorId, SyncConnector};
use crate::history::Event;
use crate::i18n::Key;
use crate::store::connectors;
use crate::store::error::StoreError;
use crate::versions::state::ConnectorState;
use crate::versions::{Snapshot, Versioned};
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::{Portal, failure};

pub(super) async fn plan(
    portal: &Portal,
    id: ConnectorId,
    (number, current): (i64, Snapshot),
    wanted: &ConnectorState,
) -> Result<Plan, WebError> {
    let connector = connectors::find(&portal.store, id).await?.ok_or(WebError::NotFound)?;
    let target = ConnectorState { is_deleted: connector.is_deleted, ..wanted.clone() };
    Ok(Plan {
        of: Versioned::Connector(id),
        number,
        current,
        target: Snapshot::Connector(target),
        left_out: Vec::new(),
        work: Work::Connector(connector),
    })
}

pub(super) async fn carry_out(
    plan: &Plan,
    connector: &SyncConnector,
    visit: &Visit,
    portal: &Portal,
    why: &Event,
) -> Result<Result<Done, Refused>, WebError> {
    let Snapshot::Connector(target) = &plan.target else { return Err(WebError::NotFound) };
    // What was allowed then need not be allowed now.
    if let Err(refused) = portal.registry.check_address(&target.address) {
        return Ok(Err(Refused::Because(failure::message(&refused, visit.language))));
    }
    let mut tx = match plan.begin(portal).await {
        Err(StoreError::Overtaken) => return Ok(Err(Refused::Overtaken)),
        other => other?,
    };
    let actor = visit.actor();
    tx.record(&actor, &plan.said(why, 0)).await?;
    let place = (connector.id, connector.version);
    match connectors::update(&mut tx, &actor, place, &target.name, &target.address).await {
        Ok(()) => tx.commit().await?,
        Err(StoreError::Taken) => {
            return Ok(Err(Refused::Because(Key::CONNECTORS_TAKEN.into())));
        }
        Err(StoreError::Overtaken) => return Ok(Err(Refused::Overtaken)),
        Err(error) => return Err(error.into()),
    }
    Ok(Ok(Done::default()))
}
