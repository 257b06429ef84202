//! Names and log-ins of people and groups as they are typed; checks for validator.

use validator::ValidationError;

use crate::i18n::Key;
use crate::users::{self, NAME_LENGTH};

/// A name: something, not endless, without control characters.
pub fn check_name(typed: &str) -> Result<(), ValidationError> {
    check_length(typed)?;
    if typed.chars().any(char::is_control) { Err(problem(Key::FORM_INVALID)) } else { Ok(()) }
}

/// A log-in: a name without blanks.
pub fn check_login(typed: &str) -> Result<(), ValidationError> {
    check_length(typed)?;
    if users::is_login(typed.trim()) { Ok(()) } else { Err(problem(Key::USERS_BAD_LOGIN)) }
}

fn check_length(typed: &str) -> Result<(), ValidationError> {
    match typed.trim().chars().count() {
        0 => Err(problem(Key::FORM_REQUIRED)),
        1..=NAME_LENGTH => Ok(()),
        _ => {
            let mut too_long = problem(Key::FORM_TOO_LONG);
            too_long.add_param("max".into(), &NAME_LENGTH);
            Err(too_long)
        }
    }
}

fn problem(key: Key) -> ValidationError {
    ValidationError::new(key.id())
}
