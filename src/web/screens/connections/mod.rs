//! ERP connections: look at one, define a new one, edit one. Switching on and off, testing, deleting and
//! restoring are screens of their own.

mod conflict;
mod declared;
mod draft;
mod form;
mod imported;
mod input;
mod kept;
mod save;
mod showing;
mod trial;
mod values;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::draft::Draft;
use self::form::{ConnectionForm, Wish};
use self::view::ShowPage;
use crate::connections::{ConnectionId, ConnectorId};
use crate::store::{access, configuration, connections};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Pairs};
use crate::web::visit::Visit;
use crate::web::{Portal, found, guard, page, scope};

pub async fn show(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let found = connections::find(&portal.store, *id).await?;
    let connection = found.ok_or(WebError::NotFound)?;
    let scope = access::scope(&portal.store, &connection).await?;
    page::show(&ShowPage {
        visit: &visit,
        grants: scope::grants(&portal.store, &visit, &scope).await?,
        shown: configuration::for_form(&portal.store, connection.id).await?,
        may_write: guard::may_change_sync(&portal, &visit).await?,
        connection,
    })
}

#[derive(Deserialize)]
pub struct NewQuery {
    connector: Option<ConnectorId>,
    /// The connection it begins as a copy of.
    copy: Option<ConnectionId>,
}

pub async fn new(visit: Visit, portal: Data<Portal>, query: Query<NewQuery>) -> Answer {
    let (form, typed) = match query.copy {
        Some(id) => {
            let source = found::connection(&portal, id).await?;
            imported::copy(&visit, &portal, &source).await?
        }
        None => (ConnectionForm::new(query.connector), Pairs::default()),
    };
    Draft::of(&visit, &portal, None, form, typed).await?.show()
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    Form(form): Form<ConnectionForm>,
    mut typed: Pairs,
) -> Answer {
    let wish = form.wish();
    let visit = visit.at(page::listing("/connections/new", &form.address()));
    let form = match form.is_prefilled() {
        true => imported::fill(&portal, form, &mut typed).await?,
        false => form,
    };
    let draft = Draft::of(&visit, &portal, None, form.trimmed(), typed).await?;
    match wish {
        Wish::Look => draft.show(),
        Wish::Test => draft.test().await,
        Wish::Save => save::add(draft).await,
    }
}

pub async fn edit(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    Draft::edit(&visit, &portal, connection).await?.show()
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Form(form): Form<ConnectionForm>,
    typed: Pairs,
) -> Answer {
    let wish = form.wish();
    let connection = found::connection(&portal, *id).await?;
    let draft = Draft::of(&visit, &portal, Some(connection), form.trimmed(), typed).await?;
    match wish {
        Wish::Look => draft.show(),
        Wish::Test if !draft.is_active() => draft.test().await,
        Wish::Test => draft.show(),
        Wish::Save => save::change(draft).await,
    }
}
