//! The configuration fields' inputs: what stands in them at first, and the values typed, encoded.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::declared::Declared;
use crate::connector::encoding::{self, Value};
use crate::connector::types::{Access, FieldInfo, FieldType, Settings};
use crate::i18n::{Key, Language};
use crate::mapping::tags::{self, Facts};
use crate::web::form::{Pairs, Problems};
use crate::web::inputs;

/// What came of the inputs.
#[derive(Default)]
pub struct Values {
    pub settings: Settings,
    /// The secrets typed in this session, by field key.
    pub typed_secrets: BTreeMap<String, String>,
    /// By the names of the inputs.
    pub problems: Problems,
}

/// The name of a field's input, also its id. Keys are the connector's and may hold anything.
pub fn input_name(field: &FieldInfo) -> String {
    let mut name = "c-".to_owned();
    for c in field.key.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => name.push(c),
            other => name.push_str(&format!(".{:x}.", u32::from(other))),
        }
    }
    name
}

/// What the fields' defaults come to, encoded, by field key: tags replaced, and what is no number 0. What else
/// cannot be read stays as it came.
pub fn defaults(fields: &[FieldInfo], facts: &Facts) -> BTreeMap<String, String> {
    let default = |field: &FieldInfo| {
        let text = tags::replace(field, &field.default, facts);
        let text = text.unwrap_or_else(|_| field.default.clone());
        match (encoding::read(field.kind, &text), field.kind) {
            (Ok(value), _) => encoding::write(&value),
            (Err(_), FieldType::Integer) => encoding::write(&Value::Integer(0)),
            (Err(_), FieldType::Double) => encoding::write(&Value::Double(Decimal::ZERO)),
            (Err(_), _) => text,
        }
    };
    fields.iter().map(|field| (field.key.clone(), default(field))).collect()
}

/// The inputs with what is stored, or with defaults. Never a secret.
pub fn inputs(declared: &Declared, stored: &Settings, language: Language) -> Vec<(String, String)> {
    let shown = declared.inputs().filter(|field| field.kind != FieldType::Password);
    shown
        .map(|field| {
            let value = declared.value(field, stored);
            (input_name(field), inputs::to_input(field.kind, value, language))
        })
        .collect()
}

/// Reads the inputs. A password left blank is the one typed before (`kept`), else the stored one; a field nobody may change has the value it had, or its default.
pub fn read(
    declared: &Declared,
    typed: &Pairs,
    kept: &BTreeMap<String, String>,
    stored: &Settings,
    language: Language,
) -> Values {
    let mut values = Values::default();
    for field in declared.inputs() {
        if field.access == Access::ReadOnly {
            values.set(field, declared.value(field, stored).to_owned());
            continue;
        }
        let name = input_name(field);
        let value = match inputs::from_input(field, typed.get(&name), language) {
            Ok(value) => value,
            Err(problem) => {
                values.problems.add(&name, problem);
                continue;
            }
        };
        let value = match field.kind {
            FieldType::Password => {
                let typed = values.typed_secret(field, value, kept);
                typed.unwrap_or_else(|| declared.value(field, stored).to_owned())
            }
            _ => value,
        };
        if value.is_empty() && field.access == Access::Mandatory {
            values.problems.add(&name, Key::FORM_REQUIRED);
        }
        values.set(field, value);
    }
    values
}

impl Values {
    fn set(&mut self, field: &FieldInfo, value: String) {
        match field.kind {
            FieldType::Password => self.settings.set_secret(&field.key, value),
            _ => self.settings.set(&field.key, value),
        }
    }

    /// The secret typed now or before.
    fn typed_secret(
        &mut self,
        field: &FieldInfo,
        typed: String,
        kept: &BTreeMap<String, String>,
    ) -> Option<String> {
        let typed = if typed.is_empty() { kept.get(&field.key).cloned() } else { Some(typed) };
        if let Some(typed) = &typed {
            self.typed_secrets.insert(field.key.clone(), typed.clone());
        }
        typed
    }
}

