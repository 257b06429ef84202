//! The engine's switch and interval, and a run of everything at once.

use actix_web::web::Data;
use serde::Deserialize;

use crate::clock::SECOND;
use crate::i18n::{Key, Message};
use crate::runs::EngineSettings;
use crate::store::{connections, engine};
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::visit::Visit;
use crate::web::{Portal, erp, page};

#[derive(Deserialize)]
pub struct Switch {
    /// `true` or `false`; missing when only the interval is set.
    on: Option<String>,
    /// The interval as a number …
    every: Option<String>,
    /// … of minutes, hours or days.
    #[serde(default)]
    unit: String,
}

pub async fn update(visit: Visit, portal: Data<Portal>, Form(form): Form<Switch>) -> Answer {
    let seconds = match form.every.as_deref().map(|every| in_seconds(every.trim(), &form.unit)) {
        Some(None) => return page::redirect(&visit, "/sync", Key::ENGINE_BAD_INTERVAL),
        Some(Some(seconds)) => Some(seconds),
        None => None,
    };
    let mut tx = portal.store.begin().await?;
    if let Some(seconds) = seconds {
        engine::set_interval(&mut tx, &visit.actor(), seconds).await?;
    }
    match form.on.as_deref() {
        Some("true") => engine::switch_on(&mut tx, &visit.actor()).await?,
        Some("false") => engine::switch_off(&mut tx, &visit.actor()).await?,
        _ => {}
    }
    tx.commit().await?;
    portal.engine.wake();
    let saying = match form.on.as_deref() {
        Some("true") => Key::ENGINE_NOW_ON,
        Some("false") => Key::ENGINE_NOW_OFF,
        _ => Key::ENGINE_INTERVAL_SAVED,
    };
    page::redirect(&visit, "/sync", saying)
}

/// Sync now, all active connections; works with the engine off, too.
pub async fn create(visit: Visit, portal: Data<Portal>) -> Answer {
    let active = connections::list_active(&portal.store).await?;
    let mut count = 0;
    for connection in active {
        match portal.engine.sync_connection(&visit.actor(), connection.id).await {
            Ok(()) => count += 1,
            // Deactivated in between: nothing to do for it.
            Err(error) => match erp::not_done(&visit, error) {
                Ok(_) | Err(WebError::NotFound) => {}
                Err(error) => return Err(error),
            },
        }
    }
    page::redirect(
        &visit,
        "/sync",
        Message::from(Key::ENGINE_RUNS_ASKED).with("count", count as i64),
    )
}

fn in_seconds(every: &str, unit: &str) -> Option<i64> {
    let unit = match unit {
        "minutes" => 60,
        "hours" => 3_600,
        "days" => 86_400,
        _ => return None,
    };
    let seconds = every.parse::<i64>().ok()?.checked_mul(unit)?;
    let allowed = EngineSettings::SHORTEST / SECOND..=EngineSettings::LONGEST / SECOND;
    allowed.contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::in_seconds;

    #[test]
    fn intervals_lie_between_a_minute_and_a_week() {
        assert_eq!(in_seconds("1", "minutes"), Some(60));
        assert_eq!(in_seconds("7", "days"), Some(604_800));
        for (every, unit) in
            [("0", "minutes"), ("8", "days"), ("-1", "hours"), ("x", "hours"), ("1", "years")]
        {
            assert_eq!(in_seconds(every, unit), None, "{every} {unit}");
        }
    }
}
