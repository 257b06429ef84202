//! What the ERP tab and the screens it leads to have in common: finding what an address names within the
//! person's reach, and saying why something was not done.

use std::collections::BTreeMap;

use crate::connections::ConnectionId;
use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::types::{ActorType, FieldInfo, FieldType};
use crate::crm::{Record, RecordId, RecordKind};
use crate::i18n::{Key, Message};
use crate::links::StoredReason;
use crate::mapping::{self, ActorMapping};
use crate::store::access::{self, Usable};
use crate::store::{connections, crm, mappings};
use crate::sync::person::NotDone;
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::{Portal, failure};

/// Texts of list items by list and key.
pub type ListTexts = BTreeMap<String, BTreeMap<String, String>>;

/// The record an address names.
pub async fn record(portal: &Portal, kind: RecordKind, id: RecordId) -> Result<Record, WebError> {
    crm::find(&portal.store, kind, id).await?.ok_or(WebError::NotFound)
}

/// The connection an address names, if this person may use it; otherwise it does not exist for them.
pub async fn usable(portal: &Portal, visit: &Visit, id: ConnectionId) -> Result<Usable, WebError> {
    if let Some(usable) = access::find_usable(&portal.store, visit.person()?.id, id).await? {
        return Ok(usable);
    }
    let is_there = connections::find(&portal.store, id).await?.is_some();
    Err(if is_there { WebError::OutOfReach } else { WebError::NotFound })
}

/// The mapping of an actor type that is switched on, for this kind of record.
pub async fn mapping(
    portal: &Portal,
    connection: ConnectionId,
    kind: ActorType,
    record: RecordKind,
) -> Result<ActorMapping, WebError> {
    let mapping = mappings::find(&portal.store, connection, kind).await?;
    mapping
        .filter(|mapping| mapping.is_active && mapping::record_kind(kind) == record)
        .ok_or(WebError::NotFound)
}

/// The texts of all items of the lists these fields use. A list that cannot be read stays without texts:
/// its keys are shown instead.
pub async fn list_texts<'a>(
    client: &ErpClient,
    fields: impl Iterator<Item = &'a FieldInfo>,
) -> ListTexts {
    let mut texts = ListTexts::new();
    for field in fields.filter(|field| field.kind == FieldType::List && !field.list.is_empty()) {
        if !texts.contains_key(&field.list) {
            let items = client.list(&field.list).await.map(|reply| reply.value).unwrap_or_default();
            let items = items.into_iter().map(|item| (item.key, item.text)).collect();
            texts.insert(field.list.clone(), items);
        }
    }
    texts
}

/// A reason kept in the database, in words.
pub fn reason(visit: &Visit, reason: &StoredReason) -> String {
    visit.say(&failure::kept(reason, visit.language))
}

/// Why nothing was done, in a sentence that says what to do next; or the answer that ends the request.
pub fn not_done(visit: &Visit, error: NotDone) -> Result<String, WebError> {
    let say = |key: Key| Ok(visit.plain(&key).to_owned());
    match error {
        NotDone::NotThere => Err(WebError::NotFound),
        NotDone::Store(error) => Err(error.into()),
        NotDone::ActorGone => say(Key::ERP_ACTOR_GONE),
        NotDone::Changed => say(Key::ERP_CHANGED),
        NotDone::Busy => say(Key::ERP_BUSY),
        NotDone::RecordLinked => say(Key::ERP_RECORD_LINKED),
        NotDone::ActorLinked { .. } => say(Key::ERP_ACTOR_LINKED),
        NotDone::CompanyNotLinked => say(Key::ERP_COMPANY_NOT_LINKED),
        NotDone::OtherCompany => say(Key::ERP_OTHER_COMPANY),
        NotDone::CreateUnclear(_) => say(Key::ERP_CREATE_UNCLEAR),
        NotDone::Refused(fields) => {
            let all: Vec<String> = fields.iter().map(|(_, why)| reason(visit, why)).collect();
            Ok(all.join(" "))
        }
        NotDone::Answers(_) => say(Key::ERP_ANSWERS),
        NotDone::Erp(failure) => Ok(visit.say(&failure::message(&failure, visit.language))),
        NotDone::NotKnown(failure) => Ok(visit.say(&not_known(visit, &failure))),
    }
}

/// That nobody knows whether the ERP did it, which is neither a success nor a failure.
pub fn not_known(visit: &Visit, failure: &Failure) -> Message {
    let why = visit.say(&failure::message(failure, visit.language));
    Message::from(Key::ERP_NOT_KNOWN).with("why", why)
}
