//! The company that a person or project belongs to: typed as its name or number, with the id that the typed
//! text is known to stand for.

use crate::crm::{Record, RecordId, RecordKind};
use crate::store::crm::{self, Filter};
use crate::store::page::Place;
use crate::web::Portal;
use crate::web::error::WebError;

/// The most companies of one name that are offered to choose from.
pub const MOST: usize = 25;

/// What came of the text.
pub enum Lookup {
    None,
    Found(RecordId),
    Unknown,
    /// One more than [`MOST`]: there are others.
    Ambiguous(Vec<Record>),
}

/// The company `chosen` for this text counts; without one, it is looked for.
pub async fn find(
    portal: &Portal,
    typed: &str,
    chosen: Option<RecordId>,
) -> Result<Lookup, WebError> {
    if typed.is_empty() {
        return Ok(Lookup::None);
    }
    if let Some(id) = chosen
        && crm::find(&portal.store, RecordKind::Company, id).await?.is_some()
    {
        return Ok(Lookup::Found(id));
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let named = crm::list_by_name(&portal.store, RecordKind::Company, typed, most + 1).await?;
    if !named.is_empty() {
        return Ok(best(named, |company| company.name() == typed));
    }
    // A number has no index; but whoever types one has it from somewhere, and does not guess.
    let filter = Filter { search: typed, ..Filter::all(RecordKind::Company) };
    let found = crm::page(&portal.store, filter, Place::First, 200).await?.items;
    let numbered: Vec<Record> = found
        .into_iter()
        .map(|listed| listed.record)
        .filter(|company| company.values.text("number") == typed)
        .collect();
    Ok(best(numbered, |_| false))
}

/// The only one, or the only one that fits to the letter.
fn best(found: Vec<Record>, fits: impl Fn(&Record) -> bool) -> Lookup {
    let mut exact = found.iter().filter(|company| fits(company));
    match (found.as_slice(), exact.next(), exact.next()) {
        ([], ..) => Lookup::Unknown,
        ([only], ..) | (_, Some(only), None) => Lookup::Found(only.id),
        _ => Lookup::Ambiguous(found),
    }
}

/// A company so that it is not taken for another of the same name: with town and number.
pub fn with_place(company: &Record) -> String {
    let town = ["street_zip", "street_city"].map(|key| company.values.text(key)).join(" ");
    let parts = [company.name(), town.trim().to_owned(), company.values.text("number").to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" – ")
}
