//! Accounts, groups and roles, and who is at the other end of a request. Passwords are in [`password`] and
//! [`hasher`], one-time codes in [`code`], what limits guessing in [`limits`] and [`device`]. No I/O.

pub mod code;
pub mod device;
pub mod hasher;
pub mod limits;
pub mod password;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::i18n::Language;

pub type UserId = i64;
pub type GroupId = i64;

/// Longest login, and longest name of a user or group, in characters.
pub const NAME_LENGTH: usize = 100;

/// What somebody may do in general. Users need a seat of the licence, admins and auditors do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Admin,
    User,
    /// May look at everything and change nothing.
    Auditor,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Admin, Self::User, Self::Auditor];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
            Self::Auditor => "auditor",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// Light, dark, or as the browser asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text)
    }
}

/// What each person chooses for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// `None`: as the browser asks.
    pub language: Option<Language>,
    /// IANA name, see [`is_zone`].
    pub zone: String,
    pub theme: Theme,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub login: String,
    pub name: String,
    pub role: Role,
    /// Whether a password was ever set; until then only a one-time code leads in.
    pub has_password: bool,
    pub is_disabled: bool,
    pub has_seat: bool,
    pub preferences: Preferences,
    pub version: i64,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub updated_by: String,
}

/// An account about to be added; it has no password until its one-time code is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    pub login: String,
    pub name: String,
    pub role: Role,
    pub groups: Vec<GroupId>,
    pub preferences: Preferences,
}

/// What an admin may change about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserChange {
    pub login: String,
    pub name: String,
    pub role: Role,
    pub groups: Vec<GroupId>,
}

/// People who get the same rights on connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub version: i64,
    /// How many people are in it.
    pub members: i64,
}

/// The person behind a request, as the database has them at that moment. Nobody who is disabled gets as far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    pub id: UserId,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub has_seat: bool,
    pub groups: Vec<GroupId>,
    pub preferences: Preferences,
}

/// A login or a group's name as it is compared: without surrounding blanks, in lower case.
pub fn norm(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Whether a login may be chosen: 1 to [`NAME_LENGTH`] characters without blanks or control characters.
pub fn is_login(text: &str) -> bool {
    (1..=NAME_LENGTH).contains(&text.chars().count())
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whether this is the name of a time zone.
pub fn is_zone(name: &str) -> bool {
    jiff::tz::TimeZone::get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_have_no_blanks_and_an_end() {
        for good in ["a", "jørgen.ß", "anna@example.com", &"x".repeat(NAME_LENGTH)] {
            assert!(is_login(good), "{good}");
        }
        for bad in ["", " ", "a b", "a\u{a0}b", "a\n", "a\0", &"x".repeat(NAME_LENGTH + 1)] {
            assert!(!is_login(bad), "{bad:?}");
        }
    }

    #[test]
    fn logins_are_compared_without_regard_to_case() {
        assert_eq!(norm(" Łukasz@Example.COM "), "łukasz@example.com");
    }

    #[test]
    fn zones_are_those_of_the_zone_database() {
        assert!(is_zone("Europe/Berlin") && is_zone("UTC"));
        assert!(!is_zone("") && !is_zone("Middle/Earth") && !is_zone("../etc/passwd"));
    }

    #[test]
    fn roles_and_themes_read_back_what_they_write() {
        assert!(Role::ALL.into_iter().all(|role| Role::parse(role.as_str()) == Some(role)));
        assert!(Theme::ALL.into_iter().all(|theme| Theme::parse(theme.as_str()) == Some(theme)));
        assert_eq!(Role::parse("Admin"), None);
    }
}
