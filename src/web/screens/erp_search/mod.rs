//! Search ERP: the actors a record could be linked with. The search has already run with the record's name
//! when the page opens; creating without having searched is not offered anywhere.

mod condition;
mod criteria;
mod view;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query};

use self::condition::Lists;
use self::view::{Hit, IndexPage};
use crate::connections::ConnectionId;
use crate::connector::Answer as ErpAnswer;
use crate::connector::client::ErpClient;
use crate::connector::registry::Patience;
use crate::connector::types::{
    ActorRef, ActorType, FieldInfo, FieldType, FieldValues, Found, Restriction,
};
use crate::crm::{Record, RecordId, RecordKind};
use crate::mapping::ActorMapping;
use crate::store::{crm, links};
use crate::web::erp::{self, ListTexts};
use crate::web::error::{Answer, WebError};
use crate::web::form::Problems;
use crate::web::records::Kind;
use crate::web::visit::Visit;
use crate::web::{Portal, failure, page};

/// The most actors one search shows.
const MOST: usize = 200;

pub async fn index(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
    query: Query<Vec<(String, String)>>,
) -> Answer {
    let (id, connection) = path.into_inner();
    let record = erp::record(&portal, kind, id).await?;
    let usable = erp::usable(&portal, &visit, connection).await?;
    let asked = criteria::Asked::read(&query, &record);
    let actor_type = ActorType::parse(&asked.kind).ok_or(WebError::NotFound)?;
    let mapping = erp::mapping(&portal, connection, actor_type, kind).await?;
    if links::find_by_record(&portal.store, connection, id).await?.is_some() {
        return Ok(page::go(&format!("/{}/{id}/erp", kind.path())));
    }
    let mut page = IndexPage {
        visit: &visit,
        record: &record,
        connection: &usable.connection,
        rights: usable.rights,
        mapping: &mapping,
        asked: &asked,
        columns: columns(&mapping),
        hits: Vec::new(),
        has_more: false,
        texts: ListTexts::new(),
        problem: String::new(),
        said: String::new(),
        problems: Problems::default(),
        lists: Lists::new(),
    };
    fill(&portal, &mut page).await?;
    if page.problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
}

/// Searches, and puts into the page what was found or what stood in the way.
async fn fill(portal: &Portal, page: &mut IndexPage<'_>) -> Result<(), WebError> {
    let (visit, connection, asked) = (page.visit, page.connection, page.asked);
    let parent = match parent(portal, connection.id, page.record).await? {
        Parent::NotLinked => {
            page.problem = visit.t.erp_company_not_linked().to_owned();
            return Ok(());
        }
        Parent::None => None,
        Parent::Actor(actor) => Some(actor),
    };
    let client = match portal.engine.client(connection, Patience::Interactive).await {
        Ok(client) => Ok(client),
        Err(error) => Err(erp::not_done(visit, error)?),
    };
    if let Ok(client) = &client {
        page.lists = lists(client, page.mapping, asked).await;
    }
    if asked.is_adapting {
        return Ok(());
    }
    let parent = parent.as_ref();
    match (asked.restrictions(page.mapping, parent, &page.lists, visit.language), client) {
        (Err(problems), _) => page.problems = problems,
        (Ok(_), Err(why)) => page.problem = why,
        (Ok(restrictions), Ok(client)) => {
            find(portal, &client, page, (parent, &restrictions)).await?;
        }
    }
    Ok(())
}

async fn find(
    portal: &Portal,
    client: &ErpClient,
    page: &mut IndexPage<'_>,
    (parent, restrictions): (Option<&ActorRef>, &[Restriction]),
) -> Result<(), WebError> {
    match search(client, page.mapping, page.asked, parent, restrictions).await {
        Ok(reply) => {
            page.has_more = reply.value.more;
            page.hits = hits(portal, (page.connection.id, page.mapping.kind), reply.value).await?;
            let found: Vec<&FieldValues> = page.hits.iter().map(|hit| &hit.actor.fields).collect();
            let texts = erp::item_texts(client, page.columns.iter().copied(), &found).await;
            page.texts = texts;
            page.said = erp::remarks(page.visit, &client.remarks().take());
        }
        Err(failure) => {
            let visit = page.visit;
            page.problem = visit.say(&failure::message(&failure, visit.language));
        }
    }
    Ok(())
}

