//! The sync connector contract over SOAP, and the addresses it may be spoken to.

mod addresses;
mod exchanges;
mod hostile;
mod learning;
mod live;
mod network;
mod patience;
mod plugin;
mod reading;
mod resend;

use std::collections::BTreeMap;
use std::sync::Arc;

use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::operation::Operation;
use gleichlauf::connector::policy::AddressPolicy;
use gleichlauf::connector::registry::{Patience, Registry};
use gleichlauf::connector::soap::envelope::{Answered, read_answer};
use gleichlauf::connector::soap::input::{Caps, Input};
use gleichlauf::connector::soap::payload::{Actors, All};
use gleichlauf::connector::soap::xml::Xml;
use gleichlauf::connector::types::{Actor, ActorType};

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

/// What stands around the members of an answer to `GetActors`.
pub struct Wrapped {
    pub before: String,
    pub after: String,
}

impl Wrapped {
    pub fn new() -> Self {
        let service = "http://www.superoffice.net/EIS/Connector/1.0";
        let before = format!(
            "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>\
             <WSGetActorsResponse xmlns='{service}'><WSGetActorsResult xmlns:d='{service}' \
             xmlns:a='http://schemas.microsoft.com/2003/10/Serialization/Arrays' \
             xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><d:IsOk>true</d:IsOk>"
        );
        let after = "</WSGetActorsResult></WSGetActorsResponse></s:Body></s:Envelope>".to_owned();
        Self { before, after }
    }
}

/// An answer to `GetActors` with these members.
pub fn wrap(members: &str) -> String {
    let Wrapped { before, after } = Wrapped::new();
    format!("{before}{members}{after}")
}

/// Reads an answer to `GetActors`.
pub fn read_actors(document: impl AsRef<[u8]>) -> Result<Vec<Actor>, Failure> {
    let bytes = document.as_ref().to_vec().into();
    let mut xml = Xml::new(Input::from_bytes(bytes, Caps::ANSWER), Caps::ANSWER.nodes);
    let payload = Actors::new(ActorType::Customer, All::default());
    match read_answer(&mut xml, Operation::GetActors, None, payload)? {
        Answered::Reply { reply, .. } => reply.map(|reply| reply.value),
        Answered::OtherForm => panic!("no form was expected"),
    }
}
