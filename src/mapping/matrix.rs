//! Which directions are possible between an ERP field and a CRM field, and why the others are not.
//! A direction is possible when the target can hold every value of the source.

use std::collections::{BTreeMap, BTreeSet};

use super::{ActorMapping, Direction, Side};
use crate::connections::ConnectionId;
use crate::connector::types::{Access, ActorType, FieldInfo, FieldType};
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogue, Field};
use crate::crm::value::FieldKind;
use crate::i18n::{Key, Message};

/// Why a direction, or a CRM field, cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    NoCrmField,
    /// Passwords and labels.
    NotOffered,
    /// The ERP's own key of the actor or of its parent.
    ActorKey,
    /// The ERP does not take values for it.
    ReadOnly,
    /// The CRM field could not hold every value of the ERP field.
    CrmCannotHold,
    /// The ERP field could not hold every value of the CRM field.
    ErpCannotHold,
    /// Another connection synchronises the CRM field, so this one may not feed it one way.
    MappedElsewhere,
}

impl Why {
    pub fn key(self) -> Key {
        match self {
            Self::NoCrmField => Key::MAPPING_WHY_NO_CRM_FIELD,
            Self::NotOffered => Key::MAPPING_WHY_NOT_OFFERED,
            Self::ActorKey => Key::MAPPING_WHY_ACTOR_KEY,
            Self::ReadOnly => Key::MAPPING_WHY_READ_ONLY,
            Self::CrmCannotHold => Key::MAPPING_WHY_CRM_CANNOT_HOLD,
            Self::ErpCannotHold => Key::MAPPING_WHY_ERP_CANNOT_HOLD,
            Self::MappedElsewhere => Key::MAPPING_WHY_MAPPED_ELSEWHERE,
        }
    }
}

/// What speaks against each direction of one pair of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    pub to_crm: Option<Why>,
    pub to_erp: Option<Why>,
    /// Against `>` without `<`, where `>` itself is possible.
    pub only_to_crm: Option<Why>,
}

impl Permit {
    fn none(why: Why) -> Self {
        Self { to_crm: Some(why), to_erp: Some(why), only_to_crm: None }
    }

    /// Whether the CRM field may be chosen at all.
    pub fn is_possible(self) -> bool {
        self.to_crm.is_none() || self.to_erp.is_none()
    }

    /// What is wrong with a direction; empty when it may be chosen.
    pub fn problems(self, direction: Direction) -> Vec<(Side, Why)> {
        let to_crm = self.to_crm.or(self.only_to_crm.filter(|_| !direction.to_erp));
        [(Side::Crm, to_crm), (Side::Erp, self.to_erp)]
            .into_iter()
            .filter(|(side, _)| direction.reaches(*side))
            .filter_map(|(side, why)| why.map(|why| (side, why)))
            .collect()
    }
}

/// What is possible between two fields. `is_mapped_elsewhere`: see [`mapped_elsewhere`].
pub fn permit(kind: ActorType, erp: &FieldInfo, crm: &Field, is_mapped_elsewhere: bool) -> Permit {
    if let Some(why) = never(kind, erp) {
        return Permit::none(why);
    }
    let possible = fits(erp.kind, crm.kind);
    let to_crm = (!possible.to_crm).then_some(Why::CrmCannotHold);
    let to_erp = (!possible.to_erp).then_some(Why::ErpCannotHold);
    let read_only = (erp.access == Access::ReadOnly).then_some(Why::ReadOnly);
    let elsewhere = is_mapped_elsewhere.then_some(Why::MappedElsewhere);
    Permit { to_crm, to_erp: read_only.or(to_erp), only_to_crm: elsewhere }
}

/// Why an ERP field is never mapped to anything; none for most.
pub fn never(kind: ActorType, erp: &FieldInfo) -> Option<Why> {
    match erp.kind {
        FieldType::Password | FieldType::Label => Some(Why::NotOffered),
        _ => is_actor_key(kind, &erp.key).then_some(Why::ActorKey),
    }
}

/// The CRM fields that may be chosen for an ERP field, in the catalogue's order.
pub fn offered<'c>(
    kind: ActorType,
    erp: &FieldInfo,
    catalogue: &'c Catalogue,
) -> impl Iterator<Item = &'c Field> {
    catalogue.all().iter().filter(move |crm| permit(kind, erp, crm, false).is_possible())
}

/// CRM fields of one kind that other connections synchronise; `others` are their actor mappings,
/// those of deleted connections left out.
pub fn mapped_elsewhere(others: &[ActorMapping], kind: RecordKind) -> BTreeSet<String> {
    synchronised_by(others, kind).into_keys().collect()
}

