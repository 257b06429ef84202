//! An actor's page, put together: the form with its values or with what was typed, and what hangs on the
//! actor.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::connector::types::{ActorRef, FieldValues};
use crate::practice::data::rows::{Shelf, Window};
use crate::practice::data::{PracticeError, Row};
use crate::practice::objection::Objection;
use crate::practice::web::changes::{ChangeView, local_time, view};
use crate::practice::web::control::{self, SectionView};
use crate::practice::web::error::{Answer, ErrorKind, WebError};
use crate::practice::web::form::{RecordForm, page};
use crate::practice::web::visit::{Area, InArea, Visit};
use crate::practice::{Practice, model, search};

const CHANGES: i64 = 8;
const CHILDREN: i64 = 100;
/// More changes than anybody could sleep through with a form open.
const MEANWHILE: i64 = 1_000;

#[derive(Template)]
#[template(path = "practice/record.html")]
struct RecordPage {
    visit: Visit,
    area: Area,
    /// None while it is new.
    record: Option<RecordView>,
    sections: Vec<SectionView>,
    parent: Option<Relative>,
    done: &'static str,
    /// What stands in the way.
    problem: Option<String>,
}

pub(super) struct RecordView {
    key: String,
    name: String,
    seen: i64,
    stamp: String,
    changed_at: String,
    children: Vec<Relative>,
    can_have_children: bool,
    changes: Vec<ChangeView>,
}

/// An actor above or below this one.
pub(super) struct Relative {
    area: Area,
    of: ActorRef,
    name: String,
}

/// What is said above the form.
#[derive(Default)]
pub(super) struct Notice {
    pub(super) done: &'static str,
    pub(super) problem: Option<String>,
}

impl Notice {
    pub(super) fn problem(visit: &Visit, why: &Objection) -> Self {
        let sentence = match why.innermost() {
            Objection::ChangedMeanwhile(_) => visit.t.changed_meanwhile.to_owned(),
            other => visit.language.sentence(&other.sentence()),
        };
        Self { done: "", problem: Some(sentence) }
    }
}

/// Where one request is answered.
pub(super) struct Desk {
    pub(super) place: InArea,
    pub(super) practice: Data<Practice>,
}

impl Desk {
    /// The form once more with everything typed. Where others have written meanwhile, their values stand
    /// beside what was typed, and in place of what was not touched.
    pub(super) async fn show_again(self, key: &str, form: &RecordForm, why: &Objection) -> Answer {
        let row = self.row(key).await?;
        let is_conflict = matches!(why.innermost(), Objection::ChangedMeanwhile(_));
        let status =
            if is_conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        let mut record = self.record(&row).await?;
        if !is_conflict {
            // Still what the visitor has seen: an error in a field must not hide a conflict.
            record.seen = form.seen.parse().unwrap_or(0);
        }
        let before = if is_conflict { Some(self.seen_values(&row, form).await?) } else { None };
        let sections = self.typed_sections(form, &row.values, why, before.as_ref());
        let parent = self.relative(row.parent.as_ref()).await?;
        let notice = Notice::problem(&self.place.visit, why);
        self.show(status, Some(record), sections, parent, notice)
    }

    pub(super) fn show(
        self,
        status: StatusCode,
        record: Option<RecordView>,
        sections: Vec<SectionView>,
        parent: Option<Relative>,
        notice: Notice,
    ) -> Answer {
        let language = self.place.visit.language;
        let shown = RecordPage {
            area: Area(self.place.shelf.kind),
            visit: self.place.visit,
            record,
            sections,
            parent,
            done: notice.done,
            problem: notice.problem,
        };
        page(status, &shown, || WebError::new(language, ErrorKind::Broken))
    }

    pub(super) fn sections(&self, values: &FieldValues) -> Vec<SectionView> {
        let language = self.place.visit.language;
        let raw = |key: &str| values.get(key).map_or("", String::as_str);
        self.each_field(|field| {
            let kept = raw(field.key);
            control::view(field, control::to_input(field, kept), kept, language)
        })
    }

