//! The configuration fields' inputs: what stands in them at first, and the values typed, encoded.

use std::collections::BTreeMap;

use super::declared::Declared;
use crate::connector::encoding;
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

/// The inputs of a new connection: the connector's defaults, their tags replaced.
pub fn defaults(declared: &Declared, facts: &Facts, language: Language) -> Vec<(String, String)> {
    declared
        .inputs()
        .map(|field| {
            let value = tags::replace(field, &field.default, facts).unwrap_or_default();
            let value = if field.kind == FieldType::Password { "" } else { &value };
            (input_name(field), inputs::to_input(field.kind, value, language))
        })
        .collect()
}

/// The inputs of a connection as it is stored; what is not stored yet has its default. Never a secret.
pub fn stored(
    declared: &Declared,
    settings: &Settings,
    language: Language,
) -> Vec<(String, String)> {
    declared
        .inputs()
        .filter(|field| field.kind != FieldType::Password)
        .map(|field| {
            let value = settings.get(&field.key).unwrap_or(&field.default);
            (input_name(field), inputs::to_input(field.kind, value, language))
        })
        .collect()
}

/// Reads the inputs. A password left blank is the one typed before (`kept`), else the stored one; a field
/// nobody may change has the value it had, or its default.
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
            let value = stored.get(&field.key).unwrap_or(&field.default);
            values.settings.set(&field.key, value.to_owned());
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
            FieldType::Password => values.secret(field, value, kept, stored),
            _ => {
                values.settings.set(&field.key, value.clone());
                value
            }
        };
        if value.is_empty() && field.access == Access::Mandatory {
            values.problems.add(&name, Key::FORM_REQUIRED);
        }
    }
    values
}

impl Values {
    fn secret(
        &mut self,
        field: &FieldInfo,
        typed: String,
        kept: &BTreeMap<String, String>,
        stored: &Settings,
    ) -> String {
        let typed = if typed.is_empty() { kept.get(&field.key).cloned() } else { Some(typed) };
        if let Some(typed) = &typed {
            self.typed_secrets.insert(field.key.clone(), typed.clone());
        }
        let secret = typed.or_else(|| stored.get(&field.key).map(str::to_owned));
        let secret = secret.unwrap_or_default();
        self.settings.set_secret(&field.key, secret.clone());
        secret
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
        let declared = Declared::remembered(&[
            field("Secret", FieldType::Password, Access::Mandatory),
            field("Fixed", FieldType::Integer, Access::ReadOnly),
        ]);
        let mut stored = Settings::new();
        let kept = BTreeMap::from([("Secret".to_owned(), "kept".to_owned())]);
        let none = BTreeMap::new();
        let blank = Pairs::default();
        let typed = Pairs(vec![("c-Secret".into(), "new".into()), ("c-Fixed".into(), "9".into())]);
        let secret = |typed, kept, stored: &Settings| {
            let values = read(&declared, typed, kept, stored, Language::En);
            assert_eq!(values.settings.get("Fixed"), Some("[I:7]"));
            let secret = values.settings.get("Secret").unwrap_or_default().to_owned();
            (secret, values.problems.has("c-Secret"), values.typed_secrets.len())
        };
        assert_eq!(secret(&blank, &none, &stored), (String::new(), true, 0));
        stored.set_secret("Secret", "old".into());
        assert_eq!(secret(&blank, &none, &stored), ("old".to_owned(), false, 0));
        assert_eq!(secret(&blank, &kept, &stored), ("kept".to_owned(), false, 1));
        assert_eq!(secret(&typed, &kept, &stored), ("new".to_owned(), false, 1));
    }
}
