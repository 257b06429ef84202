//! Sync now, for one linked record; works with the engine off, too.

use actix_web::web::{Data, Path};

use crate::connections::ConnectionId;
use crate::crm::RecordId;
use crate::i18n::{Key, Message};
use crate::store::links;
use crate::web::error::{Answer, WebError};
use crate::web::records::Kind;
use crate::web::visit::Visit;
use crate::web::{Portal, erp, page};

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
) -> Answer {
    let (id, connection) = path.into_inner();
    erp::record(&portal, kind, id).await?;
    erp::usable(&portal, &visit, connection).await?;
    let link =
        links::find_by_record(&portal.store, connection, id).await?.ok_or(WebError::NotFound)?;
    let to = format!("/{}/{id}/erp", kind.path());
    let (engine, heard) = portal.engine.listening();
    let why = match engine.sync_record(&visit.actor(), link.id).await {
        Ok(synced) => match synced.failure {
            None => return erp::redirect(&visit, &to, Key::ERP_SYNCED.into(), &heard),
            Some(reason) => erp::reason(&visit, &reason),
        },
        Err(error) => erp::not_done(&visit, error)?,
    };
    page::redirect_warning(&visit, &to, Message::from(Key::ERP_NOT_SYNCED).with("why", why))
}
