//! The ERP's own page: what a user of that ERP would have in front of them. It listens on this machine
//! only and has no log-in; it is a toy beside the portal, and looks like one.

mod changes;
mod control;
mod error;
mod form;
mod guard;
mod home;
mod list;
mod record;
mod texts;
mod tool;
mod visit;

use std::path::Path;

use actix_files::Files;
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web::{Data, PayloadConfig, ServiceConfig, get, post, scope};
use actix_web::{HttpRequest, HttpResponse};

use super::Practice;
use error::{ErrorKind, WebError};

/// Style sheet and pictures, under an address that changes with their content.
const ASSETS: &str = concat!("/assets/", env!("ASSETS_VERSION"));

/// More than the largest form.
const MOST_BYTES: usize = 64 * 1024;

/// Puts the page into a server of its own; `assets` is the folder with its style sheet.
pub fn configure(config: &mut ServiceConfig, practice: &Practice, assets: &Path) {
    let forever =
        DefaultHeaders::new().add(("Cache-Control", "public, max-age=31536000, immutable"));
    let files = scope(ASSETS).wrap(forever).service(Files::new("/", assets));
    config.service(
        scope("")
            .app_data(Data::new(practice.clone()))
            .app_data(PayloadConfig::new(MOST_BYTES))
            .wrap(from_fn(guard::guard))
            .service(files)
            .route("/", get().to(home::show))
            .route("/language", post().to(home::choose_language))
            .route("/control/dump", get().to(tool::dump))
            .route("/control/set", post().to(tool::set))
            .route("/{client}/changes", get().to(changes::index))
            .route("/{client}/{area}", get().to(list::index))
            .route("/{client}/{area}", post().to(record::create))
            .route("/{client}/{area}/new", get().to(record::new))
            .route("/{client}/{area}/{key}", get().to(record::show))
            .route("/{client}/{area}/{key}", post().to(record::update))
            .route("/{client}/{area}/{key}/delete", post().to(record::delete))
            .default_service(actix_web::web::to(not_found)),
    );
}

async fn not_found(request: HttpRequest) -> Result<HttpResponse, WebError> {
    Err(WebError::new(visit::language(&request), ErrorKind::NotFound))
}
