//! The calls that make a connection known to its connector, and read what it offers. Nothing is stored
//! here; whoever cannot finish takes back what the connector was told.

use std::collections::BTreeSet;

use futures_util::future::try_join_all;

use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::types::{ActorType, Reply, State};
use crate::i18n::{Key, Message};
use crate::mapping::refresh::Fetched;
use crate::web::failure;
use crate::web::visit::Visit;

/// What the connector offers, and what it wanted said besides.
pub struct Offer {
    pub types: Vec<Fetched>,
    pub notes: Vec<String>,
}

/// Where it did not go on, and why.
pub struct Stopped {
    step: Step,
    why: Failure,
}

#[derive(Clone, Copy)]
enum Step {
    Save,
    Test,
    Types,
    Fields,
}

impl Stopped {
    /// The step and the reason in one sentence or two.
    pub fn message(&self, visit: &Visit) -> Message {
        let key = match self.step {
            Step::Save => Key::CONNECTIONS_STOPPED_AT_SAVE,
            Step::Test => Key::CONNECTIONS_STOPPED_AT_TEST,
            Step::Types => Key::CONNECTIONS_STOPPED_AT_TYPES,
            Step::Fields => Key::CONNECTIONS_STOPPED_AT_FIELDS,
        };
        Message::from(key).with("why", visit.say(&failure::message(&self.why, visit.language)))
    }
}

/// SaveConnection, TestConnection, GetSupportedActorTypes, and per type its fields and searchable fields.
pub async fn introduce(client: &ErpClient) -> Result<Offer, Stopped> {
    let at = |step| move |why| Stopped { step, why };
    let mut notes = Vec::new();
    note(&mut notes, &client.save().await.map_err(at(Step::Save))?);
    note(&mut notes, &client.test().await.map_err(at(Step::Test))?);
    let kinds = client.actor_types().await.map_err(at(Step::Types))?.value;
    let kinds: BTreeSet<ActorType> = kinds.into_iter().collect();
    let fetched = kinds.into_iter().map(|kind| fetch(client, kind));
    let types = try_join_all(fetched).await.map_err(at(Step::Fields))?;
    Ok(Offer { types, notes })
}

async fn fetch(client: &ErpClient, kind: ActorType) -> Result<Fetched, Failure> {
    let fields = client.actor_fields(kind).await?.value;
    let searchable = client.searchable_fields(kind).await?.value;
    Ok(Fetched { kind, fields, searchable })
}

fn note(notes: &mut Vec<String>, reply: &Reply<()>) {
    let is_new = !notes.contains(&reply.user_text);
    if reply.state != State::Ok && !reply.user_text.is_empty() && is_new {
        notes.push(reply.user_text.clone());
    }
}
