//! Ending every session of somebody.

use actix_web::web::{Data, Path};

use crate::i18n::{Key, Message};
use crate::store::{sessions, users};
use crate::users::UserId;
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

pub async fn delete(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = users::find_user(&portal.store, *id).await?.ok_or(WebError::NotFound)?;
    let mut tx = portal.store.begin().await?;
    sessions::end_sessions(&mut tx, &visit.actor(), user.id).await?;
    tx.commit().await?;
    let saying = Message::from(Key::SESSIONS_ENDED_ALL).with("name", user.name);
    page::redirect(&visit, &format!("/users/{id}"), saying)
}
