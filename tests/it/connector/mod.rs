//! The sync connector contract over SOAP, and the addresses it may be spoken to.

mod exchanges;
mod learning;
mod live;

use std::collections::BTreeMap;
use std::sync::Arc;

use gleichlauf::connector::Connector;
use gleichlauf::connector::policy::AddressPolicy;
use gleichlauf::connector::registry::{Patience, Registry};

/// A registry that may call these `host:port`.
pub fn registry(lines: &[String]) -> Registry {
    let listed = lines.iter().map(|line| line.parse().unwrap()).collect();
    Registry::new(AddressPolicy { listed, ..AddressPolicy::default() }, BTreeMap::new())
}

/// The connector at a peer's address.
pub fn connect(peer: &crate::support::peer::Peer) -> Arc<dyn Connector> {
    let registry = registry(&[peer.address.to_string()]);
    registry.connect(&peer.url(), Patience::Interactive).unwrap()
}

/// A recorded file, such as `own-namespace/001-WSGetConfigData.response-200.xml`.
pub fn fixture(path: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/soap");
    std::fs::read_to_string(folder.join(path)).unwrap()
}

pub fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
