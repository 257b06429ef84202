//! A connector that breaks the contract in exactly one way, in front of one that keeps it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gleichlauf::conformance::Check;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::handover::{self, Giver};
use gleichlauf::connector::types::*;
use gleichlauf::connector::{Answer, Connector};

use super::fake_connector::FakeConnector;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A field is searchable that is not listed.
    GhostSearchable,
    FieldTwice,
    RankTwice,
    /// A name in several languages, without its last quote.
    BrokenName,
    /// `GetList` without an item that actors hold.
    ItemLeftOut,
    /// `GetListItems` without a text for it.
    ItemUnresolved,
    BlankSearchFindsNothing,
    ParentIgnored,
    /// The operator finds the opposite of what it means.
    OperatorReversed(Operator),
    /// `GetActors` leaves out the last of several.
    ActorLeftOut,
    FieldLeftOut,
    /// An actor for a key that does not exist.
    ActorMadeUp,
    UnreadableNumber,
    /// Persons have times of change of another form than everybody else.
    OtherStamps,
    /// `GetActorsByTimestamp` always gives all.
    SinceIgnored,
    /// “After” instead of “on or after”.
    SinceExclusive,
    /// A stack trace instead of the code.
    UnknownConnectionThrows,
    /// A new actor comes without its time of change.
    CreatedWithoutStamp,
    /// `SaveActors` says yes and does nothing.
    SaveForgets,
    StateOpposed,
    Slow,
}

impl Fault {
    /// The fault that a check is there to find.
    pub fn found_by(check: Check) -> Self {
        match check {
            Check::FieldsListed => Self::GhostSearchable,
            Check::KeysUnique => Self::FieldTwice,
            Check::FieldsSane => Self::RankTwice,
            Check::Texts => Self::BrokenName,
            Check::ListsComplete => Self::ItemLeftOut,
            Check::ListItems => Self::ItemUnresolved,
            Check::BlankSearch => Self::BlankSearchFindsNothing,
            Check::ParentSearch => Self::ParentIgnored,
            Check::Operators => Self::OperatorReversed(Operator::Begins),
            Check::ActorsAsked => Self::ActorLeftOut,
            Check::FieldsAsked => Self::FieldLeftOut,
            Check::UnknownKey => Self::ActorMadeUp,
            Check::Encodings => Self::UnreadableNumber,
            Check::StampsGlobal => Self::OtherStamps,
            Check::StampsHonoured => Self::SinceIgnored,
            Check::NewestAgain => Self::SinceExclusive,
            Check::UnknownConnection => Self::UnknownConnectionThrows,
            Check::Create => Self::CreatedWithoutStamp,
            Check::Save => Self::SaveForgets,
            Check::ResponseState => Self::StateOpposed,
            Check::Latency => Self::Slow,
        }
    }
}

/// How long a slow answer takes.
pub const SLOW: Duration = Duration::from_millis(400);

pub struct FaultyConnector {
    inner: Arc<FakeConnector>,
    fault: Fault,
}

impl FaultyConnector {
    pub fn new(inner: Arc<FakeConnector>, fault: Fault) -> Arc<Self> {
        Arc::new(Self { inner, fault })
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    /// How the actors of an answer look.
    fn disguise(&self, mut actor: Actor) -> Actor {
        if self.has(Fault::OtherStamps) && actor.kind == ActorType::Person {
            actor.last_modified = actor.last_modified.replace(ISO, "");
        }
        actor
    }

    fn disguise_all(&self, reply: Reply<Vec<Actor>>) -> Reply<Vec<Actor>> {
        reply.map(|actors| actors.into_iter().map(|actor| self.disguise(actor)).collect())
    }

    fn disguise_found(&self, reply: Reply<Found>) -> Reply<Found> {
        reply.map(|found| Found {
            actors: found.actors.into_iter().map(|actor| self.disguise(actor)).collect(),
            ..found
        })
    }

    fn refuse<T>(&self, answer: Answer<T>) -> Answer<T> {
        answer.map_err(|failure| {
            if self.has(Fault::UnknownConnectionThrows) && failure.is_unknown_connection() {
                return Failure::refused("", "System.NullReferenceException\n   at Connector");
            }
            failure
        })
    }
}

/// What times of change begin with.
const ISO: &str = "2026-01-01T00:00:";

#[async_trait]
impl Connector for FaultyConnector {
    async fn config_fields(&self) -> Answer<Vec<FieldInfo>> {
        self.inner.config_fields().await
    }

    async fn test_config(&self, settings: &Settings) -> Answer<()> {
        self.inner.test_config(settings).await
    }

    async fn save_connection(&self, id: &ConnectionGuid, settings: &Settings) -> Answer<()> {
        self.inner.save_connection(id, settings).await
    }

    async fn test_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        self.inner.test_connection(id).await
    }

