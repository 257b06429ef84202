//! The installed licence file, and who has a seat. How many seats there are is the caller's to know: it
//! takes the issuer's key to tell.

use super::error::StoreError;
use super::row::args;
use super::{Read, Result, Tx, users};
use crate::clock::Millis;
use crate::history::{Action, Actor, Event, Subject};
use crate::licence::Licence;
use crate::users::{Role, User, UserId};

/// Held by whoever changes how many seats there are or are taken.
const SEATS: &str = "seats";

/// The licence file as somebody installed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledLicence {
    pub file: String,
    pub installed_at: Millis,
    pub installed_by: String,
}

pub async fn find_licence(mut db: impl Read) -> Result<Option<InstalledLicence>> {
    let sql = "SELECT file, installed_at, installed_by FROM licence WHERE id = 1";
    let Some(row) = db.row(sql, args![]).await? else { return Ok(None) };
    Ok(Some(InstalledLicence {
        file: row.text("file")?,
        installed_at: row.int("installed_at")?,
        installed_by: row.text("installed_by")?,
    }))
}

/// Installs a file that was verified to say this. `NoFreeSeat` when more seats are taken than it has.
pub async fn install_licence(
    tx: &mut Tx,
    actor: &Actor,
    file: &str,
    licence: &Licence,
) -> Result<()> {
    tx.lock(SEATS).await?;
    if count_seats(&mut *tx).await? > licence.seats {
        return Err(StoreError::NoFreeSeat);
    }
    let old = find_licence(&mut *tx).await?;
    tx.execute_one(
        "INSERT INTO licence (id, file, installed_at, installed_by) VALUES (1, $1, $2, $3) \
         ON CONFLICT (id) DO UPDATE SET file = excluded.file, installed_at = excluded.installed_at, \
         installed_by = excluded.installed_by",
        args![file, tx.clock().now(), &actor.name],
    )
    .await?;
    let event = Event::new(Action::LicenceInstalled, Subject::only("licence"));
    let event = details(licence).fold(event, |event, (field, value)| event.after(field, value));
    let event = match old.and_then(|old| crate::licence::contents(&old.file)) {
        Some(old) => details(&old).fold(event, |event, (field, value)| event.before(field, value)),
        None => event,
    };
    tx.record(actor, &event).await
}

fn details(licence: &Licence) -> impl Iterator<Item = (&'static str, String)> {
    [
        ("customer", licence.customer.clone()),
        ("edition", licence.edition.clone()),
        ("seats", licence.seats.to_string()),
        ("expires", licence.expires.to_string()),
    ]
    .into_iter()
}

/// How many seats are taken.
pub async fn count_seats(mut db: impl Read) -> Result<i64> {
    let row = db.row("SELECT COUNT(*) AS n FROM app_user WHERE has_seat", args![]).await?;
    row.map_or(Ok(0), |row| row.int("n"))
}

/// Gives somebody a seat of the licence as it is at this moment; `seats_of` says how many seats a licence
/// file (`None`: there is none) has. `NoFreeSeat` when all are taken; `Overtaken` when the person is disabled
/// or has a role that needs none.
pub async fn assign_seat(
    tx: &mut Tx,
    actor: &Actor,
    user: UserId,
    seats_of: impl FnOnce(Option<&str>) -> i64,
) -> Result<()> {
    tx.lock(SEATS).await?;
    // Only now: another licence may have been installed while this waited.
    let licence = find_licence(&mut *tx).await?;
    let seats = seats_of(licence.as_ref().map(|licence| licence.file.as_str()));
    let found = get_user(tx, user).await?;
    if found.has_seat {
        return Ok(());
    }
    if found.is_disabled || found.role != Role::User {
        return Err(StoreError::Overtaken);
    }
    if count_seats(&mut *tx).await? >= seats {
        return Err(StoreError::NoFreeSeat);
    }
    let sql =
        "UPDATE app_user SET has_seat = $2 WHERE id = $1 AND NOT is_disabled AND role = 'user'";
    tx.execute_one(sql, args![user, true]).await?;
    let event = Event::new(Action::SeatAssigned, Subject::new("user", user, found.name));
    tx.record(actor, &event).await
}

/// Takes somebody's seat, from the very next request.
pub async fn take_seat(tx: &mut Tx, actor: &Actor, user: UserId) -> Result<()> {
    tx.lock(SEATS).await?;
    let found = get_user(tx, user).await?;
    if !found.has_seat {
        return Ok(());
    }
    tx.execute_one("UPDATE app_user SET has_seat = $2 WHERE id = $1", args![user, false]).await?;
    let event = Event::new(Action::SeatTaken, Subject::new("user", user, found.name));
    tx.record(actor, &event).await
}

async fn get_user(tx: &mut Tx, id: UserId) -> Result<User> {
    users::find_user(&mut *tx, id).await?.ok_or(StoreError::Overtaken)
}
