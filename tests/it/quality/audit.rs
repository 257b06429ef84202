//! L1, L3: each change, sign-in, refusal and export leaves exactly the history rows it must, in the same
//! transaction, and nobody changes one afterwards.

use std::process::Command;

use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::store::history;
use gleichlauf::web::routes::TABLE;

use super::script::{Act, Each, Kind, send, walk};
use super::stage::{Stage, Who};
use crate::support::database::{Database, is_postgres, store};
use crate::support::portal::Page;
use crate::support::program::Installation;

/// For each act: without its history rows there is no change, without the change no rows, and together
/// exactly the rows that belong to it.
struct Audited {
    seq: i64,
}

impl Each for Audited {
    async fn act(&mut self, stage: &mut Stage, who: Who, act: &Act) -> Page {
        let before = without_intents(&stage.portal.database);
        let (_, seq) = stage.portal.database.actions_after(self.seq);
        if !act.rows.is_empty() {
            stage.portal.database.lock_tables(&["history"]);
            let page = send(stage.browser(who), act, "").await;
            stage.portal.database.unlock_tables(&["history"]);
            forget_intents(&stage.portal.database);
            assert!(page.status >= 500, "{}: {} without history", act.route, page.status);
            let after = without_intents(&stage.portal.database);
            assert_eq!(after, before, "{}: a change without its history row", act.route);
        }
        if act.kind == Kind::Change {
            let tables = stage.portal.database.tables();
            stage.portal.database.lock_tables(&tables);
            let page = send(stage.browser(who), act, "").await;
            stage.portal.database.unlock_tables(&tables);
            let (rows, _) = stage.portal.database.actions_after(seq);
            assert!(rows.is_empty(), "{}: {rows:?} without a change", act.route);
            assert!(page.status >= 500, "{}: {}", act.route, page.status);
        }
        let page = send(stage.browser(who), act, "").await;
        let (rows, seq) = stage.portal.database.actions_after(seq);
        assert_eq!(rows, act.rows, "{}", act.route);
        self.seq = seq;
        page
    }
}

/// What was begun and not ended would be found out about later, and stand in the way until then.
fn forget_intents(database: &Database) {
    assert!(database.sql("DELETE FROM erp_write WHERE state = 'prepared'"));
}

