//! Bringing a resync to an end before its end, while it counts or while it writes.

use actix_web::web::{Data, Path};

use crate::connections::ConnectionId;
use crate::i18n::Key;
use crate::runs::resync::ResyncId;
use crate::sync::resync::NotAsked;
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, ResyncId)>,
) -> Answer {
    let (id, resync) = path.into_inner();
    let to = format!("/connections/{id}/resyncs/{resync}");
    match portal.engine.stop_resync(&visit.actor(), (id, resync)).await {
        Ok(true) => page::redirect(&visit, &to, Key::RESYNCS_STOPPING),
        Ok(false) => page::redirect(&visit, &to, Key::RESYNCS_OVER_ALREADY),
        Err(NotAsked::Store(error)) => Err(error.into()),
        Err(_) => Err(WebError::NotFound),
    }
}
