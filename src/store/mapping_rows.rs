//! Mappings as they come out of their three tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;
use super::row::{Arg, flag};
use super::{Read, Result, crm_fields};
use crate::connections::ConnectionId;
use crate::connector::types::{ActorType, FieldInfo};
use crate::crm::fields::Catalogues;
use crate::mapping::rules::{FieldRules, ItemRule, When};
use crate::mapping::{
    ActorMapping, ActorMappingId, DefaultRule, Direction, FieldMapping, FieldMappingId, record_kind,
};

#[derive(Deserialize)]
struct MappingColumns {
    id: ActorMappingId,
    connection_id: ConnectionId,
    actor_type: String,
    #[serde(deserialize_with = "flag")]
    is_active: bool,
    #[serde(deserialize_with = "flag")]
    is_missing: bool,
    searchable: String,
    version: i64,
}

#[derive(Deserialize)]
struct FieldColumns {
    id: FieldMappingId,
    mapping: ActorMappingId,
    erp_field: String,
    #[serde(deserialize_with = "flag")]
    is_missing_in_erp: bool,
    crm_field: Option<String>,
    #[serde(deserialize_with = "flag")]
    to_crm: bool,
    #[serde(deserialize_with = "flag")]
    to_erp: bool,
    #[serde(deserialize_with = "flag")]
    is_shown_in_search: bool,
    #[serde(deserialize_with = "flag")]
    is_shown_in_tab: bool,
    default_rule: Option<String>,
    when_to_crm: String,
    when_to_erp: String,
    #[serde(deserialize_with = "flag")]
    may_blank: bool,
    item_rule: Option<String>,
}

/// The mappings `a` for which the condition holds, with their fields and list items.
pub(super) async fn select(
    mut db: impl Read,
    condition: &str,
    args: Vec<Arg<'_>>,
) -> Result<Vec<ActorMapping>> {
    let from = format!("actor_mapping a WHERE {condition}");
    let columns =
        "a.id, a.connection_id, a.actor_type, a.is_active, a.is_missing, a.searchable, a.version";
    let mappings: Vec<MappingColumns> =
        db.many(columns, &from, "a.connection_id, a.id", args.clone()).await?;
    let from = format!("field_mapping f WHERE f.actor_mapping_id IN (SELECT a.id FROM {from})");
    let columns = "f.id, f.actor_mapping_id, f.erp_field, f.is_missing_in_erp, f.crm_field, f.to_crm, f.to_erp, \
                   f.is_shown_in_search, f.is_shown_in_tab, f.default_rule, f.when_to_crm, f.when_to_erp, \
                   f.may_blank, f.item_rule";
    let fields: Vec<FieldColumns> = db.many(columns, &from, "f.rank, f.id", args.clone()).await?;
    let from = format!("item_mapping i WHERE i.field_mapping_id IN (SELECT f.id FROM {from})");
    let columns = "i.field_mapping_id, i.erp_item, i.crm_item";
    let items: Vec<(FieldMappingId, String, i64)> =
        db.many(columns, &from, "i.field_mapping_id, i.erp_item", args).await?;
    assemble(&crm_fields::fetch(&mut db).await?, mappings, fields, items)
}

fn assemble(
    catalogues: &Catalogues,
    mappings: Vec<MappingColumns>,
    fields: Vec<FieldColumns>,
    items: Vec<(FieldMappingId, String, i64)>,
) -> Result<Vec<ActorMapping>> {
    let mut items_of: BTreeMap<FieldMappingId, BTreeMap<String, i64>> = BTreeMap::new();
    for (field, erp, crm) in items {
        items_of.entry(field).or_default().insert(erp, crm);
    }
    let mut fields_of: BTreeMap<ActorMappingId, Vec<FieldMapping>> = BTreeMap::new();
    for row in fields {
        let items = items_of.remove(&row.id).unwrap_or_default();
        fields_of.entry(row.mapping).or_default().push(field(row, items)?);
    }
    let mut all = Vec::with_capacity(mappings.len());
    for row in mappings {
        let fields = fields_of.remove(&row.id).unwrap_or_default();
        all.push(mapping(catalogues, row, fields)?);
    }
    all.sort_by_key(|mapping: &ActorMapping| (mapping.connection_id, mapping.kind));
    Ok(all)
}

fn mapping(
    catalogues: &Catalogues,
    row: MappingColumns,
    fields: Vec<FieldMapping>,
) -> Result<ActorMapping> {
    let kind = ActorType::parse(&row.actor_type).ok_or_else(|| damaged("actor_type"))?;
    let searchable = serde_json::from_str(&row.searchable).map_err(|_| damaged("searchable"))?;
    Ok(ActorMapping {
        id: row.id,
        connection_id: row.connection_id,
        kind,
        is_active: row.is_active,
        is_missing: row.is_missing,
        searchable,
        fields,
        version: row.version,
        catalogue: Arc::clone(catalogues.of(record_kind(kind))),
    })
}

fn field(row: FieldColumns, items: BTreeMap<String, i64>) -> Result<FieldMapping> {
    let erp: FieldInfo = serde_json::from_str(&row.erp_field).map_err(|_| damaged("erp_field"))?;
    let erp = erp.without_secret();
    let default: Option<DefaultRule> = read(row.default_rule, "default_rule")?;
    let item_rule: Option<ItemRule> = read(row.item_rule, "item_rule")?;
    let when = |name: &str, column| When::parse(name).ok_or_else(|| damaged(column));
    let rules = FieldRules {
        to_crm: when(&row.when_to_crm, "when_to_crm")?,
        to_erp: when(&row.when_to_erp, "when_to_erp")?,
        may_blank: row.may_blank,
    };
    Ok(FieldMapping {
        id: row.id,
        erp,
        is_missing_in_erp: row.is_missing_in_erp,
        crm_field: row.crm_field,
        direction: Direction { to_crm: row.to_crm, to_erp: row.to_erp },
        rules,
        is_shown_in_search: row.is_shown_in_search,
        is_shown_in_tab: row.is_shown_in_tab,
        default,
        items,
        item_rule: item_rule.unwrap_or_default(),
    })
}

fn read<T: DeserializeOwned>(json: Option<String>, column: &str) -> Result<Option<T>> {
    json.map(|json| serde_json::from_str(&json)).transpose().map_err(|_| damaged(column))
}

fn damaged(column: &str) -> StoreError {
    StoreError::Damaged(format!("mapping.{column}"))
}
