//! CRM values as a reader of the language writes them.

use crate::crm::value::Value;
use crate::i18n::format;
use crate::store::crm_lists::Item;
use crate::web::visit::Visit;

pub fn shown(visit: &Visit, value: &Value, items: &[Item]) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Whole(number) => format::integer(visit.language, *number),
        Value::Decimal(number) => format::decimal(visit.language, *number),
        Value::Check(ticked) => if *ticked { visit.t.yes() } else { visit.t.no() }.to_owned(),
        Value::Date(date) => format::date(visit.language, *date),
        Value::Item(id) => items
            .iter()
            .find(|item| item.id == *id)
            .map_or_else(String::new, |item| self::item(visit, item)),
    }
}

/// An item; one that was taken off its list is said to be so.
pub fn item(visit: &Visit, item: &Item) -> String {
    let text = visit.pick(&item.text);
    if item.is_deleted { visit.t.records_item_removed(text) } else { text.to_owned() }
}
