//! Fields that admins add to companies, persons and projects: list and order, add, change.

mod form;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::{Checked, FieldForm};
use self::view::{EditPage, IndexPage, NewPage};
use crate::crm::RecordKind;
use crate::crm::fields::{CustomField, CustomFieldId, List};
use crate::crm::value::FieldKind;
use crate::i18n::{Key, Message};
use crate::store::crm_field_changes::{self, Change, NewField};
use crate::store::error::StoreError;
use crate::store::{crm_fields, crm_lists};
use crate::web::conflict::Conflict;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems, VERSION};
use crate::web::order::OrderForm;
use crate::web::visit::Visit;
use crate::web::{Portal, found, page, records};

/// Which tab, and which type a new field is to have.
#[derive(Deserialize)]
pub struct Tab {
    #[serde(default)]
    kind: String,
    #[serde(default, rename = "type")]
    of_type: String,
}

impl Tab {
    fn kind(&self) -> RecordKind {
        RecordKind::parse(&self.kind).unwrap_or(RecordKind::Company)
    }
}

pub async fn index(visit: Visit, portal: Data<Portal>, tab: Query<Tab>) -> Answer {
    page::show(&index_page(&visit, &portal, tab.kind()).await?)
}

async fn index_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    kind: RecordKind,
) -> Result<IndexPage<'a>, WebError> {
    let all = crm_fields::list(&portal.store, kind).await?;
    let (deleted, fields): (Vec<_>, Vec<_>) = all.into_iter().partition(|custom| custom.is_deleted);
    let lists: Vec<List> = fields.iter().filter_map(|custom| custom.field.list).collect();
    let items = crm_lists::list_for(&portal.store, &lists, &[]).await?;
    let ids: Vec<String> = fields.iter().map(|custom| custom.id.to_string()).collect();
    let (version, problems, conflict) = (ids.join(";"), Problems::default(), None);
    Ok(IndexPage { visit, kind, fields, version, deleted, items, problems, conflict })
}

/// Saves the order as sent; a press on one of the arrows moves one field and comes back.
pub async fn arrange(
    visit: Visit,
    portal: Data<Portal>,
    tab: Query<Tab>,
    Form(form): Form<OrderForm>,
) -> Answer {
    let problems = Problems::of(&form);
    let mut page = index_page(&visit, &portal, tab.kind()).await?;
    let saved = page.order();
    let wanted = form.arranged(&saved);
    // Where both say the same, nothing of either is lost.
    let is_seen = wanted == saved || form.version == page.version;
    if !problems.is_empty() || !is_seen {
        page.show_order(&wanted);
        page.problems = problems;
        let is_known = page.problems.is_empty();
        return if is_known { page::show_conflict(&page) } else { page::show_again(&page) };
    }
    let ids = |order: &[String]| order.iter().filter_map(|id| id.parse().ok()).collect::<Vec<_>>();
    let mut tx = portal.store.begin().await?;
    let orders = (ids(&saved), ids(&wanted));
    let orders = (orders.0.as_slice(), orders.1.as_slice());
    crm_field_changes::arrange(&mut tx, &visit.actor(), page.kind, orders).await?;
    tx.commit().await?;
    let to = records::fields_of(page.kind);
    match form.place_moved(&wanted) {
        Some(place) => Ok(page::go(&format!("{to}#{place}"))),
        None => page::redirect(&visit, &to, Key::CRM_FIELDS_ORDERED),
    }
}

/// Asks for the type first, since that never changes.
pub async fn new(visit: Visit, tab: Query<Tab>) -> Answer {
    let record = tab.kind();
    match FieldKind::parse(&tab.of_type) {
        None => page::show(&NewPage { visit: &visit, record }),
        Some(kind) => {
            let form = FieldForm::new(record, kind);
            page::show(&EditPage::new(&visit, (record, kind), form))
        }
    }
}

pub async fn create(visit: Visit, portal: Data<Portal>, Form(form): Form<FieldForm>) -> Answer {
    let kinds = RecordKind::parse(&form.kind).zip(FieldKind::parse(&form.of_type));
    let (record, kind) = kinds.ok_or(WebError::BadRequest)?;
    let again = |form: FieldForm, problems: Problems| {
        page::show_again(&EditPage { problems, ..EditPage::new(&visit, (record, kind), form) })
    };
    let checked = match form::check(visit.language, &form, (record, kind)) {
        Ok(checked) => checked,
        Err(problems) => return again(form, problems),
    };
    let new = NewField {
        record,
        kind,
        label: checked.label,
        max_length: checked.max_length,
        is_required: checked.is_required,
        items: checked.items.into_iter().map(|item| item.text).collect(),
    };
    let mut tx = portal.store.begin().await?;
    match crm_field_changes::insert(&mut tx, &visit.actor(), &new).await {
        Err(StoreError::Taken) => return again(form, taken()),
        Err(StoreError::Full) => return again(form, Problems::whole(full())),
        done => _ = done?,
    }
    tx.commit().await?;
    let saying = Message::from(Key::CRM_FIELDS_ADDED).with("name", visit.pick(&new.label));
    page::redirect(&visit, &records::fields_of(record), saying)
}

