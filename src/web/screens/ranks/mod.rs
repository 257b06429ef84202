//! Rank fields: the order of an actor type's fields in the ERP tab and in search results.

use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::i18n::Key;
use crate::mapping::ActorMapping;
use crate::store::error::StoreError;
use crate::store::mappings;
use crate::versions::Versioned;
use crate::web::conflict::{self, Conflict};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::order::OrderForm;
use crate::web::versioned::Of;
use crate::web::visit::Visit;
use crate::web::{Portal, captions, found, guard, page};

#[derive(Template)]
#[template(path = "ranks/edit.html")]
struct EditPage<'a> {
    visit: &'a Visit,
    connection: ErpConnection,
    all: Vec<ActorMapping>,
    current: Option<ActorMapping>,
    /// The order somebody else saved first.
    saved: Option<Vec<String>>,
    problems: Problems,
    may_write: bool,
}

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
    let connection = found::connection(&portal, *id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let wanted = ActorType::parse(&tab.kind);
    let current = all.iter().find(|mapping| Some(mapping.kind) == wanted).or(all.first()).cloned();
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    let (saved, problems) = (None, Problems::default());
    page::show(&EditPage { visit: &visit, connection, all, current, saved, problems, may_write })
}

/// Saves the order as sent; a press on one of the arrows moves one field and comes back.
pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    Form(form): Form<OrderForm>,
) -> Answer {
    let (id, kind) = path.into_inner();
    let connection = found::connection(&portal, id).await?;
    let kind = ActorType::parse(&kind).ok_or(WebError::NotFound)?;
    let mut mapping = mappings::find(&portal.store, id, kind).await?.ok_or(WebError::NotFound)?;
    let problems = Problems::of(&form);
    let saved = mapping.keys();
    mapping.arrange(&form.arranged(&saved));
    // Where both say the same, nothing of either is lost.
    let is_same = mapping.keys() == saved;
    if !problems.is_empty() || !is_same && form.version != mapping.version.to_string() {
        return show_conflict(&visit, &portal, connection, (kind, &form), problems).await;
    }
    let mut tx = portal.store.begin().await?;
    let made = match mappings::save(&mut tx, &visit.actor(), &mapping).await {
        Ok(_) => tx.commit_versions().await?,
        Err(StoreError::Overtaken) => {
            drop(tx);
            return show_conflict(&visit, &portal, connection, (kind, &form), problems).await;
        }
        Err(error) => return Err(error.into()),
    };
    let of = Of(Versioned::Connection(id));
    let to = match form.place_moved(&mapping.keys()) {
        Some(place) => format!("/connections/{id}/ranks?type={kind}#{place}"),
        None => format!("/sync?connection={id}"),
    };
    page::redirect_undoable(&visit, &to, Key::RANKS_SAVED, of.undo(&made))
}

/// Both orders, and the one wanted in the form, ready to be sent on top of the newer one.
async fn show_conflict(
    visit: &Visit,
    portal: &Portal,
    connection: ErpConnection,
    (kind, form): (ActorType, &OrderForm),
    problems: Problems,
) -> Answer {
    let all = mappings::list(&portal.store, connection.id).await?;
    let current = all.iter().find(|mapping| mapping.kind == kind).cloned();
    let mut current = current.ok_or(WebError::NotFound)?;
    let saved = current.keys();
    current.arrange(&form.arranged(&saved));
    let may_write = guard::may_change_sync(portal, visit).await?;
    let (current, saved) = (Some(current), Some(saved));
    let page = EditPage { visit, connection, all, current, saved, problems, may_write };
    page::show_overtaken(&page, &page.problems)
}

impl EditPage<'_> {
    fn title(&self) -> String {
        self.visit.t.ranks_title(self.visit.pick(&self.connection.name))
    }

    fn tab_name(&self, kind: &ActorType) -> &'static str {
        captions::actor_type(self.visit.t, *kind)
    }

    fn is_current(&self, mapping: &ActorMapping) -> bool {
        self.current.as_ref().is_some_and(|current| current.id == mapping.id)
    }

    fn action(&self, mapping: &ActorMapping) -> String {
        format!("/connections/{}/ranks/{}", self.connection.id, mapping.kind)
    }

    /// Both orders, when somebody else saved another one first.
    fn conflict(&self, mapping: &ActorMapping) -> Option<Conflict> {
        let saved = self.saved.as_ref()?;
        let names = |keys: &[String]| {
            let fields = keys.iter().filter_map(|key| mapping.field(key));
            fields.map(|field| self.visit.pick(&field.erp.name)).collect::<Vec<_>>().join(", ")
        };
        let rows = [(self.title(), names(saved), names(&mapping.keys()))];
        Some(Conflict::with_somebody(self.visit, conflict::differences(rows)))
    }

    /// Key, name, and where the field is shown.
    fn items(&self, mapping: &ActorMapping) -> Vec<(String, String, String)> {
        let item = |field: &crate::mapping::FieldMapping| {
            let t = self.visit.t;
            let shown = [
                (field.is_shown_in_search, t.parts_mapping_search()),
                (field.is_shown_in_tab, t.parts_mapping_tab()),
                (field.direction.is_any(), t.ranks_synchronised()),
            ];
            let shown: Vec<&str> =
                shown.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect();
            (field.erp.key.clone(), self.visit.pick(&field.erp.name).to_owned(), shown.join(", "))
        };
        mapping.fields.iter().map(item).collect()
    }
}
