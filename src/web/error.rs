//! The only error a handler returns, and how it becomes a page.
//!
//! A handler does not know the visitor's language, so the answer carries a [`Note`]; the guard, which
//! knows, writes the page.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use crate::i18n::{Key, Message};
use crate::store::error::StoreError;

/// What a handler answers.
pub type Answer = Result<HttpResponse, WebError>;

/// Why there is no page.
#[derive(Debug)]
pub enum WebError {
    /// Nothing there, or nothing this person may know of.
    NotFound,
    /// It is there, but not for this person to know of: answered like `NotFound`, and part of the history.
    OutOfReach,
    /// A gate is closed; says which.
    Forbidden(Key),
    /// The request is not one our pages make.
    BadRequest,
    /// What stands behind the question mark is not what the page can read.
    BadQuery,
    /// The method is not one of this address.
    WrongMethod,
    TooLarge,
    /// The same form was sent before with other content, or is still being carried out.
    AlreadySent,
    /// Somebody else changed it first, where there are not two versions to show.
    Overtaken,
    /// Seconds until it makes sense to try again.
    TooMany(i64),
    /// The database is busy; nothing was changed.
    Busy,
    /// Our fault; the cause goes to the log under a reference number.
    Broken(anyhow::Error),
}

/// Left on an answer for the guard to make a page of.
#[derive(Clone, Debug)]
pub struct Note {
    pub status: StatusCode,
    pub message: Message,
    /// Found again in the log.
    pub reference: Option<String>,
}

impl WebError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::OutOfReach => StatusCode::NOT_FOUND,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::BadRequest | Self::BadQuery => StatusCode::BAD_REQUEST,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::AlreadySent | Self::Overtaken => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NotFound | Self::OutOfReach => Key::ERROR_NOT_FOUND.into(),
            Self::Forbidden(why) => (*why).into(),
            Self::BadRequest => Key::ERROR_BAD_REQUEST.into(),
            Self::BadQuery => Key::ERROR_BAD_QUERY.into(),
            Self::WrongMethod => Key::ERROR_WRONG_METHOD.into(),
            Self::TooLarge => Key::ERROR_TOO_LARGE.into(),
            Self::AlreadySent => Key::ERROR_ALREADY_SENT.into(),
            Self::Overtaken => Key::ERROR_OVERTAKEN.into(),
            Self::TooMany(seconds) => {
                Message::from(Key::ERROR_TOO_MANY).with("minutes", (seconds + 59) / 60)
            }
            Self::Busy => Key::ERROR_BUSY.into(),
            Self::Broken(_) => Key::ERROR_BROKEN.into(),
        }
    }
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status())
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut reference = None;
        if let Self::Broken(cause) = self {
            let number = reference_number();
            tracing::error!(reference = %number, "request failed: {cause:#}");
            reference = Some(number);
        }
        let mut response = HttpResponse::build(self.status());
        if let Self::TooMany(seconds) = self {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        if let Self::Busy = self {
            response.insert_header(("Retry-After", "5"));
        }
        let mut response = response.finish();
        let note = Note { status: self.status(), message: self.message(), reference };
        response.extensions_mut().insert(note);
        response
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::Overtaken => Self::Overtaken,
            StoreError::Unstorable => Self::BadRequest,
            other => Self::Broken(other.into()),
        }
    }
}

impl From<anyhow::Error> for WebError {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// Short enough to read out on the telephone.
fn reference_number() -> String {
    let mut bytes = [0u8; 4];
    let _ = getrandom::fill(&mut bytes);
    format!("{:08X}", u32::from_be_bytes(bytes))
}

/// The answer for an address that is no route.
pub async fn not_found() -> Answer {
    Err(WebError::NotFound)
}

/// The answer for a route under another method.
pub async fn wrong_method() -> Answer {
    Err(WebError::WrongMethod)
}
