//! Coming in by a one-time code: somebody chooses a password; on an empty portal, whoever started it
//! becomes the first admin.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use jiff::tz::TimeZone;
use serde::Deserialize;
use validator::Validate;

use crate::history::Actor;
use crate::i18n::{Key, Message};
use crate::store::codes::{self, CodeHolder};
use crate::store::sign_in::{self, Attempt, Claim};
use crate::store::{Tx, users};
use crate::users::{NewUser, Preferences, Role, Theme, User};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, device, names, new_password, page, session};

#[derive(Template)]
#[template(path = "codes/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    code: &'a str,
    /// Set while there is no account: the code makes the first one.
    first: Option<&'a FirstAdmin>,
    problems: &'a Problems,
}

impl NewPage<'_> {
    fn title(&self) -> &'static str {
        match self.first {
            Some(_) => self.visit.t.codes_first_title(),
            None => self.visit.t.codes_title(),
        }
    }
}

#[derive(Deserialize, Validate)]
pub struct CodeForm {
    #[serde(default)]
    #[validate(length(min = 1, code = "form-required"))]
    code: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// Who the first admin is going to be.
#[derive(Default, Deserialize, Validate)]
pub struct FirstAdmin {
    #[serde(default)]
    #[validate(custom(function = names::check_login))]
    login: String,
    #[serde(default)]
    #[validate(custom(function = names::check_name))]
    name: String,
}

pub async fn new(visit: Visit, portal: Data<Portal>) -> Answer {
    let nobody = FirstAdmin::default();
    let first = users::is_empty(&portal.store).await?.then_some(&nobody);
    page::show(&NewPage { visit: &visit, code: "", first, problems: &Problems::default() })
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    request: HttpRequest,
    Form(form): Form<CodeForm>,
    Form(first): Form<FirstAdmin>,
) -> Answer {
    let first = users::is_empty(&portal.store).await?.then_some(&first);
    let mut problems = Problems::of(&form);
    if let Some(first) = first {
        problems.extend(Problems::of(first));
    }
    let entered = if problems.is_empty() {
        enter(&visit, &portal, &request, &form, first).await?
    } else {
        Err(problems)
    };
    match entered {
        Ok(Entered { user, device }) => {
            session::sign_in(&visit.session, user.id, &visit.address, request.headers());
            visit.set_flash(&Message::from(Key::CODES_DONE).with("login", user.login));
            device::remember(page::go("/"), device)
        }
        Err(problems) => {
            let (visit, problems) = (&visit, &problems);
            page::show_again(&NewPage { visit, code: &form.code, first, problems })
        }
    }
}

/// Somebody whom the code let in, and the device cookie to set.
struct Entered {
    user: User,
    device: String,
}

async fn enter(
    visit: &Visit,
    portal: &Portal,
    request: &HttpRequest,
    form: &CodeForm,
    first: Option<&FirstAdmin>,
) -> Result<Result<Entered, Problems>, WebError> {
    // Guessing codes is counted like guessing passwords: each code as an account of its own, all of them
    // together by where they come from.
    let attempt = Attempt { login: &form.code, address: &visit.address, device: None };
    if let Claim::Wait { seconds } = sign_in::claim(&portal.store, &attempt).await? {
        return Err(WebError::TooMany(seconds));
    }
    let login = match codes::find_holder(&portal.store, &form.code).await? {
        Some(CodeHolder::User(user)) => user.login,
        Some(CodeHolder::FirstAdmin) => first.map(|first| first.login.clone()).unwrap_or_default(),
        None => return Ok(Err(refuse(portal, &attempt).await?)),
    };
    let mut problems = Problems::default();
    let typed = (form.password.as_str(), form.again.as_str());
    let Some(password) = new_password::read(typed, &login, &mut problems) else {
        return Ok(Err(problems));
    };
    let hash = portal.hasher.hash(password).await.map_err(anyhow::Error::from)?;
    let mut tx = portal.store.begin().await?;
    let Some(user) = redeem(&mut tx, visit, &form.code, first, &hash).await? else {
        drop(tx);
        return Ok(Err(refuse(portal, &attempt).await?));
    };
    let actor = Actor::user(user.id, &user.name, user.role.as_str(), &visit.address);
    let sent = device::sent(request);
    let arrived = Attempt { login: &user.login, device: sent.as_deref(), ..attempt };
    let device = sign_in::succeeded(&mut tx, &actor, &arrived, &user).await?;
    tx.commit().await?;
    Ok(Ok(Entered { user, device }))
}

/// Uses the code up and gives whom it let in; `None` when it leads nowhere any more.
async fn redeem(
    tx: &mut Tx,
    visit: &Visit,
    code: &str,
    first: Option<&FirstAdmin>,
    hash: &str,
) -> Result<Option<User>, WebError> {
    let address = &visit.address;
    let user = match first {
        Some(first) => {
            codes::redeem_first_code(tx, address, code, &first_admin(first), hash).await?
        }
        None => codes::redeem_code(tx, address, code, hash).await?,
    };
    let Some(id) = user else { return Ok(None) };
    Ok(users::find_user(tx, id).await?)
}

fn first_admin(typed: &FirstAdmin) -> NewUser {
    // Whoever sets the portal up most likely lives where its machine does.
    let zone = TimeZone::system().iana_name().unwrap_or("UTC").to_owned();
    NewUser {
        login: typed.login.trim().to_owned(),
        name: typed.name.trim().to_owned(),
        role: Role::Admin,
        groups: Vec::new(),
        preferences: Preferences { language: None, zone, theme: Theme::Auto },
    }
}

async fn refuse(portal: &Portal, attempt: &Attempt<'_>) -> Result<Problems, WebError> {
    let mut tx = portal.store.begin().await?;
    sign_in::failed(&mut tx, attempt, None).await?;
    tx.commit().await?;
    Ok(Problems::one("code", Key::CODES_WRONG))
}
