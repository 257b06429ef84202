//! The ERP tab of a company, person or project: what it is connected with, the ERP's live values beside the
//! CRM's, and the way to connect it. A connection whose ERP is away degrades its own section only.

mod view;

use actix_web::web::{Data, Path};
use futures_util::future::join_all;

use self::view::{Section, ShowPage, State};
use crate::connector::registry::Patience;
use crate::connector::types::{ActorType, FieldValues};
use crate::crm::{Record, RecordId, RecordKind};
use crate::links::Link;
use crate::mapping::{self, ActorMapping, FieldMapping};
use crate::store::access::{self, Usable};
use crate::store::{crm, crm_lists, erp_writes, links, mappings};
use crate::web::erp::{self, ListTexts};
use crate::web::error::{Answer, WebError};
use crate::web::records::Kind;
use crate::web::visit::Visit;
use crate::web::{Portal, failure, page};

pub async fn show(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    id: Path<RecordId>,
) -> Answer {
    let record = erp::record(&portal, kind, *id).await?;
    let company = match record.parent {
        Some(company) => crm::find(&portal.store, RecordKind::Company, company).await?,
        None => None,
    };
    let items = crm_lists::list_all(&portal.store).await?;
    let usable = access::usable_by(&portal.store, visit.person()?.id).await?;
    // All at once: one slow ERP must not make the others wait.
    let sections =
        join_all(usable.into_iter().map(|usable| section(&visit, &portal, &record, usable)));
    let sections = sections.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    page::show(&ShowPage { visit: &visit, record, company, items, sections })
}

async fn section(
    visit: &Visit,
    portal: &Portal,
    record: &Record,
    usable: Usable,
) -> Result<Section, WebError> {
    let Usable { connection, rights } = usable;
    let all = mappings::list(&portal.store, connection.id).await?;
    let link = links::find_by_record(&portal.store, connection.id, record.id).await?;
    let state = match link {
        Some(link) => linked(visit, portal, &connection, &all, link).await?,
        None => {
            let write = erp_writes::find_by_record(&portal.store, connection.id, record.id).await?;
            match write {
                Some(write) => State::OnItsWay(write),
                None => State::Unlinked(offered(&all, record.kind)),
            }
        }
    };
    Ok(Section { connection, rights, state })
}

/// The actor types this kind of record can be connected as.
fn offered(all: &[ActorMapping], kind: RecordKind) -> Vec<ActorType> {
    all.iter()
        .filter(|mapping| mapping.is_active && !mapping.is_missing)
        .map(|mapping| mapping.kind)
        .filter(|actor| mapping::record_kind(*actor) == kind)
        .collect()
}

async fn linked(
    visit: &Visit,
    portal: &Portal,
    connection: &crate::connections::ErpConnection,
    all: &[ActorMapping],
    link: Link,
) -> Result<State, WebError> {
    let Some(mapping) = all.iter().find(|mapping| mapping.kind == link.actor.kind).cloned() else {
        return Ok(State::Linked { link, mapping: None, live: Err(String::new()) });
    };
    let client = match portal.engine.client(connection, Patience::Interactive).await {
        Ok(client) => client,
        Err(error) => {
            let why = erp::not_done(visit, error)?;
            return Ok(State::Linked { link, mapping: Some(mapping), live: Err(why) });
        }
    };
    let shown: Vec<&FieldMapping> = mapping.fields.iter().filter(|field| is_shown(field)).collect();
    let keys: Vec<String> = shown.iter().map(|field| field.erp.key.clone()).collect();
    let asked = std::slice::from_ref(&link.actor.key);
    let live = match client.actors(link.actor.kind, asked, &keys).await {
        Ok(reply) => {
            let found = reply.value.into_iter().find(|actor| actor.key == link.actor.key);
            match found {
                Some(actor) => {
                    let texts =
                        erp::list_texts(&client, shown.iter().map(|field| &field.erp)).await;
                    Ok(Live { fields: actor.fields, texts })
                }
                None => Err(visit.t.erp_actor_not_found().to_owned()),
            }
        }
        Err(failure) => Err(visit.say(&failure::message(&failure, visit.language))),
    };
    Ok(State::Linked { link, mapping: Some(mapping), live })
}

/// Synchronised, or ticked for the tab.
fn is_shown(field: &FieldMapping) -> bool {
    let is_synchronised = field.crm_field.is_some() && field.direction.is_any();
    !field.is_missing_in_erp && (is_synchronised || field.is_shown_in_tab)
}

/// What the ERP holds right now.
pub struct Live {
    pub fields: FieldValues,
    pub texts: ListTexts,
}
