//! What an operator means for a value. ERPs compare texts in their own way (large and small letters,
//! accents, sorting) and think differently of blanks and of days without a time of day; where they may
//! differ the answer is [`Holds::Perhaps`], and nobody is blamed.

use std::cmp::Ordering;

use jiff::civil::{DateTime, Time};
use rust_decimal::Decimal;

use crate::connector::encoding::{self, Value};
use crate::connector::types::{FieldType, Operator};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// However one reads the contract.
    Surely,
    Perhaps,
    No,
}

impl Holds {
    /// All readings agree, or they do not.
    fn of(readings: impl IntoIterator<Item = bool>) -> Self {
        let (mut any, mut all) = (false, true);
        for reading in readings {
            any |= reading;
            all &= reading;
        }
        match (any, all) {
            (true, true) => Self::Surely,
            (false, _) => Self::No,
            _ => Self::Perhaps,
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Surely => Self::No,
            Self::Perhaps => Self::Perhaps,
            Self::No => Self::Surely,
        }
    }
}

/// Whether a value fulfils a restriction.
pub fn holds(kind: FieldType, operator: Operator, wanted: &[String], raw: &str) -> Holds {
    let read = |raw: &str| encoding::read(kind, raw);
    let (Ok(have), Ok(wanted)) =
        (read(raw), wanted.iter().map(|raw| read(raw)).collect::<Result<Vec<_>, _>>())
    else {
        return Holds::Perhaps;
    };
    if have.is_empty() || matches!(&have, Value::Text(text) if text.trim().is_empty()) {
        return of_blank(operator, &wanted);
    }
    match operator {
        Operator::NotBegins => of_text(Operator::Begins, &wanted, &have).not(),
        Operator::NotContains => of_text(Operator::Contains, &wanted, &have).not(),
        Operator::NotEnds => of_text(Operator::Ends, &wanted, &have).not(),
        Operator::Begins | Operator::Contains | Operator::Ends => of_text(operator, &wanted, &have),
        Operator::IsNot | Operator::NotEquals => any_equal(&wanted, &have).not(),
        Operator::NotOneOf => any_equal(&wanted, &have).not(),
        Operator::Equals | Operator::OneOf => any_equal(&wanted, &have),
        Operator::Between => match wanted.as_slice() {
            [low, high] => {
                both(compare(&have, low, Ordering::is_ge), compare(&have, high, Ordering::is_le))
            }
            _ => Holds::Perhaps,
        },
        _ => ordered(operator, &wanted, &have),
    }
}

fn both(one: Holds, other: Holds) -> Holds {
    match (one, other) {
        (Holds::No, _) | (_, Holds::No) => Holds::No,
        (Holds::Surely, Holds::Surely) => Holds::Surely,
        _ => Holds::Perhaps,
    }
}

fn ordered(operator: Operator, wanted: &[Value], have: &Value) -> Holds {
    let Some(wanted) = wanted.first() else { return Holds::Perhaps };
    let is = match operator {
        Operator::Greater | Operator::After => Ordering::is_gt,
        Operator::Less | Operator::Before => Ordering::is_lt,
        Operator::GreaterOrEqual | Operator::AfterOrEqual => Ordering::is_ge,
        _ => Ordering::is_le,
    };
    compare(have, wanted, is)
}

/// A blank is nothing, or zero, or the earliest of all; it begins, contains and is nothing that was asked
/// for.
fn of_blank(operator: Operator, wanted: &[Value]) -> Holds {
    let is_zero = |value: &Value| match value {
        Value::Integer(number) => *number == 0,
        Value::Double(number) => number.is_zero(),
        Value::Checkbox(ticked) => !ticked,
        other => other.is_empty(),
    };
    let zero_is = |is: fn(Ordering) -> bool| match wanted.first() {
        Some(Value::Integer(number)) => is(0.cmp(number)),
        Some(Value::Double(number)) => is(Decimal::ZERO.cmp(number)),
        _ => is(Ordering::Less),
    };
    let may_hold = match operator {
        Operator::Begins | Operator::Contains | Operator::Ends => false,
        Operator::Equals | Operator::OneOf => wanted.iter().any(is_zero),
        Operator::Greater | Operator::After => zero_is(Ordering::is_gt),
        Operator::GreaterOrEqual | Operator::AfterOrEqual => zero_is(Ordering::is_ge),
        Operator::Less | Operator::Before => zero_is(Ordering::is_lt),
        Operator::LessOrEqual | Operator::BeforeOrEqual => zero_is(Ordering::is_le),
        Operator::Between => zero_is(Ordering::is_ge),
        _ => true,
    };
    if may_hold { Holds::Perhaps } else { Holds::No }
}

fn any_equal(wanted: &[Value], have: &Value) -> Holds {
    let mut best = Holds::No;
    for one in wanted {
        match compare(have, one, Ordering::is_eq) {
            Holds::Surely => return Holds::Surely,
            Holds::Perhaps => best = Holds::Perhaps,
            Holds::No => {}
        }
    }
    best
}

