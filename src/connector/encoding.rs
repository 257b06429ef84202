//! How values travel: `[I:5]`, `[F:1.5]`, `[DT:12/31/2013 23:59:59.0000000]`, plain text and list keys.
//!
//! Written strictly in the contract's form, read leniently: brackets may be missing, and a date may come
//! with a date's or a date-time's prefix. What cannot be read is an error that names no value, so that it
//! may be logged.

use std::str::FromStr;

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use super::types::FieldType;

/// A decoded value. An empty one is [`Value::Empty`] whatever the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Empty,
    Text(String),
    Integer(i64),
    Double(Decimal),
    Checkbox(bool),
    /// Without zone: the ERP's own local time.
    Datetime(DateTime),
    ListKey(String),
}

impl Value {
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }
}

/// The encoded text is not a value of the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a value of type {}", .0.as_str())]
pub struct NotOfType(pub FieldType);

/// Reads an encoded value of the given type. Years up to 1 are how .NET says "no date".
pub fn read(kind: FieldType, raw: &str) -> Result<Value, NotOfType> {
    if raw.is_empty() {
        return Ok(Value::Empty);
    }
    let inner = unwrap_brackets(raw);
    let plain = inner.trim();
    match kind {
        FieldType::Text | FieldType::Password | FieldType::Label => Ok(Value::Text(raw.to_owned())),
        // Some connectors encode list keys as integers although the contract says plain.
        FieldType::List => match plain {
            "" => Ok(Value::Empty),
            _ => Ok(Value::ListKey(inner.to_owned())),
        },
        _ if plain.is_empty() => Ok(Value::Empty),
        FieldType::Integer => read_integer(plain).map(Value::Integer).ok_or(NotOfType(kind)),
        FieldType::Double => read_decimal(plain).map(Value::Double).ok_or(NotOfType(kind)),
        FieldType::Checkbox => match plain.to_ascii_lowercase().as_str() {
            "1" | "true" => Ok(Value::Checkbox(true)),
            "0" | "false" => Ok(Value::Checkbox(false)),
            _ => Err(NotOfType(kind)),
        },
        FieldType::Datetime => match read_datetime(plain) {
            Some(at) if at.year() <= 1 => Ok(Value::Empty),
            Some(at) => Ok(Value::Datetime(at)),
            None => Err(NotOfType(kind)),
        },
    }
}

/// Writes a value in the contract's form.
pub fn write(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) | Value::ListKey(text) => text.clone(),
        Value::Integer(number) => format!("[I:{number}]"),
        Value::Double(number) => format!("[F:{}]", number.normalize()),
        Value::Checkbox(ticked) => format!("[I:{}]", i64::from(*ticked)),
        Value::Datetime(at) => format!(
            "[DT:{:02}/{:02}/{:04} {:02}:{:02}:{:02}.{:07}]",
            at.month(),
            at.day(),
            at.year(),
            at.hour(),
            at.minute(),
            at.second(),
            at.subsec_nanosecond() / 100
        ),
    }
}

/// An encoded value without its wrapping, for people and the history; what cannot be read stays as it is.
pub fn plain(kind: FieldType, raw: &str) -> String {
    match read(kind, raw) {
        Ok(Value::Empty) => String::new(),
        Ok(Value::Text(text) | Value::ListKey(text)) => text,
        Ok(Value::Integer(number)) => number.to_string(),
        Ok(Value::Double(number)) => number.normalize().to_string(),
        Ok(Value::Checkbox(true)) => "yes".to_owned(),
        Ok(Value::Checkbox(false)) => "no".to_owned(),
        Ok(Value::Datetime(at)) => at.to_string(),
        Err(_) => raw.to_owned(),
    }
}

/// `[I:5]` → `5`; anything that is not a known bracket stays as it is.
fn unwrap_brackets(raw: &str) -> &str {
    const KINDS: [&str; 8] = ["I", "F", "DT", "D", "M", "T", "TS", "S"];
    raw.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .and_then(|rest| rest.split_once(':'))
        .filter(|(kind, _)| KINDS.contains(kind))
        .map_or(raw, |(_, inner)| inner)
}

fn read_integer(plain: &str) -> Option<i64> {
    plain.parse().ok().or_else(|| {
        // "5.0" is a whole number too.
        let number = Decimal::from_str(plain).ok()?;
        number.is_integer().then(|| i64::try_from(number).ok())?
    })
}

fn read_decimal(plain: &str) -> Option<Decimal> {
    Decimal::from_str(plain).or_else(|_| Decimal::from_scientific(plain)).ok()
}

/// Month first with slashes, day first with dots, or ISO.
fn read_datetime(plain: &str) -> Option<DateTime> {
    let (date, time) = plain.split_once([' ', 'T']).unwrap_or((plain, ""));
    let (year, month, day) = if date.contains('/') {
        let [month, day, year] = three_numbers(date, '/')?;
        (year, month, day)
    } else if date.contains('.') {
        let [day, month, year] = three_numbers(date, '.')?;
        (year, month, day)
    } else {
        let [year, month, day] = three_numbers(date, '-')?;
        (year, month, day)
    };
    let date = jiff::civil::Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()?;
    let time = match time.trim_end_matches('Z') {
        "" => jiff::civil::Time::midnight(),
        text => text.parse().ok()?,
    };
    Some(date.to_datetime(time))
}

fn three_numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(|part| part.parse::<i64>().ok());
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were_written() {
        let at = "2013-12-31T23:59:59.5".parse().unwrap();
        for (kind, value, raw) in [
            (FieldType::Integer, Value::Integer(-12), "[I:-12]"),
            (FieldType::Double, Value::Double("12345.6789".parse().unwrap()), "[F:12345.6789]"),
            (FieldType::Checkbox, Value::Checkbox(true), "[I:1]"),
            (FieldType::Datetime, Value::Datetime(at), "[DT:12/31/2013 23:59:59.5000000]"),
            (FieldType::List, Value::ListKey("DE".into()), "DE"),
            (FieldType::Text, Value::Text(" [x] ".into()), " [x] "),
        ] {
            assert_eq!(write(&value), raw);
            assert_eq!(read(kind, raw), Ok(value));
        }
    }

    #[test]
    fn reading_is_lenient() {
        assert_eq!(read(FieldType::Integer, "123"), Ok(Value::Integer(123)));
        assert_eq!(read(FieldType::Double, "1.5"), read(FieldType::Double, "[F:1.50]"));
        assert_eq!(read(FieldType::Checkbox, "True"), Ok(Value::Checkbox(true)));
        assert_eq!(read(FieldType::List, "[I:7]"), Ok(Value::ListKey("7".into())));
        let day = Ok(Value::Datetime("2017-11-09T00:00:00".parse().unwrap()));
        assert_eq!(read(FieldType::Datetime, "[D:09.11.2017]"), day);
        assert_eq!(read(FieldType::Datetime, "[D:11/09/2017]"), day);
        assert_eq!(read(FieldType::Datetime, "2017-11-09"), day);
        assert_eq!(read(FieldType::Datetime, "[DT:01/01/0001 00:00:00]"), Ok(Value::Empty));
    }

    #[test]
    fn what_is_no_value_is_an_error() {
        assert!(read(FieldType::Integer, "[I:x]").is_err());
        assert!(read(FieldType::Double, "[F:1e999]").is_err());
        assert!(read(FieldType::Datetime, "[DT:02/30/2026 00:00:00]").is_err());
        assert!(read(FieldType::Checkbox, "maybe").is_err());
    }
}
