//! Companies, persons and projects: list, view, add, edit. One screen for the three kinds; which one, the
//! address says.

mod company;
mod conflict;
mod form;
mod groups;
mod holding;
mod view;

use self::company::Lookup;
use self::form::{Checked, RecordForm};
use self::holding::Holding;
use self::view::{EditPage, IndexPage, ShowPage};
use crate::crm::{Record, RecordId, RecordKind, Values};
use crate::i18n::{Key, Message};
use crate::store::crm::{self, Change, Filter};
use crate::store::error::StoreError;
use crate::store::page::{PAGE, Page, Place};
use crate::store::{access, crm_fields, crm_lists, links};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems, VERSION};
use crate::web::records::Kind;
use crate::web::visit::Visit;
use crate::web::{Portal, guard, page};
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Listing {
    #[serde(default)]
    search: String,
    /// Only records that hold this item in the list field of this key.
    #[serde(default)]
    field: String,
    item: Option<i64>,
    after: Option<i64>,
    before: Option<i64>,
}

pub async fn index(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    query: Query<Listing>,
) -> Answer {
    let place = Place::of(query.after, query.before);
    let search: String = query.search.chars().take(200).collect();
    let catalogue = &*crm_fields::catalogue(&portal.store, kind).await?;
    let holding = match query.item {
        Some(item) => Some(Holding::find(&visit, &portal, catalogue, (&query.field, item)).await?),
        None => None,
    };
    let held = holding.as_ref().map(|holding| (holding.field.as_str(), holding.item));
    let filter = Filter { search: search.trim(), holding: held, ..Filter::all(kind) };
    let found = crm::page(&portal.store, filter, place, PAGE).await?;
    let count = crm::count(&portal.store, kind).await?;
    let held: Vec<i64> =
        found.items.iter().flat_map(|listed| listed.record.values.items()).collect();
    let items = crm_lists::list_by_ids(&portal.store, &held).await?;
    page::show(&IndexPage {
        visit: &visit,
        kind,
        search: search.trim(),
        found,
        count,
        items: &items,
        catalogue,
        holding,
    })
}

pub async fn show(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    id: Path<RecordId>,
    query: Query<Listing>,
) -> Answer {
    let record = get(&portal, kind, *id).await?;
    let persons = match kind {
        RecordKind::Company => {
            let filter = Filter { parent: Some(record.id), ..Filter::all(RecordKind::Person) };
            let place = Place::of(query.after, query.before);
            crm::page(&portal.store, filter, place, PAGE).await?
        }
        _ => Page { items: Vec::new(), has_previous: false, has_next: false },
    };
    let company = match record.parent {
        Some(id) => crm::find(&portal.store, RecordKind::Company, id).await?,
        None => None,
    };
    let items = crm_lists::list_by_ids(&portal.store, &record.values.items()).await?;
    let has_erp_tab = guard::may_see_erp(&portal, &visit).await?;
    let is_linked = has_erp_tab && is_linked(&visit, &portal, record.id).await?;
    let catalogue = &*crm_fields::catalogue(&portal.store, kind).await?;
    page::show(&ShowPage {
        visit: &visit,
        record,
        company,
        persons,
        items,
        catalogue,
        has_erp_tab,
        is_linked,
    })
}

/// Whether the ERP tab shows a link to this person; others' connections are never hinted at.
async fn is_linked(visit: &Visit, portal: &Portal, record: RecordId) -> Result<bool, WebError> {
    let links = links::list_by_record(&portal.store, record).await?;
    if links.is_empty() {
        return Ok(false);
    }
    let usable = access::usable_by(&portal.store, visit.person()?.id).await?;
    let is_usable = |connection| usable.iter().any(|usable| usable.connection.id == connection);
    Ok(links.iter().any(|link| is_usable(link.connection_id)))
}

pub async fn new(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    query: Query<NewQuery>,
) -> Answer {
    let company = match query.company {
        Some(id) => crm::find(&portal.store, RecordKind::Company, id).await?,
        None => None,
    };
    let form = form::of_company(RecordForm::default(), company.as_ref());
    page::show(&edit_page(&visit, &portal, kind, None, form).await?)
}

#[derive(Deserialize)]
pub struct NewQuery {
    /// Add a person of this company.
    company: Option<RecordId>,
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    Form(mut form): Form<RecordForm>,
) -> Answer {
    let company = look_up(&portal, kind, &mut form).await?;
    let catalogue = crm_fields::catalogue(&portal.store, kind).await?;
    let items = crm_lists::list_for(&portal.store, &catalogue.lists(), &[]).await?;
    let checked = match form::check(&visit, &catalogue, (&Values::new(), &form), &items, &company) {
        Ok(checked) => checked,
        Err(problems) => {
            let page = edit_page(&visit, &portal, kind, None, form).await?;
            return page::show_again(&EditPage { problems, company, ..page });
        }
    };
    let mut tx = portal.store.begin().await?;
    let id = crm::insert(&mut tx, &visit.actor(), kind, checked.parent, &checked.values).await?;
    tx.commit().await?;
    let name = crate::crm::name_of(kind, &checked.values);
    let to = format!("/{}/{id}", kind.path());
    page::redirect(&visit, &to, Message::from(Key::RECORDS_ADDED).with("name", name))
}

