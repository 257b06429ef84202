//! The linked records of a connection by how they stand: all of them, those that wait, those that fail and why.

mod view;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::view::IndexPage;
use crate::connections::ConnectionId;
use crate::crm::{Record, RecordId};
use crate::links::LinkState;
use crate::store::page::{PAGE, Place};
use crate::store::standings::{self, Filter};
use crate::store::{connections, crm};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, guard, page};

#[derive(Deserialize)]
pub struct Listing {
    #[serde(default)]
    state: String,
    #[serde(default)]
    search: String,
    after: Option<RecordId>,
    before: Option<RecordId>,
}

pub async fn index(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    query: Query<Listing>,
) -> Answer {
    let store = &portal.store;
    let connection = connections::find(store, *id).await?.ok_or(WebError::NotFound)?;
    let state = LinkState::parse(&query.state).unwrap_or_default();
    let search: String = query.search.trim().chars().take(200).collect();
    let place = Place::of(query.after, query.before);
    let filter = Filter { state, search: &search };
    let found = standings::page(store, *id, filter, place, PAGE).await?;
    let ids: Vec<RecordId> = found.items.iter().map(|link| link.record_id).collect();
    let records = crm::list_by_ids(store, &ids).await?;
    let records: BTreeMap<RecordId, Record> = records.into_iter().map(|r| (r.id, r)).collect();
    page::show(&IndexPage {
        visit: &visit,
        standing: standings::find(store, *id).await?,
        may_see_erp: guard::may_see_erp(&portal, &visit).await?,
        connection,
        state,
        search: search.clone(),
        found,
        records,
    })
}
