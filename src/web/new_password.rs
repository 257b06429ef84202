//! Choosing a password: typed twice, and the rules in words.

use super::form::Problems;
use crate::i18n::{Key, Message};
use crate::users::password::{LONGEST, NewPassword, PasswordProblem, SHORTEST};

/// The password typed as `password` and `again` for the account with this login; what is wrong with it goes
/// to the problems.
pub fn read(
    (password, again): (&str, &str),
    login: &str,
    problems: &mut Problems,
) -> Option<NewPassword> {
    if password.is_empty() {
        problems.add("password", Key::FORM_REQUIRED);
        return None;
    }
    if password != again {
        problems.add("again", Key::PASSWORD_DIFFERS);
    }
    match NewPassword::check(password, login) {
        Ok(checked) => Some(checked).filter(|_| password == again),
        Err(problem) => {
            problems.add("password", message(problem));
            None
        }
    }
}

fn message(problem: PasswordProblem) -> Message {
    match problem {
        PasswordProblem::TooShort => Message::from(Key::PASSWORD_TOO_SHORT).with("min", SHORTEST),
        PasswordProblem::TooLong => Message::from(Key::PASSWORD_TOO_LONG).with("max", LONGEST),
        PasswordProblem::TooPlain => Key::PASSWORD_TOO_PLAIN.into(),
        PasswordProblem::Common => Key::PASSWORD_COMMON.into(),
        PasswordProblem::Obvious => Key::PASSWORD_OBVIOUS.into(),
    }
}
