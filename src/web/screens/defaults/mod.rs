//! Sync default values: what an ERP field gets when an actor is created there, and what the user is asked.

mod effects;
mod form;
mod items;
mod view;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::{DeletionForm, RuleForm, with_rules};
use self::view::{ConfirmPage, EditPage, IndexPage};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::{ActorType, FieldType};
use crate::i18n::{Key, Message};
use crate::mapping::{ActorMapping, DefaultRule, FieldMapping};
use crate::store::error::StoreError;
use crate::store::mappings;
use crate::versions::Versioned;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::versioned::Of;
use crate::web::visit::Visit;
use crate::web::{Portal, found, guard, page};

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
    let connection = found::connection(&portal, *id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let wanted = ActorType::parse(&tab.kind);
    let current = all.iter().find(|mapping| Some(mapping.kind) == wanted).or(all.first()).cloned();
    let mut texts = BTreeMap::new();
    for field in current.iter().flat_map(|mapping| &mapping.fields) {
        if field.default.is_some() && field.erp.kind == FieldType::List {
            let (items, _) = items::read(&visit, &portal, &connection, &field.erp).await?;
            texts.extend(
                items.into_iter().map(|item| ((field.erp.list.clone(), item.key), item.text)),
            );
        }
    }
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    page::show(&IndexPage { visit: &visit, connection, all, current, texts, may_write })
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
    let form = field.as_ref().map(|field| RuleForm::of_field(visit.language, field));
    let form = RuleForm { version: mapping.version.to_string(), ..form.unwrap_or_default() };
    page::show(&edit_page(&visit, &portal, (connection, mapping), field, form).await?)
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
    let form = RuleForm::of_rule(visit.language, &field);
    let form = RuleForm { version: mapping.version.to_string(), ..form };
    page::show(&edit_page(&visit, &portal, (connection, mapping), Some(field), form).await?)
}

/// Adds a rule or changes the one there is.
pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    Form(form): Form<RuleForm>,
) -> Answer {
    let (id, kind) = path.into_inner();
    let (connection, mapping) = find(&portal, id, &kind).await?;
    let Some(field) = mapping.field(&form.field).cloned() else {
        let page = edit_page(&visit, &portal, (connection, mapping), None, form).await?;
        let problems = Problems::one("field", Key::FORM_REQUIRED);
        return page::show_again(&EditPage { problems, ..page });
    };
    let rule = match form.read(visit.language, &field.erp) {
        Ok(rule) => rule,
        Err((at, problem)) => {
            let page = edit_page(&visit, &portal, (connection, mapping), Some(field), form).await?;
            let problems = Problems::one(at, problem);
            return page::show_again(&EditPage { problems, ..page });
        }
    };
    let item = items::text(&visit, &portal, &connection, &field, &rule).await?;
    let rule = DefaultRule { item, ..rule };
    let problems = Problems::of(&form);
    // Where both say the same, nothing of either is lost.
    let is_other = field.default.as_ref() != Some(&rule);
    let is_newer = form.version != mapping.version.to_string();
    if !problems.is_empty() || is_other && is_newer {
        return show_conflict(&visit, &portal, (id, &kind), form, rule, problems).await;
    }
    let set = |other: &mut FieldMapping| {
        if other.id == field.id {
            other.default = Some(rule.clone());
        }
    };
    let undo = match save(&visit, &portal, &mapping, set).await {
        Err(StoreError::Overtaken) => {
            return show_conflict(&visit, &portal, (id, &kind), form, rule, problems).await;
        }
        done => done?,
    };
    let to = format!("/connections/{id}/defaults?type={kind}");
    page::redirect_undoable(&visit, &to, Key::DEFAULTS_SAVED, undo)
}

/// The question before the rules that were ticked are removed.
pub async fn show(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    query: Query<Vec<(String, String)>>,
) -> Answer {
    let (id, kind) = path.into_inner();
    let (connection, mapping) = find(&portal, id, &kind).await?;
    let ids = query.iter().filter(|(name, _)| name == "rule");
    let ids: Vec<i64> = ids.filter_map(|(_, id)| id.parse().ok()).collect();
    let chosen = with_rules(&mapping, &ids);
    if chosen.is_empty() {
        let to = format!("/connections/{id}/defaults?type={kind}");
        return page::redirect_warning(&visit, &to, Key::DEFAULTS_NONE_CHOSEN);
    }
    page::show(&ConfirmPage { visit: &visit, connection, mapping, chosen, is_overtaken: false })
}

