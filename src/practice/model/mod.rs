//! What the practice ERP keeps of each kind of actor, described as data: one more field is one more line
//! in `fields.rs`, and neither a table nor a form changes.

mod fields;
mod lists;

use crate::connector::multilang;
use crate::connector::types::{Access, ActorType, FieldInfo, FieldType, ListItem};

/// The kinds of actor this ERP has, in the order it shows them.
pub const KINDS: [ActorType; 4] =
    [ActorType::Customer, ActorType::Supplier, ActorType::Person, ActorType::Project];

/// A text in the ERP's three languages.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    pub english: &'static str,
    pub german: &'static str,
    pub norwegian: &'static str,
}

/// One field of an actor, or of a connection's configuration.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub key: &'static str,
    pub name: Words,
    pub hint: Words,
    pub kind: FieldType,
    /// Blank unless `kind` is a list.
    pub list: &'static str,
    /// Encoded, as it travels.
    pub default: &'static str,
    /// In characters; 0 is "no limit".
    pub max_length: i64,
    pub access: Access,
    /// A date whose time of day means nothing.
    pub is_day: bool,
    pub is_searchable: bool,
}

/// Fields that belong together on a form.
#[derive(Debug)]
pub struct Section {
    pub title: Words,
    pub fields: &'static [Field],
}

/// A named list; its items may be many.
#[derive(Debug)]
pub struct List {
    pub name: &'static str,
    pub items: &'static [Item],
}

#[derive(Clone, Copy, Debug)]
pub struct Item {
    pub key: &'static str,
    pub text: Words,
}

/// What a kind of actor has, part by part; nothing for kinds this ERP does not know.
pub fn sections(kind: ActorType) -> &'static [&'static Section] {
    match kind {
        ActorType::Customer => fields::CUSTOMER,
        ActorType::Supplier => fields::SUPPLIER,
        ActorType::Person => fields::PERSON,
        ActorType::Project => fields::PROJECT,
        ActorType::Partner => &[],
    }
}

pub fn fields(kind: ActorType) -> impl Iterator<Item = &'static Field> {
    sections(kind).iter().flat_map(|section| section.fields)
}

pub fn field(kind: ActorType, key: &str) -> Option<&'static Field> {
    fields(kind).find(|field| field.key == key)
}

pub fn list(name: &str) -> Option<&'static List> {
    lists::ALL.iter().find(|list| list.name == name)
}

/// The ERP's clients: companies that share the program and nothing else.
pub fn clients() -> &'static [Item] {
    list("Client").map_or(&[], |list| list.items)
}

pub fn client(code: &str) -> Option<&'static Item> {
    clients().iter().find(|client| client.key == code)
}

/// Which kinds of actor may stand above this one. Where there are some, one must.
pub fn parents(kind: ActorType) -> &'static [ActorType] {
    match kind {
        ActorType::Person => &[ActorType::Customer, ActorType::Supplier],
        _ => &[],
    }
}

/// The letter before an actor's running number in its key.
pub fn key_letter(kind: ActorType) -> &'static str {
    match kind {
        ActorType::Customer => "C",
        ActorType::Supplier => "S",
        ActorType::Partner => "A",
        ActorType::Person => "P",
        ActorType::Project => "J",
    }
}

/// The field in which the ERP notes the number it gave.
pub fn number_field(kind: ActorType) -> &'static str {
    match kind {
        ActorType::Person | ActorType::Project => "NUMBER",
        _ => "NUMBER2",
    }
}

impl Words {
    pub const NONE: Words = words("", "", "");

    /// In the multi-language form in which texts travel; blank stays blank.
    pub fn encoded(&self) -> String {
        match self.english {
            "" => String::new(),
            _ => {
                format!("{};NO:\"{}\"", multilang::write(self.english, self.german), self.norwegian)
            }
        }
    }
}

impl Field {
    /// As the contract describes a field.
    pub fn info(&self, rank: i64) -> FieldInfo {
        FieldInfo {
            key: self.key.to_owned(),
            name: self.name.encoded(),
            description: self.hint.encoded(),
            kind: self.kind,
            list: self.list.to_owned(),
            default: self.default.to_owned(),
            rank,
            max_length: self.max_length,
            access: self.access,
        }
    }

    const fn new(key: &'static str, kind: FieldType, name: Words) -> Self {
        Self {
            key,
            name,
            hint: Words::NONE,
            kind,
            list: "",
            default: "",
            max_length: 0,
            access: Access::Normal,
            is_day: false,
            is_searchable: true,
        }
    }

    pub(super) const fn text(key: &'static str, max_length: i64, name: Words) -> Self {
        Self { max_length, ..Self::new(key, FieldType::Text, name) }
    }

    pub(super) const fn choice(key: &'static str, list: &'static str, name: Words) -> Self {
        Self { list, ..Self::new(key, FieldType::List, name) }
    }

    /// Integers, decimals, check boxes, dates with a time, passwords and labels.
    pub(super) const fn plain(key: &'static str, kind: FieldType, name: Words) -> Self {
        Self::new(key, kind, name)
    }

    pub(super) const fn day(key: &'static str, name: Words) -> Self {
        Self { is_day: true, ..Self::new(key, FieldType::Datetime, name) }
    }

    pub(super) const fn hint(self, hint: Words) -> Self {
        Self { hint, ..self }
    }

    pub(super) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    pub(super) const fn mandatory(self) -> Self {
        Self { access: Access::Mandatory, ..self }
    }

    pub(super) const fn read_only(self) -> Self {
        Self { access: Access::ReadOnly, ..self }
    }

    const fn not_searchable(self) -> Self {
        Self { is_searchable: false, ..self }
    }
}

impl Item {
    pub fn list_item(&self) -> ListItem {
        ListItem { key: self.key.to_owned(), text: self.text.encoded() }
    }
}

impl List {
    pub fn item(&self, key: &str) -> Option<&'static Item> {
        self.items.iter().find(|item| item.key == key)
    }
}

pub(super) const fn words(
    english: &'static str,
    german: &'static str,
    norwegian: &'static str,
) -> Words {
    Words { english, german, norwegian }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::connector::encoding;

    #[test]
    fn every_kind_of_value_occurs_and_every_list_exists() {
        let mut kinds = HashSet::new();
        for field in KINDS.into_iter().flat_map(fields) {
            kinds.insert(field.kind);
            assert_eq!(field.kind == FieldType::List, !field.list.is_empty(), "{field:?}");
            assert!(field.list.is_empty() || list(field.list).is_some(), "{field:?}");
            assert!(encoding::read(field.kind, field.default).is_ok(), "{field:?}");
        }
        assert_eq!(kinds.len(), 6);
    }

    #[test]
    fn keys_are_unique_and_a_mandatory_list_has_no_default() {
        for kind in KINDS {
            let keys: HashSet<_> = fields(kind).map(|field| field.key).collect();
            assert_eq!(keys.len(), fields(kind).count(), "{kind}");
            assert!(field(kind, number_field(kind)).unwrap().access == Access::ReadOnly);
        }
        let group = field(ActorType::Customer, "CUSTGROUP").unwrap();
        assert_eq!((group.access, group.default), (Access::Mandatory, ""));
    }

    #[test]
    fn texts_travel_in_three_languages() {
        let text = field(ActorType::Customer, "PHONE").unwrap().name.encoded();
        assert_eq!(multilang::pick(&text, "de"), "Telefon");
        assert_eq!(multilang::pick(&text, "en"), "Phone");
        assert_eq!(multilang::pick(&text, "no"), "Telefon");
        assert_eq!(Words::NONE.encoded(), "");
    }
}