pub async fn edit(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    id: Path<RecordId>,
) -> Answer {
    let record = get(&portal, kind, *id).await?;
    let company = match record.parent {
        Some(id) => crm::find(&portal.store, RecordKind::Company, id).await?,
        None => None,
    };
    let form = form::of_record(&visit, &record, company.as_ref());
    page::show(&edit_page(&visit, &portal, kind, Some(record), form).await?)
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    id: Path<RecordId>,
    Form(mut form): Form<RecordForm>,
) -> Answer {
    let record = get(&portal, kind, *id).await?;
    let company = look_up(&portal, kind, &mut form).await?;
    let catalogue = crm_fields::catalogue(&portal.store, kind).await?;
    let held = record.values.items();
    let items = crm_lists::list_for(&portal.store, &catalogue.lists(), &held).await?;
    let typed = (&record.values, &form);
    let mut checked = match form::check(&visit, &catalogue, typed, &items, &company) {
        Ok(checked) => checked,
        Err(problems) => {
            let page = edit_page(&visit, &portal, kind, Some(record.clone()), form).await?;
            return page::show_again(&EditPage { problems, company, ..page });
        }
    };
    form::leave_undecided(&record.values, &mut checked.values);
    let Some(version) = form.version.as_ref().and_then(|version| version.parse().ok()) else {
        let problems = Problems::one(VERSION, Key::FORM_NO_VERSION);
        let page = conflict_page(&visit, &portal, (kind, *id), form, &checked).await?;
        return page::show_again(&EditPage { problems, ..page });
    };
    let change = Change { kind, id: *id, version, parent: checked.parent, values: &checked.values };
    let mut tx = portal.store.begin().await?;
    let changed = match crm::update(&mut tx, &visit.actor(), change).await {
        Ok(changed) => changed,
        Err(StoreError::Overtaken) => {
            drop(tx);
            let page = conflict_page(&visit, &portal, (kind, *id), form, &checked).await?;
            return page::show_conflict(&page);
        }
        Err(error) => return Err(error.into()),
    };
    tx.commit().await?;
    let name = crate::crm::name_of(kind, &checked.values);
    let saying = if changed.before.is_empty() && changed.after.is_empty() {
        Key::RECORDS_UNCHANGED.into()
    } else {
        Message::from(Key::RECORDS_SAVED).with("name", name)
    };
    page::redirect(&visit, &format!("/{}/{id}", kind.path()), saying)
}

async fn get(portal: &Portal, kind: RecordKind, id: RecordId) -> Result<Record, WebError> {
    crm::find(&portal.store, kind, id).await?.ok_or(WebError::NotFound)
}

/// Finds the company that was typed, and keeps in the form which one it is.
async fn look_up(
    portal: &Portal,
    kind: RecordKind,
    form: &mut RecordForm,
) -> Result<Lookup, WebError> {
    if kind == RecordKind::Company {
        return Ok(Lookup::None);
    }
    let found = company::find(portal, form.company.trim(), form.chosen_company()).await?;
    match found {
        Lookup::Found(id) => form.choose_company(Some(id)),
        _ => form.choose_company(None),
    }
    Ok(found)
}

async fn edit_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    kind: RecordKind,
    record: Option<Record>,
    mut form: RecordForm,
) -> Result<EditPage<'a>, WebError> {
    let catalogue = crm_fields::catalogue(&portal.store, kind).await?;
    if let Some(record) = &record {
        form.fill_up(visit.language, &catalogue, record);
    }
    let held = record.as_ref().map(|record| record.values.items()).unwrap_or_default();
    let items = crm_lists::list_for(&portal.store, &catalogue.lists(), &held).await?;
    let (problems, company, conflict) = (Problems::default(), Lookup::None, None);
    Ok(EditPage { visit, kind, record, form, problems, company, items, catalogue, conflict })
}

/// Both versions, field by field, with the form filled as typed and ready to be sent on top of the newer.
async fn conflict_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    (kind, id): (RecordKind, RecordId),
    form: RecordForm,
    yours: &Checked,
) -> Result<EditPage<'a>, WebError> {
    let theirs = get(portal, kind, id).await?;
    let both: Vec<RecordId> = theirs.parent.into_iter().chain(yours.parent).collect();
    let companies = crm::list_by_ids(&portal.store, &both).await?;
    let form = RecordForm { version: Some(theirs.version.to_string()), ..form };
    let page = edit_page(visit, portal, kind, Some(theirs.clone()), form).await?;
    let conflict = Some(conflict::of(&page, &theirs, yours, &companies));
    Ok(EditPage { conflict, ..page })
}
