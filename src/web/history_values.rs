//! What stood before and after, in words: captions of fields, values that only the program writes, and
//! reasons as the sentences they were.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::connector::types::ActorType;
use crate::crm::RecordKind;
use crate::crm::fields::Catalogues;
use crate::crm::value::FieldKind;
use crate::history::{Details, Entry};
use crate::i18n::{Key, Language, Texts, format};
use crate::links::StoredReason;
use crate::mapping;
use crate::mapping::rules::{Unmapped, When};

use super::history_words::{actor_type, cut, head, role, word};
use super::visit::Visit;
use super::{captions, failure, history_filter};

/// Fields that hold `yes` or `no` because the program wrote it.
const FLAGS: [&str; 11] = [
    "active",
    "missing",
    "in-search",
    "in-tab",
    "asks-user",
    "mandatory",
    "seat",
    "may-blank",
    "setting",
    "writes",
    "with-blanks",
];

/// One field of a row: what stood there before and after.
pub struct Change {
    pub caption: String,
    pub before: String,
    pub after: String,
}

/// Every field that the row names, with what stood there before and after. What a reason's sentence says
/// already is not named again.
pub fn changes(visit: &Visit, catalogues: &Catalogues, entry: &Entry) -> Vec<Change> {
    let (before, after) = (entry.before_details(), entry.after_details());
    let said = said_by_reasons(&before, &after);
    let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let shown = fields.into_iter().filter(|field| !said.contains(field.as_str()));
    shown
        .map(|field| {
            let place = Place { visit, catalogues, entry, field };
            let text = |of: &Details| of.get(field).map(|text| place.value(text, of));
            Change {
                caption: place.caption(),
                before: text(&before).unwrap_or_default(),
                after: text(&after).unwrap_or_default(),
            }
        })
        .collect()
}

/// The fields and values of one side in one line, cut where a list has no room for more.
pub fn summary(changes: &[Change], side: impl Fn(&Change) -> &str) -> String {
    let filled = changes.iter().filter(|change| !side(change).is_empty());
    let all: Vec<_> =
        filled.map(|change| format!("{}: {}", change.caption, side(change))).collect();
    cut(&all.join(" · "))
}

/// What a CRM field of the row's subject is called.
pub fn field(visit: &Visit, catalogues: &Catalogues, entry: &Entry, key: &str) -> String {
    Place { visit, catalogues, entry, field: key }.crm_field(key)
}

/// A value of a CRM field of the row's subject.
pub fn value(
    visit: &Visit,
    catalogues: &Catalogues,
    entry: &Entry,
    key: &str,
    text: &str,
) -> String {
    Place { visit, catalogues, entry, field: key }.value(text, &Details::new())
}

/// The fields that are arguments of a reason given beside them.
fn said_by_reasons(before: &Details, after: &Details) -> BTreeSet<&'static str> {
    let reasons = [before, after].into_iter().filter_map(|of| of.get("reason"));
    reasons
        .filter_map(|id| Key::parse(id))
        .flat_map(|key| key.variables().iter().copied())
        .collect()
}

/// One field of one row.
struct Place<'a> {
    visit: &'a Visit,
    catalogues: &'a Catalogues,
    entry: &'a Entry,
    field: &'a str,
}

