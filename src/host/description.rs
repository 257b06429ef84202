//! The service's description: one document, which tools for .NET, Java and Python can import.

use super::schema;
use crate::connector::operation::Operation;
use crate::connector::soap::wire::{ARRAYS, SERVICE};
use crate::connector::soap::writer::Writer;

/// The document, for a service at this address.
pub fn write(address: &str) -> String {
    let mut out = Writer::default();
    out.raw(&format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><wsdl:definitions name=\"ErpConnectorWS\" \
         targetNamespace=\"{SERVICE}\" xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" \
         xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:tns=\"{SERVICE}\" \
         xmlns:a=\"{ARRAYS}\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><wsdl:types>"
    ));
    out.raw(&schema::arrays());
    out.raw(&schema::service());
    out.raw("</wsdl:types>");
    for operation in Operation::ALL {
        let name = operation.name();
        out.raw(&message(&format!("{name}Input"), name));
        out.raw(&message(&format!("{name}Output"), &format!("{name}Response")));
    }
    out.raw("<wsdl:portType name=\"IErpConnectorWS\">");
    Operation::ALL.into_iter().for_each(|operation| out.raw(&port_operation(operation)));
    out.raw(
        "</wsdl:portType><wsdl:binding name=\"BasicHttpBinding_IErpConnectorWS\" \
         type=\"tns:IErpConnectorWS\">\
         <soap:binding transport=\"http://schemas.xmlsoap.org/soap/http\"/>",
    );
    Operation::ALL.into_iter().for_each(|operation| out.raw(&bound_operation(operation)));
    out.raw(
        "</wsdl:binding><wsdl:service name=\"ErpConnectorWS\">\
         <wsdl:port name=\"BasicHttpBinding_IErpConnectorWS\" \
         binding=\"tns:BasicHttpBinding_IErpConnectorWS\"><soap:address location=\"",
    );
    out.plain(&address.replace('"', "%22"));
    out.raw("\"/></wsdl:port></wsdl:service></wsdl:definitions>");
    out.take().unwrap_or_default()
}

fn message(name: &str, element: &str) -> String {
    format!(
        "<wsdl:message name=\"{name}\"><wsdl:part name=\"parameters\" element=\"tns:{element}\"/>\
         </wsdl:message>"
    )
}

fn port_operation(operation: Operation) -> String {
    let name = operation.name();
    format!(
        "<wsdl:operation name=\"{name}\"><wsdl:input message=\"tns:{name}Input\"/>\
         <wsdl:output message=\"tns:{name}Output\"/></wsdl:operation>"
    )
}

fn bound_operation(operation: Operation) -> String {
    let name = operation.name();
    format!(
        "<wsdl:operation name=\"{name}\"><soap:operation style=\"document\" \
         soapAction=\"{SERVICE}/IErpConnectorWS/{name}\"/>\
         <wsdl:input><soap:body use=\"literal\"/></wsdl:input>\
         <wsdl:output><soap:body use=\"literal\"/></wsdl:output></wsdl:operation>"
    )
}
