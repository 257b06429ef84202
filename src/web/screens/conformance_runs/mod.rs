//! The conformance test of a connection's connector: asked for, followed while it goes on, read as a matrix
//! of checks and actor types, compared with the one before, and stopped.

mod captions;
mod form;
mod matrix;
mod view;

use actix_web::web::{Data, Path};

use self::form::TestForm;
use self::matrix::Matrix;
use self::view::{IndexPage, ShowPage};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::i18n::Key;
use crate::runs::JobId;
use crate::runs::conformance::{ConformanceRun, compare};
use crate::store::page::PAGE;
use crate::store::{conformance, jobs, mappings};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::visit::Visit;
use crate::web::{Portal, found, guard, page};

pub async fn index(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    let form = TestForm::default();
    page::show(&index_page(&visit, &portal, connection, form, Problems::default()).await?)
}

/// Has the connection tested; leads to the run, where one can watch.
pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Form(form): Form<TestForm>,
) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    let writing = match form.writing() {
        Ok(writing) => writing,
        Err(problems) => {
            let page = index_page(&visit, &portal, connection, form, problems).await?;
            return page::show_again(&page);
        }
    };
    let mut tx = portal.store.begin().await?;
    let asked = conformance::ask(&mut tx, &visit.actor(), &connection, writing.as_ref()).await?;
    tx.commit().await?;
    let place = format!("/connections/{id}/conformance-runs");
    match asked {
        Some(run) => {
            portal.engine.wake();
            Ok(page::go(&format!("{place}/{run}")))
        }
        None => page::redirect_warning(&visit, &place, Key::CONFORMANCE_RUNS_GOING),
    }
}

pub async fn show(visit: Visit, portal: Data<Portal>, path: Path<(ConnectionId, JobId)>) -> Answer {
    let (connection, run) = find_run(&portal, *path).await?;
    let store = &portal.store;
    let cells = conformance::cells(store, run.job.id).await?;
    let before = conformance::find_before(store, &run).await?;
    let difference = match &before {
        Some(before) => compare(&conformance::cells(store, before.job.id).await?, &cells),
        None => Default::default(),
    };
    page::show(&ShowPage {
        visit: &visit,
        may_write: guard::may_change_sync(&portal, &visit).await?,
        now: store.clock().now(),
        matrix: Matrix::new(&run, cells),
        connection,
        run,
        before,
        difference,
    })
}

/// Brings a run to its end.
pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    path: Path<(ConnectionId, JobId)>,
) -> Answer {
    let (connection, run) = find_run(&portal, *path).await?;
    let mut tx = portal.store.begin().await?;
    let is_asked = jobs::request_stop(&mut tx, &visit.actor(), run.job.id).await?;
    tx.commit().await?;
    let place = format!("/connections/{}/conformance-runs/{}", connection.id, run.job.id);
    match is_asked {
        true => page::redirect(&visit, &place, Key::CONFORMANCE_RUNS_STOPPING),
        false => Ok(page::go(&place)),
    }
}

async fn index_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    connection: ErpConnection,
    form: TestForm,
    problems: Problems,
) -> Result<IndexPage<'a>, WebError> {
    let mappings = mappings::list(&portal.store, connection.id).await?;
    let mut kinds: Vec<ActorType> = mappings.iter().map(|mapping| mapping.kind).collect();
    if kinds.is_empty() {
        kinds = ActorType::ALL.to_vec();
    }
    Ok(IndexPage {
        visit,
        may_write: guard::may_change_sync(portal, visit).await?,
        runs: conformance::list(&portal.store, connection.id, PAGE).await?,
        connection,
        kinds,
        form,
        problems,
    })
}

async fn find_run(
    portal: &Portal,
    (id, run): (ConnectionId, JobId),
) -> Result<(ErpConnection, ConformanceRun), WebError> {
    let connection = found::connection(portal, id).await?;
    let run = conformance::find(&portal.store, run).await?;
    let run = run.filter(|run| run.job.connection_id == id).ok_or(WebError::NotFound)?;
    Ok((connection, run))
}
