//! What is posted to have a resync counted.

use serde::Deserialize;
use validator::Validate;

use crate::connector::types::ActorType;
use crate::crm::RecordId;
use crate::i18n::Key;
use crate::sync::resync::Wanted;
use crate::web::form::{Problems, readable};

/// Most records that can be chosen one by one.
const MOST_CHOSEN: usize = 1_000;

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(default)]
pub struct ResyncForm {
    /// `all`, `type`, `chosen` or `left`.
    #[validate(length(max = 20, code = "form-too-long"))]
    pub choice: String,
    /// The actor type of the choice `type`.
    #[serde(rename = "type")]
    #[validate(length(max = 40, code = "form-too-long"))]
    pub kind: String,
    /// Finds records to choose.
    #[validate(custom(function = readable), length(max = 200, code = "form-too-long"))]
    pub search: String,
    /// Ids of the chosen ones.
    #[serde(rename = "record")]
    pub records: Vec<String>,
    /// The resync whose rest the choice `left` means.
    pub left: String,
    /// Ticked: blanks travel, too.
    pub blanks: String,
    #[serde(rename = "do")]
    pub wish: String,
}

impl ResyncForm {
    /// Only shown once more, with the records searched for.
    pub fn is_search(&self) -> bool {
        self.wish == "find"
    }

    pub fn with_blanks(&self) -> bool {
        self.blanks == "1"
    }

    pub fn chosen(&self) -> Vec<RecordId> {
        self.records.iter().filter_map(|id| id.parse().ok()).collect()
    }

    /// What is wanted. `kinds` are the actor types there are.
    pub fn check(&self, kinds: &[ActorType]) -> Result<Wanted, Problems> {
        let problems = Problems::of(self);
        if !problems.is_empty() {
            return Err(problems);
        }
        match self.choice.as_str() {
            "all" => Ok(Wanted::All),
            "type" => {
                let kind = ActorType::parse(&self.kind).filter(|kind| kinds.contains(kind));
                kind.map(Wanted::Type).ok_or_else(|| Problems::one("type", Key::FORM_REQUIRED))
            }
            "chosen" => match self.chosen() {
                chosen if chosen.is_empty() => {
                    Err(Problems::one("choice", Key::RESYNCS_NOBODY_CHOSEN))
                }
                chosen if chosen.len() > MOST_CHOSEN => {
                    Err(Problems::one("choice", Key::RESYNCS_TOO_MANY))
                }
                chosen => Ok(Wanted::Records(chosen)),
            },
            "left" => {
                let left = self.left.parse().map(Wanted::LeftOf);
                left.map_err(|_| Problems::one("choice", Key::FORM_REQUIRED))
            }
            _ => Err(Problems::one("choice", Key::FORM_REQUIRED)),
        }
    }
}
