//! Deleting a CRM field: the question before it, with how many records hold a value and where it is mapped.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::crm::fields::{CustomField, CustomFieldId};
use crate::i18n::{Key, Message, named};
use crate::store::crm_field_changes;
use crate::store::crm_fields::{self, Holders, Use};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, captions, page};

#[derive(Template)]
#[template(path = "crm_field_deletions/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    custom: &'a CustomField,
    holders: Holders,
    uses: Vec<Use>,
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<CustomFieldId>) -> Answer {
    let custom = &get(&portal, *id).await?;
    let holders = crm_fields::count_holders(&portal.store, custom).await?;
    let uses = crm_fields::list_uses(&portal.store, custom.id).await?;
    page::show(&NewPage { visit: &visit, custom, holders, uses })
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<CustomFieldId>) -> Answer {
    let custom = get(&portal, *id).await?;
    let mut tx = portal.store.begin().await?;
    let seen = (custom.id, custom.version);
    crm_field_changes::delete(&mut tx, &visit.actor(), seen).await?;
    tx.commit().await?;
    let name = captions::field(&visit, &custom.field);
    let to = format!("/crm-fields?kind={}", custom.field.record.as_str());
    page::redirect(&visit, &to, Message::from(Key::CRM_FIELD_DELETIONS_DONE).with("name", name))
}

async fn get(portal: &Portal, id: CustomFieldId) -> Result<CustomField, WebError> {
    let found = crm_fields::find(&portal.store, id).await?;
    found.filter(|custom| !custom.is_deleted).ok_or(WebError::NotFound)
}

impl NewPage<'_> {
    fn name(&self) -> String {
        captions::field(self.visit, &self.custom.field)
    }

    fn holders(&self) -> String {
        let (t, records) = (self.visit.t, self.holders.records);
        match self.holders.looked_at {
            None => t.crm_field_deletions_holders(records),
            Some(looked_at) => {
                let looked = named::looked(self.visit.number(&looked_at));
                t.crm_field_deletions_holders_among(looked, named::records(records))
            }
        }
    }

    fn use_text(&self, place: &Use) -> String {
        captions::field_use(self.visit, place)
    }
}
