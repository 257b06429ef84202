//! What the items of a CRM list are called on the page, and which one is meant by what was typed.

use std::collections::BTreeMap;

use crate::store::crm_lists::Item;
use crate::web::visit::Visit;

/// Every item by a text of its own, in the order of the list.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    all: Vec<(i64, String)>,
    by_text: BTreeMap<String, i64>,
    places: BTreeMap<i64, usize>,
}

impl Labels {
    pub fn new(visit: &Visit, items: &[Item]) -> Self {
        let mut labels = Self::default();
        for item in items {
            let text = visit.pick(&item.text);
            // Of two items of the same text, the second bears its number.
            let label = match labels.by_text.contains_key(&comparable(text)) {
                true => format!("{text} ({})", item.id),
                false => text.to_owned(),
            };
            labels.by_text.insert(comparable(&label), item.id);
            labels.places.insert(item.id, labels.all.len());
            labels.all.push((item.id, label));
        }
        labels
    }

    pub fn all(&self) -> &[(i64, String)] {
        &self.all
    }

    /// The item's text; none for what is no item.
    pub fn text(&self, id: i64) -> Option<&str> {
        self.places.get(&id).map(|place| self.all[*place].1.as_str())
    }

    /// The item that is meant by its id or its text. A number that is neither is taken for an id.
    pub fn id(&self, typed: &str) -> Option<i64> {
        let number: Option<i64> = typed.parse().ok();
        let known = number.filter(|id| self.places.contains_key(id));
        known.or_else(|| self.by_text.get(&comparable(typed)).copied()).or(number)
    }
}

fn comparable(text: &str) -> String {
    text.trim().to_lowercase()
}
