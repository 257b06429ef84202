//! Accounts: list, add, edit. What else can be done with one (codes, sessions, seats, locking out) are
//! screens of their own.

mod form;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::UserForm;
use self::view::{EditPage, IndexPage, Mine};
use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::page::{PAGE, Place};
use crate::store::users::{self, Filter};
use crate::store::{groups, sessions};
use crate::users::{NewUser, Preferences, Theme, User, UserChange, UserId};
use crate::web::conflict::Conflict;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems, VERSION};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Deserialize)]
pub struct Listing {
    #[serde(default)]
    search: String,
    after: Option<UserId>,
    before: Option<UserId>,
}

pub async fn index(visit: Visit, portal: Data<Portal>, query: Query<Listing>) -> Answer {
    let search: String = query.search.trim().chars().take(200).collect();
    let filter = Filter { search: &search, role: None };
    let place = Place::of(query.after, query.before);
    let found = users::page(&portal.store, filter, place, PAGE).await?;
    let count = users::count(&portal.store, filter).await?;
    page::show(&IndexPage { visit: &visit, search: &search, found, count })
}

pub async fn new(visit: Visit, portal: Data<Portal>) -> Answer {
    let page = form_page(&visit, &portal, None, UserForm::default()).await?;
    page::show(&page)
}

pub async fn create(visit: Visit, portal: Data<Portal>, Form(form): Form<UserForm>) -> Answer {
    let problems = Problems::of(&form);
    if !problems.is_empty() {
        return again(&visit, &portal, None, form, problems).await;
    }
    let UserChange { login, name, role, groups } = form.change()?;
    // Most people work where the admin does who adds them; each can choose for themselves.
    let zone = visit.person()?.preferences.zone.clone();
    let preferences = Preferences { language: None, zone, theme: Theme::Auto };
    let new = NewUser { login, name, role, groups, preferences };
    let mut tx = portal.store.begin().await?;
    let id = match users::insert_user(&mut tx, &visit.actor(), &new).await {
        Err(StoreError::Taken) => {
            drop(tx);
            let problems = Problems::one("login", Key::USERS_TAKEN);
            return again(&visit, &portal, None, form, problems).await;
        }
        done => done?,
    };
    tx.commit().await?;
    let saying = Message::from(Key::USERS_ADDED).with("name", new.name);
    page::redirect(&visit, &format!("/users/{id}"), saying)
}

pub async fn edit(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = get(&portal, *id).await?;
    let own = groups::list_groups_of(&portal.store, user.id).await?;
    let form = UserForm::of(&user, &own);
    page::show(&form_page(&visit, &portal, Some(user), form).await?)
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<UserId>,
    Form(form): Form<UserForm>,
) -> Answer {
    let user = get(&portal, *id).await?;
    let problems = Problems::of(&form);
    if !problems.is_empty() {
        return again(&visit, &portal, Some(user), form, problems).await;
    }
    let change = form.change()?;
    let Some(version) = form.version.as_ref().and_then(|version| version.parse().ok()) else {
        let problems = Problems::one(VERSION, Key::FORM_NO_VERSION);
        let page = conflict_page(&visit, &portal, *id, form).await?;
        return page::show_again(&EditPage { problems, ..page });
    };
    let mut tx = portal.store.begin().await?;
    let done = users::update_user(&mut tx, &visit.actor(), user.id, version, &change).await;
    let problem = match done {
        Ok(()) => {
            tx.commit().await?;
            let saying = Message::from(Key::USERS_SAVED).with("name", change.name);
            return page::redirect(&visit, &format!("/users/{id}"), saying);
        }
        Err(StoreError::Overtaken) => {
            drop(tx);
            return page::show_conflict(&conflict_page(&visit, &portal, *id, form).await?);
        }
        Err(StoreError::Taken) => Problems::one("login", Key::USERS_TAKEN),
        Err(StoreError::LastAdmin) => Problems::one("role", Key::USERS_LAST_ADMIN),
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    again(&visit, &portal, Some(user), form, problem).await
}

async fn get(portal: &Portal, id: UserId) -> Result<User, WebError> {
    users::find_user(&portal.store, id).await?.ok_or(WebError::NotFound)
}

async fn form_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    user: Option<User>,
    form: UserForm,
) -> Result<EditPage<'a>, WebError> {
    let (sessions, seats) = match &user {
        Some(user) => {
            let seats = portal.licence_status().await?.valid().map(|licence| licence.seats);
            (sessions::list_sessions(&portal.store, user.id).await?, seats)
        }
        None => (Vec::new(), None),
    };
    Ok(EditPage {
        visit,
        user: user.map(|user| Mine { user, sessions, is_licensed: seats.is_some() }),
        form,
        groups: groups::list_groups(&portal.store).await?,
        problems: Problems::default(),
        conflict: None,
    })
}

async fn again(
    visit: &Visit,
    portal: &Portal,
    user: Option<User>,
    form: UserForm,
    problems: Problems,
) -> Answer {
    let page = form_page(visit, portal, user, form).await?;
    page::show_again(&EditPage { problems, ..page })
}

/// Both versions, and the form as typed, ready to be sent on top of the newer one.
async fn conflict_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    id: UserId,
    form: UserForm,
) -> Result<EditPage<'a>, WebError> {
    let theirs = get(portal, id).await?;
    let own = groups::list_groups_of(&portal.store, id).await?;
    let version = Some(theirs.version.to_string());
    let saved = UserForm::of(&theirs, &own);
    let (who, when) = (theirs.updated_by.clone(), theirs.updated_at);
    let page = form_page(visit, portal, Some(theirs), UserForm { version, ..form }).await?;
    let conflict = Some(Conflict::with(visit, &who, when, page.differences(&saved)));
    Ok(EditPage { conflict, ..page })
}
