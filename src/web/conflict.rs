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

/// The rows in which the two versions differ: caption, what is saved, what was typed.
pub fn differences<C: Into<String>>(
    rows: impl IntoIterator<Item = (C, String, String)>,
) -> Vec<Difference> {
    rows.into_iter()
        .filter(|(_, theirs, yours)| theirs != yours)
        .map(|(caption, theirs, yours)| Difference { caption: caption.into(), theirs, yours })
        .collect()
}

/// Who saved the other version, and what can be done now.
pub fn text(visit: &Visit, who: &str, when: Millis) -> String {
    let message =
        Message::from(Key::PARTS_CONFLICT_TEXT).with("who", who).with("when", visit.moment(&when));
    visit.say(&message)
}