    pub(super) fn typed_sections(
        &self,
        form: &RecordForm,
        kept: &FieldValues,
        why: &Objection,
        before: Option<&FieldValues>,
    ) -> Vec<SectionView> {
        let language = self.place.visit.language;
        let refused = why.fields();
        self.each_field(|field| {
            let kept = kept.get(field.key).map_or("", String::as_str);
            let now = control::to_input(field, kept);
            let typed = form.fields.get(field.key).cloned();
            let is_box = form.boxes.iter().any(|key| key == field.key);
            let typed = typed.or_else(|| is_box.then(|| "0".to_owned()));
            let typed = typed.unwrap_or_else(|| now.clone());
            let mut shown = control::view(field, typed, kept, language);
            shown.is_refused = refused.contains(&field.key);
            let is_untouched = before
                .and_then(|values| values.get(field.key))
                .is_some_and(|old| control::from_input(field, &shown.value, old) == *old);
            if is_untouched {
                return control::view(field, now, kept, language);
            }
            if before.is_some() && shown.value != now {
                shown.by_now = Some(shown.kept.clone());
            }
            shown
        })
    }

    /// The values that stood on the visitor's page, put back together from the list of changes.
    async fn seen_values(&self, row: &Row, form: &RecordForm) -> Result<FieldValues, WebError> {
        let seen: i64 = form.seen.parse().unwrap_or(0);
        let of = row.actor_ref();
        let changes =
            self.practice.list_changes(self.place.shelf.client, Some(&of), MEANWHILE).await;
        let changes = changes.map_err(|error| self.failed(error))?;
        let mut values = row.values.clone();
        // The newest first, so the oldest difference has the last word.
        for change in changes.into_iter().filter(|change| change.modified > seen) {
            values.extend(change.differences.into_iter().map(|one| (one.field, one.old)));
        }
        Ok(values)
    }

    fn each_field(
        &self,
        view: impl Fn(&'static model::Field) -> control::FieldView,
    ) -> Vec<SectionView> {
        let language = self.place.visit.language;
        model::sections(self.place.shelf.kind)
            .iter()
            .map(|section| SectionView {
                title: language.word(&section.title),
                fields: section.fields.iter().map(&view).collect(),
            })
            .collect()
    }

    pub(super) async fn row(&self, key: &str) -> Result<Row, WebError> {
        let found = self.practice.find_row(self.place.shelf, key).await;
        found
            .map_err(|error| self.failed(error))?
            .ok_or_else(|| self.place.visit.error(ErrorKind::NotFound))
    }

    pub(super) async fn record(&self, row: &Row) -> Result<RecordView, WebError> {
        let Shelf { client, .. } = self.place.shelf;
        let language = self.place.visit.language;
        let of = row.actor_ref();
        let changes = self.practice.list_changes(client, Some(&of), CHANGES).await;
        let changes = changes.map_err(|error| self.failed(error))?;
        let mut children = Vec::new();
        for area in Area::all().filter(|area| model::parents(area.0).contains(&row.kind)) {
            let shelf = Shelf { client, kind: area.0 };
            let window = Window { limit: CHILDREN, offset: 0 };
            let rows = self.practice.search_rows(shelf, &[], Some(&of), window).await;
            children.extend(rows.map_err(|error| self.failed(error))?.iter().map(relative));
        }
        Ok(RecordView {
            key: row.key.clone(),
            name: search::name(row.kind, &row.values),
            seen: row.modified,
            stamp: row.stamp(),
            changed_at: local_time(row.changed_at, language),
            children,
            can_have_children: Area::all().any(|a| model::parents(a.0).contains(&row.kind)),
            changes: changes.iter().map(|change| view(change, language)).collect(),
        })
    }

    pub(super) async fn relative(
        &self,
        of: Option<&ActorRef>,
    ) -> Result<Option<Relative>, WebError> {
        let Some(of) = of else { return Ok(None) };
        let shelf = Shelf { client: self.place.shelf.client, kind: of.kind };
        let row = self.practice.find_row(shelf, &of.key).await;
        Ok(row.map_err(|error| self.failed(error))?.as_ref().map(relative))
    }

    pub(super) fn address(&self, key: &str) -> String {
        let Shelf { client, kind } = self.place.shelf;
        format!("/{client}/{}/{key}", Area(kind).path())
    }

    pub(super) fn failed(&self, error: PracticeError) -> WebError {
        WebError::of(self.place.visit.language, error)
    }
}

fn relative(row: &Row) -> Relative {
    Relative {
        area: Area(row.kind),
        of: row.actor_ref(),
        name: search::name(row.kind, &row.values),
    }
}
