//! Locking somebody out, from their very next request, and letting them in again.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::users;
use crate::users::{User, UserId};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Template)]
#[template(path = "user_locks/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    user: User,
    is_last_admin: bool,
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = get(&portal, *id).await?;
    page::show(&NewPage { visit: &visit, user, is_last_admin: false })
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = get(&portal, *id).await?;
    let mut tx = portal.store.begin().await?;
    match users::disable_user(&mut tx, &visit.actor(), user.id, user.version).await {
        Err(StoreError::LastAdmin) => {
            drop(tx);
            return page::show_again(&NewPage { visit: &visit, user, is_last_admin: true });
        }
        done => done?,
    }
    tx.commit().await?;
    let saying = Message::from(Key::USERS_DISABLED).with("name", user.name);
    page::redirect(&visit, &format!("/users/{id}"), saying)
}

pub async fn delete(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = get(&portal, *id).await?;
    let mut tx = portal.store.begin().await?;
    users::enable_user(&mut tx, &visit.actor(), user.id, user.version).await?;
    tx.commit().await?;
    let saying = Message::from(Key::USERS_ENABLED).with("name", user.name);
    page::redirect(&visit, &format!("/users/{id}"), saying)
}

async fn get(portal: &Portal, id: UserId) -> Result<User, WebError> {
    users::find_user(&portal.store, id).await?.ok_or(WebError::NotFound)
}
