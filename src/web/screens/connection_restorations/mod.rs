//! Bringing a deleted ERP connection back, with its links; its connector too, if that was deleted.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::{connections, connectors};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, failure, page};

/// Why it cannot come back as it is.
#[derive(Template)]
#[template(path = "connection_restorations/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    connection: &'a ErpConnection,
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let found = connections::find(&portal.store, *id).await?;
    let connection = found.filter(|found| found.is_deleted).ok_or(WebError::NotFound)?;
    match restore(&visit, &portal, &connection).await {
        Err(StoreError::Taken) => {
            return page::show_again(&NewPage { visit: &visit, connection: &connection });
        }
        other => other?,
    }
    let name = visit.pick(&connection.name);
    let saying = match resend(&portal, &connection).await? {
        Ok(()) => Message::from(Key::CONNECTION_RESTORATIONS_DONE).with("name", name),
        Err(why) => Message::from(Key::CONNECTION_RESTORATIONS_DONE_UNSENT)
            .with("name", name)
            .with("why", visit.say(&failure::message(&why, visit.language))),
    };
    page::redirect(&visit, &format!("/sync?connection={id}"), saying)
}

/// [`StoreError::Taken`]: its connector was deleted, and another one has that name by now.
async fn restore(
    visit: &Visit,
    portal: &Portal,
    connection: &ErpConnection,
) -> Result<(), StoreError> {
    let actor = visit.actor();
    let mut tx = portal.store.begin().await?;
    let connector = connectors::find(&mut tx, connection.connector_id).await?;
    if let Some(connector) = connector.filter(|connector| connector.is_deleted) {
        connectors::restore(&mut tx, &actor, (connector.id, connector.version)).await?;
    }
    connections::restore(&mut tx, &actor, (connection.id, connection.version)).await?;
    tx.commit().await
}

/// The connector was told to forget the configuration, so it gets it again.
async fn resend(
    portal: &Portal,
    connection: &ErpConnection,
) -> Result<Result<(), Failure>, WebError> {
    Ok(match portal.engine.connector_of(connection, Patience::Interactive).await? {
        Ok(client) => client.save().await.map(|_| ()),
        Err(failure) => Err(failure),
    })
}
