//! Sends committed writes to the ERP and ends them. Nothing is concluded from silence: what the connector
//! did not confirm is read back.

use super::apply::{self, Evidence};
use super::failing::fail_in;
use super::failpoint::{Moment, Operation};
use super::intent::Intent;
use super::outcome;
use super::session::{Lane, Pulse, by_key};
use super::{SyncError, chance, reason, schedule};
use crate::connector::failure::Failure;
use crate::connector::types::Actor;
use crate::links::StoredReason;
use crate::runs::Counts;
use crate::store::erp_writes::{self, ErpWrite};
use crate::store::links;

/// A write to be sent, with its actor as it was read last.
pub(super) struct Outgoing {
    pub intent: Intent,
    pub actor: Actor,
}

/// Sends writes together. If the connector does not take them so, part of them may have been done: they
/// are read back, and what is still to be done is sent one by one.
pub(super) async fn send(lane: &Lane<'_>, outgoing: Vec<Outgoing>) -> Result<Counts, SyncError> {
    let is_alone = outgoing.len() == 1;
    let failure = match save(lane, &outgoing).await? {
        Ok(actors) => return end_all(lane, outgoing, actors).await,
        Err(failure) => failure,
    };
    let (done, open) = sort_out(lane, outgoing).await?;
    let mut counts = conclude(lane, done, Evidence::Found).await?;
    if is_alone {
        for one in &open {
            counts += give_up(lane, one, &failure).await?;
        }
        return Ok(counts);
    }
    let mut silences = 0;
    for one in open {
        // What is left of the batch is looked up like everything that was left behind.
        lane.session.check_called_off(lane.session.store()).await?;
        let (done, silence) = send_alone(lane, one).await?;
        counts += done;
        silences = if silence.is_some() { silences + 1 } else { 0 };
        if let Some(failure) = silence.filter(|_| silences == Pulse::SILENCES) {
            return Err(failure.into());
        }
    }
    Ok(counts)
}

/// Sends one write. Gives the failure too when the ERP did not answer at all.
async fn send_alone(
    lane: &Lane<'_>,
    one: Outgoing,
) -> Result<(Counts, Option<Failure>), SyncError> {
    match save(lane, std::slice::from_ref(&one)).await? {
        Ok(actors) => Ok((end_all(lane, vec![one], actors).await?, None)),
        Err(failure) => {
            let (done, open) = sort_out(lane, vec![one]).await?;
            let mut counts = conclude(lane, done, Evidence::Found).await?;
            for one in &open {
                counts += give_up(lane, one, &failure).await?;
            }
            Ok((counts, Some(failure).filter(Failure::is_passing)))
        }
    }
}

/// Calls SaveActors. The outer error means that nothing more is to be asked of this connection for now;
/// the writes stay as they are and are looked up later.
async fn save(
    lane: &Lane<'_>,
    outgoing: &[Outgoing],
) -> Result<Result<Vec<Actor>, Failure>, SyncError> {
    let session = lane.session;
    let actors: Vec<Actor> = outgoing.iter().map(to_send).collect();
    session.engine.failpoints.pass(Operation::Save, Moment::BeforeSend).await;
    outgoing.iter().try_for_each(|one| one.intent.check_entitled(session))?;
    session.check_current(session.store()).await?;
    let answer = session.client.save_actors(&actors).await;
    session.engine.failpoints.pass(Operation::Save, Moment::AfterSend).await;
    match answer {
        Ok(reply) => Ok(Ok(reply.value)),
        Err(failure) if reason::is_about_the_connection(&failure) => Err(failure.into()),
        Err(failure) => Ok(Err(failure)),
    }
}

/// The actor as it is sent: only what changes.
fn to_send(outgoing: &Outgoing) -> Actor {
    Actor { fields: outgoing.intent.write.work.values(), ..outgoing.actor.clone() }
}

