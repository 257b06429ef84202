//! How the links of connections stand, counted no further than is told apart, and the links behind each figure,
//! page by page.

use std::collections::BTreeMap;

use super::conditions::{Conditions, containing};
use super::links::{self, find_by_record};
use super::page::{Page, Place};
use super::row::{Arg, Row, args};
use super::{Read, Result};
use crate::connections::ConnectionId;
use crate::crm::fold::words;
use crate::links::{Link, LinkState, Standing};

/// How the links of each connection stand.
pub async fn list(db: impl Read) -> Result<BTreeMap<ConnectionId, Standing>> {
    select(db, "TRUE", args![Standing::MOST + 1]).await
}

/// How the links of one connection stand.
pub async fn find(db: impl Read, connection: ConnectionId) -> Result<Standing> {
    let found = select(db, "c.id = $2", args![Standing::MOST + 1, connection]).await?;
    Ok(found.get(&connection).copied().unwrap_or_default())
}

/// All links are counted as they come and go; of the others, an index is read as far as the figure goes.
async fn select(
    mut db: impl Read,
    condition: &str,
    args: Vec<Arg<'_>>,
) -> Result<BTreeMap<ConnectionId, Standing>> {
    let of = "FROM link WHERE connection_id = c.id";
    let sql = format!(
        "SELECT c.id, \
         COALESCE((SELECT links FROM link_count n WHERE n.connection_id = c.id), 0) AS linked, \
         (SELECT COUNT(*) FROM (SELECT id {of} AND failure IS NOT NULL LIMIT $1) f) AS failing, \
         (SELECT COUNT(*) FROM (SELECT id {of} AND is_dirty LIMIT $1) d) AS seen, \
         (SELECT COUNT(*) FROM (SELECT failure {of} AND is_dirty LIMIT $1) w WHERE w.failure IS NULL) AS waiting \
         FROM erp_connection c WHERE {condition}"
    );
    let rows = db.rows(&sql, args).await?;
    rows.iter().map(|row| Ok((row.int("id")?, standing(row)?))).collect()
}

fn standing(row: &Row) -> Result<Standing> {
    Ok(Standing {
        linked: row.int("linked")?,
        waiting: row.int("waiting")?,
        has_more_waiting: row.int("seen")? > Standing::MOST,
        failing: row.int("failing")?,
    })
}

/// Which links of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    pub state: LinkState,
    /// Part of the record's name.
    pub search: &'a str,
}

/// One page of links, in the order in which an index has them; places are records.
pub async fn page(
    mut db: impl Read,
    connection: ConnectionId,
    filter: Filter<'_>,
    place: Place,
    limit: i64,
) -> Result<Page<Link>> {
    // Behind a record that is no longer linked, the list begins anew.
    let (at, place) = match place {
        Place::First => (None, place),
        Place::After(record) | Place::Before(record) => {
            match find_by_record(&mut db, connection, record).await? {
                None => (None, Place::First),
                found => (found, place),
            }
        }
    };
    let (compare, direction) = place.way();
    let mut conditions = Conditions::default();
    conditions.compare("connection_id =", connection);
    let (only, order): (_, &[&str]) = match filter.state {
        LinkState::Linked => ("TRUE", &["record_id"]),
        LinkState::Waiting => ("is_dirty AND failure IS NULL", &["actor_type", "id"]),
        LinkState::Failing => ("failure IS NOT NULL", &["id"]),
    };
    conditions.and(only.to_owned());
    if let Some(at) = &at {
        let values = order.iter().map(|column| match *column {
            "record_id" => conditions.bind(at.record_id),
            "actor_type" => conditions.bind(at.actor.kind.as_str()),
            _ => conditions.bind(at.id),
        });
        let values: Vec<String> = values.collect();
        conditions.and(format!("({}) {compare} ({})", order.join(", "), values.join(", ")));
    }
    for word in words(filter.search) {
        let word = conditions.bind(containing(&word));
        conditions.and(format!(
            "EXISTS (SELECT 1 FROM crm_record r WHERE r.id = record_id AND r.name_norm LIKE {word} ESCAPE '!')"
        ));
    }
    let limit_arg = conditions.bind(limit + 1);
    let (inner, args) = conditions.finish();
    let inner_order =
        order.iter().map(|column| format!("{column} {direction}")).collect::<Vec<_>>();
    let condition = format!(
        "id IN (SELECT id FROM link WHERE {inner} ORDER BY {} LIMIT {limit_arg})",
        inner_order.join(", ")
    );
    let found = links::select(db, &condition, &order.join(", "), args).await?;
    Ok(Page::cut(found, place, limit))
}
