//! What a connection synchronises.

use actix_web::web::post;

use super::{OVERSIGHT, Route, SYNC, act, get, see};
use crate::web::screens as s;

pub(super) fn routes() -> Vec<Route> {
    vec![
        see("/connections/{id}/field-refreshes", OVERSIGHT, || get().to(s::field_refreshes::show)),
        act("/connections/{id}/field-refreshes", SYNC, || post().to(s::field_refreshes::create)),
        see("/connections/{id}/mappings", OVERSIGHT, || get().to(s::mappings::edit)),
        act("/connections/{id}/mappings/{type}", SYNC, || post().to(s::mappings::update)),
        see("/connections/{id}/list-mappings", OVERSIGHT, || get().to(s::list_mappings::edit)),
        act("/connections/{id}/list-mappings/{field}", SYNC, || {
            post().to(s::list_mappings::update)
        }),
        see("/connections/{id}/defaults", OVERSIGHT, || get().to(s::defaults::index)),
        see("/connections/{id}/defaults/new", SYNC, || get().to(s::defaults::new)),
        act("/connections/{id}/defaults/{type}", SYNC, || post().to(s::defaults::update)),
        see("/connections/{id}/defaults/{type}/delete", SYNC, || get().to(s::defaults::show)),
        act("/connections/{id}/defaults/{type}/delete", SYNC, || post().to(s::defaults::delete)),
        see("/connections/{id}/defaults/{type}/{field}/edit", SYNC, || get().to(s::defaults::edit)),
        see("/connections/{id}/ranks", OVERSIGHT, || get().to(s::ranks::edit)),
        act("/connections/{id}/ranks/{type}", SYNC, || post().to(s::ranks::update)),
    ]
}
