//! A fresh database per test: SQLite in a temporary folder, or a database of its own on one PostgreSQL
//! server that the test run starts. `GLEICHLAUF_TEST_DB=postgres` chooses the latter for every test.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use gleichlauf::clock::Clock;
use gleichlauf::store::{Settings, Store};
use tempfile::TempDir;

/// 22 November 2026, noon UTC.
pub const NOON: i64 = 1_795_348_800_000;

/// A database of its own; gone when all clones are dropped.
#[derive(Clone)]
pub struct Database {
    pub settings: Settings,
    folder: Arc<TempDir>,
}

impl Database {
    pub fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = if is_postgres() {
            postgres_database()
        } else {
            folder.path().join("portal.db").display().to_string()
        };
        let settings = Settings {
            database,
            key_file: folder.path().join("key"),
            head_file: folder.path().join("history.head"),
        };
        Self { settings, folder: Arc::new(folder) }
    }

    /// The folder of its key and of the history's head.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub async fn open(&self, clock: &Clock) -> Store {
        Store::open(&self.settings, clock.clone()).await.unwrap()
    }

    /// Runs SQL as somebody who has the database itself in hand. Gives the tool's success.
    pub fn sql(&self, sql: &str) -> bool {
        self.tool(sql).status.success()
    }

    /// The rows of an answer, columns parted by `|`.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let done = self.tool(sql);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).lines().map(str::to_owned).collect()
    }

    fn tool(&self, sql: &str) -> Output {
        let mut command = if is_postgres() {
            let mut psql = Command::new("psql");
            psql.args(["-qAt", "-v", "ON_ERROR_STOP=1", &self.settings.database, "-c", sql]);
            psql
        } else {
            let mut sqlite = Command::new("sqlite3");
            // Foreign keys are a matter of each connection; the portal's own has them on.
            sqlite.args([
                "-bail",
                "-cmd",
                "PRAGMA foreign_keys = ON",
                "-cmd",
                ".timeout 5000",
                &self.settings.database,
                sql,
            ]);
            sqlite
        };
        command.output().unwrap()
    }
}

pub fn is_postgres() -> bool {
    std::env::var("GLEICHLAUF_TEST_DB").is_ok_and(|which| which == "postgres")
}

/// A store on a fresh database, with a clock that stands at [`NOON`].
pub async fn store() -> (Store, Clock, Database) {
    let database = Database::fresh();
    let clock = Clock::fixed(NOON);
    (database.open(&clock).await, clock, database)
}

fn postgres_database() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let server = postgres_server();
    let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let made = Command::new("psql")
        .args(["-q", &format!("{server}/postgres"), "-c", &format!("CREATE DATABASE {name}")])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    format!("{server}/{name}")
}

/// The address of a PostgreSQL server without a database name. `tests/all` starts one and names it here.
fn postgres_server() -> &'static str {
    static SERVER: OnceLock<String> = OnceLock::new();
    SERVER.get_or_init(|| {
        std::env::var("GLEICHLAUF_TEST_POSTGRES")
            .expect("GLEICHLAUF_TEST_POSTGRES names no server; run the tests through tests/all")
    })
}

impl Database {
    /// Every row of every table that people's work is kept in, to compare before and after. Left out are
    /// sessions, counters of attempts, sent forms, and the history with its head.
    pub fn content(&self) -> Vec<String> {
        const TABLES: [&str; 17] = [
            "app_user",
            "user_group",
            "group_member",
            "one_time_code",
            "setting",
            "licence",
            "crm_record",
            "crm_list_item",
            "sync_connector",
            "erp_connection",
            "connection_setting",
            "connection_access",
            "actor_mapping",
            "field_mapping",
            "item_mapping",
            "link",
            "job",
        ];
        let rows = |table: &&str| {
            let mut rows = self.ask(&format!("SELECT * FROM {table}"));
            rows.sort();
            rows.insert(0, (*table).to_owned());
            rows
        };
        TABLES.iter().flat_map(rows).collect()
    }
}
