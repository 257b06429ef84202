//! One-time codes: how somebody without a password comes in. Easy to read out and to type, 80 random bits.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::clock::{MINUTE, Millis};

/// How long a code leads in.
pub const LIFETIME: Millis = 30 * MINUTE;

/// Thirty-two signs that are not mistaken for one another, five bits each.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// A fresh code, to be shown once. Only its hash is kept.
pub struct OneTimeCode(Zeroizing<String>);

impl OneTimeCode {
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut random = Zeroizing::new([0u8; LENGTH]);
        getrandom::fill(&mut *random)?;
        let signs = random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
        Ok(Self(Zeroizing::new(signs.collect())))
    }

    /// The code as it is shown: `ABCD-EFGH-JKLM-NPQR`.
    pub fn reveal(&self) -> Zeroizing<String> {
        let groups = self.0.as_bytes().chunks(GROUP).map(String::from_utf8_lossy);
        Zeroizing::new(groups.collect::<Vec<_>>().join("-"))
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode")
    }
}

/// The hash of a code as typed, in either case, with or without dashes and blanks.
pub fn hash(typed: &str) -> String {
    let plain: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(LENGTH + 1)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    URL_SAFE_NO_PAD.encode(Sha256::digest(plain.as_bytes()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_as_people_do() {
        let code = OneTimeCode::fresh().unwrap();
        let shown = code.reveal();
        assert_eq!(shown.len(), 19);
        assert_eq!(hash(&shown), code.hash());
        assert_eq!(hash(&format!(" {} ", shown.to_lowercase().replace('-', " "))), code.hash());
        assert_ne!(hash(&format!("{}X", *shown)), code.hash());
        assert_ne!(hash(&shown[1..]), code.hash());
    }

    #[test]
    fn codes_do_not_repeat_nor_show_in_logs() {
        let all: std::collections::BTreeSet<_> =
            (0..10_000).map(|_| OneTimeCode::fresh().unwrap().hash()).collect();
        assert_eq!(all.len(), 10_000);
        assert_eq!(format!("{:?}", OneTimeCode::fresh().unwrap()), "OneTimeCode");
    }
}
