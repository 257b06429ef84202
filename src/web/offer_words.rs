//! What an offer makes of a connection's mappings, in words: the same where it is looked at first and where
//! it was taken over.

use super::captions;
use super::offer::Merged;
use super::visit::Visit;
use crate::connector::types::Access;
use crate::i18n::{Key, Message, named};
use crate::mapping::refresh::{Change, What};
use crate::mapping::{ActorMapping, FieldMapping, Side, defaults, matrix};

/// What differs in one actor type.
pub struct Group {
    pub title: &'static str,
    /// About the actor type as a whole.
    pub notes: Vec<String>,
    /// What needs attention first.
    pub rows: Vec<Row>,
}

/// One ERP field.
pub struct Row {
    pub kind: Kind,
    pub name: String,
    /// What the connector says otherwise than before.
    pub what: Vec<String>,
    /// What that means for mapping, default value and list items.
    pub means: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Gone,
    Changed,
    Back,
    New,
}

impl Kind {
    pub fn text(&self, visit: &Visit) -> &'static str {
        match self {
            Self::Gone => visit.t.field_refreshes_gone(),
            Self::Changed => visit.t.field_refreshes_changed(),
            Self::Back => visit.t.field_refreshes_back(),
            Self::New => visit.t.field_refreshes_new(),
        }
    }

    /// How a badge looks.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Gone => "bad",
            Self::Changed => "warn",
            Self::Back => "good",
            Self::New => "info",
        }
    }
}

/// All differences, actor type by actor type.
pub fn groups(visit: &Visit, merged: &Merged) -> Vec<Group> {
    let group = |mapping: &ActorMapping| {
        let of_type: Vec<&Change> =
            merged.changes.iter().filter(|change| change.kind == mapping.kind).collect();
        let words = Words { visit, mapping };
        let of_field = |field: &FieldMapping| {
            let is_its = |change: &&&Change| change.field.as_ref() == Some(&field.erp.key);
            let found: Vec<&What> = of_type.iter().filter(is_its).map(|c| &c.what).collect();
            (!found.is_empty()).then(|| words.row(field, &found))
        };
        let mut rows: Vec<Row> = mapping.fields.iter().filter_map(of_field).collect();
        rows.sort_by_key(|row| row.kind);
        let of_whole = of_type.iter().filter(|change| change.field.is_none());
        Group {
            title: captions::actor_type(visit.t, mapping.kind),
            notes: of_whole.filter_map(|change| words.note(&change.what)).collect(),
            rows,
        }
    };
    let groups = merged.mappings.iter().map(group);
    groups.filter(|group| !group.notes.is_empty() || !group.rows.is_empty()).collect()
}

/// The first of them in one line, and how many more there are; blank when nothing differs.
pub fn few(visit: &Visit, merged: &Merged) -> String {
    let all = groups(visit, merged);
    captions::first_few(visit.t, all.iter().flat_map(|group| group.said(visit)).collect())
}

/// A word about what was done, with what else the connector offers by now; blank when it is the same.
pub fn told(visit: &Visit, done: Message, said: &str) -> Message {
    if said.is_empty() {
        return done;
    }
    Message::from(Key::FIELD_REFRESHES_TOLD).with("done", visit.say(&done)).with("said", said)
}

impl Group {
    fn said(&self, visit: &Visit) -> Vec<String> {
        let notes = self.notes.iter().map(|note| format!("{}: {note}", self.title));
        let row = |row: &Row| {
            let said: Vec<&str> = row.what.iter().chain(&row.means).map(String::as_str).collect();
            let (kind, said) = (row.kind.text(visit), said.join(" "));
            format!("{}, {} ({kind}): {said}", self.title, row.name)
        };
        notes.chain(self.rows.iter().map(row)).collect()
    }
}

/// What is said about one mapping, as it is with the offer.
struct Words<'a> {
    visit: &'a Visit,
    mapping: &'a ActorMapping,
}

