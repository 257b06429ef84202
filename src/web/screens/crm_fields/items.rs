//! The items of a list as they are posted: those there are, and lines of new ones.

use std::collections::BTreeSet;

use super::names;
use crate::connector::multilang;
use crate::crm::fields::CustomField;
use crate::i18n::{Key, Message};
use crate::store::crm_list_changes::WantedItem;
use crate::web::form::Problems;

/// Between the two languages of an item in the lines of new ones.
const BETWEEN: char = '|';

/// A list item as posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemForm {
    pub id: String,
    pub german: String,
    pub english: String,
    pub is_removed: bool,
}

/// The items that are to be chosen from, in order.
pub fn check(items: &[ItemForm], more: &str, problems: &mut Problems) -> Vec<WantedItem> {
    let mut wanted = Vec::new();
    let mut known = BTreeSet::new();
    let mut add = |at: &str, id: Option<i64>, german: &str, english: &str| {
        let text = names::write(german, english);
        let keys = multilang::comparable(&text);
        let item = format!("{} {}", german.trim(), english.trim()).trim().to_owned();
        if text.is_empty() {
            problems.add(at, Key::FORM_REQUIRED);
        } else if [german, english].into_iter().any(|text| names::check(text).is_err()) {
            let message = Message::from(Key::CRM_FIELDS_BAD_ITEM).with("item", item);
            problems.add(at, message.with("max", names::LONGEST));
        } else if !known.is_disjoint(&keys) {
            problems.add(at, Message::from(Key::CRM_FIELDS_ITEM_TWICE).with("item", item));
        }
        known.extend(keys);
        wanted.push(WantedItem { id, text });
    };
    for item in items.iter().filter(|item| !item.is_removed) {
        add(&format!("german:{}", item.id), item.id.parse().ok(), &item.german, &item.english);
    }
    for (german, english) in lines(more) {
        add("more", None, german, english);
    }
    let count = wanted.len();
    if count == 0 {
        problems.add("more", Key::CRM_FIELDS_NO_ITEMS);
    } else if count > CustomField::MOST_ITEMS {
        let message = Message::from(Key::CRM_FIELDS_MANY_ITEMS).with("count", count);
        problems.add("more", message.with("max", CustomField::MOST_ITEMS));
    }
    wanted
}

/// Puts items on top of what somebody else saved, with the items that they added; those that they took away are
/// new ones.
pub fn merge(items: &mut Vec<ItemForm>, more: &mut String, theirs: &[ItemForm]) {
    let is_in = |items: &[ItemForm], id: &str| items.iter().any(|item| item.id == id);
    let mut new: Vec<String> = lines(more).map(|(de, en)| line(de, en)).collect();
    let gone = items.extract_if(.., |item| !is_in(theirs, &item.id));
    new.extend(gone.filter(|item| !item.is_removed).map(|i| line(&i.german, &i.english)));
    *more = new.join("\n");
    let added = theirs.iter().filter(|item| !is_in(items, &item.id)).cloned();
    let added: Vec<ItemForm> = added.collect();
    items.extend(added);
}

/// Every item that is to be there, in one line, for people to compare.
pub fn in_words(items: &[ItemForm], more: &str) -> String {
    let name = |german: &str, english: &str| multilang::in_one_line(&names::write(german, english));
    let stays = items.iter().filter(|item| !item.is_removed);
    let stays = stays.map(|item| name(&item.german, &item.english));
    let new = lines(more).map(|(german, english)| name(german, english));
    stays.chain(new).collect::<Vec<_>>().join(", ")
}

/// The lines of new items that are not blank: German, English.
fn lines(more: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = more.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| line.split_once(BETWEEN).unwrap_or((line, "")))
}

/// A line for a new item.
fn line(german: &str, english: &str) -> String {
    match (german.trim(), english.trim()) {
        (german, "") => german.to_owned(),
        (german, english) => format!("{german} {BETWEEN} {english}"),
    }
}
