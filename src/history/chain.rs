//! The chain that makes tampering show: each row carries the hash of the one before, and the newest hash
//! is signed, in the database and once more outside it. Pure; anyone with the public key can check.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Entry;

/// The newest row, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    pub seq: i64,
    pub hash: String,
    /// Ed25519 over `gleichlauf-history:‹seq›:‹hash›`, hex.
    pub signature: String,
}

impl SignedHead {
    pub fn sign(key: &SigningKey, seq: i64, hash: &str) -> Self {
        let signature = key.sign(signed_text(seq, hash).as_bytes());
        Self { seq, hash: hash.to_owned(), signature: hex(&signature.to_bytes()) }
    }

    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let Some(bytes) = unhex(&self.signature).and_then(|b| <[u8; 64]>::try_from(b).ok()) else {
            return false;
        };
        let text = signed_text(self.seq, &self.hash);
        key.verify_strict(text.as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
    }
}

fn signed_text(seq: i64, hash: &str) -> String {
    format!("gleichlauf-history:{seq}:{hash}")
}

/// The hash of a row: SHA-256, hex, over the hash before it and every column, each with its length before
/// it, so that nothing can move from one column to the next.
pub fn hash(entry: &Entry) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    };
    let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    add(&entry.previous_hash);
    add(&entry.seq.to_string());
    add(&entry.at.to_string());
    add(&entry.actor_kind);
    add(&number(entry.actor_id));
    add(&entry.actor_name);
    add(&entry.actor_role);
    add(&entry.address);
    add(&number(entry.connection_id));
    add(&entry.connection_name);
    add(&entry.action);
    add(&entry.subject_kind);
    add(&number(entry.subject_id));
    add(&entry.subject_name);
    add(&entry.before);
    add(&entry.after);
    hex(&digest.finalize())
}

/// Walks a chain row by row and remembers what does not fit.
#[derive(Debug, Default)]
pub struct Checker {
    last_seq: i64,
    last_hash: String,
    findings: Vec<Finding>,
    /// Hashes at the places where signed heads outside the database say something.
    wanted: std::collections::BTreeMap<i64, String>,
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
}

impl Checker {
    /// A checker that also holds the chain against heads kept elsewhere.
    pub fn against(heads: &[SignedHead]) -> Self {
        let wanted = heads.iter().map(|head| (head.seq, head.hash.clone())).collect();
        Self { wanted, ..Self::default() }
    }

    /// Takes the next row, in order of `seq`.
    pub fn take(&mut self, entry: &Entry) {
        if entry.seq != self.last_seq + 1 || entry.previous_hash != self.last_hash {
            self.findings.push(Finding::Broken { seq: entry.seq });
        }
        if hash(entry) != entry.hash {
            self.findings.push(Finding::Altered { seq: entry.seq });
        }
        if let Some(hash) = self.wanted.remove(&entry.seq)
            && hash != entry.hash
        {
            self.findings.push(Finding::Replaced { seq: entry.seq });
        }
        self.last_seq = entry.seq;
        self.last_hash.clone_from(&entry.hash);
    }

    /// How many rows were taken, as the last sequence number.
    pub fn last_seq(&self) -> i64 {
        self.last_seq
    }

    /// All findings, after the last row; `head` is the signed head that stands in the database.
    pub fn finish(mut self, head: &SignedHead, key: &VerifyingKey) -> Vec<Finding> {
        let is_untouched = head.seq == 0 && self.last_seq == 0;
        if !is_untouched && !head.is_signed_by(key) {
            self.findings.push(Finding::BadSignature { which: "database".to_owned() });
        }
        if head.seq < self.last_seq {
            self.findings.push(Finding::Unsigned { from: head.seq + 1 });
        } else if head.seq > self.last_seq {
            self.findings.push(Finding::Cut { last: self.last_seq, signed: head.seq });
        } else if head.hash != self.last_hash {
            self.findings.push(Finding::Replaced { seq: head.seq });
        }
        for signed in self.wanted.into_keys().filter(|seq| *seq > 0) {
            self.findings.push(Finding::Cut { last: self.last_seq, signed });
        }
        self.findings
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    text.len().is_multiple_of(2).then(|| (0..text.len()).step_by(2).map(pair).collect())?
}
