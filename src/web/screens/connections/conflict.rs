//! What two editors made of the same connection: name, description and configuration. Of a secret
//! only that it is another one.

use super::declared::Declared;
use super::draft::{Draft, Old};
use super::view;
use crate::connections::ErpConnection;
use crate::connector::types::{FieldInfo, FieldType, Settings};
use crate::web::conflict::{Conflict, differences};

/// Of what is saved now and what stands in the form.
pub fn of(draft: &Draft<'_>, saved: &Old) -> Conflict {
    let (visit, theirs) = (draft.visit, &saved.connection);
    let t = visit.t;
    let mut rows = vec![
        (t.name().to_owned(), theirs.name.clone(), draft.form.name.clone()),
        (t.description().to_owned(), theirs.description.clone(), draft.form.description.clone()),
    ];
    if let Some(declared) = draft.declared.as_ref().filter(|_| !draft.is_active()) {
        rows.extend(declared.inputs().map(|field| row(draft, declared, field, &saved.settings)));
    }
    let ErpConnection { updated_by, updated_at, .. } = theirs;
    Conflict::with(visit, updated_by, *updated_at, differences(rows))
}

fn row(
    draft: &Draft<'_>,
    declared: &Declared,
    field: &FieldInfo,
    saved: &Settings,
) -> (String, String, String) {
    let visit = draft.visit;
    let caption = visit.pick(&field.name).to_owned();
    let typed = draft.values.settings.get(&field.key);
    if field.kind == FieldType::Password {
        let theirs = saved.get(&field.key).unwrap_or_default();
        let theirs_in_words = view::secret(visit, !theirs.is_empty()).to_owned();
        let is_other = typed.is_some_and(|typed| typed != theirs);
        let yours = if is_other { visit.t.connections_secret_changed() } else { &theirs_in_words };
        let yours = yours.to_owned();
        return (caption, theirs_in_words, yours);
    }
    let theirs = declared.value(field, saved);
    let shown = |raw: &str| declared.display(field, raw, visit.t);
    // What was typed wrong has no value yet; it stands in the form with its problem.
    let yours = typed.map_or_else(|| shown(theirs), shown);
    (caption, shown(theirs), yours)
}
