//! One-time codes: one per user at most, and one for the first admin while there is no account.

use super::error::StoreError;
use super::row::{Row, args};
use super::{Read, Result, Store, Tx, id, users};
use crate::clock::{MINUTE, Millis};
use crate::history::{Action, Actor, Event, Subject};
use crate::users::code::{self, LIFETIME, OneTimeCode};
use crate::users::{NewUser, User, UserId};

/// A code from so far in the future only shows that the clock was set back since; it leads nowhere.
const AHEAD: Millis = MINUTE;

/// Whom a code lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeHolder {
    /// Whoever read it where the program was started.
    FirstAdmin,
    User(Box<User>),
}

/// Makes a code for somebody, in place of any earlier one. Their password works until the code is used.
pub async fn issue_code(tx: &mut Tx, actor: &Actor, user: UserId) -> Result<OneTimeCode> {
    let found = users::find_user(&mut *tx, user).await?;
    let found = found.filter(|user| !user.is_disabled).ok_or(StoreError::Overtaken)?;
    tx.execute("DELETE FROM one_time_code WHERE user_id = $1", args![user]).await?;
    let code = insert_code(tx, Some(user)).await?;
    let event = Event::new(Action::CodeIssued, Subject::new("user", user, found.name));
    tx.record(actor, &event).await?;
    Ok(code)
}

/// Makes the code by which the first admin comes in; `None` once there is any account.
pub async fn issue_first_code(store: &Store) -> Result<Option<OneTimeCode>> {
    let mut tx = store.begin().await?;
    tx.lock(users::ADMINS).await?;
    if !users::is_empty(&mut tx).await? {
        return Ok(None);
    }
    tx.execute("DELETE FROM one_time_code WHERE user_id IS NULL", args![]).await?;
    let code = insert_code(&mut tx, None).await?;
    let event = Event::new(Action::CodeIssued, Subject::only("portal"));
    tx.record(&Actor::system(), &event).await?;
    tx.commit().await?;
    Ok(Some(code))
}

/// Whom a code as typed would let in right now.
pub async fn find_holder(mut db: impl Read, typed: &str) -> Result<Option<CodeHolder>> {
    let Some(row) = find_code(&mut db, typed).await? else { return Ok(None) };
    Ok(match row.opt_int("user_id")? {
        None => users::is_empty(db).await?.then_some(CodeHolder::FirstAdmin),
        Some(user) => users::find_user(db, user)
            .await?
            .filter(|user| !user.is_disabled)
            .map(|user| CodeHolder::User(Box::new(user))),
    })
}

/// Uses up a code and sets its owner's password, given as its hash. `None` when the code leads nowhere
/// (any more).
pub async fn redeem_code(
    tx: &mut Tx,
    address: &str,
    typed: &str,
    hash: &str,
) -> Result<Option<UserId>> {
    let Some(CodeHolder::User(user)) = find_holder(&mut *tx, typed).await? else {
        return Ok(None);
    };
    if !use_up(tx, typed).await? {
        return Ok(None);
    }
    let actor = Actor::user(user.id, &user.name, user.role.as_str(), address);
    users::set_password(tx, &actor, user.id, hash).await?;
    Ok(Some(user.id))
}

/// Uses up the first admin's code and adds the account; `new.role` ought to be admin. `None` when the code
/// leads nowhere (any more).
pub async fn redeem_first_code(
    tx: &mut Tx,
    address: &str,
    typed: &str,
    new: &NewUser,
    hash: &str,
) -> Result<Option<UserId>> {
    tx.lock(users::ADMINS).await?;
    let holder = find_holder(&mut *tx, typed).await?;
    if holder != Some(CodeHolder::FirstAdmin) || !use_up(tx, typed).await? {
        return Ok(None);
    }
    let actor = Actor::visitor(address);
    let user = users::insert_user(tx, &actor, new).await?;
    users::set_password(tx, &actor, user, hash).await?;
    Ok(Some(user))
}

async fn insert_code(tx: &mut Tx, user: Option<UserId>) -> Result<OneTimeCode> {
    let code = OneTimeCode::fresh().map_err(|e| StoreError::Random(e.to_string()))?;
    let now = tx.clock().now();
    tx.execute_one(
        "INSERT INTO one_time_code (id, user_id, code_hash, issued_at) VALUES ($1, $2, $3, $4)",
        args![id::fresh(now), user, code.hash(), now],
    )
    .await?;
    Ok(code)
}

async fn find_code(db: &mut impl Read, typed: &str) -> Result<Option<Row>> {
    let now = db.clock().now();
    let sql = "SELECT user_id FROM one_time_code WHERE code_hash = $1 AND issued_at > $2 AND issued_at <= $3";
    db.row(sql, args![code::hash(typed), now - LIFETIME, now + AHEAD]).await
}

/// Whether this transaction is the one that used it.
async fn use_up(tx: &mut Tx, typed: &str) -> Result<bool> {
    let sql = "DELETE FROM one_time_code WHERE code_hash = $1";
    Ok(tx.execute(sql, args![code::hash(typed)]).await? == 1)
}
