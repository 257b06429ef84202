//! The gate in front of every handler: enforces the rule that stands with the route, and refuses what has
//! none. Also has every form read and checked, so that no handler can forget to.

use actix_session::SessionExt;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use jiff::tz::TimeZone;

use super::error::{Note, WebError};
use super::form::{Pairs, Posted};
use super::kept_form::{self, KEPT, Kept};
use super::once::{self, Claimed};
use super::visit::Visit;
use super::{Portal, assets, gates, headers, page, reading, refusals, routes, screens, session};
use crate::gates::{Gate, Place, Rule, admits};
use crate::i18n::{Key, Language, Texts};
use crate::store::settings;
use crate::users::Visitor;

type Passed<T> = Result<T, WebError>;

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
                refusals::note(&portal, &visit, response.request(), error).await;
            }
            once::settle(&portal, sent, response).await
        }
        Ok(Admission::Answered(answer)) => request.into_response(answer),
        Err(error) => {
            refusals::note(&portal, &visit, request.request(), &error).await;
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

async fn admit(request: &mut ServiceRequest, portal: &Portal, visit: &Visit) -> Passed<Admission> {
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
        reading::read_form(request, portal, visit, &rule).await?;
    }
    let place = Place::Address;
    match gates::first_closed(portal, visit.person.as_ref(), &rule, place).await? {
        None => {}
        Some(Gate::Account) => {
            return Ok(Admission::Answered(screens::sign_in::ask(visit, changes)));
        }
        Some(gate) => return Err(gates::refusal(gate, place)),
    }
    if !changes {
        return Ok(Admission::Handler(None));
    }
    Ok(match once::claim(request, portal, visit).await? {
        Claimed::New(sent) => Admission::Handler(sent),
        Claimed::Done(location) => Admission::Answered(page::go(&location)),
    })
}

/// Whether this person sees the ERP tab: the same gates that close its addresses.
pub async fn may_see_erp(portal: &Portal, visit: &Visit) -> Result<bool, WebError> {
    is_free(portal, visit, &routes::ERP).await
}

/// Whether this person may change anything in the Sync tab at this moment.
pub async fn may_change_sync(portal: &Portal, visit: &Visit) -> Result<bool, WebError> {
    is_free(portal, visit, &routes::SYNC).await
}

async fn is_free(portal: &Portal, visit: &Visit, rule: &Rule) -> Result<bool, WebError> {
    let person = visit.person.as_ref();
    Ok(gates::first_closed(portal, person, rule, Place::Address).await?.is_none())
}

/// Who is there, in which language.
async fn visit(request: &ServiceRequest, portal: &Portal) -> Passed<Visit> {
    let session = request.get_session();
    let person = session::visitor(&session);
    let language = session::language(&session)
        .or(person.as_ref().and_then(|person| person.preferences.language))
        .unwrap_or_else(|| accepted_language(request.headers()));
    let zone = person.as_ref().and_then(|person| TimeZone::get(&person.preferences.zone).ok());
    let is_read = *request.method() == Method::GET;
    let token =
        if is_read { Some(session::csrf(&session)) } else { session::csrf_if_any(&session) };
    let of_forms = |token: String| kept_form::token(&portal.store, &token, person.as_ref());
    let path_and_query =
        request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    Ok(Visit {
        t: Texts::new(language),
        language,
        zone: zone.unwrap_or(TimeZone::UTC),
        theme: person.as_ref().map_or("auto", |person| person.preferences.theme.as_str()),
        csrf: token.map(of_forms).unwrap_or_default(),
        flash: if is_read { session::take_flash(&session) } else { None },
        path: request.path().to_owned(),
        place: match request.match_pattern() {
            Some(pattern) if !is_read => routes::page_behind(&pattern, request.path()),
            _ => path_and_query.clone(),
        },
        path_and_query,
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

/// Turns an answer that only carries a note into a page.
fn with_page(response: ServiceResponse<BoxBody>, visit: &Visit) -> ServiceResponse<BoxBody> {
    let note = response.response().extensions().get::<Note>().cloned();
    let Some(note) = note else { return response };
    let may_open_licence =
        visit.person.as_ref().is_some_and(|person| is_open_to(person, "/licence"));
    let again = to_send_again(&response, &note);
    let page = screens::errors::page(visit, &note, &again, may_open_licence);
    response.map_body(|head, _| {
        let html = header::HeaderValue::from_static("text/html; charset=utf-8");
        head.headers_mut().insert(header::CONTENT_TYPE, html);
        BoxBody::new(page)
    })
}

/// What was typed, when nothing but a busy database or the end of its session stood in its way; the page
/// offers to send it again.
fn to_send_again(response: &ServiceResponse<BoxBody>, note: &Note) -> Pairs {
    let extensions = response.request().extensions();
    if let Some(Kept(sealed)) = extensions.get::<Kept>() {
        return Pairs(vec![(KEPT.to_owned(), sealed.clone())]);
    }
    let posted = extensions.get::<Posted>().cloned();
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
    let rule = routes::rule_of(&Method::GET, pattern);
    rule.is_some_and(|rule| admits(rule.who, Some(person.role)))
}
