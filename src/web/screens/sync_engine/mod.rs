//! The engine: its switch and interval, a run of everything at once, and how the last runs ended.

mod view;

use actix_web::web::Data;
use serde::Deserialize;

use self::view::{EditPage, Run};
use crate::clock::SECOND;
use crate::connections::ErpConnection;
use crate::i18n::{Key, Message};
use crate::store::{connections, engine, jobs};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::intervals::{self, Interval};
use crate::web::visit::Visit;
use crate::web::{Portal, erp, guard, page};

#[derive(Deserialize)]
pub struct Switch {
    /// `true` or `false`; missing when only the interval is set.
    on: Option<String>,
    /// The interval as a number …
    every: Option<String>,
    /// … of minutes, hours or days.
    #[serde(default)]
    unit: String,
    /// The interval the form was made of, in seconds.
    #[serde(default)]
    version: String,
}

pub async fn edit(visit: Visit, portal: Data<Portal>) -> Answer {
    let settings = engine::settings(&portal.store).await?;
    let Interval { count, unit } = Interval::of(&settings);
    show(&visit, &portal, count.to_string(), unit, Problems::default()).await
}

pub async fn update(visit: Visit, portal: Data<Portal>, Form(form): Form<Switch>) -> Answer {
    match (form.on.as_deref(), form.every) {
        (Some(on @ ("true" | "false")), None) => switch(&visit, &portal, on == "true").await,
        (None, Some(every)) => {
            set_interval(&visit, &portal, every, &form.unit, &form.version).await
        }
        _ => Err(WebError::BadRequest),
    }
}

async fn switch(visit: &Visit, portal: &Portal, on: bool) -> Answer {
    let mut tx = portal.store.begin().await?;
    let saying = if on {
        engine::switch_on(&mut tx, &visit.actor()).await?;
        Key::ENGINE_NOW_ON
    } else {
        engine::switch_off(&mut tx, &visit.actor()).await?;
        Key::ENGINE_NOW_OFF
    };
    tx.commit().await?;
    portal.engine.wake();
    page::redirect(visit, "/sync", saying)
}

async fn set_interval(
    visit: &Visit,
    portal: &Portal,
    every: String,
    unit: &str,
    version: &str,
) -> Answer {
    let Some(seconds) = intervals::in_seconds(&every, unit) else {
        let problems = Problems::one("every", Key::ENGINE_BAD_INTERVAL);
        return show(visit, portal, every, unit, problems).await;
    };
    let mut tx = portal.store.begin().await?;
    let saved = engine::settings(&mut tx).await?.interval / SECOND;
    // Where both say the same, nothing of either is lost.
    if seconds != saved && version != saved.to_string() {
        drop(tx);
        let problems = Problems::default();
        let page = edit_page(visit, portal, every, unit, problems).await?;
        return page::show_conflict(&EditPage { yours: Some(seconds), ..page });
    }
    engine::set_interval(&mut tx, &visit.actor(), seconds).await?;
    tx.commit().await?;
    portal.engine.wake();
    page::redirect(visit, "/sync/engine", Key::ENGINE_INTERVAL_SAVED)
}

/// Sync now, all active connections; works with the engine off, too.
pub async fn create(visit: Visit, portal: Data<Portal>) -> Answer {
    let active = connections::list_active(&portal.store).await?;
    let mut count = 0_i64;
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
    let saying = Message::from(Key::ENGINE_RUNS_ASKED).with("count", count);
    match count {
        0 => page::redirect_warning(&visit, "/sync", saying),
        _ => page::redirect(&visit, "/sync", saying),
    }
}

async fn show(
    visit: &Visit,
    portal: &Portal,
    every: String,
    unit: &str,
    problems: Problems,
) -> Answer {
    let page = edit_page(visit, portal, every, unit, problems).await?;
    if page.problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
}

async fn edit_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    every: String,
    unit: &'a str,
    problems: Problems,
) -> Result<EditPage<'a>, WebError> {
    let mut runs = Vec::new();
    for connection in connections::list(&portal.store).await? {
        runs.push(run_of(portal, connection).await?);
    }
    let settings = engine::settings(&portal.store).await?;
    let may_write = guard::may_change_sync(portal, visit).await?;
    let yours = None;
    Ok(EditPage { visit, settings, every, unit, problems, runs, may_write, yours })
}

async fn run_of(portal: &Portal, connection: ErpConnection) -> Result<Run, WebError> {
    let store = &portal.store;
    Ok(Run {
        last: jobs::list_ended(store, connection.id, 1).await?.pop(),
        is_running: jobs::find_running(store, connection.id).await?.is_some(),
        next: jobs::find_waiting(store, connection.id).await?.map(|job| job.due_at),
        connection,
    })
}
