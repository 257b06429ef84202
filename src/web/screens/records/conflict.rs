//! What two people made of the same record.

use super::company::with_place;
use super::form::Checked;
use super::view::EditPage;
use crate::crm::{Record, RecordId};
use crate::web::conflict::{Conflict, Difference, differences};
use crate::web::{captions, values};

/// That somebody else saved `theirs` first, with the fields in which both versions differ.
pub fn of(page: &EditPage, theirs: &Record, yours: &Checked, companies: &[Record]) -> Conflict {
    let (visit, items) = (page.visit, &page.items);
    let mut rows = Vec::new();
    if theirs.parent != yours.parent {
        let name = |id: Option<RecordId>| {
            let found = companies.iter().find(|company| Some(company.id) == id);
            found.map_or_else(String::new, with_place)
        };
        let caption = visit.t.records_field_company().to_owned();
        let (theirs, yours) = (name(theirs.parent), name(yours.parent));
        rows.push(Difference { caption, theirs, yours });
    }
    rows.extend(differences(page.catalogue.all().iter().map(|field| {
        let caption = captions::field(visit, field);
        let (theirs, yours) = (theirs.values.get(&field.key), yours.values.get(&field.key));
        (caption, values::shown(visit, theirs, items), values::shown(visit, yours, items))
    })));
    Conflict::with(visit, &theirs.updated_by, theirs.updated_at, rows)
}
