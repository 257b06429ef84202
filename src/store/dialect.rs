//! Where the two databases say the same thing in different words.

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// A query that gives all rows of another one as one text `rows`: a JSON array with an array of
    /// `columns` per row, in the order `order`.
    pub(super) fn rows_as_json(self, columns: &str, from: &str, order: &str) -> String {
        match self {
            Self::Sqlite => format!(
                "SELECT json_group_array(json_array({columns}) ORDER BY {order}) AS rows FROM {from}"
            ),
            Self::Postgres => format!(
                "SELECT CAST(COALESCE(json_agg(json_build_array({columns}) ORDER BY {order}), '[]') AS TEXT) \
                 AS rows FROM {from}"
            ),
        }
    }

    /// A sub-query that gives the numbers in the JSON list bound at `placeholder`: any number of ids
    /// under one statement text, and one placeholder.
    pub fn ids(self, placeholder: &str) -> String {
        match self {
            Self::Sqlite => format!("(SELECT value FROM json_each({placeholder}))"),
            Self::Postgres => format!(
                "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST({placeholder} AS JSON)))"
            ),
        }
    }

    /// The same with the texts in a JSON list.
    pub fn texts(self, placeholder: &str) -> String {
        match self {
            Self::Sqlite => format!("(SELECT value FROM json_each({placeholder}))"),
            Self::Postgres => {
                format!("(SELECT value FROM json_array_elements_text(CAST({placeholder} AS JSON)))")
            }
        }
    }

    /// A member of the JSON object in a text column, as text; NULL where there is none of that name.
    pub(super) fn member(self, column: &str, placeholder: &str) -> String {
        match self {
            Self::Sqlite => format!("({column} ->> {placeholder})"),
            Self::Postgres => format!("(CAST({column} AS JSON) ->> CAST({placeholder} AS TEXT))"),
        }
    }
}
