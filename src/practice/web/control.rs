//! A field of a form: how an encoded value is typed, shown, and read back. Pure.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::texts::Language;
use crate::connector::encoding::{self, Value};
use crate::connector::types::{Access, FieldType, FieldValues};
use crate::practice::model::{self, Field};

/// The kind of control a field gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    Line,
    Area,
    Whole,
    Decimal,
    Tick,
    Choice,
    Day,
    Moment,
}

/// One field on a form.
#[derive(Clone, Debug)]
pub struct FieldView {
    pub key: &'static str,
    pub caption: &'static str,
    pub hint: &'static str,
    pub control: Control,
    /// As the control takes it.
    pub value: String,
    /// What is kept, for people; all there is of a field one may only read.
    pub kept: String,
    pub choices: Vec<Choice>,
    pub max_length: i64,
    pub is_mandatory: bool,
    pub is_read_only: bool,
    pub is_refused: bool,
    /// The value somebody else has written meanwhile, for people.
    pub by_now: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub key: &'static str,
    pub text: &'static str,
    pub is_chosen: bool,
}

/// A part of a form.
#[derive(Clone, Debug)]
pub struct SectionView {
    pub title: &'static str,
    pub fields: Vec<FieldView>,
}

/// Texts above this length get more than one line.
const LONG: i64 = 200;

impl FieldView {
    pub fn is_tick(&self) -> bool {
        self.control == Control::Tick
    }

    pub fn is_choice(&self) -> bool {
        self.control == Control::Choice
    }

    pub fn is_area(&self) -> bool {
        self.control == Control::Area
    }

    pub fn is_ticked(&self) -> bool {
        self.value == "1"
    }

    /// The browser's own name for the control.
    pub fn input_type(&self) -> &'static str {
        match self.control {
            Control::Whole | Control::Decimal => "number",
            Control::Day => "date",
            Control::Moment => "datetime-local",
            _ => "text",
        }
    }

    /// In which steps its value goes; blank where there are none.
    pub fn step(&self) -> &'static str {
        match self.control {
            Control::Whole | Control::Moment => "1",
            Control::Decimal => "any",
            _ => "",
        }
    }
}

/// A field with what stands in its control, and what the ERP keeps.
pub fn view(field: &'static Field, value: String, kept: &str, language: Language) -> FieldView {
    let choices = model::list(field.list).map_or(&[][..], |list| list.items).iter().map(|item| {
        Choice { key: item.key, text: language.word(&item.text), is_chosen: item.key == value }
    });
    FieldView {
        key: field.key,
        caption: language.word(&field.name),
        hint: language.word(&field.hint),
        control: control(field),
        choices: choices.collect(),
        max_length: field.max_length,
        is_mandatory: field.access == Access::Mandatory,
        is_read_only: field.access == Access::ReadOnly,
        is_refused: false,
        by_now: None,
        kept: to_words(field, kept, language),
        value,
    }
}

fn control(field: &Field) -> Control {
    match field.kind {
        FieldType::Text if field.max_length > LONG => Control::Area,
        FieldType::Text | FieldType::Password | FieldType::Label => Control::Line,
        FieldType::Integer => Control::Whole,
        FieldType::Double => Control::Decimal,
        FieldType::Checkbox => Control::Tick,
        FieldType::List => Control::Choice,
        FieldType::Datetime if field.is_day => Control::Day,
        FieldType::Datetime => Control::Moment,
    }
}

/// An encoded value as its control takes it.
pub fn to_input(field: &Field, encoded: &str) -> String {
    match encoding::read(field.kind, encoded) {
        Ok(Value::Integer(number)) => number.to_string(),
        Ok(Value::Double(number)) => number.to_string(),
        Ok(Value::Checkbox(ticked)) => if ticked { "1" } else { "0" }.to_owned(),
        Ok(Value::Datetime(at)) if field.is_day => at.date().to_string(),
        Ok(Value::Datetime(at)) => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        Ok(Value::Empty) if field.kind == FieldType::Checkbox => "0".to_owned(),
        _ => encoded.to_owned(),
    }
}

/// What was typed, as it travels. Where a control shows less than is kept (the seconds' fractions, a
/// day's time), an untouched control leaves the value alone.
pub fn from_input(field: &Field, typed: &str, kept: &str) -> String {
    if to_input(field, kept) == typed {
        return kept.to_owned();
    }
    match field.kind {
        FieldType::Text => typed.replace("\r\n", "\n"),
        FieldType::Double if !typed.contains('.') => typed.trim().replace(',', "."),
        FieldType::Integer | FieldType::Double | FieldType::Datetime => typed.trim().to_owned(),
        _ => typed.to_owned(),
    }
}