/// All content but the intents of writes to an ERP: they come before the write and go with its end, which is
/// what the history has.
fn without_intents(database: &Database) -> Vec<String> {
    let mut rows = database.content();
    rows.retain(|row| !row.starts_with("erp_write|"));
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_and_its_history_rows_come_together_or_not_at_all() {
    let mut stage = Stage::set().await;
    walk(&mut stage, &mut Audited { seq: 0 }).await;
    let (rows, findings) = history::verify(stage.store(), &[]).await.unwrap();
    assert!(rows > 50 && findings.is_empty(), "{rows}: {findings:?}");
    everybody_is_named(&stage.portal.database);
}

/// Who, when, from where.
fn everybody_is_named(database: &Database) {
    let nameless = "SELECT seq, action FROM history WHERE at = 0 OR (actor_kind = 'user' \
                    AND (actor_id IS NULL OR actor_name = '' OR actor_role = ''))";
    assert_eq!(database.ask(nameless), [""; 0]);
    let placeless = "SELECT DISTINCT action FROM history WHERE actor_kind = 'user' AND address = '' \
                     AND actor_name <> 'ada'";
    assert_eq!(database.ask(placeless), [""; 0]);
}

/// The proof of sight: a change that forgets its row, and a row that stands without its change, are seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_without_a_row_would_be_seen() {
    let (store, _, database) = store().await;
    let before = database.content();
    database.lock_tables(&["history"]);
    assert!(database.sql("INSERT INTO setting (name, value) VALUES ('planted', '1')"));
    assert_ne!(database.content(), before);
    let mut tx = store.begin().await.unwrap();
    let event = Event::new(Action::SignedIn, Subject::only("portal"));
    assert!(tx.record(&Actor::system(), &event).await.is_err(), "the lock holds nobody back");
    drop(tx);
    database.unlock_tables(&["history"]);
    database.lock_tables(&database.tables());
    assert!(!database.sql("INSERT INTO setting (name, value) VALUES ('planted too', '1')"));
    let mut tx = store.begin().await.unwrap();
    tx.record(&Actor::system(), &event).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(database.actions_after(0).0, ["signed-in"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_refusals_and_exports_leave_one_row_each() {
    let mut stage = Stage::set().await;
    let (_, mut seq) = stage.portal.database.actions_after(0);
    let mut left = |stage: &Stage| {
        let (rows, last) = stage.portal.database.actions_after(seq);
        seq = last;
        rows
    };
    let guest = stage.new_guest();
    guest.get("/sign-in").await;
    guest.post("/sign-in", &[("login", "carl"), ("password", "not the one")]).await;
    assert_eq!(left(&stage), ["sign-in-failed"]);
    stage.browser(Who::Guest).post_raw("/sign-in", &[("login", "carl")]).await;
    assert_eq!(left(&stage), ["refused"], "a form without its token");
    let (free, north, south) = (stage.free, stage.north, stage.south);
    let out_of_reach = format!("/companies/{free}/erp/{south}/search?type=Customer");
    for (who, address, status) in [
        (Who::Ida, "/users", 403),
        (Who::Ida, "/history.csv", 403),
        (Who::Eva, "/companies/new", 403),
        (Who::Eva, &format!("/companies/{free}/erp"), 403),
        // There, but not for her to know.
        (Who::Ida, &out_of_reach, 404),
    ] {
        assert_eq!(stage.browser(who).get(address).await.status, status, "{address}");
        assert_eq!(left(&stage), ["refused"], "{address}");
    }
    // Nothing there at all is no refusal.
    let nothing = format!("/companies/{free}/erp/1/search?type=Customer");
    assert_eq!(stage.browser(Who::Ida).get(&nothing).await.status, 404);
    assert_eq!(left(&stage), [""; 0]);
    // Refused by the handler: in scope, but without this right.
    let narrow = format!(
        "UPDATE connection_access SET may_create = false, may_connect = false WHERE user_id = {}",
        stage.ida
    );
    assert!(stage.portal.database.sql(&narrow));
    for end in ["actors", "links"] {
        let path = format!("/companies/{free}/erp/{north}/{end}");
        let fields = [("type", "Customer"), ("key", "C2")];
        assert_eq!(stage.browser(Who::Ida).post(&path, &fields).await.status, 403, "{end}");
        assert_eq!(left(&stage), ["refused"], "{end}");
    }
    for export in ["/history.csv", "/history.jsonl?action=refused"] {
        assert_eq!(stage.browser(Who::Eva).get(export).await.status, 200);
        assert_eq!(left(&stage), ["exported"]);
    }
    let who =
        "SELECT actor_kind, actor_name, address FROM history WHERE action = 'refused' ORDER BY seq";
    let who = stage.portal.database.ask(who);
    assert_eq!(who[0], "visitor||127.0.0.1");
    assert_eq!(who[1], "user|ida Łoś|127.0.0.1");
}

/// Over HTTP there is no address that changes the history at all.
#[test]
fn no_address_changes_the_history() {
    let changing = TABLE.iter().filter(|route| route.method != "GET");
    let mut history = changing.filter(|route| route.path.starts_with("/history"));
    assert!(history.next().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_changes_or_deletes_a_row() {
    let (store, _, database) = store().await;
    for _ in 0..3 {
        let mut tx = store.begin().await.unwrap();
        let event = Event::new(Action::SignedIn, Subject::only("portal"));
        tx.record(&Actor::system(), &event).await.unwrap();
        tx.commit().await.unwrap();
    }
    let before = database.ask("SELECT * FROM history ORDER BY seq");
    let columns = "seq, at, actor_kind, actor_id, actor_name, actor_role, address, connection_id, \
                   connection_name, action, subject_kind, subject_id, subject_name, before_values, \
                   after_values, previous_hash, hash";
    let forged = columns.replace("actor_name", "'forged'");
    let mut statements = vec![
        "UPDATE history SET actor_name = 'x'".to_owned(),
        "UPDATE history SET seq = seq + 10 WHERE seq = 3".to_owned(),
        "DELETE FROM history".to_owned(),
        "DELETE FROM history WHERE seq = 3".to_owned(),
        format!(
            "INSERT INTO history ({columns}) SELECT {forged} FROM history WHERE seq = 2 \
             ON CONFLICT (seq) DO UPDATE SET actor_name = excluded.actor_name"
        ),
    ];
    match is_postgres() {
        true => statements.push("TRUNCATE history".to_owned()),
        false => {
            let replaced =
                format!("history ({columns}) SELECT {forged} FROM history WHERE seq = 2");
            statements.push(format!("REPLACE INTO {replaced}"));
            statements.push(format!("INSERT OR REPLACE INTO {replaced}"));
            statements.push("UPDATE OR REPLACE history SET seq = 2 WHERE seq = 3".to_owned());
        }
    }
    for statement in statements {
        assert!(!database.sql(&statement), "{statement}");
        assert_eq!(database.ask("SELECT * FROM history ORDER BY seq"), before, "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn checking_the_history_from_the_command_line_writes_nothing() {
    let installation = Installation::new(&[]).await;
    let database = &installation.records.database;
    let count = "SELECT (SELECT COUNT(*) FROM engine_process), (SELECT COUNT(*) FROM setting), \
                 (SELECT COUNT(*) FROM history)";
    let before = database.ask(count);
    let checked = Command::new(env!("CARGO_BIN_EXE_gleichlauf"))
        .args(["audit", "verify", "--config"])
        .arg(database.folder().join("gleichlauf.toml"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && said.contains("0 findings"), "{said}");
    assert_eq!(database.ask(count), before);
}