pub async fn edit(visit: Visit, portal: Data<Portal>, id: Path<CustomFieldId>) -> Answer {
    let custom = found::crm_field(&portal, *id).await?;
    page::show(&edit_page(&visit, &portal, custom, None).await?)
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<CustomFieldId>,
    Form(form): Form<FieldForm>,
) -> Answer {
    let custom = found::crm_field(&portal, *id).await?;
    let form = form.arranged();
    let (record, kind) = (custom.field.record, custom.field.kind);
    let checked = match form::check(visit.language, &form, (record, kind)) {
        Ok(checked) => checked,
        Err(problems) => return again(&visit, &portal, custom, form, problems).await,
    };
    let Some(version) = form.version.as_ref().and_then(|version| version.parse().ok()) else {
        let problems = Problems::one(VERSION, Key::FORM_NO_VERSION);
        let page = conflict_page(&visit, &portal, custom, form).await?;
        return page::show_again(&EditPage { problems, ..page });
    };
    let Checked { label, max_length, is_required, items } = checked;
    let change = Change { label, max_length, is_required, items };
    let mut tx = portal.store.begin().await?;
    let is_changed =
        match crm_field_changes::update(&mut tx, &visit.actor(), (*id, version), &change).await {
            Err(StoreError::Overtaken) => {
                drop(tx);
                let custom = found::crm_field(&portal, *id).await?;
                return page::show_conflict(&conflict_page(&visit, &portal, custom, form).await?);
            }
            Err(StoreError::Taken) => {
                drop(tx);
                return again(&visit, &portal, custom, form, taken()).await;
            }
            Err(StoreError::InUse) => {
                drop(tx);
                let problems = Problems::one("max_length", Key::CRM_FIELDS_LONGER);
                return again(&visit, &portal, custom, form, problems).await;
            }
            done => done?,
        };
    tx.commit().await?;
    let name = visit.pick(&change.label);
    match (form.is_move(), is_changed) {
        (true, _) => Ok(page::go(&format!("/crm-fields/{id}/edit"))),
        (false, false) => {
            page::redirect(&visit, &records::fields_of(record), Key::RECORDS_UNCHANGED)
        }
        (false, true) => {
            let saying = Message::from(Key::CRM_FIELDS_SAVED).with("name", name);
            page::redirect(&visit, &records::fields_of(record), saying)
        }
    }
}

/// The page of a field; without a form, as it is saved.
async fn edit_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    custom: CustomField,
    form: Option<FieldForm>,
) -> Result<EditPage<'a>, WebError> {
    let items = crm_lists::list(&portal.store, List::Custom(custom.id)).await?;
    let form = form.unwrap_or_else(|| FieldForm::of(&custom, &items));
    let uses = crm_fields::list_uses(&portal.store, custom.id).await?;
    let kinds = (custom.field.record, custom.field.kind);
    Ok(EditPage { custom: Some(custom), uses, ..EditPage::new(visit, kinds, form) })
}

async fn again(
    visit: &Visit,
    portal: &Portal,
    custom: CustomField,
    form: FieldForm,
    problems: Problems,
) -> Answer {
    let page = edit_page(visit, portal, custom, Some(form)).await?;
    page::show_again(&EditPage { problems, ..page })
}

/// Both versions, and the form as typed, ready to be sent on top of the newer one. Items that somebody else
/// added stand at its end.
async fn conflict_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    custom: CustomField,
    mut form: FieldForm,
) -> Result<EditPage<'a>, WebError> {
    let items = crm_lists::list(&portal.store, List::Custom(custom.id)).await?;
    let theirs = FieldForm::of(&custom, &items);
    let rows = view::differences(visit, custom.field.kind, &theirs, &form);
    let conflict = Some(Conflict::with(visit, &custom.updated_by, custom.updated_at, rows));
    form.merge(&theirs);
    let page = edit_page(visit, portal, custom, Some(form)).await?;
    Ok(EditPage { conflict, ..page })
}

fn taken() -> Problems {
    Problems::one("german", Key::CRM_FIELDS_TAKEN)
}

fn full() -> Message {
    Message::from(Key::CRM_FIELDS_FULL).with("max", CustomField::MOST)
}
