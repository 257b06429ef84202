//! What was searched for: a text, or rows of field, operator and value.

use crate::connector::types::{ActorRef, FieldInfo, FieldType, Operator, Restriction};
use crate::crm::Record;
use crate::i18n::Language;
use crate::mapping::ActorMapping;
use crate::web::inputs;

/// Rows of the advanced search.
pub const ROWS: usize = 4;

pub struct Asked {
    pub kind: String,
    pub text: String,
    pub is_advanced: bool,
    pub rows: Vec<Row>,
}

/// One condition as typed; blank values make it inactive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub field: String,
    pub operator: String,
    pub value: String,
    /// The upper end of "between".
    pub value_to: String,
}

impl Asked {
    pub fn read(query: &[(String, String)], record: &Record) -> Self {
        let get =
            |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let row = |number: usize| Row {
            field: get(&format!("field{number}")).unwrap_or_default(),
            operator: get(&format!("operator{number}")).unwrap_or_default(),
            value: get(&format!("value{number}")).unwrap_or_default(),
            value_to: get(&format!("value-to{number}")).unwrap_or_default(),
        };
        Self {
            kind: get("type").unwrap_or_default(),
            text: get("text").unwrap_or_else(|| record.name()),
            is_advanced: get("advanced").is_some(),
            rows: (0..ROWS).map(row).collect(),
        }
    }

    /// The active rows; a person is searched among the children of their company.
    pub fn restrictions(
        &self,
        mapping: &ActorMapping,
        parent: Option<&ActorRef>,
        language: Language,
    ) -> Vec<Restriction> {
        let mut all: Vec<Restriction> =
            self.rows.iter().filter_map(|row| restriction(row, mapping, language)).collect();
        if let Some(parent) = parent {
            let is = |field: &str, value: &str| Restriction {
                field: field.to_owned(),
                operator: Operator::Equals,
                values: vec![value.to_owned()],
            };
            all.push(is(Restriction::PARENT_KEY, &parent.key));
            all.push(is(Restriction::PARENT_TYPE, parent.kind.as_str()));
        }
        all
    }
}

fn restriction(row: &Row, mapping: &ActorMapping, language: Language) -> Option<Restriction> {
    let field = mapping.searchable.contains(&row.field).then(|| mapping.field(&row.field))??;
    let offered = Operator::for_type(field.erp.kind);
    let operator = Operator::parse(&row.operator).filter(|operator| offered.contains(operator));
    let operator = operator.or(offered.first().copied())?;
    let mut values = vec![encoded(&field.erp, &row.value, language)?];
    if operator.takes_two_values() {
        values.push(encoded(&field.erp, &row.value_to, language)?);
    }
    Some(Restriction { field: row.field.clone(), operator, values })
}

/// A blank value makes a row inactive, and so does one that is not of the field's type.
fn encoded(field: &FieldInfo, typed: &str, language: Language) -> Option<String> {
    let unlimited = FieldInfo { max_length: 0, ..field.clone() };
    let typed = match field.kind {
        FieldType::Checkbox if typed.is_empty() => return None,
        _ => typed,
    };
    inputs::from_input(&unlimited, typed, language).ok().filter(|value| !value.is_empty())
}
