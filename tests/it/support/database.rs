//! A fresh database per test: SQLite in a temporary folder, or a database of its own on one PostgreSQL
//! server that the test run starts. `GLEICHLAUF_TEST_DB=postgres` chooses the latter for every test.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use gleichlauf::clock::Clock;
use gleichlauf::store::{Settings, Store};
use tempfile::TempDir;

use super::psql::Psql;

/// 22 November 2026, noon UTC.
pub const NOON: i64 = 1_795_348_800_000;

/// A database of its own; gone when all clones are dropped.
#[derive(Clone)]
pub struct Database {
    pub settings: Settings,
    folder: Arc<TempDir>,
    psql: Arc<Mutex<Option<Psql>>>,
}

impl Database {
    pub fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = if is_postgres() {
            postgres_database(&format!("TEMPLATE {}", postgres_template()))
        } else {
            let file = folder.path().join("portal.db");
            std::fs::write(&file, sqlite_template()).unwrap();
            file.display().to_string()
        };
        Self::in_folder(folder, database)
    }

    /// Without tables; opening it makes them.
    fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = match is_postgres() {
            true => postgres_database(""),
            false => folder.path().join("portal.db").display().to_string(),
        };
        Self::in_folder(folder, database)
    }

    fn in_folder(folder: TempDir, database: String) -> Self {
        let settings = Settings {
            database,
            key_file: folder.path().join("key"),
            head_file: folder.path().join("history.head"),
        };
        Self { settings, folder: Arc::new(folder), psql: Arc::default() }
    }

    /// Makes the tables once, for others to be copied from: nothing is in them, not even what tells a key.
    fn with_tables() -> Self {
        let database = Self::bare();
        let settings = database.settings.clone();
        // A runtime of its own, which ends with all its connections.
        let making = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let opened = runtime.unwrap().block_on(Store::open(&settings, Clock::fixed(NOON)));
            opened.map(drop).unwrap();
        });
        making.join().unwrap();
        assert!(database.sql("DELETE FROM setting WHERE name = 'key-check'"));
        database
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
        self.tool(sql).is_ok()
    }

    /// The rows of an answer, columns parted by `|`.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let answer = self.tool(sql).unwrap_or_else(|said| panic!("{said}"));
        answer.lines().map(str::to_owned).collect()
    }

    /// What a command-line tool answers, or what it complains of.
    fn tool(&self, sql: &str) -> Result<String, String> {
        if is_postgres() {
            let mut psql = self.psql.lock().unwrap();
            let answer = psql.get_or_insert_with(|| Psql::open(&self.settings.database)).ask(sql);
            if answer.is_err() {
                *psql = None;
            }
            return answer;
        }
        // Foreign keys are a matter of each connection; the portal's own has them on.
        let always = ["-bail", "-cmd", "PRAGMA foreign_keys = ON", "-cmd", ".timeout 5000"];
        let mut sqlite = Command::new("sqlite3");
        let done = sqlite.args(always).args([&self.settings.database, sql]).output().unwrap();
        match done.status.success() {
            true => Ok(String::from_utf8_lossy(&done.stdout).into_owned()),
            false => Err(String::from_utf8_lossy(&done.stderr).into_owned()),
        }
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

fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let database = Database::with_tables();
        let copy = database.folder().join("copy.db");
        assert!(database.sql(&format!("VACUUM INTO '{}'", copy.display())));
        std::fs::read(copy).unwrap()
    })
}

/// The name of the database that others are copied from.
fn postgres_template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let database = Database::with_tables().settings.database;
        database.rsplit('/').next().unwrap().to_owned()
    })
}

fn postgres_database(like: &str) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let server = postgres_server();
    let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    // One of the template's connections may still be about to end.
    for _ in 0..100 {
        let made = Command::new("psql")
            .args(["-q", &format!("{server}/postgres"), "-c"])
            .arg(format!("CREATE DATABASE {name} {like}"))
            .output()
            .unwrap();
        if made.status.success() {
            return format!("{server}/{name}");
        }
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(said.contains("being accessed by other users"), "{said}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the template is never free");
}

/// The address of a PostgreSQL server without a database name. `tests/all` starts one and names it here.
fn postgres_server() -> &'static str {
    static SERVER: OnceLock<String> = OnceLock::new();
    SERVER.get_or_init(|| {
        std::env::var("GLEICHLAUF_TEST_POSTGRES")
            .expect("GLEICHLAUF_TEST_POSTGRES names no server; run the tests through tests/all")
    })
}

/// What is no work of people: sessions, counters of attempts, sent forms, pulses of processes, the migrations,
/// and the history with its head.
const ASIDE: [&str; 7] = [
    "session",
    "sign_in_try",
    "sent_form",
    "engine_process",
    "_sqlx_migrations",
    "history",
    "history_head",
];

impl Database {
    /// The tables that people's work is kept in.
    pub fn tables(&self) -> Vec<String> {
        let all = match is_postgres() {
            true => "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
            false => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
        };
        let mut tables = self.ask(all);
        tables.retain(|table| !ASIDE.contains(&table.as_str()) && !table.starts_with("sqlite_"));
        tables
    }

    /// Every row of those tables, to compare before and after.
    pub fn content(&self) -> Vec<String> {
        let query = |table: &String| match is_postgres() {
            true => format!("SELECT '{table}', t.* FROM {table} t ORDER BY t::text"),
            false => format!("SELECT '{table}', * FROM {table} ORDER BY 1, 2, 3"),
        };
        let queries: Vec<String> = self.tables().iter().map(query).collect();
        self.ask(&queries.join(";\n"))
    }

    /// From now on no row of these tables can be written.
    pub fn lock_tables<T: AsRef<str>>(&self, tables: &[T]) {
        let lock = |table: &T| self.locks(table.as_ref());
        let refuse = match is_postgres() {
            true => {
                "CREATE OR REPLACE FUNCTION locked() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'locked by a test'; END $$;"
            }
            false => "",
        };
        let sql: String = tables.iter().map(lock).collect();
        assert!(self.sql(&format!("{refuse}{sql}")));
    }

    fn locks(&self, table: &str) -> String {
        if is_postgres() {
            return format!(
                "CREATE TRIGGER locked BEFORE INSERT OR UPDATE OR DELETE ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION locked();"
            );
        }
        let lock = |event: &str| {
            format!(
                "CREATE TRIGGER locked_{event}_{table} BEFORE {event} ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'locked by a test'); END;"
            )
        };
        ["INSERT", "UPDATE", "DELETE"].map(lock).concat()
    }

    /// They can be written again.
    pub fn unlock_tables<T: AsRef<str>>(&self, tables: &[T]) {
        let unlock = |table: &T| {
            let table = table.as_ref();
            if is_postgres() {
                return format!("DROP TRIGGER locked ON {table};");
            }
            ["INSERT", "UPDATE", "DELETE"]
                .map(|event| format!("DROP TRIGGER locked_{event}_{table};"))
                .concat()
        };
        assert!(self.sql(&tables.iter().map(unlock).collect::<String>()));
    }

    /// The actions of all history rows after this one, oldest first, and the newest row's number.
    pub fn actions_after(&self, seq: i64) -> (Vec<String>, i64) {
        let rows =
            self.ask(&format!("SELECT seq, action FROM history WHERE seq > {seq} ORDER BY seq"));
        let last = rows.last().map_or(seq, |row| row.split('|').next().unwrap().parse().unwrap());
        (rows.iter().map(|row| row.split('|').nth(1).unwrap().to_owned()).collect(), last)
    }
}
