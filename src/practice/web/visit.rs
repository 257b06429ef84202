//! What every page needs to know of a request: language, client, area.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::error::{ErrorKind, WebError};
use super::texts::{Language, Texts};
use crate::connector::types::ActorType;
use crate::practice::data::rows::Shelf;
use crate::practice::model::{self, Item};

/// Keeps the chosen language, and shows that a request comes from a page of ours: it is never sent along
/// from elsewhere.
pub const COOKIE: &str = "practice";

/// Who looks at what.
#[derive(Clone)]
pub struct Visit {
    pub language: Language,
    pub t: &'static Texts,
    pub assets: &'static str,
    /// Where the language switch leads back to.
    pub here: String,
    /// The client whose pages these are; none at the start.
    pub client: Option<&'static Item>,
    pub area: Option<Area>,
}

/// A kind of actor as part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area(pub ActorType);

impl Area {
    pub fn path(self) -> &'static str {
        match self.0 {
            ActorType::Customer | ActorType::Partner => "customers",
            ActorType::Supplier => "suppliers",
            ActorType::Person => "persons",
            ActorType::Project => "projects",
        }
    }

    fn parse(path: &str) -> Option<Self> {
        Self::all().find(|area| area.path() == path)
    }

    pub fn all() -> impl Iterator<Item = Self> {
        model::KINDS.into_iter().map(Self)
    }
}

impl Visit {
    pub fn of(request: &HttpRequest) -> Self {
        let language = language(request);
        let part = |name: &str| request.match_info().get(name);
        let here = request.uri().path_and_query().map_or("/", |path| path.as_str());
        Self {
            language,
            t: language.texts(),
            assets: super::ASSETS,
            here: here.to_owned(),
            client: part("client").and_then(model::client),
            area: part("area").and_then(Area::parse),
        }
    }

    /// What a kind of actor is called, many of them.
    pub fn many(&self, area: &Area) -> &'static str {
        self.language.kind(area.0).0
    }

    /// And one of them.
    pub fn one(&self, area: &Area) -> &'static str {
        self.language.kind(area.0).1
    }

    pub fn is_client(&self, item: &Item) -> bool {
        self.client.is_some_and(|client| client.key == item.key)
    }

    pub fn is_area(&self, area: &Area) -> bool {
        self.area == Some(*area)
    }

    pub fn areas(&self) -> Vec<Area> {
        Area::all().collect()
    }

    pub fn clients(&self) -> &'static [Item] {
        model::clients()
    }

    pub fn languages(&self) -> [Language; 2] {
        Language::ALL
    }

    pub fn code(&self) -> &'static str {
        self.client.map_or("", |client| client.key)
    }

    pub fn error(&self, kind: ErrorKind) -> WebError {
        WebError::new(self.language, kind)
    }
}

impl FromRequest for Visit {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// A visit to one client's pages; anything else is not found.
pub struct InClient {
    pub visit: Visit,
    pub code: &'static str,
}

/// A visit to one client's actors of one kind; anything else is not found.
pub struct InArea {
    pub visit: Visit,
    pub shelf: Shelf<'static>,
}

impl FromRequest for InClient {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visit = Visit::of(request);
        ready(match visit.client {
            Some(client) => Ok(Self { visit, code: client.key }),
            None => Err(visit.error(ErrorKind::NotFound)),
        })
    }
}

impl FromRequest for InArea {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visit = Visit::of(request);
        ready(match visit.client.zip(visit.area) {
            Some((client, Area(kind))) => {
                Ok(Self { visit, shelf: Shelf { client: client.key, kind } })
            }
            None => Err(visit.error(ErrorKind::NotFound)),
        })
    }
}

/// As chosen, else as the browser asks for.
pub fn language(request: &HttpRequest) -> Language {
    request
        .cookie(COOKIE)
        .and_then(|cookie| Language::parse(cookie.value()))
        .unwrap_or_else(|| Language::of_browser(request))
}
