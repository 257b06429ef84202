//! Mappings: which ERP field is which CRM field, in which direction and under which rules, and the order of
//! the fields. One tab per actor type; read-only while the connection is active.

mod form;
mod row;
mod view;
mod words;

use std::collections::BTreeMap;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::MappingForm;
use self::view::EditPage;
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::i18n::Key;
use crate::mapping::edit::{self, Edit};
use crate::mapping::{ActorMapping, matrix};
use crate::store::error::StoreError;
use crate::store::{connections, mappings};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, found, guard, page};

/// CRM fields that other connections synchronise, each with the name of one of these.
type Elsewhere = BTreeMap<String, String>;

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
    let place = Place::new(&visit, &portal).await?;
    let edit = current.as_ref().map(form::of_mapping).unwrap_or_default();
    let version = current.as_ref().map(|current| current.version.to_string()).unwrap_or_default();
    page::show(&place.page(connection, all, current, (edit, version)).await?)
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, String)>,
    Form(form): Form<MappingForm>,
) -> Answer {
    let (id, kind) = path.into_inner();
    let connection = found::connection(&portal, id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let kind = ActorType::parse(&kind).ok_or(WebError::NotFound)?;
    let current = all.iter().find(|mapping| mapping.kind == kind).cloned();
    let current = current.ok_or(WebError::NotFound)?;
    let place = Place::new(&visit, &portal).await?;
    let edit = form.edit(&current);
    let problems = Problems::of(&form);
    // Where both say the same, nothing of either is lost.
    let is_other = edit != form::of_mapping(&current);
    let is_newer = form.version != current.version.to_string();
    if !problems.is_empty() || is_other && is_newer && !connection.is_active {
        return place.show_conflict(id, kind, &form, problems).await;
    }
    let checked = match connection.is_active {
        true => Err(Problems::whole(Key::MAPPINGS_ACTIVE)),
        false => place.check(&form, &current, &edit).await?,
    };
    let after = match checked {
        Ok(after) => after,
        Err(problems) => {
            let typed = (edit, form.version);
            let page = place.page(connection, all, Some(current), typed).await?;
            return page::show_again(&EditPage { problems, ..page });
        }
    };
    let mut tx = portal.store.begin().await?;
    match mappings::save_at_rest(&mut tx, &visit.actor(), &after).await {
        Ok(_) => tx.commit().await?,
        Err(StoreError::Overtaken) => {
            drop(tx);
            return place.show_conflict(id, kind, &form, problems).await;
        }
        Err(StoreError::InUse) => {
            drop(tx);
            let connection = found::connection(&portal, id).await?;
            let page = place.page(connection, all, Some(current), (edit, form.version)).await?;
            let problems = Problems::whole(Key::MAPPINGS_ACTIVE);
            return page::show_again(&EditPage { problems, ..page });
        }
        Err(error) => return Err(error.into()),
    }
    let to = match form.place(&after) {
        Some(row) => format!("/connections/{id}/mappings?type={kind}{row}"),
        None => format!("/sync?connection={id}"),
    };
    page::redirect(&visit, &to, Key::MAPPINGS_SAVED)
}

/// What every showing of the page needs.
struct Place<'a> {
    visit: &'a Visit,
    portal: &'a Portal,
    may_write: bool,
}

impl<'a> Place<'a> {
    async fn new(visit: &'a Visit, portal: &'a Portal) -> Result<Self, WebError> {
        let may_write = guard::may_change_sync(portal, visit).await?;
        Ok(Self { visit, portal, may_write })
    }

    /// The mapping as asked for, or what stands in the way.
    async fn check(
        &self,
        form: &MappingForm,
        current: &ActorMapping,
        edit: &Edit,
    ) -> Result<Result<ActorMapping, Problems>, WebError> {
        let elsewhere = elsewhere(self.portal, current).await?;
        let applied = edit::apply(current, edit, &elsewhere.keys().cloned().collect());
        let (after, found) = match applied {
            Ok(after) => (Some(after), Vec::new()),
            Err(found) => (None, found),
        };
        let problems = form.problems(self.visit, current, found, &elsewhere);
        Ok(after.filter(|_| problems.is_empty()).ok_or(problems))
    }

    async fn page(
        &self,
        connection: ErpConnection,
        all: Vec<ActorMapping>,
        current: Option<ActorMapping>,
        (edit, version): (Edit, String),
    ) -> Result<EditPage<'a>, WebError> {
        let elsewhere = match &current {
            Some(current) => elsewhere(self.portal, current).await?,
            None => Elsewhere::new(),
        };
        Ok(EditPage {
            visit: self.visit,
            is_fixed: connection.is_active || !self.may_write,
            may_write: self.may_write,
            connection,
            all,
            current,
            edit,
            version,
            problems: Problems::default(),
            is_overtaken: false,
            elsewhere,
        })
    }

    /// Both versions, and the form as typed, ready to be sent on top of the newer one.
    async fn show_conflict(
        &self,
        id: ConnectionId,
        kind: ActorType,
        form: &MappingForm,
        problems: Problems,
    ) -> Answer {
        let connection = found::connection(self.portal, id).await?;
        let all = mappings::list(&self.portal.store, id).await?;
        let current = all.iter().find(|mapping| mapping.kind == kind).cloned();
        let edit = current.as_ref().map(|current| form.edit(current)).unwrap_or_default();
        let version = current.as_ref().map_or(0, |current| current.version).to_string();
        let page = self.page(connection, all, current, (edit, version)).await?;
        let page = EditPage { problems, is_overtaken: true, ..page };
        page::show_overtaken(&page, &page.problems)
    }
}

async fn elsewhere(portal: &Portal, current: &ActorMapping) -> Result<Elsewhere, WebError> {
    let others = mappings::list_elsewhere(&portal.store, current.connection_id).await?;
    let synchronised = matrix::synchronised_by(&others, current.record_kind());
    let all = connections::list(&portal.store).await?;
    let name = |id| all.iter().find(|other| other.id == id).map(|other| other.name.clone());
    let named = synchronised.into_iter();
    Ok(named.map(|(crm, id)| (crm, name(id).unwrap_or_default())).collect())
}
