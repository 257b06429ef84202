//! Sync default values: what an ERP field gets when an actor is created there, and what the user is asked.

mod view;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::view::{EditPage, IndexPage};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::registry::Patience;
use crate::connector::types::{ActorType, FieldInfo, FieldType, ListItem};
use crate::i18n::{Key, Message};
use crate::mapping::defaults;
use crate::mapping::tags;
use crate::mapping::{ActorMapping, DefaultRule, FieldMapping};
use crate::store::error::StoreError;
use crate::store::{configuration, connections, mappings};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Pairs, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, failure, inputs, page};

#[derive(Deserialize)]
pub struct Tab {
    #[serde(default, rename = "type")]
    kind: String,
    /// The field a rule is about.
    #[serde(default)]
    field: String,
}

pub async fn index(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    tab: Query<Tab>,
) -> Answer {
    let connection = get(&portal, *id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let wanted = ActorType::parse(&tab.kind);
    let current = all.iter().find(|mapping| Some(mapping.kind) == wanted).or(all.first()).cloned();
    let mut texts = BTreeMap::new();
    for field in current.iter().flat_map(|mapping| &mapping.fields) {
        if field.default.is_some() && field.erp.kind == FieldType::List {
            let (items, _) = items(&visit, &portal, &connection, &field.erp).await?;
            texts.extend(
                items.into_iter().map(|item| ((field.erp.list.clone(), item.key), item.text)),
            );
        }
    }
    page::show(&IndexPage { visit: &visit, connection, all, current, texts })
}

/// Without a field: choose one. With one: its rule.
pub async fn new(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    tab: Query<Tab>,
) -> Answer {
    let (connection, mapping) = find(&portal, *id, &tab.kind).await?;
    let field = mapping.field(&tab.field).filter(|field| field.default.is_none()).cloned();
    let typed = field.as_ref().map(|field| of_field(&visit, field)).unwrap_or_default();
    show(&visit, &portal, connection, mapping, field, &typed, Problems::default()).await
}

pub async fn edit(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String, i64)>,
) -> Answer {
    let (id, kind, field) = path.into_inner();
    let (connection, mapping) = find(&portal, id, &kind).await?;
    let field =
        mapping.fields.iter().find(|other| other.id == field).cloned().ok_or(WebError::NotFound)?;
    let typed = of_rule(&visit, &field);
    show(&visit, &portal, connection, mapping, Some(field), &typed, Problems::default()).await
}

/// Adds a rule or changes the one there is.
pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    typed: Pairs,
) -> Answer {
    let (id, kind) = path.into_inner();
    let (connection, mapping) = find(&portal, id, &kind).await?;
    let field = mapping.field(typed.get("field")).cloned();
    let Some(field) = field else {
        let problems = Problems::one("field", Key::FORM_REQUIRED);
        return show(&visit, &portal, connection, mapping, None, &typed, problems).await;
    };
    let checked = read(&visit, &field.erp, &typed)
        .and_then(|rule| defaults::check(&field.erp, &rule).map_err(|problem| problem.message()));
    let rule = match checked {
        Ok(rule) => rule,
        Err(problem) => {
            let problems = Problems::one("value", problem);
            return show(&visit, &portal, connection, mapping, Some(field), &typed, problems).await;
        }
    };
    // Where both say the same, nothing of either is lost.
    let is_other = field.default.as_ref() != Some(&rule);
    if is_other && seen(&typed)? != mapping.version {
        let mut page = edit_page(&visit, &portal, connection, mapping, Some(field), &typed).await?;
        page.yours = Some(rule);
        return page::show_conflict(&page);
    }
    save(&visit, &portal, &mapping, |other| {
        if other.id == field.id {
            other.default = Some(rule.clone());
        }
    })
    .await?;
    let to = format!("/connections/{id}/defaults?type={kind}");
    page::redirect(&visit, &to, Key::DEFAULTS_SAVED)
}

/// Removes the rules that were ticked.
pub async fn delete(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    typed: Pairs,
) -> Answer {
    let (id, kind) = path.into_inner();
    let (_, mapping) = find(&portal, id, &kind).await?;
    let chosen: Vec<i64> = typed.all("rule").filter_map(|id| id.parse().ok()).collect();
    let to = format!("/connections/{id}/defaults?type={kind}");
    if chosen.is_empty() {
        return page::redirect(&visit, &to, Key::DEFAULTS_NONE_CHOSEN);
    }
    if seen(&typed)? != mapping.version {
        return Err(WebError::Overtaken);
    }
    save(&visit, &portal, &mapping, |field| {
        if chosen.contains(&field.id) {
            field.default = None;
        }
    })
    .await?;
    page::redirect(&visit, &to, Message::from(Key::DEFAULTS_DELETED).with("count", chosen.len()))
}