/// The items of the lists that conditions choose from. One that cannot be read costs only itself: its keys
/// are typed.
async fn lists(client: &ErpClient, mapping: &ActorMapping, asked: &criteria::Asked) -> Lists {
    let mut lists = Lists::new();
    let fields = asked.rows.iter().filter_map(|row| row.field(mapping));
    for field in fields.filter(|field| field.kind == FieldType::List) {
        if !lists.contains_key(&field.list)
            && let Ok(reply) = client.list(&field.list).await
        {
            lists.insert(field.list.clone(), reply.value);
        }
    }
    lists
}

async fn search(
    client: &ErpClient,
    mapping: &ActorMapping,
    asked: &criteria::Asked,
    parent: Option<&ActorRef>,
    restrictions: &[Restriction],
) -> ErpAnswer<Found> {
    let fields: Vec<String> = columns(mapping).iter().map(|field| field.key.clone()).collect();
    if asked.is_advanced {
        return client.search_advanced(mapping.kind, restrictions, &fields, MOST).await;
    }
    match parent {
        Some(parent) => {
            let (kind, key) = (parent.kind, parent.key.as_str());
            client.search_by_parent(mapping.kind, &asked.text, kind, key, &fields, MOST).await
        }
        None => client.search(mapping.kind, &asked.text, &fields, MOST).await,
    }
}

/// Show in Search, by rank; if nothing is ticked, what can be searched; if nothing can, the first fields.
fn columns(mapping: &ActorMapping) -> Vec<&FieldInfo> {
    let there = || mapping.fields.iter().filter(|field| !field.is_missing_in_erp);
    let mut columns: Vec<&FieldInfo> =
        there().filter(|field| field.is_shown_in_search).map(|field| &field.erp).collect();
    if columns.is_empty() {
        let is_searchable = |key: &String| mapping.searchable.contains(key);
        columns =
            there().map(|field| &field.erp).filter(|erp| is_searchable(&erp.key)).take(6).collect();
    }
    if columns.is_empty() {
        columns = there().map(|field| &field.erp).take(4).collect();
    }
    columns
}

enum Parent {
    /// The record has no parent to observe.
    None,
    /// A person's company has to be linked first.
    NotLinked,
    Actor(ActorRef),
}

async fn parent(
    portal: &Portal,
    connection: ConnectionId,
    record: &Record,
) -> Result<Parent, WebError> {
    if record.kind != RecordKind::Person {
        return Ok(Parent::None);
    }
    let Some(company) = record.parent else { return Ok(Parent::NotLinked) };
    let link = links::find_by_record(&portal.store, connection, company).await?;
    Ok(link.map_or(Parent::NotLinked, |link| Parent::Actor(link.actor)))
}

/// Actors that are linked already are shown with whom, and cannot be chosen.
async fn hits(
    portal: &Portal,
    (connection, kind): (ConnectionId, ActorType),
    mut found: Found,
) -> Result<Vec<Hit>, WebError> {
    found.actors.retain(|actor| actor.kind == kind);
    let keys: Vec<String> = found.actors.iter().map(|actor| actor.key.clone()).collect();
    let links = links::list_by_keys(&portal.store, connection, kind, &keys).await?;
    let linked: BTreeMap<String, RecordId> =
        links.into_iter().map(|link| (link.actor.key, link.record_id)).collect();
    let ids: Vec<RecordId> = linked.values().copied().collect();
    let records: BTreeMap<RecordId, Record> =
        crm::list_by_ids(&portal.store, &ids).await?.into_iter().map(|r| (r.id, r)).collect();
    let hit = |actor: crate::connector::types::Actor| {
        let linked = linked.get(&actor.key).and_then(|id| records.get(id)).cloned();
        Hit { actor, linked }
    };
    Ok(found.actors.into_iter().map(hit).collect())
}
