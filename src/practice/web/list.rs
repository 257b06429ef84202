//! One kind of actor of one client: search, and page by page.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;
use validator::Validate;

use super::changes::local_time;
use super::control;
use super::error::{Answer, ErrorKind, WebError};
use super::form::page;
use super::texts::Language;
use super::visit::{Area, InArea, Visit};
use crate::connector::types::{ActorRef, ActorType};
use crate::practice::data::Row;
use crate::practice::data::rows::Window;
use crate::practice::{Practice, model, search};

const PER_PAGE: i64 = 25;
const MOST_PAGES: i64 = 100_000;

/// What the address asks for.
#[derive(Debug, Default, Deserialize, Validate)]
#[serde(default)]
struct ListQuery {
    #[validate(length(max = 200))]
    q: String,
    #[validate(range(min = 1, max = MOST_PAGES))]
    page: Option<i64>,
    /// What was just done.
    #[validate(length(max = 20))]
    done: String,
}

#[derive(Template)]
#[template(path = "practice/list.html")]
struct ListPage {
    visit: Visit,
    area: Area,
    query: String,
    is_deleted: bool,
    columns: Vec<&'static str>,
    rows: Vec<RowView>,
    page: i64,
    total: i64,
}

struct RowView {
    key: String,
    name: String,
    /// One for each of the page's columns.
    cells: Vec<String>,
    parent: Option<ActorRef>,
    modified: i64,
    changed_at: String,
}

impl ListPage {
    fn first(&self) -> i64 {
        (self.page - 1) * PER_PAGE + 1
    }

    fn last(&self) -> i64 {
        (self.page * PER_PAGE).min(self.total)
    }

    fn has_previous(&self) -> bool {
        self.page > 1
    }

    fn has_next(&self) -> bool {
        self.last() < self.total
    }

    /// Persons are added where they belong to.
    fn can_add(&self) -> bool {
        model::parents(self.area.0).is_empty()
    }

    /// The address of the page so many pages on.
    fn address(&self, pages_on: i64) -> String {
        let page = (self.page + pages_on).to_string();
        let pairs = [("q", self.query.as_str()), ("page", page.as_str())];
        let query = serde_html_form::to_string(pairs).unwrap_or_default();
        format!("/{}/{}?{query}", self.visit.code(), self.area.path())
    }
}

pub async fn index(place: InArea, request: HttpRequest, practice: Data<Practice>) -> Answer {
    let InArea { visit, shelf } = place;
    let language = visit.language;
    let query = serde_html_form::from_str::<ListQuery>(request.query_string())
        .ok()
        .filter(|query| query.validate().is_ok())
        .ok_or_else(|| visit.error(ErrorKind::Unreadable))?;
    let page_number = query.page.unwrap_or(1);
    let words = search::free_words(&query.q);
    let broken = |error| WebError::of(language, error);
    let total = practice.count_rows(shelf, &words).await.map_err(broken)?;
    let window = Window { limit: PER_PAGE, offset: (page_number - 1) * PER_PAGE };
    let rows = practice.search_rows(shelf, &words, None, window).await.map_err(broken)?;
    let columns = columns(shelf.kind);
    let shown = ListPage {
        area: Area(shelf.kind),
        query: query.q.trim().to_owned(),
        is_deleted: query.done == "deleted",
        columns: columns.iter().map(|key| caption(shelf.kind, key, language)).collect(),
        rows: rows.iter().map(|row| row_view(row, columns, language)).collect(),
        page: page_number,
        total,
        visit,
    };
    page(StatusCode::OK, &shown, || WebError::new(language, ErrorKind::Broken))
}

/// Which fields a list shows beside the name.
fn columns(kind: ActorType) -> &'static [&'static str] {
    match kind {
        ActorType::Person => &["TITLE", "EMAIL", "PHONE_DIRECT"],
        ActorType::Project => &["STATUS", "ENDDATE", "BUDGET"],
        _ => &["STREETCITY", "COUNTRY", "PHONE"],
    }
}

fn caption(kind: ActorType, key: &str, language: Language) -> &'static str {
    model::field(kind, key).map_or("", |field| language.word(&field.name))
}

fn row_view(row: &Row, columns: &[&str], language: Language) -> RowView {
    let cell = |key: &&str| {
        let field = model::field(row.kind, key)?;
        let raw = row.values.get(*key).filter(|raw| !raw.is_empty())?;
        Some(control::to_words(field, raw, language))
    };
    RowView {
        key: row.key.clone(),
        name: search::name(row.kind, &row.values),
        cells: columns.iter().map(|key| cell(key).unwrap_or_default()).collect(),
        parent: row.parent.clone(),
        modified: row.modified,
        changed_at: local_time(row.changed_at, language),
    }
}
