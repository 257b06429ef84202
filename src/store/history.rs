//! Appending to the history, and checking it.

use ed25519_dalek::VerifyingKey;

use super::dialect::Dialect;
use super::error::StoreError;
use super::row::{Row, args, to_json};
use super::{Read, Result, Store, Tx};
use crate::history::chain::{self, SignedHead};
use crate::history::checker::{Checker, Finding};
use crate::history::{Actor, Entry, Event};

/// All columns of an entry, in no particular order.
pub(super) const COLUMNS: &str = "seq, at, actor_kind, actor_id, actor_name, actor_role, address, connection_id, \
     connection_name, action, subject_kind, subject_id, subject_name, before_values, after_values, previous_hash, hash";

/// The newest row as a transaction knows it.
pub(super) struct Head {
    pub seq: i64,
    pub hash: String,
}

impl Tx {
    /// Records an event in this transaction, and notes whose configuration it changes.
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
        self.touch(actor, event, entry.seq).await
    }

    /// Makes the transaction the only one that writes what people see, until it ends: what it reads from
    /// now on stays as it is. SQLite has one writer anyway.
    pub async fn alone(&mut self) -> Result<()> {
        if self.appended.is_none() && self.dialect() == Dialect::Postgres {
            self.execute_one("UPDATE history_head SET seq = seq WHERE id = 1", args![]).await?;
            self.catalogues = None;
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
    pub(super) async fn sign_head(&mut self) -> Result<Option<SignedHead>> {
        let Some(head) = &self.appended else { return Ok(None) };
        let signed = self.store.0.head.sign(head.seq, &head.hash);
        self.execute_one(
            "UPDATE history_head SET seq = $1, hash = $2, signature = $3 WHERE id = 1",
            args![signed.seq, &signed.hash, &signed.signature],
        )
        .await?;
        Ok(Some(signed))
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
    let mut heads = others.to_vec();
    // Before the rows: the file only ever knows rows that the database has.
    let outside = store.0.head.read();
    heads.extend(outside.clone().ok().flatten());
    let mut checker = Checker::new(public_key(store), &heads);
    read_on(store, &mut checker, i64::MAX).await?;
    // Rows that came while the others were read; those after this head are for the next time.
    let newest = database_head(store).await?;
    read_on(store, &mut checker, newest.seq).await?;
    let rows = checker.rows();
    let mut findings = checker.finish(Some(&newest));
    match outside {
        Ok(None) if newest.seq > 0 || rows > 0 => findings.push(Finding::HeadMissing),
        Err(trouble) => findings.push(Finding::HeadUnreadable { why: trouble.to_string() }),
        Ok(_) => {}
    }
    Ok((rows, findings))
}

/// Takes the rows that follow, up to one, in pieces.
async fn read_on(store: &Store, checker: &mut Checker, until: i64) -> Result<()> {
    let sql = format!(
        "SELECT {COLUMNS} FROM history WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT 2000"
    );
    let mut reader = store;
    loop {
        let rows = reader.rows(&sql, args![checker.last_seq(), until]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in &rows {
            checker.take(&entry(row)?);
        }
    }
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
    store.0.head.public_key()
}
