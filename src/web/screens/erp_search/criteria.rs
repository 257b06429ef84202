//! What was searched for: a text, or rows of field, operator and value.

use crate::connector::types::{ActorRef, FieldInfo, Operator, Restriction};
use crate::crm::Record;
use crate::i18n::{Key, Language, Message};
use crate::mapping::ActorMapping;
use crate::web::form::Problems;
use crate::web::inputs;

/// Rows of the advanced search.
pub const ROWS: usize = 4;
/// The longest text that is searched for.
const LONGEST: usize = 200;

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

    /// The active rows, or what is wrong with them, each at its input; a person is searched among the
    /// children of their company.
    pub fn restrictions(
        &self,
        mapping: &ActorMapping,
        parent: Option<&ActorRef>,
        language: Language,
    ) -> Result<Vec<Restriction>, Problems> {
        let mut problems = Problems::default();
        if self.text.chars().count() > LONGEST {
            problems.add("search-text", Message::from(Key::FORM_TOO_LONG).with("max", LONGEST));
        }
        let mut all = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            match restriction(row, mapping, language) {
                Ok(restriction) => all.extend(restriction),
                Err((name, problem)) => problems.add(&format!("{name}{number}"), problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        if let Some(parent) = parent {
            let is = |field: &str, value: &str| Restriction {
                field: field.to_owned(),
                operator: Operator::Equals,
                values: vec![value.to_owned()],
            };
            all.push(is(Restriction::PARENT_KEY, &parent.key));
            all.push(is(Restriction::PARENT_TYPE, parent.kind.as_str()));
        }
        Ok(all)
    }
}

/// A row without a field or a value is not active. What is wrong comes with the input it was typed in.
fn restriction(
    row: &Row,
    mapping: &ActorMapping,
    language: Language,
) -> Result<Option<Restriction>, (&'static str, Message)> {
    let field =
        mapping.searchable.contains(&row.field).then(|| mapping.field(&row.field)).flatten();
    let Some(field) = field.filter(|_| !row.value.trim().is_empty()) else { return Ok(None) };
    let offered = Operator::for_type(field.erp.kind);
    let operator = Operator::parse(&row.operator).filter(|operator| offered.contains(operator));
    let Some(operator) = operator.or(offered.first().copied()) else { return Ok(None) };
    let encoded = |name, typed| encoded(&field.erp, typed, language).map_err(|why| (name, why));
    let mut values = vec![encoded("value", &row.value)?];
    if operator.takes_two_values() {
        if row.value_to.trim().is_empty() {
            return Err(("value-to", Key::FORM_REQUIRED.into()));
        }
        values.push(encoded("value-to", &row.value_to)?);
    }
    Ok(Some(Restriction { field: row.field.clone(), operator, values }))
}

fn encoded(field: &FieldInfo, typed: &str, language: Language) -> Result<String, Message> {
    let longest = i64::try_from(LONGEST).unwrap_or(i64::MAX);
    inputs::from_input(&FieldInfo { max_length: longest, ..field.clone() }, typed, language)
}
