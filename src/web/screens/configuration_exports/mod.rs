//! A connection's whole configuration as a file, without secrets. Each export is a row of the history.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Data, Path};

use crate::connections::ConnectionId;
use crate::history::Action;
use crate::i18n::format;
use crate::store::versions;
use crate::versions::{Versioned, file};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, reconfigure};

pub async fn show(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let found = versions::connection(&portal.store, *id).await?;
    let state = found.filter(|state| !state.is_deleted).ok_or(WebError::NotFound)?;
    let text = file::write(&state).map_err(anyhow::Error::from)?;
    let event =
        reconfigure::event(Action::ConfigurationExported, Versioned::Connection(*id), &state.name);
    let mut tx = portal.store.begin().await?;
    tx.record(&visit.actor(), &event).await?;
    tx.commit().await?;
    let day = format::iso(portal.clock().now());
    let name = format!("connection-{id}-{}.json", &day[..10]);
    Ok(HttpResponse::Ok()
        .content_type("application/json; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .body(text))
}
