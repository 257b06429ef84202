//! A CRM list brought to what an admin wants it to be. An item that was taken off the list stays, since records
//! may hold it; it comes back when one of the same text is added.

use std::collections::{BTreeMap, BTreeSet};

use super::crm_lists::Item;
use super::error::StoreError;
use super::row::args;
use super::{Result, Tx, id};
use crate::connector::multilang;
use crate::crm::fields::List;
use crate::history::Event;

/// An item as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedItem {
    /// None: a new one.
    pub id: Option<i64>,
    /// Multi-language text.
    pub text: String,
}

/// What is to be done with a list.
pub(super) struct Plan {
    /// Every item there is, by id.
    before: BTreeMap<i64, Item>,
    /// Those to be chosen from, in order.
    after: Vec<WantedItem>,
}

impl Plan {
    /// `before`: see [`super::crm_lists::list_with_deleted`]. [`StoreError::Overtaken`]: an item is none of
    /// this list.
    pub fn new(before: Vec<Item>, wanted: &[WantedItem]) -> Result<Self> {
        let before: BTreeMap<i64, Item> = before.into_iter().map(|item| (item.id, item)).collect();
        let mut taken: BTreeSet<i64> = wanted.iter().filter_map(|item| item.id).collect();
        if !taken.iter().all(|id| before.contains_key(id)) {
            return Err(StoreError::Overtaken);
        }
        let free = before.values().filter(|known| !taken.contains(&known.id));
        let mut by_text: BTreeMap<String, Vec<&Item>> = BTreeMap::new();
        for known in free {
            for text in multilang::comparable(&known.text) {
                by_text.entry(text).or_default().push(known);
            }
        }
        let mut after = Vec::with_capacity(wanted.len());
        for item in wanted {
            let texts = multilang::comparable(&item.text);
            let alike = texts.iter().filter_map(|text| by_text.get(text)).flatten();
            let mut same = alike.filter(|known| {
                !taken.contains(&known.id) && multilang::are_same(&known.text, &item.text)
            });
            let id = item.id.or(same.next().map(|known| known.id));
            taken.extend(id);
            after.push(WantedItem { id, text: item.text.clone() });
        }
        Ok(Self { before, after })
    }

    /// Notes in the history what changes; nothing if nothing does.
    pub fn note(&self, event: Event) -> Event {
        let ids: BTreeSet<i64> = self.after.iter().filter_map(|item| item.id).collect();
        let mut live: Vec<&Item> = self.before.values().filter(|item| !item.is_deleted).collect();
        live.sort_by_key(|item| (item.rank, item.id));
        let (stayed, gone): (Vec<&Item>, Vec<&Item>) =
            live.into_iter().partition(|item| ids.contains(&item.id));
        let (stay, added): (Vec<&WantedItem>, Vec<&WantedItem>) =
            self.after.iter().partition(|item| self.live(item).is_some());
        let renamed = stay.iter().filter_map(|item| Some((self.live(item)?, *item)));
        let renamed: Vec<(&Item, &WantedItem)> =
            renamed.filter(|(old, new)| old.text != new.text).collect();
        let event = event
            .changed("items-added", "", one_line(added.iter().map(|item| &item.text)))
            .changed("items-removed", one_line(gone.iter().map(|item| &item.text)), "")
            .changed(
                "items-renamed",
                one_line(renamed.iter().map(|(old, _)| &old.text)),
                one_line(renamed.iter().map(|(_, new)| &new.text)),
            );
        if stayed.iter().map(|item| Some(item.id)).eq(stay.iter().map(|item| item.id)) {
            return event;
        }
        // By the names they have now.
        let named = |old: &&Item| stay.iter().find(|item| item.id == Some(old.id));
        event.changed(
            "items-order",
            one_line(stayed.iter().filter_map(named).map(|item| &item.text)),
            one_line(stay.iter().map(|item| &item.text)),
        )
    }

    /// The item as it stands in the list now, if it does.
    fn live(&self, wanted: &WantedItem) -> Option<&Item> {
        self.before.get(&wanted.id?).filter(|item| !item.is_deleted)
    }

    pub async fn write(&self, tx: &mut Tx, list: List) -> Result<()> {
        for (rank, WantedItem { id: known, text }) in (1_i64..).zip(&self.after) {
            let old = known.and_then(|id| self.before.get(&id));
            let is_same =
                old.is_some_and(|old| (old.rank, &old.text, old.is_deleted) == (rank, text, false));
            match known {
                _ if is_same => {}
                Some(id) => {
                    let sql = "UPDATE crm_list_item SET text = $2, rank = $3, is_deleted = FALSE WHERE id = $1";
                    tx.execute_one(sql, args![*id, text, rank]).await?;
                }
                None => {
                    let sql = "INSERT INTO crm_list_item (id, list, text, rank, is_deleted) \
                               VALUES ($1, $2, $3, $4, FALSE)";
                    let id = id::fresh(tx.clock().now());
                    tx.execute_one(sql, args![id, list.name(), text, rank]).await?;
                }
            }
        }
        let stays = |id: &i64| self.after.iter().any(|item| item.id == Some(*id));
        for item in self.before.values().filter(|item| !item.is_deleted && !stays(&item.id)) {
            let sql = "UPDATE crm_list_item SET is_deleted = TRUE WHERE id = $1";
            tx.execute_one(sql, args![item.id]).await?;
        }
        Ok(())
    }
}

fn one_line<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    texts.map(|text| multilang::in_one_line(text)).collect::<Vec<_>>().join(", ")
}
