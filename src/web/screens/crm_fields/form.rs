//! What is posted for a field: its name in each language, what it takes, and the items of its list.

use std::collections::BTreeMap;

use serde::Deserialize;
use validator::Validate;

use super::items::{self, ItemForm};
use super::names;
use crate::connector::multilang;
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogue, CustomField};
use crate::crm::value::FieldKind;
use crate::i18n::{Key, Language, Message, Texts, format};
use crate::store::crm_field_changes::Content;
use crate::store::crm_lists::Item;
use crate::web::captions;
use crate::web::form::{self, Pairs, Problems};
use crate::web::order::OrderForm;

/// How long texts may be unless somebody says otherwise.
const USUAL_LENGTH: i64 = 200;

/// A field as posted.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(from = "Pairs")]
pub struct FieldForm {
    /// Of the field as it was read; none for a new one.
    #[validate(custom(function = form::known_version))]
    pub version: Option<String>,
    /// The kind of record, and the type; of a new one.
    pub kind: String,
    pub of_type: String,
    #[validate(custom(function = names::check))]
    pub german: String,
    #[validate(custom(function = names::check))]
    pub english: String,
    pub max_length: String,
    pub is_required: bool,
    /// The items there are, in the order sent.
    pub items: Vec<ItemForm>,
    /// Items to be added, one in each line.
    #[validate(custom(function = form::readable))]
    pub more: String,
    order: OrderForm,
}

impl From<Pairs> for FieldForm {
    fn from(pairs: Pairs) -> Self {
        let by_name: BTreeMap<&str, &str> =
            pairs.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let text = |name: &str| by_name.get(name).map_or(String::new(), |text| (*text).to_owned());
        let item = |id: &str| ItemForm {
            german: text(&format!("german:{id}")),
            english: text(&format!("english:{id}")),
            is_removed: by_name.contains_key(format!("removed:{id}").as_str()),
            id: id.to_owned(),
        };
        let order: Vec<String> = pairs.all("order").map(str::to_owned).collect();
        Self {
            version: by_name.get(form::VERSION).map(|version| (*version).to_owned()),
            kind: text("kind"),
            of_type: text("type"),
            german: text("german"),
            english: text("english"),
            max_length: text("max_length"),
            is_required: by_name.contains_key("is_required"),
            items: order.iter().map(|id| item(id)).collect(),
            more: text("more"),
            order: OrderForm { arrow: text("move"), order, ..OrderForm::default() },
        }
    }
}

impl FieldForm {
    /// For a field that is still to be filled in.
    pub fn new(record: RecordKind, kind: FieldKind) -> Self {
        Self {
            kind: record.as_str().to_owned(),
            of_type: kind.as_str().to_owned(),
            max_length: USUAL_LENGTH.to_string(),
            ..Self::default()
        }
    }

    /// A field as its form shows it.
    pub fn of(custom: &CustomField, items: &[Item]) -> Self {
        let texts = |raw: &str| ["de", "en"].map(|code| multilang::exactly(raw, code).to_owned());
        let [german, english] = texts(custom.label());
        let item = |item: &Item| {
            let [german, english] = texts(&item.text);
            ItemForm { id: item.id.to_string(), german, english, is_removed: false }
        };
        Self {
            version: Some(custom.version.to_string()),
            german,
            english,
            is_required: custom.field.is_required,
            items: items.iter().filter(|item| !item.is_deleted).map(item).collect(),
            max_length: custom.field.max_length.to_string(),
            ..Self::new(custom.field.record, custom.field.kind)
        }
    }

    /// One of the arrows of the list was pressed.
    pub fn is_move(&self) -> bool {
        self.order.is_move()
    }

    /// With the items where the arrow moves them.
    pub fn arranged(mut self) -> Self {
        let order = self.order.arranged(&self.order.order);
        self.items.sort_by_key(|item| order.iter().position(|id| *id == item.id));
        self.items.dedup_by(|one, other| one.id == other.id);
        self
    }

    /// Made to stand on top of what somebody else saved, with the items that they added; those that they took
    /// away are new ones.
    pub fn merge(&mut self, theirs: &FieldForm) {
        self.version.clone_from(&theirs.version);
        items::merge(&mut self.items, &mut self.more, &theirs.items);
    }

    /// Every item that is to be there, in one line, for people to compare.
    pub fn items_in_words(&self) -> String {
        items::in_words(&self.items, &self.more)
    }
}

/// `language` is how numbers were typed.
pub fn check(
    language: Language,
    form: &FieldForm,
    (record, kind): (RecordKind, FieldKind),
) -> Result<Content, Problems> {
    let mut problems = Problems::of(form);
    let label = names::write(&form.german, &form.english);
    if label.is_empty() && problems.is_empty() {
        problems.add("german", Key::FORM_REQUIRED);
    } else if is_built_in(record, &label) {
        problems.add("german", Key::CRM_FIELDS_BUILT_IN);
    }
    let max_length = match kind {
        FieldKind::Text => length(language, &form.max_length),
        _ => Some(0),
    };
    if max_length.is_none() {
        let message = Message::from(Key::CRM_FIELDS_BAD_LENGTH);
        problems.add("max_length", message.with("max", CustomField::LONGEST_TEXT));
    }
    let items = match kind {
        FieldKind::List => items::check(&form.items, &form.more, &mut problems),
        _ => Vec::new(),
    };
    match max_length {
        Some(max_length) if problems.is_empty() => {
            // A box always says yes or no.
            let is_required = form.is_required && kind != FieldKind::Check;
            Ok(Content { label, max_length, is_required, items })
        }
        _ => Err(problems),
    }
}

