//! List mapping: which item of an ERP list is which item of a CRM list. One field at a time; read-only
//! while the connection is active.

mod form;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::ListMappingForm;
use self::view::{Current, EditPage};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::connector::types::ListItem;
use crate::crm::fields::Field;
use crate::i18n::Key;
use crate::mapping::lists::{self, CrmItem, Items};
use crate::mapping::{ActorMapping, FieldMappingId};
use crate::store::crm_lists::{self, Item};
use crate::store::error::StoreError;
use crate::store::{configuration, connections, mappings};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, guard, page};

#[derive(Deserialize)]
pub struct Chosen {
    field: Option<FieldMappingId>,
    /// Fill in what has a text in common.
    #[serde(default)]
    suggest: String,
}

pub async fn edit(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    chosen: Query<Chosen>,
) -> Answer {
    let connection = get(&portal, *id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    let place = Place { visit: &visit, connection: &connection, all: &all, may_write };
    let Some((mapping, list)) = find(&all, chosen.field) else {
        return page::show(&place.page(None));
    };
    let known = known(&portal, &connection, list).await?;
    let before = &list.field.items;
    let chosen = match chosen.suggest.as_str() {
        "1" => lists::suggest(before, &known.erp, &known.choices()),
        _ => before.clone(),
    };
    let version = mapping.version.to_string();
    let current = Current::new(known, form::of_items(&chosen), version);
    page::show(&place.page(Some(current)))
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, FieldMappingId)>,
    Form(form): Form<ListMappingForm>,
) -> Answer {
    let (id, field) = path.into_inner();
    let connection = get(&portal, id).await?;
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let (mapping, list) = find(&all, Some(field))
        .filter(|(_, list)| list.field.id == field)
        .ok_or(WebError::NotFound)?;
    let place = Place { visit: &visit, connection: &connection, all: &all, may_write };
    let known = known(&portal, &connection, list).await?;
    let current = Current::new(known, form.chosen(), form.version.clone());
    let (items, current) = match place.check(&form, current, (mapping, &list.field.items)) {
        Ok(checked) => checked,
        Err(answer) => return *answer,
    };
    let mut after = mapping.clone();
    if let Some(changed) = after.fields.iter_mut().find(|other| other.id == field) {
        changed.items = items;
    }
    let mut tx = portal.store.begin().await?;
    match mappings::save(&mut tx, &visit.actor(), &after).await {
        Ok(_) => tx.commit().await?,
        Err(StoreError::Overtaken) => {
            drop(tx);
            let all = mappings::list(&portal.store, connection.id).await?;
            let (mapping, list) = find(&all, Some(field)).ok_or(WebError::Overtaken)?;
            let place = Place { all: &all, ..place };
            return place.show_conflict(current, mapping, &list.field.items);
        }
        Err(error) => return Err(error.into()),
    }
    let to = format!("/connections/{id}/list-mappings?field={field}");
    page::redirect(&visit, &to, Key::LIST_MAPPINGS_SAVED)
}

/// What every showing of the page needs.
struct Place<'a> {
    visit: &'a Visit,
    connection: &'a ErpConnection,
    all: &'a [ActorMapping],
    may_write: bool,
}

