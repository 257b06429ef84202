//! What happened.

use super::{OVERSIGHT, Route, get, see};
use crate::web::screens as s;

pub(super) fn routes() -> Vec<Route> {
    vec![
        see("/history", OVERSIGHT, || get().to(s::history::index)),
        see("/history.csv", OVERSIGHT, || get().to(s::history_exports::show)),
        see("/history.jsonl", OVERSIGHT, || get().to(s::history_exports::show)),
        see("/history/{seq}", OVERSIGHT, || get().to(s::history::show)),
        see("/sync-log", OVERSIGHT, || get().to(s::sync_log::index)),
    ]
}
