//! What the licence allows: a signed, readable file with seats and an end. Pure; where the file is kept and
//! who has a seat is the store's matter.

mod file;
mod keys;

use std::sync::Mutex;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Millis;
use crate::users::{Role, Visitor};

pub use file::{IssueError, LONGEST_FILE, contents, issue};
pub use keys::{KeyError, KeyPair, TrustedKeys, key_pair};

/// What a licence says. Days are those of UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    pub customer: String,
    pub edition: String,
    pub seats: i64,
    pub issued: Date,
    /// The last day it is valid on.
    pub expires: Date,
    /// Valid in demo mode only.
    pub is_demo: bool,
}

/// Why a file is no licence for this portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LicenceProblem {
    #[error("this is not a licence file")]
    Malformed,
    /// Altered, or signed with a key that is not trusted.
    #[error("the signature does not fit")]
    BadSignature,
    #[error("a demo licence is valid in demo mode only")]
    DemoOnly,
}

/// How the portal stands with its licence at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Missing,
    Refused(LicenceProblem),
    /// Its first day is yet to come.
    NotYet(Licence),
    Expired(Licence),
    Valid {
        licence: Licence,
        /// Full days after today.
        days_left: i64,
    },
}

impl Status {
    /// The licence, if it is valid.
    pub fn valid(&self) -> Option<&Licence> {
        match self {
            Self::Valid { licence, .. } => Some(licence),
            _ => None,
        }
    }
}

/// Whether this person has a seat, or needs none: only users do.
pub fn is_seated(visitor: &Visitor) -> bool {
    visitor.role != Role::User || visitor.has_seat
}

/// Checks licence files. Remembers the last one, whose signature is then not checked on every request.
pub struct Verifier {
    keys: TrustedKeys,
    last: Mutex<Option<(String, Result<Licence, LicenceProblem>)>>,
}

impl Verifier {
    pub fn new(keys: TrustedKeys) -> Self {
        Self { keys, last: Mutex::new(None) }
    }

    /// What a file says, if it is signed by whom we trust; it may have expired.
    pub fn verify(&self, file: &str) -> Result<Licence, LicenceProblem> {
        file::verify(file, &self.keys)
    }

    /// How the portal stands with the installed file.
    pub fn status(&self, file: Option<&str>, now: Millis) -> Status {
        match file.map(|file| self.remembered(file)) {
            None => Status::Missing,
            Some(Err(problem)) => Status::Refused(problem),
            Some(Ok(licence)) => status_on(licence, today(now)),
        }
    }

    fn remembered(&self, file: &str) -> Result<Licence, LicenceProblem> {
        let Ok(mut last) = self.last.lock() else { return self.verify(file) };
        match &*last {
            Some((known, found)) if known == file => found.clone(),
            _ => {
                let found = self.verify(file);
                *last = Some((file.to_owned(), found.clone()));
                found
            }
        }
    }
}

/// The day it is, in UTC.
pub fn today(now: Millis) -> Date {
    let moment = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    moment.to_zoned(TimeZone::UTC).date()
}

fn status_on(licence: Licence, today: Date) -> Status {
    // A clock that is a little behind the issuer's must not refuse a new licence.
    if today.tomorrow().is_ok_and(|tomorrow| tomorrow < licence.issued) {
        return Status::NotYet(licence);
    }
    if today > licence.expires {
        return Status::Expired(licence);
    }
    let days_left = today.until(licence.expires).map_or(0, |span| i64::from(span.get_days()));
    Status::Valid { licence, days_left }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::clock::{DAY, HOUR};

    /// 22 November 2026, noon UTC.
    const NOON: Millis = 1_795_348_800_000;

    pub(super) fn licence() -> Licence {
        Licence {
            customer: "Łoś & Söhne".to_owned(),
            edition: "Development Tools".to_owned(),
            seats: 5,
            issued: date(2026, 11, 22),
            expires: date(2027, 11, 22),
            is_demo: false,
        }
    }

    #[test]
    fn a_licence_is_valid_from_its_first_to_its_last_day() {
        let on = |now| status_on(licence(), today(now));
        assert_eq!(on(NOON), Status::Valid { licence: licence(), days_left: 365 });
        assert!(on(NOON + 365 * DAY + 11 * HOUR).valid().is_some());
        assert_eq!(on(NOON + 365 * DAY + 12 * HOUR), Status::Expired(licence()));
        assert!(on(NOON - DAY).valid().is_some(), "a clock a little behind");
        assert_eq!(on(NOON - 2 * DAY), Status::NotYet(licence()));
    }

    #[test]
    fn users_need_a_seat_and_others_do_not() {
        let person = |role, has_seat| Visitor {
            id: 1,
            login: String::new(),
            name: String::new(),
            role,
            has_seat,
            groups: Vec::new(),
            preferences: crate::users::Preferences {
                language: None,
                zone: "UTC".to_owned(),
                theme: crate::users::Theme::Auto,
            },
        };
        assert!(is_seated(&person(Role::User, true)));
        assert!(!is_seated(&person(Role::User, false)));
        assert!(is_seated(&person(Role::Admin, false)));
        assert!(is_seated(&person(Role::Auditor, false)));
    }
}
