//! Both lists of one field, and how often what is not mapped occurs in the CRM.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use futures_util::stream;

use super::labels::Labels;
use crate::connections::ErpConnection;
use crate::connector::Answer;
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::connector::types::ListItem;
use crate::crm::RecordKind;
use crate::crm::fields::Field;
use crate::mapping::FieldMappingId;
use crate::mapping::lists::{CrmItem, MappedList};
use crate::store::crm;
use crate::store::crm_lists::{self, Item};
use crate::web::Portal;
use crate::web::error::WebError;
use crate::web::visit::Visit;

pub struct Known {
    pub field: FieldMappingId,
    pub kind: RecordKind,
    pub crm_field: Field,
    pub erp: Vec<ListItem>,
    /// Those that may be chosen, and those that are mapped although they are gone.
    pub crm: Vec<Item>,
    pub labels: Labels,
    /// Why the ERP's list could not be read; then only what is mapped already is shown.
    pub failure: Option<Failure>,
    /// Records by the CRM item they hold.
    pub uses: BTreeMap<i64, i64>,
    /// The texts of the items that records hold.
    pub held: BTreeMap<i64, String>,
    /// There are more records than were counted.
    pub is_cut: bool,
}

impl Known {
    /// The items that something may be mapped to.
    pub fn choices(&self) -> Vec<CrmItem<'_>> {
        let live = self.crm.iter().filter(|item| !item.is_deleted);
        live.map(|item| CrmItem { id: item.id, text: &item.text }).collect()
    }

    /// What these are called on the page.
    pub fn labels(&self) -> impl Iterator<Item = &(i64, String)> {
        let live: BTreeSet<i64> = self.choices().iter().map(|item| item.id).collect();
        self.labels.all().iter().filter(move |(id, _)| live.contains(id))
    }
}

/// ERP lists by name, as far as they could be read.
pub type Lists = BTreeMap<String, Answer<Vec<ListItem>>>;

/// How many lists a connector is asked for at once.
const AT_ONCE: usize = 4;

/// Asks the connector for lists, a few at a time.
pub async fn lists(
    portal: &Portal,
    connection: &ErpConnection,
    names: BTreeSet<&str>,
) -> Result<Lists, WebError> {
    let client = portal.engine.connector_of(connection, Patience::Interactive).await?;
    let client = &client;
    let asked = names.into_iter().map(|name| async move {
        let answer = match client {
            Ok(client) => client.list(name).await,
            Err(failure) => Err(failure.clone()),
        };
        (name.to_owned(), answer)
    });
    Ok(stream::iter(asked).buffer_unordered(AT_ONCE).collect().await)
}

/// `answer`: what the connector said about the field's list.
pub async fn known(
    visit: &Visit,
    portal: &Portal,
    list: MappedList<'_>,
    answer: Option<Answer<Vec<ListItem>>>,
) -> Result<Known, WebError> {
    let mut crm = crm_lists::list(&portal.store, list.list).await?;
    let rule = &list.field.item_rule;
    let mapped: Vec<i64> = list.field.items.values().copied().chain(rule.crm_default).collect();
    let gone = crm_lists::list_by_ids(&portal.store, &mapped).await?;
    let there: BTreeSet<i64> = crm.iter().map(|item| item.id).collect();
    crm.extend(gone.into_iter().filter(|item| !there.contains(&item.id)));
    let (erp, failure) = match answer {
        Some(Ok(reply)) => (reply.value, None),
        Some(Err(failure)) => (mapped_already(list), Some(failure)),
        None => (mapped_already(list), None),
    };
    let kind = list.crm.record;
    let uses = crm_lists::count_use(&portal.store, kind, &list.crm.key).await?;
    let ids: Vec<i64> = uses.keys().copied().collect();
    Ok(Known {
        field: list.field.id,
        kind,
        crm_field: list.crm.clone(),
        labels: Labels::new(visit, &crm),
        erp,
        crm,
        failure,
        held: crm_lists::texts(&portal.store, &ids).await?,
        uses,
        is_cut: crm::count(&portal.store, kind).await? > crm_lists::MOST_COUNTED,
    })
}

fn mapped_already(list: MappedList<'_>) -> Vec<ListItem> {
    let keys = list.field.items.keys();
    keys.map(|key| ListItem { key: key.clone(), text: key.clone() }).collect()
}
