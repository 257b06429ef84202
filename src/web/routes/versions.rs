//! Versions of the configuration, and the configuration as a file.

use actix_web::web::post;

use super::{OVERSIGHT, Route, SYNC, act, get, see};
use crate::web::screens as s;

/// The addresses of one thing that has versions.
macro_rules! versions {
    ($of:literal) => {
        [
            see(concat!($of, "/versions"), OVERSIGHT, || get().to(s::versions::index)),
            see(concat!($of, "/versions/compare"), OVERSIGHT, || {
                get().to(s::version_comparisons::show)
            }),
            see(concat!($of, "/versions/{number}"), OVERSIGHT, || get().to(s::versions::show)),
            see(concat!($of, "/versions/{number}/restorations"), SYNC, || {
                get().to(s::version_restorations::new)
            }),
            act(concat!($of, "/versions/{number}/restorations"), SYNC, || {
                post().to(s::version_restorations::create)
            }),
            act(concat!($of, "/versions/{number}/undo"), SYNC, || {
                post().to(s::version_undos::create)
            }),
        ]
    };
}

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        // Before `/connections/{id}`, which they look like.
        see("/connections/imports", SYNC, || get().to(s::configuration_imports::new)),
        act("/connections/imports", SYNC, || post().to(s::configuration_imports::create)),
        see("/connections/{id}/imports", SYNC, || get().to(s::configuration_imports::new)),
        act("/connections/{id}/imports", SYNC, || post().to(s::configuration_imports::create)),
        see("/connections/{id}/configuration.json", OVERSIGHT, || {
            get().to(s::configuration_exports::show)
        }),
    ];
    routes.extend(versions!("/connectors/{id}"));
    routes.extend(versions!("/connections/{id}"));
    routes.extend(versions!("/sync/priority"));
    routes
}
