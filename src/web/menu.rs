//! The main menu: what a person may open, by the same rules the guard enforces.

use super::guard;
use crate::i18n::Key;
use crate::users::Visitor;

/// One entry, drawn by the layout.
pub struct Entry {
    pub href: &'static str,
    pub caption: Key,
    pub icon: &'static str,
    pub is_current: bool,
}

/// Address, caption, icon; in the order of the menu.
const ENTRIES: &[(&str, Key, &str)] = &[
    ("/companies", Key::RECORDS_COMPANIES, "company"),
    ("/persons", Key::RECORDS_PERSONS, "person"),
    ("/projects", Key::RECORDS_PROJECTS, "project"),
    ("/sync", Key::SYNC_TITLE, "sync"),
    ("/history", Key::HISTORY_TITLE, "history"),
    ("/users", Key::USERS_TITLE, "persons"),
    ("/licence", Key::LICENCE_TITLE, "licence"),
];

/// Addresses outside the folder of the entry they belong to.
const BELONGS: &[(&str, &str)] = &[
    ("/groups", "/users"),
    ("/connectors", "/sync"),
    ("/connections", "/sync"),
    ("/sync-log", "/sync"),
];

/// The entries a person may open, the one of the current page marked.
pub fn entries(person: &Visitor, path: &str) -> Vec<Entry> {
    let is_under = |start: &str| path == start || path.starts_with(&format!("{start}/"));
    let is_current = |href: &str| {
        let mut others = BELONGS.iter().filter(|(_, entry)| *entry == href);
        is_under(href) || others.any(|(start, _)| is_under(start))
    };
    ENTRIES
        .iter()
        .filter(|(href, _, _)| guard::is_open_to(person, href))
        .map(|&(href, caption, icon)| Entry { href, caption, icon, is_current: is_current(href) })
        .collect()
}
