//! The menus: what a person may open, by the same rules the guard enforces. Pages of "Settings and
//! maintenance" have a menu of their own below the main one.

use super::guard;
use super::visit::Visit;
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
type Place = (&'static str, Key, &'static str);

const MAIN: &[Place] = &[
    ("/companies", Key::RECORDS_COMPANIES, "company"),
    ("/persons", Key::RECORDS_PERSONS, "person"),
    ("/projects", Key::RECORDS_PROJECTS, "project"),
    ("/history", Key::HISTORY_TITLE, "history"),
];

const SETTINGS: &[Place] = &[
    ("/sync", Key::SYNC_TITLE, "sync"),
    ("/crm-fields", Key::CRM_FIELDS_TITLE, "list"),
    ("/users", Key::USERS_TITLE, "persons"),
    ("/groups", Key::GROUPS_TITLE, "persons"),
    ("/licence", Key::LICENCE_TITLE, "licence"),
];

/// Addresses outside the folder of the entry they belong to.
const BELONGS: &[(&str, &str)] = &[
    ("/connectors", "/sync"),
    ("/connections", "/sync"),
    ("/sync-log", "/sync"),
    ("/access", "/users"),
];

impl Visit {
    pub fn menu(&self) -> Vec<Entry> {
        self.person.as_ref().map_or_else(Vec::new, |person| main(person, &self.path))
    }

    /// The menu of "Settings and maintenance".
    pub fn settings_menu(&self) -> Vec<Entry> {
        self.person.as_ref().map_or_else(Vec::new, |person| settings(person, &self.path))
    }

    /// Whether the page belongs to "Settings and maintenance".
    pub fn is_in_settings(&self) -> bool {
        SETTINGS.iter().any(|(href, _, _)| is_current(href, &self.path))
    }
}

/// The main menu: the first pages a person may open, and the way to the settings.
fn main(person: &Visitor, path: &str) -> Vec<Entry> {
    let mut entries = open(MAIN, person, path);
    let settings = settings(person, path);
    if let Some(first) = settings.first() {
        entries.push(Entry {
            href: first.href,
            caption: Key::LAYOUT_SETTINGS,
            icon: "settings",
            is_current: settings.iter().any(|entry| entry.is_current),
        });
    }
    entries
}

/// What a person may open of "Settings and maintenance".
fn settings(person: &Visitor, path: &str) -> Vec<Entry> {
    open(SETTINGS, person, path)
}

fn open(places: &[Place], person: &Visitor, path: &str) -> Vec<Entry> {
    places
        .iter()
        .filter(|(href, _, _)| guard::is_open_to(person, href))
        .map(|&(href, caption, icon)| Entry {
            href,
            caption,
            icon,
            is_current: is_current(href, path),
        })
        .collect()
}

fn is_current(href: &str, path: &str) -> bool {
    let is_under = |start: &str| path == start || path.starts_with(&format!("{start}/"));
    let mut others = BELONGS.iter().filter(|(_, entry)| *entry == href);
    is_under(href) || others.any(|(start, _)| is_under(start))
}
