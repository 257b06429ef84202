//! Settings of the whole portal, by name.

use super::row::args;
use super::{Read, Result, Tx};
use crate::history::{Action, Actor, Event, Subject};

const CRM_NAME: &str = "crm-name";

/// What the company calls its CRM; `None`: it has no name of its own.
pub async fn find_crm_name(db: impl Read) -> Result<Option<String>> {
    find_setting(db, CRM_NAME).await
}

/// Names the CRM; blank takes the name away.
pub async fn set_crm_name(tx: &mut Tx, actor: &Actor, name: &str) -> Result<()> {
    let name = name.trim();
    set_setting(tx, actor, CRM_NAME, (!name.is_empty()).then_some(name)).await
}

pub async fn find_setting(mut db: impl Read, name: &str) -> Result<Option<String>> {
    let row = db.row("SELECT value FROM setting WHERE name = $1", args![name]).await?;
    row.map(|row| row.text("value")).transpose()
}

/// Sets a setting, or removes it with `None`. Not for secrets: the history shows both values.
pub async fn set_setting(
    tx: &mut Tx,
    actor: &Actor,
    name: &str,
    value: Option<&str>,
) -> Result<()> {
    let before = find_setting(&mut *tx, name).await?;
    match value {
        Some(value) => {
            tx.execute_one(
                "INSERT INTO setting (name, value) VALUES ($1, $2) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                args![name, value],
            )
            .await?;
        }
        None => {
            tx.execute("DELETE FROM setting WHERE name = $1", args![name]).await?;
        }
    }
    let event = Event::new(Action::SettingChanged, Subject::only("portal")).changed(
        name,
        before.unwrap_or_default(),
        value.unwrap_or_default(),
    );
    if event.has_details() { tx.record(actor, &event).await } else { Ok(()) }
}
