//! What is posted to have a connection tested.

use serde::Deserialize;
use validator::Validate;

use crate::conformance::{Target, Writing};
use crate::connector::types::{ActorRef, ActorType};
use crate::i18n::{Key, Message};
use crate::web::form::Problems;

/// Names are rarely allowed to be much longer.
const LONGEST_MARKER: u64 = 30;
const LONGEST_KEY: u64 = 200;

#[derive(Deserialize, Validate)]
#[serde(default)]
pub struct TestForm {
    /// Filled: it is to write, too.
    pub writes: String,
    pub kind: String,
    #[validate(length(max = LONGEST_MARKER, code = "form-too-long"))]
    pub marker: String,
    /// `new` or `marked`.
    pub target: String,
    /// Of the actor that exists and bears the marker.
    #[validate(length(max = LONGEST_KEY, code = "form-too-long"))]
    pub key: String,
    /// Under which actor a new one is to stand.
    pub parent_kind: String,
    #[validate(length(max = LONGEST_KEY, code = "form-too-long"))]
    pub parent_key: String,
    /// Filled: the person knows that what is made stays.
    pub knows: String,
}

impl Default for TestForm {
    fn default() -> Self {
        let blank = String::new;
        Self {
            writes: blank(),
            kind: blank(),
            marker: "GLEICHLAUF TEST".to_owned(),
            target: "new".to_owned(),
            key: blank(),
            parent_kind: blank(),
            parent_key: blank(),
            knows: blank(),
        }
    }
}

impl TestForm {
    /// What the test may write; `None`: nothing.
    pub fn writing(&self) -> Result<Option<Writing>, Problems> {
        if self.writes.is_empty() {
            return Ok(None);
        }
        let mut problems = Problems::of(self);
        let kind = ActorType::parse(&self.kind);
        if kind.is_none() {
            problems.add("kind", Key::FORM_REQUIRED);
        }
        let marker = self.marker.trim();
        if marker.chars().count() < Writing::SHORTEST_MARKER {
            let shortest = i64::try_from(Writing::SHORTEST_MARKER).unwrap_or_default();
            let problem = Message::from(Key::CONFORMANCE_RUNS_MARKER_SHORT).with("min", shortest);
            problems.add("marker", problem);
        }
        let target = self.target(&mut problems);
        match kind.zip(target) {
            Some((kind, target)) if problems.is_empty() => {
                Ok(Some(Writing { kind, marker: marker.to_owned(), target }))
            }
            _ => Err(problems),
        }
    }

    fn target(&self, problems: &mut Problems) -> Option<Target> {
        if self.target == "marked" {
            let key = key(&self.key, "key", problems)?;
            return Some(Target::Marked { key });
        }
        if self.knows.is_empty() {
            problems.add("knows", Key::CONFORMANCE_RUNS_MUST_KNOW);
        }
        let parent = match (ActorType::parse(&self.parent_kind), self.parent_key.trim()) {
            (None, "") => None,
            (None, _) => {
                problems.add("parent_kind", Key::FORM_REQUIRED);
                None
            }
            (Some(kind), _) => {
                let key = key(&self.parent_key, "parent_key", problems);
                key.map(|key| ActorRef { kind, key })
            }
        };
        Some(Target::New { parent })
    }
}

fn key(typed: &str, field: &str, problems: &mut Problems) -> Option<String> {
    let key = typed.trim();
    if key.is_empty() {
        problems.add(field, Key::FORM_REQUIRED);
        return None;
    }
    Some(key.to_owned())
}
