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
pub struct Wanted {
    /// None: a new one.
    pub id: Option<i64>,
    /// Multi-language text.
    pub text: String,
}

/// What is to be done with a list.
pub(super) struct Plan {
    /// Every item there is, by id.
    before: BTreeMap<i64, Item>,
    /// Those to be chosen from, in order; `None`: to be made.
    after: Vec<(Option<i64>, String)>,
}

impl Plan {
    /// `before`: see [`super::crm_lists::list_with_deleted`]. [`StoreError::Overtaken`]: an item is none of
    /// this list.
    pub fn new(before: Vec<Item>, wanted: &[Wanted]) -> Result<Self> {
        let before: BTreeMap<i64, Item> = before.into_iter().map(|item| (item.id, item)).collect();
        let mut taken: BTreeSet<i64> = wanted.iter().filter_map(|item| item.id).collect();
        if !taken.iter().all(|id| before.contains_key(id)) {
            return Err(StoreError::Overtaken);
        }
        let free = before.values().filter(|known| !taken.contains(&known.id));
        let by_text: BTreeMap<String, i64> = free
            .flat_map(|known| {
                multilang::comparable(&known.text).into_iter().map(|text| (text, known.id))
            })
            .collect();
        let mut after = Vec::with_capacity(wanted.len());
        for item in wanted {
            let mut known = multilang::comparable(&item.text).into_iter();
            let known = known.find_map(|text| by_text.get(&text).filter(|id| !taken.contains(id)));
            let id = item.id.or(known.copied());
            taken.extend(id);
            after.push((id, item.text.clone()));
        }
        Ok(Self { before, after })
    }

    /// Notes in the history what changes; nothing if nothing does.
    pub fn note(&self, mut event: Event) -> Event {
        let old = |id: &Option<i64>| id.and_then(|id| self.before.get(&id));
        let is_live = |id: &Option<i64>| old(id).is_some_and(|item| !item.is_deleted);
        let ids: BTreeSet<i64> = self.after.iter().filter_map(|(id, _)| *id).collect();
        let added = self.after.iter().filter(|(id, _)| !is_live(id)).map(|(_, text)| text.as_str());
        let mut live: Vec<&Item> = self.before.values().filter(|item| !item.is_deleted).collect();
        live.sort_by_key(|item| (item.rank, item.id));
        let gone =
            live.iter().filter(|item| !ids.contains(&item.id)).map(|item| item.text.as_str());
        event = event.changed("items-added", "", one_line(added));
        event = event.changed("items-removed", one_line(gone), "");
        let renamed = self.after.iter().filter(|(id, _)| is_live(id));
        let renamed =
            renamed.filter_map(|(id, text)| Some((old(id)?.text.as_str(), text.as_str())));
        let renamed: Vec<_> = renamed.filter(|(old, new)| old != new).collect();
        event = event.changed(
            "items-renamed",
            one_line(renamed.iter().map(|(old, _)| *old)),
            one_line(renamed.iter().map(|(_, new)| *new)),
        );
        let stayed_before = live.iter().filter(|item| ids.contains(&item.id)).map(|item| item.id);
        let stay = self.after.iter().filter(|(id, _)| is_live(id));
        let stay: Vec<(i64, &str)> =
            stay.filter_map(|(id, text)| Some(((*id)?, text.as_str()))).collect();
        let was: Vec<i64> = stayed_before.collect();
        if was.iter().copied().eq(stay.iter().map(|(id, _)| *id)) {
            return event;
        }
        let text = |id: &i64| stay.iter().find(|(stays, _)| stays == id).map(|(_, text)| *text);
        event.changed(
            "items-order",
            one_line(was.iter().filter_map(text)),
            one_line(stay.iter().map(|(_, text)| *text)),
        )
    }

    pub async fn write(&self, tx: &mut Tx, list: List) -> Result<()> {
        for (rank, (known, text)) in (1_i64..).zip(&self.after) {
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
        let stays = |id: &i64| self.after.iter().any(|(known, _)| *known == Some(*id));
        for item in self.before.values().filter(|item| !item.is_deleted && !stays(&item.id)) {
            let sql = "UPDATE crm_list_item SET is_deleted = TRUE WHERE id = $1";
            tx.execute_one(sql, args![item.id]).await?;
        }
        Ok(())
    }
}

fn one_line<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(multilang::in_one_line).collect::<Vec<_>>().join(", ")
}
