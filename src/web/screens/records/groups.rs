//! A kind's fields under headings, as forms and views show them.

use crate::crm::fields::{Catalogue, Field};
use crate::crm::value::FieldKind;
use crate::i18n::Texts;

pub fn grouped(t: Texts, catalogue: &Catalogue) -> Vec<(&'static str, Vec<&Field>)> {
    let mut groups = [
        (t.records_group_main(), Vec::new()),
        (t.records_group_street(), Vec::new()),
        (t.records_group_postal(), Vec::new()),
        (t.records_group_more(), Vec::new()),
        (t.records_group_custom(), Vec::new()),
    ];
    for field in catalogue.all() {
        let group = match field.key.as_str() {
            _ if field.label.is_some() => 4,
            key if key.starts_with("street_") => 1,
            key if key.starts_with("postal_") => 2,
            _ if matches!(
                field.kind,
                FieldKind::Whole | FieldKind::Decimal | FieldKind::Check | FieldKind::Date
            ) =>
            {
                3
            }
            _ => 0,
        };
        groups[group].1.push(field);
    }
    groups.into_iter().filter(|(_, fields)| !fields.is_empty()).collect()
}

/// A caption under a heading that it begins with: without saying it again.
pub fn within(heading: &str, caption: String) -> String {
    let rest = caption.strip_prefix(heading).and_then(|rest| rest.strip_prefix(": "));
    let Some(rest) = rest else { return caption };
    let mut letters = rest.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
