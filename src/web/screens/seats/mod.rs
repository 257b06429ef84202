//! Giving somebody a seat of the licence, and taking it again.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::{licence, users};
use crate::users::{User, UserId};
use crate::web::back::Back;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Template)]
#[template(path = "seats/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    user: User,
    /// Why there is no seat for them; none when the question can be asked.
    problem: Option<Key>,
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<UserId>) -> Answer {
    let user = get(&portal, *id).await?;
    page::show(&NewPage { visit: &visit, user, problem: None })
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<UserId>,
    Form(back): Form<Back>,
) -> Answer {
    let user = get(&portal, *id).await?;
    let refuse = |user, why| page::show_again(&NewPage { visit: &visit, user, problem: Some(why) });
    if portal.licence_status().await?.valid().is_none() {
        return refuse(user, Key::SEATS_NO_LICENCE);
    }
    let seats_of = |file: Option<&str>| {
        let status = portal.licences.status(file, portal.clock().now());
        status.valid().map_or(0, |licence| licence.seats)
    };
    let mut tx = portal.store.begin().await?;
    match licence::assign_seat(&mut tx, &visit.actor(), user.id, seats_of).await {
        Err(StoreError::NoFreeSeat) => return refuse(user, Key::SEATS_NONE_FREE),
        Err(StoreError::Overtaken) => return refuse(user, Key::SEATS_NOT_FOR_THEM),
        done => done?,
    }
    tx.commit().await?;
    let saying = Message::from(Key::SEATS_ASSIGNED).with("name", &user.name);
    page::redirect(&visit, back.or(&format!("/users/{}", user.id)), saying)
}

pub async fn delete(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<UserId>,
    Form(back): Form<Back>,
) -> Answer {
    let user = get(&portal, *id).await?;
    let mut tx = portal.store.begin().await?;
    licence::take_seat(&mut tx, &visit.actor(), user.id).await?;
    tx.commit().await?;
    let saying = Message::from(Key::SEATS_TAKEN).with("name", &user.name);
    page::redirect(&visit, back.or(&format!("/users/{}", user.id)), saying)
}

async fn get(portal: &Portal, id: UserId) -> Result<User, WebError> {
    users::find_user(&portal.store, id).await?.ok_or(WebError::NotFound)
}
