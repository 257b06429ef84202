//! One connection opened for work, and one actor type of it with all that a plan rests on.

use std::collections::BTreeMap;

use super::conflict::Priority;
use super::plan::{self, Plan, Situation};
use super::{Engine, SyncError, reason};
use crate::connections::ErpConnection;
use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::multilang;
use crate::connector::registry::Patience;
use crate::connector::types::{Actor, FieldType, FieldValues};
use crate::crm::Record;
use crate::crm::fields::List;
use crate::crm::value::FieldKind;
use crate::history;
use crate::links::Link;
use crate::mapping::translate::{self, ListTexts};
use crate::mapping::{ActorMapping, Pair, Side};
use crate::runs::Claim;
use crate::store::error::StoreError;
use crate::store::{Store, Tx, configuration, crm_lists, engine, jobs};

/// On whose behalf something is written, and what entitles a run to it.
#[derive(Clone, Debug)]
pub(super) struct By {
    pub actor: history::Actor,
    pub claim: Option<Claim>,
}

/// A connection, its connector, and who is at work.
pub(super) struct Session {
    pub engine: Engine,
    pub connection: ErpConnection,
    pub client: ErpClient,
    /// Whose value stands when both sides changed.
    pub winner: Side,
    pub by: By,
}

impl Session {
    pub async fn open(
        engine: &Engine,
        connection: ErpConnection,
        patience: Patience,
        by: By,
    ) -> Result<Self, SyncError> {
        let store = &engine.store;
        let settings = configuration::for_calls(store, connection.id).await?;
        let priority = Priority::parse(&engine::priority(store).await?);
        let address = &connection.connector_address;
        let client =
            engine.registry.client(address, connection.guid.clone(), settings, patience)?;
        let winner = priority.winner(connection.id);
        Ok(Self { engine: engine.clone(), connection, client, winner, by })
    }

    pub fn store(&self) -> &Store {
        &self.engine.store
    }

    /// Begins a transaction that is the only writer; a run that may no longer write is told so.
    pub async fn begin(&self) -> Result<Tx, SyncError> {
        let mut tx = self.store().begin().await?;
        match self.by.claim {
            None => tx.alone().await?,
            Some(claim) => match jobs::fence(&mut tx, claim).await {
                Err(StoreError::Overtaken) => return Err(SyncError::Lost),
                other => other?,
            },
        }
        Ok(tx)
    }
}

/// One actor type of a connection.
pub(super) struct Lane<'a> {
    pub session: &'a Session,
    pub mapping: &'a ActorMapping,
    pub pairs: Vec<Pair<'a>>,
    /// ERP keys of the pairs.
    pub keys: Vec<String>,
    pub texts: ListTexts,
}

impl<'a> Lane<'a> {
    pub async fn open(session: &'a Session, mapping: &'a ActorMapping) -> Result<Self, SyncError> {
        let pairs = mapping.pairs();
        let keys = pairs.iter().map(|pair| pair.field.erp.key.clone()).collect();
        let texts = list_texts(session, &pairs).await?;
        Ok(Self { session, mapping, pairs, keys, texts })
    }

    pub fn plan(&self, link: &Link, record: &Record, erp: &FieldValues) -> Plan {
        self.plan_for(&self.pairs, link, record, erp)
    }

