//! The seventeen operations of the contract.

/// The contract's name.
pub const CONTRACT: &str = "IErpConnectorWS";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    /// The name in the service contract, which is that of the request's wrapper.
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
