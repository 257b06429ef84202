//! What is sent when an actor is created in the ERP: mapped values of the CRM record, silent defaults, and
//! what the user answers.

use std::collections::BTreeMap;

use super::defaults::{self, Effect};
use super::tags::{self, Facts};
use super::translate::{self, ListTexts, Refusal};
use super::{ActorMapping, FieldMapping, Pair, Side};
use crate::connector::encoding::{self, Value};
use crate::connector::types::{Access, FieldInfo, FieldType, FieldValues};
use crate::crm::Values;
use crate::i18n::{Key, Message};

/// What is known before the user is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Creation {
    pub values: FieldValues,
    /// In rank order.
    pub asked: Vec<Asked>,
    /// CRM values and defaults that cannot be sent, by ERP field key.
    pub refused: Vec<(String, Refusal)>,
}

/// A field the user is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub erp: FieldInfo,
    /// Encoded; may be blank.
    pub prefilled: String,
    pub is_mandatory: bool,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Missing,
    NotOfType,
    TooLong { limit: i64 },
}

impl Problem {
    pub fn message(self) -> Message {
        match self {
            Self::Missing => Key::MAPPING_ANSWER_MISSING.into(),
            Self::NotOfType => Key::MAPPING_ANSWER_TYPE.into(),
            Self::TooLong { limit } => Message::from(Key::MAPPING_ANSWER_LONG).with("limit", limit),
        }
    }
}

/// What goes to the ERP for this record, and what has to be asked. A CRM value goes before a rule; a
/// mandatory field that neither fills is asked for.
pub fn prepare(mapping: &ActorMapping, crm: &Values, texts: &ListTexts, facts: &Facts) -> Creation {
    let mut creation = Creation::default();
    let pairs = mapping.pairs();
    let fields = mapping.fields.iter().filter(|field| !field.is_missing_in_erp);
    for field in fields.filter(|field| defaults::takes_values(&field.erp)) {
        let pair = pairs.iter().find(|pair| pair.field.erp.key == field.erp.key);
        let value = mapped_value(pair, crm, texts).unwrap_or_else(|refusal| {
            creation.refused.push((field.erp.key.clone(), refusal));
            None
        });
        match value {
            Some(value) => _ = creation.values.insert(field.erp.key.clone(), value),
            None => creation.follow_rule(field, facts),
        }
    }
    creation
}