    pub fn plan_for(
        &self,
        pairs: &[Pair<'_>],
        link: &Link,
        record: &Record,
        erp: &FieldValues,
    ) -> Plan {
        plan::plan(&Situation {
            pairs,
            agreed: &link.agreed,
            crm: &record.values,
            erp,
            winner: self.session.winner,
            texts: &self.texts,
        })
    }

    /// The actors with these keys, by key. Those the connector leaves out are asked for once more, alone;
    /// what is missing then is not in the ERP.
    pub async fn read(&self, keys: &[String]) -> Result<BTreeMap<String, Actor>, Failure> {
        let mut found = self.read_together(keys).await?;
        if keys.len() > 1 {
            for key in keys {
                if !found.contains_key(key) {
                    found.extend(self.read_together(std::slice::from_ref(key)).await?);
                }
            }
        }
        Ok(found)
    }

    /// The actors, and why those could not be read that the connector refuses to give. One of them must
    /// not hide the others, so after a refusal each is asked for alone.
    pub async fn read_each(
        &self,
        keys: &[String],
    ) -> Result<(BTreeMap<String, Actor>, BTreeMap<String, Failure>), SyncError> {
        if keys.len() > 1 {
            match self.read(keys).await {
                Ok(actors) => return Ok((actors, BTreeMap::new())),
                Err(failure) if reason::is_about_a_record(&failure) => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        let (mut actors, mut failures) = (BTreeMap::new(), BTreeMap::new());
        for key in keys {
            match self.read(std::slice::from_ref(key)).await {
                Ok(found) => actors.extend(found),
                Err(failure) if reason::is_about_a_record(&failure) => {
                    failures.insert(key.clone(), failure);
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok((actors, failures))
    }

    async fn read_together(&self, keys: &[String]) -> Result<BTreeMap<String, Actor>, Failure> {
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let reply = self.session.client.actors(self.mapping.kind, keys, &self.keys).await?;
        Ok(by_key(reply.value, keys))
    }

    /// Whether the ERP's value now means the same as another one.
    pub fn is_same(&self, erp_key: &str, now: Option<&str>, other: &str) -> bool {
        match (self.mapping.field(erp_key), now) {
            (Some(field), Some(now)) => translate::same_in_erp(&field.erp, now, other),
            (None, Some(now)) => now == other,
            (_, None) => false,
        }
    }

    /// What a person calls an ERP field; may be multi-language text.
    pub fn field_name(&self, erp_key: &str) -> String {
        let name = self.mapping.field(erp_key).map(|field| field.erp.name.as_str());
        name.filter(|name| !name.is_empty()).unwrap_or(erp_key).to_owned()
    }
}

/// Those of the actors that were asked for; connectors add others.
pub(super) fn by_key(actors: Vec<Actor>, keys: &[String]) -> BTreeMap<String, Actor> {
    let asked = actors.into_iter().filter(|actor| keys.contains(&actor.key));
    asked.map(|actor| (actor.key.clone(), actor)).collect()
}

/// The texts that stand for list items on the other side, where a list there meets a text here.
async fn list_texts(session: &Session, pairs: &[Pair<'_>]) -> Result<ListTexts, SyncError> {
    let language = session.engine.language;
    let mut texts = ListTexts::default();
    for pair in pairs {
        let erp = &pair.field.erp;
        match (erp.kind, pair.crm.kind) {
            (FieldType::List, FieldKind::Text) if !texts.erp.contains_key(&erp.list) => {
                // A connector may lack a list it names; only the fields that need it suffer.
                let items = match session.client.list(&erp.list).await {
                    Ok(reply) => reply.value,
                    Err(Failure::Refused(_) | Failure::Fault { .. }) => Vec::new(),
                    Err(failure) => return Err(failure.into()),
                };
                let texts_by_key = items
                    .into_iter()
                    .map(|item| (item.key, multilang::pick(&item.text, language).to_owned()));
                texts.erp.insert(erp.list.clone(), texts_by_key.collect());
            }
            (FieldType::Text, FieldKind::List) => {
                let names = crm_names(session, pair.crm.list).await?;
                let text = |raw: String| multilang::pick(&raw, language).to_owned();
                texts.crm.extend(names.into_iter().map(|(id, raw)| (id, text(raw))));
            }
            (FieldType::List, FieldKind::List) => {
                texts.names.extend(crm_names(session, pair.crm.list).await?);
            }
            _ => {}
        }
    }
    Ok(texts)
}

/// What the items of a CRM list are called, in all languages.
async fn crm_names(
    session: &Session,
    list: Option<List>,
) -> Result<BTreeMap<i64, String>, SyncError> {
    let Some(list) = list else { return Ok(BTreeMap::new()) };
    let items = crm_lists::list(session.store(), list).await?;
    Ok(items.into_iter().map(|item| (item.id, item.text)).collect())
}
