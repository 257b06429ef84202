//! The end of connecting and creating: the link is made, and whatever else the ERP holds is taken over.

use super::apply::{self, Evidence, Seen};
use super::choices::{self, Meeting};
use super::log;
use super::person::{NotDone, check_actor, linkable};
use super::plan::Plan;
use super::session::{Lane, Sight};
use crate::connector::types::{Actor, ActorRef};
use crate::crm::Record;
use crate::history::Action;
use crate::links::{Link, LinkId};
use crate::mapping::Pair;
use crate::mapping::rules::Occasion;
use crate::runs::write::{Purpose, Sent};
use crate::store::erp_writes::{self, ErpWrite};
use crate::store::links::NewLink;
use crate::store::{Tx, crm, links};

/// Ends a write by linking its record with the actor. What the ERP has taken is logged in any case, so
/// commit whatever comes of it; the inner error says why there is no link.
pub(super) async fn finish(
    tx: &mut Tx,
    lane: &Lane<'_>,
    write: &ErpWrite,
    actor: &Actor,
    evidence: Evidence,
) -> Result<Result<LinkId, NotDone>, NotDone> {
    if erp_writes::find(&mut *tx, write.id).await?.is_none() {
        return Ok(Err(NotDone::Changed)); // Somebody else has ended it.
    }
    erp_writes::delete(tx, write.id).await?;
    let record = crm::find(&mut *tx, write.record_kind, write.record_id).await?;
    let Some(record) = record else { return Ok(Err(NotDone::NotThere)) };
    let (taken, ignored) = apply::split(lane, write, actor, evidence);
    let by = &lane.session.by.actor;
    if let Purpose::Create { .. } = write.work.purpose {
        let event = log::event(&lane.session.connection, Action::CreatedInErp, &record);
        tx.record(by, &event.after("actor", id(actor).to_string())).await?;
    }
    apply::log_taken(tx, lane, &record, &taken).await?;
    if let Err(reason) = may_link(tx, write, &record, actor).await {
        return Ok(Err(reason));
    }
    let chosen = chosen(lane, write, &record, actor);
    let mut agreed = chosen.agreed.clone();
    agreed.extend(taken.iter().map(|sent| (sent.erp_key.clone(), apply::agreed(sent))));
    let new = NewLink {
        connection: (lane.session.connection.id, &lane.session.connection.name),
        record: (record.kind, record.id, &record.name()),
        actor: &id(actor),
        last_modified: &actor.last_modified,
        parent: actor.parent.as_ref(),
        agreed: &agreed,
        record_version: record.version,
    };
    let link = links::insert(tx, by, &new).await?;
    take_over(tx, lane, link, (&record, &chosen), (write, actor), &ignored).await?;
    Ok(Ok(link))
}

async fn may_link(
    tx: &mut Tx,
    write: &ErpWrite,
    record: &Record,
    actor: &Actor,
) -> Result<(), NotDone> {
    let connection = write.connection_id;
    let (_, parent) = linkable(tx, connection, record.id, actor.kind).await?;
    check_actor(tx, connection, actor, parent.as_ref()).await?;
    match write.work.purpose {
        // The person chose between other values than there are by now.
        Purpose::Connect { version, .. } if version != record.version => Err(NotDone::Changed),
        _ => Ok(()),
    }
}

/// What a person's choices come to for the fields that were not sent.
fn chosen(lane: &Lane<'_>, write: &ErpWrite, record: &Record, actor: &Actor) -> Plan {
    let Purpose::Connect { choices, .. } = &write.work.purpose else { return Plan::default() };
    let is_sent =
        |pair: &&Pair<'_>| write.work.fields.iter().any(|sent| sent.erp_key == pair.field.erp.key);
    let pairs: Vec<_> = lane.pairs.iter().filter(|pair| !is_sent(pair)).cloned().collect();
    let meeting =
        Meeting { pairs: &pairs, crm: &record.values, erp: &actor.fields, texts: &lane.texts };
    choices::settle(&meeting, choices)
}

/// Brings the CRM's values to where the new link wants them: first what the person chose, then what the ERP
/// made of it all.
async fn take_over(
    tx: &mut Tx,
    lane: &Lane<'_>,
    link: LinkId,
    (record, chosen): (&Record, &Plan),
    (write, actor): (&ErpWrite, &Actor),
    ignored: &[&Sent],
) -> Result<(), NotDone> {
    let mut link = get(tx, link).await?;
    apply::into_crm(tx, lane, &link, record, chosen).await?;
    let record = crm::find(&mut *tx, record.kind, record.id).await?.ok_or(NotDone::NotThere)?;
    let is_new = matches!(write.work.purpose, Purpose::Create { .. });
    let occasion = if is_new { Occasion::Creation } else { Occasion::Sync };
    let (pairs, erp) = (&lane.pairs, &actor.fields);
    let sight = Sight { pairs, link: &link, record: &record, erp, occasion };
    let plan = lane.plan_for(&mut *tx, sight).await?;
    let (version, _) = apply::into_crm(tx, lane, &link, &record, &plan).await?;
    let reasons = ignored.iter().map(|sent| apply::not_taken(lane, sent)).collect();
    let seen = Seen { actor, record: &record, version };
    apply::keep(tx, lane, (&mut link, &plan), seen, reasons).await?;
    // The answer to a create need not tell all; what was read was asked for in full.
    if is_new && lane.keys.iter().any(|key| !actor.fields.contains_key(key)) {
        link.is_dirty = true;
        links::update(tx, &mut link).await?;
    }
    Ok(())
}

async fn get(tx: &mut Tx, link: LinkId) -> Result<Link, NotDone> {
    links::find(tx, link).await?.ok_or(NotDone::NotThere)
}

fn id(actor: &Actor) -> ActorRef {
    ActorRef { kind: actor.kind, key: actor.key.clone() }
}