impl<'a> Place<'a> {
    fn page(&self, current: Option<Current>) -> EditPage<'a> {
        let Self { visit, connection, all, may_write } = *self;
        EditPage { visit, connection, all, current, may_write }
    }

    /// The items as chosen, or the page once more with what stands in the way.
    fn check(
        &self,
        form: &ListMappingForm,
        mut current: Current,
        (mapping, saved): (&ActorMapping, &Items),
    ) -> Result<(Items, Current), Box<Answer>> {
        current.problems = Problems::of(form);
        if self.connection.is_active {
            return Err(self.refuse(current, Key::LIST_MAPPINGS_ACTIVE).into());
        }
        // Where both say the same, nothing of either is lost.
        let is_other = current.chosen != form::of_items(saved);
        let is_newer = form.version != mapping.version.to_string();
        if !current.problems.is_empty() || is_other && is_newer {
            return Err(self.show_conflict(current, mapping, saved).into());
        }
        // While the ERP cannot be asked, what it has cannot be told from what it has not.
        if current.known.failure.is_some() {
            return Err(self.refuse(current, Key::LIST_MAPPINGS_AWAY).into());
        }
        let (pairs, wrong) = form.read();
        match lists::check(&pairs, saved, &current.known.erp, &current.known.choices()) {
            Ok(items) if wrong.is_empty() => Ok((items, current)),
            checked => {
                current.wrong = checked.err().unwrap_or_default();
                current.wrong.extend(wrong);
                Err(self.refuse(current, Key::LIST_MAPPINGS_PROBLEMS).into())
            }
        }
    }

    fn refuse(&self, mut current: Current, why: Key) -> Answer {
        current.problems.add("", why);
        page::show_again(&self.page(Some(current)))
    }

    /// Both versions, and the form as chosen, ready to be sent on top of the newer one.
    fn show_conflict(&self, current: Current, mapping: &ActorMapping, saved: &Items) -> Answer {
        let is_known = current.problems.is_empty();
        let (version, saved) = (mapping.version.to_string(), Some(saved.clone()));
        let page = self.page(Some(Current { version, saved, ..current }));
        if is_known { page::show_conflict(&page) } else { page::show_again(&page) }
    }
}

/// Both lists of one field.
pub struct Known {
    field: FieldMappingId,
    crm_field: Field,
    erp: Vec<ListItem>,
    /// Those that may be chosen, and those that are mapped although they are gone.
    crm: Vec<Item>,
    /// Why the ERP's list could not be read; then only what is mapped already is shown.
    failure: Option<Failure>,
}

impl Known {
    fn choices(&self) -> Vec<CrmItem<'_>> {
        self.crm.iter().map(|item| CrmItem { id: item.id, text: &item.text }).collect()
    }
}

async fn known(
    portal: &Portal,
    connection: &ErpConnection,
    list: lists::MappedList<'_>,
) -> Result<Known, WebError> {
    let mut crm = crm_lists::list(&portal.store, list.list).await?;
    let mapped: Vec<i64> = list.field.items.values().copied().collect();
    let gone = crm_lists::list_by_ids(&portal.store, &mapped).await?;
    let is_there = |item: &Item| crm.iter().any(|other| other.id == item.id);
    let gone: Vec<Item> = gone.into_iter().filter(|item| !is_there(item)).collect();
    crm.extend(gone);
    let settings = configuration::for_calls(&portal.store, connection.id).await?;
    let client = portal.registry.client(
        &connection.connector_address,
        connection.guid.clone(),
        settings,
        Patience::Interactive,
    );
    let answer = match client {
        Ok(client) => client.list(&list.field.erp.list).await,
        Err(failure) => Err(failure),
    };
    let (erp, failure) = match answer {
        Ok(reply) => (reply.value, None),
        Err(failure) => {
            let item = |key: &String| ListItem { key: key.clone(), text: key.clone() };
            (list.field.items.keys().map(item).collect(), Some(failure))
        }
    };
    let (field, crm_field) = (list.field.id, list.crm.clone());
    Ok(Known { field, crm_field, erp, crm, failure })
}

/// The field asked for, or the first that has a list to map.
fn find(
    all: &[ActorMapping],
    field: Option<FieldMappingId>,
) -> Option<(&ActorMapping, lists::MappedList<'_>)> {
    let lists = || {
        all.iter().flat_map(|mapping| {
            lists::mapped_lists(mapping).into_iter().map(move |list| (mapping, list))
        })
    };
    lists().find(|(_, list)| Some(list.field.id) == field).or_else(|| lists().next())
}

async fn get(portal: &Portal, id: ConnectionId) -> Result<ErpConnection, WebError> {
    let found = connections::find(&portal.store, id).await?;
    found.filter(|connection| !connection.is_deleted).ok_or(WebError::NotFound)
}
