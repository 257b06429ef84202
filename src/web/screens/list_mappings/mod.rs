//! List mapping: which item of an ERP list is which item of a CRM list. One field at a time; read-only
//! while the connection is active.

mod view;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::view::EditPage;
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::connector::types::ListItem;
use crate::crm::fields::List;
use crate::i18n::Key;
use crate::mapping::lists::{self, CrmItem, Items, Problem};
use crate::mapping::{ActorMapping, FieldMappingId};
use crate::store::crm_lists::{self, Item};
use crate::store::error::StoreError;
use crate::store::{configuration, connections, mappings};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Pairs, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

/// What the name of an ERP item's drop-down begins with.
const ITEM: &str = "item:";

#[derive(Deserialize)]
pub struct Chosen {
    field: Option<FieldMappingId>,
    /// Fill in what has a text in common.
    #[serde(default)]
    suggest: String,
}

pub async fn edit(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    chosen: Query<Chosen>,
) -> Answer {
    let connection = get(&portal, *id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let Some((mapping, list)) = find(&all, chosen.field) else {
        let page = EditPage { visit: &visit, connection: &connection, all: &all, current: None };
        return page::show(&page);
    };
    let known = known(&portal, &connection, mapping, list).await?;
    let before = &list.field.items;
    let chosen = match chosen.suggest.as_str() {
        "1" => lists::suggest(before, &known.erp, &known.choices()),
        _ => before.clone(),
    };
    show(&visit, &connection, &all, known, chosen, BTreeMap::new(), Problems::default())
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, FieldMappingId)>,
    typed: Pairs,
) -> Answer {
    let (id, field) = path.into_inner();
    let connection = get(&portal, id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let (mapping, list) = find(&all, Some(field))
        .filter(|(_, list)| list.field.id == field)
        .ok_or(WebError::NotFound)?;
    let pairs: Vec<(String, i64)> = typed
        .0
        .iter()
        .filter_map(|(name, value)| {
            Some((name.strip_prefix(ITEM)?.to_owned(), value.parse().ok()?))
        })
        .collect();
    let chosen: Items = pairs.iter().cloned().collect();
    let known = known(&portal, &connection, mapping, list).await?;
    let again = |problem: Key| {
        let problems = Problems::whole(problem);
        show(&visit, &connection, &all, known.clone(), chosen.clone(), BTreeMap::new(), problems)
    };
    if connection.is_active {
        return again(Key::LIST_MAPPINGS_ACTIVE);
    }
    // Where both say the same, nothing of either is lost.
    let is_other = chosen != list.field.items;
    if is_other && typed.get("version").parse() != Ok(mapping.version) {
        let saved = list.field.items.clone();
        return show_conflict(&visit, &connection, &all, known, saved, chosen);
    }
    // While the ERP cannot be asked, what it has cannot be told from what it has not.
    if known.failure.is_some() {
        return again(Key::LIST_MAPPINGS_AWAY);
    }
    let items = match lists::check(&pairs, &list.field.items, &known.erp, &known.choices()) {
        Ok(items) => items,
        Err(found) => {
            let problems = Problems::whole(Key::LIST_MAPPINGS_PROBLEMS);
            return show(&visit, &connection, &all, known, chosen, found, problems);
        }
    };
    let mut after = mapping.clone();
    if let Some(changed) = after.fields.iter_mut().find(|other| other.id == field) {
        changed.items = items;
    }
    let mut tx = portal.store.begin().await?;
    match mappings::save(&mut tx, &visit.actor(), &after).await {
        Ok(_) => tx.commit().await?,
        Err(StoreError::Overtaken) => return Err(WebError::Overtaken),
        Err(error) => return Err(error.into()),
    }
    let to = format!("/connections/{id}/list-mappings?field={field}");
    page::redirect(&visit, &to, Key::LIST_MAPPINGS_SAVED)
}

/// Both lists of one field.
#[derive(Clone)]
pub struct Known {
    field: FieldMappingId,
    version: i64,
    list: List,
    erp: Vec<ListItem>,
    crm: Vec<Item>,
    /// Why the ERP's list could not be read; then only what is mapped already is shown.
    failure: Option<Failure>,
}

impl Known {
    fn choices(&self) -> Vec<CrmItem<'_>> {
        self.crm.iter().map(|item| CrmItem { id: item.id, text: &item.text }).collect()
    }
}

async fn known(
    portal: &Portal,
    connection: &ErpConnection,
    mapping: &ActorMapping,
    list: lists::MappedList<'_>,
) -> Result<Known, WebError> {
    let crm = crm_lists::list(&portal.store, list.list).await?;
    let settings = configuration::for_calls(&portal.store, connection.id).await?;
    let client = portal.registry.client(
        &connection.connector_address,
        connection.guid.clone(),
        settings,
        Patience::Interactive,
    );
    let answer = match client {
        Ok(client) => client.list(&list.field.erp.list).await,
        Err(failure) => Err(failure),
    };
    let (erp, failure) = match answer {
        Ok(reply) => (reply.value, None),
        Err(failure) => {
            let item = |key: &String| ListItem { key: key.clone(), text: key.clone() };
            (list.field.items.keys().map(item).collect(), Some(failure))
        }
    };
    Ok(Known { field: list.field.id, version: mapping.version, list: list.list, erp, crm, failure })
}

/// The field asked for, or the first that has a list to map.
fn find(
    all: &[ActorMapping],
    field: Option<FieldMappingId>,
) -> Option<(&ActorMapping, lists::MappedList<'_>)> {
    let lists = || {
        all.iter().flat_map(|mapping| {
            lists::mapped_lists(mapping).into_iter().map(move |list| (mapping, list))
        })
    };
    lists().find(|(_, list)| Some(list.field.id) == field).or_else(|| lists().next())
}

fn show(
    visit: &Visit,
    connection: &ErpConnection,
    all: &[ActorMapping],
    known: Known,
    chosen: Items,
    wrong: BTreeMap<String, Problem>,
    problems: Problems,
) -> Answer {
    let is_good = problems.is_empty();
    let current = Some(view::Current { known, chosen, wrong, problems, saved: None });
    let page = EditPage { visit, connection, all, current };
    if is_good { page::show(&page) } else { page::show_again(&page) }
}

/// Both versions, and the form as chosen, ready to be sent on top of the newer one.
fn show_conflict(
    visit: &Visit,
    connection: &ErpConnection,
    all: &[ActorMapping],
    known: Known,
    saved: Items,
    chosen: Items,
) -> Answer {
    let (wrong, problems) = (BTreeMap::new(), Problems::default());
    let current = Some(view::Current { known, chosen, wrong, problems, saved: Some(saved) });
    page::show_conflict(&EditPage { visit, connection, all, current })
}

async fn get(portal: &Portal, id: ConnectionId) -> Result<ErpConnection, WebError> {
    let found = connections::find(&portal.store, id).await?;
    found.filter(|connection| !connection.is_deleted).ok_or(WebError::NotFound)
}
