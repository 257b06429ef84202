//! Automatic field mapping: well-known ERP field keys and the CRM fields they usually mean. It never
//! sets a direction, so nothing synchronises until a person chooses one.

use super::{matrix, record_kind};
use crate::connector::types::{ActorType, FieldInfo};
use crate::crm::RecordKind;
use crate::crm::fields::{Catalogue, Field};

/// The CRM field a new ERP field is mapped to, if its key is known and a direction is possible.
pub fn suggest<'c>(
    kind: ActorType,
    erp: &FieldInfo,
    catalogue: &'c Catalogue,
) -> Option<&'c Field> {
    let (_, key) = table(record_kind(kind))
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(erp.key.trim()))?;
    let crm = catalogue.find(key)?;
    matrix::permit(kind, erp, crm, false).is_possible().then_some(crm)
}

fn table(kind: RecordKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        RecordKind::Company => &COMPANY,
        RecordKind::Person => &PERSON,
        RecordKind::Project => &PROJECT,
    }
}

const COMPANY: [(&str, &str); 24] = [
    ("NAME", "name"),
    ("NUMBER1", "code"),
    ("NUMBER2", "number"),
    ("DEPARTMENT", "department"),
    ("PHONE", "phone"),
    ("FAX", "fax"),
    ("EMAIL", "email"),
    ("URL", "url"),
    ("POSTALAD1", "postal_line1"),
    ("POSTALAD2", "postal_line2"),
    ("POSTALAD3", "postal_line3"),
    ("POSTALZIP", "postal_zip"),
    ("POSTALCITY", "postal_city"),
    ("POSTALCOUNTY", "postal_county"),
    ("POSTALSTATE", "postal_state"),
    ("STREETAD1", "street_line1"),
    ("STREETAD2", "street_line2"),
    ("STREETAD3", "street_line3"),
    ("STREETZIP", "street_zip"),
    ("STREETCITY", "street_city"),
    ("STREETCOUNTY", "street_county"),
    ("STREETSTATE", "street_state"),
    ("COUNTRY", "country"),
    ("VATNO", "vat_no"),
];

const PERSON: [(&str, &str); 21] = [
    ("FIRSTNAME", "first_name"),
    ("MIDDLENAME", "middle_name"),
    ("LASTNAME", "last_name"),
    ("TITLE", "title"),
    ("NUMBER", "number"),
    ("PHONE_DIRECT", "phone_direct"),
    ("PHONE_PRIVATE", "phone_private"),
    ("PHONE_MOBILE", "phone_mobile"),
    ("PHONE_OTHER", "phone_other"),
    ("EMAIL", "email"),
    ("POSITION", "position"),
    ("BIRTHDATE", "birthdate"),
    ("URL", "url"),
    ("POSTALAD1", "postal_line1"),
    ("POSTALAD2", "postal_line2"),
    ("POSTALAD3", "postal_line3"),
    ("POSTALZIP", "postal_zip"),
    ("POSTALCITY", "postal_city"),
    ("POSTALSTATE", "postal_state"),
    ("POSTALCOUNTY", "postal_county"),
    ("POSTALCOUNTRY", "postal_country"),
];

const PROJECT: [(&str, &str); 5] = [
    ("NAME", "name"),
    ("TEXT", "description"),
    ("NUMBER", "number"),
    ("URL", "url"),
    ("ENDDATE", "end_date"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::types::{Access, FieldType};
    use crate::mapping::testing::erp_field;

    #[test]
    fn every_target_is_a_crm_field_used_once() {
        for kind in RecordKind::ALL {
            let mut targets: Vec<&str> = table(kind).iter().map(|(_, crm)| *crm).collect();
            assert!(targets.iter().all(|key| Catalogue::builtin(kind).find(key).is_some()));
            let count = targets.len();
            targets.sort_unstable();
            targets.dedup();
            assert_eq!(targets.len(), count, "{kind:?}");
        }
    }

    #[test]
    fn keys_are_found_in_any_case() {
        let target = |kind, key| {
            let catalogue = Catalogue::builtin(record_kind(kind));
            let found = suggest(kind, &erp_field(key, FieldType::Text), &catalogue);
            found.map(|field| field.key.clone())
        };
        assert_eq!(target(ActorType::Customer, "number1").as_deref(), Some("code"));
        assert_eq!(target(ActorType::Supplier, "Number2").as_deref(), Some("number"));
        assert_eq!(target(ActorType::Partner, "VATNO").as_deref(), Some("vat_no"));
        assert_eq!(target(ActorType::Person, "Phone_Mobile").as_deref(), Some("phone_mobile"));
        assert_eq!(target(ActorType::Person, "POSTALCOUNTRY").as_deref(), Some("postal_country"));
        assert_eq!(target(ActorType::Project, "Text").as_deref(), Some("description"));
        assert_eq!(target(ActorType::Project, "PHONE"), None);
        assert_eq!(target(ActorType::Person, "NAME"), None);
    }

    #[test]
    fn a_field_that_could_not_travel_either_way_is_not_mapped() {
        let catalogue = Catalogue::builtin(RecordKind::Company);
        let is_mapped = |erp: &FieldInfo| suggest(ActorType::Customer, erp, &catalogue).is_some();
        assert!(!is_mapped(&erp_field("COUNTRY", FieldType::Datetime)));
        let mut country = erp_field("COUNTRY", FieldType::Text);
        assert!(is_mapped(&country), "to the ERP");
        country.access = Access::ReadOnly;
        assert!(!is_mapped(&country));
    }
}
