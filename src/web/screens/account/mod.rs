//! What people set for themselves: language, time zone and theme; and where they are signed in.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;
use validator::{Validate, ValidationError};

use crate::i18n::{Key, Language, Texts};
use crate::store::sessions::{self, SessionEntry};
use crate::store::users;
use crate::users::{Preferences, Theme, Visitor, is_zone};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::session::Flash;
use crate::web::visit::Visit;
use crate::web::{Portal, page, session};

#[derive(Template)]
#[template(path = "account/edit.html")]
struct EditPage<'a> {
    visit: &'a Visit,
    person: &'a Visitor,
    form: &'a AccountForm,
    problems: &'a Problems,
    sessions: Vec<SessionEntry>,
    /// The one this page was asked in.
    current: i64,
}

#[derive(Deserialize, Validate)]
pub struct AccountForm {
    /// Blank: as the browser asks.
    #[serde(default)]
    #[validate(custom(function = check_language))]
    language: String,
    #[serde(default)]
    #[validate(custom(function = check_zone))]
    zone: String,
    #[serde(default)]
    #[validate(custom(function = check_theme))]
    theme: String,
}

impl EditPage<'_> {
    fn themes(&self) -> [(&'static str, &'static str); 3] {
        Theme::ALL.map(|theme| {
            let caption = match theme {
                Theme::Auto => self.visit.t.layout_theme_auto(),
                Theme::Light => self.visit.t.layout_theme_light(),
                Theme::Dark => self.visit.t.layout_theme_dark(),
            };
            (theme.as_str(), caption)
        })
    }

    /// Regions with the zones in them: name and place.
    fn zones(&self) -> Vec<(&'static str, Vec<String>)> {
        let mut names: Vec<String> =
            jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        names.sort();
        let of_region = |region: &&'static str| {
            let inside = |name: &String| name.split_once('/').is_some_and(|(of, _)| of == *region);
            (*region, names.iter().filter(|name| inside(name)).cloned().collect())
        };
        REGIONS.iter().map(of_region).collect()
    }

    /// A zone that stands in no region: UTC, or one that an older version of the zone database knew.
    fn other_zones(&self) -> Vec<&str> {
        let is_in_region = REGIONS.iter().any(|region| self.form.zone.starts_with(region));
        if is_in_region || self.form.zone == "UTC" {
            vec!["UTC"]
        } else {
            vec!["UTC", &self.form.zone]
        }
    }
}

/// The parts of the world that the zone database names zones by.
const REGIONS: [&str; 9] = [
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

pub async fn edit(visit: Visit, portal: Data<Portal>) -> Answer {
    let Preferences { language, zone, theme } = visit.person()?.preferences.clone();
    let form = AccountForm {
        language: language.map(Language::code).unwrap_or_default().to_owned(),
        zone,
        theme: theme.as_str().to_owned(),
    };
    show(&visit, &portal, &form, &Problems::default()).await
}

pub async fn update(visit: Visit, portal: Data<Portal>, Form(form): Form<AccountForm>) -> Answer {
    let problems = Problems::of(&form);
    if !problems.is_empty() {
        return show(&visit, &portal, &form, &problems).await;
    }
    let preferences = Preferences {
        language: Language::parse(&form.language),
        zone: form.zone,
        theme: Theme::parse(&form.theme).ok_or(WebError::BadRequest)?,
    };
    let mut tx = portal.store.begin().await?;
    users::update_preferences(&mut tx, &visit.actor(), visit.person()?.id, &preferences).await?;
    tx.commit().await?;
    session::forget_language(&visit.session);
    let language = preferences.language.unwrap_or(visit.language);
    let text = Texts::new(language).account_saved().to_owned();
    session::set_flash(&visit.session, &Flash { text, ..Flash::default() });
    Ok(page::go("/account"))
}

async fn show(visit: &Visit, portal: &Portal, form: &AccountForm, problems: &Problems) -> Answer {
    let person = visit.person()?;
    let sessions = sessions::list_sessions(&portal.store, person.id).await?;
    let current = session::sid(&visit.session).unwrap_or_default();
    let page = EditPage { visit, person, form, problems, sessions, current };
    if problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
}

fn check_language(code: &str) -> Result<(), ValidationError> {
    known(code.is_empty() || Language::parse(code).is_some())
}

fn check_zone(name: &str) -> Result<(), ValidationError> {
    known(is_zone(name))
}

fn check_theme(name: &str) -> Result<(), ValidationError> {
    known(Theme::parse(name).is_some())
}

fn known(is_known: bool) -> Result<(), ValidationError> {
    if is_known { Ok(()) } else { Err(ValidationError::new(Key::FORM_INVALID.id())) }
}
