//! All SQL of the portal, over SQLite or PostgreSQL.
//!
//! One SQL text serves both: `$1` placeholders, `BIGINT`, `TEXT`, `BOOLEAN`, `BYTEA`. The few places where
//! the databases differ are in `open.rs`, `row.rs` and `dialect.rs`. Functions that change what people see
//! take a [`Tx`] and who did it, and write the history row in the same transaction. They write it first:
//! that row's lock then comes before all others, and two writers never wait for each other in a circle.

pub mod access;
pub mod candidates;
pub mod cipher;
pub mod codes;
mod conditions;
pub mod configuration;
pub mod conformance;
mod connection_rows;
pub mod connections;
pub mod connectors;
pub mod crm;
pub mod crm_field_changes;
pub mod crm_fields;
pub mod crm_list_changes;
pub mod crm_lists;
mod crm_rows;
mod dialect;
pub mod engine;
pub mod erp_writes;
pub mod error;
pub mod groups;
pub mod history;
pub mod history_head;
pub mod history_log;
pub mod history_prune;
pub mod id;
pub mod jobs;
pub mod licence;
pub mod links;
mod mapping_events;
mod mapping_rows;
pub mod mappings;
mod open;
pub mod page;
pub mod positions;
pub mod processes;
pub mod resyncs;
pub mod row;
pub mod sent_forms;
mod session_rows;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod standings;
pub mod users;
pub mod versions;

use std::future::Future;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::postgres::{PgPool, PgQueryResult};
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use crate::clock::Clock;
use crate::crm::fields::Catalogues;
use cipher::Cipher;
use dialect::Dialect;
use error::StoreError;
use history_head::HeadFile;
use row::{Arg, Row, args};

pub use open::Settings;

pub type Result<T> = std::result::Result<T, StoreError>;

/// The portal's database. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    pool: Pool,
    clock: Clock,
    cipher: Cipher,
    head: HeadFile,
}

enum Pool {
    /// One connection writes, so that writers queue fairly instead of meeting a busy database.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

impl Store {
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match &self.0.pool {
            Pool::Sqlite { write, .. } => {
                TxInner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pool::Postgres(pool) => TxInner::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            inner,
            store: self.clone(),
            appended: None,
            touched: Default::default(),
            catalogues: None,
        })
    }

    /// One statement of its own, for bookkeeping that no person sees (sessions, counters).
    pub(crate) async fn execute(&self, sql: &str, args: Vec<Arg<'_>>) -> Result<u64> {
        let done = match &self.0.pool {
            Pool::Sqlite { write, .. } => row::bind_sqlite(sqlx::query(AssertSqlSafe(sql)), args)
                .execute(write)
                .await?
                .rows_affected(),
            Pool::Postgres(pool) => row::bind_postgres(sqlx::query(AssertSqlSafe(sql)), args)
                .execute(pool)
                .await?
                .rows_affected(),
        };
        Ok(done)
    }

    pub(crate) fn cipher(&self) -> &Cipher {
        &self.0.cipher
    }

    /// A key for another purpose than sealing, the same for every process with this key file.
    pub fn derived_key(&self, purpose: &str) -> [u8; 32] {
        self.cipher().derive(purpose)
    }

    fn dialect(&self) -> Dialect {
        match self.0.pool {
            Pool::Sqlite { .. } => Dialect::Sqlite,
            Pool::Postgres(_) => Dialect::Postgres,
        }
    }
}

/// A transaction. Dropped without [`Tx::commit`], nothing happened.
pub struct Tx {
    inner: TxInner,
    store: Store,
    /// The newest history row of this transaction.
    appended: Option<history::Head>,
    /// Whose configuration it changes.
    touched: versions::Touched,
    /// The CRM's fields, once they were read.
    catalogues: Option<Catalogues>,
}

