//! Default rules: what an ERP field gets when an actor is created there, and whether the user is asked.

use std::collections::BTreeMap;

use super::{ActorMapping, DefaultRule, FieldMapping, Side, tags, translate};
use crate::connector::encoding::{self, Value};
use crate::connector::types::{Access, FieldInfo, FieldType};
use crate::i18n::{Key, Message};

/// What a rule comes to at creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect<'a> {
    /// Sent; the user never sees the field.
    Silent(&'a str),
    /// The user is asked, with this filled in (encoded, may be blank).
    Asked { prefilled: &'a str, is_mandatory: bool },
}

/// What is wrong with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Read-only fields, labels and passwords take no default.
    NotOffered,
    /// Neither a value nor a question.
    NothingSet,
    /// "Set default value" without one.
    ValueMissing,
    ValueNotOfType,
    ValueTooLong {
        limit: i64,
    },
}

impl Problem {
    pub fn message(self) -> Message {
        match self {
            Self::NotOffered => Key::MAPPING_DEFAULT_NOT_OFFERED.into(),
            Self::NothingSet => Key::MAPPING_DEFAULT_NOTHING_SET.into(),
            Self::ValueMissing => Key::MAPPING_DEFAULT_VALUE_MISSING.into(),
            Self::ValueNotOfType => Key::MAPPING_DEFAULT_VALUE_TYPE.into(),
            Self::ValueTooLong { limit } => {
                Message::from(Key::MAPPING_DEFAULT_VALUE_LONG).with("limit", limit)
            }
        }
    }
}

impl DefaultRule {
    /// The texts of its list, as far as the rule knows them.
    pub fn items(&self) -> BTreeMap<String, String> {
        let item = self.value.clone().filter(|_| !self.item.is_empty());
        item.map(|key| (key, self.item.clone())).into_iter().collect()
    }

    /// `None` for a rule that sets nothing and asks nothing.
    pub fn effect(&self) -> Option<Effect<'_>> {
        let value = self.value.as_deref();
        match (value, self.asks_user) {
            (Some(value), false) => Some(Effect::Silent(value)),
            (None, false) => None,
            (_, true) => Some(Effect::Asked {
                prefilled: value.unwrap_or_default(),
                is_mandatory: self.is_mandatory,
            }),
        }
    }
}

/// The fields for which a rule may be added, in rank order.
pub fn offered(mapping: &ActorMapping) -> impl Iterator<Item = &FieldMapping> {
    mapping.fields.iter().filter(|field| {
        field.default.is_none() && !field.is_missing_in_erp && takes_values(&field.erp)
    })
}

/// Whether a person, or a rule, can give this field a value.
pub fn takes_values(erp: &FieldInfo) -> bool {
    erp.access != Access::ReadOnly && erp.kind.has_value()
}

/// Whether the ERP demands a value that nothing gives when an actor is created: neither a mapping nor a rule.
pub fn lacks_value(mapping: &ActorMapping, field: &FieldMapping) -> bool {
    let is_sent = mapping.crm_field(field).is_some() && field.direction.to_erp;
    field.erp.access == Access::Mandatory
        && !field.is_missing_in_erp
        && !is_sent
        && field.default.is_none()
}

/// The rule as it is to be kept. A box always has a value, and what the ERP demands is mandatory.
pub fn check(erp: &FieldInfo, wanted: &DefaultRule) -> Result<DefaultRule, Problem> {
    if !takes_values(erp) {
        return Err(Problem::NotOffered);
    }
    let value = match wanted.value.as_deref() {
        Some(value) => Some(check_value(erp, value)?),
        None if wanted.asks_user => None,
        None => return Err(Problem::NothingSet),
    };
    let is_mandatory = wanted.is_mandatory || erp.access == Access::Mandatory;
    Ok(DefaultRule { value, is_mandatory, ..wanted.clone() })
}

