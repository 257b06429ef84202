//! Where a history begins whose oldest rows were taken out: the last of those rows, signed. It stands in the
//! row that says so, which is part of the chain; nothing else may begin a history later than row 1.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};

use super::chain::{hex, is_signed};
use super::{Details, Event};

const ROW: &str = "anchor-row";
const HASH: &str = "anchor-hash";
const SIGNATURE: &str = "anchor-signature";

/// The newest row that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub seq: i64,
    pub hash: String,
    /// Ed25519 over `gleichlauf-anchor:‹seq›:‹hash›`, hex.
    signature: String,
}

impl Anchor {
    pub fn sign(key: &SigningKey, seq: i64, hash: &str) -> Self {
        let signature = key.sign(signed_text(seq, hash).as_bytes());
        Self { seq, hash: hash.to_owned(), signature: hex(&signature.to_bytes()) }
    }

    /// The event, with the anchor in it.
    pub fn note(&self, event: Event) -> Event {
        event
            .after(ROW, self.seq.to_string())
            .after(HASH, &self.hash)
            .after(SIGNATURE, &self.signature)
    }

    /// The anchor in a row's values, if it is one that this key signed.
    pub fn find(details: &Details, key: &VerifyingKey) -> Option<Self> {
        let anchor = Self {
            seq: details.get(ROW)?.parse().ok()?,
            hash: details.get(HASH)?.clone(),
            signature: details.get(SIGNATURE)?.clone(),
        };
        let text = signed_text(anchor.seq, &anchor.hash);
        is_signed(&text, &anchor.signature, key).then_some(anchor)
    }
}

/// Unlike a head's: a head that somebody kept must not pass for an anchor.
fn signed_text(seq: i64, hash: &str) -> String {
    format!("gleichlauf-anchor:{seq}:{hash}")
}
