//! Which fields records have: those they have from the start, and those that admins added. Changing these is
//! in [`super::crm_field_changes`].

use std::sync::Arc;

use serde::Deserialize;

use super::conditions::containing;
use super::row::{args, flag};
use super::{Read, Result, Tx};
use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::connector::types::ActorType;
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogue, Catalogues, CustomField, CustomFieldId, Field, List};
use crate::crm::value::FieldKind;

const COLUMNS: &str = "id, record_kind, label, kind, max_length, is_required, is_deleted, version, updated_at, \
                       updated_by";
/// How many records are looked at to say how many hold a value of a field.
const LOOKED_AT: i64 = 100_000;

#[derive(Deserialize)]
struct Columns {
    id: CustomFieldId,
    record: RecordKind,
    label: String,
    kind: FieldKind,
    max_length: i64,
    #[serde(deserialize_with = "flag")]
    is_required: bool,
    #[serde(deserialize_with = "flag")]
    is_deleted: bool,
    version: i64,
    updated_at: Millis,
    updated_by: String,
}

/// The fields of one kind of record.
pub async fn catalogue(mut db: impl Read, kind: RecordKind) -> Result<Arc<Catalogue>> {
    Ok(Arc::clone(fetch(&mut db).await?.of(kind)))
}

/// Those of all kinds, read once for many records or rows.
pub async fn catalogues(mut db: impl Read) -> Result<Catalogues> {
    fetch(&mut db).await
}

/// A transaction reads them once.
pub(super) async fn fetch(db: &mut impl Read) -> Result<Catalogues> {
    if let Some(Some(known)) = db.catalogues() {
        return Ok(known.clone());
    }
    let rows: Vec<Columns> = db.many(COLUMNS, "crm_field", "rank, id", args![]).await?;
    let custom: Vec<CustomField> = rows.into_iter().map(custom_field).collect();
    let catalogues = Catalogues::new(|kind| catalogue_of(kind, &custom));
    if let Some(place) = db.catalogues() {
        *place = Some(catalogues.clone());
    }
    Ok(catalogues)
}

fn catalogue_of(kind: RecordKind, custom: &[CustomField]) -> Arc<Catalogue> {
    let of_kind = |is_deleted: bool| {
        let fields = custom.iter().filter(|custom| custom.field.record == kind);
        let fields = fields.filter(|custom| custom.is_deleted == is_deleted);
        fields.map(|custom| custom.field.clone()).collect::<Vec<_>>()
    };
    let (live, deleted) = (of_kind(false), of_kind(true));
    match live.is_empty() && deleted.is_empty() {
        true => Catalogue::builtin(kind),
        false => Arc::new(Catalogue::new(kind, live, deleted)),
    }
}

/// What admins added to one kind of record, deleted or not, in order.
pub async fn list(mut db: impl Read, kind: RecordKind) -> Result<Vec<CustomField>> {
    let from = "crm_field WHERE record_kind = $1";
    let rows: Vec<Columns> = db.many(COLUMNS, from, "rank, id", args![kind.as_str()]).await?;
    Ok(rows.into_iter().map(custom_field).collect())
}

/// A field that an admin added, deleted or not.
pub async fn find(mut db: impl Read, id: CustomFieldId) -> Result<Option<CustomField>> {
    let rows: Vec<Columns> = db.many(COLUMNS, "crm_field WHERE id = $1", "id", args![id]).await?;
    Ok(rows.into_iter().next().map(custom_field))
}

/// Where a field is mapped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Use {
    pub connection: ConnectionId,
    /// Multi-language text.
    pub name: String,
    pub actor_type: ActorType,
}

/// Where a field is mapped, connections that were deleted left out.
pub async fn list_uses(mut db: impl Read, id: CustomFieldId) -> Result<Vec<Use>> {
    let from = "field_mapping f JOIN actor_mapping a ON a.id = f.actor_mapping_id \
                JOIN erp_connection c ON c.id = a.connection_id \
                WHERE f.crm_field = $1 AND NOT c.is_deleted";
    let columns = "c.id, c.name, a.actor_type";
    db.many(columns, from, "c.name, c.id, a.actor_type", args![CustomField::key(id)]).await
}

/// How many records hold a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holders {
    pub records: i64,
    /// How many of the newest records were looked at, when there are more.
    pub looked_at: Option<i64>,
}

/// Among the newest records; all of them, as long as there are not too many.
pub async fn count_holders(mut db: impl Read, custom: &CustomField) -> Result<Holders> {
    let sql = "SELECT COUNT(*) AS looked_at, COALESCE(SUM(CASE WHEN fields LIKE $2 ESCAPE '!' THEN 1 ELSE 0 END), 0) \
               AS records FROM (SELECT fields FROM crm_record WHERE kind = $1 ORDER BY id DESC LIMIT $3) newest";
    let kind = custom.field.record.as_str();
    let row = db.row(sql, args![kind, holding(custom.id), LOOKED_AT]).await?;
    let Some(row) = row else { return Ok(Holders { records: 0, looked_at: None }) };
    let looked_at = Some(row.int("looked_at")?).filter(|looked_at| *looked_at == LOOKED_AT);
    Ok(Holders { records: row.int("records")?, looked_at })
}

/// The length of the longest text that a record holds.
pub(super) async fn longest(mut tx: &mut Tx, custom: &CustomField) -> Result<i64> {
    let value = tx.dialect().member("fields", "$3");
    let sql = format!(
        "SELECT CAST(COALESCE(MAX(LENGTH({value})), 0) AS BIGINT) AS longest FROM crm_record \
         WHERE kind = $1 AND fields LIKE $2 ESCAPE '!'"
    );
    let kind = custom.field.record.as_str();
    let row = tx.row(&sql, args![kind, holding(custom.id), &custom.field.key]).await?;
    row.map_or(Ok(0), |row| row.int("longest"))
}

/// A pattern for the stored values of a record that has one of this field.
fn holding(id: CustomFieldId) -> String {
    containing(&format!("\"{}\":", CustomField::key(id)))
}

fn custom_field(row: Columns) -> CustomField {
    let field = Field {
        record: row.record,
        key: CustomField::key(row.id),
        label: Some(row.label),
        kind: row.kind,
        list: (row.kind == FieldKind::List).then_some(List::Custom(row.id)),
        max_length: row.max_length,
        is_required: row.is_required,
    };
    CustomField {
        id: row.id,
        field,
        is_deleted: row.is_deleted,
        version: row.version,
        updated_at: row.updated_at,
        updated_by: row.updated_by,
    }
}
