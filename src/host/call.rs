//! Makes the call that a request asks for.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::request::{Members, Request};
use crate::connector::failure::Failure;
use crate::connector::handover;
use crate::connector::operation::Operation;
use crate::connector::soap::data::ActorMembers;
use crate::connector::types::{Actor, ActorType, FieldInfo, Found, ListItem, Reply};
use crate::connector::{Answer, Connector};

/// Actors on their way from the connector into the answer.
const AHEAD: u32 = 1 << 20;

/// What a call gave.
pub enum Outcome {
    Whole(Reply<Payload>),
    /// Actors one by one, and the reply once the last was handed over.
    Actors(handover::Receiver, JoinHandle<Answer<()>>),
}

/// What an answer holds beside the status.
pub enum Payload {
    Nothing,
    Strings(Vec<String>),
    Fields(Vec<FieldInfo>),
    Items(Vec<ListItem>),
    Actor(Actor),
}

/// Searches get no limit: the contract has none on the wire.
pub async fn call(erp: Arc<dyn Connector>, request: Request) -> Result<Outcome, Failure> {
    use Outcome::Whole;
    const ALL: usize = usize::MAX;
    let m = &request.members;
    let (id, fields) = (m.id(), &m.fields);
    let nothing = |reply: Reply<()>| Whole(reply.map(|()| Payload::Nothing));
    Ok(match request.form.operation {
        Operation::GetConfigData => Whole(erp.config_fields().await?.map(Payload::Fields)),
        Operation::TestConfigData => nothing(erp.test_config(&m.settings).await?),
        Operation::SaveConnection => nothing(erp.save_connection(&id, &m.settings).await?),
        Operation::TestConnection => nothing(erp.test_connection(&id).await?),
        Operation::DeleteConnection => nothing(erp.delete_connection(&id).await?),
        Operation::GetSupportedActorTypes => Whole(erp.actor_types(&id).await?.map(names)),
        Operation::GetSupportedActorTypeFields => {
            Whole(erp.actor_fields(&id, m.kind()?).await?.map(Payload::Fields))
        }
        Operation::GetSearchableFields => {
            Whole(erp.searchable_fields(&id, m.kind()?).await?.map(Payload::Strings))
        }
        Operation::GetList => Whole(erp.list(&id, &m.list).await?.map(Payload::Items)),
        Operation::GetListItems => {
            Whole(erp.list_items(&id, &m.list, &m.keys).await?.map(Payload::Items))
        }
        Operation::CreateActor => {
            let actor = m.actors.first().cloned().unwrap_or_default().new_actor()?;
            Whole(erp.create_actor(&id, &actor).await?.map(Payload::Actor))
        }
        Operation::SaveActors => {
            let actors: Result<Vec<_>, _> =
                m.actors.iter().cloned().map(ActorMembers::named).collect();
            one_by_one(erp.save_actors(&id, &actors?).await?)
        }
        Operation::GetActors => one_by_one(erp.actors(&id, m.kind()?, &m.keys, fields).await?),
        Operation::SearchActors => found(erp.search(&id, m.kind()?, &m.text, fields, ALL).await?),
        Operation::SearchActorByParent => {
            let (kind, parent, key) = (m.kind()?, m.parent_kind()?, &m.parent_key);
            found(erp.search_by_parent(&id, kind, &m.text, parent, key, fields, ALL).await?)
        }
        Operation::SearchActorsAdvanced => {
            found(erp.search_advanced(&id, m.kind()?, &m.restrictions, fields, ALL).await?)
        }
        Operation::GetActorsByTimestamp => since(erp, request.members),
    })
}

fn names(kinds: Vec<ActorType>) -> Payload {
    Payload::Strings(kinds.into_iter().map(|kind| kind.to_string()).collect())
}

fn found(reply: Reply<Found>) -> Outcome {
    one_by_one(reply.map(|found| found.actors))
}

fn one_by_one(reply: Reply<Vec<Actor>>) -> Outcome {
    let (send, receive) = handover::channel(AHEAD);
    let mut actors = Vec::new();
    let reply = reply.map(|all| actors = all);
    let reply = tokio::spawn(async move {
        for actor in actors {
            // Whoever reads the answer may have gone.
            if send.send(actor).await.is_err() {
                break;
            }
        }
        Ok(reply)
    });
    Outcome::Actors(receive, reply)
}

fn since(erp: Arc<dyn Connector>, members: Members) -> Outcome {
    let (send, receive) = handover::channel(AHEAD);
    let reply = tokio::spawn(async move {
        let (id, fields) = (members.id(), &members.fields);
        erp.actors_since(&id, members.kind()?, &members.since, fields, send).await
    });
    Outcome::Actors(receive, reply)
}
