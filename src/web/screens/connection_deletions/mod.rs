//! Deleting an ERP connection: the question before it, and telling the connector.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::i18n::{Key, Message};
use crate::store::connections;
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, failure, found, page};

#[derive(Template)]
#[template(path = "connection_deletions/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    connection: &'a ErpConnection,
}

impl NewPage<'_> {
    fn question(&self) -> String {
        self.visit.t.connection_deletions_question(self.visit.pick(&self.connection.name))
    }
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    page::show(&NewPage { visit: &visit, connection: &connection })
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    if connection.is_active {
        return page::show_again(&NewPage { visit: &visit, connection: &connection });
    }
    let mut tx = portal.store.begin().await?;
    connections::delete(&mut tx, &visit.actor(), (connection.id, connection.version)).await?;
    tx.commit().await?;
    let name = visit.pick(&connection.name);
    let saying = match tell(&portal, &connection).await? {
        Ok(()) => Message::from(Key::CONNECTION_DELETIONS_DONE).with("name", name),
        // It is deleted here all the same: a connector that is gone for good must not keep it alive.
        Err(why) => Message::from(Key::CONNECTION_DELETIONS_DONE_UNTOLD)
            .with("name", name)
            .with("why", visit.say(&failure::message(&why, visit.language))),
    };
    page::redirect(&visit, "/sync", saying)
}

/// The connector is to forget the configuration.
async fn tell(
    portal: &Portal,
    connection: &ErpConnection,
) -> Result<Result<(), Failure>, WebError> {
    Ok(match portal.engine.connector_of(connection, Patience::Interactive).await? {
        Ok(client) => client.delete().await.map(|_| ()),
        Err(failure) => Err(failure),
    })
}
