//! Fields that admins add to companies, persons and projects: list and order, add, change.

mod form;
mod items;
mod names;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::FieldForm;
use self::view::{EditPage, IndexPage, NewPage};
use crate::crm::RecordKind;
use crate::crm::fields::{CustomField, CustomFieldId, List};
use crate::crm::value::FieldKind;
use crate::i18n::{Key, Message};
use crate::store::crm_field_changes::{self, Content, NewField};
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
        return page::show_overtaken(&page, &page.problems);
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
    let content = match form::check(visit.language, &form, (record, kind)) {
        Ok(content) => content,
        Err(problems) => return again(form, problems),
    };
    let new = NewField { record, kind, content };
    let mut tx = portal.store.begin().await?;
    match crm_field_changes::insert(&mut tx, &visit.actor(), &new).await {
        Err(StoreError::Taken) => return again(form, taken()),
        Err(StoreError::Full) => return again(form, Problems::whole(full())),
        done => _ = done?,
    }
    tx.commit().await?;
    let saying = Message::from(Key::CRM_FIELDS_ADDED).with("name", visit.pick(&new.content.label));
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
    let content = match form::check(visit.language, &form, (record, kind)) {
        Ok(content) => content,
        Err(problems) => return again(&visit, &portal, custom, form, problems).await,
    };
    let Some(version) = form.version.as_ref().and_then(|version| version.parse().ok()) else {
        let problems = Problems::one(VERSION, Key::FORM_NO_VERSION);
        let page = conflict_page(&visit, &portal, custom, form).await?;
        return page::show_again(&EditPage { problems, ..page });
    };
    let is_changed = match save(&visit, &portal, (*id, version), &content).await {
        Err(StoreError::Overtaken) => {
            let custom = found::crm_field(&portal, *id).await?;
            return page::show_conflict(&conflict_page(&visit, &portal, custom, form).await?);
        }
        Err(StoreError::Taken) => return again(&visit, &portal, custom, form, taken()).await,
        Err(StoreError::InUse) => {
            let problems = Problems::one("max_length", Key::CRM_FIELDS_LONGER);
            return again(&visit, &portal, custom, form, problems).await;
        }
        done => done?,
    };
    if form.is_move() {
        return Ok(page::go(&format!("/crm-fields/{id}/edit")));
    }
    let saying = match is_changed {
        true => Message::from(Key::CRM_FIELDS_SAVED).with("name", visit.pick(&content.label)),
        false => Key::RECORDS_UNCHANGED.into(),
    };
    page::redirect(&visit, &records::fields_of(record), saying)
}

/// Whether there was anything to change.
async fn save(
    visit: &Visit,
    portal: &Portal,
    seen: (CustomFieldId, i64),
    content: &Content,
) -> Result<bool, StoreError> {
    let mut tx = portal.store.begin().await?;
    let is_changed = crm_field_changes::update(&mut tx, &visit.actor(), seen, content).await?;
    tx.commit().await?;
    Ok(is_changed)
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
