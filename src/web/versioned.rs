//! Whose versions an address is about: those of a connector, of a connection, or of the sync priority.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::Deserialize;

use super::error::WebError;
use super::visit::Visit;
use super::{Portal, history_words};
use crate::store::versions::{self, Made};
use crate::versions::{Snapshot, Version, Versioned};

/// `/connections/5/versions/…` → connection 5.
#[derive(Clone, Copy)]
pub struct Of(pub Versioned);

impl FromRequest for Of {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = || request.match_info().get("id").and_then(|id| id.parse().ok());
        let of = match request.path().split('/').nth(1) {
            Some("connectors") => id().map(Versioned::Connector),
            Some("connections") => id().map(Versioned::Connection),
            Some("sync") => Some(Versioned::Priority),
            _ => None,
        };
        ready(of.map(Of).ok_or(WebError::NotFound))
    }
}

impl Of {
    /// Where the thing itself is looked at; its versions lie below.
    pub fn address(self) -> String {
        match self.0 {
            Versioned::Connector(id) => format!("/connectors/{id}"),
            Versioned::Connection(id) => format!("/connections/{id}"),
            Versioned::Priority => "/sync/priority".to_owned(),
        }
    }

    pub fn versions(self) -> String {
        format!("{}/versions", self.address())
    }

    /// The form that takes back what was just saved of it, if that made a version.
    pub fn undo(self, made: &Made) -> Option<String> {
        made.get(&self.0).map(|number| format!("{}/{number}/undo", self.versions()))
    }

    /// What stands there now.
    pub async fn current(self, portal: &Portal) -> Result<Snapshot, WebError> {
        versions::snapshot(&portal.store, self.0).await?.ok_or(WebError::NotFound)
    }

    pub async fn version(self, portal: &Portal, number: i64) -> Result<Version, WebError> {
        versions::find(&portal.store, self.0, number).await?.ok_or(WebError::NotFound)
    }

    /// The thing in words.
    pub fn name(self, visit: &Visit, current: &Snapshot) -> String {
        match self.0 {
            Versioned::Priority => history_words::subject_kind(visit.t, self.0.kind()),
            _ => visit.pick(current.name()).to_owned(),
        }
    }
}

/// Who made a version.
pub fn who(visit: &Visit, version: &Version) -> String {
    match version.by.as_str() {
        "" => visit.t.versions_found().to_owned(),
        name => history_words::who_by_name(visit.t, name),
    }
}

/// The version that an address names.
#[derive(Deserialize)]
pub struct Number {
    pub number: i64,
}