/// Ends writes that the connector says it has done. Where its answer lacks an actor, or shows a value as it
/// was before, the ERP itself is asked.
async fn end_all(
    lane: &Lane<'_>,
    outgoing: Vec<Outgoing>,
    answered: Vec<Actor>,
) -> Result<Counts, SyncError> {
    let keys: Vec<String> = outgoing.iter().map(|one| one.intent.write.actor.key.clone()).collect();
    let mut answered = by_key(answered, lane.mapping.kind, &keys);
    let is_doubtful = |one: &&Outgoing| match answered.get(&one.intent.write.actor.key) {
        Some(actor) => !apply::split(lane, &one.intent.write, actor, Evidence::Answer).1.is_empty(),
        None => true,
    };
    let doubtful: Vec<String> =
        outgoing.iter().filter(is_doubtful).map(|one| one.intent.write.actor.key.clone()).collect();
    answered.extend(lane.read(&doubtful).await?.actors);
    lane.session.engine.failpoints.pass(Operation::Save, Moment::ReplyRead).await;
    let mut done = Vec::new();
    for mut one in outgoing {
        // An actor that cannot even be read back now is taken as it was before, plus what was sent.
        let actor = answered.remove(&one.intent.write.actor.key);
        one.actor = actor.unwrap_or_else(|| {
            let mut actor = one.actor.clone();
            actor.fields.extend(one.intent.write.work.values());
            actor
        });
        done.push(one);
    }
    conclude(lane, done, Evidence::Answer).await
}

/// Reads actors back. Gives those that hold what was sent, and the others.
async fn sort_out(
    lane: &Lane<'_>,
    outgoing: Vec<Outgoing>,
) -> Result<(Vec<Outgoing>, Vec<Outgoing>), SyncError> {
    let keys: Vec<String> = outgoing.iter().map(|one| one.intent.write.actor.key.clone()).collect();
    let looked = lane.read(&keys).await?;
    if let Some(failure) = looked.given_up {
        return Err(failure.into());
    }
    let mut actors = looked.actors;
    let (mut done, mut open) = (Vec::new(), Vec::new());
    for mut one in outgoing {
        match actors.remove(&one.intent.write.actor.key) {
            Some(actor)
                if apply::split(lane, &one.intent.write, &actor, Evidence::Found).1.is_empty() =>
            {
                one.actor = actor;
                done.push(one);
            }
            _ => open.push(one),
        }
    }
    Ok((done, open))
}

async fn conclude(
    lane: &Lane<'_>,
    done: Vec<Outgoing>,
    evidence: Evidence,
) -> Result<Counts, SyncError> {
    if done.is_empty() {
        return Ok(Counts::default());
    }
    let failpoints = &lane.session.engine.failpoints;
    let mut counts = Counts::default();
    let mut tx = lane.session.begin().await?;
    for one in &done {
        counts += apply::conclude(&mut tx, lane, &one.intent.write, &one.actor, evidence).await?;
    }
    failpoints.pass(Operation::Save, Moment::EffectStored).await;
    tx.commit().await?;
    failpoints.pass(Operation::Save, Moment::Commit).await;
    Ok(counts)
}

/// A write that was not done and will not be repeated now. One that the ERP may still be at is looked up
/// once more later.
async fn give_up(
    lane: &Lane<'_>,
    outgoing: &Outgoing,
    failure: &Failure,
) -> Result<Counts, SyncError> {
    let write = &outgoing.intent.write;
    if !failure.is_unclear() {
        return drop_write(lane, write, reason::of(failure)).await;
    }
    let mut tx = lane.session.begin().await?;
    let next_try = tx.clock().now() + schedule::pause(1, chance());
    erp_writes::postpone(&mut tx, write.id, next_try).await?;
    let link = links::find_by_record(&mut tx, write.connection_id, write.record_id).await?;
    let reason = reason::of(failure);
    outcome::failed(&mut tx, write, &reason).await?;
    let counts = fail_in(&mut tx, lane, link, reason).await?;
    tx.commit().await?;
    Ok(counts)
}

/// Forgets a write that was not done; its link fails for this reason.
pub(super) async fn drop_write(
    lane: &Lane<'_>,
    write: &ErpWrite,
    reason: StoredReason,
) -> Result<Counts, SyncError> {
    let mut tx = lane.session.begin().await?;
    if erp_writes::find(&mut tx, write.id).await?.is_none() {
        return Ok(Counts::default());
    }
    erp_writes::delete(&mut tx, write.id).await?;
    outcome::failed(&mut tx, write, &reason).await?;
    let link = links::find_by_record(&mut tx, write.connection_id, write.record_id).await?;
    let counts = fail_in(&mut tx, lane, link, reason).await?;
    tx.commit().await?;
    Ok(counts)
}
