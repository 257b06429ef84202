//! A form that carries an id is carried out once, however often it is sent.

use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use sha2::{Digest, Sha256};

use super::Portal;
use super::error::WebError;
use super::form::{Pairs, Posted};
use super::visit::Visit;
use crate::history::chain::hex;
use crate::store::sent_forms::{self, SentForm};
use crate::users::UserId;

/// How often, and how far apart, a form sent again looks whether the first one was carried out: as long as
/// an ERP may take.
const LOOKS: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(75);

/// What becomes of a form.
pub enum Claimed {
    /// It is carried out; one with this id is to be remembered with its answer.
    New(Option<String>),
    /// It was carried out before, and led here.
    Done(String),
}

pub async fn claim(
    request: &ServiceRequest,
    portal: &Portal,
    visit: &Visit,
) -> Result<Claimed, WebError> {
    let Some(Posted(body)) = request.extensions().get::<Posted>().cloned() else {
        return Ok(Claimed::New(None));
    };
    let pairs: Vec<(String, String)> =
        serde_html_form::from_bytes(&body).map_err(|_| WebError::BadRequest)?;
    let pairs = Pairs(pairs);
    let once = pairs.get("once");
    if once.is_empty() {
        return Ok(Claimed::New(None));
    }
    let mut digest = Sha256::new();
    digest.update(request.path().as_bytes());
    digest.update([0]);
    digest.update(&body);
    let hash = hex(&digest.finalize());
    let user = visit.person.as_ref().map(|person| person.id);
    match wait_for(portal, once, user, &hash).await? {
        SentForm::Fresh => Ok(Claimed::New(Some(once.to_owned()))),
        SentForm::Done { location, .. } => Ok(Claimed::Done(location)),
        SentForm::InProgress | SentForm::OtherBody => Err(WebError::AlreadySent),
    }
}

/// Whoever sends a form while it is being carried out waits for its answer.
async fn wait_for(
    portal: &Portal,
    once: &str,
    user: Option<UserId>,
    hash: &str,
) -> Result<SentForm, WebError> {
    for _ in 0..LOOKS {
        match sent_forms::claim(&portal.store, once, user, hash).await? {
            SentForm::InProgress => tokio::time::sleep(BETWEEN_LOOKS).await,
            found => return Ok(found),
        }
    }
    Ok(SentForm::InProgress)
}

/// Remembers the answer of a form that was carried out; one that was not may be sent again.
pub async fn settle(
    portal: &Portal,
    sent: Option<String>,
    response: ServiceResponse<BoxBody>,
) -> ServiceResponse<BoxBody> {
    let Some(once) = sent else { return response };
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    let kept = match location {
        Some(location) if response.status() == StatusCode::SEE_OTHER => {
            sent_forms::finish(&portal.store, &once, 303, location).await
        }
        _ => sent_forms::release(&portal.store, &once).await,
    };
    if let Err(error) = kept {
        tracing::warn!("a sent form could not be remembered: {error}");
    }
    response
}
