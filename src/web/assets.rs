//! Style sheets, scripts and pictures, under an address that changes with their content.

use std::path::Path;

use actix_files::Files;
use actix_web::middleware::DefaultHeaders;
use actix_web::web::scope;
use actix_web::{Scope, dev::HttpServiceFactory};

/// `/static/‹hash of all files›`, made by the build script.
pub const PREFIX: &str = concat!("/static/", env!("ASSETS_VERSION"));

pub fn service(folder: &Path) -> impl HttpServiceFactory + use<> {
    let forever =
        DefaultHeaders::new().add(("Cache-Control", "public, max-age=31536000, immutable"));
    let files: Scope<_> =
        scope(PREFIX).wrap(forever).service(Files::new("/", folder).disable_content_disposition());
    files
}
