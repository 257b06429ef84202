//! The form of a list that people put in order (`parts/sortable.html`).

use serde::Deserialize;
use validator::{Validate, ValidationError};

use crate::i18n::Key;
use crate::mapping::ranks::{self, Move};

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(default)]
pub struct OrderForm {
    /// What the form was made of: a version, or the order itself.
    #[validate(custom(function = known))]
    pub version: String,
    /// Every element, in the order wanted.
    pub order: Vec<String>,
    /// `up ‹element›` or `down ‹element›`; blank unless one of the arrows was pressed.
    #[serde(rename = "move")]
    pub arrow: String,
}

impl OrderForm {
    /// Where in the page an element now stands that one of the arrows moved (`parts/sortable.html`); none when
    /// a whole order was sent.
    pub fn place_moved(&self, order: &[String]) -> Option<String> {
        let (_, element) = self.moved()?;
        let place = order.iter().position(|other| other == element).unwrap_or_default();
        Some(format!("place-{}", place + 1))
    }

    /// One of the arrows was pressed.
    pub fn is_move(&self) -> bool {
        self.moved().is_some()
    }

    fn moved(&self) -> Option<(Move, &str)> {
        match self.arrow.split_once(' ')? {
            ("up", element) => Some((Move::Up, element)),
            ("down", element) => Some((Move::Down, element)),
            _ => None,
        }
    }

    /// All elements as they are to stand.
    pub fn arranged(&self, before: &[String]) -> Vec<String> {
        let order = ranks::arranged(before, &self.order);
        match self.moved() {
            Some((way, element)) => ranks::moved(&order, &element.to_owned(), way),
            None => order,
        }
    }
}

fn known(version: &str) -> Result<(), ValidationError> {
    let is_known = version.split(';').all(|part| part.parse::<i64>().is_ok());
    if is_known { Ok(()) } else { Err(ValidationError::new(Key::FORM_NO_VERSION.id())) }
}
