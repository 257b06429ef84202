//! Sync now, for one connection; works with the engine off, and takes a paused connection up again.

use actix_web::web::{Data, Path};

use crate::connections::ConnectionId;
use crate::i18n::{Key, Message};
use crate::web::error::Answer;
use crate::web::visit::Visit;
use crate::web::{Portal, erp, page};

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let to = format!("/sync?connection={id}");
    match portal.engine.sync_connection(&visit.actor(), *id).await {
        Ok(()) => {
            page::redirect(&visit, &to, Message::from(Key::ENGINE_RUNS_ASKED).with("count", 1i64))
        }
        Err(error) => {
            let why = erp::not_done(&visit, error)?;
            page::redirect_warning(&visit, &to, Message::from(Key::ENGINE_NOT_ASKED).with("why", why))
        }
    }
}
