//! The signed head of the history outside the database: a file beside (better: far from) it. What stands
//! there is replaced only after it was seen to belong to this database's history, so that an older
//! database, put back, cannot wipe out what proves it.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use ed25519_dalek::{SigningKey, VerifyingKey};
use tokio::sync::Mutex;

use super::history::database_head;
use super::row::{args, to_json};
use super::{Read, Result, Store};
use crate::clock::Millis;
use crate::history::anchor::Anchor;
use crate::history::chain::SignedHead;
use crate::history::{Action, Actor, Event, Subject};

/// Why the head outside the database does not follow the history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadTrouble {
    #[error("the head file is missing, though the history has rows")]
    Missing,
    #[error("the head file cannot be read: {0}")]
    Unreadable(String),
    /// The database does not have the row that was signed: it is an older copy, or was tampered with.
    #[error("the head file knows row {signed}, which this database does not have")]
    Foreign { signed: i64 },
    #[error("the head file cannot be written: {0}")]
    NotWritten(String),
}

type Followed = std::result::Result<(), HeadTrouble>;

impl HeadTrouble {
    /// In the history; the message `head-‹text›` says it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unreadable(_) => "unreadable",
            Self::Foreign { .. } => "foreign",
            Self::NotWritten(_) => "not-written",
        }
    }
}

/// Keeps the signed head in a file.
pub(super) struct HeadFile {
    path: PathBuf,
    key: SigningKey,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What stood in the file when it was last seen to belong to this database.
    known: Option<SignedHead>,
    trouble: Option<HeadTrouble>,
}

impl HeadFile {
    pub fn new(path: PathBuf, key: SigningKey) -> Self {
        Self { path, key, state: Mutex::default() }
    }

    pub fn sign(&self, seq: i64, hash: &str) -> SignedHead {
        SignedHead::sign(&self.key, seq, hash)
    }

    pub fn sign_anchor(&self, seq: i64, hash: &str) -> Anchor {
        Anchor::sign(&self.key, seq, hash)
    }

    pub fn public_key(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// What stands in the file, whoever signed it.
    pub fn read(&self) -> std::result::Result<Option<SignedHead>, HeadTrouble> {
        let unreadable = |e: &dyn std::fmt::Display| HeadTrouble::Unreadable(e.to_string());
        match fs::read_to_string(&self.path) {
            Ok(text) => serde_json::from_str(&text).map(Some).map_err(|e| unreadable(&e)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(unreadable(&e)),
        }
    }

    fn put(&self, head: &SignedHead) -> Followed {
        let problem = |e: &dyn std::fmt::Display| HeadTrouble::NotWritten(e.to_string());
        let text = to_json(head).map_err(|e| problem(&e))?;
        replace(&self.path, text.as_bytes()).map_err(|e| problem(&e))
    }
}

/// The new content is there as a whole or not at all, also when two write at once.
fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let next = path.with_extension(format!("{}-{number}", std::process::id()));
    let written = File::create(&next).and_then(|mut file| file.write_all(content));
    let moved = written.and_then(|()| fs::rename(&next, path));
    if moved.is_err() {
        let _ = fs::remove_file(&next);
    }
    moved
}

/// Goes on with a database that the file does not fit: the history says what the file knew, the file is put
/// aside, and another begun. Gives what was wrong, if anything was.
pub async fn accept(store: &Store) -> anyhow::Result<Option<HeadTrouble>> {
    let Some(trouble) = store.head_trouble().await else { return Ok(None) };
    let file = &store.0.head;
    let there = file.read().ok().flatten();
    let mut event =
        Event::new(Action::HeadAccepted, Subject::only("portal")).before("head", trouble.as_str());
    if let Some(there) = there {
        event = event.before("head-row", there.seq.to_string()).before("head-hash", there.hash);
    }
    let mut tx = store.begin().await?;
    tx.record(&Actor::system(), &event).await?;
    tx.commit().await?;
    if file.path.exists() {
        fs::rename(&file.path, aside(&file.path, store.clock().now()))?;
    }
    let newest = database_head(store).await?;
    file.put(&newest)?;
    store.follow(&newest).await;
    Ok(Some(trouble))
}

/// Where a file that does not fit is kept.
fn aside(path: &Path, now: Millis) -> PathBuf {
    path.with_extension(format!("head-aside-{now}"))
}

impl Store {
    /// Compares the file with the database before anything is written, and brings it up to date after a
    /// crash. The first file of all is made while there is no row yet, so that it can be missed later.
    pub(super) async fn begin_head(&self) -> Result<()> {
        let file = &self.0.head;
        // The file first: whatever is written meanwhile makes the database the newer one.
        let there = file.read();
        let newest = database_head(self).await?;
        if newest.seq == 0 && there == Ok(None) {
            let outcome = file.put(&file.sign(0, ""));
            note(&mut *file.state.lock().await, outcome);
        }
        let is_signed = newest.is_signed_by(&file.public_key());
        // What nobody signed must not get into the file, but is compared with it all the same.
        let newest = if is_signed { newest } else { file.sign(0, "") };
        self.follow(&newest).await;
        Ok(())
    }

