//! Resync from CRM. First it is counted what it would write; the figures lead to the records behind them, and only
//! confirming them has anything written. Counting and writing go on by themselves, can be stopped, and say of
//! each record what became of it.

mod form;
mod view;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::ResyncForm;
use self::view::{IndexPage, NewPage, ShowPage};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::crm::{Record, RecordId};
use crate::i18n::{Key, Message};
use crate::mapping::ActorMapping;
use crate::runs::resync::{ItemState, ResyncId};
use crate::store::page::{PAGE, Place};
use crate::store::resyncs::{self, candidates, items};
use crate::store::{crm, mappings};
use crate::sync::resync::NotAsked;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, found, guard, page};

/// Records that a search shows.
const MOST_FOUND: i64 = 25;

pub async fn index(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    page::show(&IndexPage {
        visit: &visit,
        may_write: guard::may_change_sync(&portal, &visit).await?,
        resyncs: resyncs::list(&portal.store, connection.id, PAGE).await?,
        connection,
    })
}

#[derive(Deserialize)]
pub struct Preset {
    /// An actor type.
    #[serde(default)]
    r#type: String,
    record: Option<RecordId>,
    /// A resync whose rest is meant.
    left: Option<ResyncId>,
}

pub async fn new(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Query(preset): Query<Preset>,
) -> Answer {
    let choice = match (preset.record, preset.left, preset.r#type.as_str()) {
        (Some(_), ..) => "chosen",
        (_, Some(_), _) => "left",
        (.., "") => "all",
        _ => "type",
    };
    let form = ResyncForm {
        choice: choice.to_owned(),
        kind: preset.r#type,
        records: preset.record.iter().map(ToString::to_string).collect(),
        left: preset.left.map(|id| id.to_string()).unwrap_or_default(),
        ..ResyncForm::default()
    };
    let connection = found::connection(&portal, *id).await?;
    page::show(&new_page(&visit, &portal, connection, form, Problems::default()).await?)
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Form(form): Form<ResyncForm>,
) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    let visit = visit.at(format!("/connections/{id}/resyncs/new"));
    if form.is_search() {
        let problems = Problems::of(&form);
        return page::show(&new_page(&visit, &portal, connection, form, problems).await?);
    }
    let mappings = mappings::list(&portal.store, connection.id).await?;
    let wanted = match form.check(&types(&mappings)) {
        Ok(wanted) => wanted,
        Err(problems) => {
            let page = new_page(&visit, &portal, connection, form, problems).await?;
            return page::show_again(&page);
        }
    };
    let asked = (&wanted, form.with_blanks());
    match portal.engine.prepare_resync(&visit.actor(), connection.id, asked).await {
        Ok(resync) => Ok(page::go(&format!("/connections/{id}/resyncs/{resync}"))),
        Err(error) => {
            let problems = Problems::whole(why(error)?);
            let page = new_page(&visit, &portal, connection, form, problems).await?;
            page::show_again(&page)
        }
    }
}

#[derive(Deserialize)]
pub struct Listing {
    /// Only records in this state.
    #[serde(default)]
    state: String,
    after: Option<i64>,
    before: Option<i64>,
}

pub async fn show(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, ResyncId)>,
    Query(listing): Query<Listing>,
) -> Answer {
    let (id, resync) = path.into_inner();
    let store = &portal.store;
    let connection = found::connection(&portal, id).await?;
    let resync = resyncs::find(store, id, resync).await?.ok_or(WebError::NotFound)?;
    let state = ItemState::parse(&listing.state).unwrap_or_else(|| view::first_shown(&resync));
    let place = Place::of(listing.after, listing.before);
    let items = items::page(store, resync.id, state, place, PAGE).await?;
    let ids: Vec<RecordId> = items.items.iter().map(|item| item.record_id).collect();
    let records = crm::list_by_ids(store, &ids).await?;
    let records: BTreeMap<RecordId, Record> = records.into_iter().map(|r| (r.id, r)).collect();
    page::show(&ShowPage {
        visit: &visit,
        may_write: guard::may_change_sync(&portal, &visit).await?,
        may_see_erp: guard::may_see_erp(&portal, &visit).await?,
        mappings: mappings::list(store, id).await?,
        connection,
        resync,
        state,
        items,
        records,
    })
}

/// Has it written what was counted, or what is left of it.
pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, ResyncId)>,
) -> Answer {
    let (id, resync) = path.into_inner();
    let to = format!("/connections/{id}/resyncs/{resync}");
    match portal.engine.confirm_resync(&visit.actor(), (id, resync)).await {
        Ok(()) => page::redirect(&visit, &to, Key::RESYNCS_BEGUN),
        Err(error) => page::redirect_warning(&visit, &to, why(error)?),
    }
}

/// The actor types that are synchronised.
fn types(mappings: &[ActorMapping]) -> Vec<ActorType> {
    let on = mappings.iter().filter(|mapping| mapping.is_active && !mapping.is_missing);
    on.map(|mapping| mapping.kind).collect()
}

async fn new_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    connection: ErpConnection,
    form: ResyncForm,
    problems: Problems,
) -> Result<NewPage<'a>, WebError> {
    let store = &portal.store;
    let mut rows: Vec<_> = candidates::list(store, connection.id, &form.chosen()).await?;
    let chosen = rows.len();
    if form.is_search() {
        let found = candidates::search(store, connection.id, &form.search, MOST_FOUND).await?;
        let is_new = |row: &candidates::Candidate| rows.iter().all(|other| other.id != row.id);
        let found: Vec<_> = found.into_iter().filter(is_new).collect();
        rows.extend(found);
    }
    let mappings = mappings::list(store, connection.id).await?;
    let blanking = mappings.iter().filter(|mapping| mapping.is_active && !mapping.is_missing);
    let blanking = blanking.flat_map(|mapping| mapping.synchronised());
    let blanking = blanking.filter(|(field, _)| field.direction.to_erp && field.rules.may_blank);
    Ok(NewPage {
        visit,
        types: types(&mappings),
        blanking: blanking.count(),
        connection,
        form,
        rows,
        chosen,
        problems,
    })
}

/// Why there is no resync, in a sentence that says what to do next; or the answer that ends the request.
fn why(error: NotAsked) -> Result<Message, WebError> {
    Ok(Message::from(match error {
        NotAsked::NotThere => return Err(WebError::NotFound),
        NotAsked::Store(error) => return Err(error.into()),
        NotAsked::Inactive => Key::RESYNCS_INACTIVE,
        NotAsked::AtWork => Key::RESYNCS_AT_WORK,
        NotAsked::Outdated => Key::RESYNCS_OUTDATED,
        NotAsked::NothingChosen => Key::RESYNCS_NOTHING_LINKED,
    }))
}
