//! Conditions put together piece by piece, each with its arguments.

use super::row::Arg;

/// Conditions that must all hold.
#[derive(Default)]
pub(super) struct Conditions<'a> {
    sql: Vec<String>,
    args: Vec<Arg<'a>>,
}

impl<'a> Conditions<'a> {
    /// Binds an argument; gives its placeholder.
    pub fn bind(&mut self, arg: impl Into<Arg<'a>>) -> String {
        self.args.push(arg.into());
        format!("${}", self.args.len())
    }

    pub fn and(&mut self, condition: String) {
        self.sql.push(condition);
    }

    /// One more condition: `left` (a column and an operator) and a value.
    pub fn compare(&mut self, left: &str, value: impl Into<Arg<'a>>) {
        let placeholder = self.bind(value);
        self.and(format!("{left} {placeholder}"));
    }

    /// One more condition: `column` contains this text as it is.
    pub fn contains(&mut self, column: &str, text: &str) {
        let placeholder = self.bind(containing(text));
        self.and(format!("{column} LIKE {placeholder} ESCAPE '!'"));
    }

    /// Everything after WHERE, and the arguments.
    pub fn finish(self) -> (String, Vec<Arg<'a>>) {
        let all = if self.sql.is_empty() { "TRUE".to_owned() } else { self.sql.join(" AND ") };
        (all, self.args)
    }
}

/// A pattern for `LIKE … ESCAPE '!'`. No stored text holds NUL, and PostgreSQL takes none.
pub(super) fn containing(text: &str) -> String {
    let text = text.replace('\0', "");
    format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}