/// Removes them.
pub async fn delete(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    Form(form): Form<DeletionForm>,
) -> Answer {
    let (id, kind) = path.into_inner();
    let (connection, mapping) = find(&portal, id, &kind).await?;
    let ids: Vec<i64> = form.rule.iter().filter_map(|id| id.parse().ok()).collect();
    let chosen = with_rules(&mapping, &ids);
    let to = format!("/connections/{id}/defaults?type={kind}");
    if chosen.is_empty() {
        return page::redirect_warning(&visit, &to, Key::DEFAULTS_NONE_CHOSEN);
    }
    let is_newer = form.version != mapping.version.to_string();
    let clear = |field: &mut FieldMapping| {
        if ids.contains(&field.id) {
            field.default = None;
        }
    };
    let count = chosen.len();
    let is_known = Problems::of(&form).is_empty();
    let done = match is_newer {
        true => Err(StoreError::Overtaken),
        false => save(&visit, &portal, &mapping, clear).await,
    };
    let undo = match done {
        Err(StoreError::Overtaken) => {
            let (_, mapping) = find(&portal, id, &kind).await?;
            let chosen = with_rules(&mapping, &ids);
            let visit = &visit;
            let page = ConfirmPage { visit, connection, mapping, chosen, is_overtaken: true };
            return if is_known { page::show_conflict(&page) } else { page::show_again(&page) };
        }
        done => done?,
    };
    let saying = Message::from(Key::DEFAULTS_DELETED).with("count", count);
    page::redirect_undoable(&visit, &to, saying, undo)
}

/// Gives the form that takes it back, if anything changed.
async fn save(
    visit: &Visit,
    portal: &Portal,
    mapping: &ActorMapping,
    change: impl FnMut(&mut FieldMapping),
) -> Result<Option<String>, StoreError> {
    let mut after = mapping.clone();
    after.fields.iter_mut().for_each(change);
    let mut tx = portal.store.begin().await?;
    mappings::save(&mut tx, &visit.actor(), &after).await?;
    Ok(Of(Versioned::Connection(mapping.connection_id)).undo(&tx.commit_versions().await?))
}

async fn edit_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    (connection, mapping): (ErpConnection, ActorMapping),
    field: Option<FieldMapping>,
    form: RuleForm,
) -> Result<EditPage<'a>, WebError> {
    let (items, away) = match &field {
        Some(field) if field.erp.kind == FieldType::List => {
            items::read(visit, portal, &connection, &field.erp).await?
        }
        _ => (Vec::new(), String::new()),
    };
    let (problems, yours) = (Problems::default(), None);
    let now = visit.on_the_wall(portal.clock().now());
    Ok(EditPage { visit, connection, mapping, field, form, problems, items, away, yours, now })
}

/// Both versions, and the form as typed, ready to be sent on top of the newer one.
async fn show_conflict(
    visit: &Visit,
    portal: &Portal,
    (id, kind): (ConnectionId, &str),
    form: RuleForm,
    rule: DefaultRule,
    problems: Problems,
) -> Answer {
    let (connection, mapping) = find(portal, id, kind).await?;
    let form = RuleForm { version: mapping.version.to_string(), ..form };
    let field = mapping.field(&form.field).cloned();
    let page = edit_page(visit, portal, (connection, mapping), field, form).await?;
    let page = EditPage { problems, yours: Some(rule), ..page };
    page::show_overtaken(&page, &page.problems)
}

async fn find(
    portal: &Portal,
    id: ConnectionId,
    kind: &str,
) -> Result<(ErpConnection, ActorMapping), WebError> {
    let connection = found::connection(portal, id).await?;
    let kind = ActorType::parse(kind).ok_or(WebError::NotFound)?;
    let mapping = mappings::find(&portal.store, id, kind).await?.ok_or(WebError::NotFound)?;
    Ok((connection, mapping))
}
