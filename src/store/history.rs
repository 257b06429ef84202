//! Appending to the history, and the signed head that stands outside the database.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use ed25519_dalek::{SigningKey, VerifyingKey};

use super::dialect::Dialect;
use super::error::StoreError;
use super::row::{Row, args, to_json};
use super::{Read, Result, Store, Tx};
use crate::history::chain::{self, Checker, Finding, SignedHead};
use crate::history::{Actor, Entry, Event};

/// All columns of an entry, in no particular order.
pub(super) const COLUMNS: &str = "seq, at, actor_kind, actor_id, actor_name, actor_role, address, connection_id, \
     connection_name, action, subject_kind, subject_id, subject_name, before_values, after_values, previous_hash, hash";

/// The newest row as a transaction knows it.
pub(super) struct Head {
    pub seq: i64,
    pub hash: String,
}

/// Keeps the signed head in a file beside (better: far from) the database.
pub(super) struct HeadFile {
    path: PathBuf,
    key: SigningKey,
    written: Mutex<i64>,
}

impl HeadFile {
    pub fn new(path: PathBuf, key: SigningKey) -> Self {
        Self { path, key, written: Mutex::new(0) }
    }

    fn sign(&self, head: &Head) -> SignedHead {
        SignedHead::sign(&self.key, head.seq, &head.hash)
    }

    /// Replaces the file, unless a later head stands there already.
    pub fn write(&self, head: &Head) -> Result<()> {
        let problem = |e: &dyn std::fmt::Display| StoreError::Head(e.to_string());
        let mut written = self.written.lock().map_err(|e| problem(&e))?;
        if *written >= head.seq {
            return Ok(());
        }
        let next = self.path.with_extension("next");
        fs::write(&next, to_json(&self.sign(head))?).map_err(|e| problem(&e))?;
        fs::rename(&next, &self.path).map_err(|e| problem(&e))?;
        *written = head.seq;
        Ok(())
    }

    fn read(&self) -> Result<Option<SignedHead>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => {
                serde_json::from_str(&text).map(Some).map_err(|e| StoreError::Head(e.to_string()))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(StoreError::Head(e.to_string())),
        }
    }
}

impl Tx {
    /// Records an event in this transaction.
    pub async fn record(&mut self, actor: &Actor, event: &Event) -> Result<()> {
        let head = match self.appended.take() {
            Some(head) => head,
            None => self.lock_head().await?,
        };
        let mut entry = Entry {
            seq: head.seq + 1,
            at: self.clock().now(),
            actor_kind: actor.kind.as_str().to_owned(),
            actor_id: actor.id,
            actor_name: actor.name.clone(),
            actor_role: actor.role.clone(),
            address: actor.address.clone(),
            connection_id: event.connection.as_ref().map(|(id, _)| *id),
            connection_name: event
                .connection
                .as_ref()
                .map(|(_, name)| name.clone())
                .unwrap_or_default(),
            action: event.action.as_str().to_owned(),
            subject_kind: event.subject.kind.to_owned(),
            subject_id: event.subject.id,
            subject_name: event.subject.name.clone(),
            before: to_json(&event.before)?,
            after: to_json(&event.after)?,
            previous_hash: head.hash,
            hash: String::new(),
        };
        entry.hash = chain::hash(&entry);
        self.insert_entry(&entry).await?;
        self.appended = Some(Head { seq: entry.seq, hash: entry.hash });
        Ok(())
    }

    /// Makes the transaction the only one that writes what people see, until it ends: what it reads from
    /// now on stays as it is. SQLite has one writer anyway.
    pub async fn alone(&mut self) -> Result<()> {
        if self.appended.is_none() && self.dialect() == Dialect::Postgres {
            self.execute_one("UPDATE history_head SET seq = seq WHERE id = 1", args![]).await?;
        }
        Ok(())
    }

