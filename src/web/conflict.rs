//! Two people's versions of the same thing, side by side.

use crate::clock::Millis;
use crate::i18n::{Key, Message};

use super::visit::Visit;

/// One field that differs between what is saved and what was typed.
pub struct Difference {
    pub caption: String,
    pub theirs: String,
    pub yours: String,
}

/// That somebody else saved first; drawn by `parts/conflict.html`.
pub struct Conflict {
    /// Who saved the other version if that is known, and what can be done now.
    pub text: String,
    /// None: in everything the form holds, both versions are the same.
    pub rows: Vec<Difference>,
}

impl Conflict {
    /// With whoever saved the other version.
    pub fn with(visit: &Visit, who: &str, when: Millis, rows: Vec<Difference>) -> Self {
        let message = Message::from(Key::PARTS_CONFLICT_TEXT)
            .with("who", who)
            .with("when", visit.moment(&when));
        Self { text: visit.say(&message), rows }
    }

    /// With somebody whose name is not kept.
    pub fn with_somebody(visit: &Visit, rows: Vec<Difference>) -> Self {
        Self { text: visit.t.parts_conflict_somebody().to_owned(), rows }
    }
}

/// The rows in which the two versions differ: caption, what is saved, what was typed.
pub fn differences<C: Into<String>>(
    rows: impl IntoIterator<Item = (C, String, String)>,
) -> Vec<Difference> {
    rows.into_iter()
        .filter(|(_, theirs, yours)| theirs != yours)
        .map(|(caption, theirs, yours)| Difference { caption: caption.into(), theirs, yours })
        .collect()
}
