//! Which fields records have.

use std::sync::Arc;

use super::{Read, Result};
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogue, Catalogues};

/// The fields of one kind of record.
pub async fn catalogue(mut db: impl Read, kind: RecordKind) -> Result<Arc<Catalogue>> {
    Ok(Arc::clone(fetch(&mut db).await?.of(kind)))
}

/// Those of all kinds, read once for many records or rows.
pub async fn catalogues(mut db: impl Read) -> Result<Catalogues> {
    fetch(&mut db).await
}

pub(super) async fn fetch(_db: &mut impl Read) -> Result<Catalogues> {
    Ok(Catalogues::builtin().clone())
}
