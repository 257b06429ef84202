//! Numbers, dates and times as a reader of a language writes them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::Language;
use crate::clock::Millis;

/// `1.234,5` in German, `1,234.5` in English.
pub fn decimal(language: Language, number: Decimal) -> String {
    let plain = number.normalize().to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (group, point) = match language {
        Language::En => (',', '.'),
        Language::De => ('.', ','),
    };
    let mut text = String::from(sign);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// A number as typed, in neutral notation: `1.250,5` in German and `1,250.5` in English are the same.
pub fn plain_number(language: Language, typed: &str) -> String {
    let (group, point) = match language {
        Language::En => (',', '.'),
        Language::De => ('.', ','),
    };
    // A single point with other than three digits behind it is meant as one, whatever the language.
    let is_foreign_point = !typed.contains(point)
        && typed.matches(group).count() == 1
        && typed.rsplit(group).next().is_some_and(|rest| rest.len() != 3);
    if is_foreign_point {
        return typed.replace(group, ".");
    }
    typed.replace([group, ' ', '\u{a0}', '\''], "").replace(point, ".")
}

/// A number in neutral notation as it stands in an input: the language's point, no groups.
pub fn typed_number(language: Language, neutral: &str) -> String {
    match language {
        Language::En => neutral.to_owned(),
        Language::De => neutral.replace('.', ","),
    }
}

/// A whole number with groups.
pub fn integer(language: Language, number: i64) -> String {
    decimal(language, Decimal::from(number))
}

/// `22.11.2026` in German, `22 Nov 2026` in English (no order of day and month to confuse).
pub fn date(language: Language, date: Date) -> String {
    match language {
        Language::En => date.strftime("%-d %b %Y").to_string(),
        Language::De => date.strftime("%d.%m.%Y").to_string(),
    }
}

/// A moment in the reader's time zone, to the second.
pub fn moment(language: Language, at: Millis, zone: &TimeZone) -> String {
    let Ok(instant) = Timestamp::from_millisecond(at) else { return String::new() };
    let local = instant.to_zoned(zone.clone());
    match language {
        Language::En => local.strftime("%-d %b %Y, %H:%M:%S").to_string(),
        Language::De => local.strftime("%d.%m.%Y, %H:%M:%S").to_string(),
    }
}

/// The day of a moment in a time zone, as addresses and date fields carry it.
pub fn iso_day(at: Millis, zone: &TimeZone) -> String {
    Timestamp::from_millisecond(at)
        .map(|instant| instant.to_zoned(zone.clone()).date().to_string())
        .unwrap_or_default()
}

/// A moment for `<time datetime>` and exports: ISO 8601, UTC, to the millisecond.
pub fn iso(at: Millis) -> String {
    Timestamp::from_millisecond(at)
        .map(|instant| instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_are_read_as_the_language_writes_them() {
        for (language, typed, plain) in [
            (Language::De, "1.250,5", "1250.5"),
            (Language::En, "1,250.5", "1250.5"),
            (Language::De, "12.5", "12.5"),
            (Language::De, "1.250", "1250"),
            (Language::En, "12,50", "12.50"),
            (Language::De, "-3 000", "-3000"),
        ] {
            assert_eq!(plain_number(language, typed), plain, "{typed}");
        }
    }

    #[test]
    fn numbers_and_dates_read_as_in_the_language() {
        let number: Decimal = "-1234567.50".parse().unwrap();
        assert_eq!(decimal(Language::De, number), "-1.234.567,5");
        assert_eq!(decimal(Language::En, number), "-1,234,567.5");
        assert_eq!(integer(Language::De, 100), "100");
        assert_eq!(date(Language::De, "2026-11-22".parse().unwrap()), "22.11.2026");
        let at = 1_795_355_940_123;
        assert_eq!(moment(Language::En, at, &TimeZone::UTC), "22 Nov 2026, 13:59:00");
        assert_eq!(iso(at), "2026-11-22T13:59:00.123Z");
    }
}
