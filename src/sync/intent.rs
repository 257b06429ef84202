//! A write that is committed before it is sent, and that this process is at.

use super::SyncError;
use super::plan::Plan;
use super::process::Held;
use super::session::Session;
use crate::clock::Millis;
use crate::connector::types::ActorRef;
use crate::crm::Record;
use crate::mapping::Side;
use crate::runs::write::{Sent, Work};
use crate::store::erp_writes::{self, ErpWrite, NewWrite};
use crate::store::{Result, Tx};

pub(super) struct Intent {
    pub write: ErpWrite,
    /// When the transaction began by which others know that this process is alive.
    since: Millis,
    _held: Option<Held>,
}

impl Intent {
    /// Begins a write in this transaction. `None`: another one of this record or this actor is on its way.
    pub async fn begin(
        tx: &mut Tx,
        session: &Session,
        record: &Record,
        actor: &ActorRef,
        work: Work,
    ) -> Result<Option<Self>> {
        let process = &session.engine.process;
        let since = process.steady();
        let new = NewWrite {
            connection: session.connection.id,
            record: (record.kind, record.id),
            actor,
            work,
            requested_by: &session.by.actor,
            holder: process.id(),
        };
        let Some(write) = erp_writes::insert(tx, new).await? else { return Ok(None) };
        let held = process.hold(write.id);
        Ok(Some(Self { write, since, _held: held }))
    }

    /// To be asked right before it is sent, and after its transaction: a process that slept too long may
    /// have been taken for gone, and somebody else may be at it.
    pub fn check_entitled(&self, session: &Session) -> std::result::Result<(), SyncError> {
        if session.engine.process.is_trusted(self.since) { Ok(()) } else { Err(SyncError::Lost) }
    }
}

/// What a plan sends to the ERP.
pub(super) fn sent(plan: &Plan) -> Vec<Sent> {
    let is_conflict = |key: &str| {
        let mut conflicts = plan.conflicts.iter();
        conflicts.any(|conflict| conflict.winner == Side::Crm && conflict.erp_key == key)
    };
    let changes = plan.to_erp.iter().map(|change| Sent {
        erp_key: change.erp_key.clone(),
        crm_key: change.crm_key.clone(),
        crm: change.new.crm.to_stored(),
        old: change.old.erp.clone(),
        new: change.new.erp.clone(),
        is_conflict: is_conflict(&change.erp_key),
    });
    changes.collect()
}
