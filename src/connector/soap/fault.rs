//! SOAP faults.

use super::wire::{ENVELOPE, ENVELOPE_12};
use super::xml::{At, Xml, not_understood};
use crate::connector::failure::Failure;

/// Enough of a fault's text for a person; connectors put whole stack traces there.
const MAX_TEXT: usize = 2_000;

/// Walks to the first element of the envelope's body.
pub fn open_body(xml: &mut Xml) -> Result<(), Failure> {
    xml.child()?.ok_or_else(|| not_understood("an empty answer"))?;
    match (xml.name(), xml.namespace()) {
        ("Envelope", ENVELOPE) => {}
        ("Envelope", ENVELOPE_12) => return Err(not_understood("SOAP 1.2 (the contract has 1.1)")),
        _ => return Err(not_understood("no SOAP envelope")),
    }
    while xml.child()?.is_some() {
        if xml.name() == "Body" && xml.namespace() == ENVELOPE {
            xml.child()?.ok_or_else(|| not_understood("an empty SOAP body"))?;
            return Ok(());
        }
        xml.skip()?;
    }
    Err(not_understood("no SOAP body"))
}

/// Whether the reader stands in a fault.
pub fn is_fault(xml: &Xml) -> bool {
    xml.name() == "Fault" && xml.namespace() == ENVELOPE
}

/// The failure a fault stands for; its code without prefix.
pub fn read_fault(xml: &mut Xml) -> Failure {
    read(xml).at("Fault").unwrap_or_else(|failure| failure)
}

fn read(xml: &mut Xml) -> Result<Failure, Failure> {
    let (mut code, mut text) = (String::new(), String::new());
    while xml.child()?.is_some() {
        match xml.name() {
            "faultcode" => code = xml.text()?,
            "faultstring" => text = xml.text()?,
            _ => xml.skip()?,
        }
    }
    let code = code.trim();
    let code = code.rsplit_once(':').map_or(code, |(_, local)| local).to_owned();
    text.truncate(text.floor_char_boundary(MAX_TEXT));
    Ok(Failure::Fault { code, text })
}
