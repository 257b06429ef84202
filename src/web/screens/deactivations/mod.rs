//! Switching an ERP connection off; always possible.

use actix_web::web::{Data, Path};

use crate::connections::ConnectionId;
use crate::i18n::{Key, Message};
use crate::store::connections;
use crate::web::back::Back;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::visit::Visit;
use crate::web::{Portal, page};

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Form(back): Form<Back>,
) -> Answer {
    let mut tx = portal.store.begin().await?;
    let found = connections::find(&mut tx, *id).await?;
    let connection = found.filter(|found| !found.is_deleted).ok_or(WebError::NotFound)?;
    // Switched off already, perhaps by somebody else a moment ago: nothing left to do, and nothing to undo.
    let undo = connection.is_active.then(|| format!("/connections/{id}/activations"));
    if connection.is_active {
        connections::deactivate(&mut tx, &visit.actor(), (connection.id, connection.version))
            .await?;
        tx.commit().await?;
    }
    let usual = format!("/sync?connection={id}");
    let name = visit.pick(&connection.name);
    let saying = Message::from(Key::DEACTIVATIONS_DONE).with("name", name);
    page::redirect_undoable(&visit, back.or(&usual), saying, undo)
}
