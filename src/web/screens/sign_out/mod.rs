//! Signing out.

use crate::history::{Action, Event, Subject};
use crate::web::error::Answer;
use crate::web::visit::Visit;
use crate::web::{Portal, page};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Data;

pub async fn create(visit: Visit, portal: Data<Portal>) -> Answer {
    let person = visit.person()?;
    let mut tx = portal.store.begin().await?;
    let subject = Subject::new("user", person.id, person.name.clone());
    tx.record(&visit.actor(), &Event::new(Action::SignedOut, subject)).await?;
    tx.commit().await?;
    visit.session.purge();
    let mut answer = page::go("/sign-in");
    let everything = HeaderValue::from_static("\"cache\", \"storage\"");
    answer.headers_mut().insert(HeaderName::from_static("clear-site-data"), everything);
    Ok(answer)
}
