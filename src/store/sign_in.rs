//! Signing in: who may try a password now, and what the history says about it. Counts are kept here rather
//! than in memory, so that they survive a restart and hold for several processes.

use super::error::StoreError;
use super::row::{Row, args};
use super::{Read, Result, Store, Tx, id};
use crate::clock::{HOUR, Millis, SECOND};
use crate::history::{Action, Actor, Event, Subject};
use crate::users::limits::{self, Try};
use crate::users::{User, device};

/// Somebody about to try a password.
pub struct Attempt<'a> {
    /// As typed.
    pub login: &'a str,
    pub address: &'a str,
    /// The device cookie as sent, if any.
    pub device: Option<&'a str>,
}

/// Whether the password may be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Granted,
    /// Too many tries; the next one in so many seconds. The same for logins that do not exist.
    Wait {
        seconds: i64,
    },
}

/// An attempt as it is counted.
struct Counted {
    account: String,
    network: String,
    /// Blank when not known.
    device: String,
}

/// Asks for one check of a password, and counts it.
pub async fn claim(store: &Store, attempt: &Attempt<'_>) -> Result<Claim> {
    let counted = counted(store.cipher().derive(PURPOSE), attempt);
    let now = store.clock().now();
    let mut tx = store.begin().await?;
    tx.lock("sign-in").await?;
    tx.execute("DELETE FROM sign_in_try WHERE at <= $1", args![now - HOUR]).await?;
    if let Some(wait) = wait(&mut tx, now, &counted).await? {
        tx.commit().await?;
        return Ok(Claim::Wait { seconds: (wait + SECOND - 1) / SECOND });
    }
    tx.execute_one(
        "INSERT INTO sign_in_try (id, account, address, device, at) VALUES ($1, $2, $3, $4, $5)",
        args![id::fresh(now), &counted.account, &counted.network, &counted.device, now],
    )
    .await?;
    tx.commit().await?;
    Ok(Claim::Granted)
}

/// Records that the password was right, and forgets the tries that led to it. Gives the device cookie to set.
pub async fn succeeded(
    tx: &mut Tx,
    actor: &Actor,
    attempt: &Attempt<'_>,
    user: &User,
) -> Result<String> {
    let key = tx.cipher().derive(PURPOSE);
    let counted = counted(key, attempt);
    tx.execute(
        "DELETE FROM sign_in_try WHERE account = $1 AND device = $2 AND (address = $3 OR device <> '')",
        args![&counted.account, &counted.device, &counted.network],
    )
    .await?;
    let event = Event::new(Action::SignedIn, Subject::new("user", user.id, &user.name));
    tx.record(actor, &event).await?;
    match attempt.device {
        Some(cookie) if !counted.device.is_empty() => Ok(cookie.to_owned()),
        _ => device::cookie(&key, attempt.login).map_err(|e| StoreError::Random(e.to_string())),
    }
}

/// Records that nobody came in; `user` is whose login it was, if anybody's. What was typed is not kept: it
/// may have been a password.
pub async fn failed(tx: &mut Tx, attempt: &Attempt<'_>, user: Option<&User>) -> Result<()> {
    let subject = match user {
        Some(user) => Subject::new("user", user.id, &user.name),
        None => Subject::only("user"),
    };
    tx.record(&Actor::visitor(attempt.address), &Event::new(Action::SignInFailed, subject)).await
}

/// What the key for counting and for device cookies is derived for.
const PURPOSE: &str = "sign-in";

fn counted(key: [u8; 32], attempt: &Attempt<'_>) -> Counted {
    let known = attempt.device.and_then(|cookie| device::recognise(&key, attempt.login, cookie));
    Counted {
        account: device::account(&key, attempt.login),
        network: limits::network(attempt.address),
        device: known.unwrap_or_default().to_owned(),
    }
}

async fn wait(mut db: &mut Tx, now: Millis, counted: &Counted) -> Result<Option<Millis>> {
    let on_account = db
        .rows(
            "SELECT address, device, at FROM sign_in_try WHERE account = $1 ORDER BY at",
            args![&counted.account],
        )
        .await?;
    let on_account = on_account.iter().map(tried).collect::<Result<Vec<_>>>()?;
    let from_network = db
        .rows(
            "SELECT at FROM sign_in_try WHERE address = $1 AND device = '' ORDER BY at",
            args![&counted.network],
        )
        .await?;
    let from_network = from_network.iter().map(|row| row.int("at")).collect::<Result<Vec<_>>>()?;
    let device = Some(counted.device.as_str()).filter(|device| !device.is_empty());
    Ok(limits::wait(now, &counted.network, device, &on_account, &from_network))
}

fn tried(row: &Row) -> Result<Try> {
    Ok(Try { network: row.text("address")?, device: row.text("device")?, at: row.int("at")? })
}
