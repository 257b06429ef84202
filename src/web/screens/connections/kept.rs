//! What goes with the form from one showing to the next, sealed: what the connector asks for, so that it
//! need not be asked again (and may be away meanwhile), and the secrets typed, so that nobody types them
//! twice. And the mark that a test has passed with exactly these values. Both hold only in this session,
//! for this connection, connector and address: nothing entrusted to one address ever goes to another.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::declared::Declared;
use crate::connections::{ConnectionId, SyncConnector};
use crate::connector::types::Settings;
use crate::history::chain::hex;
use crate::store::Store;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// Lengths are rounded up to this, so that they tell nothing about a secret.
const BLOCK: usize = 512;

#[derive(Default, Serialize, Deserialize)]
pub struct Kept {
    pub declared: Declared,
    /// Typed secrets by field key.
    pub secrets: BTreeMap<String, String>,
}

/// Where something sealed opens, and where a mark holds.
pub struct Place(String);

impl Place {
    pub fn new(visit: &Visit, connection: Option<ConnectionId>, connector: &SyncConnector) -> Self {
        let connection = connection.unwrap_or_default();
        Self(format!("form/{}/{connection}/{}/{}", visit.csrf, connector.id, connector.address))
    }
}

pub fn seal(store: &Store, place: &Place, kept: &Kept) -> Result<String, WebError> {
    let mut json = serde_json::to_string(kept).map_err(anyhow::Error::from)?;
    let length = json.len().next_multiple_of(BLOCK);
    json.extend(std::iter::repeat_n(' ', length - json.len()));
    Ok(URL_SAFE_NO_PAD.encode(store.cipher().seal(&place.0, &json)?))
}

/// `None`: nothing was kept, or for another place.
pub fn open(store: &Store, place: &Place, sealed: &str) -> Option<Kept> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let json = store.cipher().open(&place.0, &sealed).ok()?;
    serde_json::from_str(&json).ok()
}

/// The mark of a passed test of these values.
pub fn mark(store: &Store, place: &Place, values: &Settings) -> String {
    let key = store.derived_key("mark of a tested configuration");
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&block(key)).into());
    let pairs = values.iter().flat_map(|(key, value)| [key, value]);
    for part in [place.0.as_str()].into_iter().chain(pairs) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    hex(&mac.finalize().into_bytes())
}

pub fn is_mark(store: &Store, place: &Place, values: &Settings, found: &str) -> bool {
    mark(store, place, values).as_bytes().ct_eq(found.as_bytes()).into()
}

/// HMAC pads a short key with zeros to its block of 64 bytes.
fn block(key: [u8; 32]) -> [u8; 64] {
    let mut block = [0u8; 64];
    block[..32].copy_from_slice(&key);
    block
}
