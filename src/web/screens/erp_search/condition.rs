//! One row of the advanced search, read by the type of its field.

use std::collections::BTreeMap;

use crate::connector::encoding::{self, Value};
use crate::connector::types::{FieldInfo, FieldType, ListItem, Operator, Restriction};
use crate::i18n::{Key, Language, Message};
use crate::mapping::ActorMapping;
use crate::web::inputs;

/// The longest text that is searched for.
pub const LONGEST: usize = 200;

/// Items by list; a list that could not be read is missing.
pub type Lists = BTreeMap<String, Vec<ListItem>>;

/// One condition as typed; without a value it is not active.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub field: String,
    pub operator: String,
    /// Several of a list, else one at most.
    pub values: Vec<String>,
    /// The upper end of "between".
    pub value_to: String,
}

impl Row {
    /// The value of anything but a list.
    pub fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// The field it is about, if that can be searched.
    pub fn field<'m>(&self, mapping: &'m ActorMapping) -> Option<&'m FieldInfo> {
        let is_searchable = mapping.searchable.contains(&self.field);
        mapping.field(&self.field).filter(|_| is_searchable).map(|field| &field.erp)
    }
}

/// What is wrong, and at which input of the row.
type Wrong = (&'static str, Message);

/// A row without a value is not active.
pub fn read(
    row: &Row,
    mapping: &ActorMapping,
    lists: &Lists,
    language: Language,
) -> Result<Option<Restriction>, Wrong> {
    if row.values.is_empty() && row.value_to.trim().is_empty() {
        return Ok(None);
    }
    if row.field.is_empty() {
        return Err(("field", Key::ERP_SEARCH_WITHOUT_FIELD.into()));
    }
    let field = row.field(mapping).ok_or(("field", Key::RECORDS_BAD_ITEM.into()))?;
    let operator = operator(row, field)?;
    let values = match field.kind {
        FieldType::List => keys(row, field, lists)?,
        FieldType::Checkbox => vec![ticked(row)?],
        _ => typed(row, field, operator, language)?,
    };
    Ok(Some(Restriction { field: field.key.clone(), operator, values }))
}

/// As chosen; the first one where none was. One of another type is not exchanged unseen.
fn operator(row: &Row, field: &FieldInfo) -> Result<Operator, Wrong> {
    let offered = Operator::for_type(field.kind);
    let chosen = match row.operator.as_str() {
        "" => offered.first().copied(),
        chosen => Operator::parse(chosen).filter(|operator| offered.contains(operator)),
    };
    chosen.ok_or_else(|| ("operator", Key::ERP_SEARCH_BAD_OPERATOR.into()))
}

fn keys(row: &Row, field: &FieldInfo, lists: &Lists) -> Result<Vec<String>, Wrong> {
    let items = lists.get(&field.list);
    let is_there = |key: &String| items.is_none_or(|all| all.iter().any(|item| item.key == *key));
    match row.values.iter().all(is_there) {
        true => Ok(row.values.clone()),
        false => Err(("value", Key::RECORDS_BAD_ITEM.into())),
    }
}

fn ticked(row: &Row) -> Result<String, Wrong> {
    match row.value() {
        "1" => Ok(encoding::write(&Value::Checkbox(true))),
        "0" => Ok(encoding::write(&Value::Checkbox(false))),
        _ => Err(("value", Key::RECORDS_BAD_ITEM.into())),
    }
}

/// One value, or both ends in their order.
fn typed(
    row: &Row,
    field: &FieldInfo,
    operator: Operator,
    language: Language,
) -> Result<Vec<String>, Wrong> {
    let longest = i64::try_from(LONGEST).unwrap_or(i64::MAX);
    let field = FieldInfo { max_length: longest, ..field.clone() };
    let encoded = |name, typed: &str| {
        if typed.trim().is_empty() {
            return Err((name, Key::FORM_REQUIRED.into()));
        }
        inputs::from_input(&field, typed, language).map_err(|why| (name, why))
    };
    let mut values = vec![encoded("value", row.value())?];
    if operator.takes_two_values() {
        values.push(encoded("value-to", &row.value_to)?);
        if is_after(field.kind, &values[0], &values[1]) {
            values.reverse();
        }
    }
    Ok(values)
}

fn is_after(kind: FieldType, low: &str, high: &str) -> bool {
    match (encoding::read(kind, low), encoding::read(kind, high)) {
        (Ok(Value::Integer(low)), Ok(Value::Integer(high))) => low > high,
        (Ok(Value::Double(low)), Ok(Value::Double(high))) => low > high,
        (Ok(Value::Datetime(low)), Ok(Value::Datetime(high))) => low > high,
        (Ok(Value::Text(low)), Ok(Value::Text(high))) => low.to_lowercase() > high.to_lowercase(),
        _ => false,
    }
}
