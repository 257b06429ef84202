//! An encoded ERP value as a person reads it.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, Time};

use crate::connector::encoding::{self, Value};
use crate::connector::multilang;
use crate::connector::types::{FieldInfo, FieldType};
use crate::i18n::{Texts, format};

/// `items`: texts of the field's list by key, may be multi-language. What cannot be read is shown as it
/// came; a password is not shown.
pub fn display(
    erp: &FieldInfo,
    raw: &str,
    items: &BTreeMap<String, String>,
    texts: Texts,
) -> String {
    let language = texts.language;
    if erp.kind == FieldType::Password {
        return String::new();
    }
    match encoding::read(erp.kind, raw) {
        Err(_) => raw.to_owned(),
        Ok(Value::Empty) => String::new(),
        Ok(Value::Text(text)) => text,
        Ok(Value::Integer(number)) => format::integer(language, number),
        Ok(Value::Double(number)) => format::decimal(language, number),
        Ok(Value::Checkbox(true)) => texts.yes().to_owned(),
        Ok(Value::Checkbox(false)) => texts.no().to_owned(),
        Ok(Value::Datetime(at)) => moment(texts, at),
        Ok(Value::ListKey(key)) => {
            let text = items.get(&key).map(|text| multilang::pick(text, language.code()));
            text.map_or(key.clone(), str::to_owned)
        }
    }
}

/// The ERP's own local time; midnight stands for "no time of day".
fn moment(texts: Texts, at: DateTime) -> String {
    let date = format::date(texts.language, at.date());
    if at.time() == Time::midnight() {
        date
    } else {
        format!("{date}, {}", at.strftime("%H:%M:%S"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use crate::mapping::testing::erp_field;

    #[test]
    fn values_read_as_in_the_language() {
        use FieldType as E;
        let items = BTreeMap::from([("DE".into(), "US:\"Germany\";GE:\"Deutschland\"".into())]);
        for (kind, raw, english, german) in [
            (E::Text, "Ørsted [I:5]", "Ørsted [I:5]", "Ørsted [I:5]"),
            (E::Integer, "[I:12345]", "12,345", "12.345"),
            (E::Double, "[F:1234.50]", "1,234.5", "1.234,5"),
            (E::Checkbox, "[I:1]", "Yes", "Ja"),
            (E::Checkbox, "[I:0]", "No", "Nein"),
            (E::Checkbox, "", "", ""),
            (E::Datetime, "[DT:12/31/2013 00:00:00]", "31 Dec 2013", "31.12.2013"),
            (
                E::Datetime,
                "[DT:12/31/2013 23:59:59]",
                "31 Dec 2013, 23:59:59",
                "31.12.2013, 23:59:59",
            ),
            (E::Datetime, "[DT:01/01/0001 00:00:00]", "", ""),
            (E::List, "DE", "Germany", "Deutschland"),
            (E::List, "AT", "AT", "AT"),
            (E::Integer, "many", "many", "many"),
            (E::Password, "secret", "", ""),
        ] {
            let show = |language| display(&erp_field("X", kind), raw, &items, Texts::new(language));
            assert_eq!(show(Language::En), english);
            assert_eq!(show(Language::De), german);
        }
    }
}
