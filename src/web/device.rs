//! The cookie of a browser in which somebody signed in before, so that guessing by others does not keep its
//! owner out.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};

use super::error::Answer;

const COOKIE: &str = "__Host-gleichlauf-device";

/// The cookie as the browser sent it, if it did.
pub fn sent(request: &HttpRequest) -> Option<String> {
    request.cookie(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// The answer together with the cookie for next time.
pub fn remember(mut answer: HttpResponse, token: String) -> Answer {
    let cookie = Cookie::build(COOKIE, token)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::days(180))
        .finish();
    answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
    Ok(answer)
}
