//! Ending one of one's own sessions somewhere else.

use actix_web::web::{Data, Path};

use crate::i18n::Key;
use crate::store::error::StoreError;
use crate::store::sessions;
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

pub async fn delete(visit: Visit, portal: Data<Portal>, sid: Path<i64>) -> Answer {
    let mut tx = portal.store.begin().await?;
    let ended = sessions::end_session(&mut tx, &visit.actor(), visit.person()?.id, *sid).await;
    match ended {
        Ok(()) => tx.commit().await?,
        // Ended by itself meanwhile, or somebody else's.
        Err(StoreError::Overtaken) => return Err(WebError::NotFound),
        Err(error) => return Err(error.into()),
    }
    page::redirect(&visit, "/account", Key::SESSIONS_ENDED_ONE)
}