/// The version of the mapping that the form was made of.
fn seen(typed: &Pairs) -> Result<i64, WebError> {
    typed.get("version").parse().map_err(|_| WebError::BadRequest)
}

async fn save(
    visit: &Visit,
    portal: &Portal,
    mapping: &ActorMapping,
    change: impl FnMut(&mut FieldMapping),
) -> Result<(), WebError> {
    let mut after = mapping.clone();
    after.fields.iter_mut().for_each(change);
    let mut tx = portal.store.begin().await?;
    mappings::save(&mut tx, &visit.actor(), &after).await.map_err(|error| match error {
        StoreError::Overtaken => WebError::Overtaken,
        other => other.into(),
    })?;
    Ok(tx.commit().await?)
}

fn read(visit: &Visit, erp: &FieldInfo, typed: &Pairs) -> Result<DefaultRule, Message> {
    let text = typed.get("value");
    let value = match typed.get("sets_value") {
        // A tag stands for a value that is known only at creation.
        "1" if tags::whole(erp.kind, text).is_some() => Some(text.trim().to_owned()),
        "1" => Some(inputs::from_input(erp, text, visit.language)?),
        _ => None,
    };
    Ok(DefaultRule {
        value,
        asks_user: typed.get("asks_user") == "1",
        is_mandatory: typed.get("is_mandatory") == "1",
    })
}

/// A fresh rule begins with what the connector suggests.
fn of_field(visit: &Visit, field: &FieldMapping) -> Pairs {
    let value = inputs::to_input(field.erp.kind, &field.erp.default, visit.language);
    let sets = if value.is_empty() { "" } else { "1" };
    pairs([("field", field.erp.key.clone()), ("value", value), ("sets_value", sets.to_owned())])
}

fn of_rule(visit: &Visit, field: &FieldMapping) -> Pairs {
    let Some(rule) = &field.default else { return of_field(visit, field) };
    let flag = |is_on: bool| if is_on { "1" } else { "" }.to_owned();
    let value = rule.value.as_deref().unwrap_or_default();
    pairs([
        ("field", field.erp.key.clone()),
        ("value", inputs::to_input(field.erp.kind, value, visit.language)),
        ("sets_value", flag(rule.value.is_some())),
        ("asks_user", flag(rule.asks_user)),
        ("is_mandatory", flag(rule.is_mandatory)),
    ])
}

fn pairs<const N: usize>(all: [(&str, String); N]) -> Pairs {
    Pairs(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

async fn show(
    visit: &Visit,
    portal: &Portal,
    connection: ErpConnection,
    mapping: ActorMapping,
    field: Option<FieldMapping>,
    typed: &Pairs,
    problems: Problems,
) -> Answer {
    let page = edit_page(visit, portal, connection, mapping, field, typed).await?;
    let page = EditPage { problems, ..page };
    if page.problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
}

async fn edit_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    connection: ErpConnection,
    mapping: ActorMapping,
    field: Option<FieldMapping>,
    typed: &'a Pairs,
) -> Result<EditPage<'a>, WebError> {
    let (items, away) = match &field {
        Some(field) if field.erp.kind == FieldType::List => {
            items(visit, portal, &connection, &field.erp).await?
        }
        _ => (Vec::new(), String::new()),
    };
    let (problems, yours) = (Problems::default(), None);
    Ok(EditPage { visit, connection, mapping, field, typed, problems, items, away, yours })
}

/// The items of a field's list, or why they could not be read.
async fn items(
    visit: &Visit,
    portal: &Portal,
    connection: &ErpConnection,
    erp: &FieldInfo,
) -> Result<(Vec<ListItem>, String), WebError> {
    let settings = configuration::for_calls(&portal.store, connection.id).await?;
    let client = portal.registry.client(
        &connection.connector_address,
        connection.guid.clone(),
        settings,
        Patience::Interactive,
    );
    let answer = match client {
        Ok(client) => client.list(&erp.list).await,
        Err(failure) => Err(failure),
    };
    Ok(match answer {
        Ok(reply) => (reply.value, String::new()),
        Err(failure) => (Vec::new(), visit.say(&failure::message(&failure, visit.language))),
    })
}

async fn find(
    portal: &Portal,
    id: ConnectionId,
    kind: &str,
) -> Result<(ErpConnection, ActorMapping), WebError> {
    let connection = get(portal, id).await?;
    let kind = ActorType::parse(kind).ok_or(WebError::NotFound)?;
    let mapping = mappings::find(&portal.store, id, kind).await?.ok_or(WebError::NotFound)?;
    Ok((connection, mapping))
}

async fn get(portal: &Portal, id: ConnectionId) -> Result<ErpConnection, WebError> {
    let found = connections::find(&portal.store, id).await?;
    found.filter(|connection| !connection.is_deleted).ok_or(WebError::NotFound)
}
