//! Values: each can be read as what its field says it is.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::{Outcome, Reason, lacking};
use crate::connector::encoding;
use crate::connector::types::{Actor, FieldInfo, FieldType};
use crate::i18n::Key;

pub fn check(facts: &Facts) -> Outcome {
    let fields = match &facts.fields {
        Ok(fields) => fields,
        Err(halt) => return lacking(halt),
    };
    let asked = facts.asked.as_deref().unwrap_or_default();
    let actors: Vec<&Actor> = facts.actors.iter().chain(asked).collect();
    if actors.is_empty() {
        return facts.without_actors();
    }
    let mut lenient = BTreeSet::new();
    for field in fields {
        for actor in &actors {
            let Some(raw) = actor.fields.get(&field.key) else { continue };
            match form(field.kind, raw) {
                Form::Unreadable => return Outcome::Failed(unreadable(field, actor)),
                Form::Lenient => _ = lenient.insert(field.key.as_str()),
                Form::Strict => {}
            }
        }
    }
    if lenient.is_empty() {
        return Outcome::Passed;
    }
    let fields = lenient.into_iter().collect::<Vec<_>>().join(", ");
    Outcome::Remarked(Reason::new(Key::CONFORMANCE_VALUE_LENIENT).with("fields", fields))
}

fn unreadable(field: &FieldInfo, actor: &Actor) -> Reason {
    Reason::new(Key::CONFORMANCE_VALUE_UNREADABLE)
        .with("field", &field.key)
        .with("kind", field.kind.as_str())
        .with("actor", &actor.key)
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As the contract has it.
    Strict,
    /// It can be read all the same.
    Lenient,
    Unreadable,
}

fn form(kind: FieldType, raw: &str) -> Form {
    if encoding::read(kind, raw).is_err() {
        return Form::Unreadable;
    }
    let is_in = |codes: &[&str]| {
        let inner = raw.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        inner.and_then(|inner| inner.split_once(':')).is_some_and(|(code, _)| codes.contains(&code))
    };
    let is_strict = match kind {
        _ if raw.is_empty() => true,
        FieldType::Integer | FieldType::Checkbox => is_in(&["I"]),
        FieldType::Double => is_in(&["F"]),
        FieldType::Datetime => is_in(&["DT", "D"]),
        FieldType::List => !is_in(&["I", "S"]),
        FieldType::Text | FieldType::Password | FieldType::Label => true,
    };
    if is_strict { Form::Strict } else { Form::Lenient }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_strict_lenient_or_unreadable() {
        use FieldType::{Checkbox, Datetime, Double, Integer, List, Text};
        for (kind, raw, expected) in [
            (Integer, "[I:5]", Form::Strict),
            (Integer, "", Form::Strict),
            (Integer, "5", Form::Lenient),
            (Integer, "[F:5.0]", Form::Lenient),
            (Integer, "five", Form::Unreadable),
            (Double, "[F:1.5]", Form::Strict),
            (Double, "1,5", Form::Unreadable),
            (Checkbox, "[I:1]", Form::Strict),
            (Checkbox, "True", Form::Lenient),
            (Checkbox, "[I:2]", Form::Unreadable),
            (Datetime, "[DT:12/31/2013 23:59:59.0000000]", Form::Strict),
            (Datetime, "[D:09.11.2017]", Form::Strict),
            (Datetime, "2013-12-31", Form::Lenient),
            (Datetime, "[DT:31/12/2013 00:00:00]", Form::Unreadable),
            (List, "DE", Form::Strict),
            (List, "[I:7]", Form::Lenient),
            (Text, "[I:x]", Form::Strict),
        ] {
            assert_eq!(form(kind, raw), expected, "{} {raw}", kind.as_str());
        }
    }
}
