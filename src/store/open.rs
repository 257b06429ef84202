//! Opening the database: migrations, the key, and what keeps the history append-only.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, SqlSafeStr as _};

use super::cipher::{Cipher, KeyError};
use super::error::StoreError;
use super::history_head::HeadFile;
use super::row::args;
use super::{Inner, Pool, Read, Store};
use crate::clock::Clock;

const MIGRATIONS: &[(i64, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(5);

/// Where the database, its key and the history's head are.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `postgres://…`, or the path of an SQLite file.
    pub database: String,
    pub key_file: PathBuf,
    pub head_file: PathBuf,
}

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the key file {0} is not the one this database was written with")]
    WrongKey(String),
    #[error("the database cannot be brought to this version: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}: {1}")]
    File(String, std::io::Error),
}

impl Store {
    /// Opens the database, making or upgrading it where needed. Nothing is written with a wrong key.
    pub async fn open(settings: &Settings, clock: Clock) -> Result<Self, OpenError> {
        let is_postgres = settings.database.starts_with("postgres://")
            || settings.database.starts_with("postgresql://");
        let pool = if is_postgres {
            open_postgres(&settings.database).await?
        } else {
            open_sqlite(Path::new(&settings.database)).await?
        };
        // A throw-away store finds out whether sealed values exist before the key is looked at.
        let has_sealed = stored_check(&pool).await?.is_some();
        let cipher = Cipher::from_file(&settings.key_file, !has_sealed)?;
        let signing = SigningKey::from_bytes(&cipher.derive("history head"));
        let head = HeadFile::new(settings.head_file.clone(), signing);
        let store = Self(Arc::new(Inner { pool, clock, cipher, head }));
        store.check_key(&settings.key_file).await?;
        store.begin_head().await?;
        Ok(store)
    }

    /// The first start seals a known value; every later one must be able to open it.
    async fn check_key(&self, key_file: &Path) -> Result<(), OpenError> {
        match stored_check(&self.0.pool).await? {
            Some(sealed) => {
                let opens = STANDARD
                    .decode(sealed)
                    .is_ok_and(|sealed| self.cipher().open("key check", &sealed).is_ok());
                if opens {
                    Ok(())
                } else {
                    Err(OpenError::WrongKey(key_file.display().to_string()))
                }
            }
            None => {
                let sealed = STANDARD.encode(self.cipher().seal("key check", "gleichlauf")?);
                self.execute(
                    "INSERT INTO setting (name, value) VALUES ('key-check', $1) ON CONFLICT (name) DO NOTHING",
                    args![sealed],
                )
                .await?;
                Ok(())
            }
        }
    }

    /// Whether the database answers.
    pub async fn is_answering(&self) -> bool {
        let mut reader = self;
        reader.rows("SELECT seq FROM history_head", args![]).await.is_ok()
    }
}

async fn stored_check(pool: &Pool) -> Result<Option<String>, sqlx::Error> {
    const SQL: &str = "SELECT value FROM setting WHERE name = 'key-check'";
    match pool {
        Pool::Sqlite { read, .. } => sqlx::query_scalar(SQL).fetch_optional(read).await,
        Pool::Postgres(pool) => sqlx::query_scalar(SQL).fetch_optional(pool).await,
    }
}

async fn open_sqlite(path: &Path) -> Result<Pool, OpenError> {
    if !path.exists() {
        super::cipher::write_private(path, "")
            .map_err(|e| OpenError::File(path.display().to_string(), e))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY);
    // A connection of its own, since changing tables under a pool spoils its prepared statements.
    let mut connection = options.connect().await?;
    migrator().run(&mut connection).await?;
    connection.execute(SQLITE_APPEND_ONLY).await?;
    connection.execute(SQLITE_NO_DELETE).await?;
    connection.close().await?;
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(BUSY)
        .connect_lazy_with(options.clone());
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(BUSY)
        .connect_lazy_with(options);
    Ok(Pool::Sqlite { read, write })
}

async fn open_postgres(url: &str) -> Result<Pool, OpenError> {
    let options: PgConnectOptions = url.parse()?;
    let mut connection = options.connect().await?;
    // That a table is there already is no news.
    connection.execute("SET client_min_messages = warning").await?;
    migrator().run(&mut connection).await?;
    connection.execute(POSTGRES_FUNCTION).await?;
    connection.execute(POSTGRES_TRIGGER).await?;
    connection.close().await?;
    // All connections are made now and kept: one made later would belong to the thread that made it, and
    // stall the others whenever that thread is busy.
    let pool = PgPoolOptions::new()
        .min_connections(8)
        .max_connections(8)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(BUSY)
        .connect_with(options)
        .await?;
    Ok(Pool::Postgres(pool))
}

fn migrator() -> Migrator {
    let migration = |(version, name, sql): &(i64, &'static str, &'static str)| {
        let sql = AssertSqlSafe(*sql).into_sql_str();
        Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(MIGRATIONS.iter().map(migration).collect())
}

const SQLITE_APPEND_ONLY: &str = "
    CREATE TRIGGER IF NOT EXISTS history_no_update BEFORE UPDATE ON history
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
    -- REPLACE deletes without asking the trigger below.
    CREATE TRIGGER IF NOT EXISTS history_no_replace BEFORE INSERT ON history
    WHEN EXISTS (SELECT 1 FROM history WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;";

/// Alone, since it is away for a moment while old rows are taken out.
pub(super) const SQLITE_NO_DELETE: &str = "
    CREATE TRIGGER IF NOT EXISTS history_no_delete BEFORE DELETE ON history
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;";

const POSTGRES_FUNCTION: &str = "
    CREATE OR REPLACE FUNCTION history_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$;";

pub(super) const POSTGRES_TRIGGER: &str = "
    CREATE OR REPLACE TRIGGER history_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION history_append_only();";
