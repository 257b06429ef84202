//! Signing in with log-in and password.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use validator::Validate;
use zeroize::Zeroizing;

use crate::history::Actor;
use crate::i18n::{Key, Language};
use crate::store::sign_in::{self, Attempt, Claim};
use crate::store::users::{self, Credentials};
use crate::users::hasher::Check;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems, readable};
use crate::web::visit::Visit;
use crate::web::{Portal, device, page, session};

#[derive(Template)]
#[template(path = "sign_in/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    login: &'a str,
    next: &'a str,
    is_returning: bool,
    problems: &'a Problems,
}

#[derive(Deserialize)]
pub struct Coming {
    /// Where the person wanted to go.
    #[serde(default)]
    next: String,
    #[serde(default)]
    language: String,
}

#[derive(Deserialize, Validate)]
pub struct SignIn {
    #[serde(default)]
    #[validate(length(min = 1, code = "form-required"), custom(function = readable))]
    login: String,
    #[serde(default)]
    #[validate(length(min = 1, code = "form-required"))]
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn new(visit: Visit, coming: Query<Coming>) -> Answer {
    if let Some(language) = Language::parse(&coming.language) {
        session::set_language(&visit.session, language);
        return Ok(page::go(&address(&coming.next)));
    }
    if visit.person.is_some() {
        return Ok(page::go(page::own_path(&coming.next)));
    }
    let is_returning = !coming.next.is_empty();
    page::show(&NewPage {
        visit: &visit,
        login: "",
        next: &coming.next,
        is_returning,
        problems: &Problems::default(),
    })
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    request: HttpRequest,
    Form(form): Form<SignIn>,
) -> Answer {
    let problems = Problems::of(&form);
    if !problems.is_empty() {
        return again(&visit, &form, &problems);
    }
    let device = device::sent(&request);
    let attempt =
        Attempt { login: &form.login, address: &visit.address, device: device.as_deref() };
    if let Claim::Wait { seconds } = sign_in::claim(&portal.store, &attempt).await? {
        return Err(WebError::TooMany(seconds));
    }
    let found = users::find_credentials(&portal.store, &form.login).await?;
    let stored = found.as_ref().and_then(Credentials::stored_hash);
    let typed = Zeroizing::new(form.password.clone());
    let check = portal.hasher.check(stored.clone(), typed).await.map_err(anyhow::Error::from)?;
    let mut tx = portal.store.begin().await?;
    let (Some(found), Check::Right { rehashed }) = (&found, check) else {
        sign_in::failed(&mut tx, &attempt, found.as_ref().map(|found| &found.user)).await?;
        tx.commit().await?;
        return again(&visit, &form, &Problems::whole(Key::SIGN_IN_WRONG));
    };
    let user = &found.user;
    let actor = Actor::user(user.id, &user.name, user.role.as_str(), &visit.address);
    let remembered = sign_in::succeeded(&mut tx, &actor, &attempt, user).await?;
    tx.commit().await?;
    if let (Some(old), Some(new)) = (stored, rehashed) {
        users::refresh_hash(&portal.store, user.id, &old, &new).await?;
    }
    session::sign_in(&visit.session, user.id, &visit.address, request.headers());
    device::remember(page::go(page::own_path(&form.next)), remembered)
}

/// Sends somebody who is not signed in to sign in first. What they had posted is not sent.
pub fn ask(visit: &Visit, was_form: bool) -> HttpResponse {
    let next = if was_form { "/" } else { &visit.path_and_query };
    page::go(&address(next))
}

fn address(next: &str) -> String {
    let next: String =
        url::form_urlencoded::byte_serialize(page::own_path(next).as_bytes()).collect();
    format!("/sign-in?next={next}")
}

fn again(visit: &Visit, form: &SignIn, problems: &Problems) -> Answer {
    let (login, next) = (&form.login, &form.next);
    page::show_again(&NewPage { visit, login, next, is_returning: false, problems })
}
