//! The first page: the clients and what they hold. And the language switch.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use super::changes::{ChangeView, view};
use super::error::{Answer, ErrorKind, WebError};
use super::form::{Form, LanguageForm, page, redirect};
use super::guard::language_cookie;
use super::texts::Language;
use super::visit::{Area, Visit};
use crate::practice::Practice;
use crate::practice::data::rows::Shelf;

const RECENT: i64 = 5;

#[derive(Template)]
#[template(path = "practice/home.html")]
struct HomePage {
    visit: Visit,
    clients: Vec<ClientView>,
}

struct ClientView {
    code: &'static str,
    name: &'static str,
    areas: Vec<(Area, i64)>,
    changes: Vec<ChangeView>,
}

pub async fn show(visit: Visit, practice: Data<Practice>) -> Answer {
    let broken = |error| WebError::of(visit.language, error);
    let mut clients = Vec::new();
    for client in visit.clients() {
        let mut areas = Vec::new();
        for area in Area::all() {
            let shelf = Shelf { client: client.key, kind: area.0 };
            areas.push((area, practice.count_rows(shelf, &[]).await.map_err(broken)?));
        }
        let changes = practice.list_changes(client.key, None, RECENT).await.map_err(broken)?;
        clients.push(ClientView {
            code: client.key,
            name: visit.language.word(&client.text),
            areas,
            changes: changes.iter().map(|change| view(change, visit.language)).collect(),
        });
    }
    let failed = || WebError::new(visit.language, ErrorKind::Broken);
    page(StatusCode::OK, &HomePage { visit: visit.clone(), clients }, failed)
}

pub async fn choose_language(visit: Visit, form: Form<LanguageForm>) -> Answer {
    let Form(form) = form;
    let language =
        Language::parse(&form.language).ok_or_else(|| visit.error(ErrorKind::Unreadable))?;
    let mut answer: HttpResponse = redirect(&own_path(&form.back));
    answer.add_cookie(&language_cookie(language.code())).map_err(|why| {
        tracing::error!(error = %why, "the language cannot be kept");
        visit.error(ErrorKind::Broken)
    })?;
    Ok(answer)
}

/// Only ever leads to a page of ours.
fn own_path(back: &str) -> String {
    let is_own = back.starts_with('/')
        && !back.starts_with("//")
        && back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if is_own { back.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn the_way_back_never_leaves_the_erp() {
        assert_eq!(own_path("/01/customers?q=%C3%98"), "/01/customers?q=%C3%98");
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nb", ""]
        {
            assert_eq!(own_path(foreign), "/", "{foreign:?}");
        }
    }
}
