//! Set sync priority: whose value stands when both sides changed a field. The CRM is in the list, too.

use actix_web::web::Data;
use askama::Template;

use crate::connections::{ConnectionId, ErpConnection};
use crate::i18n::Key;
use crate::mapping::ranks::{self, Move};
use crate::store::{connections, engine};
use crate::sync::conflict::{CRM, Priority};
use crate::web::conflict::{self, Difference};
use crate::web::error::{Answer, WebError};
use crate::web::form::Pairs;
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Template)]
#[template(path = "sync_priority/edit.html")]
struct EditPage<'a> {
    visit: &'a Visit,
    /// Id, name, and whether it is the CRM; highest first.
    order: Vec<(ConnectionId, String, bool)>,
    /// The order that the form is made of; one that changed meanwhile is not overwritten unseen.
    version: String,
    /// What somebody else saved first.
    conflict: Vec<Difference>,
}

pub async fn edit(visit: Visit, portal: Data<Portal>) -> Answer {
    let all = connections::list(&portal.store).await?;
    let priority = current(&portal, &all).await?;
    page::show(&edit_page(&visit, &all, &priority, priority.to_stored()))
}

fn edit_page<'a>(
    visit: &'a Visit,
    all: &[ErpConnection],
    shown: &Priority,
    version: String,
) -> EditPage<'a> {
    let order = shown.ids().iter().map(|id| (*id, name(visit, all, *id), *id == CRM)).collect();
    EditPage { visit, order, version, conflict: Vec::new() }
}

/// Saves the order as sent; a press on one of the arrows moves one entry and comes back.
pub async fn update(visit: Visit, portal: Data<Portal>, typed: Pairs) -> Answer {
    let all = connections::list(&portal.store).await?;
    let before = current(&portal, &all).await?;
    let wanted: Vec<ConnectionId> = typed.all("order").filter_map(|id| id.parse().ok()).collect();
    let order = ranks::arranged(before.ids(), &wanted);
    let moved = match typed.get("move").split_once(' ') {
        Some((way, id)) => {
            let to = if way == "up" { Move::Up } else { Move::Down };
            id.parse().ok().map(|id: ConnectionId| ranks::moved(&order, &id, to))
        }
        None => None,
    };
    let is_move = moved.is_some();
    let after = Priority::new(moved.unwrap_or(order));
    let names = |priority: &Priority| {
        let names: Vec<String> = priority.ids().iter().map(|id| name(&visit, &all, *id)).collect();
        names.join(" > ")
    };
    // Where both say the same, nothing of either is lost.
    if after != before && typed.get("version") != before.to_stored() {
        let mut page = edit_page(&visit, &all, &after, before.to_stored());
        let title = visit.t.priority_title();
        page.conflict = conflict::differences([(title, names(&before), names(&after))]);
        return page::show_conflict(&page);
    }
    let mut tx = portal.store.begin().await?;
    let said = (names(&before), names(&after));
    engine::set_priority(&mut tx, &visit.actor(), &after.to_stored(), (&said.0, &said.1)).await?;
    tx.commit().await?;
    match is_move {
        true => Ok(page::go("/sync/priority")),
        false => page::redirect(&visit, "/sync", Key::PRIORITY_SAVED),
    }
}

async fn current(portal: &Portal, all: &[ErpConnection]) -> Result<Priority, WebError> {
    let ids: Vec<ConnectionId> = all.iter().map(|connection| connection.id).collect();
    Ok(Priority::parse(&engine::priority(&portal.store).await?).over(&ids))
}

fn name(visit: &Visit, all: &[ErpConnection], id: ConnectionId) -> String {
    match all.iter().find(|connection| connection.id == id) {
        Some(connection) => visit.pick(&connection.name).to_owned(),
        None => visit.crm_name.clone(),
    }
}
