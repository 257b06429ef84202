//! The licence: how the portal stands with it, who has a seat, and installing another file.

mod view;

use actix_web::web::{Data, Query};
use serde::Deserialize;
use validator::Validate;

use self::view::ShowPage;
use crate::i18n::{Key, Message, format};
use crate::licence::{Licence, Status};
use crate::store::error::StoreError;
use crate::store::licence;
use crate::store::page::{PAGE, Place};
use crate::store::users::{self, Filter};
use crate::users::{Role, UserId};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

/// Which of the people who need a seat are shown.
#[derive(Default, Deserialize)]
pub struct Listing {
    #[serde(default)]
    search: String,
    after: Option<UserId>,
    before: Option<UserId>,
}

#[derive(Default, Deserialize, Validate)]
pub struct LicenceForm {
    /// The text of a licence file.
    #[serde(default)]
    #[validate(length(min = 1, code = "form-required"))]
    file: String,
}

pub async fn show(visit: Visit, portal: Data<Portal>, query: Query<Listing>) -> Answer {
    let (form, problems) = (LicenceForm::default(), Problems::default());
    page::show(&licence_page(&visit, &portal, &query, &form, &problems).await?)
}

pub async fn update(visit: Visit, portal: Data<Portal>, Form(form): Form<LicenceForm>) -> Answer {
    let mut problems = Problems::of(&form);
    if problems.is_empty() {
        match install(&visit, &portal, form.file.trim()).await? {
            Ok(()) => return page::redirect(&visit, "/licence", Key::LICENCE_INSTALLED),
            Err(problem) => problems.add("file", problem),
        }
    }
    let query = Listing::default();
    page::show_again(&licence_page(&visit, &portal, &query, &form, &problems).await?)
}

/// Installs a file that opens the portal today; another would only close it.
async fn install(
    visit: &Visit,
    portal: &Portal,
    file: &str,
) -> Result<Result<(), Message>, WebError> {
    let status = portal.licences.status(Some(file), portal.clock().now());
    let date = |date| format::date(visit.language, date);
    let licence = match status {
        Status::Valid { licence, .. } => licence,
        Status::Missing => return Ok(Err(Key::FORM_REQUIRED.into())),
        Status::Refused(problem) => return Ok(Err(view::reason(problem).into())),
        Status::NotYet(Licence { issued, .. }) => {
            return Ok(Err(Message::from(Key::LICENCE_FILE_EARLY).with("date", date(issued))));
        }
        Status::Expired(Licence { expires, .. }) => {
            return Ok(Err(Message::from(Key::LICENCE_FILE_LATE).with("date", date(expires))));
        }
    };
    let mut tx = portal.store.begin().await?;
    match licence::install_licence(&mut tx, &visit.actor(), file, &licence).await {
        Err(StoreError::NoFreeSeat) => {
            drop(tx);
            let taken = licence::count_seats(&portal.store).await?;
            let too_small = Message::from(Key::LICENCE_FILE_SMALL)
                .with("seats", licence.seats)
                .with("taken", taken)
                .with("over", taken - licence.seats);
            return Ok(Err(too_small));
        }
        done => done?,
    }
    tx.commit().await?;
    Ok(Ok(()))
}

async fn licence_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    query: &Listing,
    form: &'a LicenceForm,
    problems: &'a Problems,
) -> Result<ShowPage<'a>, WebError> {
    let search: String = query.search.trim().chars().take(200).collect();
    let place = Place::of(query.after, query.before);
    let filter = Filter { search: &search, role: Some(Role::User) };
    let people = users::page(&portal.store, filter, place, PAGE).await?;
    Ok(ShowPage {
        visit,
        status: portal.licence_status().await?,
        installed: licence::find_licence(&portal.store).await?,
        taken: licence::count_seats(&portal.store).await?,
        people,
        search,
        file: &form.file,
        problems,
    })
}