/// The same fields, each with a connection that synchronises it.
pub fn synchronised_by(
    others: &[ActorMapping],
    kind: RecordKind,
) -> BTreeMap<String, ConnectionId> {
    let of_kind = others.iter().filter(|mapping| mapping.record_kind() == kind);
    of_kind
        .flat_map(|mapping| {
            let fields = mapping.synchronised();
            fields.map(|(_, crm)| (crm.to_owned(), mapping.connection_id))
        })
        .collect()
}

/// Values that will be refused for their length, said before it happens. Only text has a length.
pub fn length_warning(erp: &FieldInfo, crm: &Field, direction: Direction) -> Option<Message> {
    let are_texts = erp.kind == FieldType::Text && crm.kind == FieldKind::Text;
    if !are_texts || erp.max_length <= 0 {
        return None;
    }
    let key = if direction.to_erp && crm.max_length > erp.max_length {
        Key::MAPPING_WARN_ERP_SHORTER
    } else if direction.to_crm && crm.max_length < erp.max_length {
        Key::MAPPING_WARN_CRM_SHORTER
    } else {
        return None;
    };
    Some(Message::from(key).with("crm", crm.max_length).with("erp", erp.max_length))
}

fn fits(erp: FieldType, crm: FieldKind) -> Direction {
    use FieldKind as Crm;
    use FieldType as Erp;
    match (erp, crm) {
        (Erp::Text, Crm::Text)
        | (Erp::Integer, Crm::Whole)
        | (Erp::Double, Crm::Decimal)
        | (Erp::Checkbox, Crm::Check)
        | (Erp::Datetime, Crm::Date)
        | (Erp::List, Crm::List) => Direction::BOTH,
        (Erp::Text, _) | (Erp::Integer | Erp::Double, Crm::Check) | (Erp::Double, Crm::Whole) => {
            Direction::TO_ERP
        }
        (Erp::Integer | Erp::Double | Erp::Checkbox | Erp::Datetime | Erp::List, Crm::Text)
        | (Erp::Integer | Erp::Checkbox, Crm::Decimal)
        | (Erp::Checkbox, Crm::Whole) => Direction::TO_CRM,
        _ => Direction::NONE,
    }
}

