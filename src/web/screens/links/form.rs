//! What is posted to make a link: the actor, a side per field that differs, answers.

use std::collections::BTreeMap;

use serde::Deserialize;
use validator::{Validate, ValidationError};

use crate::i18n::Key;
use crate::mapping::Side;
use crate::web::form::Pairs;
use crate::web::questions::Answers;

/// What the names of the radio buttons begin with.
pub const SIDE: &str = "side:";
/// The buttons that choose one side in every row.
pub const ALL: &str = "all";

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(from = "Pairs")]
pub struct LinkForm {
    /// The actor type.
    pub kind: String,
    /// Of the actor.
    #[validate(custom(function = chosen))]
    pub key: String,
    /// Take this side in every row, and show the form again.
    pub all: Option<String>,
    /// `crm` or `erp` by the key of the ERP field.
    pub sides: BTreeMap<String, String>,
    pub answers: Answers,
}

impl From<Pairs> for LinkForm {
    fn from(pairs: Pairs) -> Self {
        let sides = pairs.under(SIDE).map(|(key, side)| (key.to_owned(), side.to_owned()));
        Self {
            kind: pairs.get("type").to_owned(),
            key: pairs.get("key").to_owned(),
            all: pairs.has(ALL).then(|| pairs.get(ALL).to_owned()),
            sides: sides.collect(),
            answers: Answers::from(&pairs),
        }
    }
}

impl LinkForm {
    pub fn sides(&self) -> BTreeMap<String, Side> {
        let side = |(key, side): (&String, &String)| Some((key.clone(), Side::parse(side)?));
        self.sides.iter().filter_map(side).collect()
    }

    /// As sent, to be sent once more.
    pub fn inputs(&self) -> Vec<(String, String)> {
        let fixed = [("type", &self.kind), ("key", &self.key)];
        let fixed = fixed.into_iter().map(|(name, value)| (name.to_owned(), value.clone()));
        let sides = self.sides.iter().map(|(key, side)| (format!("{SIDE}{key}"), side.clone()));
        fixed.chain(sides).chain(self.answers.inputs()).collect()
    }
}

fn chosen(key: &str) -> Result<(), ValidationError> {
    if key.is_empty() || key.chars().any(char::is_control) {
        return Err(ValidationError::new(Key::ERP_CHOOSE_FIRST.id()));
    }
    Ok(())
}
