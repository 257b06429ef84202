//! The sync log: each field that was synchronised, each conflict, with the values before and after.

mod view;

use actix_web::web::{Data, Query};
use serde::Deserialize;

use self::view::IndexPage;
use crate::crm::RecordKind;
use crate::store::history_log::{self, Filter, SYNC_LOG};
use crate::store::page::{PAGE, Page};
use crate::store::{connections, crm_fields};
use crate::web::error::Answer;
use crate::web::form::Problems;
use crate::web::history_filter::Wanted;
use crate::web::visit::Visit;
use crate::web::{Portal, page};

/// The filter of the log; the rest of it is that of the history.
#[derive(Default, Deserialize)]
pub struct Field {
    /// A CRM field, `company:phone`.
    #[serde(default)]
    field: String,
}

impl Field {
    fn parts(&self) -> Option<(RecordKind, &str)> {
        let (kind, key) = self.field.split_once(':')?;
        Some((RecordKind::parse(kind)?, key))
    }

    /// The filter for this field alone.
    fn narrow(&self, filter: Filter) -> Filter {
        let filter = Filter { actions: SYNC_LOG.to_vec(), ..filter };
        match self.parts() {
            // As the row's values are stored.
            Some((kind, key)) => Filter {
                subject_kind: kind.as_str().to_owned(),
                values: format!("\"field\":\"{key}\""),
                ..filter
            },
            None => filter,
        }
    }
}

pub async fn index(
    visit: Visit,
    portal: Data<Portal>,
    Query(wanted): Query<Wanted>,
    Query(field): Query<Field>,
) -> Answer {
    let wanted = Wanted { action: String::new(), values: String::new(), ..wanted };
    let (found, problems) = match wanted.check(&visit.zone) {
        Ok(filter) => {
            let filter = field.narrow(filter);
            let found = history_log::page(&portal.store, &filter, wanted.place(), PAGE).await?;
            (found, Problems::default())
        }
        Err(problems) => {
            (Page { items: Vec::new(), has_previous: false, has_next: false }, problems)
        }
    };
    let connections = connections::list_with_deleted(&portal.store).await?;
    let page = IndexPage {
        visit: &visit,
        wanted: &wanted,
        field: &field.field,
        found,
        connections,
        catalogues: crm_fields::catalogues(&portal.store).await?,
        problems: &problems,
    };
    if problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
}
