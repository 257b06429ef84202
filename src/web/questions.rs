//! Fields of the ERP that a person is asked for: when a link is made, or an actor.

use std::collections::BTreeMap;

use crate::connector::types::FieldValues;
use crate::mapping::ActorMapping;
use crate::mapping::creation::{Asked, Problem};
use crate::web::erp::ListTexts;
use crate::web::form::{Pairs, Problems};
use crate::web::inputs;
use crate::web::visit::Visit;

/// What the names of the inputs begin with; the field's key follows.
const ANSWER: &str = "answer:";

/// One question, ready to be drawn.
pub struct Question {
    pub name: String,
    pub label: String,
    pub hint: String,
    /// As typed, or as suggested.
    pub value: String,
    pub problem: String,
    /// Key, text, chosen.
    pub choices: Vec<(String, String, bool)>,
}

impl Question {
    pub fn new(
        visit: &Visit,
        asked: &Asked,
        typed: &Pairs,
        problems: &Problems,
        texts: &ListTexts,
    ) -> Self {
        let name = format!("{ANSWER}{}", asked.erp.key);
        let value = match typed.has(&name) {
            true => typed.get(&name).to_owned(),
            false => inputs::to_input(asked.erp.kind, &asked.prefilled, visit.language),
        };
        let choice = |(key, text): (&String, &String)| {
            (key.clone(), visit.pick(text).to_owned(), *key == value)
        };
        let items = texts.get(&asked.erp.list);
        Self {
            label: visit.pick(&asked.erp.name).to_owned(),
            hint: visit.pick(&asked.erp.description).to_owned(),
            problem: problems.at(&name, &visit.t),
            choices: items.into_iter().flatten().map(choice).collect(),
            name,
            value,
        }
    }
}

/// The answers as typed, encoded, by field key.
pub fn answers(visit: &Visit, mapping: &ActorMapping, typed: &Pairs) -> (FieldValues, Problems) {
    let mut answers = FieldValues::new();
    let mut problems = Problems::default();
    for field in &mapping.fields {
        let name = format!("{ANSWER}{}", field.erp.key);
        if !typed.has(&name) {
            continue;
        }
        match inputs::from_input(&field.erp, typed.get(&name), visit.language) {
            Ok(value) => _ = answers.insert(field.erp.key.clone(), value),
            Err(problem) => problems.add(&name, problem),
        }
    }
    (answers, problems)
}

/// What is wrong with answers, at their inputs.
pub fn problems(wrong: BTreeMap<String, Problem>) -> Problems {
    let mut problems = Problems::default();
    for (key, problem) in wrong {
        problems.add(&format!("{ANSWER}{key}"), problem.message());
    }
    problems
}
