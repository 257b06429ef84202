//! The tab Sync of the screen Quote/Sync: Sync Connectors, ERP connections, and what is synchronised.

mod summary;
mod view;

use actix_web::web::{Data, Query};
use serde::Deserialize;

use self::view::{IndexPage, Row};
use crate::connections::{ConnectionId, ErpConnection};
use crate::links::Standing;
use crate::store::{access, connections, connectors, engine, jobs, mappings, standings};
use crate::web::error::{Answer, WebError};
use crate::web::next_run::NextRun;
use crate::web::visit::Visit;
use crate::web::{Portal, guard, page};

#[derive(Deserialize)]
pub struct Listing {
    /// The one whose summary is shown.
    connection: Option<ConnectionId>,
    /// Deleted ones too, when there is anything in it.
    #[serde(default)]
    deleted: String,
}

pub async fn index(visit: Visit, portal: Data<Portal>, query: Query<Listing>) -> Answer {
    let asked = match query.connection {
        Some(id) => connections::find(&portal.store, id).await?,
        None => None,
    };
    // A deleted one is shown among the deleted ones.
    let with_deleted =
        !query.deleted.is_empty() || asked.as_ref().is_some_and(|asked| asked.is_deleted);
    let (connectors, connections) = if with_deleted {
        let connectors = connectors::list_with_deleted(&portal.store).await?;
        (connectors, connections::list_with_deleted(&portal.store).await?)
    } else {
        (connectors::list(&portal.store).await?, connections::list(&portal.store).await?)
    };
    let engine = engine::settings(&portal.store).await?;
    let standings = standings::list(&portal.store).await?;
    let open = jobs::list_open(&portal.store).await?;
    let mut rows = Vec::new();
    for connection in connections {
        let standing = standings.get(&connection.id).copied().unwrap_or_default();
        let next = NextRun::of(&connection, &open, engine.is_on);
        rows.push(row(&portal, connection, standing, next).await?);
    }
    let chosen = match query.connection {
        Some(id) => rows.iter().position(|row| row.connection.id == id),
        None => (!rows.is_empty()).then_some(0),
    };
    let mappings = match chosen.and_then(|place| rows.get(place)) {
        Some(row) => mappings::list(&portal.store, row.connection.id).await?,
        None => Vec::new(),
    };
    page::show(&IndexPage {
        visit: &visit,
        now: portal.clock().now(),
        engine,
        connectors,
        rows,
        chosen,
        is_unknown: query.connection.is_some() && chosen.is_none(),
        mappings,
        with_deleted,
        has_licence: portal.licence_status().await?.valid().is_some(),
        may_write: guard::may_change_sync(&portal, &visit).await?,
    })
}

async fn row(
    portal: &Portal,
    connection: ErpConnection,
    standing: Standing,
    next: NextRun,
) -> Result<Row, WebError> {
    let grants = match connection.is_for_everyone {
        true => 0,
        false => access::list(&portal.store, connection.id).await?.len(),
    };
    Ok(Row { connection, grants, standing, next })
}
