//! Who may send what: the page has no log-in, so it answers only on this machine, and takes changes only
//! from its own pages. And the headers of every answer.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest};

use super::error::{ErrorKind, WebError};
use super::visit::{COOKIE, language};

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";

/// Goes around every handler.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let language = language(request.request());
    if !is_ours(request.request()) {
        let refused = WebError::new(language, ErrorKind::Foreign);
        let mut answer = request.error_response(refused).map_into_right_body();
        put_headers(answer.headers_mut());
        return Ok(answer);
    }
    let has_cookie = request.cookie(COOKIE).is_some() || is_tool(request.request());
    let mut answer = next.call(request).await?.map_into_left_body();
    put_headers(answer.headers_mut());
    if !has_cookie && answer.status().is_success() {
        answer.response_mut().add_cookie(&language_cookie(language.code()))?;
    }
    Ok(answer)
}

/// A session's cookie that no other site's request carries.
pub fn language_cookie(code: &str) -> Cookie<'static> {
    Cookie::build(COOKIE, code.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}

fn is_ours(request: &HttpRequest) -> bool {
    let Some(host) = text(request, HOST) else { return false };
    if !is_this_machine(host) {
        return false;
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return true;
    }
    let fetched = text(request, HeaderName::from_static("sec-fetch-site"));
    let is_same_site = fetched.is_none_or(|site| site == "same-origin");
    let is_same_origin = text(request, ORIGIN).is_none_or(|origin| {
        origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host)
    });
    is_same_site && is_same_origin && (is_tool(request) || request.cookie(COOKIE).is_some())
}

/// What tests use instead of a browser.
fn is_tool(request: &HttpRequest) -> bool {
    request.path().starts_with("/control/")
}

/// A name that a stranger could make point here is refused, however it got here.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name.to_ascii_lowercase().as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

fn text(request: &HttpRequest, name: HeaderName) -> Option<&str> {
    request.headers().get(name).map(|value| value.to_str().unwrap_or_default())
}

fn put_headers(headers: &mut HeaderMap) {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in ["localhost", "LocalHost:18300", "127.0.0.1:80", "[::1]:18300", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example:80", "127.0.0.1.nip.io", "10.0.0.1", ""]
        {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