    async fn delete_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        self.inner.delete_connection(id).await
    }

    async fn actor_types(&self, id: &ConnectionGuid) -> Answer<Vec<ActorType>> {
        self.inner.actor_types(id).await
    }

    async fn actor_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<FieldInfo>> {
        let mut reply = self.refuse(self.inner.actor_fields(id, kind).await)?;
        let fields = &mut reply.value;
        match self.fault {
            Fault::FieldTwice => fields.push(FieldInfo { rank: 99, ..fields[0].clone() }),
            Fault::RankTwice => fields[1].rank = fields[0].rank,
            Fault::BrokenName => fields[0].name = "US:\"Name\";GE:\"Name".to_owned(),
            _ => {}
        }
        Ok(reply)
    }

    async fn searchable_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<String>> {
        let mut reply = self.inner.searchable_fields(id, kind).await?;
        if self.has(Fault::GhostSearchable) {
            reply.value.push("Ghost".to_owned());
        }
        if self.has(Fault::StateOpposed) {
            reply.agreement = Agreement::Opposed;
        }
        if self.has(Fault::Slow) {
            tokio::time::sleep(SLOW).await;
        }
        Ok(reply)
    }

    async fn actors(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        keys: &[String],
        fields: &[String],
    ) -> Answer<Vec<Actor>> {
        let reply = self.refuse(self.inner.actors(id, kind, keys, fields).await)?;
        let mut reply = self.disguise_all(reply);
        let actors = &mut reply.value;
        match self.fault {
            Fault::ActorLeftOut if actors.len() > 1 => _ = actors.pop(),
            Fault::FieldLeftOut => {
                let first = |actor: &mut Actor| _ = actor.fields.pop_first();
                actors.iter_mut().filter(|actor| actor.fields.len() > 1).for_each(first);
            }
            Fault::ActorMadeUp => {
                let is_new = |key: &&String| actors.iter().all(|actor| actor.key != **key);
                if let (Some(key), Some(actor)) = (keys.iter().find(is_new), actors.first()) {
                    let made_up = Actor { key: key.clone(), ..actor.clone() };
                    actors.push(made_up);
                }
            }
            Fault::UnreadableNumber => {
                for actor in actors {
                    actor.fields.entry("Rating".to_owned()).and_modify(|raw| *raw = "five".into());
                }
            }
            _ => {}
        }
        Ok(reply)
    }

    async fn search(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let reply = self.inner.search(id, kind, text, fields, limit).await?;
        if self.has(Fault::BlankSearchFindsNothing) && text.is_empty() {
            return Ok(Reply::ok(Found::default()));
        }
        Ok(self.disguise_found(reply))
    }

    async fn search_by_parent(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        parent_kind: ActorType,
        parent_key: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let inner = &self.inner;
        let reply = match self.fault {
            Fault::ParentIgnored => inner.search(id, kind, text, fields, limit).await,
            _ => {
                inner.search_by_parent(id, kind, text, parent_kind, parent_key, fields, limit).await
            }
        };
        reply.map(|reply| self.disguise_found(reply))
    }

    async fn search_advanced(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        restrictions: &[Restriction],
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let is_reversed = restrictions.iter().any(|r| {
            self.has(Fault::OperatorReversed(r.operator))
                && r.field != Restriction::PARENT_KEY
                && r.field != Restriction::PARENT_TYPE
        });
        let reply = self.inner.search_advanced(id, kind, restrictions, fields, limit).await?;
        if !is_reversed {
            return Ok(self.disguise_found(reply));
        }
        let all = self.inner.search(id, kind, "", fields, limit).await?;
        let came = reply.value.actors;
        let others = |found: Found| Found {
            actors: found.actors.into_iter().filter(|actor| !came.contains(actor)).collect(),
            ..found
        };
        Ok(all.map(others))
    }

    async fn create_actor(&self, id: &ConnectionGuid, actor: &NewActor) -> Answer<Actor> {
        let mut reply = self.inner.create_actor(id, actor).await?;
        if self.has(Fault::CreatedWithoutStamp) {
            reply.value.last_modified.clear();
        }
        Ok(reply)
    }

    async fn save_actors(&self, id: &ConnectionGuid, actors: &[Actor]) -> Answer<Vec<Actor>> {
        if self.has(Fault::SaveForgets) {
            return Ok(Reply::ok(actors.to_vec()));
        }
        self.inner.save_actors(id, actors).await.map(|reply| self.disguise_all(reply))
    }

    async fn list(&self, id: &ConnectionGuid, list: &str) -> Answer<Vec<ListItem>> {
        let mut reply = self.inner.list(id, list).await?;
        if self.has(Fault::ItemLeftOut) {
            reply.value.retain(|item| item.key != "AT");
        }
        Ok(reply)
    }

    async fn list_items(
        &self,
        id: &ConnectionGuid,
        list: &str,
        keys: &[String],
    ) -> Answer<Vec<ListItem>> {
        let mut reply = self.inner.list_items(id, list, keys).await?;
        if self.has(Fault::ItemUnresolved) {
            reply.value.retain(|item| item.key != "AT");
        }
        Ok(reply)
    }

    async fn actors_since(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        since: &str,
        fields: &[String],
        each: Giver,
    ) -> Answer<()> {
        let is_number = since.parse::<u64>().is_ok();
        let asked = match self.fault {
            Fault::SinceIgnored => String::new(),
            Fault::OtherStamps if is_number => format!("{ISO}{since}"),
            _ => since.to_owned(),
        };
        let (inside, mut actors) = handover::channel(1 << 20);
        let asking = self.inner.actors_since(id, kind, &asked, fields, inside);
        let telling = async {
            while let Some(actor) = actors.recv().await {
                let is_exact = !since.is_empty() && actor.last_modified == since;
                if self.has(Fault::SinceExclusive) && is_exact {
                    continue;
                }
                if each.send(self.disguise(actor)).await.is_err() {
                    break;
                }
            }
            drop(actors);
        };
        tokio::join!(asking, telling).0
    }
}
