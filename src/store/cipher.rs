//! Secrets at rest: XChaCha20-Poly1305 under the key file's key, each value bound to its place.
//!
//! Sealed form: version byte, 24 bytes of nonce, ciphertext. The place (table, row, column) is
//! authenticated with it, so a value moved elsewhere does not open.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::error::StoreError;

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Seals and opens values; also the source of keys derived for other purposes.
pub struct Cipher {
    master: Zeroizing<[u8; 32]>,
}

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {0} can be read by others; run: chmod 600 {0}")]
    TooOpen(String),
    #[error("the key file {0} does not hold a key")]
    Malformed(String),
    #[error("the key file {0} is missing, and the database already holds sealed values")]
    Missing(String),
    #[error("the key file {0}: {1}")]
    Unusable(String, std::io::Error),
}

impl Cipher {
    pub fn new(master: [u8; 32]) -> Self {
        Self { master: Zeroizing::new(master) }
    }

    /// Reads the key file. With `may_create` a missing one is made, readable by its owner alone.
    pub fn from_file(path: &Path, may_create: bool) -> Result<Self, KeyError> {
        let name = path.display().to_string();
        if !path.exists() {
            if !may_create {
                return Err(KeyError::Missing(name));
            }
            let mut master = [0u8; 32];
            getrandom::fill(&mut master).map_err(|_| KeyError::Malformed(name.clone()))?;
            write_private(path, &STANDARD.encode(master))
                .map_err(|e| KeyError::Unusable(name.clone(), e))?;
            return Ok(Self::new(master));
        }
        let unusable = |e| KeyError::Unusable(name.clone(), e);
        let mode = fs::metadata(path).map_err(unusable)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::TooOpen(name));
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(unusable)?);
        let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self::new).ok_or(KeyError::Malformed(name))
    }

    /// Encrypts `plain` for `place`.
    pub fn seal(&self, place: &str, plain: &str) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| StoreError::Sealed)?;
        let payload = Payload { msg: plain.as_bytes(), aad: place.as_bytes() };
        let sealed =
            self.aead().encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::Sealed)?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Opens what was sealed for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<String, StoreError> {
        let body = sealed.strip_prefix(&[VERSION]).ok_or(StoreError::Sealed)?;
        let (nonce, ciphertext) = body.split_first_chunk::<NONCE>().ok_or(StoreError::Sealed)?;
        let payload = Payload { msg: ciphertext, aad: place.as_bytes() };
        let plain =
            self.aead().decrypt(&XNonce::from(*nonce), payload).map_err(|_| StoreError::Sealed)?;
        String::from_utf8(plain).map_err(|_| StoreError::Sealed)
    }

    /// A key for another purpose, from which nothing can be concluded about this one.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        // HMAC pads a short key with zeros to its block of 64 bytes.
        let mut block = Zeroizing::new([0u8; 64]);
        block[..32].copy_from_slice(&*self.master);
        let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn aead(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.master))
    }
}

/// Writes a file that only its owner can read; an existing one is left alone.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_whole_and_in_its_place() {
        let cipher = Cipher::new([7; 32]);
        let sealed = cipher.seal("setting/1/Password", "s3cret").unwrap();
        assert_eq!(cipher.open("setting/1/Password", &sealed).unwrap(), "s3cret");
        assert!(cipher.open("setting/2/Password", &sealed).is_err());
        assert!(Cipher::new([8; 32]).open("setting/1/Password", &sealed).is_err());
        for position in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[position] ^= 1;
            assert!(cipher.open("setting/1/Password", &altered).is_err());
        }
    }

    #[test]
    fn the_same_value_never_looks_the_same() {
        let cipher = Cipher::new([7; 32]);
        let all: std::collections::BTreeSet<_> =
            (0..10_000).map(|_| cipher.seal("p", "same").unwrap()).collect();
        assert_eq!(all.len(), 10_000);
    }

    #[test]
    fn a_key_file_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let made = Cipher::from_file(&path, true).unwrap();
        let sealed = made.seal("p", "x").unwrap();
        assert_eq!(Cipher::from_file(&path, false).unwrap().open("p", &sealed).unwrap(), "x");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Cipher::from_file(&path, false), Err(KeyError::TooOpen(_))));
    }
}
