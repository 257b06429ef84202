//! Mappings of a connection: read whole, saved whole. How they may be edited is in [`crate::mapping`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::StoreError;
use super::mapping_events::events;
use super::mapping_rows::select;
use super::row::{args, to_json};
use super::{Read, Result, Tx, connections, crm_lists, id, links};
use crate::connections::ConnectionId;
use crate::connector::types::ActorType;
use crate::history::Actor;
use crate::mapping::rules::{FieldRules, ItemRule};
use crate::mapping::{ActorMapping, ActorMappingId, Direction, FieldMapping};

/// The mappings of a connection, in the order of [`ActorType::ALL`].
pub async fn list(db: impl Read, connection: ConnectionId) -> Result<Vec<ActorMapping>> {
    select(db, "a.connection_id = $1", args![connection]).await
}

/// The mapping of one actor type.
pub async fn find(
    db: impl Read,
    connection: ConnectionId,
    kind: ActorType,
) -> Result<Option<ActorMapping>> {
    let condition = "a.connection_id = $1 AND a.actor_type = $2";
    Ok(select(db, condition, args![connection, kind.as_str()]).await?.pop())
}

/// The mappings of all other connections that are not deleted; for
/// [`crate::mapping::matrix::mapped_elsewhere`].
pub async fn list_elsewhere(db: impl Read, connection: ConnectionId) -> Result<Vec<ActorMapping>> {
    let condition =
        "a.connection_id IN (SELECT id FROM erp_connection WHERE id <> $1 AND NOT is_deleted)";
    select(db, condition, args![connection]).await
}

/// Saves a mapping on top of the version it bears; with the id 0, as a new one. Only what differs is
/// written, and said in the history. When other values are to travel than before, all links of the type
/// are looked at anew, on both sides, and a run that is going on ends.
pub async fn save(tx: &mut Tx, actor: &Actor, wanted: &ActorMapping) -> Result<ActorMappingId> {
    let connection = connections::find(&mut *tx, wanted.connection_id).await?;
    let connection = connection.ok_or(StoreError::Overtaken)?;
    let before = find(&mut *tx, connection.id, wanted.kind).await?;
    let is_current = before.as_ref().map_or((0, 0), |before| (before.id, before.version))
        == (wanted.id, if wanted.id == 0 { 0 } else { wanted.version });
    if !is_current {
        return Err(StoreError::Overtaken);
    }
    let mut after = with_ids(tx, wanted.clone());
    if let Some(before) = &before {
        // Fields that came or went meanwhile are no change of the mapping.
        after.catalogue = Arc::clone(&before.catalogue);
    }
    if let Some(before) = before.as_ref().filter(|before| **before == after) {
        name_items(tx, before, &after).await?;
        return Ok(after.id);
    }
    let items: Vec<i64> = before
        .iter()
        .chain([&after])
        .flat_map(|m| &m.fields)
        .flat_map(|f| f.items.values().copied().chain(f.item_rule.crm_default))
        .collect();
    let texts = crm_lists::texts(&mut *tx, &items).await?;
    for event in events(&connection, before.as_ref(), &after, &texts) {
        tx.record(actor, &event).await?;
    }
    write(tx, before.as_ref(), &after).await?;
    if before.is_some_and(|before| travelling(&before) != travelling(&after)) {
        connections::supersede(tx, after.connection_id).await?;
        links::mark_type(tx, after.connection_id, after.kind).await?;
    }
    Ok(after.id)
}

/// The same for what only a connection at rest may have changed. [`StoreError::InUse`]: somebody activated it
/// meanwhile.
pub async fn save_at_rest(
    tx: &mut Tx,
    actor: &Actor,
    wanted: &ActorMapping,
) -> Result<ActorMappingId> {
    tx.alone().await?;
    let connection = connections::find(&mut *tx, wanted.connection_id).await?;
    if connection.is_some_and(|connection| connection.is_active) {
        return Err(StoreError::InUse);
    }
    save(tx, actor, wanted).await
}

/// Which values of a field travel where, under which rules and list items.
#[derive(PartialEq)]
struct Travelling<'a> {
    crm: &'a str,
    direction: Direction,
    rules: FieldRules,
    items: &'a BTreeMap<String, i64>,
    item_rule: &'a ItemRule,
}

fn travelling(mapping: &ActorMapping) -> (bool, BTreeMap<&str, Travelling<'_>>) {
    let fields = mapping.synchronised().map(|(field, crm)| {
        let FieldMapping { direction, rules, ref items, ref item_rule, .. } = *field;
        (field.erp.key.as_str(), Travelling { crm, direction, rules, items, item_rule })
    });
    (mapping.is_active && !mapping.is_missing, fields.collect())
}