    /// Moves the file along to the newest row. What was committed stays committed if that fails: it is said
    /// in the log, and made up for by the next commit.
    pub(super) async fn follow(&self, newest: &SignedHead) {
        let mut state = self.0.head.state.lock().await;
        let outcome = self.replace_head(&mut state, newest).await;
        note(&mut state, outcome);
    }

    /// Why the head outside does not follow the history, if it does not.
    pub async fn head_trouble(&self) -> Option<HeadTrouble> {
        self.0.head.state.lock().await.trouble.clone()
    }

    async fn replace_head(&self, state: &mut State, newest: &SignedHead) -> Followed {
        let there = self.0.head.read()?.ok_or(HeadTrouble::Missing)?;
        if state.known.as_ref() != Some(&there) {
            self.check_belongs(&there).await?;
            state.known = Some(there.clone());
        }
        if there.seq < newest.seq {
            self.0.head.put(newest)?;
            state.known = Some(newest.clone());
        }
        Ok(())
    }

    /// Whether the row that a head was signed for is one of this database.
    async fn check_belongs(&self, head: &SignedHead) -> Followed {
        if !head.is_signed_by(&self.0.head.public_key()) {
            return Err(HeadTrouble::Unreadable("it was signed with another key".to_owned()));
        }
        let failed = |e: super::error::StoreError| HeadTrouble::NotWritten(e.to_string());
        let mut reader = self;
        let sql = "SELECT hash FROM history WHERE seq = $1";
        let row = reader.row(sql, args![head.seq]).await.map_err(failed)?;
        let is_ours = match row {
            Some(row) => row.text("hash").map_err(failed)? == head.hash,
            None => head.seq == 0 || self.is_pruned(head).await.map_err(failed)?,
        };
        if is_ours { Ok(()) } else { Err(HeadTrouble::Foreign { signed: head.seq }) }
    }

    /// Whether the row that a head was signed for is among those that were taken out.
    async fn is_pruned(&self, head: &SignedHead) -> Result<bool> {
        let mut reader = self;
        let oldest = reader.row("SELECT MIN(seq) AS oldest FROM history", args![]).await?;
        let oldest = oldest.map_or(Ok(None), |row| row.opt_int("oldest"))?;
        let sql = "SELECT after_values FROM history WHERE action = $1";
        let rows = reader.rows(sql, args![Action::HistoryPruned.as_str()]).await?;
        for row in rows {
            let Some(anchor) = Anchor::find(&row.json("after_values")?, &self.0.head.public_key())
            else {
                continue;
            };
            let is_covered =
                head.seq < anchor.seq || (head.seq == anchor.seq && head.hash == anchor.hash);
            if oldest == Some(anchor.seq + 1) && is_covered {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Says once in the log what is wrong, and that it is well again.
fn note(state: &mut State, outcome: Followed) {
    let trouble = outcome.err();
    if state.trouble == trouble {
        return;
    }
    match &trouble {
        Some(trouble) => tracing::error!(
            "history: {trouble}. The file stays as it is; `gleichlauf audit verify` says more"
        ),
        None => tracing::info!("history: the head file follows the history again"),
    }
    state.trouble = trouble;
}
