//! What the pages post, and how pages are answered.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, LOCATION};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use validator::Validate;

use super::error::{Answer, ErrorKind, WebError};
use super::visit;
use crate::connector::types::{ActorRef, ActorType};

/// An actor's form: its fields under their keys, and what goes with them.
#[derive(Debug, Default, Deserialize, Validate)]
pub struct RecordForm {
    /// The change number that was on the page.
    #[serde(default)]
    #[validate(length(max = 20))]
    pub seen: String,
    /// `Customer:C10001`, for a new person.
    #[serde(default)]
    #[validate(length(max = 60))]
    pub parent: String,
    /// The boxes on the form: unticked ones send nothing.
    #[serde(default, rename = "box")]
    #[validate(length(max = 50))]
    pub boxes: Vec<String>,
    #[serde(flatten)]
    #[validate(length(max = 100))]
    pub fields: BTreeMap<String, String>,
}

/// The language switch.
#[derive(Debug, Deserialize, Validate)]
pub struct LanguageForm {
    #[validate(length(max = 5))]
    pub language: String,
    #[serde(default)]
    #[validate(length(max = 500))]
    pub back: String,
}

impl RecordForm {
    pub fn parent(&self) -> Option<ActorRef> {
        parse_parent(&self.parent)
    }
}

pub fn parse_parent(text: &str) -> Option<ActorRef> {
    let (kind, key) = text.split_once(':')?;
    Some(ActorRef { kind: ActorType::parse(kind)?, key: key.to_owned() })
}

/// A posted form that can be read and is within its bounds.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + Validate> FromRequest for Form<T> {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let unreadable = WebError::new(visit::language(request), ErrorKind::Unreadable);
        let body = Bytes::from_request(request, payload);
        Box::pin(async move {
            let body = body.await.ok();
            let form: Option<T> = body.and_then(|body| serde_html_form::from_bytes(&body).ok());
            form.filter(|form| form.validate().is_ok()).map(Form).ok_or(unreadable)
        })
    }
}

/// The page.
pub fn page(status: StatusCode, page: &impl Template, error: impl Fn() -> WebError) -> Answer {
    let html = page.render().map_err(|why| {
        tracing::error!(error = %why, "a page of the practice ERP cannot be drawn");
        error()
    })?;
    Ok(HttpResponse::build(status).content_type(ContentType::html()).body(html))
}

pub fn redirect(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_its_boxes_and_fields() {
        let form: RecordForm = serde_html_form::from_str(
            "seen=12&parent=Customer%3AC1&box=BLOCKED&box=APPROVED&NAME=%C3%98&BLOCKED=1",
        )
        .unwrap();
        assert_eq!(form.boxes, ["BLOCKED", "APPROVED"]);
        assert_eq!(form.fields["NAME"], "Ø");
        assert_eq!(form.fields.len(), 2);
        assert_eq!(form.parent().unwrap().key, "C1");
        let bare: RecordForm = serde_html_form::from_str("").unwrap();
        assert!(bare.fields.is_empty() && bare.parent().is_none());
    }

    #[test]
    fn a_form_beyond_its_bounds_is_refused() {
        let long = RecordForm { seen: "1".repeat(21), ..RecordForm::default() };
        assert!(long.validate().is_err());
    }
}
