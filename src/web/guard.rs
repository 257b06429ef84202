//! The gate in front of every handler: enforces the rule that stands with the route, and refuses what has
//! none. Also reads and checks every form, so that no handler can forget to.

use std::time::Duration;

use actix_session::SessionExt;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::error::{Note, WebError};
use super::form::{Pairs, Posted};
use super::routes::{self, Licence, Rule, Scope, Who};
use super::visit::Visit;
use super::{Portal, assets, headers, page, screens, session};
use crate::history::chain::hex;
use crate::history::{Action, Event, Subject};
use crate::i18n::{Key, Language, Texts};
use crate::store::error::StoreError;
use crate::store::sent_forms::{self, SentForm};
use crate::store::{access, settings};
use crate::users::{UserId, Visitor};

/// The largest form.
const LARGEST_FORM: usize = 1024 * 1024;
/// The most fields in one form.
const MOST_FIELDS: usize = 5_000;
/// How often, and how far apart, a form sent again looks whether the first one was carried out: as long as
/// an ERP may take.
const LOOKS: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(75);

type Gate<T> = Result<T, WebError>;

/// The middleware.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.path().starts_with(assets::PREFIX) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let Some(portal) = request.app_data::<Data<Portal>>().cloned() else {
        return Err(WebError::Broken(anyhow::anyhow!("no portal")).into());
    };
    let mut request = request;
    let visit = match visit(&request, &portal).await {
        Ok(visit) => visit,
        Err(error) => return Ok(answer_without_visit(request, &error)),
    };
    request.extensions_mut().insert(visit.clone());
    let response = match admit(&mut request, &portal, &visit).await {
        Ok(Admission::Handler(sent)) => {
            let response = next.call(request).await?.map_into_boxed_body();
            if let Some(error) = response.response().error().and_then(|error| error.as_error()) {
                note(&portal, &visit, response.request(), error).await;
            }
            settle(&portal, sent, response).await
        }
        Ok(Admission::Answered(answer)) => request.into_response(answer),
        Err(error) => {
            note(&portal, &visit, request.request(), &error).await;
            request.into_response(error.error_response())
        }
    };
    Ok(with_page(response, &visit))
}

/// What the gate decided.
enum Admission {
    /// On to the handler; a form with an id is to be remembered with its answer.
    Handler(Option<String>),
    /// Nothing left to do: sign in first, or the form was carried out before.
    Answered(HttpResponse),
}

async fn admit(request: &mut ServiceRequest, portal: &Portal, visit: &Visit) -> Gate<Admission> {
    // The answer for an unknown address comes from the default service; it must reach it.
    let Some(pattern) = request.match_pattern() else { return Ok(Admission::Handler(None)) };
    let Some(rule) = routes::rule_of(request.method(), &pattern) else {
        return match routes::is_path(&pattern) {
            true => Err(WebError::WrongMethod),
            false => Err(WebError::Forbidden(Key::ERROR_NO_RULE)),
        };
    };
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes {
        read_form(request, visit).await?;
    }
    if rule.who != Who::Anyone && visit.person.is_none() {
        return Ok(Admission::Answered(screens::sign_in::ask(visit, changes)));
    }
    check_rule(portal, visit, rule).await?;
    if changes { claim_form(request, portal, visit).await } else { Ok(Admission::Handler(None)) }
}

async fn check_rule(portal: &Portal, visit: &Visit, rule: Rule) -> Gate<()> {
    if let Who::Roles(roles) = rule.who
        && !roles.contains(&visit.person()?.role)
    {
        return Err(WebError::Forbidden(Key::ERROR_ROLE));
    }
    if rule.licence != Licence::NotNeeded {
        let status = portal.licence_status().await?;
        if status.valid().is_none() {
            return Err(WebError::Forbidden(Key::ERROR_LICENCE));
        }
        if rule.licence == Licence::Seat && !status.admits(visit.person()?) {
            return Err(WebError::Forbidden(Key::ERROR_SEAT));
        }
    }
    if rule.scope == Scope::AnyConnection {
        if !access::any_usable_by(&portal.store, visit.person()?.id).await? {
            return Err(WebError::Forbidden(Key::ERROR_SCOPE));
        }
    }
    Ok(())
}