/// With ids for what is new, and without what a connector suggests as a password.
fn with_ids(tx: &Tx, mut mapping: ActorMapping) -> ActorMapping {
    let fresh = |known: i64| if known == 0 { id::fresh(tx.clock().now()) } else { known };
    mapping.id = fresh(mapping.id);
    for field in &mut mapping.fields {
        field.id = fresh(field.id);
        field.erp = field.erp.clone().without_secret();
    }
    mapping
}

async fn write(tx: &mut Tx, before: Option<&ActorMapping>, after: &ActorMapping) -> Result<()> {
    match before {
        None => {
            tx.execute_one(
                "INSERT INTO actor_mapping (id, connection_id, actor_type, is_active, is_missing, searchable, \
                 version) VALUES ($1, $2, $3, $4, $5, $6, 1)",
                args![
                    after.id,
                    after.connection_id,
                    after.kind.as_str(),
                    after.is_active,
                    after.is_missing,
                    to_json(&after.searchable)?
                ],
            )
            .await?;
        }
        Some(before) => {
            tx.execute_one(
                "UPDATE actor_mapping SET is_active = $3, is_missing = $4, searchable = $5, version = version + 1 \
                 WHERE id = $1 AND version = $2",
                args![
                    before.id,
                    before.version,
                    after.is_active,
                    after.is_missing,
                    to_json(&after.searchable)?
                ],
            )
            .await?;
        }
    }
    for (rank, field) in (1..).zip(&after.fields) {
        let old = before.and_then(|before| {
            let rank = before.fields.iter().position(|old| old.erp.key == field.erp.key)?;
            Some((i64::try_from(rank + 1).unwrap_or_default(), &before.fields[rank]))
        });
        if old != Some((rank, field)) || old.is_some_and(|(_, old)| is_renamed(old, field)) {
            write_field(tx, after.id, rank, field).await?;
        }
        if old.map_or(!field.items.is_empty(), |(_, old)| old.items != field.items) {
            write_items(tx, field).await?;
        }
    }
    Ok(())
}

/// What the item of a default is called is told to readers, and no change of the mapping.
async fn name_items(tx: &mut Tx, before: &ActorMapping, after: &ActorMapping) -> Result<()> {
    for (rank, (old, field)) in (1..).zip(before.fields.iter().zip(&after.fields)) {
        if is_renamed(old, field) {
            write_field(tx, after.id, rank, field).await?;
        }
    }
    Ok(())
}

fn is_renamed(old: &FieldMapping, new: &FieldMapping) -> bool {
    let name = |field: &FieldMapping| field.default.as_ref().map(|rule| rule.item.clone());
    name(old) != name(new)
}

async fn write_field(
    tx: &mut Tx,
    mapping: ActorMappingId,
    rank: i64,
    field: &FieldMapping,
) -> Result<()> {
    let rule = field.default.as_ref().map(to_json).transpose()?;
    let item_rule = (!field.item_rule.is_plain()).then(|| to_json(&field.item_rule)).transpose()?;
    tx.execute_one(
        "INSERT INTO field_mapping (id, actor_mapping_id, erp_key, erp_field, is_missing_in_erp, crm_field, to_crm, \
         to_erp, is_shown_in_search, is_shown_in_tab, default_rule, rank, \
         when_to_crm, when_to_erp, may_blank, item_rule) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (id) DO UPDATE SET \
         erp_field = excluded.erp_field, is_missing_in_erp = excluded.is_missing_in_erp, \
         crm_field = excluded.crm_field, to_crm = excluded.to_crm, to_erp = excluded.to_erp, \
         is_shown_in_search = excluded.is_shown_in_search, is_shown_in_tab = excluded.is_shown_in_tab, \
         default_rule = excluded.default_rule, rank = excluded.rank, when_to_crm = excluded.when_to_crm, \
         when_to_erp = excluded.when_to_erp, may_blank = excluded.may_blank, item_rule = excluded.item_rule",
        args![
            field.id,
            mapping,
            &field.erp.key,
            to_json(&field.erp)?,
            field.is_missing_in_erp,
            field.crm_field.as_deref(),
            field.direction.to_crm,
            field.direction.to_erp,
            field.is_shown_in_search,
            field.is_shown_in_tab,
            rule.as_deref(),
            rank,
            field.rules.to_crm.as_str(),
            field.rules.to_erp.as_str(),
            field.rules.may_blank,
            item_rule.as_deref()
        ],
    )
    .await
}

async fn write_items(tx: &mut Tx, field: &FieldMapping) -> Result<()> {
    let clear = "DELETE FROM item_mapping WHERE field_mapping_id = $1";
    tx.execute(clear, args![field.id]).await?;
    for (erp, crm) in &field.items {
        let sql =
            "INSERT INTO item_mapping (field_mapping_id, erp_item, crm_item) VALUES ($1, $2, $3)";
        tx.execute_one(sql, args![field.id, erp, *crm]).await?;
    }
    Ok(())
}