fn compare(have: &Value, wanted: &Value, is: fn(Ordering) -> bool) -> Holds {
    match (have, wanted) {
        (Value::Integer(have), Value::Integer(wanted)) => Holds::of([is(have.cmp(wanted))]),
        (Value::Double(have), Value::Double(wanted)) => compare_numbers(*have, *wanted, is),
        (Value::Checkbox(have), Value::Checkbox(wanted)) => Holds::of([is(have.cmp(wanted))]),
        (Value::Datetime(have), Value::Datetime(wanted)) => compare_times(*have, *wanted, is),
        (Value::ListKey(have), Value::ListKey(wanted)) => Holds::of([
            is(have.cmp(wanted)),
            is(have.trim().to_lowercase().cmp(&wanted.trim().to_lowercase())),
        ]),
        (Value::Text(have), Value::Text(wanted)) => compare_texts(have, wanted, is),
        _ => Holds::Perhaps,
    }
}

/// Binary fractions are not quite what they are written as.
fn compare_numbers(have: Decimal, wanted: Decimal, is: fn(Ordering) -> bool) -> Holds {
    let scale = have.abs().max(wanted.abs()).max(Decimal::ONE);
    let is_near = (have - wanted).abs() <= scale * Decimal::new(1, 9);
    let exact = is(have.cmp(&wanted));
    if is_near && have != wanted {
        Holds::of([exact, is(Ordering::Equal)])
    } else {
        Holds::of([exact])
    }
}

/// To the last digit or to the second; a day without a time of day may mean all of it.
fn compare_times(have: DateTime, wanted: DateTime, is: fn(Ordering) -> bool) -> Holds {
    let second = |at: DateTime| at.with().subsec_nanosecond(0).build().unwrap_or(at);
    let exact = is(have.cmp(&wanted));
    let by_second = is(second(have).cmp(&second(wanted)));
    let by_day = is(have.date().cmp(&wanted.date()));
    if wanted.time() == Time::midnight() {
        Holds::of([exact, by_second, by_day])
    } else {
        Holds::of([exact, by_second])
    }
}

/// Equal texts are equal. How others sort is sure only where they begin with different plain letters, or
/// different digits.
fn compare_texts(have: &str, wanted: &str, is: fn(Ordering) -> bool) -> Holds {
    if have == wanted {
        return Holds::of([is(Ordering::Equal)]);
    }
    if fold(have) == fold(wanted) {
        return Holds::of([is(Ordering::Equal), is(Ordering::Less), is(Ordering::Greater)]);
    }
    let may_be_equal = !(have.is_ascii() && wanted.is_ascii()) && digits(have) == digits(wanted);
    let readings: &[Ordering] = match clear_order(have, wanted) {
        Some(Ordering::Less) => &[Ordering::Less],
        Some(_) => &[Ordering::Greater],
        None if may_be_equal => &[Ordering::Less, Ordering::Equal, Ordering::Greater],
        None => &[Ordering::Less, Ordering::Greater],
    };
    Holds::of(readings.iter().map(|order| is(*order)))
}

fn clear_order(one: &str, other: &str) -> Option<Ordering> {
    let one = one.chars().next()?.to_ascii_lowercase();
    let other = other.chars().next()?.to_ascii_lowercase();
    let are_alike = one.is_ascii_lowercase() && other.is_ascii_lowercase()
        || one.is_ascii_digit() && other.is_ascii_digit();
    (are_alike && one != other).then(|| one.cmp(&other))
}

