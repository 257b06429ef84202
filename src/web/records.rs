//! Addresses and the kind of record they are about.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::crm::RecordKind;
use crate::web::error::WebError;

/// Where the fields of a kind of record are listed.
pub fn fields_of(kind: RecordKind) -> String {
    format!("/crm-fields?kind={}", kind.as_str())
}

/// `/persons/…` → person.
pub struct Kind(pub RecordKind);

impl FromRequest for Kind {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let first = request.path().split('/').nth(1).unwrap_or_default();
        ready(RecordKind::from_path(first).map(Kind).ok_or(WebError::NotFound))
    }
}
