//! Rank fields: the order of an actor type's fields in the ERP tab and in search results.

use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::i18n::Key;
use crate::mapping::ActorMapping;
use crate::mapping::ranks::{self, Move};
use crate::store::error::StoreError;
use crate::store::{connections, mappings};
use crate::web::conflict::{self, Difference};
use crate::web::error::{Answer, WebError};
use crate::web::form::Pairs;
use crate::web::visit::Visit;
use crate::web::{Portal, captions, page};

#[derive(Template)]
#[template(path = "ranks/edit.html")]
struct EditPage<'a> {
    visit: &'a Visit,
    connection: ErpConnection,
    all: Vec<ActorMapping>,
    current: Option<ActorMapping>,
    /// The order somebody else saved first.
    saved: Option<Vec<String>>,
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
    let connection = get(&portal, *id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let wanted = ActorType::parse(&tab.kind);
    let current = all.iter().find(|mapping| Some(mapping.kind) == wanted).or(all.first()).cloned();
    page::show(&EditPage { visit: &visit, connection, all, current, saved: None })
}

/// Saves the order as sent; a press on one of the arrows moves one field and comes back.
pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    typed: Pairs,
) -> Answer {
    let (id, kind) = path.into_inner();
    let connection = get(&portal, id).await?;
    let kind = ActorType::parse(&kind).ok_or(WebError::NotFound)?;
    let mut mapping = mappings::find(&portal.store, id, kind).await?.ok_or(WebError::NotFound)?;
    let order: Vec<String> = typed.all("order").map(str::to_owned).collect();
    let order = ranks::arranged(&mapping.keys(), &order);
    let moved = match typed.get("move").split_once(' ') {
        Some(("up", key)) => Some(ranks::moved(&order, &key.to_owned(), Move::Up)),
        Some(("down", key)) => Some(ranks::moved(&order, &key.to_owned(), Move::Down)),
        _ => None,
    };
    let is_move = moved.is_some();
    let saved = mapping.keys();
    mapping.arrange(&moved.unwrap_or(order));
    let version: i64 = typed.get("version").parse().map_err(|_| WebError::BadRequest)?;
    // Where both say the same, nothing of either is lost.
    if mapping.keys() != saved && version != mapping.version {
        let all = mappings::list(&portal.store, id).await?;
        let (current, saved) = (Some(mapping), Some(saved));
        let page = EditPage { visit: &visit, connection, all, current, saved };
        return page::show_conflict(&page);
    }
    let mut tx = portal.store.begin().await?;
    match mappings::save(&mut tx, &visit.actor(), &mapping).await {
        Ok(_) => tx.commit().await?,
        Err(StoreError::Overtaken) => return Err(WebError::Overtaken),
        Err(error) => return Err(error.into()),
    }
    match is_move {
        true => Ok(page::go(&format!("/connections/{id}/ranks?type={kind}"))),
        false => page::redirect(&visit, &format!("/sync?connection={id}"), Key::RANKS_SAVED),
    }
}

async fn get(portal: &Portal, id: ConnectionId) -> Result<ErpConnection, WebError> {
    let found = connections::find(&portal.store, id).await?;
    found.filter(|connection| !connection.is_deleted).ok_or(WebError::NotFound)
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
    fn conflict(&self, mapping: &ActorMapping) -> Vec<Difference> {
        let Some(saved) = &self.saved else { return Vec::new() };
        let names = |keys: &[String]| {
            let fields = keys.iter().filter_map(|key| mapping.field(key));
            fields.map(|field| self.visit.pick(&field.erp.name)).collect::<Vec<_>>().join(", ")
        };
        conflict::differences([(self.title(), names(saved), names(&mapping.keys()))])
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
