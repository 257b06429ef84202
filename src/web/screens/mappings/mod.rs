//! Mappings: which ERP field is which CRM field, and in which direction. One tab per actor type; read-only
//! while the connection is active.

mod form;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::view::EditPage;
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::i18n::Key;
use crate::mapping::edit::{self, Edit};
use crate::mapping::{ActorMapping, matrix};
use crate::store::error::StoreError;
use crate::store::{connections, mappings};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Pairs, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Deserialize)]
pub struct Tab {
    #[serde(default, rename = "type")]
    kind: String,
}

pub async fn edit(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    tab: Query<Tab>,
) -> Answer {
    let connection = get(&portal, *id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let wanted = ActorType::parse(&tab.kind);
    let current = all.iter().find(|mapping| Some(mapping.kind) == wanted).or(all.first()).cloned();
    let edit = current.as_ref().map(form::of_mapping).unwrap_or_default();
    let problems = Problems::default();
    let is_overtaken = false;
    show(&visit, &portal, Shown { connection, all, current, edit, problems, is_overtaken }).await
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    typed: Pairs,
) -> Answer {
    let (id, kind) = path.into_inner();
    let connection = get(&portal, id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let kind = ActorType::parse(&kind).ok_or(WebError::NotFound)?;
    let current = all.iter().find(|mapping| mapping.kind == kind).cloned();
    let current = current.ok_or(WebError::NotFound)?;
    let edit = form::read(&current, &typed);
    let shown = |problems| {
        let current = Some(current.clone());
        Shown {
            connection: connection.clone(),
            all: all.clone(),
            current,
            edit: edit.clone(),
            problems,
            is_overtaken: false,
        }
    };
    if connection.is_active {
        return show(&visit, &portal, shown(Problems::whole(Key::MAPPINGS_ACTIVE))).await;
    }
    // Where both say the same, nothing of either is lost.
    let is_other = edit != form::of_mapping(&current);
    if is_other && typed.get("version").parse() != Ok(current.version) {
        return show_conflict(&visit, &portal, id, kind, &typed).await;
    }
    let elsewhere = mappings::list_elsewhere(&portal.store, id).await?;
    let elsewhere = matrix::mapped_elsewhere(&elsewhere, current.record_kind());
    let after = match edit::apply(&current, &edit, &elsewhere) {
        Ok(after) => after,
        Err(found) => return show(&visit, &portal, shown(form::problems(&current, found))).await,
    };
    let mut tx = portal.store.begin().await?;
    match mappings::save(&mut tx, &visit.actor(), &after).await {
        Ok(_) => tx.commit().await?,
        Err(StoreError::Overtaken) => {
            drop(tx);
            return show_conflict(&visit, &portal, id, kind, &typed).await;
        }
        Err(error) => return Err(error.into()),
    }
    let to = match typed.get("then") {
        "stay" => format!("/connections/{id}/mappings?type={kind}"),
        _ => format!("/sync?connection={id}"),
    };
    page::redirect(&visit, &to, Key::MAPPINGS_SAVED)
}

/// What the page is about to show.
struct Shown {
    connection: ErpConnection,
    all: Vec<ActorMapping>,
    current: Option<ActorMapping>,
    edit: Edit,
    problems: Problems,
    /// Somebody else saved another version first.
    is_overtaken: bool,
}

/// Both versions, and the form as typed, ready to be sent on top of the newer one.
async fn show_conflict(
    visit: &Visit,
    portal: &Portal,
    id: ConnectionId,
    kind: ActorType,
    typed: &Pairs,
) -> Answer {
    let connection = get(portal, id).await?;
    let all = mappings::list(&portal.store, id).await?;
    let current = all.iter().find(|mapping| mapping.kind == kind).cloned();
    let edit = current.as_ref().map(|current| form::read(current, typed)).unwrap_or_default();
    let problems = Problems::default();
    show(visit, portal, Shown { connection, all, current, edit, problems, is_overtaken: true })
        .await
}

async fn show(visit: &Visit, portal: &Portal, shown: Shown) -> Answer {
    let Shown { connection, all, current, edit, problems, is_overtaken } = shown;
    let elsewhere = match &current {
        Some(current) => {
            let others = mappings::list_elsewhere(&portal.store, connection.id).await?;
            matrix::mapped_elsewhere(&others, current.record_kind())
        }
        None => Default::default(),
    };
    let is_fixed = connection.is_active || !visit.is_admin();
    let page = EditPage {
        visit,
        connection,
        all,
        current,
        edit,
        problems,
        is_overtaken,
        elsewhere,
        is_fixed,
    };
    match (page.is_overtaken, page.problems.is_empty()) {
        (true, _) => page::show_conflict(&page),
        (false, true) => page::show(&page),
        (false, false) => page::show_again(&page),
    }
}

async fn get(portal: &Portal, id: ConnectionId) -> Result<ErpConnection, WebError> {
    let found = connections::find(&portal.store, id).await?;
    found.filter(|connection| !connection.is_deleted).ok_or(WebError::NotFound)
}
