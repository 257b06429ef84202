//! Arguments and rows without regard to which database they go to or came from.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteRow};
use sqlx::{ColumnIndex, Decode, Row as _, Type};

use super::Result;
use super::error::StoreError;

/// A value bound to a placeholder. One Rust type per SQL type, since PostgreSQL's statement cache knows
/// statements by their text alone.
#[derive(Clone, Debug)]
pub enum Arg<'a> {
    Int(Option<i64>),
    Text(Option<&'a str>),
    Owned(String),
    Flag(bool),
    Bytes(Option<Vec<u8>>),
}

/// `args![id, name, is_active]`: the arguments of one statement.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::row::Arg::from($value)),*] };
}
pub(crate) use args;

impl From<i64> for Arg<'_> {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Arg<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Some(value))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<String> for Arg<'_> {
    fn from(value: String) -> Self {
        Self::Owned(value)
    }
}

impl<'a> From<Option<&'a str>> for Arg<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::Text(value)
    }
}

impl From<bool> for Arg<'_> {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<Option<Vec<u8>>> for Arg<'_> {
    fn from(value: Option<Vec<u8>>) -> Self {
        Self::Bytes(value)
    }
}

pub(super) fn bind_sqlite<'q>(
    mut query: Query<'q, Sqlite, SqliteArguments>,
    args: Vec<Arg<'_>>,
) -> Query<'q, Sqlite, SqliteArguments> {
    for arg in args {
        query = match arg {
            Arg::Int(value) => query.bind(value),
            Arg::Text(value) => query.bind(value.map(str::to_owned)),
            Arg::Owned(value) => query.bind(value),
            Arg::Flag(value) => query.bind(value),
            Arg::Bytes(value) => query.bind(value),
        };
    }
    query
}

pub(super) fn bind_postgres<'q>(
    mut query: Query<'q, Postgres, PgArguments>,
    args: Vec<Arg<'_>>,
) -> Query<'q, Postgres, PgArguments> {
    for arg in args {
        query = match arg {
            Arg::Int(value) => query.bind(value),
            Arg::Text(value) => query.bind(value.map(str::to_owned)),
            Arg::Owned(value) => query.bind(value),
            Arg::Flag(value) => query.bind(value),
            Arg::Bytes(value) => query.bind(value),
        };
    }
    query
}

/// One row of an answer. Columns are read by name; a missing or mistyped one is an error, not a panic.
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    fn get<'r, T>(&'r self, column: &str) -> Result<T>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
        for<'c> &'c str: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub fn int(&self, column: &str) -> Result<i64> {
        self.get(column)
    }

    pub fn opt_int(&self, column: &str) -> Result<Option<i64>> {
        self.get(column)
    }

    pub fn text(&self, column: &str) -> Result<String> {
        self.get(column)
    }

    pub fn opt_text(&self, column: &str) -> Result<Option<String>> {
        self.get(column)
    }

    pub fn flag(&self, column: &str) -> Result<bool> {
        self.get(column)
    }

    pub fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>> {
        self.get(column)
    }

    /// A column that holds JSON.
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        let text = self.text(column)?;
        serde_json::from_str(&text).map_err(|_| StoreError::Damaged(column.to_owned()))
    }

    pub fn opt_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>> {
        self.opt_text(column)?
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|_| StoreError::Damaged(column.to_owned()))
    }

    /// A column that holds a name of one of our enumerations.
    pub fn named<T>(&self, column: &str, parse: fn(&str) -> Option<T>) -> Result<T> {
        parse(&self.text(column)?).ok_or_else(|| StoreError::Damaged(column.to_owned()))
    }

    /// A column whose text parses into `T`.
    pub fn parsed<T: FromStr>(&self, column: &str) -> Result<T> {
        self.text(column)?.parse().map_err(|_| StoreError::Damaged(column.to_owned()))
    }
}

/// A flag within the answer of [`super::Read::many`]: the one database says 1, the other true.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Bool(bool),
        Int(i64),
    }
    Ok(match Flag::deserialize(from)? {
        Flag::Bool(flag) => flag,
        Flag::Int(number) => number != 0,
    })
}

/// Our own structures as JSON text for a column. They are plain data, which always serialises.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged("json".to_owned()))
}
