//! Lists: each has all its items, and each key that an actor holds has a text.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::probe::{Halt, Probe};
use super::{Outcome, Reason, lacking, settle};
use crate::connector::types::ListItem;
use crate::i18n::Key;

/// Keys of one list that are looked up.
const MOST_KEYS: usize = 20;

pub fn complete(facts: &Facts) -> Outcome {
    if let Err(halt) = &facts.fields {
        return lacking(halt);
    }
    if facts.lists.is_empty() {
        return Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_LISTS));
    }
    let held = facts.held();
    let mut empty = None;
    for (list, items) in &facts.lists {
        let items = match items {
            Ok(items) => items,
            Err(Halt::Erp(_, failure)) => {
                let reason = Reason::new(Key::CONFORMANCE_LIST_FAILED).with("list", list);
                return Outcome::Failed(reason.because(failure));
            }
            Err(halt) => return halt.clone().into(),
        };
        if let Some(reason) = wrong(list, items, held.get(list.as_str())) {
            return Outcome::Failed(reason);
        }
        if items.is_empty() {
            empty.get_or_insert(list);
        }
    }
    match empty {
        Some(list) => {
            Outcome::Remarked(Reason::new(Key::CONFORMANCE_LIST_EMPTY).with("list", list))
        }
        None => Outcome::Passed,
    }
}

/// What is wrong with a list, given the keys that actors hold.
fn wrong(list: &str, items: &[ListItem], held: Option<&BTreeSet<String>>) -> Option<Reason> {
    let reason = |key: Key| Reason::new(key).with("list", list);
    if items.iter().any(|item| item.key.trim().is_empty()) {
        return Some(reason(Key::CONFORMANCE_ITEM_WITHOUT_KEY));
    }
    let mut keys = BTreeSet::new();
    if let Some(item) = items.iter().find(|item| !keys.insert(item.key.as_str())) {
        return Some(reason(Key::CONFORMANCE_ITEM_TWICE).with("item", &item.key));
    }
    let lacks = |key: &&String| !keys.contains(key.as_str());
    let left_out = held?.iter().find(lacks)?;
    Some(reason(Key::CONFORMANCE_ITEM_LEFT_OUT).with("item", left_out))
}

pub async fn items(probe: &Probe<'_>, facts: &Facts) -> Outcome {
    if let Err(halt) = &facts.fields {
        return lacking(halt);
    }
    if facts.lists.is_empty() {
        return Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_LISTS));
    }
    settle(resolve(probe, facts).await)
}

async fn resolve(probe: &Probe<'_>, facts: &Facts) -> Result<Outcome, Halt> {
    let held = facts.held();
    let (mut looked_up, mut other_text) = (0, None);
    for (list, all) in &facts.lists {
        let all = all.as_deref().unwrap_or_default();
        let held = held.get(list.as_str()).into_iter().flatten().cloned();
        // Where no actor of the sample holds one, the list's own keys do.
        let listed = all.iter().map(|item| item.key.clone());
        let keys: BTreeSet<String> = held.chain(listed).take(MOST_KEYS).collect();
        if keys.is_empty() {
            continue;
        }
        let keys: Vec<String> = keys.into_iter().collect();
        let items = probe.list_items(list, &keys).await?;
        let texts: BTreeMap<&str, &str> =
            items.iter().map(|item| (item.key.as_str(), item.text.as_str())).collect();
        if let Some(key) = keys.iter().find(|key| !texts.contains_key(key.as_str())) {
            let reason = Reason::new(Key::CONFORMANCE_ITEM_UNRESOLVED).with("list", list);
            return Ok(Outcome::Failed(reason.with("item", key)));
        }
        let differs =
            |item: &&ListItem| texts.get(item.key.as_str()).is_some_and(|text| *text != item.text);
        if let Some(item) = all.iter().find(differs) {
            other_text.get_or_insert_with(|| (list.clone(), item.key.clone()));
        }
        looked_up += keys.len();
    }
    Ok(match other_text {
        _ if looked_up == 0 => Outcome::NotTried(Reason::new(Key::CONFORMANCE_NO_ITEMS)),
        Some((list, item)) => Outcome::Remarked(
            Reason::new(Key::CONFORMANCE_ITEM_OTHER_TEXT).with("list", list).with("item", item),
        ),
        None => Outcome::Passed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(keys: &[&str]) -> Vec<ListItem> {
        keys.iter().map(|key| ListItem { key: (*key).into(), text: "T".into() }).collect()
    }

    fn wrong_key(keys: &[&str], held: &[&str]) -> Option<Key> {
        let held = held.iter().map(|key| (*key).to_owned()).collect();
        wrong("L", &items(keys), Some(&held)).map(|reason| reason.key)
    }

    #[test]
    fn a_list_has_every_item_once_and_all_that_actors_hold() {
        assert_eq!(wrong_key(&["a", "b"], &["a"]), None);
        assert_eq!(wrong_key(&["a", "A"], &[]), None);
        assert_eq!(wrong_key(&["a", " "], &[]), Some(Key::CONFORMANCE_ITEM_WITHOUT_KEY));
        assert_eq!(wrong_key(&["a", "a"], &[]), Some(Key::CONFORMANCE_ITEM_TWICE));
        assert_eq!(wrong_key(&["a"], &["b"]), Some(Key::CONFORMANCE_ITEM_LEFT_OUT));
        assert_eq!(wrong("L", &items(&["a"]), None), None);
    }
}
