//! What is searched for: a text, or rows of field, operator and value.

use super::condition::{self, LONGEST, Lists, Row};
use crate::connector::types::{ActorRef, Operator, Restriction};
use crate::crm::Record;
use crate::i18n::{Key, Language, Message};
use crate::mapping::ActorMapping;
use crate::web::form::Problems;

/// Rows of the advanced search.
pub const ROWS: usize = 4;

pub struct Asked {
    pub kind: String,
    pub text: String,
    pub is_advanced: bool,
    /// The rows are only to take the shape of their fields; nothing is searched.
    pub is_adapting: bool,
    pub rows: Vec<Row>,
}

impl Asked {
    pub fn read(query: &[(String, String)], record: &Record) -> Self {
        let all = |name: &str| -> Vec<String> {
            let named = query.iter().filter(|(key, _)| key == name);
            named.map(|(_, value)| value.clone()).collect()
        };
        let get = |name: &str| all(name).into_iter().next();
        let row = |number: usize| Row {
            field: get(&format!("field{number}")).unwrap_or_default(),
            operator: get(&format!("operator{number}")).unwrap_or_default(),
            values: all(&format!("value{number}"))
                .into_iter()
                .filter(|value| !value.trim().is_empty())
                .collect(),
            value_to: get(&format!("value-to{number}")).unwrap_or_default(),
        };
        Self {
            kind: get("type").unwrap_or_default(),
            text: get("text").unwrap_or_else(|| record.name()),
            is_advanced: get("advanced").is_some(),
            is_adapting: get("adapt").is_some(),
            rows: (0..ROWS).map(row).collect(),
        }
    }

    /// The active rows, or what is wrong with them, each at its input; a person is searched among the
    /// children of their company.
    pub fn restrictions(
        &self,
        mapping: &ActorMapping,
        parent: Option<&ActorRef>,
        lists: &Lists,
        language: Language,
    ) -> Result<Vec<Restriction>, Problems> {
        let mut problems = Problems::default();
        if self.text.chars().count() > LONGEST {
            problems.add("search-text", Message::from(Key::FORM_TOO_LONG).with("max", LONGEST));
        }
        let mut all = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            match condition::read(row, mapping, lists, language) {
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
