//! Importing a configuration from a file: into a connection, by a plan to confirm; or as a new connection,
//! whose form is then filled with it.

mod form;
mod view;

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use actix_web::web::Data;

use self::form::ImportForm;
use self::view::{NewPage, Planned, Start};
use crate::connections::ErpConnection;
use crate::history::Action;
use crate::i18n::{Key, Message};
use crate::store::{connections, connectors};
use crate::versions::place::Part;
use crate::versions::state::ConnectionState;
use crate::versions::world::Source;
use crate::versions::{Snapshot, Versioned, file};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::reconfigure::{self, Done, Plan, Refused};
use crate::web::version_words::plan::{self, carried_out};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

pub async fn new(visit: Visit, portal: Data<Portal>, request: HttpRequest) -> Answer {
    let connection = target(&portal, &request).await?;
    page::show(&NewPage::blank(&visit, connection.as_ref()))
}

/// What was sent: at first the file alone, then the plan that was looked at.
pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    request: HttpRequest,
    Form(form): Form<ImportForm>,
) -> Answer {
    let connection = target(&portal, &request).await?;
    let blank = NewPage { file: form.file.clone(), ..NewPage::blank(&visit, connection.as_ref()) };
    let problems = Problems::of(&form);
    if !problems.is_empty() {
        return page::show_again(&NewPage { problems, ..blank });
    }
    let wanted = match file::read(&form.file) {
        Ok(wanted) => wanted,
        Err(problem) => {
            let problems = Problems::one("file", problem.message());
            return page::show_again(&NewPage { problems, ..blank });
        }
    };
    match &connection {
        None => {
            let connectors = connectors::list(&portal.store).await?;
            let start = Some(Start::of(&visit, &connectors, &wanted));
            page::show(&NewPage { start, ..blank })
        }
        Some(connection) => into(&visit, &portal, connection, wanted, &form, blank).await,
    }
}

async fn into(
    visit: &Visit,
    portal: &Portal,
    connection: &ErpConnection,
    wanted: ConnectionState,
    form: &ImportForm,
    blank: NewPage<'_>,
) -> Answer {
    let parts = match form.plan.is_empty() {
        true => Part::ALL.into(),
        false => plan::parts(&form.part),
    };
    let wanted = Snapshot::Connection(wanted);
    let plan = draw_up(portal, connection, &wanted, &parts).await?;
    let planned = Planned::of(visit, &plan, &parts)?;
    if form.wish != "import" {
        return page::show(&NewPage { planned: Some(planned), ..blank });
    }
    if form.plan != planned.mark {
        let planned = Some(Planned { is_overtaken: true, ..planned });
        return page::show_conflict(&NewPage { planned, ..blank });
    }
    let of = Versioned::Connection(connection.id);
    let event = reconfigure::event(Action::ConfigurationImported, of, &connection.name);
    match plan.carry_out(visit, portal, &event).await? {
        Ok(came) => done(visit, connection, plan.target.name(), &came),
        Err(Refused::Because(why)) => {
            let problems = Problems::whole(why);
            page::show_again(&NewPage { planned: Some(planned), problems, ..blank })
        }
        Err(Refused::Overtaken) => {
            let plan = draw_up(portal, connection, &wanted, &parts).await?;
            let planned = Planned { is_overtaken: true, ..Planned::of(visit, &plan, &parts)? };
            page::show_conflict(&NewPage { planned: Some(planned), ..blank })
        }
    }
}

async fn draw_up(
    portal: &Portal,
    connection: &ErpConnection,
    wanted: &Snapshot,
    parts: &BTreeSet<Part>,
) -> Result<Plan, WebError> {
    let of = Versioned::Connection(connection.id);
    reconfigure::plan(portal, of, wanted, parts, Source::File).await
}

fn done(visit: &Visit, connection: &ErpConnection, name: &str, done: &Done) -> Answer {
    let to = format!("/connections/{}/versions", connection.id);
    let name = visit.pick(name);
    let saying = |key: Key| Message::from(key).with("name", name);
    let sayings = [Key::CONFIGURATION_IMPORTED, Key::CONFIGURATION_IMPORTED_PARTLY].map(saying);
    carried_out(visit, &to, done, sayings.into())
}

/// The connection of the address; none for a new one.
async fn target(portal: &Portal, request: &HttpRequest) -> Result<Option<ErpConnection>, WebError> {
    let Some(id) = request.match_info().get("id") else { return Ok(None) };
    let id = id.parse().map_err(|_| WebError::NotFound)?;
    let found = connections::find(&portal.store, id).await?;
    let found = found.filter(|connection| !connection.is_deleted);
    Ok(Some(found.ok_or(WebError::NotFound)?))
}
