//! The engine: its switch and interval, a run of everything at once, and how the last runs ended.

mod view;

use actix_web::web::Data;
use serde::Deserialize;
use validator::{Validate, ValidationError};

use self::view::{EditPage, Run};
use crate::clock::SECOND;
use crate::i18n::{Key, Message};
use crate::runs::Task;
use crate::store::{connections, engine, jobs};
use crate::web::error::{Answer, WebError};
use crate::web::form::{self, Form, Problems};
use crate::web::intervals::{self, Interval};
use crate::web::next_run::NextRun;
use crate::web::visit::Visit;
use crate::web::{Portal, erp, guard, page};

#[derive(Default, Deserialize, Validate)]
#[serde(default)]
pub struct EngineForm {
    /// `true` or `false`; missing when only the interval is set.
    #[validate(custom(function = yes_or_no))]
    on: Option<String>,
    /// The interval as a number …
    every: String,
    /// … of minutes, hours or days.
    unit: String,
    /// The interval the form was made of, in seconds; missing from the switch.
    #[validate(custom(function = form::known_version))]
    version: Option<String>,
}

fn yes_or_no(on: &str) -> Result<(), ValidationError> {
    match on {
        "true" | "false" => Ok(()),
        _ => Err(ValidationError::new(Key::FORM_INVALID.id())),
    }
}

pub async fn edit(visit: Visit, portal: Data<Portal>) -> Answer {
    let settings = engine::settings(&portal.store).await?;
    let Interval { count, unit } = Interval::of(&settings);
    page::show(&edit_page(&visit, &portal, count.to_string(), unit, Problems::default()).await?)
}

pub async fn update(visit: Visit, portal: Data<Portal>, Form(form): Form<EngineForm>) -> Answer {
    let problems = Problems::of(&form);
    match form.on.as_deref() {
        Some(on) if problems.is_empty() && form.every.is_empty() => {
            switch(&visit, &portal, on == "true").await
        }
        _ => set_interval(&visit, &portal, form, problems).await,
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
    form: EngineForm,
    mut problems: Problems,
) -> Answer {
    let EngineForm { every, unit, version, .. } = form;
    let seconds = intervals::in_seconds(&every, &unit);
    if seconds.is_none() {
        problems.add("every", Key::ENGINE_BAD_INTERVAL);
    }
    let mut tx = portal.store.begin().await?;
    tx.alone().await?;
    let saved = engine::settings(&mut tx).await?.interval / SECOND;
    if version.is_none() && problems.is_empty() {
        problems.add(form::VERSION, Key::FORM_NO_VERSION);
    }
    // Where both say the same, nothing of either is lost.
    let is_newer = version.as_ref().is_some_and(|version| *version != saved.to_string());
    let is_fine = |seconds: &i64| problems.is_empty() && (!is_newer || *seconds == saved);
    let Some(seconds) = seconds.filter(is_fine) else {
        drop(tx);
        let page = edit_page(visit, portal, every, &unit, problems).await?;
        // What cannot be compared is still to be sent on top of what its editor saw.
        let version = version.filter(|_| seconds.is_none()).unwrap_or(page.version);
        let page = EditPage { version, yours: seconds, ..page };
        return page::show_overtaken(&page, &page.problems);
    };
    engine::set_interval(&mut tx, &visit.actor(), seconds).await?;
    tx.commit().await?;
    portal.engine.wake();
    page::redirect(visit, "/sync/engine", Key::ENGINE_INTERVAL_SAVED)
}

#[derive(Default, Deserialize, Validate)]
#[serde(default)]
pub struct RunForm {
    /// `true`: although the engine is off.
    #[validate(custom(function = yes_or_no))]
    force: Option<String>,
}

/// A run of all active connections: Sync now while the engine is on, Force sync while it is off. Whoever pressed
/// the one while the other applies has a page from before the switch, and is told so.
pub async fn create(visit: Visit, portal: Data<Portal>, Form(form): Form<RunForm>) -> Answer {
    let is_on = engine::settings(&portal.store).await?.is_on;
    match (is_on, form.force.as_deref() == Some("true")) {
        _ if form.validate().is_err() => return Err(WebError::BadRequest),
        (false, false) => return page::redirect_warning(&visit, "/sync", Key::ENGINE_IS_OFF),
        (true, true) => return page::redirect_warning(&visit, "/sync", Key::ENGINE_IS_ON),
        _ => {}
    }
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

async fn edit_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    every: String,
    unit: &'a str,
    problems: Problems,
) -> Result<EditPage<'a>, WebError> {
    let settings = engine::settings(&portal.store).await?;
    let open = jobs::list_open(&portal.store).await?;
    let mut runs = Vec::new();
    for connection in connections::list(&portal.store).await? {
        let ended = jobs::list_ended(&portal.store, connection.id, Task::Sync, 1).await?;
        let next = NextRun::of(&connection, &open, settings.is_on);
        runs.push(Run { connection, last: ended.into_iter().next(), next });
    }
    let may_write = guard::may_change_sync(portal, visit).await?;
    let (version, yours, now) =
        ((settings.interval / SECOND).to_string(), None, portal.clock().now());
    Ok(EditPage { visit, now, settings, every, unit, version, problems, runs, may_write, yours })
}
