//! Switching an ERP connection off; always possible.

use actix_web::web::{Data, Path};
use serde::Deserialize;
use validator::Validate;

use crate::connections::ConnectionId;
use crate::i18n::{Key, Message};
use crate::store::connections;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Default, Deserialize, Validate)]
#[serde(default)]
pub struct DeactivationForm {
    /// The page to come back to; blank: the Sync tab.
    #[validate(length(max = 300, code = "form-too-long"))]
    back: String,
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Form(form): Form<DeactivationForm>,
) -> Answer {
    let mut tx = portal.store.begin().await?;
    let found = connections::find(&mut tx, *id).await?;
    let connection = found.filter(|found| !found.is_deleted).ok_or(WebError::NotFound)?;
    // Switched off already, perhaps by somebody else a moment ago: nothing left to do.
    if connection.is_active {
        connections::deactivate(&mut tx, &visit.actor(), (connection.id, connection.version))
            .await?;
        tx.commit().await?;
    }
    let name = visit.pick(&connection.name);
    let to = match form.back.as_str() {
        _ if !Problems::of(&form).is_empty() => format!("/sync?connection={id}"),
        "" => format!("/sync?connection={id}"),
        back => page::own_path(back).to_owned(),
    };
    page::redirect(&visit, &to, Message::from(Key::DEACTIVATIONS_DONE).with("name", name))
}
