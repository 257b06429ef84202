//! Rows of the history in the two formats. Both hold every column exactly as it is stored, so that the
//! chain of hashes can be checked from the file; a CSV alone disarms cells a spreadsheet would calculate.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;

use crate::history::Entry;
use crate::i18n::format::iso;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

/// One row, as JSON.
#[derive(Serialize)]
struct Row<'a> {
    seq: i64,
    at: i64,
    time: String,
    actor_kind: &'a str,
    actor_id: Option<i64>,
    actor_name: &'a str,
    actor_role: &'a str,
    address: &'a str,
    connection_id: Option<i64>,
    connection_name: &'a str,
    action: &'a str,
    subject_kind: &'a str,
    subject_id: Option<i64>,
    subject_name: &'a str,
    /// JSON as text: the hash covers these very characters.
    before: &'a str,
    after: &'a str,
    previous_hash: &'a str,
    hash: &'a str,
}

const COLUMNS: [&str; 18] = [
    "seq",
    "at",
    "time",
    "actor_kind",
    "actor_id",
    "actor_name",
    "actor_role",
    "address",
    "connection_id",
    "connection_name",
    "action",
    "subject_kind",
    "subject_id",
    "subject_name",
    "before",
    "after",
    "previous_hash",
    "hash",
];

impl Format {
    /// By the address that was asked.
    pub fn of(path: &str) -> Option<Self> {
        [Self::Csv, Self::JsonLines].into_iter().find(|format| format.path() == path)
    }

    pub fn path(self) -> &'static str {
        match self {
            Self::Csv => "/history.csv",
            Self::JsonLines => "/history.jsonl",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }

    /// What stands before the first row.
    pub fn head(self) -> anyhow::Result<Bytes> {
        match self {
            Self::Csv => Ok(Bytes::from(format!("{}\r\n", COLUMNS.join(",")))),
            Self::JsonLines => Ok(Bytes::new()),
        }
    }

    pub fn rows(self, entries: &[Entry]) -> anyhow::Result<Bytes> {
        match self {
            Self::Csv => csv(entries),
            Self::JsonLines => json_lines(entries),
        }
    }
}

fn csv(entries: &[Entry]) -> anyhow::Result<Bytes> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::with_capacity(entries.len() * 256));
    for entry in entries {
        let cells = cells(entry);
        writer.write_record(cells.iter().map(|cell| disarmed(cell).into_owned()))?;
    }
    Ok(Bytes::from(writer.into_inner().map_err(|e| anyhow::anyhow!("{}", e.error()))?))
}

/// In the order of [`COLUMNS`].
fn cells(entry: &Entry) -> [Cow<'_, str>; 18] {
    let id = |id: Option<i64>| id.map_or(Cow::Borrowed(""), |id| Cow::Owned(id.to_string()));
    [
        entry.seq.to_string().into(),
        entry.at.to_string().into(),
        iso(entry.at).into(),
        entry.actor_kind.as_str().into(),
        id(entry.actor_id),
        entry.actor_name.as_str().into(),
        entry.actor_role.as_str().into(),
        entry.address.as_str().into(),
        id(entry.connection_id),
        entry.connection_name.as_str().into(),
        entry.action.as_str().into(),
        entry.subject_kind.as_str().into(),
        id(entry.subject_id),
        entry.subject_name.as_str().into(),
        entry.before.as_str().into(),
        entry.after.as_str().into(),
        entry.previous_hash.as_str().into(),
        entry.hash.as_str().into(),
    ]
}

/// A cell that a spreadsheet would take for a formula is marked as text.
fn disarmed(cell: &str) -> Cow<'_, str> {
    const STARTS: [char; 11] =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if cell.starts_with(STARTS) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn json_lines(entries: &[Entry]) -> anyhow::Result<Bytes> {
    let mut lines = Vec::with_capacity(entries.len() * 512);
    for entry in entries {
        serde_json::to_writer(&mut lines, &row(entry))?;
        lines.push(b'\n');
    }
    Ok(Bytes::from(lines))
}

fn row(entry: &Entry) -> Row<'_> {
    Row {
        seq: entry.seq,
        at: entry.at,
        time: iso(entry.at),
        actor_kind: &entry.actor_kind,
        actor_id: entry.actor_id,
        actor_name: &entry.actor_name,
        actor_role: &entry.actor_role,
        address: &entry.address,
        connection_id: entry.connection_id,
        connection_name: &entry.connection_name,
        action: &entry.action,
        subject_kind: &entry.subject_kind,
        subject_id: entry.subject_id,
        subject_name: &entry.subject_name,
        before: &entry.before,
        after: &entry.after,
        previous_hash: &entry.previous_hash,
        hash: &entry.hash,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts() {
        for bad in ["=1+1", "+49 30", "-2", "@SUM(A1)", "\tx", "\r=1", "\n=1", "\u{ff1d}1"] {
            assert_eq!(disarmed(bad), format!("'{bad}"));
        }
        for good in ["", "Łódź", "{\"phone\":\"+49\"}", "1-1", "'=1"] {
            assert_eq!(disarmed(good), good);
        }
    }

    #[test]
    fn both_formats_have_the_same_columns_in_the_same_order() {
        let entry = Entry {
            seq: 7,
            at: 1_795_348_800_000,
            actor_kind: "user".into(),
            actor_id: Some(1),
            actor_name: "=cmd|' /C calc'!A0".into(),
            actor_role: "admin".into(),
            address: "::1".into(),
            connection_id: None,
            connection_name: String::new(),
            action: "user-changed".into(),
            subject_kind: "user".into(),
            subject_id: Some(2),
            subject_name: "Müller, \"Söhne\"\nKG".into(),
            before: "{\"name\":\"a\"}".into(),
            after: "{}".into(),
            previous_hash: "aa".into(),
            hash: "bb".into(),
        };
        let json = Format::JsonLines.rows(std::slice::from_ref(&entry)).unwrap();
        let object: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let text = String::from_utf8(json.to_vec()).unwrap();
        let mut from = 0;
        for column in COLUMNS {
            let mark = format!("\"{column}\":");
            from += text[from..].find(&mark).unwrap_or_else(|| panic!("{column}"));
        }
        assert_eq!(object["before"], "{\"name\":\"a\"}");
        let mut file = Format::Csv.head().unwrap().to_vec();
        file.extend(Format::Csv.rows(std::slice::from_ref(&entry)).unwrap());
        let mut reader = csv::Reader::from_reader(&file[..]);
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[5], "'=cmd|' /C calc'!A0");
        assert_eq!(&row[13], "Müller, \"Söhne\"\nKG");
        assert_eq!(&row[2], "2026-11-22T12:00:00.000Z");
    }
}
