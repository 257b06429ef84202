//! One connection opened for work, and one actor type of it with all that a plan rests on.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::conflict::Priority;
use super::notes::Notes;
use super::plan::{self, Plan, Situation, Winners};
use super::{Engine, SyncError, origin, push, reason};
use crate::connections::ErpConnection;
use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::multilang;
use crate::connector::registry::Patience;
use crate::connector::types::{Actor, ActorType, FieldType, FieldValues, WireForm};
use crate::crm::Record;
use crate::crm::fields::List;
use crate::crm::value::FieldKind;
use crate::history;
use crate::i18n::Key;
use crate::links::{Link, StoredReason};
use crate::mapping::rules::Occasion;
use crate::mapping::translate::{self, ListTexts};
use crate::mapping::{ActorMapping, Pair, Side};
use crate::runs::Claim;
use crate::store::error::StoreError;
use crate::store::{
    self, Read, Store, Tx, connections, connectors, crm_lists, engine, jobs, links,
};

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
    pub priority: Priority,
    pub by: By,
    /// What was known of the connector's wire when the session was opened.
    wire: Option<WireForm>,
    pub notes: Notes,
}

impl Session {
    pub async fn open(
        engine: &Engine,
        connection: ErpConnection,
        patience: Patience,
        by: By,
    ) -> Result<Self, SyncError> {
        let store = &engine.store;
        let priority = Priority::parse(&engine::priority(store).await?);
        let mut client = engine.client_of(&connection, patience).await??;
        if let Some(heard) = &engine.heard {
            client = client.heard_by(heard.clone());
        }
        let wire = client.connector().wire_form();
        Ok(Self {
            engine: engine.clone(),
            connection,
            client,
            priority,
            by,
            wire,
            notes: Notes::default(),
        })
    }

    /// Keeps what was learned of the connector's wire meanwhile, so that it need not be learned again after a
    /// restart.
    pub async fn keep_wire(&self) -> store::Result<()> {
        let now = self.client.connector().wire_form();
        let Some(form) = now.filter(|now| self.wire.as_ref() != Some(now)) else { return Ok(()) };
        let (id, address) = (self.connection.connector_id, &self.connection.connector_address);
        connectors::remember_wire(self.store(), id, address, &form).await
    }

    /// What the ERP had to say during a run, and what of its answers could not be read.
    pub fn take_notes(&self) -> Vec<StoredReason> {
        for remark in self.client.remarks().take() {
            let key =
                if remark.is_warning { Key::SYNC_NOTE_WARNING } else { Key::SYNC_NOTE_INFORMATION };
            self.notes.add(StoredReason::new(key.id()).with("said", remark.text));
        }
        self.notes.take()
    }

    pub fn store(&self) -> &Store {
        &self.engine.store
    }

    /// Begins a transaction that is the only writer; who may no longer write is told so.
    pub async fn begin(&self) -> Result<Tx, SyncError> {
        let mut tx = self.store().begin().await?;
        match self.by.claim {
            None => tx.alone().await?,
            Some(claim) => match jobs::fence(&mut tx, claim).await {
                Err(StoreError::Overtaken) => return Err(SyncError::Lost),
                other => other?,
            },
        }
        self.check_current(&mut tx).await?;
        Ok(tx)
    }

    /// The same for something that nobody has begun yet; a run that is to come to an end is told so.
    pub async fn begin_more(&self) -> Result<Tx, SyncError> {
        let mut tx = self.begin().await?;
        self.check_called_off(&mut tx).await?;
        Ok(tx)
    }

    /// To be asked before each record.
    pub async fn check_called_off(&self, db: impl Read) -> Result<(), SyncError> {
        match self.by.claim {
            Some(claim) if jobs::is_called_off(db, claim.job).await? => Err(SyncError::CalledOff),
            _ => Ok(()),
        }
    }

    /// The same, and whether the program is about to end.
    pub async fn check_stop(&self, stop: &watch::Receiver<bool>) -> Result<(), SyncError> {
        if *stop.borrow() {
            return Err(SyncError::Stopped);
        }
        self.check_called_off(self.store()).await
    }

    /// To be asked before anything is written: an admin may have switched the connection off, or changed
    /// what is to travel.
    pub async fn check_current(&self, db: impl Read) -> Result<(), SyncError> {
        let ErpConnection { id, generation, .. } = self.connection;
        let is_current = connections::is_current(db, id, generation).await?;
        if is_current { Ok(()) } else { Err(SyncError::Superseded) }
    }
}

/// What came of reading some actors.
#[derive(Default)]
pub(super) struct Looked {
    pub actors: BTreeMap<String, Actor>,
    /// Why the ERP did not give the others, by key.
    pub failures: BTreeMap<String, Failure>,
    /// It is the ERP and not a record: those that are neither here nor there were not asked for any more.
    pub given_up: Option<Failure>,
}

/// Whether an ERP is alive.
#[derive(Default)]
pub(super) struct Pulse {
    was_felt: AtomicBool,
    silences: AtomicUsize,
    /// The key of an actor that it gave.
    good: Mutex<Option<String>>,
}

impl Pulse {
    /// After so many records in a row to which the ERP did not answer at all, it is the ERP and not the record.
    pub const SILENCES: usize = 3;

    /// It answered as it should.
    fn felt(&self, actors: &BTreeMap<String, Actor>) {
        if let Some(key) = actors.keys().next() {
            *self.good.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
        }
        self.was_felt.store(true, Ordering::Relaxed);
        self.silences.store(0, Ordering::Relaxed);
    }

