//! Bringing a deleted Sync Connector back.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::connections::{ConnectorId, SyncConnector};
use crate::i18n::{Key, Message};
use crate::store::connectors;
use crate::store::error::StoreError;
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

/// Why it cannot come back as it is.
#[derive(Template)]
#[template(path = "connector_restorations/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    connector: SyncConnector,
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<ConnectorId>) -> Answer {
    let found = connectors::find(&portal.store, *id).await?;
    let connector = found.filter(|found| found.is_deleted).ok_or(WebError::NotFound)?;
    let mut tx = portal.store.begin().await?;
    let place = (connector.id, connector.version);
    match connectors::restore(&mut tx, &visit.actor(), place).await {
        Err(StoreError::Taken) => return page::show_again(&NewPage { visit: &visit, connector }),
        other => other?,
    }
    tx.commit().await?;
    let saying = Message::from(Key::CONNECTORS_RESTORED).with("name", &connector.name);
    page::redirect(&visit, "/sync", saying)
}
