//! Page struct → answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, LOCATION};
use askama::Template;

use super::error::Answer;
use super::form::Problems;
use super::visit::Visit;
use crate::i18n::Message;
use crate::store::page::Page;

/// The page, 200.
pub fn show(page: &impl Template) -> Answer {
    with_status(StatusCode::OK, page)
}

/// The page once more, with its problems and everything typed: 422.
pub fn show_again(page: &impl Template) -> Answer {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// The page with both versions of what two people changed: 409.
pub fn show_conflict(page: &impl Template) -> Answer {
    with_status(StatusCode::CONFLICT, page)
}

/// The page with both versions, or once more where the form has problems of its own.
pub fn show_overtaken(page: &impl Template, problems: &Problems) -> Answer {
    if problems.is_empty() { show_conflict(page) } else { show_again(page) }
}

pub fn with_status(status: StatusCode, page: &impl Template) -> Answer {
    let html = page.render()?;
    Ok(HttpResponse::build(status).content_type(ContentType::html()).body(html))
}

/// Sends the browser on after a change, with a word about it on the next page.
pub fn redirect(visit: &Visit, to: &str, saying: impl Into<Message>) -> Answer {
    visit.set_flash(&saying.into());
    Ok(go(to))
}

/// The same with a button that takes the change back: the form of this address. None where nothing changed.
pub fn redirect_undoable(
    visit: &Visit,
    to: &str,
    saying: impl Into<Message>,
    undo: Option<String>,
) -> Answer {
    visit.set_undoable(&saying.into(), &undo.unwrap_or_default());
    Ok(go(to))
}

/// Sends the browser on, with a word about what could not be done.
pub fn redirect_warning(visit: &Visit, to: &str, saying: impl Into<Message>) -> Answer {
    visit.set_warning(&saying.into());
    Ok(go(to))
}

/// Sends the browser on without a word.
pub fn go(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

/// Where the pages before and after one lie; blank when there are none.
pub struct Neighbours {
    pub previous: String,
    pub next: String,
}

/// `address` gives the address of the page `before` or `after` an item.
pub fn neighbours<T>(
    page: &Page<T>,
    id: impl Fn(&T) -> i64,
    address: impl Fn(&str, i64) -> String,
) -> Neighbours {
    let first = page.items.first().filter(|_| page.has_previous);
    let last = page.items.last().filter(|_| page.has_next);
    Neighbours {
        previous: first.map(|item| address("before", id(item))).unwrap_or_default(),
        next: last.map(|item| address("after", id(item))).unwrap_or_default(),
    }
}

/// The address of a list with these parameters; blank ones are left out.
pub fn listing(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The address if it is a path of ours: no other host, no scheme, nothing a browser could read as one. The
/// start page if not.
pub fn own_path(address: &str) -> &str {
    let is_own = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && !address.contains(char::is_control)
        && !address.starts_with("/sign-");
    if is_own { address } else { "/" }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_paths_of_ours_are_followed() {
        assert_eq!(super::own_path("/companies/7/erp?x=1"), "/companies/7/erp?x=1");
        for foreign in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil",
            "/\u{1}",
            "/\u{7f}",
            "evil",
            "/sign-out",
        ] {
            assert_eq!(super::own_path(foreign), "/", "{foreign:?}");
        }
    }
}
