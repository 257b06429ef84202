//! The operators of the contract over decoded values.

use std::cmp::Ordering;

use jiff::civil::{DateTime, Time};

use crate::connector::encoding::{self, Value};
use crate::connector::types::{ActorRef, ActorType, FieldType, FieldValues, Operator, Restriction};

use super::fold;
use crate::practice::model;

/// One restriction, understood.
#[derive(Debug)]
pub struct Condition {
    subject: Subject,
    operator: Operator,
    wanted: Vec<Value>,
}

#[derive(Debug)]
enum Subject {
    Field(&'static model::Field),
    ParentKey,
    ParentKind,
}

/// Why a restriction makes no sense here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSearch {
    #[error("{kind} has no searchable field {field}")]
    UnknownField { kind: ActorType, field: String },
    #[error("the operator {operator} does not fit the field {field}")]
    UnfitOperator { field: String, operator: &'static str },
    #[error("the operator {operator} on {field} needs {needed} values")]
    TooFewValues { field: String, operator: &'static str, needed: usize },
    #[error("a value for the field {field} cannot be read")]
    UnreadableValue { field: String },
}

/// Understands all restrictions, or says what is wrong with the first bad one.
pub fn read(kind: ActorType, restrictions: &[Restriction]) -> Result<Vec<Condition>, BadSearch> {
    restrictions.iter().map(|restriction| condition(kind, restriction)).collect()
}

fn condition(kind: ActorType, restriction: &Restriction) -> Result<Condition, BadSearch> {
    let subject = subject(kind, &restriction.field)?;
    let field = || restriction.field.clone();
    let operator = restriction.operator.as_str();
    if !subject.takes(restriction.operator) {
        return Err(BadSearch::UnfitOperator { field: field(), operator });
    }
    let needed = match restriction.operator {
        Operator::OneOf | Operator::NotOneOf => 0,
        Operator::Between => 2,
        _ => 1,
    };
    if restriction.values.len() < needed {
        return Err(BadSearch::TooFewValues { field: field(), operator, needed });
    }
    let wanted = restriction
        .values
        .iter()
        .map(|raw| encoding::read(subject.kind(), raw))
        .collect::<Result<_, _>>()
        .map_err(|_| BadSearch::UnreadableValue { field: field() })?;
    Ok(Condition { subject, operator: restriction.operator, wanted })
}

fn subject(kind: ActorType, field: &str) -> Result<Subject, BadSearch> {
    match field {
        Restriction::PARENT_KEY => Ok(Subject::ParentKey),
        Restriction::PARENT_TYPE => Ok(Subject::ParentKind),
        _ => model::field(kind, field)
            .filter(|field| field.is_searchable)
            .map(Subject::Field)
            .ok_or_else(|| BadSearch::UnknownField { kind, field: field.to_owned() }),
    }
}

impl Subject {
    fn kind(&self) -> FieldType {
        match self {
            Self::Field(field) => field.kind,
            Self::ParentKey | Self::ParentKind => FieldType::Text,
        }
    }

    /// More than the contract offers: what means the same for a type is taken too.
    fn takes(&self, operator: Operator) -> bool {
        use Operator::{
            After, AfterOrEqual, Before, BeforeOrEqual, Between, Equals, Greater, GreaterOrEqual,
            IsNot, Less, LessOrEqual, NotEquals, NotOneOf, OneOf,
        };
        match self.kind() {
            FieldType::Text => true,
            FieldType::Integer | FieldType::Double | FieldType::Datetime => matches!(
                operator,
                Equals
                    | NotEquals
                    | IsNot
                    | Between
                    | Greater
                    | Less
                    | GreaterOrEqual
                    | LessOrEqual
                    | Before
                    | After
                    | BeforeOrEqual
                    | AfterOrEqual
            ),
            FieldType::Checkbox | FieldType::List => {
                matches!(operator, Equals | NotEquals | IsNot | OneOf | NotOneOf)
            }
            FieldType::Password | FieldType::Label => false,
        }
    }
}

impl Condition {
    pub fn holds(&self, values: &FieldValues, parent: Option<&ActorRef>) -> bool {
        let raw = match &self.subject {
            Subject::Field(field) => values.get(field.key).map_or("", String::as_str),
            Subject::ParentKey => parent.map_or("", |parent| parent.key.as_str()),
            Subject::ParentKind => parent.map_or("", |parent| parent.kind.as_str()),
        };
        // Kept values were checked on their way in.
        let have = encoding::read(self.subject.kind(), raw).unwrap_or(Value::Empty);
        match self.subject.kind() {
            FieldType::Text => self.holds_for_text(&fold(raw)),
            FieldType::Checkbox | FieldType::List => self.is_among(&have),
            _ => self.compares(&have),
        }
    }

    fn holds_for_text(&self, have: &str) -> bool {
        let wanted: Vec<String> = self.wanted.iter().map(|value| fold(plain(value))).collect();
        let first = wanted.first().map_or("", String::as_str);
        let last = wanted.last().map_or("", String::as_str);
        match self.operator {
            Operator::Equals => have == first,
            Operator::NotEquals | Operator::IsNot => have != first,
            Operator::Begins => have.starts_with(first),
            Operator::NotBegins => !have.starts_with(first),
            Operator::Contains => have.contains(first),
            Operator::NotContains => !have.contains(first),
            Operator::Ends => have.ends_with(first),
            Operator::NotEnds => !have.ends_with(first),
            Operator::Between => have >= first && have <= last,
            Operator::Greater | Operator::After => have > first,
            Operator::Less | Operator::Before => have < first,
            Operator::GreaterOrEqual | Operator::AfterOrEqual => have >= first,
            Operator::LessOrEqual | Operator::BeforeOrEqual => have <= first,
            Operator::OneOf => wanted.iter().any(|one| one == have),
            Operator::NotOneOf => wanted.iter().all(|one| one != have),
        }
    }

    /// An unticked box may be kept as nothing at all.
    fn is_among(&self, have: &Value) -> bool {
        let unticked = Value::Checkbox(false);
        let is_box = self.subject.kind() == FieldType::Checkbox;
        let same = |wanted: &Value| {
            let settle = |value| if is_box && value == &Value::Empty { &unticked } else { value };
            let (wanted, have): (&Value, &Value) = (settle(wanted), settle(have));
            wanted == have
        };
        let found = self.wanted.iter().any(same);
        match self.operator {
            Operator::NotEquals | Operator::IsNot | Operator::NotOneOf => !found,
            _ => found,
        }
    }

    /// Nothing is neither more nor less than anything, and differs from everything but nothing.
    fn compares(&self, have: &Value) -> bool {
        let Some(first) = self.wanted.first() else { return false };
        let last = self.wanted.last().unwrap_or(first);
        let is = |order: fn(Ordering) -> bool, wanted| compare(have, wanted).is_some_and(order);
        match self.operator {
            Operator::Equals => have == first || is(Ordering::is_eq, first),
            Operator::NotEquals | Operator::IsNot => !(have == first || is(Ordering::is_eq, first)),
            Operator::Between => is(Ordering::is_ge, first) && is(Ordering::is_le, last),
            Operator::Greater | Operator::After => is(Ordering::is_gt, first),
            Operator::Less | Operator::Before => is(Ordering::is_lt, first),
            Operator::GreaterOrEqual | Operator::AfterOrEqual => is(Ordering::is_ge, first),
            Operator::LessOrEqual | Operator::BeforeOrEqual => is(Ordering::is_le, first),
            _ => false,
        }
    }
}

fn compare(have: &Value, wanted: &Value) -> Option<Ordering> {
    match (have, wanted) {
        (Value::Integer(have), Value::Integer(wanted)) => Some(have.cmp(wanted)),
        (Value::Double(have), Value::Double(wanted)) => Some(have.cmp(wanted)),
        (Value::Datetime(have), Value::Datetime(wanted)) => Some(compare_times(*have, *wanted)),
        _ => None,
    }
}

/// Who asks for a day means all of it; only who names a time of day gets one.
fn compare_times(have: DateTime, wanted: DateTime) -> Ordering {
    if wanted.time() == Time::midnight() {
        have.date().cmp(&wanted.date())
    } else {
        have.cmp(&wanted)
    }
}

fn plain(value: &Value) -> &str {
    match value {
        Value::Text(text) | Value::ListKey(text) => text,
        _ => "",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
