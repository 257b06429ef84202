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

/// What was answered, as typed, by the field's key.
#[derive(Clone, Debug, Default)]
pub struct Answers(BTreeMap<String, String>);

impl From<&Pairs> for Answers {
    fn from(pairs: &Pairs) -> Self {
        let answers = pairs.under(ANSWER);
        Self(answers.map(|(key, answer)| (key.to_owned(), answer.to_owned())).collect())
    }
}

impl Answers {
    /// The inputs, to be sent once more.
    pub fn inputs(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(key, answer)| (format!("{ANSWER}{key}"), answer.clone()))
    }
}

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
        typed: &Answers,
        problems: &Problems,
        texts: &ListTexts,
    ) -> Self {
        let name = format!("{ANSWER}{}", asked.erp.key);
        let value = match typed.0.get(&asked.erp.key) {
            Some(typed) => typed.clone(),
            None => inputs::to_input(asked.erp.kind, &asked.prefilled, visit.language),
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
pub fn answers(visit: &Visit, mapping: &ActorMapping, typed: &Answers) -> (FieldValues, Problems) {
    let mut answers = FieldValues::new();
    let mut problems = Problems::default();
    for field in &mapping.fields {
        let Some(typed) = typed.0.get(&field.erp.key) else { continue };
        match inputs::from_input(&field.erp, typed, visit.language) {
            Ok(value) => _ = answers.insert(field.erp.key.clone(), value),
            Err(problem) => problems.add(&format!("{ANSWER}{}", field.erp.key), problem),
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
