//! The Sync tab: connectors, connections, and the engine that runs them.

use actix_web::web::post;

use super::{OVERSIGHT, Route, SYNC, act, get, see};
use crate::web::screens as s;

pub(super) fn routes() -> Vec<Route> {
    vec![
        // The engine.
        see("/sync/engine", OVERSIGHT, || get().to(s::sync_engine::edit)),
        act("/sync/engine", SYNC, || post().to(s::sync_engine::update)),
        act("/sync/runs", SYNC, || post().to(s::sync_engine::create)),
        see("/sync/priority", OVERSIGHT, || get().to(s::sync_priority::edit)),
        act("/sync/priority", SYNC, || post().to(s::sync_priority::update)),
        see("/sync", OVERSIGHT, || get().to(s::sync::index)),
        // Connectors.
        see("/connectors/new", SYNC, || get().to(s::connectors::new)),
        act("/connectors", SYNC, || post().to(s::connectors::create)),
        see("/connectors/{id}", OVERSIGHT, || get().to(s::connectors::show)),
        see("/connectors/{id}/edit", SYNC, || get().to(s::connectors::edit)),
        act("/connectors/{id}", SYNC, || post().to(s::connectors::update)),
        see("/connectors/{id}/delete", SYNC, || get().to(s::connector_deletions::new)),
        act("/connectors/{id}/delete", SYNC, || post().to(s::connector_deletions::create)),
        act("/connectors/{id}/restorations", SYNC, || post().to(s::connector_restorations::create)),
        // Connections.
        see("/connections/{id}/syncs", OVERSIGHT, || get().to(s::connection_syncs::index)),
        act("/connections/{id}/syncs", SYNC, || post().to(s::connection_syncs::create)),
        see("/connections/{id}/records", OVERSIGHT, || get().to(s::connection_records::index)),
        see("/connections/{id}/scope", OVERSIGHT, || get().to(s::connection_scopes::edit)),
        act("/connections/{id}/scope", SYNC, || post().to(s::connection_scopes::update)),
        see("/connections/{id}/resyncs", OVERSIGHT, || get().to(s::resyncs::index)),
        see("/connections/{id}/resyncs/new", SYNC, || get().to(s::resyncs::new)),
        act("/connections/{id}/resyncs", SYNC, || post().to(s::resyncs::create)),
        see("/connections/{id}/resyncs/{resync}", OVERSIGHT, || get().to(s::resyncs::show)),
        act("/connections/{id}/resyncs/{resync}", SYNC, || post().to(s::resyncs::update)),
        act("/connections/{id}/resyncs/{resync}/stop", SYNC, || post().to(s::resync_stops::create)),
        see("/connections/new", SYNC, || get().to(s::connections::new)),
        act("/connections", SYNC, || post().to(s::connections::create)),
        see("/connections/{id}", OVERSIGHT, || get().to(s::connections::show)),
        see("/connections/{id}/edit", SYNC, || get().to(s::connections::edit)),
        act("/connections/{id}", SYNC, || post().to(s::connections::update)),
        see("/connections/{id}/checks", SYNC, || get().to(s::connection_checks::new)),
        act("/connections/{id}/checks", SYNC, || post().to(s::connection_checks::create)),
        see("/connections/{id}/activations", SYNC, || get().to(s::activations::new)),
        see("/connections/{id}/conformance-runs", OVERSIGHT, || {
            get().to(s::conformance_runs::index)
        }),
        act("/connections/{id}/conformance-runs", SYNC, || post().to(s::conformance_runs::create)),
        see("/connections/{id}/conformance-runs/{run}", OVERSIGHT, || {
            get().to(s::conformance_runs::show)
        }),
        act("/connections/{id}/conformance-runs/{run}/stop", SYNC, || {
            post().to(s::conformance_runs::update)
        }),
        act("/connections/{id}/activations", SYNC, || post().to(s::activations::create)),
        act("/connections/{id}/deactivations", SYNC, || post().to(s::deactivations::create)),
        see("/connections/{id}/delete", SYNC, || get().to(s::connection_deletions::new)),
        act("/connections/{id}/delete", SYNC, || post().to(s::connection_deletions::create)),
        act("/connections/{id}/restorations", SYNC, || {
            post().to(s::connection_restorations::create)
        }),
    ]
}
