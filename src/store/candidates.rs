//! The users and groups that can be let into a connection, page by page: groups first, each by name.

use super::conditions::{Conditions, containing};
use super::page::{Page, Place};
use super::row::{Row, to_json};
use super::{Read, Result, access};
use crate::connections::Grantee;
use crate::users::norm;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub who: Grantee,
    pub name: String,
    /// Blank for a group.
    pub login: String,
}

/// Which of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Part of a name or a log-in.
    pub search: &'a str,
    /// Those who are in the scope. Of the others, whoever is disabled is no candidate.
    pub chosen: &'a [Grantee],
    /// Nobody but those.
    pub only_chosen: bool,
}

/// One page; places are ids of groups and users, of which no two are the same.
pub async fn page(
    mut db: impl Read,
    filter: Filter<'_>,
    place: Place,
    limit: i64,
) -> Result<Page<Candidate>> {
    let (compare, direction) = place.way();
    let mut conditions = Conditions::default();
    let search = conditions.bind(containing(&norm(filter.search)));
    let (users, groups) = access::apart(filter.chosen);
    let users = conditions.bind(to_json(&users)?);
    let users = format!("id IN {}", db.dialect().ids(&users));
    let (mut of_users, mut of_groups) =
        (format!("(NOT is_disabled OR {users})"), "TRUE".to_owned());
    if filter.only_chosen {
        let groups = conditions.bind(to_json(&groups)?);
        of_groups = format!("id IN {}", db.dialect().ids(&groups));
        of_users = users;
    }
    let from = format!(
        "SELECT CAST(0 AS BIGINT) AS kind, id, name, '' AS login, name_norm AS norm FROM user_group \
         WHERE name_norm LIKE {search} ESCAPE '!' AND {of_groups} \
         UNION ALL SELECT CAST(1 AS BIGINT), id, name, login, login_norm FROM app_user \
         WHERE search_text LIKE {search} ESCAPE '!' AND {of_users}"
    );
    if let Place::After(id) | Place::Before(id) = place {
        let at = conditions.bind(id);
        let there = format!(
            "SELECT kind, norm FROM (SELECT CAST(0 AS BIGINT) AS kind, name_norm AS norm FROM user_group \
             WHERE id = {at} UNION ALL SELECT CAST(1 AS BIGINT), login_norm FROM app_user WHERE id = {at}) o"
        );
        // Behind somebody who is gone, the list begins anew.
        conditions.and(format!("(NOT EXISTS ({there}) OR (kind, norm) {compare} ({there}))"));
    }
    let limit_arg = conditions.bind(limit + 1);
    let (condition, args) = conditions.finish();
    let sql = format!(
        "SELECT kind, id, name, login FROM ({from}) c WHERE {condition} \
         ORDER BY kind {direction}, norm {direction} LIMIT {limit_arg}"
    );
    let rows = db.rows(&sql, args).await?;
    let found = rows.iter().map(candidate).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut_as_read(found, place, limit))
}

fn candidate(row: &Row) -> Result<Candidate> {
    let id = row.int("id")?;
    let who = if row.int("kind")? == 0 { Grantee::Group(id) } else { Grantee::User(id) };
    Ok(Candidate { who, name: row.text("name")?, login: row.text("login")? })
}
