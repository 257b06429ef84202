//! The keys licences are signed and checked with. Private keys are files of the issuer, never part of the
//! program; the public ones are built in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{SigningKey, VerifyingKey};
use zeroize::Zeroizing;

/// The issuer's public keys, base64, parted by commas; set when the program is built.
const BUILT_IN: Option<&str> = option_env!("GLEICHLAUF_LICENCE_KEYS");

/// Whose signatures count.
pub struct TrustedKeys {
    pub(super) keys: Vec<VerifyingKey>,
    pub(super) allows_demo: bool,
}

/// A new pair of keys.
pub struct KeyPair {
    /// PKCS#8 in PEM, for the issuer's file.
    pub private_pem: Zeroizing<String>,
    /// Base64, for `GLEICHLAUF_LICENCE_KEYS`.
    pub public: String,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{0:?} is not a public key")]
    Public(String),
    #[error("this is not a private key in PEM: {0}")]
    Private(String),
    #[error("no random numbers: {0}")]
    Random(String),
}

impl TrustedKeys {
    /// The issuer's keys, as built in.
    pub fn built_in() -> Result<Self, KeyError> {
        Self::only(BUILT_IN.unwrap_or_default())
    }

    /// These public keys alone, base64, parted by commas.
    pub fn only(keys: &str) -> Result<Self, KeyError> {
        let keys = keys.split(',').map(str::trim).filter(|key| !key.is_empty());
        Ok(Self { keys: keys.map(public_key).collect::<Result<_, _>>()?, allows_demo: false })
    }

    /// For demo mode: the same keys, and demo licences count too.
    pub fn with_demo(self) -> Self {
        Self { allows_demo: true, ..self }
    }
}

/// Makes a pair of keys.
pub fn key_pair() -> Result<KeyPair, KeyError> {
    let mut seed = Zeroizing::new([0u8; 32]);
    getrandom::fill(&mut *seed).map_err(|e| KeyError::Random(e.to_string()))?;
    let key = SigningKey::from_bytes(&seed);
    let private_pem =
        key.to_pkcs8_pem(LineEnding::LF).map_err(|e| KeyError::Private(e.to_string()))?;
    Ok(KeyPair { private_pem, public: STANDARD.encode(key.verifying_key().to_bytes()) })
}

pub(super) fn private_key(pem: &str) -> Result<SigningKey, KeyError> {
    SigningKey::from_pkcs8_pem(pem).map_err(|e| KeyError::Private(e.to_string()))
}

fn public_key(text: &str) -> Result<VerifyingKey, KeyError> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    key.filter(|key| !key.is_weak()).ok_or_else(|| KeyError::Public(text.to_owned()))
}