/// The posted values as they travel. An unticked box sends nothing, so a box on the form that is not
/// among what was typed is unticked; any other field that is missing stays as it is.
pub fn read_form(
    fields: impl Iterator<Item = &'static Field>,
    typed: &BTreeMap<String, String>,
    boxes: &[String],
    kept: &FieldValues,
) -> FieldValues {
    fields
        .filter_map(|field| {
            let typed = typed.get(field.key).map(String::as_str);
            let typed = typed.or_else(|| boxes.iter().any(|key| key == field.key).then_some("0"));
            let kept = kept.get(field.key).map_or("", String::as_str);
            typed.map(|typed| (field.key.to_owned(), from_input(field, typed, kept)))
        })
        .collect()
}

/// An encoded value for people.
pub fn to_words(field: &Field, encoded: &str, language: Language) -> String {
    let t = language.texts();
    match encoding::read(field.kind, encoded) {
        Ok(Value::Empty) => t.empty.to_owned(),
        Ok(Value::Checkbox(ticked)) => if ticked { t.yes } else { t.no }.to_owned(),
        Ok(Value::Integer(number)) => number.to_string(),
        Ok(Value::Double(number)) => match language {
            Language::English => number.to_string(),
            Language::German => number.to_string().replace('.', ","),
        },
        Ok(Value::Datetime(at)) => moment(at, field.is_day, language),
        Ok(Value::ListKey(key)) => model::list(field.list)
            .and_then(|list| list.item(&key))
            .map_or(key, |item| language.word(&item.text).to_owned()),
        Ok(Value::Text(text)) => text,
        Err(_) => encoded.to_owned(),
    }
}

/// A date, with its time unless it is a whole day.
pub fn moment(at: DateTime, is_day: bool, language: Language) -> String {
    let form = match (language, is_day) {
        (Language::English, true) => "%-d %b %Y",
        (Language::English, false) => "%-d %b %Y, %H:%M",
        (Language::German, true) => "%d.%m.%Y",
        (Language::German, false) => "%d.%m.%Y, %H:%M",
    };
    at.strftime(form).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::connector::types::ActorType;

    fn field(key: &str) -> &'static Field {
        let kinds = [ActorType::Customer, ActorType::Person];
        kinds.into_iter().find_map(|kind| model::field(kind, key)).unwrap()
    }

    #[test]
    fn an_untouched_control_gives_back_exactly_what_is_kept() {
        for (key, kept) in [
            ("NAME", " Ærø "),
            ("CREDITLIMIT", "[F:1.5]"),
            ("RATING", "[I:3]"),
            ("BLOCKED", "[I:1]"),
            ("SINCE", "[DT:01/31/2024 14:30:15.5000000]"),
            ("LASTVISIT", "[DT:01/31/2024 14:30:15.5000000]"),
            ("COUNTRY", "NO"),
            ("PHONE", ""),
            ("RATING", ""),
        ] {
            let field = field(key);
            assert_eq!(from_input(field, &to_input(field, kept), kept), kept, "{key}");
        }
    }

    #[test]
    fn what_is_typed_can_be_read_as_the_contract_wants() {
        for (key, typed, value) in [
            ("CREDITLIMIT", "1250,50", "[F:1250.5]"),
            ("CREDITLIMIT", "1250.5", "[F:1250.5]"),
            ("RATING", " 4 ", "[I:4]"),
            ("SINCE", "2024-02-01", "[DT:02/01/2024 00:00:00.0000000]"),
            ("LASTVISIT", "2024-02-01T09:05", "[DT:02/01/2024 09:05:00.0000000]"),
            ("NOTES", "a\r\nb", "a\nb"),
        ] {
            let field = field(key);
            let raw = from_input(field, typed, "");
            let read = encoding::read(field.kind, &raw).unwrap();
            assert_eq!(encoding::write(&read), value, "{key}");
        }
    }

    #[test]
    fn a_box_that_is_not_sent_is_unticked_and_other_missing_fields_stay() {
        let fields = || model::fields(ActorType::Customer);
        let boxes = ["BLOCKED".to_owned()];
        let kept = FieldValues::from([("BLOCKED".to_owned(), "[I:1]".to_owned())]);
        let read = read_form(fields(), &BTreeMap::new(), &boxes, &kept);
        assert_eq!(read, FieldValues::from([("BLOCKED".to_owned(), "0".to_owned())]));
        assert!(read_form(fields(), &BTreeMap::new(), &[], &FieldValues::new()).is_empty());
    }

    #[test]
    fn values_are_shown_in_the_readers_words() {
        let shown = |key, raw| to_words(field(key), raw, Language::German);
        assert_eq!(shown("COUNTRY", "NO"), "Norwegen");
        assert_eq!(shown("CREDITLIMIT", "[F:1.5]"), "1,5");
        assert_eq!(shown("BLOCKED", "[I:1]"), "ja");
        assert_eq!(shown("SINCE", "[DT:02/01/2024 00:00:00]"), "01.02.2024");
        assert_eq!(shown("PHONE", ""), "(leer)");
    }
}
