//! A one-time code for somebody without a (known) password. It is shown once, on the page after the step that
//! made it; opening that page again makes no other one, which would spoil the first.

use actix_web::web::{Data, Path};
use askama::Template;
use zeroize::Zeroizing;

use crate::store::{codes, users};
use crate::users::{User, UserId};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page, session};

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
    /// None: it was shown already.
    code: Option<Zeroizing<String>>,
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
    session::set_code(&visit.session, &portal.store, user.id, &code)?;
    Ok(page::go(&format!("/users/{}/code", user.id)))
}

pub async fn show(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = get(&portal, *id).await?;
    let code = session::take_code(&visit.session, &portal.store, user.id);
    page::show(&ShowPage { visit: &visit, user, code })
}

/// Who is disabled has to be let in again first.
async fn get(portal: &Portal, id: UserId) -> Result<User, WebError> {
    let found = users::find_user(&portal.store, id).await?;
    found.filter(|user| !user.is_disabled).ok_or(WebError::NotFound)
}
