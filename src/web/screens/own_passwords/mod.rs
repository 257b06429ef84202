//! Changing one's own password. Every other session of that person ends, and this one gets a new key.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;
use validator::Validate;
use zeroize::Zeroizing;

use crate::i18n::Key;
use crate::store::sign_in::{self, Attempt, Claim};
use crate::store::users::{self, Credentials};
use crate::users::hasher::Check;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, device, new_password, page, session};

#[derive(Template)]
#[template(path = "own_passwords/edit.html")]
struct EditPage<'a> {
    visit: &'a Visit,
    problems: &'a Problems,
}

#[derive(Deserialize, Validate)]
pub struct PasswordForm {
    #[serde(default)]
    #[validate(length(min = 1, code = "form-required"))]
    old: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

pub async fn edit(visit: Visit) -> Answer {
    page::show(&EditPage { visit: &visit, problems: &Problems::default() })
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    request: HttpRequest,
    Form(form): Form<PasswordForm>,
) -> Answer {
    let person = visit.person()?;
    let mut problems = Problems::of(&form);
    let typed = (form.password.as_str(), form.again.as_str());
    let password = new_password::read(typed, &person.login, &mut problems);
    let Some(password) = password.filter(|_| problems.is_empty()) else {
        return page::show_again(&EditPage { visit: &visit, problems: &problems });
    };
    if !is_right(&visit, &portal, &request, form.old).await? {
        let problems = Problems::one("old", Key::OWN_PASSWORDS_WRONG);
        return page::show_again(&EditPage { visit: &visit, problems: &problems });
    }
    let hash = portal.hasher.hash(password).await.map_err(anyhow::Error::from)?;
    let mut tx = portal.store.begin().await?;
    users::set_password(&mut tx, &visit.actor(), person.id, &hash).await?;
    tx.commit().await?;
    session::sign_in(&visit.session, person.id, &visit.address, request.headers());
    page::redirect(&visit, "/account", Key::OWN_PASSWORDS_CHANGED)
}

/// Checks the old password, so that an open browser alone is not enough. Counts like signing in.
async fn is_right(
    visit: &Visit,
    portal: &Portal,
    request: &HttpRequest,
    old: String,
) -> Result<bool, WebError> {
    let login = &visit.person()?.login;
    let device = device::sent(request);
    let attempt = Attempt { login, address: &visit.address, device: device.as_deref() };
    if let Claim::Wait { seconds } = sign_in::claim(&portal.store, &attempt).await? {
        return Err(WebError::TooMany(seconds));
    }
    let found = users::find_credentials(&portal.store, login).await?;
    let stored = found.as_ref().and_then(Credentials::stored_hash);
    let check = portal.hasher.check(stored, Zeroizing::new(old)).await;
    let is_right = check.map_err(anyhow::Error::from)? != Check::Wrong;
    if !is_right {
        let mut tx = portal.store.begin().await?;
        sign_in::failed(&mut tx, &attempt, found.as_ref().map(|found| &found.user)).await?;
        tx.commit().await?;
    }
    Ok(is_right)
}
