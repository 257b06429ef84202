//! Bringing a deleted CRM field back, with the values that records kept.

use actix_web::web::{Data, Path};

use crate::crm::fields::{CustomField, CustomFieldId};
use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::{crm_field_changes, crm_fields};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, captions, page, records};

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<CustomFieldId>) -> Answer {
    let found = crm_fields::find(&portal.store, *id).await?;
    let custom = found.ok_or(WebError::NotFound)?;
    let name = captions::field(&visit, &custom.field);
    let to = records::fields_of(custom.field.record);
    let saying = |key: Key| Message::from(key).with("name", name.as_str());
    if !custom.is_deleted {
        return page::redirect(&visit, &to, saying(Key::CRM_FIELD_RESTORATIONS_DONE));
    }
    let mut tx = portal.store.begin().await?;
    let seen = (custom.id, custom.version);
    match crm_field_changes::restore(&mut tx, &visit.actor(), seen).await {
        Err(StoreError::Taken) => {
            let saying = saying(Key::CRM_FIELD_RESTORATIONS_TAKEN);
            return page::redirect_warning(&visit, &to, saying);
        }
        Err(StoreError::Full) => {
            let saying = saying(Key::CRM_FIELD_RESTORATIONS_FULL);
            return page::redirect_warning(&visit, &to, saying.with("max", CustomField::MOST));
        }
        done => done?,
    }
    tx.commit().await?;
    page::redirect(&visit, &to, saying(Key::CRM_FIELD_RESTORATIONS_DONE))
}