enum TxInner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Makes everything of this transaction true, with a version of each configuration it changed, and moves the
    /// signed head of the history along. What is done is done: a head file that cannot follow is no reason to
    /// call it failed.
    pub async fn commit(self) -> Result<()> {
        self.commit_versions().await.map(|_| ())
    }

    /// The same; gives the numbers of the versions this made.
    pub async fn commit_versions(mut self) -> Result<versions::Made> {
        let made = self.write_versions().await?;
        let head = self.sign_head().await?;
        match self.inner {
            TxInner::Sqlite(tx) => tx.commit().await?,
            TxInner::Postgres(tx) => tx.commit().await?,
        }
        if let Some(head) = head {
            self.store.follow(&head).await;
        }
        Ok(made)
    }

    pub fn clock(&self) -> &Clock {
        self.store.clock()
    }

    pub(crate) fn cipher(&self) -> &Cipher {
        self.store.cipher()
    }

    /// Runs a statement; gives the number of rows it touched.
    pub(crate) async fn execute(&mut self, sql: &str, args: Vec<Arg<'_>>) -> Result<u64> {
        let done = match &mut self.inner {
            TxInner::Sqlite(tx) => row::bind_sqlite(sqlx::query(AssertSqlSafe(sql)), args)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            TxInner::Postgres(tx) => {
                let done: PgQueryResult = row::bind_postgres(sqlx::query(AssertSqlSafe(sql)), args)
                    .execute(&mut **tx)
                    .await?;
                done.rows_affected()
            }
        };
        Ok(done)
    }

    /// Makes other transactions that lock the same name wait until this one ends. Before anything is
    /// recorded, so that nobody waits crosswise.
    pub(crate) async fn lock(&mut self, name: &str) -> Result<()> {
        // With SQLite a transaction is the only writer anyway.
        if let TxInner::Postgres(_) = self.inner {
            self.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", args![name])
                .await?;
        }
        Ok(())
    }

    /// Runs a statement that must touch exactly one row; otherwise somebody else was faster.
    pub(crate) async fn execute_one(&mut self, sql: &str, args: Vec<Arg<'_>>) -> Result<()> {
        match self.execute(sql, args).await? {
            1 => Ok(()),
            _ => Err(StoreError::Overtaken),
        }
    }
}

/// Reading, from the database as it is or inside a transaction: `find_user(&store, …)` and
/// `find_user(&mut tx, …)` are the same function.
pub trait Read: Send {
    fn rows(
        &mut self,
        sql: &str,
        args: Vec<Arg<'_>>,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    fn cipher(&self) -> &Cipher;

    fn clock(&self) -> &Clock;

    fn dialect(&self) -> Dialect;

    /// Where the CRM's fields are kept, so that they are read once for many records.
    fn catalogues(&mut self) -> Option<&mut Option<Catalogues>> {
        None
    }

    /// Many rows read as one, which a database hands over several times faster: `columns` of the tables
    /// and conditions in `from`. `T` is a tuple, or a struct with the columns in that order; a flag in it
    /// is read with [`row::flag`].
    fn many<T: DeserializeOwned>(
        &mut self,
        columns: &str,
        from: &str,
        order: &str,
        args: Vec<Arg<'_>>,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        async move {
            let sql = self.dialect().rows_as_json(columns, from, order);
            self.row(&sql, args).await?.map_or(Ok(Vec::new()), |row| row.json("rows"))
        }
    }

    /// The first row, if there is one.
    fn row(
        &mut self,
        sql: &str,
        args: Vec<Arg<'_>>,
    ) -> impl Future<Output = Result<Option<Row>>> + Send {
        async { Ok(self.rows(sql, args).await?.into_iter().next()) }
    }
}

impl Read for &Store {
    async fn rows(&mut self, sql: &str, args: Vec<Arg<'_>>) -> Result<Vec<Row>> {
        let rows = match &self.0.pool {
            Pool::Sqlite { read, .. } => row::bind_sqlite(sqlx::query(AssertSqlSafe(sql)), args)
                .fetch_all(read)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            Pool::Postgres(pool) => row::bind_postgres(sqlx::query(AssertSqlSafe(sql)), args)
                .fetch_all(pool)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        };
        Ok(rows)
    }

    fn cipher(&self) -> &Cipher {
        Store::cipher(self)
    }

    fn clock(&self) -> &Clock {
        Store::clock(self)
    }

    fn dialect(&self) -> Dialect {
        Store::dialect(self)
    }
}

/// Lent on, so that a function that reads can call others that do.
impl<R: Read> Read for &mut R {
    async fn rows(&mut self, sql: &str, args: Vec<Arg<'_>>) -> Result<Vec<Row>> {
        (**self).rows(sql, args).await
    }

    fn cipher(&self) -> &Cipher {
        (**self).cipher()
    }

    fn clock(&self) -> &Clock {
        (**self).clock()
    }

    fn dialect(&self) -> Dialect {
        (**self).dialect()
    }

    fn catalogues(&mut self) -> Option<&mut Option<Catalogues>> {
        (**self).catalogues()
    }
}

impl Read for &mut Tx {
    async fn rows(&mut self, sql: &str, args: Vec<Arg<'_>>) -> Result<Vec<Row>> {
        let rows = match &mut self.inner {
            TxInner::Sqlite(tx) => row::bind_sqlite(sqlx::query(AssertSqlSafe(sql)), args)
                .fetch_all(&mut **tx)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            TxInner::Postgres(tx) => row::bind_postgres(sqlx::query(AssertSqlSafe(sql)), args)
                .fetch_all(&mut **tx)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        };
        Ok(rows)
    }

    fn cipher(&self) -> &Cipher {
        Tx::cipher(self)
    }

    fn clock(&self) -> &Clock {
        Tx::clock(self)
    }

    fn dialect(&self) -> Dialect {
        self.store.dialect()
    }

    fn catalogues(&mut self) -> Option<&mut Option<Catalogues>> {
        Some(&mut self.catalogues)
    }
}