/// Whether a field is called so that every record of the kind has anyway.
fn is_built_in(record: RecordKind, label: &str) -> bool {
    let catalogue = Catalogue::builtin(record);
    Language::ALL.map(Texts::new).into_iter().any(|t| {
        catalogue.all().iter().any(|field| {
            let caption = captions::builtin_field(t, field);
            multilang::are_alike(label, caption)
        })
    })
}

fn length(language: Language, typed: &str) -> Option<i64> {
    let plain = format::plain_number(language, typed.trim());
    let length = plain.parse().ok()?;
    (1..=CustomField::LONGEST_TEXT).contains(&length).then_some(length)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> FieldForm {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        FieldForm::from(Pairs(pairs.collect())).arranged()
    }

    fn problems(pairs: &[(&str, &str)], kind: FieldKind) -> Vec<String> {
        let checked = check(Language::De, &form(pairs), (RecordKind::Company, kind));
        let problems = checked.err().unwrap_or_default();
        problems.list(&Texts::new(Language::En)).into_iter().map(|(at, _)| at).collect()
    }

    #[test]
    fn a_field_needs_a_name_of_its_own_in_one_language() {
        for (pairs, at) in [
            (vec![("german", "Farbe")], None),
            (vec![("english", "Colour")], None),
            (vec![("german", "  ")], Some("german")),
            (vec![("german", "Telefon")], Some("german")),
            (vec![("english", "telephone")], Some("german")),
            (vec![("english", "a\nb")], Some("english")),
        ] {
            assert_eq!(problems(&pairs, FieldKind::Date), Vec::from_iter(at), "{pairs:?}");
        }
        let long = "x".repeat(101);
        assert_eq!(problems(&[("german", &long)], FieldKind::Date), ["german"]);
        let name = form(&[("german", " Farbe \"neu\" "), ("english", "Colour")]);
        let checked =
            check(Language::De, &name, (RecordKind::Company, FieldKind::Date)).ok().unwrap();
        assert_eq!(checked.label, "US:\"Colour\";GE:\"Farbe 'neu'\"");
    }

    #[test]
    fn texts_have_a_length_and_boxes_are_never_required() {
        for (typed, is_right) in
            [("1", true), ("4.000", true), ("4001", false), ("0", false), ("", false), ("x", false)]
        {
            let found = problems(&[("german", "Farbe"), ("max_length", typed)], FieldKind::Text);
            assert_eq!(found.is_empty(), is_right, "{typed}");
        }
        let required = form(&[("german", "Farbe"), ("is_required", "1")]);
        let is_required = |kind| {
            check(Language::De, &required, (RecordKind::Person, kind)).ok().unwrap().is_required
        };
        assert!(is_required(FieldKind::Date) && !is_required(FieldKind::Check));
    }

    #[test]
    fn items_are_kept_in_order_with_what_is_added_and_without_what_is_removed() {
        let sent = [
            ("german", "Farbe"),
            ("order", "7"),
            ("order", "8"),
            ("order", "9"),
            ("german:7", "Rot"),
            ("english:7", "Red"),
            ("german:8", "Blau"),
            ("german:9", "Grün"),
            ("removed:8", "1"),
            ("more", "Gelb | Yellow\r\n\r\n Weiß "),
            ("move", "up 9"),
        ];
        let typed = form(&sent);
        assert!(typed.is_move());
        let items =
            check(Language::De, &typed, (RecordKind::Company, FieldKind::List)).ok().unwrap().items;
        let items: Vec<_> = items.into_iter().map(|item| (item.id, item.text)).collect();
        let text = |text: &str| text.to_owned();
        let expected = [
            (Some(7), text("US:\"Red\";GE:\"Rot\"")),
            (Some(9), text("GE:\"Grün\"")),
            (None, text("US:\"Yellow\";GE:\"Gelb\"")),
            (None, text("GE:\"Weiß\"")),
        ];
        assert_eq!(items, expected);
        assert_eq!(typed.items_in_words(), "Red / Rot, Grün, Yellow / Gelb, Weiß");
    }

    #[test]
    fn a_list_has_items_each_once() {
        let list = |more: &str| problems(&[("german", "Farbe"), ("more", more)], FieldKind::List);
        assert_eq!(list("Rot\nBlau"), [""; 0]);
        assert_eq!(list(" \n"), ["more"]);
        assert_eq!(list("Rot\nBlau\nrot"), ["more"]);
        let many: Vec<String> = (0..=CustomField::MOST_ITEMS).map(|n| format!("N{n}")).collect();
        assert_eq!(list(&many.join("\n")), ["more"]);
        let blank = [("german", "Farbe"), ("order", "7"), ("german:7", " "), ("more", "Rot")];
        assert_eq!(problems(&blank, FieldKind::List), ["german:7"]);
    }
}
