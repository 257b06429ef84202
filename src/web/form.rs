//! What a browser posts, and what is wrong with it.
//!
//! The guard has read the body, checked where it comes from, and left it as [`Posted`]. A form struct holds
//! strings with serde defaults, so that a missing field is a problem of that field and not of the request.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use validator::{Validate, ValidationError, ValidationErrors};

use super::error::WebError;
use crate::i18n::{Argument, Key, Message, Texts};

/// The body of a request that passed the guard.
#[derive(Clone)]
pub struct Posted(pub Bytes);

/// Extracts a form.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Form<T> {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let body = request.extensions().get::<Posted>().cloned();
        let form = body.and_then(|Posted(body)| serde_html_form::from_bytes(&body).ok());
        ready(form.map(Form).ok_or(WebError::BadRequest))
    }
}

/// A form as pairs in the order they were sent. A form whose fields are partly known only at run time
/// (configuration fields, mappings) is a struct made from it: `#[serde(from = "Pairs")]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Pairs(pub Vec<(String, String)>);

impl Pairs {
    /// The last value sent under this name; blank when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Everything typed, without what every form carries; to be sent once more.
    pub fn typed(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter().filter(|(key, _)| !matches!(key.as_str(), "csrf" | "once"))
    }

    /// Whether there is anything among it that is never sent back to a browser: a password, or a connector's
    /// configuration, of which only its connector knows what is secret.
    pub fn has_secret(&self) -> bool {
        self.0.iter().any(|(name, _)| name == "password" || name.starts_with("c-"))
    }

    /// Everything whose name begins like this, by the rest of the name, in order.
    pub fn under<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(key, value)| Some((key.strip_prefix(start)?, value.as_str())))
    }

    /// Every value sent under this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest for Pairs {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let body = request.extensions().get::<Posted>().cloned();
        let pairs = body.and_then(|Posted(body)| serde_html_form::from_bytes(&body).ok());
        ready(pairs.map(Pairs).ok_or(WebError::BadRequest))
    }
}

/// The name of the hidden field that says which version of something the form was made of.
pub const VERSION: &str = "version";

/// Everything wrong with a form: messages by field; the field's name is blank for the form as a whole.
#[derive(Clone, Debug, Default)]
pub struct Problems(Vec<(String, Message)>);

impl Problems {
    /// What the validator says. Its codes are ids of our messages; parameters fill them in.
    pub fn of(form: &impl Validate) -> Self {
        form.validate().map_or_else(|errors| Self::from(&errors), |()| Self::default())
    }

    pub fn add(&mut self, field: &str, problem: impl Into<Message>) {
        self.0.push((field.to_owned(), problem.into()));
    }

    pub fn extend(&mut self, others: Problems) {
        self.0.extend(others.0);
    }

    /// One problem of the form as a whole.
    pub fn whole(problem: impl Into<Message>) -> Self {
        Self(vec![(String::new(), problem.into())])
    }

    /// One problem of one field.
    pub fn one(field: &str, problem: impl Into<Message>) -> Self {
        Self(vec![(field.to_owned(), problem.into())])
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What to say at a field; blank when there is nothing.
    pub fn at(&self, field: &str, texts: &Texts) -> String {
        self.0.iter().find(|(at, _)| at == field).map_or_else(String::new, |(_, m)| texts.say(m))
    }

    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|(at, _)| at == field)
    }

    /// All problems in words, with the field they belong to, for the summary at the top of a form. Nobody
    /// can go to the hidden version.
    pub fn list(&self, texts: &Texts) -> Vec<(String, String)> {
        let place = |field: &str| if field == VERSION { String::new() } else { field.to_owned() };
        self.0.iter().map(|(field, message)| (place(field), texts.say(message))).collect()
    }
}

/// For validator: the version that the form was made of.
pub fn known_version(text: &str) -> Result<(), ValidationError> {
    match text.parse::<i64>() {
        Ok(_) => Ok(()),
        Err(_) => Err(ValidationError::new(Key::FORM_NO_VERSION.id())),
    }
}

/// For validator: something other than blanks must be there.
pub fn filled(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() {
        return Err(ValidationError::new(Key::FORM_REQUIRED.id()));
    }
    Ok(())
}

/// For validator: nothing but what can be read, with line breaks and tabs.
pub fn readable(text: &str) -> Result<(), ValidationError> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(ValidationError::new(Key::FORM_INVALID.id()));
    }
    Ok(())
}

impl From<&ValidationErrors> for Problems {
    fn from(errors: &ValidationErrors) -> Self {
        let mut problems = Self::default();
        for (field, errors) in errors.field_errors() {
            let Some(error) = errors.first() else { continue };
            let mut message = Message::from(Key::parse(&error.code).unwrap_or(Key::FORM_INVALID));
            for name in ["max", "min"] {
                if let Some(number) = error.params.get(name).and_then(serde_json::Value::as_i64) {
                    message.arguments.push((name.into(), Argument::Number(number)));
                }
            }
            problems.add(&field, message);
        }
        problems
    }
}
