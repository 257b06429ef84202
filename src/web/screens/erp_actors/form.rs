//! What is posted to create an actor.

use serde::Deserialize;
use validator::Validate;

use crate::web::form::Pairs;
use crate::web::questions::Answers;

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(from = "Pairs")]
pub struct ActorForm {
    /// The actor type.
    #[validate(length(max = 40, code = "form-too-long"))]
    pub kind: String,
    pub answers: Answers,
}

impl From<Pairs> for ActorForm {
    fn from(pairs: Pairs) -> Self {
        Self { kind: pairs.get("type").to_owned(), answers: Answers::from(&pairs) }
    }
}

impl ActorForm {
    /// As sent, to be sent once more.
    pub fn inputs(&self) -> Vec<(String, String)> {
        let kind = [("type".to_owned(), self.kind.clone())];
        kind.into_iter().chain(self.answers.inputs()).collect()
    }
}
