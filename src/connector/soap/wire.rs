//! The contract's names on the wire.

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

/// The seventeen operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    GetConfigData,
    TestConfigData,
    SaveConnection,
    TestConnection,
    DeleteConnection,
    GetSupportedActorTypes,
    GetSupportedActorTypeFields,
    GetSearchableFields,
    GetActors,
    SearchActors,
    SearchActorByParent,
    SearchActorsAdvanced,
    CreateActor,
    SaveActors,
    GetList,
    GetListItems,
    GetActorsByTimestamp,
}

impl Operation {
    pub const ALL: [Self; 17] = [
        Self::GetConfigData,
        Self::TestConfigData,
        Self::SaveConnection,
        Self::TestConnection,
        Self::DeleteConnection,
        Self::GetSupportedActorTypes,
        Self::GetSupportedActorTypeFields,
        Self::GetSearchableFields,
        Self::GetActors,
        Self::SearchActors,
        Self::SearchActorByParent,
        Self::SearchActorsAdvanced,
        Self::CreateActor,
        Self::SaveActors,
        Self::GetList,
        Self::GetListItems,
        Self::GetActorsByTimestamp,
    ];

    /// The name of the request's wrapper.
    pub fn name(self) -> &'static str {
        match self {
            Self::GetConfigData => "WSGetConfigData",
            Self::TestConfigData => "WSTestConfigData",
            Self::SaveConnection => "WSSaveConnection",
            Self::TestConnection => "WSTestConnection",
            Self::DeleteConnection => "WSDeleteConnection",
            Self::GetSupportedActorTypes => "WSGetSupportedActorTypes",
            Self::GetSupportedActorTypeFields => "WSGetSupportedActorTypeFields",
            Self::GetSearchableFields => "WSGetSearchableFields",
            Self::GetActors => "WSGetActors",
            Self::SearchActors => "WSSearchActors",
            Self::SearchActorByParent => "WSSearchActorByParent",
            Self::SearchActorsAdvanced => "WSSearchActorsAdvanced",
            Self::CreateActor => "WSCreateActor",
            Self::SaveActors => "WSSaveActors",
            Self::GetList => "WSGetList",
            Self::GetListItems => "WSGetListItems",
            Self::GetActorsByTimestamp => "WSGetActorsByTimestamp",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.name() == name)
    }
}

/// The `SOAPAction` of an operation, unquoted.
pub fn action(form: &WireForm, operation: Operation) -> String {
    let name = operation.name();
    form.actions
        .get(name)
        .cloned()
        .unwrap_or_else(|| format!("{}/IErpConnectorWS/{name}", form.service_namespace))
}
