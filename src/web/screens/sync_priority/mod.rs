//! Set sync priority: whose value stands when both sides changed a field. The CRM is in the list, too.

use actix_web::web::Data;
use askama::Template;

use crate::connections::{ConnectionId, ErpConnection};
use crate::i18n::Key;
use crate::store::{connections, engine};
use crate::sync::conflict::{CRM, Priority};
use crate::versions::Versioned;
use crate::web::conflict::{self, Conflict};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::order::OrderForm;
use crate::web::versioned::Of;
use crate::web::visit::Visit;
use crate::web::{Portal, guard, page};

#[derive(Template)]
#[template(path = "sync_priority/edit.html")]
struct EditPage<'a> {
    visit: &'a Visit,
    /// Id, name, and whether it is the CRM; highest first.
    order: Vec<(ConnectionId, String, bool)>,
    /// The order that the form is made of; one that changed meanwhile is not overwritten unseen.
    version: String,
    problems: Problems,
    /// What somebody else saved first.
    conflict: Option<Conflict>,
    may_write: bool,
}

impl EditPage<'_> {
    /// There is nothing to put in order.
    fn has_only_crm(&self) -> bool {
        self.order.iter().all(|(_, _, is_crm)| *is_crm)
    }
}

pub async fn edit(visit: Visit, portal: Data<Portal>) -> Answer {
    let all = connections::list(&portal.store).await?;
    let priority = current(&portal, &all).await?;
    page::show(&edit_page(&visit, &portal, &all, &priority, priority.to_stored()).await?)
}

async fn edit_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    all: &[ErpConnection],
    shown: &Priority,
    version: String,
) -> Result<EditPage<'a>, WebError> {
    let order = shown.ids().iter().map(|id| (*id, name(visit, all, *id), *id == CRM)).collect();
    let may_write = guard::may_change_sync(portal, visit).await?;
    let (problems, conflict) = (Problems::default(), None);
    Ok(EditPage { visit, order, version, problems, conflict, may_write })
}

/// Saves the order as sent; a press on one of the arrows moves one entry and comes back.
pub async fn update(visit: Visit, portal: Data<Portal>, Form(form): Form<OrderForm>) -> Answer {
    let problems = Problems::of(&form);
    let all = connections::list(&portal.store).await?;
    let mut tx = portal.store.begin().await?;
    tx.alone().await?;
    let before = stored(&engine::priority(&mut tx).await?, &all);
    let ids: Vec<String> = before.ids().iter().map(ToString::to_string).collect();
    let after = form.arranged(&ids);
    let after = Priority::new(after.iter().filter_map(|id| id.parse().ok()));
    let said = [&before, &after].map(|priority| names(&visit, &all, priority));
    // Where both say the same, nothing of either is lost.
    if !problems.is_empty() || after != before && form.version != before.to_stored() {
        drop(tx);
        let page = edit_page(&visit, &portal, &all, &after, before.to_stored()).await?;
        let [theirs, yours] = said;
        let rows = conflict::differences([(visit.t.priority_title(), theirs, yours)]);
        let conflict = Some(Conflict::with_somebody(&visit, rows));
        let page = EditPage { conflict, problems, ..page };
        return page::show_overtaken(&page, &page.problems);
    }
    let said = (said[0].as_str(), said[1].as_str());
    engine::set_priority(&mut tx, &visit.actor(), &after.to_stored(), said).await?;
    let made = tx.commit_versions().await?;
    let order: Vec<String> = after.ids().iter().map(ToString::to_string).collect();
    let to = match form.place_moved(&order) {
        Some(place) => format!("/sync/priority#{place}"),
        None => "/sync".to_owned(),
    };
    let undo = Of(Versioned::Priority).undo(&made);
    page::redirect_undoable(&visit, &to, Key::PRIORITY_SAVED, undo)
}

fn names(visit: &Visit, all: &[ErpConnection], priority: &Priority) -> String {
    let names: Vec<String> = priority.ids().iter().map(|id| name(visit, all, *id)).collect();
    names.join(" > ")
}

async fn current(portal: &Portal, all: &[ErpConnection]) -> Result<Priority, WebError> {
    Ok(stored(&engine::priority(&portal.store).await?, all))
}

/// As it is kept, over the connections there are.
fn stored(kept: &str, all: &[ErpConnection]) -> Priority {
    let ids: Vec<ConnectionId> = all.iter().map(|connection| connection.id).collect();
    Priority::parse(kept).over(&ids)
}

fn name(visit: &Visit, all: &[ErpConnection], id: ConnectionId) -> String {
    match all.iter().find(|connection| connection.id == id) {
        Some(connection) => visit.pick(&connection.name).to_owned(),
        None => visit.crm_name.clone(),
    }
}