impl Words<'_> {
    fn note(&self, what: &What) -> Option<String> {
        let t = self.visit.t;
        match what {
            What::TypeAdded => Some(t.mapping_refresh_type_added(self.mapping.fields.len())),
            What::TypeMissing => Some(t.mapping_refresh_type_missing().to_owned()),
            What::TypeBack => Some(t.mapping_refresh_type_back().to_owned()),
            What::Searchable => Some(t.mapping_refresh_searchable().to_owned()),
            _ => None,
        }
    }

    fn row(&self, field: &FieldMapping, found: &[&What]) -> Row {
        let kind = found.iter().find_map(|what| match what {
            What::FieldAdded => Some(Kind::New),
            What::FieldMissing => Some(Kind::Gone),
            What::FieldBack => Some(Kind::Back),
            _ => None,
        });
        let kind = kind.unwrap_or(Kind::Changed);
        let mut means: Vec<String> = found.iter().filter_map(|what| self.effect(what)).collect();
        means.extend(self.follows(kind, field, found));
        if means.is_empty() {
            means.push(self.visit.t.mapping_refresh_stays().to_owned());
        }
        Row {
            kind,
            name: self.visit.pick(&field.erp.name).to_owned(),
            what: found.iter().filter_map(|what| self.said(what)).collect(),
            means,
        }
    }

    /// What the connector says now.
    fn said(&self, what: &What) -> Option<String> {
        let t = self.visit.t;
        Some(match what {
            What::FieldName(before) => t.mapping_refresh_name(self.visit.pick(before)),
            What::FieldType { before, after } => t.mapping_refresh_field_type(
                named::after(captions::field_type(t, *after)),
                named::before(captions::field_type(t, *before)),
            ),
            What::FieldAccess(Access::Mandatory) => t.mapping_refresh_mandatory().to_owned(),
            What::FieldAccess(Access::ReadOnly) => t.mapping_refresh_read_only().to_owned(),
            What::FieldAccess(Access::Normal) => t.mapping_refresh_normal().to_owned(),
            What::FieldList => t.mapping_refresh_list().to_owned(),
            What::FieldLength(0) => t.mapping_refresh_any_length().to_owned(),
            What::FieldLength(most) => t.mapping_refresh_length(*most),
            What::FieldAbout => t.mapping_refresh_about().to_owned(),
            _ => return None,
        })
    }

    /// What is switched off or removed.
    fn effect(&self, what: &What) -> Option<String> {
        let (t, crm) = (self.visit.t, &self.visit.crm_name);
        Some(match what {
            What::DirectionOff(Side::Crm) => t.mapping_refresh_to_crm_off(crm),
            What::DirectionOff(Side::Erp) => t.mapping_refresh_to_erp_off(crm),
            What::ItemsDropped => t.mapping_refresh_items_dropped().to_owned(),
            What::DefaultDropped => t.mapping_refresh_default_dropped().to_owned(),
            What::Hidden => t.mapping_refresh_hidden().to_owned(),
            _ => return None,
        })
    }

    /// What follows for a field that is otherwise as it was.
    fn follows(&self, kind: Kind, field: &FieldMapping, found: &[&What]) -> Vec<String> {
        let t = self.visit.t;
        let crm = field.crm_field.as_deref().map(|key| {
            let caption = captions::field_of(self.visit, &self.mapping.catalogue, key);
            caption.unwrap_or_else(|| key.to_owned())
        });
        let mut said = Vec::new();
        match (kind, crm) {
            (Kind::New, Some(crm)) => said.push(t.mapping_refresh_suggested(crm)),
            (Kind::New, None) => said.push(t.mapping_refresh_unmapped().to_owned()),
            (Kind::Back, Some(crm)) => said.push(t.mapping_refresh_mapped_again(crm)),
            (Kind::Gone, Some(crm)) => said.push(t.mapping_refresh_mapped_no_more(crm)),
            _ => {}
        }
        if kind == Kind::Gone {
            if field.default.is_some() {
                said.push(t.mapping_refresh_default_no_more().to_owned());
            }
            if field.is_shown_in_search || field.is_shown_in_tab {
                said.push(t.mapping_refresh_hidden().to_owned());
            }
            if said.is_empty() {
                said.push(t.mapping_refresh_unused().to_owned());
            }
        }
        let is_about_access = matches!(kind, Kind::New | Kind::Back)
            || found.iter().any(|what| matches!(what, What::FieldAccess(_) | What::DefaultDropped));
        if is_about_access && defaults::lacks_value(self.mapping, field) {
            said.push(t.mapping_refresh_needs_value().to_owned());
        }
        let is_about_length = found.iter().any(|what| matches!(what, What::FieldLength(_)));
        if is_about_length && let Some(crm) = self.mapping.crm_field(field) {
            let warning = matrix::length_warning(&field.erp, crm, field.direction);
            said.extend(warning.map(|warning| self.visit.say(&warning)));
        }
        said
    }
}
