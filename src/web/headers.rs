//! Security headers, on every answer.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::DefaultHeaders;

/// Only our own styles, scripts and pictures; nothing inline, nothing framed, forms only to ourselves.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const ALWAYS: [(&str, &str); 8] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    // Pages behind the log-in must not lie about in caches; files of ours set their own.
    ("cache-control", "no-store"),
];
const BEHIND_TLS: (&str, &str) =
    ("strict-transport-security", "max-age=31536000; includeSubDomains");

/// Names, in lower case, and values.
fn list(is_behind_tls: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    ALWAYS.into_iter().chain(is_behind_tls.then_some(BEHIND_TLS))
}

pub fn all(is_behind_tls: bool) -> DefaultHeaders {
    list(is_behind_tls).fold(DefaultHeaders::new(), DefaultHeaders::add)
}

/// The same on an answer that is made outside of them.
pub fn put(headers: &mut HeaderMap, is_behind_tls: bool) {
    for (name, value) in list(is_behind_tls) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}
