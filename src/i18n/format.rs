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
