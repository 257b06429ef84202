//! Page struct → answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, LOCATION};
use askama::Template;

use super::error::Answer;
use super::visit::Visit;
use crate::i18n::Message;

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

pub fn with_status(status: StatusCode, page: &impl Template) -> Answer {
    let html = page.render()?;
    Ok(HttpResponse::build(status).content_type(ContentType::html()).body(html))
}

/// Sends the browser on after a change, with a word about it on the next page.
pub fn redirect(visit: &Visit, to: &str, saying: impl Into<Message>) -> Answer {
    visit.set_flash(&saying.into());
    Ok(go(to))
}

/// Sends the browser on without a word.
pub fn go(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

/// The address if it is a path of ours: no other host, no scheme, nothing a browser could read as one. The
/// start page if not.
pub fn own_path(address: &str) -> &str {
    let is_own = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n', '\t', '\0'])
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
            "evil",
            "/sign-out",
        ] {
            assert_eq!(super::own_path(foreign), "/", "{foreign:?}");
        }
    }
}
