//! Reads a request, in either data namespace and with its members in any order.

use bytes::Bytes;

use super::fault::Fault;
use crate::connector::failure::Failure;
use crate::connector::operation::Operation;
use crate::connector::soap::data::{ActorMembers, read_dictionary, read_restriction, read_strings};
use crate::connector::soap::fault::open_body;
use crate::connector::soap::input::{Caps, Input};
use crate::connector::soap::wire::{DEFAULT_DATA, SERVICE};
use crate::connector::soap::xml::{At, Xml, not_understood};
use crate::connector::types::{ActorType, ConnectionGuid, Restriction, Settings};

const CAPS: Caps = Caps { total: 32 << 20, unit: 32 << 20, nodes: 4_000_000 };

/// In which form a request came, and its answer goes.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    pub operation: Operation,
    pub data_namespace: &'static str,
}

/// A request: every operation's members, those of the others blank.
pub struct Request {
    pub form: Form,
    pub members: Members,
}

#[derive(Default)]
pub struct Members {
    pub connection: String,
    pub settings: Settings,
    pub kind: String,
    pub keys: Vec<String>,
    pub fields: Vec<String>,
    pub text: String,
    pub parent_kind: String,
    pub parent_key: String,
    pub restrictions: Vec<Restriction>,
    pub actors: Vec<ActorMembers>,
    pub list: String,
    pub since: String,
}

/// Reads the envelope; `action` is the header that says which operation it is.
pub fn read(body: Bytes, action: Option<&str>) -> Result<Request, Fault> {
    let mut xml = Xml::new(Input::from_bytes(body, CAPS), CAPS.nodes);
    open_body(&mut xml).map_err(refused)?;
    let wrapped = Operation::parse(xml.name()).filter(|_| xml.namespace() == SERVICE);
    let operation = match action {
        Some(action) => operation_of(action).ok_or_else(|| Fault::unknown_action(action))?,
        None => wrapped.ok_or_else(|| Fault::unknown_action(xml.name()))?,
    };
    if wrapped != Some(operation) {
        return Err(Fault::client(format!("{} is not what the action says", xml.name())));
    }
    read_wrapper(&mut xml, operation).at(operation.name()).map_err(refused)
}

fn refused(failure: Failure) -> Fault {
    match failure {
        Failure::NotUnderstood { what } => Fault::client(format!("request not understood: {what}")),
        Failure::TooLarge { what } => Fault::client(format!("request too large: {what}")),
        other => Fault::client(other.to_string()),
    }
}

fn operation_of(action: &str) -> Option<Operation> {
    let name = action.strip_prefix(SERVICE)?.strip_prefix("/IErpConnectorWS/")?;
    Operation::parse(name)
}

fn read_wrapper(xml: &mut Xml, operation: Operation) -> Result<Request, Failure> {
    let mut data_namespace = None;
    let mut members = Members::default();
    while let Some(tag) = xml.child()? {
        if xml.name() != "request" || xml.namespace() != SERVICE || tag.is_nil {
            xml.skip()?;
            continue;
        }
        while xml.child()?.is_some() {
            let namespace = xml.namespace();
            let known = [SERVICE, DEFAULT_DATA].into_iter().find(|known| *known == namespace);
            if known.is_some() && (data_namespace.is_none() || data_namespace == known) {
                data_namespace = known;
                xml.set_data_namespace(known.unwrap_or_default());
                members.read(xml)?;
            } else {
                return Err(not_understood(format!("{}: in \"{namespace}\"", xml.name())));
            }
        }
    }
    xml.finish()?;
    if data_namespace.is_none() && operation != Operation::GetConfigData {
        return Err(not_understood("no request, or an empty one"));
    }
    let form = Form { operation, data_namespace: data_namespace.unwrap_or(SERVICE) };
    Ok(Request { form, members })
}

impl Members {
    fn read(&mut self, xml: &mut Xml) -> Result<(), Failure> {
        match xml.name() {
            "ConnectionGuid" => self.connection = xml.text().at("ConnectionGuid")?,
            "ConnectionInfo" => {
                let settings = &mut self.settings;
                read_dictionary(xml, |key, value| {
                    let key = key.ok_or_else(|| not_understood("Key: missing"))?;
                    settings.set(&key, value);
                    Ok(())
                })
                .at("ConnectionInfo")?;
            }
            "ActorType" => self.kind = xml.text().at("ActorType")?,
            "ErpKeys" | "ListItemKeys" => self.keys = read_strings(xml).at("keys")?,
            "FieldKeys" => self.fields = read_strings(xml).at("FieldKeys")?,
            "SearchText" => self.text = xml.text().at("SearchText")?,
            "ParentActorType" => self.parent_kind = xml.text().at("ParentActorType")?,
            "ParentActorErpKey" => self.parent_key = xml.text().at("ParentActorErpKey")?,
            "Restrictions" => self.read_restrictions(xml)?,
            "Actor" => self.actors.push(ActorMembers::read(xml).at("Actor")?),
            "Actors" => self.read_actors(xml)?,
            "ListName" => self.list = xml.text().at("ListName")?,
            "UpdatedOnOrAfter" => self.since = xml.text().at("UpdatedOnOrAfter")?,
            _ => xml.skip()?,
        }
        Ok(())
    }

    fn read_restrictions(&mut self, xml: &mut Xml) -> Result<(), Failure> {
        while let Some(tag) = xml.child()? {
            if tag.is_data && !tag.is_nil && xml.name() == "SearchRestrictionInfoWS" {
                let place = self.restrictions.len() + 1;
                let restriction = read_restriction(xml).at(format_args!("restriction {place}"))?;
                self.restrictions.push(restriction);
            } else {
                xml.skip()?;
            }
        }
        Ok(())
    }

    fn read_actors(&mut self, xml: &mut Xml) -> Result<(), Failure> {
        while let Some(tag) = xml.child()? {
            if tag.is_data && !tag.is_nil && xml.name() == "ErpActorWS" {
                let place = self.actors.len() + 1;
                self.actors.push(ActorMembers::read(xml).at(format_args!("actor {place}"))?);
            } else {
                xml.skip()?;
            }
        }
        Ok(())
    }

    pub fn id(&self) -> ConnectionGuid {
        ConnectionGuid::new(&self.connection)
    }

    pub fn kind(&self) -> Result<ActorType, Failure> {
        known_kind(&self.kind)
    }

    pub fn parent_kind(&self) -> Result<ActorType, Failure> {
        known_kind(&self.parent_kind)
    }
}

/// A type that is not of the contract, or not of ours, is the connector's "no", not a fault.
fn known_kind(name: &str) -> Result<ActorType, Failure> {
    ActorType::parse(name)
        .ok_or_else(|| Failure::refused("", format!("the actor type \"{name}\" is not supported")))
}
