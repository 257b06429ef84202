//! CRM records, and the ERP tab of each.

use actix_web::web::post;

use super::{EDITOR, ERP, Route, SIGNED_IN, act, get, see};
use crate::web::screens as s;

/// The addresses of one kind of record; the same for companies, persons and projects.
macro_rules! records {
    ($kind:literal) => {
        [
            see($kind, SIGNED_IN, || get().to(s::records::index)),
            see(concat!($kind, "/new"), EDITOR, || get().to(s::records::new)),
            act($kind, EDITOR, || post().to(s::records::create)),
            see(concat!($kind, "/{id}"), SIGNED_IN, || get().to(s::records::show)),
            see(concat!($kind, "/{id}/edit"), EDITOR, || get().to(s::records::edit)),
            act(concat!($kind, "/{id}"), EDITOR, || post().to(s::records::update)),
            see(concat!($kind, "/{id}/erp"), ERP, || get().to(s::erp_tab::show)),
            see(concat!($kind, "/{id}/erp/{connection}/search"), ERP, || {
                get().to(s::erp_search::index)
            }),
            see(concat!($kind, "/{id}/erp/{connection}/links/new"), ERP, || {
                get().to(s::links::new)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/links"), ERP, || {
                post().to(s::links::create)
            }),
            see(concat!($kind, "/{id}/erp/{connection}/disconnect"), ERP, || {
                get().to(s::links::edit)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/disconnect"), ERP, || {
                post().to(s::links::delete)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/syncs"), ERP, || {
                post().to(s::record_syncs::create)
            }),
            see(concat!($kind, "/{id}/erp/{connection}/actors/new"), ERP, || {
                get().to(s::erp_actors::new)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/actors"), ERP, || {
                post().to(s::erp_actors::create)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/lookups"), ERP, || {
                post().to(s::erp_actors::update)
            }),
            see(concat!($kind, "/{id}/erp/{connection}/drops"), ERP, || {
                get().to(s::erp_actors::edit)
            }),
            act(concat!($kind, "/{id}/erp/{connection}/drops"), ERP, || {
                post().to(s::erp_actors::delete)
            }),
        ]
    };
}

pub(super) fn routes() -> Vec<Route> {
    [records!("/companies"), records!("/persons"), records!("/projects")]
        .into_iter()
        .flatten()
        .collect()
}
