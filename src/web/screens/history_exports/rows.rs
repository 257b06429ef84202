//! Rows of the history in the two formats. Both hold every column exactly as it is stored, so that the
//! chain of hashes can be checked from the file; a CSV alone disarms cells a spreadsheet would calculate.

use std::borrow::Cow;

use bytes::Bytes;

use crate::history::Entry;
use crate::history::chain::SignedHead;
use crate::history::line::{COLUMNS, Line};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

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

    /// Rows up to the one that the head speaks of.
    pub fn rows(self, entries: &[Entry], head: &SignedHead) -> anyhow::Result<Bytes> {
        let lines = entries.iter().map(|entry| Line::of(entry, head));
        match self {
            Self::Csv => csv(lines, entries.len()),
            Self::JsonLines => json_lines(lines, entries.len()),
        }
    }
}

fn csv<'a>(lines: impl Iterator<Item = Line<'a>>, count: usize) -> anyhow::Result<Bytes> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::with_capacity(count * 256));
    for line in lines {
        writer.write_record(cells(line).iter().map(|cell| disarmed(cell).into_owned()))?;
    }
    Ok(Bytes::from(writer.into_inner().map_err(|e| anyhow::anyhow!("{}", e.error()))?))
}

/// In the order of [`COLUMNS`].
fn cells(line: Line<'_>) -> [Cow<'_, str>; COLUMNS.len()] {
    let id = |id: Option<i64>| id.map_or(Cow::Borrowed(""), |id| Cow::Owned(id.to_string()));
    [
        line.seq.to_string().into(),
        line.at.to_string().into(),
        line.time,
        line.actor_kind,
        id(line.actor_id),
        line.actor_name,
        line.actor_role,
        line.address,
        id(line.connection_id),
        line.connection_name,
        line.action,
        line.subject_kind,
        id(line.subject_id),
        line.subject_name,
        line.before,
        line.after,
        line.previous_hash,
        line.hash,
        line.signature,
    ]
}

/// A cell that a spreadsheet would take for a formula is marked as text.
fn disarmed(cell: &str) -> Cow<'_, str> {
    const STARTS: [char; 11] =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if cell.starts_with(STARTS) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn json_lines<'a>(lines: impl Iterator<Item = Line<'a>>, count: usize) -> anyhow::Result<Bytes> {
    let mut text = Vec::with_capacity(count * 512);
    for line in lines {
        serde_json::to_writer(&mut text, &line)?;
        text.push(b'\n');
    }
    Ok(Bytes::from(text))
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
        let head = SignedHead { seq: 7, hash: "bb".into(), signature: "cc".into() };
        let json = Format::JsonLines.rows(std::slice::from_ref(&entry), &head).unwrap();
        let object: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let text = String::from_utf8(json.to_vec()).unwrap();
        let mut from = 0;
        for column in COLUMNS {
            let mark = format!("\"{column}\":");
            from += text[from..].find(&mark).unwrap_or_else(|| panic!("{column}"));
        }
        assert_eq!(object["before"], "{\"name\":\"a\"}");
        let mut file = Format::Csv.head().unwrap().to_vec();
        file.extend(Format::Csv.rows(std::slice::from_ref(&entry), &head).unwrap());
        let mut reader = csv::Reader::from_reader(&file[..]);
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[5], "'=cmd|' /C calc'!A0");
        assert_eq!(&row[13], "Müller, \"Söhne\"\nKG");
        assert_eq!(&row[18], "cc");
        assert_eq!(&row[2], "2026-11-22T12:00:00.000Z");
    }
}
