//! An ERP connection with mappings, put straight into the store.

use gleichlauf::connections::{ConnectionId, Scope};
use gleichlauf::connector::types::{
    Access, ActorType, ConnectionGuid, FieldInfo, FieldType, Settings,
};
use gleichlauf::crm::fields::Catalogue;
use gleichlauf::history::Actor;
use gleichlauf::mapping::{ActorMapping, Direction, FieldMapping, record_kind};
use gleichlauf::store::configuration::Configuration;
use gleichlauf::store::connections::NewConnection;
use gleichlauf::store::{Store, connections, connectors, mappings};

/// A connection for everyone on `plugin://fake`, inactive, with these fields of `Customer`, unmapped.
pub async fn add(store: &Store, name: &str, fields: &[FieldInfo]) -> ConnectionId {
    let actor = Actor::system();
    let mut tx = store.begin().await.unwrap();
    let connector =
        connectors::insert(&mut tx, &actor, &format!("Connector of {name}"), "plugin://fake")
            .await
            .unwrap();
    let new = NewConnection {
        guid: ConnectionGuid::random().unwrap(),
        connector_id: connector,
        name: name.to_owned(),
        description: String::new(),
        scope: Scope::Everyone,
        configuration: Configuration { fields: Vec::new(), values: Settings::new() },
    };
    let id = connections::insert(&mut tx, &actor, &new).await.unwrap();
    let mapping = ActorMapping {
        fields: fields.iter().cloned().map(FieldMapping::new).collect(),
        ..mapping(id, ActorType::Customer)
    };
    mappings::save(&mut tx, &actor, &mapping).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn activate(store: &Store, id: ConnectionId) {
    let version = connections::find(store, id).await.unwrap().unwrap().version;
    let mut tx = store.begin().await.unwrap();
    connections::activate(&mut tx, &Actor::system(), (id, version)).await.unwrap();
    tx.commit().await.unwrap();
}

pub fn field(key: &str, kind: FieldType, list: &str, access: Access) -> FieldInfo {
    FieldInfo {
        key: key.to_owned(),
        name: format!("US:\"{key} en\";GE:\"{key} de\""),
        description: String::new(),
        kind,
        list: list.to_owned(),
        default: String::new(),
        rank: 0,
        max_length: 0,
        access,
    }
}

/// A mapping without fields, switched off, to the CRM's built-in fields.
pub fn mapping(connection: ConnectionId, kind: ActorType) -> ActorMapping {
    ActorMapping::new(connection, kind, Catalogue::builtin(record_kind(kind)))
}

/// An ERP field mapped to a CRM field.
pub fn mapped(erp: FieldInfo, crm: &str, direction: Direction) -> FieldMapping {
    FieldMapping { crm_field: Some(crm.to_owned()), direction, ..FieldMapping::new(erp) }
}
