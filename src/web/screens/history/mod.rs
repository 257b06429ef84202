//! The history: who did what, when, to what, before and after. To look at; nothing here changes anything.

mod view;

use actix_web::web::{Data, Path, Query};

use self::view::{Choices, IndexPage, ShowPage};
use crate::history::Entry;
use crate::store::history_log::{self, Filter};
use crate::store::page::{PAGE, Page};
use crate::store::{connections, crm_fields, page::Place};
use crate::web::error::{Answer, WebError};
use crate::web::form::Problems;
use crate::web::history_filter::Wanted;
use crate::web::visit::Visit;
use crate::web::{Portal, history_places, page};

/// Rows shown on either side of one.
const REACH: i64 = 5;

pub async fn index(visit: Visit, portal: Data<Portal>, Query(wanted): Query<Wanted>) -> Answer {
    let (found, problems) = match wanted.check(&visit.zone) {
        Ok(filter) => {
            let found = history_log::page(&portal.store, &filter, wanted.place(), PAGE).await?;
            (found, Problems::default())
        }
        Err(problems) => (nothing(), problems),
    };
    let choices = Choices {
        connections: connections::list_with_deleted(&portal.store).await?,
        people: history_log::list_actors(&portal.store).await?,
    };
    let catalogues = crm_fields::catalogues(&portal.store).await?;
    let head = portal.store.head_trouble().await;
    let page = IndexPage {
        visit: &visit,
        wanted: &wanted,
        found,
        choices,
        catalogues,
        head,
        problems: &problems,
    };
    if problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
}

pub async fn show(visit: Visit, portal: Data<Portal>, seq: Path<i64>) -> Answer {
    let entry = history_log::find(&portal.store, *seq).await?.ok_or(WebError::NotFound)?;
    let around = history_log::around(&portal.store, entry.seq, REACH).await?;
    let later = later(&portal, &entry).await?;
    let catalogues = crm_fields::catalogues(&portal.store).await?;
    let place = history_places::existing(&visit, &portal, &entry).await?;
    page::show(&ShowPage { visit: &visit, entry, around, later, catalogues, place })
}

/// What happened next to the same thing, the first few.
async fn later(portal: &Portal, entry: &Entry) -> Result<Vec<Entry>, WebError> {
    let Some(id) = entry.subject_id else { return Ok(Vec::new()) };
    let filter = Filter {
        subject_kind: entry.subject_kind.clone(),
        subject_id: Some(id),
        is_oldest_first: true,
        ..Filter::default()
    };
    Ok(history_log::page(&portal.store, &filter, Place::After(entry.seq), REACH).await?.items)
}

fn nothing<T>() -> Page<T> {
    Page { items: Vec::new(), has_previous: false, has_next: false }
}
