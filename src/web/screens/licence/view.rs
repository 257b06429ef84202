//! Page struct of the licence screen.

use askama::Template;

use crate::i18n::{Key, Message, format, named};
use crate::licence::{Licence, LicenceProblem, Status};
use crate::store::licence::InstalledLicence;
use crate::store::page::Page;
use crate::users::User;
use crate::web::form::Problems;
use crate::web::page::{self, Neighbours};
use crate::web::visit::Visit;

/// From so many days on, the end is in sight.
const SOON: i64 = 30;

#[derive(Template)]
#[template(path = "licence/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub status: Status,
    pub installed: Option<InstalledLicence>,
    /// Seats that are taken.
    pub taken: i64,
    /// Who needs a seat, whether they have one or not.
    pub people: Page<User>,
    pub search: String,
    pub file: &'a str,
    pub problems: &'a Problems,
}

impl ShowPage<'_> {
    /// How things stand: kind of notice, title, what follows from it.
    fn standing(&self) -> (&'static str, String, String) {
        let t = self.visit.t;
        let date = |date| format::date(self.visit.language, date);
        match &self.status {
            Status::Missing => {
                ("warn", t.licence_missing().to_owned(), t.licence_closed().to_owned())
            }
            Status::Refused(problem) => {
                let why = self.visit.say(&Message::from(reason(*problem)));
                ("bad", t.licence_refused().to_owned(), format!("{why} {}", t.licence_closed()))
            }
            Status::NotYet(Licence { issued, .. }) => {
                ("warn", t.licence_not_yet(date(*issued)), t.licence_closed().to_owned())
            }
            Status::Expired(Licence { expires, .. }) => {
                ("bad", t.licence_expired(date(*expires)), t.licence_closed().to_owned())
            }
            Status::Valid { days_left, .. } => {
                let kind = if *days_left <= SOON { "warn" } else { "good" };
                (kind, t.licence_valid().to_owned(), t.licence_days_left(*days_left))
            }
        }
    }

    /// What the file says, as far as it is to be believed.
    fn licence(&self) -> Option<&Licence> {
        match &self.status {
            Status::Missing | Status::Refused(_) => None,
            Status::NotYet(licence) | Status::Expired(licence) => Some(licence),
            Status::Valid { licence, .. } => Some(licence),
        }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let t = self.visit.t;
        let date = |date| format::date(self.visit.language, date);
        let Some(licence) = self.licence() else { return Vec::new() };
        let taken = self.visit.number(&self.taken);
        let mut facts = vec![
            (t.licence_customer(), licence.customer.clone()),
            (t.licence_edition(), licence.edition.clone()),
            (
                t.licence_seats(),
                t.licence_seats_taken(
                    named::seats(self.visit.number(&licence.seats)),
                    named::taken(taken),
                ),
            ),
            (t.licence_from(), date(licence.issued)),
            (t.licence_until(), date(licence.expires)),
        ];
        if let Some(installed) = &self.installed {
            let when = self.visit.moment(&installed.installed_at);
            let text =
                t.licence_installed_by(named::when(when), named::who(&installed.installed_by));
            facts.push((t.licence_installed_when(), text));
        }
        facts
    }

    /// How many more seats are taken than there are, whyever that is.
    fn overbooked(&self) -> Option<String> {
        let over = self.taken - self.status.valid()?.seats;
        (over > 0).then(|| self.visit.t.licence_overbooked(over))
    }

    fn may_assign(&self, user: &User) -> bool {
        self.visit.is_admin() && self.status.valid().is_some() && !user.is_disabled
    }

    fn neighbours(&self) -> Neighbours {
        page::neighbours(
            &self.people,
            |user| user.id,
            |place, id| {
                page::listing("/licence", &[("search", &self.search), (place, &id.to_string())])
            },
        )
    }
}

/// Why a file is no licence here.
pub fn reason(problem: LicenceProblem) -> Key {
    match problem {
        LicenceProblem::Malformed => Key::LICENCE_FILE_MALFORMED,
        LicenceProblem::BadSignature => Key::LICENCE_FILE_SIGNATURE,
        LicenceProblem::DemoOnly => Key::LICENCE_FILE_DEMO,
    }
}
