//! Reads the body of a request that changes something, and makes sure that it comes from a form of ours, sent
//! by this session.

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, HeaderMap};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use subtle::ConstantTimeEq;

use super::Portal;
use super::error::WebError;
use super::form::{Pairs, Posted};
use super::kept_form::{self, KEPT, Kept};
use super::visit::Visit;
use crate::gates::{Rule, Who};
use crate::i18n::Key;
use crate::users::Role;
use crate::versions::file;

/// The largest form.
const LARGEST_FORM: usize = 1024 * 1024;
/// The same where only admins may be: it may hold the file of a configuration, as a form encodes it.
const LARGEST_OF_ADMINS: usize = 3 * file::LARGEST;
/// The most fields in one form.
const MOST_FIELDS: usize = 5_000;
/// The same where only admins may be: mappings of wide actor types and long lists are one form each.
const MOST_FIELDS_OF_ADMINS: usize = 50_000;

/// Leaves the form as [`Posted`]. One that another session of the same person was given is left as [`Kept`]
/// and refused; so is one whose session is over.
pub async fn read_form(
    request: &mut ServiceRequest,
    portal: &Portal,
    visit: &Visit,
    rule: &Rule,
) -> Result<(), WebError> {
    let foreign = || WebError::Forbidden(Key::ERROR_FOREIGN_FORM);
    let own = portal.settings.public_origin.as_deref();
    if !comes_from_us(request.headers(), own) || !is_form(request.headers()) {
        return Err(foreign());
    }
    let (largest, most) = most(visit, rule);
    // With its wrapping, when it was kept for somebody who had to sign in again.
    let body = read_body(request, largest / 2 * 3).await?;
    let sent = pairs(&body, most)?;
    let (is_kept, path) = (sent.has(KEPT), request.path().to_owned());
    let typed = match is_kept {
        true => kept_form::open(&portal.store, &path, sent.get(KEPT)).ok_or_else(foreign)?,
        false => body,
    };
    if typed.len() > largest {
        return Err(WebError::TooLarge);
    }
    let token = pairs(&typed, most)?.get("csrf").to_owned();
    let is_of_person = visit
        .person
        .as_ref()
        .is_some_and(|person| kept_form::is_made_for(&portal.store, &token, person));
    if is_same(&visit.csrf, sent.get("csrf")) && (!is_kept || is_of_person) {
        request.extensions_mut().insert(Posted(typed));
        return Ok(());
    }
    let why = match &visit.person {
        None if rule.who != Who::Anyone && !token.is_empty() => Key::ERROR_SIGNED_OUT,
        Some(_) if is_of_person => Key::ERROR_OTHER_SESSION,
        _ => return Err(foreign()),
    };
    if let Some(kept) = Kept::of(&portal.store, &path, &typed) {
        request.extensions_mut().insert(kept);
    }
    Err(WebError::Forbidden(why))
}

/// Bytes and fields of the largest form.
fn most(visit: &Visit, rule: &Rule) -> (usize, usize) {
    let is_admin = visit.person.as_ref().is_some_and(|person| person.role == Role::Admin);
    match rule.who {
        Who::Roles([Role::Admin]) if is_admin => (LARGEST_OF_ADMINS, MOST_FIELDS_OF_ADMINS),
        _ => (LARGEST_FORM, MOST_FIELDS),
    }
}

fn is_same(expected: &str, sent: &str) -> bool {
    !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(sent.as_bytes()))
}

/// The pairs of a body as it was sent, as long as there are not too many.
fn pairs(body: &[u8], most: usize) -> Result<Pairs, WebError> {
    let pairs: Vec<(String, String)> =
        serde_html_form::from_bytes(body).map_err(|_| WebError::BadRequest)?;
    if pairs.len() > most {
        return Err(WebError::TooLarge);
    }
    // What is wrong with a value, the form says at its field.
    if pairs.iter().any(|(key, _)| key.contains('\0')) {
        return Err(WebError::BadRequest);
    }
    Ok(Pairs(pairs))
}

/// Browsers say where a request was made; those that do not are held to the token alone. `own` is where the
/// portal is seen from outside: a proxy in front need not hand on the host the browser asked for.
fn comes_from_us(headers: &HeaderMap, own: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let fetched = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let host = text("host").unwrap_or_default();
    let origin = text("origin").is_none_or(|origin| {
        let is_host =
            origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host));
        is_host || own.is_some_and(|own| own.eq_ignore_ascii_case(origin))
    });
    fetched && origin
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

async fn read_body(request: &mut ServiceRequest, largest: usize) -> Result<Bytes, WebError> {
    let mut payload = request.take_payload();
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| WebError::BadRequest)?;
        if body.len() + chunk.len() > largest {
            return Err(WebError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
