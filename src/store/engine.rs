//! The engine's switch, its interval, and the order in which the sides of a conflict rank.

use super::row::args;
use super::settings::find_setting;
use super::{Read, Result, Tx};
use crate::clock::SECOND;
use crate::history::{Action, Actor, Event, Subject};
use crate::runs::EngineSettings;

const SWITCH: &str = "engine";
/// In seconds.
const INTERVAL: &str = "engine-interval";
const PRIORITY: &str = "sync-priority";

pub async fn settings(mut db: impl Read) -> Result<EngineSettings> {
    let sql = "SELECT name, value FROM setting WHERE name IN ($1, $2)";
    let mut settings = EngineSettings::default();
    for row in db.rows(sql, args![SWITCH, INTERVAL]).await? {
        let value = row.text("value")?;
        if row.text("name")? == SWITCH {
            settings.is_on = value == "on";
        } else if let Ok(seconds) = value.parse::<i64>() {
            settings.interval = seconds.saturating_mul(SECOND);
        }
    }
    settings.interval = settings.interval.clamp(EngineSettings::SHORTEST, EngineSettings::LONGEST);
    Ok(settings)
}

/// Switches the engine on. Nothing happens when it is.
pub async fn switch_on(tx: &mut Tx, actor: &Actor) -> Result<()> {
    switch(tx, actor, "on", Action::EngineSwitchedOn).await
}

/// Switches the engine off; a run that is going on comes to its end.
pub async fn switch_off(tx: &mut Tx, actor: &Actor) -> Result<()> {
    switch(tx, actor, "off", Action::EngineSwitchedOff).await
}

async fn switch(tx: &mut Tx, actor: &Actor, to: &str, action: Action) -> Result<()> {
    if settings(&mut *tx).await?.is_on == (to == "on") {
        return Ok(());
    }
    tx.record(actor, &Event::new(action, Subject::only("engine"))).await?;
    set(tx, SWITCH, to).await
}

/// Sets the time between two runs of a connection, in seconds.
pub async fn set_interval(tx: &mut Tx, actor: &Actor, seconds: i64) -> Result<()> {
    let before = settings(&mut *tx).await?.interval / SECOND;
    let event = Event::new(Action::IntervalChanged, Subject::only("engine")).changed(
        "seconds",
        before.to_string(),
        seconds.to_string(),
    );
    if !event.has_details() {
        return Ok(());
    }
    tx.record(actor, &event).await?;
    set(tx, INTERVAL, &seconds.to_string()).await
}

/// The sync priority as it is stored; blank: nobody has set one.
pub async fn priority(db: impl Read) -> Result<String> {
    Ok(find_setting(db, PRIORITY).await?.unwrap_or_default())
}

/// Sets the sync priority. `before` and `after` say the order in names, for the history.
pub async fn set_priority(
    tx: &mut Tx,
    actor: &Actor,
    stored: &str,
    (before, after): (&str, &str),
) -> Result<()> {
    let event = Event::new(Action::PriorityChanged, Subject::only("priority"))
        .changed("order", before, after);
    if !event.has_details() {
        return Ok(());
    }
    tx.record(actor, &event).await?;
    set(tx, PRIORITY, stored).await
}

async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute_one(sql, args![name, value]).await
}
