//! Companies, persons and projects: list, view, add, edit. One screen for the three kinds; which one, the
//! address says.

mod form;
mod view;

use self::form::{Checked, Lookup};
use self::view::{EditPage, IndexPage, ShowPage};
use crate::crm::{Record, RecordId, RecordKind};
use crate::i18n::{Key, Message};
use crate::store::crm::{self, Change, Filter};
use crate::store::crm_lists;
use crate::store::error::StoreError;
use crate::store::page::{PAGE, Place};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Pairs, Problems};
use crate::web::records::Kind;
use crate::web::visit::Visit;
use crate::web::{Portal, guard, page};
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Listing {
    #[serde(default)]
    search: String,
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
    let filter = Filter { search: search.trim(), ..Filter::all(kind) };
    let found = crm::page(&portal.store, filter, place, PAGE).await?;
    let count = crm::count(&portal.store, kind).await?;
    let countries = crm_lists::list_all(&portal.store).await?;
    page::show(&IndexPage {
        visit: &visit,
        kind,
        search: search.trim(),
        found,
        count,
        items: &countries,
    })
}

pub async fn show(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    id: Path<RecordId>,
) -> Answer {
    let record = get(&portal, kind, *id).await?;
    let persons = match kind {
        RecordKind::Company => {
            let filter = Filter { parent: Some(record.id), ..Filter::all(RecordKind::Person) };
            crm::page(&portal.store, filter, Place::First, PAGE).await?.items
        }
        _ => Vec::new(),
    };
    let company = match record.parent {
        Some(id) => crm::find(&portal.store, RecordKind::Company, id).await?,
        None => None,
    };
    let items = crm_lists::list_by_ids(&portal.store, &view::items_of(&record)).await?;
    let has_erp_tab = guard::may_see_erp(&portal, &visit).await?;
    page::show(&ShowPage { visit: &visit, record, company, persons, items, has_erp_tab })
}

pub async fn new(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    query: Query<NewQuery>,
) -> Answer {
    let mut typed = Pairs::default();
    if let Some(company) = query.company
        && let Some(company) = crm::find(&portal.store, RecordKind::Company, company).await?
    {
        typed.0.push(("company".to_owned(), company.name()));
    }
    show_form(&visit, &portal, kind, None, &typed, &Problems::default()).await
}

#[derive(Deserialize)]
pub struct NewQuery {
    /// Add a person of this company.
    company: Option<RecordId>,
}

pub async fn create(visit: Visit, portal: Data<Portal>, Kind(kind): Kind, typed: Pairs) -> Answer {
    let checked = match check(&visit, &portal, kind, &typed).await? {
        Ok(checked) => checked,
        Err(problems) => return show_form(&visit, &portal, kind, None, &typed, &problems).await,
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
    let typed = form::of_record(&visit, &record, company.as_ref());
    show_form(&visit, &portal, kind, Some(&record), &typed, &Problems::default()).await
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    id: Path<RecordId>,
    typed: Pairs,
) -> Answer {
    let record = get(&portal, kind, *id).await?;
    let checked = match check(&visit, &portal, kind, &typed).await? {
        Ok(checked) => checked,
        Err(problems) => {
            return show_form(&visit, &portal, kind, Some(&record), &typed, &problems).await;
        }
    };
    let version = typed.get("version").parse().map_err(|_| WebError::BadRequest)?;
    let change = Change { kind, id: *id, version, parent: checked.parent, values: &checked.values };
    let mut tx = portal.store.begin().await?;
    let changed = match crm::update(&mut tx, &visit.actor(), change).await {
        Ok(changed) => changed,
        Err(StoreError::Overtaken) => {
            drop(tx);
            return show_conflict(&visit, &portal, kind, *id, &typed, &checked).await;
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

async fn check(
    visit: &Visit,
    portal: &Portal,
    kind: RecordKind,
    typed: &Pairs,
) -> Result<Result<Checked, Problems>, WebError> {
    let items = crm_lists::list_all(&portal.store).await?;
    let company = match kind {
        RecordKind::Company => Lookup::None,
        _ => find_company(portal, typed.get("company")).await?,
    };
    Ok(form::check(visit, kind, typed, &items, company))
}

/// The company a person typed, by exact name or number.
async fn find_company(portal: &Portal, typed: &str) -> Result<Lookup, WebError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Lookup::None);
    }
    let filter = Filter { search: typed, ..Filter::all(RecordKind::Company) };
    let found = crm::page(&portal.store, filter, Place::First, 200).await?.items;
    let is_it = |record: &Record| {
        record.name().eq_ignore_ascii_case(typed)
            || record.name() == typed
            || record.values.text("number") == typed
    };
    let mut fitting = found.into_iter().map(|listed| listed.record).filter(is_it);
    Ok(match (fitting.next(), fitting.next()) {
        (None, _) => Lookup::Unknown,
        (Some(company), None) => Lookup::Found(company.id),
        (Some(_), Some(_)) => Lookup::Ambiguous,
    })
}

async fn show_form(
    visit: &Visit,
    portal: &Portal,
    kind: RecordKind,
    record: Option<&Record>,
    typed: &Pairs,
    problems: &Problems,
) -> Answer {
    let items = crm_lists::list_all(&portal.store).await?;
    let page =
        EditPage { visit, kind, record, typed, problems, items: &items, conflict: Vec::new() };
    if problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
}

/// Both versions, field by field, with the form filled as typed and ready to be sent on top of the newer.
async fn show_conflict(
    visit: &Visit,
    portal: &Portal,
    kind: RecordKind,
    id: RecordId,
    typed: &Pairs,
    checked: &Checked,
) -> Answer {
    let theirs = get(portal, kind, id).await?;
    let items = crm_lists::list_all(&portal.store).await?;
    let conflict = view::conflict(visit, &theirs, &checked.values, &items);
    let problems = Problems::default();
    let record = Some(&theirs);
    page::show_conflict(&EditPage {
        visit,
        kind,
        record,
        typed,
        problems: &problems,
        items: &items,
        conflict,
    })
}
