//! The list of changes: who changed what in a client, and when.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::control;
use super::error::{Answer, ErrorKind, WebError};
use super::form::page;
use super::texts::Language;
use super::visit::{Area, InClient, Visit};
use crate::clock::Millis;
use crate::practice::data::changes::{Author, Change};
use crate::practice::{Practice, model};

const SHOWN: i64 = 200;

#[derive(Template)]
#[template(path = "practice/changes.html")]
struct ChangesPage {
    visit: Visit,
    changes: Vec<ChangeView>,
}

/// One change, in the reader's words.
pub struct ChangeView {
    pub number: i64,
    pub when: String,
    pub who: String,
    pub is_by_connector: bool,
    pub area: Area,
    pub kind: &'static str,
    pub key: String,
    pub name: String,
    pub action: &'static str,
    pub is_deletion: bool,
    pub fields: Vec<FieldChange>,
}

pub struct FieldChange {
    pub caption: String,
    pub old: String,
    pub new: String,
}

pub async fn index(place: InClient, practice: Data<Practice>) -> Answer {
    let InClient { visit, code } = place;
    let language = visit.language;
    let changes = practice.list_changes(code, None, SHOWN).await;
    let changes = changes.map_err(|error| WebError::of(language, error))?;
    let changes = changes.iter().map(|change| view(change, language)).collect();
    let failed = || WebError::new(language, ErrorKind::Broken);
    page(StatusCode::OK, &ChangesPage { visit, changes }, failed)
}

pub fn view(change: &Change, language: Language) -> ChangeView {
    let t = language.texts();
    let is_change = change.action == "changed";
    let fields = change.differences.iter().filter(|_| is_change).map(|difference| {
        let field = model::field(change.of.kind, &difference.field);
        let shown = |raw: &str| {
            field.map_or_else(|| raw.to_owned(), |field| control::to_words(field, raw, language))
        };
        FieldChange {
            caption: field.map_or(difference.field.as_str(), |f| language.word(&f.name)).to_owned(),
            old: shown(&difference.old),
            new: shown(&difference.new),
        }
    });
    ChangeView {
        number: change.modified,
        when: local_time(change.at, language),
        who: match &change.author {
            Author::Connector(user) => format!("{} ({user})", t.by_connector),
            Author::Page => t.by_page.to_owned(),
            Author::Books => t.by_books.to_owned(),
        },
        is_by_connector: matches!(change.author, Author::Connector(_)),
        area: Area(change.of.kind),
        kind: language.kind(change.of.kind).1,
        key: change.of.key.clone(),
        name: change.name.clone(),
        action: match change.action.as_str() {
            "created" => t.action_created,
            "deleted" => t.action_deleted,
            _ => t.action_changed,
        },
        is_deletion: change.action == "deleted",
        fields: fields.collect(),
    }
}

/// In the time of the machine the ERP runs on, as such programs show it.
pub fn local_time(at: Millis, language: Language) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    control::moment(at.to_zoned(TimeZone::system()).datetime(), false, language)
}
