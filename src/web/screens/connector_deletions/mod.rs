//! Deleting a Sync Connector: the question before it, and the refusal while connections use it.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::connections::{ConnectorId, ErpConnection, SyncConnector};
use crate::i18n::{Key, Message};
use crate::store::{connections, connectors};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Template)]
#[template(path = "connector_deletions/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    connector: SyncConnector,
    /// The connections that stand in the way.
    uses: Vec<ErpConnection>,
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<ConnectorId>) -> Answer {
    page::show(&question(&visit, &portal, *id).await?)
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<ConnectorId>) -> Answer {
    let page = question(&visit, &portal, *id).await?;
    let connector = &page.connector;
    let mut tx = portal.store.begin().await?;
    let place = (connector.id, connector.version);
    let left = connectors::delete(&mut tx, &visit.actor(), place).await?;
    if !left.is_empty() {
        drop(tx);
        return page::show_again(&question(&visit, &portal, *id).await?);
    }
    tx.commit().await?;
    let saying = Message::from(Key::CONNECTORS_DELETED).with("name", &connector.name);
    page::redirect(&visit, "/sync", saying)
}

async fn question<'a>(
    visit: &'a Visit,
    portal: &Portal,
    id: ConnectorId,
) -> Result<NewPage<'a>, WebError> {
    let found = connectors::find(&portal.store, id).await?;
    let connector = found.filter(|found| !found.is_deleted).ok_or(WebError::NotFound)?;
    let mut uses = connections::list(&portal.store).await?;
    uses.retain(|connection| connection.connector_id == id);
    Ok(NewPage { visit, connector, uses })
}
