//! Deleting a CRM field: the question before it, with how many records hold a value and where it is mapped.

use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;
use validator::Validate;

use crate::crm::fields::{CustomField, CustomFieldId};
use crate::i18n::{Key, Message, named};
use crate::store::crm_field_changes;
use crate::store::crm_fields::{self, Holders, Use};
use crate::store::error::StoreError;
use crate::web::error::{Answer, WebError};
use crate::web::form::{self, Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, captions, found, page, records};

#[derive(Template)]
#[template(path = "crm_field_deletions/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    problems: Problems,
    custom: &'a CustomField,
    holders: Holders,
    uses: Vec<Use>,
}

#[derive(Deserialize, Validate)]
pub struct Seen {
    /// Of the field as the question was about it.
    #[serde(default)]
    #[validate(custom(function = form::known_version))]
    version: String,
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<CustomFieldId>) -> Answer {
    let custom = found::crm_field(&portal, *id).await?;
    page::show(&question(&visit, &portal, &custom, Problems::default()).await?)
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<CustomFieldId>,
    Form(seen): Form<Seen>,
) -> Answer {
    let custom = crm_fields::find(&portal.store, *id).await?.ok_or(WebError::NotFound)?;
    if custom.is_deleted {
        return done(&visit, &custom);
    }
    let Ok(version) = seen.version.parse() else {
        let problems = Problems::of(&seen);
        return page::show_again(&question(&visit, &portal, &custom, problems).await?);
    };
    let mut tx = portal.store.begin().await?;
    match crm_field_changes::delete(&mut tx, &visit.actor(), (custom.id, version)).await {
        Err(StoreError::Overtaken) => {
            drop(tx);
            let custom = crm_fields::find(&portal.store, *id).await?.ok_or(WebError::NotFound)?;
            if custom.is_deleted {
                return done(&visit, &custom);
            }
            let problems = Problems::whole(Key::CRM_FIELD_DELETIONS_OVERTAKEN);
            return page::show_conflict(&question(&visit, &portal, &custom, problems).await?);
        }
        deleted => deleted?,
    }
    tx.commit().await?;
    done(&visit, &custom)
}

fn done(visit: &Visit, custom: &CustomField) -> Answer {
    let saying = Message::from(Key::CRM_FIELD_DELETIONS_DONE);
    let saying = saying.with("name", captions::field(visit, &custom.field));
    page::redirect(visit, &records::fields_of(custom.field.record), saying)
}

async fn question<'a>(
    visit: &'a Visit,
    portal: &Portal,
    custom: &'a CustomField,
    problems: Problems,
) -> Result<NewPage<'a>, WebError> {
    let holders = crm_fields::count_holders(&portal.store, custom).await?;
    let uses = crm_fields::list_uses(&portal.store, custom.id).await?;
    Ok(NewPage { visit, problems, custom, holders, uses })
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
