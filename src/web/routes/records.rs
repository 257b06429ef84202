//! CRM records, the ERP tab of each, and the fields that admins add to them.

use actix_web::web::post;

use super::{ADMIN, EDITOR, ERP, OVERSIGHT, Route, SIGNED_IN, act, get, see};
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
    let records = [records!("/companies"), records!("/persons"), records!("/projects")];
    records.into_iter().flatten().chain(fields()).collect()
}

fn fields() -> [Route; 9] {
    [
        see("/crm-fields", OVERSIGHT, || get().to(s::crm_fields::index)),
        see("/crm-fields/new", ADMIN, || get().to(s::crm_fields::new)),
        act("/crm-fields", ADMIN, || post().to(s::crm_fields::create)),
        act("/crm-fields/order", ADMIN, || post().to(s::crm_fields::arrange)),
        see("/crm-fields/{id}/edit", ADMIN, || get().to(s::crm_fields::edit)),
        act("/crm-fields/{id}", ADMIN, || post().to(s::crm_fields::update)),
        see("/crm-fields/{id}/delete", ADMIN, || get().to(s::crm_field_deletions::new)),
        act("/crm-fields/{id}/delete", ADMIN, || post().to(s::crm_field_deletions::create)),
        act("/crm-fields/{id}/restore", ADMIN, || post().to(s::crm_field_restorations::create)),
    ]
}
