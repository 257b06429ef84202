//! Short ways to say fields and mappings in unit tests.

use super::{ActorMapping, Direction, FieldMapping, record_kind};
use crate::connector::types::{Access, ActorType, FieldInfo, FieldType};
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogue, Field};
use crate::crm::value::FieldKind;

pub fn erp_field(key: &str, kind: FieldType) -> FieldInfo {
    FieldInfo {
        key: key.to_owned(),
        name: key.to_owned(),
        description: String::new(),
        kind,
        list: if kind == FieldType::List { format!("{key}List") } else { String::new() },
        default: String::new(),
        rank: 0,
        max_length: 0,
        access: Access::Normal,
    }
}

pub fn crm_field(key: &str, kind: FieldKind) -> Field {
    Field {
        record: RecordKind::Company,
        key: key.to_owned(),
        label: None,
        kind,
        list: None,
        max_length: 50,
        is_required: false,
    }
}

pub fn unmapped(key: &str, kind: FieldType) -> FieldMapping {
    FieldMapping::new(erp_field(key, kind))
}

pub fn mapped(key: &str, kind: FieldType, crm: &str, direction: Direction) -> FieldMapping {
    FieldMapping { crm_field: Some(crm.to_owned()), direction, ..unmapped(key, kind) }
}

pub fn mapping_of(kind: ActorType, fields: impl IntoIterator<Item = FieldMapping>) -> ActorMapping {
    ActorMapping {
        id: 1,
        is_active: true,
        fields: fields.into_iter().collect(),
        version: 1,
        ..ActorMapping::new(1, kind, Catalogue::builtin(record_kind(kind)))
    }
}
