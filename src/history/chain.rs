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
        is_signed(&signed_text(self.seq, &self.hash), &self.signature, key)
    }
}

/// Whether a signature, in hex, was made over this text with this key.
pub(super) fn is_signed(text: &str, signature: &str, key: &VerifyingKey) -> bool {
    let bytes = unhex(signature).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    bytes.is_some_and(|bytes| {
        key.verify_strict(text.as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
    })
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

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    text.len().is_multiple_of(2).then(|| (0..text.len()).step_by(2).map(pair).collect())?
}
