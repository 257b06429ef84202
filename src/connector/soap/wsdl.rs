//! Reads from a connector's own description what its wire looks like, when it cannot be asked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use url::Url;

use super::http::{Http, Limits, read, status_failure};
use super::input::{Caps, Input};
use super::xml::{Xml, not_understood};
use crate::connector::failure::Failure;
use crate::connector::operation::Operation;

const MAX_IMPORTS: usize = 10;
const MAX_BYTES: u64 = 2 << 20;

/// What the description says; several documents may say a part each.
#[derive(Default)]
pub struct Description {
    pub service_namespace: Option<String>,
    pub data_namespace: Option<String>,
    /// `SOAPAction` per operation.
    pub actions: BTreeMap<String, String>,
    pub operations: BTreeSet<Operation>,
    imports: Vec<String>,
}

/// Fetches the usual description with what it imports.
pub async fn fetch(http: &Http, limits: &Limits) -> Result<Description, Failure> {
    fetch_as(http, "wsdl", limits).await
}

/// The same for whoever wants to know all of it: else the one in one piece.
pub async fn fetch_whole(http: &Http, limits: &Limits) -> Result<Description, Failure> {
    match fetch(http, limits).await {
        Ok(usual) if !usual.operations.is_empty() => Ok(usual),
        usual => fetch_as(http, "singleWsdl", limits).await.or(usual),
    }
}

/// Fetches a description under this name, and what it imports from the same origin.
async fn fetch_as(http: &Http, name: &str, limits: &Limits) -> Result<Description, Failure> {
    let mut start = http.url().clone();
    let query = start.query().map_or(name.to_owned(), |query| format!("{query}&{name}"));
    start.set_query(Some(&query));
    let (mut all, mut left) = (Description::default(), MAX_BYTES);
    let mut seen = BTreeSet::from([start.clone()]);
    let mut waiting = VecDeque::from([start]);
    while let Some(url) = waiting.pop_front() {
        let (part, rest) = document(http, url.clone(), left, limits).await?;
        left = rest;
        for import in &part.imports {
            let import = url.join(import).ok().filter(|import| import.origin() == url.origin());
            if let Some(import) = import
                && seen.len() <= MAX_IMPORTS
                && seen.insert(import.clone())
            {
                waiting.push_back(import);
            }
        }
        all.add(part);
    }
    Ok(all)
}

async fn document(
    http: &Http,
    url: Url,
    left: u64,
    limits: &Limits,
) -> Result<(Description, u64), Failure> {
    let response = http.get(url, limits).await?;
    if !response.status().is_success() {
        return Err(status_failure(&response));
    }
    let caps = Caps { total: left, unit: left, ..Caps::ANSWER };
    read(response, caps, limits, move |input| parse(input, caps)).await
}

fn parse(input: Input, caps: Caps) -> Result<(Description, u64), Failure> {
    let mut xml = Xml::new(input, caps.nodes);
    let mut part = Description::default();
    xml.child()?.ok_or_else(|| not_understood("an empty description"))?;
    let namespace = xml.attribute("targetNamespace").unwrap_or_default();
    match xml.name() {
        "definitions" => part.read_definitions(&mut xml, &namespace)?,
        "schema" => part.read_schema(&mut xml, &namespace)?,
        _ => return Err(not_understood("no service description")),
    }
    Ok((part, xml.bytes_left()))
}

impl Description {
    fn add(&mut self, part: Self) {
        self.service_namespace = self.service_namespace.take().or(part.service_namespace);
        self.data_namespace = self.data_namespace.take().or(part.data_namespace);
        self.actions.extend(part.actions);
        self.operations.extend(part.operations);
    }

    fn read_definitions(&mut self, xml: &mut Xml, namespace: &str) -> Result<(), Failure> {
        while xml.child()?.is_some() {
            match xml.name() {
                "import" => self.read_import(xml, "location")?,
                "types" => {
                    while xml.child()?.is_some() {
                        let namespace = xml.attribute("targetNamespace").unwrap_or_default();
                        self.read_schema(xml, &namespace)?;
                    }
                }
                "portType" => self.read_operations(xml, namespace)?,
                "binding" => {
                    let of = xml.attribute("type").unwrap_or_default();
                    let namespace = xml.namespace_of(&of).to_owned();
                    self.read_operations(xml, &namespace)?;
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn read_import(&mut self, xml: &mut Xml, attribute: &str) -> Result<(), Failure> {
        self.imports.extend(xml.attribute(attribute));
        xml.skip()
    }

    /// The operations of a port type or a binding whose own namespace is the service's.
    fn read_operations(&mut self, xml: &mut Xml, namespace: &str) -> Result<(), Failure> {
        while xml.child()?.is_some() {
            let name = xml.attribute("name").unwrap_or_default();
            let known = Operation::parse(&name).filter(|_| xml.name() == "operation");
            let Some(operation) = known else {
                xml.skip()?;
                continue;
            };
            self.operations.insert(operation);
            self.service_namespace.get_or_insert_with(|| namespace.to_owned());
            while xml.child()?.is_some() {
                let is_soap_11 = xml.namespace() == "http://schemas.xmlsoap.org/wsdl/soap/";
                if let Some(action) = xml.attribute("soapAction").filter(|_| is_soap_11) {
                    self.actions.insert(name.clone(), action);
                }
                xml.skip()?;
            }
        }
        Ok(())
    }

    fn read_schema(&mut self, xml: &mut Xml, namespace: &str) -> Result<(), Failure> {
        while xml.child()?.is_some() {
            match xml.name() {
                "import" | "include" => self.read_import(xml, "schemaLocation")?,
                "complexType" => {
                    if xml.attribute("name").as_deref() == Some("ConnectorResultBaseWS") {
                        self.data_namespace = Some(namespace.to_owned());
                    }
                    xml.skip()?;
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }
}