impl Place<'_> {
    fn t(&self) -> Texts {
        self.visit.t
    }

    /// What the field is called: one of a CRM record, one of ours, one of an ERP (`KEY:what` in mappings), or
    /// one that a connector asks for (`setting:KEY`).
    fn caption(&self) -> String {
        let t = self.t();
        if RecordKind::parse(&self.entry.subject_kind).is_some() {
            let caption = self.crm_field(self.field);
            if caption != self.field {
                return caption;
            }
        }
        if let Some(word) = word(t, "detail", self.field) {
            return word.to_owned();
        }
        match (self.entry.subject_kind.as_str(), self.field.rsplit_once(':')) {
            ("list-mapping", _) => t.history_erp_item(self.field),
            (_, Some(("setting", key))) => t.history_setting(key),
            (_, Some((key, what))) => match word(t, "detail", what) {
                Some(word) => format!("{key}: {word}"),
                None => self.field.to_owned(),
            },
            _ => self.field.to_owned(),
        }
    }

    /// The kind of record that the row's subject is, or is mapped to.
    fn record_kind(&self) -> Option<RecordKind> {
        let mapped = || ActorType::parse(&self.entry.subject_name).map(mapping::record_kind);
        RecordKind::parse(&self.entry.subject_kind).or_else(mapped)
    }

    fn crm_field(&self, key: &str) -> String {
        let catalogue = self.record_kind().map(|kind| self.catalogues.of(kind));
        let known = catalogue.and_then(|of| captions::field_of(self.visit, of, key));
        known.unwrap_or_else(|| key.to_owned())
    }

    fn value(&self, text: &str, side: &Details) -> String {
        let t = self.t();
        let what = match self.field.split_once(':') {
            Some(("setting", _)) => "setting",
            Some(_) => self.field.rsplit(':').next().unwrap_or_default(),
            None => self.field,
        };
        match (what, text) {
            (_, "yes") if self.is_flag(what) => t.yes().to_owned(),
            (_, "no") if self.is_flag(what) => t.no().to_owned(),
            ("role", name) => role(t, name),
            ("source" | "target" | "winner", "crm") => self.visit.crm_name.clone(),
            ("source" | "target" | "winner", "erp") => t.history_erp().to_owned(),
            ("reason" | "paused", id) => self.reason(id, side),
            ("field" | "crm-field", key) => self.crm_field(key),
            ("actor-type", name) => actor_type(t, name).to_owned(),
            ("actor", actor) => self.actor(actor),
            ("when-to-crm" | "when-to-erp", name) if let Some(when) = When::parse(name) => {
                captions::when(t, when).to_owned()
            }
            ("unmapped-items", name) if let Some(rule) = Unmapped::parse(name) => {
                captions::unmapped(t, rule).to_owned()
            }
            ("language", code) => Language::parse(code)
                .map_or_else(|| code.to_owned(), |known| known.name().to_owned()),
            ("expires", day) => self.day(day),
            ("task", name) => word(t, "task", name).unwrap_or(name).to_owned(),
            ("head", name) if !head(t, name).is_empty() => head(t, name).to_owned(),
            ("filter", address) => history_filter::in_words(self.visit, self.entry, address),
            (what, name) => match word(t, "value", &format!("{what}-{}", name.to_lowercase())) {
                Some(word) => word.to_owned(),
                None => self.visit.pick(name).to_owned(),
            },
        }
    }

    /// Whether `yes` and `no` are what the program wrote, and not what somebody typed.
    fn is_flag(&self, what: &str) -> bool {
        let Some(kind) = RecordKind::parse(&self.entry.subject_kind) else {
            return FLAGS.contains(&what);
        };
        let key = match what {
            "crm" | "erp" => self.entry.after_details().get("field").cloned().unwrap_or_default(),
            key => key.to_owned(),
        };
        self.catalogues.of(kind).stored_kind(&key) == Some(FieldKind::Check)
    }

    /// A kept reason is the id of a message; what is to be filled in stands beside it.
    fn reason(&self, id: &str, side: &Details) -> String {
        if Key::parse(id).is_none() {
            return id.to_owned();
        }
        let reason = StoredReason { id: id.to_owned(), arguments: side.clone(), also: Vec::new() };
        self.t().say(&failure::kept(&reason, self.visit.language))
    }

    /// Type and key.
    fn actor(&self, text: &str) -> String {
        match text.split_once(' ') {
            Some((kind, key)) => format!("{} {key}", actor_type(self.t(), kind)),
            None => text.to_owned(),
        }
    }

    fn day(&self, text: &str) -> String {
        let day: Option<Date> = text.parse().ok();
        day.map_or_else(|| text.to_owned(), |day| format::date(self.visit.language, day))
    }
}
