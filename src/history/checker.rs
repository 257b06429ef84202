//! Holds a history against its hashes and signatures, row by row and with little memory. Pure: the rows may
//! come from the database or from an export, oldest or newest first.

use std::collections::BTreeSet;

use ed25519_dalek::VerifyingKey;

use super::anchor::Anchor;
use super::chain::{SignedHead, hash};
use super::{Action, Entry};

/// Walks a chain and remembers what does not fit.
#[derive(Debug)]
pub struct Checker {
    key: VerifyingKey,
    rows: i64,
    lowest: Option<Link>,
    highest: Option<Link>,
    /// Whether the rows come oldest first; the first two tell.
    is_rising: Option<bool>,
    anchors: Vec<Anchor>,
    /// Rows and hashes that heads kept elsewhere speak of.
    wanted: BTreeSet<(i64, String)>,
    /// The newest row that one of those heads covers.
    covered: i64,
    findings: Vec<Finding>,
}

/// What ties a row to its neighbours.
#[derive(Clone, Debug)]
struct Link {
    seq: i64,
    hash: String,
    previous_hash: String,
}

/// One thing that is wrong with a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The row's content does not fit its hash.
    Altered { seq: i64 },
    /// Rows are missing or were added before this one.
    Broken { seq: i64 },
    /// A signed head knows rows that are not there.
    Cut { last: i64, signed: i64 },
    /// A signed head knows another row at this place.
    Replaced { seq: i64 },
    /// A head's signature does not fit.
    BadSignature { which: String },
    /// Rows after the newest signed one.
    Unsigned { from: i64 },
    /// There are rows, and no head outside the database.
    HeadMissing,
    /// The head outside the database is not one.
    HeadUnreadable { why: String },
}

impl Checker {
    /// A checker that also holds the chain against heads kept elsewhere.
    pub fn new(key: VerifyingKey, heads: &[SignedHead]) -> Self {
        let (good, bad): (Vec<_>, Vec<_>) = heads.iter().partition(|head| head.is_signed_by(&key));
        let unsigned =
            bad.into_iter().map(|head| Finding::BadSignature { which: head.seq.to_string() });
        Self {
            key,
            rows: 0,
            lowest: None,
            highest: None,
            is_rising: None,
            anchors: Vec::new(),
            wanted: good.into_iter().map(|head| (head.seq, head.hash.clone())).collect(),
            covered: 0,
            findings: unsigned.collect(),
        }
    }

    /// Takes the next row, in order of `seq`, rising or falling.
    pub fn take(&mut self, entry: &Entry) {
        self.rows += 1;
        if hash(entry) != entry.hash {
            self.findings.push(Finding::Altered { seq: entry.seq });
        }
        self.compare_with_heads(entry);
        if entry.action == Action::HistoryPruned.as_str() {
            self.anchors.extend(Anchor::find(&entry.after_details(), &self.key));
        }
        self.tie(Link {
            seq: entry.seq,
            hash: entry.hash.clone(),
            previous_hash: entry.previous_hash.clone(),
        });
    }

    fn compare_with_heads(&mut self, entry: &Entry) {
        let here = (entry.seq, String::new())..(entry.seq.saturating_add(1), String::new());
        let heads: Vec<_> = self.wanted.range(here).cloned().collect();
        for head in heads {
            if head.1 == entry.hash {
                self.covered = self.covered.max(entry.seq);
            } else {
                self.findings.push(Finding::Replaced { seq: entry.seq });
            }
            self.wanted.remove(&head);
        }
    }

    /// Ties a row to the one before it in the walk.
    fn tie(&mut self, link: Link) {
        let (Some(lowest), Some(highest)) = (&self.lowest, &self.highest) else {
            (self.lowest, self.highest) = (Some(link.clone()), Some(link));
            return;
        };
        let is_rising = *self.is_rising.get_or_insert(link.seq > highest.seq);
        let (older, newer) = if is_rising { (highest, &link) } else { (&link, lowest) };
        if newer.seq != older.seq + 1 || newer.previous_hash != older.hash {
            self.findings.push(Finding::Broken { seq: newer.seq });
        }
        let end = if is_rising { &mut self.highest } else { &mut self.lowest };
        *end = Some(link);
    }

    /// How many rows were taken.
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// The newest row that was taken.
    pub fn last_seq(&self) -> i64 {
        self.highest.as_ref().map_or(0, |link| link.seq)
    }

    /// All findings, after the last row. `newest` is the signed head that belongs to the rows: the one in
    /// the database, or of an export.
    pub fn finish(mut self, newest: Option<&SignedHead>) -> Vec<Finding> {
        self.check_start();
        let last = self.last_seq();
        match newest {
            Some(head) => self.check_newest(head),
            None if self.covered < last => {
                self.findings.push(Finding::Unsigned { from: self.covered + 1 });
            }
            None => {}
        }
        let beyond = self.wanted.iter().filter(|(seq, _)| *seq > last);
        self.findings.extend(beyond.map(|(signed, _)| Finding::Cut { last, signed: *signed }));
        self.findings
    }

    /// A history begins with row 1, or after the anchor of the rows that were taken out.
    fn check_start(&mut self) {
        let Some(lowest) = self.lowest.clone() else { return };
        let is_first = lowest.seq == 1 && lowest.previous_hash.is_empty();
        let is_after = |anchor: &&Anchor| {
            (anchor.seq + 1, &anchor.hash) == (lowest.seq, &lowest.previous_hash)
        };
        match self.anchors.iter().find(is_after) {
            _ if is_first => {}
            None => self.findings.push(Finding::Broken { seq: lowest.seq }),
            // A head of the very last row that was taken out can still be compared.
            Some(anchor) => {
                let other =
                    |(seq, hash): &&(i64, String)| *seq == anchor.seq && *hash != anchor.hash;
                let replaced = self.wanted.iter().filter(other).map(|(seq, _)| *seq);
                self.findings.extend(replaced.map(|seq| Finding::Replaced { seq }));
            }
        }
    }

    fn check_newest(&mut self, head: &SignedHead) {
        let last = self.last_seq();
        let is_untouched = head.seq == 0 && last == 0;
        if !is_untouched && !head.is_signed_by(&self.key) {
            self.findings.push(Finding::BadSignature { which: "database".to_owned() });
        }
        let last_hash = self.highest.as_ref().map_or("", |link| &link.hash);
        if head.seq < last {
            self.findings.push(Finding::Unsigned { from: head.seq + 1 });
        } else if head.seq > last {
            self.findings.push(Finding::Cut { last, signed: head.seq });
        } else if head.hash != last_hash {
            self.findings.push(Finding::Replaced { seq: head.seq });
        }
    }
}
