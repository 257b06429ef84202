//! With which values an operator is tried: such as actors really hold, and, where there are any, such as
//! tell some of them from others.

use std::collections::BTreeSet;

use super::meaning::{Holds, holds};
use crate::connector::encoding::{self, Value};
use crate::connector::types::{Actor, FieldInfo, FieldType, Operator};

/// Values that are considered.
const MOST_VALUES: usize = 20;
/// Letters that are searched for in a text.
const PART: usize = 3;

/// The values of a restriction; `None` when no actor has one that could be searched for.
pub fn values(field: &FieldInfo, operator: Operator, actors: &[Actor]) -> Option<Vec<String>> {
    let held: Vec<&str> = actors
        .iter()
        .filter_map(|actor| actor.fields.get(&field.key))
        .map(String::as_str)
        .collect();
    let candidates = candidates(field.kind, operator, &held);
    let count = |wanted: &Vec<String>, meaning: Holds| {
        held.iter().filter(|raw| holds(field.kind, operator, wanted, raw) == meaning).count()
    };
    let tells_apart =
        |wanted: &&Vec<String>| count(wanted, Holds::Surely) > 0 && count(wanted, Holds::No) > 0;
    let finds = |wanted: &&Vec<String>| count(wanted, Holds::Surely) > 0;
    let any = candidates.iter();
    any.clone()
        .find(tells_apart)
        .or_else(|| any.clone().find(finds))
        .or(candidates.first())
        .cloned()
}

fn candidates(kind: FieldType, operator: Operator, held: &[&str]) -> Vec<Vec<String>> {
    let values = distinct(kind, held);
    match operator {
        Operator::Between => pairs(&values),
        Operator::OneOf | Operator::NotOneOf => {
            let one = values.iter().map(|value| vec![value.clone()]);
            let two = values.windows(2).filter(|_| operator == Operator::OneOf).map(<[_]>::to_vec);
            two.chain(one).collect()
        }
        Operator::Begins | Operator::NotBegins => {
            parts(&values, |text| text.chars().take(PART).collect())
        }
        Operator::Ends | Operator::NotEnds => parts(&values, |text| {
            let length = text.chars().count();
            text.chars().skip(length.saturating_sub(PART)).collect()
        }),
        Operator::Contains | Operator::NotContains => parts(&values, |text| {
            let length = text.chars().count();
            text.chars().skip(length.saturating_sub(PART) / 2).take(PART).collect()
        }),
        _ => from_the_middle(values).into_iter().map(|value| vec![value]).collect(),
    }
}

/// Filled, readable values as they travel, each once, in order. Texts that some databases would read as a
/// pattern come last: that is another question.
fn distinct(kind: FieldType, held: &[&str]) -> Vec<String> {
    let mut values: Vec<Value> = Vec::new();
    for raw in held {
        match encoding::read(kind, raw) {
            Ok(value) if says_something(&value) && !values.contains(&value) => values.push(value),
            _ => {}
        }
    }
    values.sort_by(order);
    let encoded: Vec<String> = values.iter().map(encoding::write).collect();
    let (odd, plain): (Vec<_>, Vec<_>) = encoded.into_iter().partition(|raw| is_odd(kind, raw));
    let step = plain.len().div_ceil(MOST_VALUES).max(1);
    let plain: Vec<String> = plain.into_iter().step_by(step).collect();
    if plain.is_empty() { odd.into_iter().take(MOST_VALUES).collect() } else { plain }
}

/// Spaces are nothing to search for.
fn says_something(value: &Value) -> bool {
    !encoding::write(value).trim().is_empty()
}

fn order(one: &Value, other: &Value) -> std::cmp::Ordering {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Double(one), Value::Double(other)) => one.cmp(other),
        (Value::Datetime(one), Value::Datetime(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.to_lowercase().cmp(&other.to_lowercase()),
        _ => encoding::write(one).cmp(&encoding::write(other)),
    }
}

fn is_odd(kind: FieldType, raw: &str) -> bool {
    kind == FieldType::Text && (raw.trim() != raw || raw.contains(['%', '_', '*', '?', '[', ']']))
}

/// The middle one first: most comparisons with it hold for some and not for others.
fn from_the_middle(values: Vec<String>) -> Vec<String> {
    let middle = values.len() / 2;
    let (low, high) = values.split_at(middle);
    high.iter().chain(low.iter().rev()).cloned().collect()
}

fn pairs(values: &[String]) -> Vec<Vec<String>> {
    let at = |n: usize| values.get(n).cloned();
    let pair = |low, high| Some(vec![at(low)?, at(high)?]);
    let last = values.len().saturating_sub(1);
    [pair(last / 4, last * 3 / 4), pair(0, last / 2), pair(last / 2, last), pair(0, last)]
        .into_iter()
        .flatten()
        .collect()
}

/// Parts of texts, each once, those of letters and digits only first.
fn parts(values: &[String], part: impl Fn(&str) -> String) -> Vec<Vec<String>> {
    let parts: BTreeSet<String> = values.iter().map(|value| part(value)).collect();
    let usable = |part: &String| !part.trim().is_empty() && part.trim() == part;
    let (plain, others): (Vec<_>, Vec<_>) = parts
        .into_iter()
        .filter(usable)
        .partition(|part| part.chars().all(|c| c.is_ascii_alphanumeric()));
    plain.into_iter().chain(others).map(|part| vec![part]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(kind: FieldType, operator: Operator, held: &[&str]) -> Option<Vec<String>> {
        candidates(kind, operator, held).into_iter().next()
    }

    #[test]
    fn values_are_such_as_actors_hold() {
        let texts = ["Anna Berg", "Zoë Ødegård", "", "100% Wolle"];
        let first = |operator| pick(FieldType::Text, operator, &texts).unwrap_or_default();
        assert_eq!(first(Operator::Begins), ["Ann"]);
        assert_eq!(first(Operator::Ends), ["erg"]);
        assert_eq!(first(Operator::Contains), ["a B"]);
        assert_eq!(first(Operator::Equals), ["Zoë Ødegård"]);
        assert_eq!(first(Operator::Between), ["Anna Berg", "Anna Berg"]);
        let numbers = ["[I:3]", "[I:1]", "2", ""];
        let of = |kind, operator, held: &[&str]| pick(kind, operator, held).unwrap_or_default();
        assert_eq!(of(FieldType::Integer, Operator::Greater, &numbers), ["[I:2]"]);
        let lists = ["[I:7]", "8"];
        assert_eq!(of(FieldType::List, Operator::OneOf, &lists), ["7", "8"]);
        assert_eq!(of(FieldType::List, Operator::NotOneOf, &lists), ["7"]);
    }

    #[test]
    fn nothing_is_tried_where_no_actor_has_a_value() {
        for operator in Operator::ALL {
            assert_eq!(pick(FieldType::Text, operator, &["", " "]), None, "{operator:?}");
        }
        assert_eq!(pick(FieldType::Integer, Operator::Equals, &["oops"]), None);
    }
}