/// Whether this person sees the ERP tab: the same gates that close its addresses.
pub async fn may_see_erp(portal: &Portal, visit: &Visit) -> Result<bool, WebError> {
    let rule = routes::rule_of(&Method::GET, "/companies/{id}/erp");
    let Some(rule) = rule else { return Ok(false) };
    match check_rule(portal, visit, rule).await {
        Ok(()) => Ok(true),
        Err(WebError::Forbidden(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether this person may change anything in the Sync tab at this moment.
pub async fn may_change_sync(portal: &Portal, visit: &Visit) -> Result<bool, WebError> {
    Ok(visit.is_admin() && portal.licence_status().await?.valid().is_some())
}

/// Reads the body and makes sure that it comes from a form of ours, sent by this session.
async fn read_form(request: &mut ServiceRequest, visit: &Visit) -> Gate<()> {
    let foreign = || WebError::Forbidden(Key::ERROR_FOREIGN_FORM);
    if !comes_from_us(request.headers()) {
        return Err(foreign());
    }
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(foreign());
    }
    let body = read_body(request).await?;
    let pairs: Vec<(String, String)> =
        serde_html_form::from_bytes(&body).map_err(|_| WebError::BadRequest)?;
    if pairs.len() > MOST_FIELDS {
        return Err(WebError::TooLarge);
    }
    if pairs.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
        return Err(WebError::BadRequest);
    }
    let pairs = Pairs(pairs);
    let expected = session::csrf_if_any(&visit.session).ok_or_else(foreign)?;
    if !bool::from(expected.as_bytes().ct_eq(pairs.get("csrf").as_bytes())) {
        return Err(foreign());
    }
    request.extensions_mut().insert(Posted(body));
    Ok(())
}

/// Browsers say where a request was made; those that do not are held to the token alone.
fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let fetched = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let host = text("host").unwrap_or_default();
    let origin = text("origin").is_none_or(|origin| {
        origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host))
    });
    fetched && origin
}

