//! Encoded values of ERP fields as they stand in a form's inputs, and back.

use crate::connector::encoding::{self, Value};
use crate::connector::types::{FieldInfo, FieldType};
use crate::i18n::{Key, Language, Message, format};

/// The value of the field's input. What cannot be read is shown as it came.
pub fn to_input(kind: FieldType, encoded: &str, language: Language) -> String {
    match encoding::read(kind, encoded) {
        Ok(Value::Empty) => String::new(),
        Ok(Value::Text(text)) | Ok(Value::ListKey(text)) => text,
        Ok(Value::Integer(number)) => number.to_string(),
        Ok(Value::Double(number)) => {
            format::typed_number(language, &number.normalize().to_string())
        }
        Ok(Value::Checkbox(ticked)) => if ticked { "1" } else { "" }.to_owned(),
        Ok(Value::Datetime(at)) => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        Err(_) => encoded.to_owned(),
    }
}

/// What was typed, encoded. An empty input is an empty value, an unticked box "no".
pub fn from_input(field: &FieldInfo, typed: &str, language: Language) -> Result<String, Message> {
    let text = typed.trim();
    if field.kind == FieldType::Checkbox {
        return Ok(encoding::write(&Value::Checkbox(text == "1")));
    }
    if text.is_empty() {
        return Ok(String::new());
    }
    let plain = match field.kind {
        FieldType::Integer | FieldType::Double => format::plain_number(language, text),
        // A password is taken exactly as typed.
        FieldType::Password => typed.to_owned(),
        _ => text.to_owned(),
    };
    if plain.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Key::FORM_INVALID.into());
    }
    let value =
        encoding::read(field.kind, &plain).map_err(|_| Message::from(not_of_type(field.kind)))?;
    let is_text = matches!(field.kind, FieldType::Text | FieldType::Password);
    let length = i64::try_from(plain.chars().count()).unwrap_or(i64::MAX);
    if is_text && field.max_length > 0 && length > field.max_length {
        return Err(Message::from(Key::FORM_TOO_LONG).with("max", field.max_length));
    }
    Ok(encoding::write(&value))
}

fn not_of_type(kind: FieldType) -> Key {
    match kind {
        FieldType::Integer => Key::RECORDS_BAD_NUMBER,
        FieldType::Double => Key::RECORDS_BAD_DECIMAL,
        FieldType::Datetime => Key::RECORDS_BAD_DATE,
        FieldType::List => Key::RECORDS_BAD_ITEM,
        _ => Key::FORM_INVALID,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::types::Access;

    fn field(kind: FieldType) -> FieldInfo {
        FieldInfo {
            key: "K".into(),
            name: "N".into(),
            description: String::new(),
            kind,
            list: String::new(),
            default: String::new(),
            rank: 1,
            max_length: 5,
            access: Access::Normal,
        }
    }

    #[test]
    fn inputs_and_encoded_values_are_each_others_inverse() {
        for (kind, encoded, input) in [
            (FieldType::Text, "Köln", "Köln"),
            (FieldType::Integer, "[I:-5]", "-5"),
            (FieldType::Double, "[F:1.5]", "1,5"),
            (FieldType::Checkbox, "[I:1]", "1"),
            (FieldType::Checkbox, "[I:0]", ""),
            (FieldType::List, "DE", "DE"),
            (FieldType::Datetime, "[DT:12/31/2026 08:30:00.0000000]", "2026-12-31T08:30:00"),
        ] {
            assert_eq!(to_input(kind, encoded, Language::De), input);
            assert_eq!(from_input(&field(kind), input, Language::De).as_deref(), Ok(encoded));
        }
    }

    #[test]
    fn what_does_not_fit_the_field_is_refused() {
        assert!(from_input(&field(FieldType::Text), "123456", Language::En).is_err());
        assert!(from_input(&field(FieldType::Integer), "1.5x", Language::En).is_err());
        assert!(from_input(&field(FieldType::Datetime), "2026-02-30", Language::En).is_err());
    }
}
