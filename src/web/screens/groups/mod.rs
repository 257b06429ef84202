//! Groups: list, add, rename, fill.

mod view;

use actix_web::web::{Data, Path};
use serde::Deserialize;
use validator::{Validate, ValidationError};

use self::view::{EditPage, IndexPage, NewPage};
use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::page::Place;
use crate::store::{groups, users};
use crate::users::{Group, GroupId, UserId};
use crate::web::conflict::Conflict;
use crate::web::error::{Answer, WebError};
use crate::web::form::{self, Form, Problems, VERSION};
use crate::web::visit::Visit;
use crate::web::{Portal, names, page};

/// Most people to choose from on one page.
const MOST: i64 = 5_000;

#[derive(Clone, Default, Deserialize, Validate)]
pub struct GroupForm {
    #[serde(default)]
    #[validate(custom(function = names::check_name))]
    name: String,
    #[serde(default)]
    #[validate(custom(function = check_members))]
    members: Vec<String>,
    /// What the editor saw; none for a new group.
    #[validate(custom(function = form::known_version))]
    version: Option<String>,
}

fn check_members(ids: &[String]) -> Result<(), ValidationError> {
    match ids.iter().all(|id| id.parse::<UserId>().is_ok()) {
        true => Ok(()),
        false => Err(ValidationError::new(Key::FORM_INVALID.id())),
    }
}

pub async fn index(visit: Visit, portal: Data<Portal>) -> Answer {
    let groups = groups::list_groups(&portal.store).await?;
    page::show(&IndexPage { visit: &visit, groups })
}

pub async fn new(visit: Visit) -> Answer {
    page::show(&NewPage { visit: &visit, name: "", problems: &Problems::default() })
}

pub async fn create(visit: Visit, portal: Data<Portal>, Form(form): Form<GroupForm>) -> Answer {
    let again = |problems: &Problems| {
        page::show_again(&NewPage { visit: &visit, name: &form.name, problems })
    };
    let problems = Problems::of(&form);
    if !problems.is_empty() {
        return again(&problems);
    }
    let name = form.name.trim();
    let mut tx = portal.store.begin().await?;
    let id = match groups::insert_group(&mut tx, &visit.actor(), name).await {
        Err(StoreError::Taken) => return again(&Problems::one("name", Key::GROUPS_TAKEN)),
        done => done?,
    };
    tx.commit().await?;
    page::redirect(
        &visit,
        &format!("/groups/{id}"),
        Message::from(Key::GROUPS_ADDED).with("name", name),
    )
}

pub async fn edit(visit: Visit, portal: Data<Portal>, id: Path<GroupId>) -> Answer {
    let group = get(&portal, *id).await?;
    let form = saved(&portal, &group).await?;
    page::show(&form_page(&visit, &portal, group, form).await?)
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<GroupId>,
    Form(form): Form<GroupForm>,
) -> Answer {
    let group = get(&portal, *id).await?;
    let problems = Problems::of(&form);
    if !problems.is_empty() {
        return again(&visit, &portal, group, form, problems).await;
    }
    let members: Vec<UserId> = form.members.iter().filter_map(|id| id.parse().ok()).collect();
    let Some(version) = form.version.as_ref().and_then(|version| version.parse().ok()) else {
        let problems = Problems::one(VERSION, Key::FORM_NO_VERSION);
        let page = conflict_page(&visit, &portal, *id, form).await?;
        return page::show_again(&EditPage { problems, ..page });
    };
    let name = form.name.trim();
    let mut tx = portal.store.begin().await?;
    match groups::update_group(&mut tx, &visit.actor(), *id, version, name, &members).await {
        Err(StoreError::Overtaken) => {
            drop(tx);
            return page::show_conflict(&conflict_page(&visit, &portal, *id, form).await?);
        }
        Err(StoreError::Taken) => {
            drop(tx);
            let problems = Problems::one("name", Key::GROUPS_TAKEN);
            return again(&visit, &portal, group, form, problems).await;
        }
        done => done?,
    }
    tx.commit().await?;
    page::redirect(&visit, "/groups", Message::from(Key::GROUPS_SAVED).with("name", name))
}

async fn get(portal: &Portal, id: GroupId) -> Result<Group, WebError> {
    groups::find_group(&portal.store, id).await?.ok_or(WebError::NotFound)
}

/// A group as its form shows it.
async fn saved(portal: &Portal, group: &Group) -> Result<GroupForm, WebError> {
    let members = groups::list_members(&portal.store, group.id).await?;
    Ok(GroupForm {
        name: group.name.clone(),
        members: members.iter().map(|(id, _)| id.to_string()).collect(),
        version: Some(group.version.to_string()),
    })
}

async fn form_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    group: Group,
    form: GroupForm,
) -> Result<EditPage<'a>, WebError> {
    let everybody = users::Filter::default();
    let people = users::page(&portal.store, everybody, Place::First, MOST).await?.items;
    let problems = Problems::default();
    Ok(EditPage { visit, group, form, people, problems, conflict: None })
}

async fn again(
    visit: &Visit,
    portal: &Portal,
    group: Group,
    form: GroupForm,
    problems: Problems,
) -> Answer {
    let page = form_page(visit, portal, group, form).await?;
    page::show_again(&EditPage { problems, ..page })
}

/// Both versions, and the form as typed, ready to be sent on top of the newer one.
async fn conflict_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    id: GroupId,
    form: GroupForm,
) -> Result<EditPage<'a>, WebError> {
    let group = get(portal, id).await?;
    let theirs = saved(portal, &group).await?;
    let form = GroupForm { version: theirs.version.clone(), ..form };
    let page = form_page(visit, portal, group, form).await?;
    let conflict = Some(Conflict::with_somebody(visit, page.differences(&theirs)));
    Ok(EditPage { conflict, ..page })
}
