//! The runs of a connection: what is going on, which records could not be synchronised and why, what the last
//! runs did. Sync now works with the engine off, and takes a paused connection up again.

mod view;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::view::{Failing, IndexPage};
use crate::connections::ConnectionId;
use crate::crm::{Record, RecordId};
use crate::i18n::{Key, Message};
use crate::links::LinkId;
use crate::runs::Task;
use crate::store::page::PAGE;
use crate::store::{connections, crm, engine, jobs, links};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, erp, guard, page};

#[derive(Deserialize)]
pub struct Listing {
    /// The failing records behind this link.
    #[serde(default)]
    after: LinkId,
}

pub async fn index(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    listing: Query<Listing>,
) -> Answer {
    let store = &portal.store;
    let connection = connections::find(store, *id).await?.ok_or(WebError::NotFound)?;
    let mut failing = links::list_failing(store, *id, listing.after, PAGE + 1).await?;
    let has_more = failing.len() > PAGE as usize;
    failing.truncate(PAGE as usize);
    let ids: Vec<RecordId> = failing.iter().map(|link| link.record_id).collect();
    let records = crm::list_by_ids(store, &ids).await?;
    let records: BTreeMap<RecordId, Record> = records.into_iter().map(|r| (r.id, r)).collect();
    page::show(&IndexPage {
        visit: &visit,
        may_write: guard::may_change_sync(&portal, &visit).await?,
        may_see_erp: guard::may_see_erp(&portal, &visit).await?,
        is_on: engine::settings(store).await?.is_on,
        running: jobs::find_running(store, *id, Task::Sync).await?,
        waiting: jobs::find_waiting(store, *id, Task::Sync).await?,
        ended: jobs::list_ended(store, *id, Task::Sync, PAGE).await?,
        failing: failing.into_iter().map(|link| Failing::new(link, &records)).collect(),
        after: listing.after,
        has_more,
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