fn of_text(operator: Operator, wanted: &[Value], have: &Value) -> Holds {
    let (Some(Value::Text(wanted)), Value::Text(have)) = (wanted.first(), have) else {
        return Holds::Perhaps;
    };
    let is_it = |have: &str, wanted: &str| match operator {
        Operator::Begins => have.starts_with(wanted),
        Operator::Ends => have.ends_with(wanted),
        _ => have.contains(wanted),
    };
    let (exact, folded) = (is_it(have, wanted), is_it(&fold(have), &fold(wanted)));
    // Accents may be passed over, digits never.
    let may_differ =
        !(have.is_ascii() && wanted.is_ascii()) && digits(have).contains(&digits(wanted));
    match (exact, folded) {
        (true, true) => Holds::Surely,
        (false, false) if !may_differ => Holds::No,
        _ => Holds::Perhaps,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn fold(text: &str) -> String {
    text.trim_end().to_lowercase().replace('ß', "ss")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn means(kind: FieldType, operator: Operator, wanted: &[&str], expected: &[(&str, Holds)]) {
        let wanted: Vec<String> = wanted.iter().map(|raw| (*raw).to_owned()).collect();
        for (raw, holds_) in expected {
            assert_eq!(holds(kind, operator, &wanted, raw), *holds_, "{operator:?} {raw}");
        }
    }

    #[test]
    fn texts() {
        use Holds::{No, Perhaps, Surely};
        let text = FieldType::Text;
        means(
            text,
            Operator::Equals,
            &["Ab"],
            &[("Ab", Surely), ("aB", Perhaps), ("Abc", No), ("", No)],
        );
        means(
            text,
            Operator::IsNot,
            &["Ab"],
            &[("Ab", No), ("aB", Perhaps), ("Abc", Surely), ("", Perhaps)],
        );
        means(
            text,
            Operator::Begins,
            &["Ab"],
            &[("Abc", Surely), ("aBc", Perhaps), ("cAb", No), ("", No)],
        );
        means(text, Operator::NotBegins, &["Ab"], &[("Abc", No), ("cAb", Surely), ("", Perhaps)]);
        means(text, Operator::Contains, &["b"], &[("abc", Surely), ("aBc", Perhaps), ("ac", No)]);
        means(text, Operator::NotContains, &["b"], &[("abc", No), ("ac", Surely)]);
        means(text, Operator::Ends, &["c"], &[("abc", Surely), ("abC", Perhaps), ("cab", No)]);
        means(text, Operator::NotEnds, &["c"], &[("abc", No), ("cab", Surely)]);
        means(
            text,
            Operator::Contains,
            &["Strasse"],
            &[("Hauptstraße", Perhaps), ("Müller", Perhaps)],
        );
        means(
            text,
            Operator::Between,
            &["Bb", "Dd"],
            &[
                ("Bb", Surely),
                ("Dd", Surely),
                ("cx", Surely),
                ("Aa", No),
                ("E", No),
                ("Da", Perhaps),
                ("1", Perhaps),
            ],
        );
    }

    #[test]
    fn numbers() {
        use Holds::{No, Perhaps, Surely};
        let number = FieldType::Integer;
        means(
            number,
            Operator::Equals,
            &["[I:5]"],
            &[("[I:5]", Surely), ("5", Surely), ("[I:6]", No), ("", No)],
        );
        means(number, Operator::Equals, &["[I:0]"], &[("", Perhaps)]);
        means(
            number,
            Operator::NotEquals,
            &["[I:5]"],
            &[("[I:5]", No), ("[I:6]", Surely), ("", Perhaps)],
        );
        means(number, Operator::Greater, &["[I:5]"], &[("[I:6]", Surely), ("[I:5]", No), ("", No)]);
        means(
            number,
            Operator::Less,
            &["[I:5]"],
            &[("[I:4]", Surely), ("[I:5]", No), ("", Perhaps)],
        );
        means(number, Operator::GreaterOrEqual, &["[I:5]"], &[("[I:5]", Surely), ("[I:4]", No)]);
        means(number, Operator::LessOrEqual, &["[I:5]"], &[("[I:5]", Surely), ("[I:6]", No)]);
        means(
            number,
            Operator::Between,
            &["[I:2]", "[I:4]"],
            &[("[I:2]", Surely), ("[I:4]", Surely), ("[I:5]", No)],
        );
        let near = [
            ("[F:0.1]", Surely),
            ("[F:0.10000000001]", Perhaps),
            ("[F:0.2]", No),
            ("oops", Perhaps),
        ];
        means(FieldType::Double, Operator::Equals, &["[F:0.1]"], &near);
    }

    #[test]
    fn boxes_and_lists() {
        use Holds::{No, Perhaps, Surely};
        means(
            FieldType::Checkbox,
            Operator::Equals,
            &["[I:1]"],
            &[("[I:1]", Surely), ("[I:0]", No), ("", No)],
        );
        means(
            FieldType::Checkbox,
            Operator::Equals,
            &["[I:0]"],
            &[("[I:0]", Surely), ("", Perhaps)],
        );
        let list = FieldType::List;
        means(
            list,
            Operator::OneOf,
            &["DE", "AT"],
            &[("AT", Surely), ("at", Perhaps), ("NO", No), ("", No)],
        );
        means(list, Operator::NotOneOf, &["DE"], &[("DE", No), ("NO", Surely), ("", Perhaps)]);
    }

    #[test]
    fn dates() {
        use Holds::{No, Perhaps, Surely};
        let date = FieldType::Datetime;
        let noon = "[DT:05/01/2020 12:00:00]";
        let day = "[DT:05/01/2020 00:00:00]";
        let next = "[DT:05/02/2020 00:00:00]";
        means(
            date,
            Operator::Equals,
            &[day],
            &[(day, Surely), (noon, Perhaps), (next, No), ("", No)],
        );
        means(
            date,
            Operator::Equals,
            &[noon],
            &[(noon, Surely), ("[DT:05/01/2020 12:00:00.5]", Perhaps), (day, No)],
        );
        means(
            date,
            Operator::After,
            &[day],
            &[(next, Surely), (noon, Perhaps), (day, No), ("", No)],
        );
        means(date, Operator::Before, &[next], &[(day, Surely), (next, No), ("", Perhaps)]);
        means(date, Operator::BeforeOrEqual, &[day], &[(day, Surely), (noon, Perhaps), (next, No)]);
        means(date, Operator::AfterOrEqual, &[noon], &[(noon, Surely), (next, Surely), (day, No)]);
        means(date, Operator::Between, &[day, day], &[(day, Surely), (noon, Perhaps), (next, No)]);
    }
}
