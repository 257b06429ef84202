//! Opens the ERP's file; a new one gets its tables and its sample rows in one transaction, so that a
//! crash leaves either none or all of it.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{PracticeError, Result};
use crate::clock::Clock;
use crate::practice::Practice;
use crate::practice::seed;

const BUSY: Duration = Duration::from_secs(10);
const FORM: i64 = 1;

const TABLES: &str = "
    CREATE TABLE login (client TEXT NOT NULL PRIMARY KEY, user_name TEXT NOT NULL,
        salt BYTEA NOT NULL, password_hash BYTEA NOT NULL);
    CREATE TABLE series (client TEXT NOT NULL, name TEXT NOT NULL, last BIGINT NOT NULL,
        PRIMARY KEY (client, name));
    CREATE TABLE actor (client TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
        parent_kind TEXT, parent_key TEXT, label TEXT NOT NULL, search TEXT NOT NULL,
        modified BIGINT NOT NULL, changed_at BIGINT NOT NULL, field_values TEXT NOT NULL,
        PRIMARY KEY (client, kind, key));
    CREATE INDEX actor_modified ON actor (client, kind, modified);
    CREATE INDEX actor_label ON actor (client, kind, label, key);
    CREATE INDEX actor_parent ON actor (client, parent_kind, parent_key)
        WHERE parent_key IS NOT NULL;
    CREATE TABLE change (client TEXT NOT NULL, modified BIGINT NOT NULL, kind TEXT NOT NULL,
        key TEXT NOT NULL, name TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL,
        action TEXT NOT NULL, differences TEXT NOT NULL, PRIMARY KEY (client, modified));
    CREATE INDEX change_of_actor ON change (client, kind, key, modified);
    CREATE TABLE connection (id TEXT NOT NULL PRIMARY KEY, client TEXT NOT NULL,
        user_name TEXT NOT NULL, password_hash BYTEA NOT NULL, max_hits BIGINT NOT NULL,
        factor TEXT NOT NULL, only_since BIGINT, is_read_only BOOLEAN NOT NULL);
    PRAGMA user_version = 1;";

impl Practice {
    /// Opens the ERP in this file, and makes it, with its sample rows, where there is none yet.
    pub async fn open(path: &Path, clock: Clock) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY);
        // A connection of its own, since changing tables under a pool spoils its prepared statements.
        let mut connection = options.connect().await?;
        make_if_new(&mut connection, &clock).await?;
        connection.close().await?;
        // One connection writes, so that writers queue fairly instead of meeting a busy file.
        Ok(Self { read: pool(&options, 4), write: pool(&options, 1), clock })
    }
}

fn pool(options: &SqliteConnectOptions, size: u32) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(size)
        .acquire_timeout(BUSY)
        .connect_lazy_with(options.clone())
}

async fn make_if_new(connection: &mut SqliteConnection, clock: &Clock) -> Result<()> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let form: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *tx).await?;
    match form {
        0 => {
            sqlx::raw_sql(TABLES).execute(&mut *tx).await?;
            seed::fill(&mut tx, clock.now()).await?;
            Ok(tx.commit().await?)
        }
        FORM => Ok(()),
        other => Err(PracticeError::UnknownForm(other)),
    }
}
