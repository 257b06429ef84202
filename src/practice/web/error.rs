//! What a page answers when there is nothing to show.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::texts::{Language, Texts};
use crate::practice::PracticeError;
use crate::practice::objection::Objection;

pub type Answer = Result<HttpResponse, WebError>;

/// The only error a handler returns; it knows the language of who reads it.
#[derive(Debug)]
pub struct WebError {
    pub language: Language,
    pub kind: ErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    NotFound,
    /// Not sent by a page of ours.
    Foreign,
    Unreadable,
    Broken,
}

impl WebError {
    pub fn new(language: Language, kind: ErrorKind) -> Self {
        Self { language, kind }
    }

    /// For what a page cannot show beside a form.
    pub fn of(language: Language, error: PracticeError) -> Self {
        let kind = match &error {
            PracticeError::Objection(Objection::NoSuchActor(_)) => ErrorKind::NotFound,
            PracticeError::Objection(_) => ErrorKind::Unreadable,
            other => {
                tracing::error!(error = %other, "the practice ERP's page failed");
                ErrorKind::Broken
            }
        };
        Self { language, kind }
    }
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)
    }
}

#[derive(Template)]
#[template(path = "practice/error.html")]
struct ErrorPage {
    language: Language,
    t: &'static Texts,
    assets: &'static str,
    title: &'static str,
    more: &'static str,
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        match self.kind {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Foreign => StatusCode::FORBIDDEN,
            ErrorKind::Unreadable => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let t = self.language.texts();
        let (title, more) = match self.kind {
            ErrorKind::NotFound => (t.not_found, t.not_found_more),
            ErrorKind::Foreign => (t.not_from_here, t.not_from_here_more),
            ErrorKind::Unreadable => (t.bad_request, t.bad_request_more),
            ErrorKind::Broken => (t.broken, t.broken_more),
        };
        let page = ErrorPage { language: self.language, t, assets: super::ASSETS, title, more };
        let html = page.render().unwrap_or_else(|_| title.to_owned());
        HttpResponse::build(self.status_code()).content_type(ContentType::html()).body(html)
    }
}
