//! Forms that were already carried out: sending one twice has one effect and gets the same answer.

use super::row::{Row, args};
use super::{Read, Result, Store};
use crate::clock::{DAY, Millis};
use crate::users::UserId;

/// How long an answer is kept; longer than any session, and with it any form, lives.
const KEPT: Millis = DAY;

/// What is known about a form that was just sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentForm {
    /// The first time: carry it out, then [`finish`] or [`release`] it.
    Fresh,
    /// Carried out before, with this answer.
    Done { status: i64, location: String },
    /// Being carried out, or broken off half-way by a crash. Never run again.
    InProgress,
    /// The same key came with another body, or from another person.
    OtherBody,
}

/// Claims a form by its single-use key, for exactly one of those who send it at once.
pub async fn claim(
    mut store: &Store,
    once: &str,
    user: Option<UserId>,
    body_hash: &str,
) -> Result<SentForm> {
    loop {
        let claimed = store
            .execute(
                "INSERT INTO sent_form (once, user_id, body_hash, status, location, at) \
                 VALUES ($1, $2, $3, NULL, NULL, $4) ON CONFLICT (once) DO NOTHING",
                args![once, user, body_hash, store.clock().now()],
            )
            .await?;
        if claimed == 1 {
            return Ok(SentForm::Fresh);
        }
        let sql = "SELECT user_id, body_hash, status, location FROM sent_form WHERE once = $1";
        if let Some(row) = store.row(sql, args![once]).await? {
            return known(&row, user, body_hash);
        }
        // It was released in between: its next sender may be us.
    }
}

/// Keeps the answer of a form that was carried out.
pub async fn finish(store: &Store, once: &str, status: i64, location: &str) -> Result<()> {
    let sql = "UPDATE sent_form SET status = $2, location = $3 WHERE once = $1 AND status IS NULL";
    store.execute(sql, args![once, status, location]).await?;
    Ok(())
}

/// Forgets a form that had no effect, so that it can be corrected and sent again.
pub async fn release(store: &Store, once: &str) -> Result<()> {
    let sql = "DELETE FROM sent_form WHERE once = $1 AND status IS NULL";
    store.execute(sql, args![once]).await?;
    Ok(())
}

/// Forgets old answers. Forms broken off half-way stay.
pub async fn purge_sent_forms(store: &Store) -> Result<u64> {
    let sql = "DELETE FROM sent_form WHERE status IS NOT NULL AND at < $1";
    store.execute(sql, args![store.clock().now() - KEPT]).await
}

fn known(row: &Row, user: Option<UserId>, body_hash: &str) -> Result<SentForm> {
    if row.opt_int("user_id")? != user || row.text("body_hash")? != body_hash {
        return Ok(SentForm::OtherBody);
    }
    Ok(match row.opt_int("status")? {
        Some(status) => {
            SentForm::Done { status, location: row.opt_text("location")?.unwrap_or_default() }
        }
        None => SentForm::InProgress,
    })
}
