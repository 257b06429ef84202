//! Reading the history: pages, exports, single rows. The sync log is the same table under a filter.

use futures_util::stream::{self, Stream};

use super::conditions::{Conditions, containing};
use super::history::{COLUMNS, entry};
use super::page::{Page, Place};
use super::row::args;
use super::{Read, Result, Store};
use crate::clock::Millis;
use crate::connections::ConnectionId;
use crate::history::{Action, Entry};

/// Rows that an export reads at once.
const CHUNK: i64 = 1000;

/// The actions that make up the sync log.
pub const SYNC_LOG: [Action; 2] = [Action::FieldSynced, Action::Conflict];

/// Which rows; what is left empty does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub connection: Option<ConnectionId>,
    pub actions: Vec<Action>,
    /// The name of whoever did it, in full.
    pub actor: String,
    pub role: String,
    pub subject_kind: String,
    pub subject_id: Option<i64>,
    /// Words within the subject's name.
    pub subject: String,
    /// Words within what stood before or after.
    pub values: String,
    pub from: Option<Millis>,
    /// The moment after the last one wanted.
    pub until: Option<Millis>,
    pub is_oldest_first: bool,
}

/// One page, newest first unless the filter says otherwise.
pub async fn page(
    mut db: impl Read,
    filter: &Filter,
    place: Place,
    limit: i64,
) -> Result<Page<Entry>> {
    let mut conditions = filter.conditions();
    let is_backwards = matches!(place, Place::Before(_));
    // Towards higher numbers: forwards from the oldest, or backwards from the newest.
    let is_rising = filter.is_oldest_first != is_backwards;
    let (compare, direction) = if is_rising { ("seq >", "ASC") } else { ("seq <", "DESC") };
    if let Place::After(seq) | Place::Before(seq) = place {
        conditions.compare(compare, seq);
    }
    let limit_arg = conditions.bind(limit + 1);
    let (condition, args) = conditions.finish();
    let sql = format!(
        "SELECT {COLUMNS} FROM history WHERE {condition} ORDER BY seq {direction} LIMIT {limit_arg}"
    );
    let mut entries: Vec<Entry> =
        db.rows(&sql, args).await?.iter().map(entry).collect::<Result<_>>()?;
    if is_backwards {
        entries.reverse();
    }
    Ok(Page::cut(entries, place, limit))
}

/// All rows of a filter up to one, newest first, in pieces: exactly those that pages would show. Rows that
/// are added meanwhile are not among them.
pub fn export(
    store: Store,
    filter: Filter,
    until_seq: i64,
) -> impl Stream<Item = Result<Vec<Entry>>> {
    let filter = Filter { is_oldest_first: false, ..filter };
    let start = Place::After(until_seq.saturating_add(1));
    stream::try_unfold((store, filter, Some(start)), async |(store, filter, place)| {
        let Some(place) = place else { return Ok(None) };
        let page = page(&store, &filter, place, CHUNK).await?;
        let last = page.items.last().filter(|_| page.has_next);
        let next = last.map(|entry| Place::After(entry.seq));
        Ok(Some((page.items, (store, filter, next))))
    })
}

/// One row.
pub async fn find(mut db: impl Read, seq: i64) -> Result<Option<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM history WHERE seq = $1");
    db.row(&sql, args![seq]).await?.as_ref().map(entry).transpose()
}

/// A row and up to `reach` rows on either side of it, newest first.
pub async fn around(mut db: impl Read, seq: i64, reach: i64) -> Result<Vec<Entry>> {
    let sql =
        format!("SELECT {COLUMNS} FROM history WHERE seq BETWEEN $1 AND $2 ORDER BY seq DESC");
    let (from, to) = (seq.saturating_sub(reach), seq.saturating_add(reach));
    db.rows(&sql, args![from, to]).await?.iter().map(entry).collect()
}

/// The names of all who ever did something, to choose from.
pub async fn list_actors(mut db: impl Read) -> Result<Vec<String>> {
    // From one name to the next along the index, however many rows each one has.
    let sql = "WITH RECURSIVE names (name) AS (SELECT MIN(actor_name) FROM history UNION ALL \
               SELECT (SELECT MIN(h.actor_name) FROM history h WHERE h.actor_name > n.name) FROM names n \
               WHERE n.name IS NOT NULL) SELECT name FROM names WHERE name IS NOT NULL";
    db.rows(sql, args![]).await?.iter().map(|row| row.text("name")).collect()
}

impl Filter {
    fn conditions(&self) -> Conditions<'_> {
        let mut conditions = Conditions::default();
        if let Some(connection) = self.connection {
            conditions.compare("connection_id =", connection);
        }
        if !self.actions.is_empty() {
            let names: Vec<String> =
                self.actions.iter().map(|action| conditions.bind(action.as_str())).collect();
            conditions.and(format!("action IN ({})", names.join(", ")));
        }
        for (column, value) in [
            ("actor_name =", &self.actor),
            ("actor_role =", &self.role),
            ("subject_kind =", &self.subject_kind),
        ] {
            if !value.is_empty() {
                conditions.compare(column, value);
            }
        }
        for (column, value) in
            [("subject_id =", self.subject_id), ("at >=", self.from), ("at <", self.until)]
        {
            if let Some(value) = value {
                conditions.compare(column, value);
            }
        }
        contains(&mut conditions, &["subject_name"], &self.subject);
        contains(&mut conditions, &["before_values", "after_values"], &self.values);
        conditions
    }
}

/// Each word of the text is in one of the columns, in small letters or not.
fn contains(conditions: &mut Conditions<'_>, columns: &[&str], text: &str) {
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty())
    {
        let mut any = Vec::new();
        for spelling in spellings(word) {
            let pattern = conditions.bind(containing(&spelling));
            any.extend(
                columns.iter().map(|column| format!("LOWER({column}) LIKE {pattern} ESCAPE '!'")),
            );
        }
        conditions.and(format!("({})", any.join(" OR ")));
    }
}

/// How a word may stand in a column that a database put into small letters: SQLite knows only those from A
/// to Z.
fn spellings(word: &str) -> Vec<String> {
    let mut letters = word.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let capitalised = capital + &letters.as_str().to_lowercase();
    let mut all: Vec<String> = [word, &word.to_lowercase(), &word.to_uppercase(), &capitalised]
        .map(str::to_ascii_lowercase)
        .into();
    all.sort();
    all.dedup();
    all
}
