//! Which passwords may be chosen: any 8 to 128 characters, exactly as sent, but not those everybody tries
//! first. No rules about kinds of characters.

use std::fmt;

use zeroize::Zeroizing;

use super::norm;

pub const SHORTEST: usize = 8;
pub const LONGEST: usize = 128;

/// Passwords and words that are tried first; lower case, one a line.
const COMMON: &str = include_str!("common_passwords.txt");
/// Adding so few characters around a common word does not help.
const FEW: usize = 4;

/// A password that may be chosen.
pub struct NewPassword(Zeroizing<String>);

/// Why a password may not be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    TooShort,
    TooLong,
    /// The same character throughout, or a few that repeat or count up.
    TooPlain,
    /// Among those that are tried first.
    Common,
    /// The login or the product's name.
    Obvious,
}

impl NewPassword {
    /// Checks a password for the account with this login.
    pub fn check(text: &str, login: &str) -> Result<Self, PasswordProblem> {
        let length = text.chars().take(LONGEST + 1).count();
        if length < SHORTEST {
            return Err(PasswordProblem::TooShort);
        }
        if length > LONGEST {
            return Err(PasswordProblem::TooLong);
        }
        let lower = Zeroizing::new(text.to_lowercase());
        if is_plain(&lower) {
            return Err(PasswordProblem::TooPlain);
        }
        let login = norm(login);
        let mailbox = login.split('@').next().unwrap_or_default();
        if [login.as_str(), mailbox, "gleichlauf"].iter().any(|word| is_hardly_more(&lower, word)) {
            return Err(PasswordProblem::Obvious);
        }
        if COMMON.lines().any(|word| is_hardly_more(&lower, word)) {
            return Err(PasswordProblem::Common);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword")
    }
}

/// The word itself, or with a few digits or signs around it.
fn is_hardly_more(password: &str, word: &str) -> bool {
    if word.is_empty() {
        return false;
    }
    let core = password.trim_matches(|c: char| !c.is_alphabetic());
    let around = password.chars().count() - core.chars().count();
    password == word || (core == word && around <= FEW)
}

/// A piece of up to three characters over and over, or characters that follow one another in the alphabet.
fn is_plain(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    let repeats = (1..=3).any(|n| chars.iter().skip(n).zip(&chars).all(|(a, b)| a == b));
    let step = |pair: &[char]| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
    let counts = |by| chars.windows(2).all(|pair| step(pair) == by);
    repeats || counts(1) || counts(-1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<PasswordProblem> {
        NewPassword::check(text, "anna.berg@example.com").err()
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(problem("Ω7x-pQz"), Some(PasswordProblem::TooShort));
        assert_eq!(problem("Ω7x-pQzy"), None);
        let emoji = "🐟🦊".repeat(3) + "🐻";
        assert_eq!(problem(&emoji), Some(PasswordProblem::TooShort));
        assert_eq!(problem(&(emoji + "🐸")), None);
        let long: String = (0..LONGEST).map(|n| if n % 5 == 0 { 'x' } else { 'y' }).collect();
        assert_eq!(problem(&long), None);
        assert_eq!(problem(&(long + "z")), Some(PasswordProblem::TooLong));
        assert_eq!(problem(&"ab1".repeat(400_000)), Some(PasswordProblem::TooLong));
    }

    #[test]
    fn nothing_is_trimmed_or_changed() {
        let odd = "  Tab\tNul\0 Ünder ";
        assert_eq!(NewPassword::check(odd, "x").unwrap().text(), odd);
    }

    #[test]
    fn plain_ones_are_refused() {
        for plain in [
            "aaaaaaaa",
            "        ",
            "12345678",
            "87654321",
            "abcdefghij",
            "abcabcabc",
            "6969696969",
        ] {
            assert_eq!(problem(plain), Some(PasswordProblem::TooPlain), "{plain}");
        }
    }

    #[test]
    fn the_login_and_the_product_are_refused() {
        for obvious in
            ["anna.berg@example.com", "Anna.Berg", "anna.berg1", "Gleichlauf", "gleichlauf2026"]
        {
            assert_eq!(problem(obvious), Some(PasswordProblem::Obvious), "{obvious}");
        }
        assert_eq!(problem("gleichlauf läuft gleich"), None);
    }

    #[test]
    fn common_ones_are_refused_also_with_a_little_around_them() {
        for common in ["password", "PassWord1!", "passwort", "qwertzuiop", "1q2w3e4r", "iloveyou2"]
        {
            assert_eq!(problem(common), Some(PasswordProblem::Common), "{common}");
        }
        assert_eq!(problem("password manager"), None);
    }

    #[test]
    fn the_list_is_lower_case_without_gaps() {
        for word in COMMON.lines() {
            assert!(
                !word.is_empty() && word == word.trim() && word == word.to_lowercase(),
                "{word:?}"
            );
        }
    }
}
