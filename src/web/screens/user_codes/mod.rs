//! A one-time code for somebody without a (known) password. It is shown on this one answer and never again.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::store::{codes, users};
use crate::users::code::OneTimeCode;
use crate::users::{User, UserId};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Template)]
#[template(path = "user_codes/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    user: User,
}

#[derive(Template)]
#[template(path = "user_codes/show.html")]
struct ShowPage<'a> {
    visit: &'a Visit,
    user: User,
    code: OneTimeCode,
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = get(&portal, *id).await?;
    page::show(&NewPage { visit: &visit, user })
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = get(&portal, *id).await?;
    let mut tx = portal.store.begin().await?;
    let code = codes::issue_code(&mut tx, &visit.actor(), user.id).await?;
    tx.commit().await?;
    page::show(&ShowPage { visit: &visit, user, code })
}

/// Who is disabled has to be let in again first.
async fn get(portal: &Portal, id: UserId) -> Result<User, WebError> {
    let found = users::find_user(&portal.store, id).await?;
    found.filter(|user| !user.is_disabled).ok_or(WebError::NotFound)
}
