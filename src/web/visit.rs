//! What every page needs: who is there, in which language, what the layout shows. Built once per request
//! by the guard.

use std::future::{Ready, ready};

use actix_session::Session;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::error::WebError;
use super::session::{self, Flash};
use crate::clock::Millis;
use crate::history::{Actor, ActorKind};
use crate::i18n::{Key, Language, Message, Texts, format};
use crate::users::{Role, Visitor};

/// One visit of one page.
#[derive(Clone)]
pub struct Visit {
    pub t: Texts,
    pub language: Language,
    pub zone: TimeZone,
    /// `auto`, `light` or `dark`.
    pub theme: &'static str,
    /// Goes into every form.
    pub csrf: String,
    /// A word about what was just done.
    pub flash: Option<Flash>,
    pub person: Option<Visitor>,
    pub path: String,
    /// The same address with its query.
    pub path_and_query: String,
    /// A page to come back to, also from the answer to a form: an address that can be looked at.
    pub place: String,
    /// What our texts call the CRM.
    pub crm_name: String,
    /// Where styles and scripts are.
    pub assets: &'static str,
    /// Where the visitor comes from.
    pub address: String,
    pub session: Session,
}

impl Visit {
    /// The same for a form whose page has this address.
    pub fn at(self, place: String) -> Self {
        Self { place, ..self }
    }

    /// A fresh id for one form, so that sending it twice has one effect.
    pub fn once(&self) -> String {
        session::random_token()
    }

    pub fn is_admin(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role == Role::Admin)
    }

    pub fn is_auditor(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role == Role::Auditor)
    }

    /// A message in the visitor's language.
    pub fn say(&self, message: &Message) -> String {
        self.t.say(message)
    }

    /// A message by key.
    pub fn plain(&self, key: &Key) -> &'static str {
        self.t.plain(*key)
    }

    /// A moment in the visitor's language and zone.
    pub fn moment(&self, at: &Millis) -> String {
        format::moment(self.language, *at, &self.zone)
    }

    /// The same moment for `<time datetime>`.
    pub fn iso(&self, at: &Millis) -> String {
        format::iso(*at)
    }

    /// A whole number with groups.
    pub fn number(&self, number: &i64) -> String {
        format::integer(self.language, *number)
    }

    /// The same moment as the clock on the visitor's wall shows it.
    pub fn on_the_wall(&self, at: Millis) -> DateTime {
        let at = Timestamp::from_millisecond(at).unwrap_or_default();
        at.to_zoned(self.zone.clone()).datetime()
    }

    pub fn yes_or_no(&self, is: &bool) -> &'static str {
        if *is { self.t.yes() } else { self.t.no() }
    }

    /// Multi-language text of a connector or of a list in the visitor's language.
    pub fn pick<'a>(&self, text: &'a str) -> &'a str {
        crate::connector::multilang::pick(text, self.language.code())
    }

    /// Who did it, for the history.
    pub fn actor(&self) -> Actor {
        match &self.person {
            None => Actor::visitor(&self.address),
            Some(person) => Actor {
                kind: ActorKind::User,
                id: Some(person.id),
                name: person.name.clone(),
                role: person.role.as_str().to_owned(),
                address: self.address.clone(),
            },
        }
    }

    /// The signed-in person. Routes that are open to anyone must not ask.
    pub fn person(&self) -> Result<&Visitor, WebError> {
        self.person.as_ref().ok_or(WebError::Forbidden(Key::ERROR_NOT_SIGNED_IN))
    }

    pub fn set_flash(&self, message: &Message) {
        self.flash(message, false, "");
    }

    /// The same about something that the form of this address takes back.
    pub fn set_undoable(&self, message: &Message, undo: &str) {
        self.flash(message, false, undo);
    }

    /// The same about something that was not, or not wholly, done.
    pub fn set_warning(&self, message: &Message) {
        self.flash(message, true, "");
    }

    fn flash(&self, message: &Message, is_warning: bool, undo: &str) {
        let (text, undo) = (self.t.say(message), undo.to_owned());
        session::set_flash(&self.session, &Flash { text, is_warning, undo });
    }
}

impl FromRequest for Visit {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visit = request.extensions().get::<Visit>().cloned();
        ready(visit.ok_or_else(|| WebError::Broken(anyhow::anyhow!("no visit on a route"))))
    }
}
