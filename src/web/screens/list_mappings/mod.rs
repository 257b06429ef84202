//! List mapping: which item of an ERP list is which item of a CRM list, and what happens to the others. One
//! field at a time; read-only while the connection is active.

mod form;
mod known;
mod labels;
mod rows;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::{ListMappingForm, Read};
use self::view::{Current, EditPage, Saved};
use crate::connections::{ConnectionId, ErpConnection};
use crate::i18n::Key;
use crate::mapping::lists::{self, Items, MappedList, RuleProblem};
use crate::mapping::rules::ItemRule;
use crate::mapping::{ActorMapping, FieldMappingId, Side};
use crate::store::error::StoreError;
use crate::store::mappings;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, found, guard, page};

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
    let connection = found::connection(&portal, *id).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    let mut place = Place::new(&visit, &connection, &all, may_write);
    let Some((mapping, list)) = find(&all, chosen.field) else {
        return page::show(&place.page(None));
    };
    let names = every(&all).map(|(_, list)| list.field.erp.list.as_str()).collect();
    let mut answers = known::lists(&portal, &connection, names).await?;
    place.keys = answers
        .iter()
        .filter_map(|(name, answer)| Some((name.clone(), answer.as_ref().ok()?)))
        .map(|(name, reply)| (name, reply.value.iter().map(|item| item.key.clone()).collect()))
        .collect();
    let answer = answers.remove(&list.field.erp.list);
    let known = known::known(&visit, &portal, list, answer).await?;
    let before = &list.field.items;
    let items = match chosen.suggest.as_str() {
        "1" => lists::suggest(before, &known.erp, &known.choices()),
        _ => before.clone(),
    };
    let is_new = |key: &&String| !before.contains_key(*key);
    let suggested = (chosen.suggest == "1").then(|| items.keys().filter(is_new).cloned().collect());
    let version = mapping.version.to_string();
    let rule = list.field.item_rule.clone();
    let current = Current::new(known, (form::of_items(&items), rule), version, before.clone());
    page::show(&place.page(Some(Current { suggested, ..current })))
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, FieldMappingId)>,
    Form(form): Form<ListMappingForm>,
) -> Answer {
    let (id, field) = path.into_inner();
    let connection = found::connection(&portal, id).await?;
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    let all = mappings::list(&portal.store, connection.id).await?;
    let (mapping, list) = find(&all, Some(field))
        .filter(|(_, list)| list.field.id == field)
        .ok_or(WebError::NotFound)?;
    let place = Place::new(&visit, &connection, &all, may_write);
    let name = &list.field.erp.list;
    let answer = known::lists(&portal, &connection, [name.as_str()].into()).await?.remove(name);
    let known = known::known(&visit, &portal, list, answer).await?;
    let read = form.read(&known.labels, &list.field.item_rule);
    let typed = (read.chosen.clone(), read.rule.clone());
    let current = Current::new(known, typed, form.version.clone(), list.field.items.clone());
    let (items, rule, current) = match place.check(&form, read, current, (mapping, list)) {
        Ok(checked) => checked,
        Err(answer) => return *answer,
    };
    let mut after = mapping.clone();
    if let Some(changed) = after.fields.iter_mut().find(|other| other.id == field) {
        (changed.items, changed.item_rule) = (items, rule);
    }
    let mut tx = portal.store.begin().await?;
    match mappings::save_at_rest(&mut tx, &visit.actor(), &after).await {
        Ok(_) => tx.commit().await?,
        Err(StoreError::Overtaken) => {
            drop(tx);
            let all = mappings::list(&portal.store, connection.id).await?;
            let (mapping, list) = find(&all, Some(field)).ok_or(WebError::Overtaken)?;
            let place = Place::new(&visit, &connection, &all, may_write);
            return place.show_conflict(current, mapping, list);
        }
        Err(StoreError::InUse) => {
            drop(tx);
            let connection = found::connection(&portal, id).await?;
            let place = Place::new(&visit, &connection, &all, may_write);
            return place.refuse(current, Key::LIST_MAPPINGS_ACTIVE);
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
    /// Keys of the ERP's lists by their names, as far as they were read.
    keys: BTreeMap<String, BTreeSet<String>>,
    may_write: bool,
}

impl<'a> Place<'a> {
    fn new(
        visit: &'a Visit,
        connection: &'a ErpConnection,
        all: &'a [ActorMapping],
        may_write: bool,
    ) -> Self {
        Self { visit, connection, all, keys: BTreeMap::new(), may_write }
    }

    fn page(&self, current: Option<Current>) -> EditPage<'a> {
        let Self { visit, connection, all, ref keys, may_write } = *self;
        EditPage { visit, connection, all, keys: keys.clone(), current, may_write }
    }

    /// The items and the rule as chosen, or the page once more with what stands in the way.
    fn check(
        &self,
        form: &ListMappingForm,
        read: Read,
        mut current: Current,
        (mapping, list): (&ActorMapping, MappedList<'_>),
    ) -> Result<(Items, ItemRule, Current), Box<Answer>> {
        let (saved, rule) = (&list.field.items, &list.field.item_rule);
        current.problems = Problems::of(form);
        if self.connection.is_active {
            return Err(self.refuse(current, Key::LIST_MAPPINGS_ACTIVE).into());
        }
        // Where both say the same, nothing of either is lost.
        let is_other = !read.is_same(saved, rule);
        let is_newer = form.version != mapping.version.to_string();
        if !current.problems.is_empty() || is_other && is_newer {
            return Err(self.show_conflict(current, mapping, list).into());
        }
        // While the ERP cannot be asked, what it has cannot be told from what it has not.
        if current.known.failure.is_some() {
            return Err(self.refuse(current, Key::LIST_MAPPINGS_AWAY).into());
        }
        let (erp, crm) = (&current.known.erp, current.known.choices());
        let items = lists::check(&read.pairs, saved, erp, &crm);
        let checked = lists::check_rule(read.rule, rule, erp, &crm);
        match (items, checked) {
            (Ok(items), Ok(rule)) if read.wrong.is_empty() && read.problems.is_empty() => {
                Ok((items, rule, current))
            }
            (items, checked) => {
                let mut problems = read.problems;
                if let Err(problem) = checked {
                    let at = match problem {
                        RuleProblem::Unknown(Side::Erp) => form::ERP_DEFAULT,
                        _ => form::CRM_DEFAULT,
                    };
                    problems.add(at, problem.message());
                }
                current.wrong = items.err().unwrap_or_default();
                current.wrong.extend(read.wrong);
                if !current.wrong.is_empty() {
                    problems.add("", Key::LIST_MAPPINGS_PROBLEMS);
                }
                current.problems = problems;
                Err(page::show_again(&self.page(Some(current))).into())
            }
        }
    }

    fn refuse(&self, mut current: Current, why: Key) -> Answer {
        current.problems.add("", why);
        page::show_again(&self.page(Some(current)))
    }

    /// Both versions, and the form as chosen, ready to be sent on top of the newer one.
    fn show_conflict(
        &self,
        current: Current,
        mapping: &ActorMapping,
        list: MappedList<'_>,
    ) -> Answer {
        let problems = current.problems.clone();
        let (items, rule) = (list.field.items.clone(), list.field.item_rule.clone());
        let (version, saved) = (mapping.version.to_string(), Some(Saved { items, rule }));
        let page = self.page(Some(Current { version, saved, ..current }));
        page::show_overtaken(&page, &problems)
    }
}

/// Every field that has a list to map.
fn every(all: &[ActorMapping]) -> impl Iterator<Item = (&ActorMapping, MappedList<'_>)> {
    all.iter().flat_map(|mapping| {
        lists::mapped_lists(mapping).into_iter().map(move |list| (mapping, list))
    })
}

/// The field asked for, or the first that has a list to map.
fn find(
    all: &[ActorMapping],
    field: Option<FieldMappingId>,
) -> Option<(&ActorMapping, MappedList<'_>)> {
    every(all).find(|(_, list)| Some(list.field.id) == field).or_else(|| every(all).next())
}