fn mapped_value(
    pair: Option<&Pair>,
    crm: &Values,
    texts: &ListTexts,
) -> Result<Option<String>, Refusal> {
    let Some(pair) = pair.filter(|pair| pair.field.direction.to_erp) else { return Ok(None) };
    match translate::to_erp(pair, crm.get(&pair.crm.key), texts) {
        Ok(raw) => Ok(Some(raw).filter(|raw| !raw.is_empty())),
        Err(Refusal::Left(_)) => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

impl Creation {
    fn follow_rule(&mut self, field: &FieldMapping, facts: &Facts) {
        let is_mandatory = field.erp.access == Access::Mandatory;
        let mut fill = |value: &str| {
            tags::replace(&field.erp, value, facts).unwrap_or_else(|refusal| {
                self.refused.push((field.erp.key.clone(), refusal));
                String::new()
            })
        };
        let (prefilled, is_mandatory) = match field.default.as_ref().and_then(|rule| rule.effect())
        {
            Some(Effect::Silent(value)) => {
                let value = fill(value);
                if !value.is_empty() {
                    self.values.insert(field.erp.key.clone(), value);
                    return;
                }
                (value, is_mandatory)
            }
            Some(Effect::Asked { prefilled, is_mandatory: must }) => {
                (fill(prefilled), must || is_mandatory)
            }
            None => (field.erp.default.clone(), is_mandatory),
        };
        let is_asked = field.default.as_ref().is_some_and(|rule| rule.asks_user);
        if is_asked || is_mandatory {
            self.asked.push(Asked { erp: field.erp.clone(), prefilled, is_mandatory });
        }
    }

    /// The values to send, with the user's answers (encoded, by field key). Answers nobody asked for are
    /// passed over, and so are blank ones.
    pub fn complete(
        &self,
        answers: &FieldValues,
    ) -> Result<FieldValues, BTreeMap<String, Problem>> {
        let mut values = self.values.clone();
        let mut problems = BTreeMap::new();
        for asked in &self.asked {
            let answer = answers.get(&asked.erp.key).map_or("", String::as_str);
            match check(asked, answer) {
                Ok(Value::Empty) => {}
                Ok(value) => _ = values.insert(asked.erp.key.clone(), encoding::write(&value)),
                Err(problem) => _ = problems.insert(asked.erp.key.clone(), problem),
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(problems) }
    }
}

fn check(asked: &Asked, answer: &str) -> Result<Value, Problem> {
    match encoding::read(asked.erp.kind, answer).map_err(|_| Problem::NotOfType)? {
        // A box that is not ticked does not come back from a form.
        Value::Empty if asked.erp.kind == FieldType::Checkbox => Ok(Value::Checkbox(false)),
        _ if asked.is_mandatory && translate::is_blank_in_erp(&asked.erp, answer) => {
            Err(Problem::Missing)
        }
        Value::Text(text) => {
            let limit = asked.erp.max_length;
            translate::check_length(&text, Side::Erp, limit)
                .map(|()| Value::Text(text))
                .map_err(|_| Problem::TooLong { limit })
        }
        value => Ok(value),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::connector::types::ActorType;
    use crate::crm::value::Value as CrmValue;
    use crate::mapping::testing::{mapped, mapping_of, unmapped};
    use crate::mapping::{DefaultRule, Direction};

    fn facts() -> Facts {
        Facts {
            record_number: "4711".into(),
            name: "Ørsted".into(),
            user_name: "Ida".into(),
            company_number: "K-12".into(),
            now: "2026-11-22T13:59:00".parse().unwrap(),
        }
    }

    fn ruled(key: &str, kind: FieldType, value: Option<&str>, asks_user: bool) -> FieldMapping {
        let value = value.map(str::to_owned);
        let default =
            Some(DefaultRule { value, asks_user, is_mandatory: false, ..DefaultRule::default() });
        FieldMapping { default, ..unmapped(key, kind) }
    }

    fn mandatory(field: FieldMapping) -> FieldMapping {
        FieldMapping { erp: FieldInfo { access: Access::Mandatory, ..field.erp.clone() }, ..field }
    }

    fn prepared(fields: impl IntoIterator<Item = FieldMapping>, name: &str) -> Creation {
        let mapping = mapping_of(ActorType::Customer, fields);
        let crm = Values::from_iter([("name", CrmValue::Text(name.to_owned()))]);
        prepare(&mapping, &crm, &ListTexts::default(), &facts())
    }

    /// Sent values as `KEY=value`, asked ones as `KEY?prefilled`, with `!` when mandatory.
    fn short(creation: &Creation) -> String {
        let sent = creation.values.iter().map(|(key, value)| format!("{key}={value}"));
        let asked = creation.asked.iter().map(|asked| {
            let mark = if asked.is_mandatory { "!" } else { "" };
            format!("{}?{}{mark}", asked.erp.key, asked.prefilled)
        });
        sent.chain(asked).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_field_is_sent_asked_for_or_left_out() {
        let text = FieldType::Text;
        let to_erp = |direction| mapped("N", text, "name", direction);
        let with_default = |mut field: FieldMapping| {
            field.erp.default = "std".to_owned();
            field
        };
        for (field, name, expected) in [
            (to_erp(Direction::TO_ERP), "Ida", "N=Ida"),
            (to_erp(Direction::BOTH), "Ida", "N=Ida"),
            (to_erp(Direction::TO_CRM), "Ida", ""),
            (mandatory(to_erp(Direction::TO_CRM)), "Ida", "N?!"),
            (mandatory(to_erp(Direction::BOTH)), "Ida", "N=Ida"),
            (mandatory(to_erp(Direction::BOTH)), "", "N?!"),
            (to_erp(Direction::BOTH), "", ""),
            (unmapped("X", text), "", ""),
            (with_default(unmapped("X", text)), "", ""),
            (mandatory(with_default(unmapped("X", text))), "", "X?std!"),
            (ruled("X", text, Some("v"), false), "", "X=v"),
            (ruled("X", text, Some("<name>"), false), "", "X=Ørsted"),
            (mandatory(ruled("X", text, Some("v"), false)), "", "X=v"),
            (ruled("X", text, None, true), "", "X?"),
            (ruled("X", text, Some("v"), true), "", "X?v"),
            (mandatory(ruled("X", text, None, true)), "", "X?!"),
            (
                ruled("X", FieldType::Datetime, Some("<today>"), true),
                "",
                "X?[DT:11/22/2026 00:00:00.0000000]",
            ),
        ] {
            let creation = prepared([field.clone()], name);
            assert_eq!(short(&creation), expected, "{field:?}");
            assert!(creation.refused.is_empty());
        }
    }

    #[test]
    fn a_rule_applies_only_where_the_crm_value_is_empty() {
        let mut field = ruled("N", FieldType::Text, Some("unknown"), false);
        field.crm_field = Some("name".into());
        field.direction = Direction::BOTH;
        assert_eq!(short(&prepared([field.clone()], "Ida")), "N=Ida");
        assert_eq!(short(&prepared([field], "")), "N=unknown");
    }

    #[test]
    fn fields_that_take_no_values_are_left_out() {
        let mut read_only = mapped("N", FieldType::Text, "name", Direction::BOTH);
        read_only.erp.access = Access::ReadOnly;
        let mut gone = mandatory(unmapped("GONE", FieldType::Text));
        gone.is_missing_in_erp = true;
        let label = mandatory(unmapped("L", FieldType::Label));
        assert_eq!(prepared([read_only, gone, label], "Ida"), Creation::default());
    }

    #[test]
    fn what_cannot_be_sent_is_said_and_asked_for_if_needed() {
        let mut short_name = mandatory(mapped("N", FieldType::Text, "name", Direction::BOTH));
        short_name.erp.max_length = 2;
        let number = ruled("NO", FieldType::Integer, Some("<company-number>"), false);
        let creation = prepared([short_name, number], "Ida");
        assert_eq!(short(&creation), "N?!");
        let keys: Vec<&str> = creation.refused.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["N", "NO"]);
    }

    #[test]
    fn an_unmapped_item_follows_the_rule_of_its_list() {
        use crate::mapping::rules::{ItemRule, Unmapped};
        let prepared = |unmapped, default: Option<&str>| {
            let mut group = mapped("G", FieldType::List, "category", Direction::BOTH);
            group.item_rule =
                ItemRule { unmapped, crm_default: None, erp_default: Some("X".into()) };
            group.default = ruled("G", FieldType::List, default, false).default;
            let mapping = mapping_of(ActorType::Customer, [mandatory(group)]);
            let crm = Values::from_iter([("category", CrmValue::Item(7))]);
            prepare(&mapping, &crm, &ListTexts::default(), &facts())
        };
        assert_eq!(short(&prepared(Unmapped::Default, None)), "G=X");
        assert_eq!(
            short(&prepared(Unmapped::Leave, None)),
            "G?!",
            "asked for, as if there were none"
        );
        assert_eq!(short(&prepared(Unmapped::Leave, Some("Y"))), "G=Y");
        assert!(prepared(Unmapped::Leave, None).refused.is_empty());
        let item = Refusal::UnmappedItem("7".into());
        assert_eq!(prepared(Unmapped::Fail, None).refused, [("G".to_owned(), item)]);
    }

    #[test]
    fn each_rule_of_when_lets_a_value_go_into_a_new_actor() {
        use crate::mapping::rules::{FieldRules, When};
        for to_erp in When::ALL {
            let rules = FieldRules { to_erp, ..FieldRules::default() };
            let name = mapped("N", FieldType::Text, "name", Direction::TO_ERP);
            assert_eq!(short(&prepared([FieldMapping { rules, ..name }], "Ida")), "N=Ida");
        }
    }

    #[test]
    fn answers_are_checked_and_added() {
        let fields = || {
            let mut name = mandatory(ruled("NAME", FieldType::Text, None, true));
            name.erp.max_length = 5;
            let days = ruled("DAYS", FieldType::Integer, None, true);
            [name, days, mandatory(ruled("BOX", FieldType::Checkbox, None, true))]
        };
        let answer = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(key, raw)| ((*key).to_owned(), (*raw).to_owned()));
            prepared(fields(), "").complete(&pairs.collect())
        };
        let sent = answer(&[("NAME", "Ida"), ("DAYS", "30"), ("EVIL", "x")]).unwrap();
        let expected = [("BOX", "[I:0]"), ("DAYS", "[I:30]"), ("NAME", "Ida")];
        assert_eq!(sent, expected.map(|(key, raw)| (key.to_owned(), raw.to_owned())).into());
        assert!(!answer(&[("NAME", "Ida"), ("DAYS", "")]).unwrap().contains_key("DAYS"));
        for (pairs, key, problem) in [
            (vec![], "NAME", Problem::Missing),
            (vec![("NAME", "  ")], "NAME", Problem::Missing),
            (vec![("NAME", "Ødegård")], "NAME", Problem::TooLong { limit: 5 }),
            (vec![("NAME", "Ida"), ("DAYS", "x")], "DAYS", Problem::NotOfType),
        ] {
            let problems = answer(&pairs).unwrap_err();
            assert_eq!(problems[key], problem);
            assert!(problem.message().key.id().starts_with("mapping-answer-"));
        }
    }
}
