//! Language and theme, chosen in the person menu of any page.

use actix_web::web::Data;
use serde::Deserialize;

use crate::i18n::Language;
use crate::store::users;
use crate::users::Theme;
use crate::web::back::Back;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::visit::Visit;
use crate::web::{Portal, page, session};

/// One of the two is sent; an unknown value is none of our buttons.
#[derive(Deserialize)]
pub struct Choice {
    language: Option<String>,
    theme: Option<String>,
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    Form(choice): Form<Choice>,
    Form(back): Form<Back>,
) -> Answer {
    let person = visit.person()?;
    let mut preferences = person.preferences.clone();
    if let Some(code) = &choice.language {
        preferences.language = Some(Language::parse(code).ok_or(WebError::BadRequest)?);
        session::forget_language(&visit.session);
    }
    if let Some(theme) = &choice.theme {
        preferences.theme = Theme::parse(theme).ok_or(WebError::BadRequest)?;
    }
    let mut tx = portal.store.begin().await?;
    users::update_preferences(&mut tx, &visit.actor(), person.id, &preferences).await?;
    tx.commit().await?;
    Ok(page::go(back.or("/")))
}
