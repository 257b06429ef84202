//! Sessions. The database knows only hashes of the keys in the cookies. Each ends after half an hour
//! without a request and after twelve hours anyway; a clock that jumps back ends it rather than lengthen it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::StoreError;
use super::row::{Row, args};
use super::users::{VISITOR_COLUMNS, find_user, visitor};
use super::{Read, Result, Store, Tx, id, session_rows};
use crate::clock::{HOUR, MINUTE, Millis};
use crate::history::chain::hex;
use crate::history::{Action, Actor, Event, Subject};
use crate::users::{UserId, Visitor};

/// A session ends when nothing was asked for so long.
pub const IDLE: Millis = 30 * MINUTE;
/// A session ends at this age, however busy.
pub const LONGEST: Millis = 12 * HOUR;
/// How exactly the time of the last request is kept, to spare a write per request. A clock may also be
/// this much behind before a session counts as one from the future.
const GRAIN: Millis = MINUTE;

/// A session about to begin.
pub struct NewSession<'a> {
    /// `None` before somebody has signed in.
    pub user: Option<UserId>,
    /// Whatever the web layer keeps in it.
    pub state: &'a str,
    pub address: &'a str,
    pub agent: &'a str,
}

/// A session that goes on.
#[derive(Debug)]
pub struct Session {
    /// To show and to end it by; useless to whoever wants to take part in it.
    pub sid: i64,
    pub state: String,
    /// Who signed in.
    pub visitor: Option<Visitor>,
}

/// A session in a list of one's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEntry {
    pub sid: i64,
    pub address: String,
    pub agent: String,
    pub created_at: Millis,
    pub last_seen: Millis,
}

/// Begins a session and gives its key, which is kept nowhere. `Overtaken` when the user is disabled.
pub async fn insert_session(store: &Store, new: &NewSession<'_>) -> Result<Zeroizing<String>> {
    let mut random = Zeroizing::new([0u8; 32]);
    getrandom::fill(&mut *random).map_err(|e| StoreError::Random(e.to_string()))?;
    let key = Zeroizing::new(URL_SAFE_NO_PAD.encode(*random));
    let now = store.clock().now();
    let sql = "INSERT INTO session (id_hash, sid, user_id, state, address, agent, created_at, last_seen) \
         SELECT $1, $2, $3, $4, $5, $6, $7, $7 \
         WHERE $3 IS NULL OR EXISTS (SELECT id FROM app_user WHERE id = $3 AND NOT is_disabled)";
    let (sid, state) = (id::fresh(now), new.state);
    let begun = store
        .execute(sql, args![hash(&key), sid, new.user, state, new.address, new.agent, now])
        .await?;
    if begun == 1 { Ok(key) } else { Err(StoreError::Overtaken) }
}

/// The session with this key, together with the person as they are right now: `None` when it ended, or when
/// the person was disabled. Counts as activity.
pub async fn load_session(mut store: &Store, key: &str) -> Result<Option<Session>> {
    let id_hash = hash(key);
    let sql = format!(
        "SELECT s.sid, s.user_id, s.state, s.created_at, s.last_seen, {VISITOR_COLUMNS} FROM session s \
         LEFT JOIN app_user u ON u.id = s.user_id AND NOT u.is_disabled \
         LEFT JOIN group_member m ON m.user_id = u.id WHERE s.id_hash = $1"
    );
    let rows = store.rows(&sql, args![&id_hash]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let now = store.clock().now();
    let last_seen = row.int("last_seen")?;
    if has_ended(now, row.int("created_at")?, last_seen) {
        // At once, so that no later turn of the clock brings it back.
        delete_session(store, key).await?;
        return Ok(None);
    }
    if now - last_seen >= GRAIN {
        let sql = "UPDATE session SET last_seen = $2 WHERE id_hash = $1 AND last_seen < $2";
        match store.execute(sql, args![&id_hash, now]).await {
            // Whoever only looks is not turned away because others write; the next request is noted.
            Ok(_) | Err(StoreError::Busy) => {}
            Err(error) => return Err(error),
        }
    }
    let is_signed_in = row.opt_int("user_id")?.is_some();
    let visitor = if row.opt_int("id")?.is_some() { visitor(&rows)? } else { None };
    if is_signed_in && visitor.is_none() {
        return Ok(None);
    }
    Ok(Some(Session { sid: row.int("sid")?, state: row.text("state")?, visitor }))
}

/// Replaces what is kept in a session. One that ended meanwhile stays ended.
pub async fn update_session(store: &Store, key: &str, state: &str) -> Result<()> {
    let sql = "UPDATE session SET state = $2 WHERE id_hash = $1";
    store.execute(sql, args![hash(key), state]).await?;
    Ok(())
}

/// Ends the session with this key.
pub async fn delete_session(store: &Store, key: &str) -> Result<()> {
    store.execute("DELETE FROM session WHERE id_hash = $1", args![hash(key)]).await?;
    Ok(())
}

/// The sessions of a user that go on, the latest first.
pub async fn list_sessions(mut db: impl Read, user: UserId) -> Result<Vec<SessionEntry>> {
    let sql = "SELECT sid, address, agent, created_at, last_seen FROM session WHERE user_id = $1 \
         ORDER BY last_seen DESC, sid DESC";
    let rows = db.rows(sql, args![user]).await?;
    let now = db.clock().now();
    let mut entries = rows.iter().map(entry).collect::<Result<Vec<_>>>()?;
    entries.retain(|entry| !has_ended(now, entry.created_at, entry.last_seen));
    Ok(entries)
}

/// Ends one session of a user. `Overtaken` when it ended already, or is not theirs.
pub async fn end_session(tx: &mut Tx, actor: &Actor, user: UserId, sid: i64) -> Result<()> {
    let sql = "DELETE FROM session WHERE user_id = $1 AND sid = $2";
    tx.execute_one(sql, args![user, sid]).await?;
    record_end(tx, actor, user, 1).await
}

/// Ends every session of a user; gives how many there were.
pub async fn end_sessions(tx: &mut Tx, actor: &Actor, user: UserId) -> Result<u64> {
    let ended = session_rows::delete_of(tx, user).await?;
    if ended > 0 {
        record_end(tx, actor, user, ended).await?;
    }
    Ok(ended)
}

/// Forgets sessions that ended by themselves, also those the clock jumped back behind. Due every minute.
pub async fn purge_sessions(store: &Store) -> Result<u64> {
    let now = store.clock().now();
    let sql = "DELETE FROM session WHERE last_seen <= $1 OR created_at <= $2 OR last_seen > $3";
    store.execute(sql, args![now - IDLE, now - LONGEST, now + GRAIN]).await
}

async fn record_end(tx: &mut Tx, actor: &Actor, user: UserId, count: u64) -> Result<()> {
    let name = find_user(&mut *tx, user).await?.map(|user| user.name).unwrap_or_default();
    let event = Event::new(Action::SessionEnded, Subject::new("user", user, name))
        .after("sessions", count.to_string());
    tx.record(actor, &event).await
}

fn has_ended(now: Millis, created_at: Millis, last_seen: Millis) -> bool {
    now - last_seen >= IDLE || now - created_at >= LONGEST || last_seen - now > GRAIN
}

fn entry(row: &Row) -> Result<SessionEntry> {
    Ok(SessionEntry {
        sid: row.int("sid")?,
        address: row.text("address")?,
        agent: row.text("agent")?,
        created_at: row.int("created_at")?,
        last_seen: row.int("last_seen")?,
    })
}

fn hash(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}
