//! The store itself, below HTTP.

mod candidates;
mod codes;
mod connections;
mod connectors;
mod crm;
mod crm_fields;
mod history;
mod history_head;
mod history_log;
mod history_prune;
mod licence;
mod mappings;
mod resyncs;
mod sent_forms;
mod sessions;
mod sign_in;
mod standings;
mod users;
mod versions;

use gleichlauf::history::Actor;

use crate::support::database::Database;

/// Somebody who does things.
fn anna() -> Actor {
    Actor::user(7, "Anna Berg", "admin", "192.0.2.1")
}

/// Does something in a transaction of its own and commits it.
macro_rules! commit {
    ($store:expr, $tx:ident => $work:expr) => {{
        let mut $tx = $store.begin().await.unwrap();
        let done = $work.await.unwrap();
        $tx.commit().await.unwrap();
        done
    }};
}
use commit;

/// Before and after of the newest row of the history.
fn newest(database: &Database) -> (String, String) {
    let rows =
        database.ask("SELECT before_values, after_values FROM history ORDER BY seq DESC LIMIT 1");
    let (before, after) = rows[0].split_once('|').unwrap();
    (before.to_owned(), after.to_owned())
}

fn history_rows(database: &Database) -> i64 {
    database.ask("SELECT COUNT(*) FROM history")[0].parse().unwrap()
}
