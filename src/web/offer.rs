//! What a connector offers: the calls that make a connection known to it and read its actor types and
//! fields, and what that makes of the connection's mappings. Whoever cannot finish takes back what the
//! connector was told.

use std::collections::BTreeSet;

use futures_util::future::{try_join, try_join_all};
use sha2::{Digest, Sha256};

use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::Answer as Answered;
use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::connector::types::{ActorType, FieldInfo, Reply, State};
use crate::history::Actor;
use crate::history::chain::hex;
use crate::i18n::{Key, Message};
use crate::mapping::ActorMapping;
use crate::mapping::refresh::{self, Change, Fetched};
use crate::store::error::StoreError;
use crate::store::{Read, Tx, crm_fields, mappings};
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::{Portal, failure};

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

/// What an offer makes of a connection's mappings.
pub struct Merged {
    pub mappings: Vec<ActorMapping>,
    /// In the order of actor types, for a person to look at.
    pub changes: Vec<Change>,
}

/// SaveConnection, TestConnection, then what [`fetch`] asks for.
pub async fn introduce(client: &ErpClient) -> Result<Offer, Stopped> {
    let mut notes = Vec::new();
    note(&mut notes, &client.save().await.map_err(at(Step::Save))?);
    note(&mut notes, &client.test().await.map_err(at(Step::Test))?);
    Ok(Offer { types: fetch(client).await?, notes })
}

/// GetSupportedActorTypes, and per type its fields and searchable fields. Tells the connector nothing.
pub async fn fetch(client: &ErpClient) -> Result<Vec<Fetched>, Stopped> {
    let kinds = client.actor_types().await.map_err(at(Step::Types))?.value;
    let kinds: BTreeSet<ActorType> = kinds.into_iter().collect();
    let fetched = kinds.into_iter().map(|kind| fetch_type(client, kind));
    try_join_all(fetched).await.map_err(at(Step::Fields))
}

/// The same of a stored connection, with the configuration that counts.
pub async fn ask(
    portal: &Portal,
    connection: &ErpConnection,
) -> Result<Result<Vec<Fetched>, Stopped>, WebError> {
    Ok(match portal.engine.connector_of(connection, Patience::Interactive).await? {
        Ok(client) => fetch(&client).await,
        Err(why) => Err(Stopped { step: Step::Types, why }),
    })
}

/// TestConnection of a stored connection; a connector that forgot it gets its configuration first.
pub async fn test(portal: &Portal, connection: &ErpConnection) -> Result<Answered<()>, WebError> {
    Ok(match portal.engine.connector_of(connection, Patience::Interactive).await? {
        Ok(client) => client.test().await,
        Err(why) => Err(why),
    })
}

/// What these types would make of the mappings as they are stored now.
pub async fn preview(
    mut db: impl Read,
    connection: ConnectionId,
    types: &[Fetched],
) -> Result<Merged, StoreError> {
    let stored = mappings::list(&mut db, connection).await?;
    let catalogues = crm_fields::catalogues(db).await?;
    let (mappings, changes) = refresh::merge(connection, &catalogues, &stored, types);
    Ok(Merged { mappings, changes })
}

/// Takes them over: what was mapped before stays as far as it still can.
pub async fn take_over(
    tx: &mut Tx,
    actor: &Actor,
    connection: ConnectionId,
    types: &[Fetched],
) -> Result<Merged, StoreError> {
    let merged = preview(&mut *tx, connection, types).await?;
    for mapping in &merged.mappings {
        mappings::save(tx, actor, mapping).await?;
    }
    Ok(merged)
}

impl Merged {
    /// Stands for this offer, and what it changes in these versions of the mappings: whoever sends it back has
    /// seen what taking it over does. A connector may say the same in another order.
    pub fn mark(&self, types: &[Fetched]) -> Result<String, WebError> {
        let mut types = types.to_vec();
        for offered in &mut types {
            offered.fields.sort_by(|a, b| a.key.cmp(&b.key));
            offered.searchable.sort_unstable();
        }
        let versions: Vec<_> =
            self.mappings.iter().map(|m| (m.connection_id, m.kind, m.version)).collect();
        let changes = format!("{:?}", self.changes);
        let text =
            serde_json::to_string(&(types, versions, changes)).map_err(anyhow::Error::from)?;
        Ok(hex(&Sha256::digest(text.as_bytes())))
    }
}

fn at(step: Step) -> impl FnOnce(Failure) -> Stopped {
    move |why| Stopped { step, why }
}

async fn fetch_type(client: &ErpClient, kind: ActorType) -> Result<Fetched, Failure> {
    let (fields, searchable) =
        try_join(client.actor_fields(kind), client.searchable_fields(kind)).await?;
    let fields = fields.value.into_iter().map(FieldInfo::without_secret).collect();
    Ok(Fetched { kind, fields, searchable: searchable.value })
}

fn note(notes: &mut Vec<String>, reply: &Reply<()>) {
    let is_new = !notes.contains(&reply.user_text);
    if reply.state != State::Ok && !reply.user_text.is_empty() && is_new {
        notes.push(reply.user_text.clone());
    }
}
