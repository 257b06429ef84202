//! Signing in with log-in and password.

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, http::header};
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
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, page, session};

/// Remembers a browser in which somebody signed in before.
const DEVICE_COOKIE: &str = "__Host-gleichlauf-device";

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
    #[validate(length(min = 1, code = "form-required"))]
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
        return Ok(page::go(own_path(&coming.next)));
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
    let device = request.cookie(DEVICE_COOKIE).map(|cookie| cookie.value().to_owned());
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
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    session::sign_in(&visit.session, user.id, &visit.address, agent.unwrap_or_default());
    let mut answer = page::go(own_path(&form.next));
    answer.add_cookie(&device_cookie(remembered)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// Sends somebody who is not signed in to sign in first. What they had posted is not sent.
pub fn ask(visit: &Visit, was_form: bool) -> HttpResponse {
    let next = if was_form { "/" } else { &visit.path_and_query };
    page::go(&address(next))
}

fn address(next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(own_path(next).as_bytes()).collect();
    format!("/sign-in?next={next}")
}

fn again(visit: &Visit, form: &SignIn, problems: &Problems) -> Answer {
    let (login, next) = (&form.login, &form.next);
    page::show_again(&NewPage { visit, login, next, is_returning: false, problems })
}

/// A browser that signed in once is remembered, so that guessing by others does not keep its owner out.
fn device_cookie(token: String) -> Cookie<'static> {
    Cookie::build(DEVICE_COOKIE, token)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::days(180))
        .finish()
}

/// Only a path of ours: no other host, no scheme, nothing a browser could read as one.
fn own_path(next: &str) -> &str {
    let is_own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t', '\0'])
        && !next.starts_with("/sign-");
    if is_own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_paths_of_ours_are_followed() {
        assert_eq!(super::own_path("/companies/7/erp?x=1"), "/companies/7/erp?x=1");
        for foreign in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil",
            "evil",
            "/sign-out",
        ] {
            assert_eq!(super::own_path(foreign), "/", "{foreign:?}");
        }
    }
}