    /// Makes the transaction the only one that appends until it ends.
    async fn lock_head(&mut self) -> Result<Head> {
        self.execute_one("UPDATE history_head SET seq = seq WHERE id = 1", args![]).await?;
        let mut db = &mut *self;
        let row = db.row("SELECT seq, hash FROM history_head WHERE id = 1", args![]).await?;
        let row = row.ok_or_else(|| StoreError::Damaged("history_head".to_owned()))?;
        Ok(Head { seq: row.int("seq")?, hash: row.text("hash")? })
    }

    async fn insert_entry(&mut self, e: &Entry) -> Result<()> {
        self.execute_one(
            "INSERT INTO history (seq, at, actor_kind, actor_id, actor_name, actor_role, address, connection_id, \
             connection_name, action, subject_kind, subject_id, subject_name, before_values, after_values, \
             previous_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            args![
                e.seq,
                e.at,
                &e.actor_kind,
                e.actor_id,
                &e.actor_name,
                &e.actor_role,
                &e.address,
                e.connection_id,
                &e.connection_name,
                &e.action,
                &e.subject_kind,
                e.subject_id,
                &e.subject_name,
                &e.before,
                &e.after,
                &e.previous_hash,
                &e.hash
            ],
        )
        .await
    }

    /// Signs what this transaction appended; called right before it commits.
    pub(super) async fn sign_head(&mut self) -> Result<()> {
        let Some(head) = &self.appended else { return Ok(()) };
        let signed = self.store.0.head.sign(head);
        self.execute_one(
            "UPDATE history_head SET seq = $1, hash = $2, signature = $3 WHERE id = 1",
            args![signed.seq, &signed.hash, &signed.signature],
        )
        .await
    }
}

/// One row of the history.
pub(super) fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        seq: row.int("seq")?,
        at: row.int("at")?,
        actor_kind: row.text("actor_kind")?,
        actor_id: row.opt_int("actor_id")?,
        actor_name: row.text("actor_name")?,
        actor_role: row.text("actor_role")?,
        address: row.text("address")?,
        connection_id: row.opt_int("connection_id")?,
        connection_name: row.text("connection_name")?,
        action: row.text("action")?,
        subject_kind: row.text("subject_kind")?,
        subject_id: row.opt_int("subject_id")?,
        subject_name: row.text("subject_name")?,
        before: row.text("before_values")?,
        after: row.text("after_values")?,
        previous_hash: row.text("previous_hash")?,
        hash: row.text("hash")?,
    })
}

/// Checks the whole chain against the head in the database, the one in the head file, and `others` kept
/// elsewhere. Gives the number of rows and what is wrong.
pub async fn verify(store: &Store, others: &[SignedHead]) -> Result<(i64, Vec<Finding>)> {
    let key = public_key(store);
    let mut outside: Vec<SignedHead> = others.to_vec();
    outside.extend(store.0.head.read()?);
    let (good, bad): (Vec<_>, Vec<_>) =
        outside.into_iter().partition(|head| head.is_signed_by(&key));
    let mut checker = Checker::against(&good);
    let sql = format!("SELECT {COLUMNS} FROM history WHERE seq > $1 ORDER BY seq LIMIT 2000");
    loop {
        let mut reader = store;
        let rows = reader.rows(&sql, args![checker.last_seq()]).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            checker.take(&entry(row)?);
        }
    }
    let count = checker.last_seq();
    let mut findings = checker.finish(&database_head(store).await?, &key);
    findings
        .extend(bad.iter().map(|head| Finding::BadSignature { which: format!("{}", head.seq) }));
    Ok((count, findings))
}

/// The head as it stands in the database.
pub async fn database_head(mut db: impl Read) -> Result<SignedHead> {
    let row = db.row("SELECT seq, hash, signature FROM history_head WHERE id = 1", args![]).await?;
    let row = row.ok_or_else(|| StoreError::Damaged("history_head".to_owned()))?;
    Ok(SignedHead {
        seq: row.int("seq")?,
        hash: row.text("hash")?,
        signature: row.text("signature")?,
    })
}

/// The key that anyone may check heads with.
pub fn public_key(store: &Store) -> VerifyingKey {
    store.0.head.key.verifying_key()
}
