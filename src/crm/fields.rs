//! CRM fields and the catalogue they stand in: those every kind of record has from the start, and those an
//! admin added.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::value::FieldKind;
use super::{RecordKind, Values, builtin};

pub use super::field::{BuiltinList, CustomField, CustomFieldId, Field, List};

/// All fields of one kind of record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    pub kind: RecordKind,
    fields: Vec<Field>,
    /// Fields an admin took away. Records keep their values, so that the fields can come back with them.
    deleted: Vec<Field>,
    /// Places in both, one behind the other.
    places: BTreeMap<String, usize>,
}

impl Catalogue {
    /// The built-in fields and these behind them.
    pub fn new(kind: RecordKind, custom: Vec<Field>, deleted: Vec<Field>) -> Self {
        let mut fields = builtin::fields(kind);
        fields.extend(custom);
        let keys = fields.iter().chain(&deleted).map(|field| field.key.clone());
        let places = keys.enumerate().map(|(place, key)| (key, place)).collect();
        Self { kind, fields, deleted, places }
    }

    /// The built-in fields alone.
    pub fn builtin(kind: RecordKind) -> Arc<Self> {
        Arc::clone(Catalogues::builtin().of(kind))
    }

    /// The fields there are, in the order forms show them.
    pub fn all(&self) -> &[Field] {
        &self.fields
    }

    /// A field there is.
    pub fn find(&self, key: &str) -> Option<&Field> {
        self.fields.get(*self.places.get(key)?)
    }

    /// A field there is or was: for what was written about it.
    pub fn recall(&self, key: &str) -> Option<&Field> {
        let place = *self.places.get(key)?;
        self.fields.get(place).or_else(|| self.deleted.get(place - self.fields.len()))
    }

    /// The lists that its fields take their items from.
    pub fn lists(&self) -> Vec<List> {
        self.fields.iter().filter_map(|field| field.list).collect()
    }

    /// The type in which a value of this key is kept, also when its field was deleted.
    pub fn stored_kind(&self, key: &str) -> Option<FieldKind> {
        self.recall(key).map(|field| field.kind)
    }

    /// `new` as it is to be kept: whoever changes a record does not see deleted fields, so these stay as
    /// they are in `old`.
    pub fn kept(&self, old: &Values, new: &Values) -> Values {
        let value =
            |field: &Field, from: &Values| (field.key.clone(), from.get(&field.key).clone());
        let live = self.fields.iter().map(|field| value(field, new));
        live.chain(self.deleted.iter().map(|field| value(field, old))).collect()
    }
}

/// The catalogues of all kinds of record. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogues {
    company: Arc<Catalogue>,
    person: Arc<Catalogue>,
    project: Arc<Catalogue>,
}

impl Catalogues {
    pub fn new(mut of: impl FnMut(RecordKind) -> Arc<Catalogue>) -> Self {
        Self {
            company: of(RecordKind::Company),
            person: of(RecordKind::Person),
            project: of(RecordKind::Project),
        }
    }

    /// The built-in fields alone.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Catalogues> = LazyLock::new(|| {
            Catalogues::new(|kind| Arc::new(Catalogue::new(kind, Vec::new(), Vec::new())))
        });
        &BUILTIN
    }

    pub fn of(&self, kind: RecordKind) -> &Arc<Catalogue> {
        match kind {
            RecordKind::Company => &self.company,
            RecordKind::Person => &self.person,
            RecordKind::Project => &self.project,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crm::value::Value;

    fn custom(key: &str, kind: FieldKind) -> Field {
        let label = Some(format!("US:\"{key}\""));
        let name = Catalogue::builtin(RecordKind::Company).find("name").unwrap().clone();
        Field { key: key.to_owned(), label, kind, is_required: false, ..name }
    }

    fn catalogue() -> Catalogue {
        Catalogue::new(
            RecordKind::Company,
            vec![custom("colour", FieldKind::Text)],
            vec![custom("size", FieldKind::Whole)],
        )
    }

    #[test]
    fn fields_of_an_admin_stand_behind_the_built_in_ones() {
        let catalogue = catalogue();
        assert_eq!(catalogue.all().first().unwrap().key, "name");
        assert_eq!(catalogue.all().last().unwrap().key, "colour");
        for field in catalogue.all() {
            assert_eq!(catalogue.find(&field.key), Some(field));
            assert_eq!(field.record, RecordKind::Company);
        }
        assert_eq!(catalogue.find("first_name"), None, "of persons");
        assert_eq!(catalogue.recall("first_name"), None);
    }

    #[test]
    fn deleted_fields_are_known_and_not_offered() {
        let catalogue = catalogue();
        assert_eq!(catalogue.find("size"), None);
        assert_eq!(catalogue.recall("size").unwrap().key, "size");
        assert_eq!(catalogue.stored_kind("size"), Some(FieldKind::Whole));
        assert_eq!(catalogue.stored_kind("colour"), Some(FieldKind::Text));
        assert_eq!(catalogue.stored_kind("weight"), None);
    }

    #[test]
    fn a_change_leaves_the_values_of_deleted_fields_alone() {
        let text = |text: &str| Value::Text(text.to_owned());
        let old = Values::from_iter([("colour", text("red")), ("size", Value::Whole(5))]);
        let new = Values::from_iter([("name", text("A")), ("size", Value::Whole(6))]);
        let kept = Values::from_iter([("name", text("A")), ("size", Value::Whole(5))]);
        assert_eq!(catalogue().kept(&old, &new), kept);
    }

    #[test]
    fn no_key_of_an_admins_field_is_a_built_in_one() {
        for kind in RecordKind::ALL {
            let catalogue = Catalogue::builtin(kind);
            assert!(catalogue.all().iter().all(|field| !field.key.starts_with("u_")), "{kind:?}");
        }
        assert_eq!(CustomField::key(7), "u_7");
    }

    #[test]
    fn names_of_lists_lead_back() {
        for list in List::BUILTIN.into_iter().chain([List::Custom(7)]) {
            assert_eq!(List::parse(&list.name()), Some(list));
        }
        for unknown in ["", "colour", "custom-", "custom-x"] {
            assert_eq!(List::parse(unknown), None, "{unknown}");
        }
    }
}