/// The contract does not mark key fields, so they are known by name: `ID`, `ErpKey`, `CustomerId`, …
fn is_actor_key(kind: ActorType, key: &str) -> bool {
    let name: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let own = kind.as_str().to_ascii_lowercase();
    let plain = ["id", "key", "erpkey", "parenterpkey", "parentactortype", "parentid"];
    plain.contains(&name.as_str())
        || name.strip_prefix(&own).is_some_and(|rest| matches!(rest, "id" | "key"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::mapping::record_kind;
    use crate::mapping::testing::{crm_field, erp_field, mapped, mapping_of};

    /// The published table: `=` both, `>` to the CRM, `<` to the ERP, `-` none.
    const TABLE: [(FieldType, &str); 8] = [
        (FieldType::Text, "=<<<<<"),
        (FieldType::Integer, ">=><--"),
        (FieldType::Double, "><=<--"),
        (FieldType::Checkbox, ">>>=--"),
        (FieldType::Datetime, ">---=-"),
        (FieldType::List, ">----="),
        (FieldType::Password, "------"),
        (FieldType::Label, "------"),
    ];
    const COLUMNS: [FieldKind; 6] = [
        FieldKind::Text,
        FieldKind::Whole,
        FieldKind::Decimal,
        FieldKind::Check,
        FieldKind::Date,
        FieldKind::List,
    ];

    #[test]
    fn types_fit_as_in_the_table() {
        for (erp, row) in TABLE {
            for (crm, cell) in COLUMNS.into_iter().zip(row.chars()) {
                let permit =
                    permit(ActorType::Customer, &erp_field("X", erp), &crm_field("x", crm), false);
                assert_eq!(permit.to_crm.is_none(), "=>".contains(cell), "{erp:?} > {crm:?}");
                assert_eq!(permit.to_erp.is_none(), "=<".contains(cell), "{erp:?} < {crm:?}");
                assert_eq!(permit.is_possible(), cell != '-');
            }
        }
    }

    #[test]
    fn each_refusal_says_why() {
        let text = crm_field("x", FieldKind::Text);
        let mut erp = erp_field("X", FieldType::Text);
        erp.access = Access::ReadOnly;
        let read_only = permit(ActorType::Customer, &erp, &text, false);
        assert_eq!(read_only.problems(Direction::BOTH), [(Side::Erp, Why::ReadOnly)]);
        assert_eq!(read_only.problems(Direction::TO_CRM), []);

        let checkbox = erp_field("X", FieldType::Checkbox);
        let lossy = permit(ActorType::Customer, &checkbox, &text, false);
        assert_eq!(lossy.problems(Direction::BOTH), [(Side::Erp, Why::ErpCannotHold)]);

        let password = erp_field("X", FieldType::Password);
        let never = permit(ActorType::Customer, &password, &text, false);
        assert_eq!(never.problems(Direction::TO_CRM), [(Side::Crm, Why::NotOffered)]);
    }

    #[test]
    fn a_field_mapped_elsewhere_is_not_fed_one_way() {
        let text = crm_field("x", FieldKind::Text);
        let mut erp = erp_field("X", FieldType::Text);
        let shared = permit(ActorType::Customer, &erp, &text, true);
        assert_eq!(shared.problems(Direction::TO_CRM), [(Side::Crm, Why::MappedElsewhere)]);
        assert_eq!(shared.problems(Direction::BOTH), []);
        assert_eq!(shared.problems(Direction::TO_ERP), []);
        erp.access = Access::ReadOnly;
        let read_only = permit(ActorType::Customer, &erp, &text, true);
        assert_eq!(read_only.problems(Direction::TO_CRM), [(Side::Crm, Why::MappedElsewhere)]);
    }

    #[test]
    fn other_connections_count_per_kind_of_record_and_only_what_synchronises() {
        let name = mapped("NAME", FieldType::Text, "name", Direction::BOTH);
        let fax = mapped("FAX", FieldType::Text, "fax", Direction::NONE);
        let others = [mapping_of(ActorType::Supplier, [name, fax])];
        let found = mapped_elsewhere(&others, RecordKind::Company);
        assert_eq!(found, BTreeSet::from(["name".to_owned()]));
        assert!(mapped_elsewhere(&others, RecordKind::Person).is_empty());
    }

    #[test]
    fn keys_of_actors_offer_no_crm_field() {
        let is_offered = |kind, key| {
            let catalogue = Catalogue::builtin(record_kind(kind));
            offered(kind, &erp_field(key, FieldType::Text), &catalogue).next().is_some()
        };
        for (kind, key) in [
            (ActorType::Customer, "CustomerId"),
            (ActorType::Person, "PERSON_ID"),
            (ActorType::Project, "ID"),
            (ActorType::Person, "ParentErpKey"),
        ] {
            assert!(!is_offered(kind, key), "{key}");
        }
        assert!(is_offered(ActorType::Person, "CUSTOMERID"));
        assert!(is_offered(ActorType::Customer, "NUMBER"));
    }

    #[test]
    fn only_fields_with_a_possible_direction_are_offered() {
        let offered_for = |kind| {
            let catalogue = Catalogue::builtin(RecordKind::Project);
            let erp = erp_field("X", kind);
            let fields = offered(ActorType::Project, &erp, &catalogue);
            fields.map(|field| field.key.clone()).collect::<Vec<_>>()
        };
        let texts = ["name", "description", "number", "url"];
        assert_eq!(
            offered_for(FieldType::List),
            ["name", "description", "number", "status", "url"]
        );
        assert_eq!(
            offered_for(FieldType::Datetime),
            ["name", "description", "number", "end_date", "url"]
        );
        assert_eq!(offered_for(FieldType::Checkbox).len(), texts.len() + 1, "and the budget");
        assert!(offered_for(FieldType::Label).is_empty());
    }

    #[test]
    fn lengths_that_will_hurt_are_said_in_advance() {
        let crm = crm_field("x", FieldKind::Text);
        let mut erp = erp_field("X", FieldType::Text);
        let warning = |erp: &FieldInfo, direction| {
            length_warning(erp, &crm, direction).map(|message| message.key)
        };
        assert_eq!(warning(&erp, Direction::BOTH), None, "0 is no limit");
        erp.max_length = 40;
        assert_eq!(warning(&erp, Direction::TO_ERP), Some(Key::MAPPING_WARN_ERP_SHORTER));
        assert_eq!(warning(&erp, Direction::TO_CRM), None);
        erp.max_length = 400;
        assert_eq!(warning(&erp, Direction::BOTH), Some(Key::MAPPING_WARN_CRM_SHORTER));
        erp.kind = FieldType::Checkbox;
        assert_eq!(warning(&erp, Direction::BOTH), None, "a check box has no length");
    }
}
