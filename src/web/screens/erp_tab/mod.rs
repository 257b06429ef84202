//! The ERP tab of a company, person or project: what it is connected with, the ERP's live values beside the
//! CRM's, and the way to connect it. A connection whose ERP is away degrades its own section only.

mod view;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path};
use futures_util::future::join_all;

use self::view::{Section, ShowPage, State};
use crate::connections::ErpConnection;
use crate::connector::client::ErpClient;
use crate::connector::registry::Patience;
use crate::connector::types::{Actor, ActorType, FieldValues};
use crate::crm::{Record, RecordId, RecordKind};
use crate::gates::is_type_on;
use crate::links::Link;
use crate::mapping::{ActorMapping, FieldMapping, translate};
use crate::store::access::{self, Usable};
use crate::store::crm_lists::Item;
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
    let items = crm_lists::list_by_ids(&portal.store, &record.values.items()).await?;
    let usable = access::usable_by(&portal.store, visit.person()?.id).await?;
    // All at once: one slow ERP must not make the others wait.
    let place = Place { visit: &visit, portal: &portal, items: &items };
    let sections = join_all(usable.into_iter().map(|usable| place.section(&record, usable)));
    let sections = sections.await.into_iter().collect::<Result<Vec<_>, _>>()?;
    page::show(&ShowPage { visit: &visit, record, company, items, sections })
}

/// What every section of the tab needs.
struct Place<'a> {
    visit: &'a Visit,
    portal: &'a Portal,
    /// Of all CRM lists.
    items: &'a [Item],
}

impl Place<'_> {
    async fn section(&self, record: &Record, usable: Usable) -> Result<Section, WebError> {
        let Usable { connection, rights } = usable;
        let store = &self.portal.store;
        let all = mappings::list(store, connection.id).await?;
        let state = match links::find_by_record(store, connection.id, record.id).await? {
            Some(link) => self.linked(&connection, &all, link).await?,
            None => match erp_writes::find_by_record(store, connection.id, record.id).await? {
                Some(write) => State::OnItsWay(write),
                None => State::Unlinked(offered(&all, record.kind)),
            },
        };
        Ok(Section { connection, rights, state })
    }

    async fn linked(
        &self,
        connection: &ErpConnection,
        all: &[ActorMapping],
        link: Link,
    ) -> Result<State, WebError> {
        let is_it = |mapping: &&ActorMapping| {
            mapping.kind == link.actor.kind && is_type_on(mapping, link.record_kind)
        };
        let mapping = all.iter().find(is_it).cloned();
        let Some(mapping) = mapping else {
            return Ok(State::Linked { link, mapping: None, live: Err(String::new()) });
        };
        let engine = &self.portal.engine;
        let live = match engine.client(connection, Patience::Interactive).await {
            Ok(client) => self.live(&client, &mapping, &link).await,
            Err(error) => Err(erp::not_done(self.visit, error)?),
        };
        Ok(State::Linked { link, mapping: Some(mapping), live })
    }

    /// What the ERP says, or why it says nothing.
    async fn live(
        &self,
        client: &ErpClient,
        mapping: &ActorMapping,
        link: &Link,
    ) -> Result<Live, String> {
        let shown = || mapping.fields.iter().filter(|field| is_shown(field));
        let keys: Vec<String> = shown().map(|field| field.erp.key.clone()).collect();
        let asked = std::slice::from_ref(&link.actor.key);
        let reply = client
            .actors(link.actor.kind, asked, &keys)
            .await
            .map_err(|failure| self.visit.say(&failure::message(&failure, self.visit.language)))?;
        let is_it = |actor: &Actor| actor.kind == link.actor.kind && actor.key == link.actor.key;
        let actor = reply.value.into_iter().find(is_it);
        let actor = actor.ok_or_else(|| self.visit.t.erp_actor_not_found().to_owned())?;
        let texts =
            erp::item_texts(client, shown().map(|field| &field.erp), &[&actor.fields]).await;
        let meanings = self.meanings(&texts);
        Ok(Live { fields: actor.fields, texts, meanings })
    }

    /// The same texts as the engine uses them, where a list on one side meets a text on the other.
    fn meanings(&self, texts: &ListTexts) -> translate::ListTexts {
        let pick = |text: &str| self.portal.engine.pick(text).to_owned();
        let items = |items: &BTreeMap<String, String>| {
            items.iter().map(|(key, text)| (key.clone(), pick(text))).collect()
        };
        translate::ListTexts {
            crm: self.items.iter().map(|item| (item.id, pick(&item.text))).collect(),
            erp: texts.iter().map(|(list, texts)| (list.clone(), items(texts))).collect(),
            ..Default::default()
        }
    }
}

/// The actor types this kind of record can be connected as.
fn offered(all: &[ActorMapping], kind: RecordKind) -> Vec<ActorType> {
    all.iter().filter(|mapping| is_type_on(mapping, kind)).map(|mapping| mapping.kind).collect()
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
    pub meanings: translate::ListTexts,
}
