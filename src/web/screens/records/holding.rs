//! The list of records narrowed to those that hold one list item in one field.

use crate::crm::fields::Catalogue;
use crate::i18n::named;
use crate::store::crm_lists;
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::{Portal, captions};

pub struct Holding {
    pub field: String,
    pub item: i64,
    pub words: String,
}

impl Holding {
    /// If there are such a field and such an item of its list.
    pub async fn find(
        visit: &Visit,
        portal: &Portal,
        catalogue: &Catalogue,
        (key, item): (&str, i64),
    ) -> Result<Self, WebError> {
        let field = catalogue.find(key).filter(|field| field.list.is_some());
        let field = field.ok_or(WebError::NotFound)?;
        let item = crm_lists::list_by_ids(&portal.store, &[item]).await?.pop();
        let item = item.filter(|item| Some(item.list) == field.list).ok_or(WebError::NotFound)?;
        let caption = named::field(captions::field(visit, field));
        let words = visit.t.records_holding(caption, named::item(visit.pick(&item.text)));
        Ok(Self { field: field.key.clone(), item: item.id, words })
    }
}
