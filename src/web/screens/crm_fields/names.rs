//! Names in two languages, of fields and of the items of their lists.

use validator::ValidationError;

use crate::connector::multilang;
use crate::i18n::Key;

/// The most characters.
pub const LONGEST: usize = 100;

/// Two languages as they are kept.
pub fn write(german: &str, english: &str) -> String {
    multilang::write(english.trim(), german.trim())
}

/// One line of text, not too long; blank is for somebody else to judge.
pub fn check(text: &str) -> Result<(), ValidationError> {
    if text.trim().chars().count() > LONGEST {
        let mut problem = ValidationError::new(Key::FORM_TOO_LONG.id());
        problem.add_param("max".into(), &LONGEST);
        return Err(problem);
    }
    if text.chars().any(char::is_control) {
        return Err(ValidationError::new(Key::FORM_INVALID.id()));
    }
    Ok(())
}