    fn good(&self) -> Option<String> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn was_felt(&self) -> bool {
        self.was_felt.load(Ordering::Relaxed)
    }

    /// It did not. Whether that is enough.
    fn note(&self, failure: &Failure) -> bool {
        if !failure.is_passing() {
            self.silences.store(0, Ordering::Relaxed);
            return false;
        }
        self.silences.fetch_add(1, Ordering::Relaxed) + 1 >= Self::SILENCES
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
    pub pulse: Pulse,
}

/// What is planned from.
pub(super) struct Sight<'s> {
    pub pairs: &'s [Pair<'s>],
    pub link: &'s Link,
    pub record: &'s Record,
    pub erp: &'s FieldValues,
    pub occasion: Occasion,
}

impl<'a> Lane<'a> {
    pub async fn open(session: &'a Session, mapping: &'a ActorMapping) -> Result<Self, SyncError> {
        let pairs = mapping.pairs();
        let keys = pairs.iter().map(|pair| pair.field.erp.key.clone()).collect();
        let texts = list_texts(session, &pairs).await?;
        Ok(Self { session, mapping, pairs, keys, texts, pulse: Pulse::default() })
    }

    pub async fn plan(
        &self,
        db: impl Read,
        link: &Link,
        record: &Record,
        erp: &FieldValues,
    ) -> store::Result<Plan> {
        let occasion = Occasion::Sync;
        self.plan_for(db, Sight { pairs: &self.pairs, link, record, erp, occasion }).await
    }

    /// What a resync would write.
    pub fn push(&self, link: &Link, record: &Record, erp: &FieldValues, with_blanks: bool) -> Plan {
        let situation = Situation {
            pairs: &self.pairs,
            agreed: &link.agreed,
            crm: &record.values,
            erp,
            winner: Side::Crm,
            winners: &Winners::new(),
            occasion: Occasion::Sync,
            texts: &self.texts,
        };
        push::push(&situation, with_blanks)
    }

    /// Plans. Where both sides changed, it is asked which connection the CRM's value came from.
    pub async fn plan_for(&self, db: impl Read, sight: Sight<'_>) -> store::Result<Plan> {
        let Session { priority, connection, .. } = self.session;
        let Sight { pairs, link, record, erp, occasion } = sight;
        let winners = Winners::new();
        let mut situation = Situation {
            pairs,
            agreed: &link.agreed,
            crm: &record.values,
            erp,
            winner: priority.winner(connection.id),
            winners: &winners,
            occasion,
            texts: &self.texts,
        };
        let plan = plan::plan(&situation);
        if plan.conflicts.is_empty() && plan.refused.is_empty() && plan.left.is_empty() {
            return Ok(plan);
        }
        let links = links::list_by_record(db, record.id).await?;
        let winners = origin::winners(priority, link, record, &links);
        situation.winners = &winners;
        Ok(plan::plan(&situation))
    }

    /// The actors with these keys. One that is refused, or that the ERP does not answer about, must not hide the
    /// others: then each is asked for alone. So are those an answer lacks; what is missing then is not in the
    /// ERP.
    pub async fn read(&self, keys: &[String]) -> Result<Looked, SyncError> {
        let mut looked = Looked::default();
        if keys.len() > 1 {
            match self.ask(keys).await {
                Ok(actors) => looked.actors = actors,
                Err(failure) if reason::is_about_the_connection(&failure) => {
                    return Err(failure.into());
                }
                Err(_) => {}
            }
        }
        for key in keys {
            if looked.actors.contains_key(key) {
                continue;
            }
            match self.ask(std::slice::from_ref(key)).await {
                Ok(found) => looked.actors.extend(found),
                Err(failure) if reason::is_about_the_connection(&failure) => {
                    return Err(failure.into());
                }
                Err(failure) => {
                    let is_enough = self.pulse.note(&failure) && !self.is_alive().await;
                    looked.given_up = is_enough.then(|| failure.clone());
                    looked.failures.insert(key.clone(), failure);
                    if is_enough {
                        break;
                    }
                }
            }
        }
        Ok(looked)
    }

    async fn ask(&self, keys: &[String]) -> Result<BTreeMap<String, Actor>, Failure> {
        let kind = self.mapping.kind;
        let reply = self.session.client.actors(kind, keys, &self.keys).await?;
        let actors = by_key(reply.value, kind, keys);
        self.pulse.felt(&actors);
        Ok(actors)
    }

    /// Whether an actor it gave before can still be had: then it is the records after all.
    async fn is_alive(&self) -> bool {
        match self.pulse.good() {
            Some(key) => self.ask(&[key]).await.is_ok(),
            None => false,
        }
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

/// Those of the actors that were asked for; connectors add others, also of another type with the same key.
pub(super) fn by_key(
    actors: Vec<Actor>,
    kind: ActorType,
    keys: &[String],
) -> BTreeMap<String, Actor> {
    let is_asked = |actor: &Actor| actor.kind == kind && keys.contains(&actor.key);
    let asked = actors.into_iter().filter(is_asked);
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

/// What the items of a CRM list are called, in all languages; records may hold some that were taken off it.
async fn crm_names(
    session: &Session,
    list: Option<List>,
) -> Result<BTreeMap<i64, String>, SyncError> {
    let Some(list) = list else { return Ok(BTreeMap::new()) };
    let items = crm_lists::list_with_deleted(session.store(), list).await?;
    Ok(items.into_iter().map(|item| (item.id, item.text)).collect())
}
