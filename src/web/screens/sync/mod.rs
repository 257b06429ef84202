//! The tab Sync of the screen Quote/Sync: Sync Connectors, ERP connections, and what is synchronised.

mod view;

use actix_web::web::{Data, Query};
use serde::Deserialize;

use self::view::{IndexPage, Row};
use crate::connections::{ConnectionId, ErpConnection};
use crate::links::Standing;
use crate::store::{access, connections, connectors, engine, links, mappings};
use crate::web::error::{Answer, WebError};
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
    let with_deleted = !query.deleted.is_empty();
    let (connectors, connections) = if with_deleted {
        let connectors = connectors::list_with_deleted(&portal.store).await?;
        (connectors, connections::list_with_deleted(&portal.store).await?)
    } else {
        (connectors::list(&portal.store).await?, connections::list(&portal.store).await?)
    };
    let standings = links::standings(&portal.store).await?;
    let mut rows = Vec::new();
    for connection in connections {
        let standing = standings.get(&connection.id).copied().unwrap_or_default();
        rows.push(row(&portal, connection, standing).await?);
    }
    let is_it = |row: &Row| Some(row.connection.id) == query.connection;
    let chosen = rows.iter().position(is_it).or((!rows.is_empty()).then_some(0));
    let mappings = match chosen.and_then(|place| rows.get(place)) {
        Some(row) => mappings::list(&portal.store, row.connection.id).await?,
        None => Vec::new(),
    };
    let has_licence = portal.licence_status().await?.valid().is_some();
    let engine = engine::settings(&portal.store).await?;
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    page::show(&IndexPage {
        visit: &visit,
        engine,
        connectors,
        rows,
        chosen,
        mappings,
        with_deleted,
        has_licence,
        may_write,
    })
}

async fn row(
    portal: &Portal,
    connection: ErpConnection,
    standing: Standing,
) -> Result<Row, WebError> {
    let grants = match connection.is_for_everyone {
        true => 0,
        false => access::list(&portal.store, connection.id).await?.len(),
    };
    Ok(Row { connection, grants, standing })
}
