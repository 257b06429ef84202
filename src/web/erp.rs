//! What the ERP tab and the screens it leads to have in common: finding what an address names within the
//! person's reach, and saying why something was not done.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use crate::connections::ConnectionId;
use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::remarks::{Remark, Remarks};
use crate::connector::types::{ActorType, FieldInfo, FieldType, FieldValues};
use crate::crm::{Record, RecordId, RecordKind};
use crate::gates::{Place, Reach, is_type_on};
use crate::i18n::{Key, Message};
use crate::links::StoredReason;
use crate::mapping::ActorMapping;
use crate::store::access::Usable;
use crate::store::{connections, crm, mappings};
use crate::sync::person::NotDone;
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, failure, gates, page, routes};

/// Texts of list items by list and key.
pub type ListTexts = BTreeMap<String, BTreeMap<String, String>>;

/// The record an address names.
pub async fn record(portal: &Portal, kind: RecordKind, id: RecordId) -> Result<Record, WebError> {
    crm::find(&portal.store, kind, id).await?.ok_or(WebError::NotFound)
}

/// The connection an address names, if this person may use it; otherwise it does not exist for them.
pub async fn usable(portal: &Portal, visit: &Visit, id: ConnectionId) -> Result<Usable, WebError> {
    let connection = connections::find(&portal.store, id).await?.ok_or(WebError::NotFound)?;
    let place = Place::Connection(id);
    let facts = gates::facts(portal, Some(visit.person()?), &routes::ERP, place).await?;
    if let Some(gate) = crate::gates::first_closed(&routes::ERP, place, &facts) {
        return Err(gates::refusal(gate, place));
    }
    let rights = facts.reaches.iter().find_map(Reach::rights).ok_or(WebError::OutOfReach)?;
    Ok(Usable { connection, rights })
}

/// The mapping of an actor type that is switched on, for this kind of record.
pub async fn mapping(
    portal: &Portal,
    connection: ConnectionId,
    kind: ActorType,
    record: RecordKind,
) -> Result<ActorMapping, WebError> {
    let mapping = mappings::find(&portal.store, connection, kind).await?;
    mapping.filter(|mapping| is_type_on(mapping, record)).ok_or(WebError::NotFound)
}

/// The texts of these actors' items of the lists these fields use, all lists at once. A list that cannot be read
/// stays without texts: its keys are shown instead.
pub async fn item_texts<'a>(
    client: &ErpClient,
    fields: impl Iterator<Item = &'a FieldInfo>,
    actors: &[&FieldValues],
) -> ListTexts {
    let mut wanted: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
    for field in fields.filter(|field| field.kind == FieldType::List && !field.list.is_empty()) {
        let keys = actors.iter().filter_map(|values| values.get(&field.key));
        wanted.entry(&field.list).or_default().extend(keys.filter(|key| !key.is_empty()));
    }
    let asked = wanted.into_iter().filter(|(_, keys)| !keys.is_empty());
    let texts = asked.map(|(list, keys)| async move {
        let keys: Vec<String> = keys.into_iter().cloned().collect();
        let items = client.list_items(list, &keys).await.map(|reply| reply.value);
        let items = items.unwrap_or_default().into_iter().map(|item| (item.key, item.text));
        (list.to_owned(), items.collect())
    });
    join_all(texts).await.into_iter().collect()
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

/// A reason kept in the database, in words; all of them where there are several.
pub fn reason(visit: &Visit, reason: &StoredReason) -> String {
    let all = [reason].into_iter().chain(&reason.also);
    let said: Vec<String> =
        all.map(|reason| visit.say(&failure::kept(reason, visit.language))).collect();
    said.join(" ")
}

/// What the ERP had to say although it did its work, as one text; blank for nothing.
pub fn remarks(visit: &Visit, remarks: &[Remark]) -> String {
    let said: Vec<String> =
        remarks.iter().map(|remark| failure::said(&remark.text, visit.language)).collect();
    said.join(" ")
}

/// Goes on after something was done, and says what the ERP had to say besides.
pub fn redirect(visit: &Visit, to: &str, done: Message, heard: &Remarks) -> Answer {
    let heard = heard.take();
    let said = remarks(visit, &heard);
    if said.is_empty() {
        return page::redirect(visit, to, done);
    }
    let saying =
        Message::from(Key::ERP_DONE_AND_SAID).with("done", visit.say(&done)).with("said", said);
    if heard.iter().any(|remark| remark.is_warning) {
        page::redirect_warning(visit, to, saying)
    } else {
        page::redirect(visit, to, saying)
    }
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
        NotDone::Superseded => say(Key::ERP_SUPERSEDED),
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