/// Whether the connector would get the same as what is stored for it.
pub fn is_same(declared: &Declared, values: &Settings, stored: &Settings) -> bool {
    declared.inputs().all(|field| {
        let (new, old) = (values.get(&field.key), stored.get(&field.key));
        let read = |value: Option<&str>| encoding::read(field.kind, value.unwrap_or_default());
        new.unwrap_or_default() == old.unwrap_or_default() || read(new) == read(old)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, kind: FieldType, access: Access) -> FieldInfo {
        FieldInfo {
            key: key.into(),
            name: key.into(),
            description: String::new(),
            kind,
            list: String::new(),
            default: "[I:7]".into(),
            rank: 1,
            max_length: 0,
            access,
        }
    }

    #[test]
    fn every_key_has_an_input_name_of_its_own() {
        let name = |key: &str| input_name(&field(key, FieldType::Text, Access::Normal));
        assert_eq!(name("a b"), "c-a.20.b");
        let all: std::collections::BTreeSet<_> =
            ["a b", "a.20.b", "a-b", "ab", "Ä", ""].into_iter().map(name).collect();
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn a_blank_password_is_the_one_typed_before_or_the_stored_one() {
        let mut declared = Declared::remembered(&[
            field("Secret", FieldType::Password, Access::Mandatory),
            field("Fixed", FieldType::Integer, Access::ReadOnly),
        ]);
        declared.defaults.insert("Fixed".into(), "[I:7]".into());
        let mut stored = Settings::new();
        let kept = BTreeMap::from([("Secret".to_owned(), "kept".to_owned())]);
        let none = BTreeMap::new();
        let blank = Pairs::default();
        let typed = Pairs(vec![("c-Secret".into(), "new".into()), ("c-Fixed".into(), "9".into())]);
        let secret = |typed, kept, stored: &Settings| {
            let values = read(&declared, typed, kept, stored, Language::En);
            assert_eq!(values.settings.get("Fixed"), Some("[I:7]"), "whatever is sent");
            let secret = values.settings.get("Secret").unwrap_or_default().to_owned();
            (secret, values.problems.has("c-Secret"), values.typed_secrets.len())
        };
        assert_eq!(secret(&blank, &none, &stored), (String::new(), true, 0));
        stored.set_secret("Secret", "old".into());
        assert_eq!(secret(&blank, &none, &stored), ("old".to_owned(), false, 0));
        assert_eq!(secret(&blank, &kept, &stored), ("kept".to_owned(), false, 1));
        assert_eq!(secret(&typed, &kept, &stored), ("new".to_owned(), false, 1));
    }

    #[test]
    fn a_secret_is_not_shown_where_its_field_became_another() {
        let declared = Declared::remembered(&[field("Pin", FieldType::Text, Access::Normal)]);
        let mut stored = Settings::new();
        stored.set_secret("Pin", "4711".into());
        let shown = inputs(&declared, &stored, Language::En);
        assert_eq!(shown, [("c-Pin".to_owned(), String::new())]);
    }

    #[test]
    fn defaults_are_values_of_their_fields() {
        let facts = Facts {
            record_number: String::new(),
            name: "Nord".into(),
            user_name: "Ida".into(),
            company_number: "K-12".into(),
            now: jiff::civil::DateTime::constant(2026, 11, 22, 13, 59, 0, 0),
        };
        for (kind, declared, value) in [
            (FieldType::Text, "<name>, by <user>", "Nord, by Ida"),
            (FieldType::Password, "<as is>", "<as is>"),
            (FieldType::Integer, "12", "[I:12]"),
            (FieldType::Integer, "many", "[I:0]"),
            (FieldType::Integer, "<company-number>", "[I:0]"),
            (FieldType::Integer, "", ""),
            (FieldType::Double, "much", "[F:0]"),
            (FieldType::Checkbox, "1", "[I:1]"),
            (FieldType::List, "02", "02"),
            (FieldType::Datetime, "<now>", "[DT:11/22/2026 13:59:00.0000000]"),
        ] {
            let field = FieldInfo { default: declared.into(), ..field("F", kind, Access::Normal) };
            assert_eq!(defaults(&[field], &facts)["F"], value, "{kind:?} {declared}");
        }
    }
}
