//! Reading actors: by key, by text, by change, page by page.

use sqlx::{Executor, Sqlite, SqliteConnection};

use super::{Result, Row, json, read_row, select_actors};
use crate::clock::Millis;
use crate::connector::types::{ActorRef, ActorType};
use crate::practice::Practice;
use crate::practice::search::{self, conditions::Condition};

/// How many rows are read in one go where all may be needed.
const PAGE: i64 = 500;

/// Whose rows, and of which kind.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    pub client: &'a str,
    pub kind: ActorType,
}

/// Which part of a long answer.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub limit: i64,
    pub offset: i64,
}

/// What changed in a client, from a number on.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// The lowest number asked for.
    pub modified: i64,
    /// Rows that were last changed before are left out.
    pub changed_at: Millis,
}

impl Practice {
    pub async fn find_row(&self, shelf: Shelf<'_>, key: &str) -> Result<Option<Row>> {
        let mut connection = self.read.acquire().await?;
        find(&mut connection, shelf, key).await
    }

    /// Those of the keys that exist, in the order of keys.
    pub async fn list_rows(&self, shelf: Shelf<'_>, keys: &[String]) -> Result<Vec<Row>> {
        const SQL: &str = select_actors!(
            "WHERE client = $1 AND kind = $2 AND key IN (SELECT value FROM json_each($3)) ORDER BY key"
        );
        let query = sqlx::query(SQL).bind(shelf.client).bind(shelf.kind.as_str()).bind(json(keys)?);
        query.fetch_all(&self.read).await?.iter().map(read_row).collect()
    }

    /// Rows that hold every one of these folded words, by name; those under one parent where there is one.
    pub async fn search_rows(
        &self,
        shelf: Shelf<'_>,
        words: &[String],
        parent: Option<&ActorRef>,
        window: Window,
    ) -> Result<Vec<Row>> {
        const ALL: &str = select_actors!(
            "WHERE client = $1 AND kind = $2
               AND NOT EXISTS (SELECT 1 FROM json_each($3) WHERE instr(search, value) = 0)
             ORDER BY label, key LIMIT $4 OFFSET $5"
        );
        const CHILDREN: &str = select_actors!(
            "WHERE client = $1 AND kind = $2
               AND NOT EXISTS (SELECT 1 FROM json_each($3) WHERE instr(search, value) = 0)
               AND parent_kind = $6 AND parent_key = $7
             ORDER BY label, key LIMIT $4 OFFSET $5"
        );
        let sql = if parent.is_some() { CHILDREN } else { ALL };
        let mut query = sqlx::query(sql)
            .bind(shelf.client)
            .bind(shelf.kind.as_str())
            .bind(json(words)?)
            .bind(window.limit)
            .bind(window.offset);
        if let Some(parent) = parent {
            query = query.bind(parent.kind.as_str()).bind(&parent.key);
        }
        query.fetch_all(&self.read).await?.iter().map(read_row).collect()
    }

    /// How many rows hold every one of these folded words.
    pub async fn count_rows(&self, shelf: Shelf<'_>, words: &[String]) -> Result<i64> {
        const SQL: &str = "SELECT count(*) FROM actor WHERE client = $1 AND kind = $2
            AND NOT EXISTS (SELECT 1 FROM json_each($3) WHERE instr(search, value) = 0)";
        Ok(sqlx::query_scalar(SQL)
            .bind(shelf.client)
            .bind(shelf.kind.as_str())
            .bind(json(words)?)
            .fetch_one(&self.read)
            .await?)
    }

    /// The first rows, by name, for which every condition holds; at most `limit`.
    pub async fn filter_rows(
        &self,
        shelf: Shelf<'_>,
        conditions: &[Condition],
        limit: usize,
    ) -> Result<Vec<Row>> {
        const SQL: &str = select_actors!(
            "WHERE client = $1 AND kind = $2 AND (label, key) > ($3, $4) ORDER BY label, key LIMIT $5"
        );
        let mut found = Vec::new();
        let mut after = (String::new(), String::new());
        loop {
            let query = sqlx::query(SQL)
                .bind(shelf.client)
                .bind(shelf.kind.as_str())
                .bind(&after.0)
                .bind(&after.1)
                .bind(PAGE);
            let page: Vec<Row> =
                query.fetch_all(&self.read).await?.iter().map(read_row).collect::<Result<_>>()?;
            let Some(last) = page.last() else { return Ok(found) };
            after = (search::label(last.kind, &last.values), last.key.clone());
            let holds = |row: &Row| {
                conditions.iter().all(|condition| condition.holds(&row.values, row.parent.as_ref()))
            };
            found.extend(page.into_iter().filter(holds).take(limit - found.len()));
            if found.len() == limit {
                return Ok(found);
            }
        }
    }

    /// The next rows in the order of their changes; none when all were handed out.
    pub async fn next_changed(&self, shelf: Shelf<'_>, since: Since) -> Result<Vec<Row>> {
        const SQL: &str = select_actors!(
            "WHERE client = $1 AND kind = $2 AND modified >= $3 AND changed_at >= $4
             ORDER BY modified LIMIT $5"
        );
        let query = sqlx::query(SQL)
            .bind(shelf.client)
            .bind(shelf.kind.as_str())
            .bind(since.modified)
            .bind(since.changed_at)
            .bind(PAGE);
        query.fetch_all(&self.read).await?.iter().map(read_row).collect()
    }
}

pub(super) async fn find(
    connection: &mut SqliteConnection,
    shelf: Shelf<'_>,
    key: &str,
) -> Result<Option<Row>> {
    const SQL: &str = select_actors!("WHERE client = $1 AND kind = $2 AND key = $3");
    let query = sqlx::query(SQL).bind(shelf.client).bind(shelf.kind.as_str()).bind(key);
    query.fetch_optional(connection).await?.as_ref().map(read_row).transpose()
}

pub(super) async fn count_children<'e>(
    executor: impl Executor<'e, Database = Sqlite>,
    client: &str,
    of: &ActorRef,
) -> Result<i64> {
    const SQL: &str =
        "SELECT count(*) FROM actor WHERE client = $1 AND parent_kind = $2 AND parent_key = $3";
    let query = sqlx::query_scalar(SQL).bind(client).bind(of.kind.as_str()).bind(&of.key);
    Ok(query.fetch_one(executor).await?)
}