fn check_value(erp: &FieldInfo, value: &str) -> Result<String, Problem> {
    if tags::whole(erp.kind, value).is_some() {
        return Ok(value.trim().to_owned());
    }
    match encoding::read(erp.kind, value) {
        Ok(Value::Empty) if erp.kind == FieldType::Checkbox => {
            Ok(encoding::write(&Value::Checkbox(false)))
        }
        Ok(Value::Empty) => Err(Problem::ValueMissing),
        Ok(Value::Text(text)) if text.trim().is_empty() => Err(Problem::ValueMissing),
        Ok(Value::Text(text)) => {
            let limit = erp.max_length;
            translate::check_length(&text, Side::Erp, limit)
                .map(|()| text)
                .map_err(|_| Problem::ValueTooLong { limit })
        }
        Ok(value) => Ok(encoding::write(&value)),
        Err(_) => Err(Problem::ValueNotOfType),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::types::ActorType;
    use crate::mapping::testing::{erp_field, mapping_of, unmapped};

    fn rule(value: Option<&str>, asks_user: bool, is_mandatory: bool) -> DefaultRule {
        let value = value.map(str::to_owned);
        DefaultRule { value, asks_user, is_mandatory, ..DefaultRule::default() }
    }

    #[test]
    fn the_three_boxes_have_the_effects_of_the_table() {
        let asked = |prefilled, is_mandatory| Some(Effect::Asked { prefilled, is_mandatory });
        for (value, asks, mandatory, effect) in [
            (Some("x"), false, false, Some(Effect::Silent("x"))),
            (Some("x"), false, true, Some(Effect::Silent("x"))),
            (None, true, false, asked("", false)),
            (None, true, true, asked("", true)),
            (Some("x"), true, false, asked("x", false)),
            (Some("x"), true, true, asked("x", true)),
            (None, false, true, None),
            (None, false, false, None),
        ] {
            let wanted = rule(value, asks, mandatory);
            assert_eq!(wanted.effect(), effect);
            let checked = check(&erp_field("X", FieldType::Text), &wanted);
            assert_eq!(checked.is_ok(), effect.is_some(), "{wanted:?}");
        }
    }

    #[test]
    fn what_the_erp_demands_is_mandatory() {
        let mut erp = erp_field("X", FieldType::Text);
        erp.access = Access::Mandatory;
        assert_eq!(check(&erp, &rule(None, true, false)), Ok(rule(None, true, true)));
    }

    #[test]
    fn values_are_checked_and_kept_in_the_contracts_form() {
        use FieldType as E;
        for (kind, value, kept) in [
            (E::Text, "x", Ok("x")),
            (E::Text, " ", Err(Problem::ValueMissing)),
            (E::Text, "12345", Err(Problem::ValueTooLong { limit: 4 })),
            (E::Checkbox, "", Ok("[I:0]")),
            (E::Checkbox, "1", Ok("[I:1]")),
            (E::Checkbox, "perhaps", Err(Problem::ValueNotOfType)),
            (E::Integer, "30", Ok("[I:30]")),
            (E::Integer, "", Err(Problem::ValueMissing)),
            (E::Integer, "x", Err(Problem::ValueNotOfType)),
            (E::Integer, "<number>", Ok("<number>")),
            (E::Double, "[F:1.50]", Ok("[F:1.5]")),
            (E::Datetime, " <today> ", Ok("<today>")),
            (E::Datetime, "<name>", Err(Problem::ValueNotOfType)),
            (E::List, "A", Ok("A")),
            (E::List, "", Err(Problem::ValueMissing)),
            (E::Label, "x", Err(Problem::NotOffered)),
        ] {
            let mut erp = erp_field("X", kind);
            erp.max_length = 4;
            let found = check(&erp, &rule(Some(value), false, false));
            let kept = kept.map(|value| rule(Some(value), false, false));
            assert_eq!(found, kept, "{kind:?} {value:?}");
        }
    }

    #[test]
    fn fields_that_take_a_value_and_have_no_rule_are_offered() {
        let mut read_only = unmapped("RO", FieldType::Text);
        read_only.erp.access = Access::ReadOnly;
        let mut ruled = unmapped("RULED", FieldType::Text);
        ruled.default = Some(rule(None, true, false));
        let mut gone = unmapped("GONE", FieldType::Text);
        gone.is_missing_in_erp = true;
        let label = unmapped("LABEL", FieldType::Label);
        let password = unmapped("PW", FieldType::Password);
        let fields = [unmapped("OK", FieldType::List), read_only, ruled, gone, label, password];
        let mapping = mapping_of(ActorType::Customer, fields);
        let keys: Vec<&str> = offered(&mapping).map(|field| field.erp.key.as_str()).collect();
        assert_eq!(keys, ["OK"]);
    }

    #[test]
    fn every_problem_can_be_said() {
        for problem in [
            Problem::NotOffered,
            Problem::NothingSet,
            Problem::ValueMissing,
            Problem::ValueNotOfType,
            Problem::ValueTooLong { limit: 4 },
        ] {
            assert!(problem.message().key.id().starts_with("mapping-default-"));
        }
    }
}
