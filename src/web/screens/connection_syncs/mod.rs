//! The runs of a connection: what is going on, how its records stand, what the last runs did. Sync now works with
//! the engine off, and takes a paused connection up again.

mod view;

use actix_web::web::{Data, Path};

use self::view::IndexPage;
use crate::connections::ConnectionId;
use crate::i18n::{Key, Message};
use crate::runs::Task;
use crate::store::page::PAGE;
use crate::store::{connections, engine, jobs, standings};
use crate::web::error::{Answer, WebError};
use crate::web::next_run::NextRun;
use crate::web::visit::Visit;
use crate::web::{Portal, erp, guard, health, page};

pub async fn index(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let store = &portal.store;
    let connection = connections::find(store, *id).await?.ok_or(WebError::NotFound)?;
    let is_on = engine::settings(store).await?.is_on;
    let standing = standings::find(store, *id).await?;
    page::show(&IndexPage {
        visit: &visit,
        may_write: guard::may_change_sync(&portal, &visit).await?,
        now: portal.clock().now(),
        next: NextRun::of(&connection, &jobs::list_open(store).await?, is_on),
        ended: jobs::list_ended(store, *id, Task::Sync, PAGE).await?,
        figures: health::figures(&visit, *id, &standing),
        connection,
    })
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let to = format!("/connections/{id}/syncs");
    match portal.engine.sync_connection(&visit.actor(), *id).await {
        Ok(()) => {
            page::redirect(&visit, &to, Message::from(Key::ENGINE_RUNS_ASKED).with("count", 1i64))
        }
        Err(error) => {
            let why = erp::not_done(&visit, error)?;
            page::redirect_warning(
                &visit,
                &to,
                Message::from(Key::ENGINE_NOT_ASKED).with("why", why),
            )
        }
    }
}