async fn read_body(request: &mut ServiceRequest) -> Gate<Bytes> {
    let mut payload = request.take_payload();
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| WebError::BadRequest)?;
        if body.len() + chunk.len() > LARGEST_FORM {
            return Err(WebError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// A form that carries an id is carried out once, however often it is sent.
async fn claim_form(request: &ServiceRequest, portal: &Portal, visit: &Visit) -> Gate<Admission> {
    let Some(Posted(body)) = request.extensions().get::<Posted>().cloned() else {
        return Ok(Admission::Handler(None));
    };
    let pairs: Vec<(String, String)> =
        serde_html_form::from_bytes(&body).map_err(|_| WebError::BadRequest)?;
    let pairs = Pairs(pairs);
    let once = pairs.get("once");
    if once.is_empty() {
        return Ok(Admission::Handler(None));
    }
    let mut digest = Sha256::new();
    digest.update(request.path().as_bytes());
    digest.update([0]);
    digest.update(&body);
    let hash = hex(&digest.finalize());
    let user = visit.person.as_ref().map(|person| person.id);
    match claim(portal, once, user, &hash).await? {
        SentForm::Fresh => Ok(Admission::Handler(Some(once.to_owned()))),
        SentForm::Done { location, .. } => Ok(Admission::Answered(page::go(&location))),
        SentForm::InProgress | SentForm::OtherBody => Err(WebError::AlreadySent),
    }
}

/// Claims a form. Whoever sends it while it is being carried out waits for its answer.
async fn claim(portal: &Portal, once: &str, user: Option<UserId>, hash: &str) -> Gate<SentForm> {
    for _ in 0..LOOKS {
        match sent_forms::claim(&portal.store, once, user, hash).await? {
            SentForm::InProgress => tokio::time::sleep(BETWEEN_LOOKS).await,
            found => return Ok(found),
        }
    }
    Ok(SentForm::InProgress)
}

/// Remembers the answer of a form that was carried out; one that was not may be sent again.
async fn settle(
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

/// Who is there, in which language.
async fn visit(request: &ServiceRequest, portal: &Portal) -> Gate<Visit> {
    let session = request.get_session();
    let person = session::visitor(&session);
    let language = session::language(&session)
        .or(person.as_ref().and_then(|person| person.preferences.language))
        .unwrap_or_else(|| accepted_language(request.headers()));
    let zone = person.as_ref().and_then(|person| TimeZone::get(&person.preferences.zone).ok());
    let is_read = *request.method() == Method::GET;
    Ok(Visit {
        t: Texts::new(language),
        language,
        zone: zone.unwrap_or(TimeZone::UTC),
        theme: person.as_ref().map_or("auto", |person| person.preferences.theme.as_str()),
        csrf: if is_read {
            session::csrf(&session)
        } else {
            session::csrf_if_any(&session).unwrap_or_default()
        },
        flash: if is_read { session::take_flash(&session) } else { None },
        path: request.path().to_owned(),
        path_and_query: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        crm_name: settings::find_crm_name(&portal.store).await?.unwrap_or_else(|| "CRM".to_owned()),
        assets: assets::PREFIX,
        address: address(request, portal),
        session,
        person,
    })
}

/// The visitor's address; a forwarded one only from a proxy named in the settings.
fn address(request: &ServiceRequest, portal: &Portal) -> String {
    let Some(peer) = request.peer_addr().map(|peer| peer.ip()) else { return String::new() };
    if !portal.settings.trusted_proxies.iter().any(|net| net.contains(&peer)) {
        return peer.to_string();
    }
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    // The proxy nearest to us wrote the last one.
    let last = forwarded.and_then(|list| list.rsplit(',').next()).map(str::trim);
    last.and_then(|text| text.parse::<std::net::IpAddr>().ok()).unwrap_or(peer).to_string()
}

/// Refusals are part of the history: who tried what. So are sealed values that do not open.
async fn note(portal: &Portal, visit: &Visit, request: &HttpRequest, error: &WebError) {
    let event = |action, reason: &str| {
        Event::new(action, Subject::only("portal"))
            .after("address", format!("{} {}", request.method(), request.path()))
            .after("reason", reason)
    };
    let event = match error {
        WebError::Forbidden(why) => event(Action::Refused, why.id()),
        WebError::OutOfReach => event(Action::Refused, Key::ERROR_SCOPE.id()),
        WebError::Broken(cause) if is_sealed(cause) => {
            event(Action::SealBroken, &cause.to_string())
        }
        _ => return,
    };
    let noted = async {
        let mut tx = portal.store.begin().await?;
        tx.record(&visit.actor(), &event).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::error!("a refusal could not be recorded: {error}");
    }
}

fn is_sealed(cause: &anyhow::Error) -> bool {
    matches!(cause.downcast_ref(), Some(StoreError::Sealed))
}

/// Turns an answer that only carries a note into a page.
fn with_page(response: ServiceResponse<BoxBody>, visit: &Visit) -> ServiceResponse<BoxBody> {
    let note = response.response().extensions().get::<Note>().cloned();
    let Some(note) = note else { return response };
    let page = screens::errors::page(visit, &note, &to_send_again(&response, &note));
    response.map_body(|head, _| {
        let html = header::HeaderValue::from_static("text/html; charset=utf-8");
        head.headers_mut().insert(header::CONTENT_TYPE, html);
        BoxBody::new(page)
    })
}

/// What was typed, when nothing but a busy database stood in its way; the page offers to send it again.
fn to_send_again(response: &ServiceResponse<BoxBody>, note: &Note) -> Pairs {
    let posted = response.request().extensions().get::<Posted>().cloned();
    let typed = posted.and_then(|Posted(body)| serde_html_form::from_bytes(&body).ok());
    let is_kept =
        |typed: &Pairs| note.status == StatusCode::SERVICE_UNAVAILABLE && !typed.has_secret();
    typed.map(Pairs).filter(is_kept).unwrap_or_default()
}

/// When even the visit could not be read (database away), there is no language to speak of.
fn answer_without_visit(request: ServiceRequest, error: &WebError) -> ServiceResponse<BoxBody> {
    let language = accepted_language(request.headers());
    request.into_response(page_without_visit(language, error))
}

fn page_without_visit(language: Language, error: &WebError) -> HttpResponse {
    let response = error.error_response();
    let note = response.extensions().get::<Note>().cloned();
    let page = note.map(|note| screens::errors::without_visit(Texts::new(language), &note));
    response.map_body(|head, _| {
        let html = header::HeaderValue::from_static("text/html; charset=utf-8");
        head.headers_mut().insert(header::CONTENT_TYPE, html);
        BoxBody::new(page.unwrap_or_default())
    })
}

fn accepted_language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::accepted(accepted.unwrap_or_default())
}

/// Around the sessions: when one can be neither read nor begun, the database is away, and there is not even a
/// visit to make a page for.
pub async fn around_sessions(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let language = accepted_language(request.headers());
    let portal = request.app_data::<Data<Portal>>();
    let is_behind_tls = portal.is_some_and(|portal| portal.settings.is_behind_tls);
    let answer = next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    answer.map_err(|error| {
        tracing::error!("a session could be neither read nor begun: {error}");
        let mut response = page_without_visit(language, &WebError::Busy);
        headers::put(response.headers_mut(), is_behind_tls);
        InternalError::from_response(error, response).into()
    })
}

/// Whether the person may open an address, by its rule's role alone; for menus and links.
pub fn is_open_to(person: &Visitor, pattern: &str) -> bool {
    routes::rule_of(&Method::GET, pattern).is_some_and(|rule| match rule.who {
        Who::Anyone | Who::SignedIn => true,
        Who::Roles(roles) => roles.contains(&person.role),
    })
}
