//! One actor: its form, and what may be done with it.

mod desk;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use validator::Validate;

use super::control;
use super::error::{Answer, ErrorKind, WebError};
use super::form::{Form, RecordForm, parse_parent, redirect};
use super::visit::{Area, InArea, Visit};
use crate::connector::types::{FieldValues, NewActor};
use crate::practice::data::PracticeError;
use crate::practice::data::changes::Author;
use crate::practice::data::rows::Shelf;
use crate::practice::data::write::Edit;
use crate::practice::{Practice, model};
use desk::{Desk, Notice};

#[derive(Debug, Default, Deserialize, Validate)]
#[serde(default)]
struct RecordQuery {
    #[validate(length(max = 60))]
    parent: String,
    #[validate(length(max = 20))]
    done: String,
}

pub async fn new(place: InArea, request: HttpRequest, practice: Data<Practice>) -> Answer {
    let query = read_query(&place.visit, &request)?;
    let defaults: FieldValues = model::fields(place.shelf.kind)
        .map(|field| (field.key.to_owned(), field.default.to_owned()))
        .collect();
    let desk = Desk { place, practice };
    let parent = desk.relative(parse_parent(&query.parent).as_ref()).await?;
    let sections = desk.sections(&defaults);
    desk.show(StatusCode::OK, None, sections, parent, Notice::default())
}

pub async fn create(place: InArea, form: Form<RecordForm>, practice: Data<Practice>) -> Answer {
    let Form(form) = form;
    let desk = Desk { place, practice };
    let Shelf { client, kind } = desk.place.shelf;
    let fields =
        control::read_form(model::fields(kind), &form.fields, &form.boxes, &FieldValues::new());
    let new = NewActor { kind, fields, parent: form.parent() };
    match desk.practice.create(client, &Author::Page, &new).await {
        Ok(row) => Ok(redirect(&format!("{}?done=created", desk.address(&row.key)))),
        Err(PracticeError::Objection(why)) => {
            let parent = desk.relative(new.parent.as_ref()).await?;
            let sections = desk.typed_sections(&form, &FieldValues::new(), &why, None);
            let notice = Notice::problem(&desk.place.visit, &why);
            desk.show(StatusCode::UNPROCESSABLE_ENTITY, None, sections, parent, notice)
        }
        Err(other) => Err(desk.failed(other)),
    }
}

pub async fn show(
    place: InArea,
    key: Path<(String, String, String)>,
    request: HttpRequest,
    practice: Data<Practice>,
) -> Answer {
    let query = read_query(&place.visit, &request)?;
    let desk = Desk { place, practice };
    let row = desk.row(&key.2).await?;
    let record = desk.record(&row).await?;
    let parent = desk.relative(row.parent.as_ref()).await?;
    let t = desk.place.visit.t;
    let done = match query.done.as_str() {
        "saved" => t.saved,
        "created" => t.created,
        _ => "",
    };
    let sections = desk.sections(&row.values);
    let notice = Notice { done, problem: None };
    desk.show(StatusCode::OK, Some(record), sections, parent, notice)
}

pub async fn update(
    place: InArea,
    key: Path<(String, String, String)>,
    form: Form<RecordForm>,
    practice: Data<Practice>,
) -> Answer {
    let Form(form) = form;
    let desk = Desk { place, practice };
    let row = desk.row(&key.2).await?;
    let fields =
        control::read_form(model::fields(row.kind), &form.fields, &form.boxes, &row.values);
    // A form without its number saves nothing: it might overwrite what nobody has seen.
    let seen = Some(form.seen.parse().unwrap_or(0));
    let edit = Edit { of: row.actor_ref(), fields, parent: None, seen };
    let saved = desk.practice.save(desk.place.shelf.client, &Author::Page, &[edit]).await;
    match saved {
        Ok(_) => Ok(redirect(&format!("{}?done=saved", desk.address(&row.key)))),
        Err(PracticeError::Objection(why)) => desk.show_again(&row.key, &form, &why).await,
        Err(other) => Err(desk.failed(other)),
    }
}

pub async fn delete(
    place: InArea,
    key: Path<(String, String, String)>,
    practice: Data<Practice>,
) -> Answer {
    let desk = Desk { place, practice };
    let row = desk.row(&key.2).await?;
    let Shelf { client, .. } = desk.place.shelf;
    match desk.practice.delete(client, &Author::Page, &row.actor_ref()).await {
        Ok(()) => Ok(redirect(&format!("/{client}/{}?done=deleted", Area(row.kind).path()))),
        Err(PracticeError::Objection(why)) => {
            let record = desk.record(&row).await?;
            let notice = Notice::problem(&desk.place.visit, &why);
            let sections = desk.sections(&row.values);
            desk.show(StatusCode::CONFLICT, Some(record), sections, None, notice)
        }
        Err(other) => Err(desk.failed(other)),
    }
}

fn read_query(visit: &Visit, request: &HttpRequest) -> Result<RecordQuery, WebError> {
    serde_html_form::from_str::<RecordQuery>(request.query_string())
        .ok()
        .filter(|query| query.validate().is_ok())
        .ok_or_else(|| visit.error(ErrorKind::Unreadable))
}
