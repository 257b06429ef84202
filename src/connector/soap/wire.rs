//! The contract's names on the wire.

use crate::connector::operation::Operation;
use crate::connector::types::WireForm;

/// The service namespace of the contract.
pub const SERVICE: &str = "http://www.superoffice.net/EIS/Connector/1.0";
/// The data namespace where .NET's own default was left in place.
pub const DEFAULT_DATA: &str = "http://schemas.datacontract.org/2004/07/SuperOffice.ErpSync";
/// SOAP 1.1 envelopes.
pub const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// SOAP 1.2 envelopes, which the contract does not use.
pub const ENVELOPE_12: &str = "http://www.w3.org/2003/05/soap-envelope";
/// .NET's arrays of text and dictionaries.
pub const ARRAYS: &str = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";
/// The namespace of `nil`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The `SOAPAction` of an operation, unquoted.
pub fn action(form: &WireForm, operation: Operation) -> String {
    let name = operation.name();
    form.actions
        .get(name)
        .cloned()
        .unwrap_or_else(|| format!("{}/IErpConnectorWS/{name}", form.service_namespace))
}
