//! Every reason there is, and what is none.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::connector::failure::Failure;
use crate::connector::types::FieldType;
use crate::i18n::{Language, Texts};
use crate::mapping::DefaultRule;
use crate::mapping::matrix::Why;
use crate::mapping::testing::{erp_field, mapped, mapping_of, unmapped};

const CUSTOMER: ActorType = ActorType::Customer;

fn reasons_for(mappings: &[ActorMapping], shared: &[&str]) -> Vec<Reason> {
    let shared = shared.iter().map(|key| (*key).to_owned()).collect();
    check(&Candidate {
        is_connector_deleted: false,
        test: &Ok(Reply::ok(())),
        mappings,
        elsewhere: &BTreeMap::from([(RecordKind::Company, shared)]),
    })
}

fn reasons_of(fields: impl IntoIterator<Item = FieldMapping>) -> Vec<Reason> {
    reasons_for(&[mapping_of(CUSTOMER, fields)], &[])
}

fn name_both() -> FieldMapping {
    mapped("NAME", FieldType::Text, "name", Direction::BOTH)
}

fn mandatory(mut field: FieldMapping) -> FieldMapping {
    field.erp.access = Access::Mandatory;
    field
}

fn at(key: &str) -> Place {
    Place::Mapping(CUSTOMER, Some(key.to_owned()))
}

#[test]
fn a_sound_connection_has_nothing_in_its_way() {
    assert_eq!(reasons_of([name_both(), unmapped("X", FieldType::Text)]), []);
}

#[test]
fn connector_test_and_actor_types_are_looked_at() {
    let failed = Err(Failure::BrokenOff { detail: String::new() });
    let found = check(&Candidate {
        is_connector_deleted: true,
        test: &failed,
        mappings: &[],
        elsewhere: &BTreeMap::new(),
    });
    let expected = [
        error(Place::Connector, What::ConnectorDeleted),
        error(Place::ConnectionTest, What::TestFailed),
        error(Place::Mappings, What::NothingSwitchedOn),
    ];
    assert_eq!(found, expected);

    let noted = Ok(Reply { state: State::Warning, ..Reply::ok(()) });
    let mappings = [mapping_of(CUSTOMER, [name_both()])];
    let candidate = Candidate {
        is_connector_deleted: false,
        test: &noted,
        mappings: &mappings,
        elsewhere: &BTreeMap::new(),
    };
    let found = check(&candidate);
    assert_eq!(found, [warning(Place::ConnectionTest, What::TestNoted)]);
    assert!(is_possible(&found));
}

#[test]
fn actor_types_that_are_off_or_gone_do_not_count() {
    let mut off = mapping_of(CUSTOMER, [mandatory(unmapped("X", FieldType::Text))]);
    off.is_active = false;
    let mut gone = mapping_of(ActorType::Person, []);
    gone.is_missing = true;
    assert_eq!(
        reasons_for(&[off, gone], &[]),
        [
            error(Place::Mappings, What::NothingSwitchedOn),
            warning(Place::Mapping(ActorType::Person, None), What::TypeMissing)
        ]
    );
}

#[test]
fn a_mandatory_field_needs_a_value_from_somewhere() {
    let defaults = Place::Defaults(CUSTOMER, "NAME".into());
    let rule = |value: Option<&str>, asks_user| FieldMapping {
        default: Some(DefaultRule {
            value: value.map(str::to_owned),
            asks_user,
            is_mandatory: true,
            ..DefaultRule::default()
        }),
        ..unmapped("NAME", FieldType::Text)
    };
    let to_crm = mapped("NAME", FieldType::Text, "name", Direction::TO_CRM);
    let none = mapped("NAME", FieldType::Text, "name", Direction::NONE);
    for (field, place) in [
        (name_both(), None),
        (rule(Some("x"), false), None),
        (rule(None, true), None),
        (unmapped("NAME", FieldType::Text), Some(defaults.clone())),
        (to_crm, Some(defaults.clone())),
        (none, Some(at("NAME"))),
        (rule(Some(""), false), Some(defaults)),
    ] {
        let found = reasons_of([mandatory(field)]);
        let places: Vec<Place> = found.iter().map(|reason| reason.place.clone()).collect();
        assert_eq!(places, Vec::from_iter(place), "{found:?}");
        assert_eq!(is_possible(&found), found.is_empty());
    }
}

#[test]
fn mapped_fields_without_direction_are_one_warning() {
    let idle = |key, crm| mapped(key, FieldType::Text, crm, Direction::NONE);
    let found = reasons_of([name_both(), idle("A", "phone"), idle("B", "fax")]);
    let fields = ["A", "B"].map(|key| erp_field(key, FieldType::Text)).to_vec();
    let expected = warning(Place::Mapping(CUSTOMER, None), What::WithoutDirection(fields));
    assert_eq!(found, [expected]);
}

#[test]
fn mappings_that_no_longer_hold_are_errors() {
    let mut gone = name_both();
    gone.is_missing_in_erp = true;
    let mut read_only = name_both();
    read_only.erp.access = Access::ReadOnly;
    let nothing = mapped("NAME", FieldType::Text, "no_longer_there", Direction::BOTH);
    let lossy = mapped("NAME", FieldType::Checkbox, "name", Direction::TO_ERP);
    for (field, what) in [
        (gone.clone(), What::MissingInErp(gone.erp)),
        (nothing.clone(), What::MissingInCrm(nothing.erp)),
        (read_only.clone(), What::NotPossible(read_only.erp, Why::ReadOnly)),
        (lossy.clone(), What::NotPossible(lossy.erp, Why::ErpCannotHold)),
    ] {
        assert_eq!(reasons_of([field]), [error(at("NAME"), what)]);
    }
}

#[test]
fn one_way_to_the_crm_is_refused_where_another_connection_has_the_field() {
    let field = mapped("NAME", FieldType::Text, "name", Direction::TO_CRM);
    let what = What::NotPossible(field.erp.clone(), Why::MappedElsewhere);
    let mappings = [mapping_of(CUSTOMER, [field])];
    assert_eq!(reasons_for(&mappings, &["name"]), [error(at("NAME"), what)]);
    assert_eq!(reasons_for(&mappings, &["phone"]), []);
    assert_eq!(reasons_for(&[mapping_of(CUSTOMER, [name_both()])], &["name"]), []);
}

#[test]
fn a_crm_field_mapped_twice_and_bad_lists_are_found() {
    let second = mapped("NAME2", FieldType::Text, "name", Direction::BOTH);
    let twice = What::UsedTwice(second.erp.clone(), "NAME".into());
    assert_eq!(reasons_of([name_both(), second]), [error(at("NAME2"), twice)]);

    let mut group = mapped("GROUP", FieldType::List, "category", Direction::BOTH);
    let place = || Place::List(CUSTOMER, "GROUP".into());
    let empty = What::NoItems(group.erp.clone());
    assert_eq!(reasons_of([group.clone()]), [warning(place(), empty)]);
    group.items = BTreeMap::from([("A".into(), 1), ("B".into(), 1)]);
    let doubled = What::ItemsTwice(group.erp.clone());
    assert_eq!(reasons_of([group]), [error(place(), doubled)]);
}

#[test]
fn every_reason_reads_as_a_sentence_in_the_language() {
    let mut erp = erp_field("GROUP", FieldType::List);
    erp.name = "US:\"Group\";GE:\"Gruppe\"".into();
    for what in [
        What::ConnectorDeleted,
        What::TestFailed,
        What::TestNoted,
        What::NothingSwitchedOn,
        What::TypeMissing,
        What::MandatoryWithoutValue(erp.clone()),
        What::MandatoryWithoutDirection(erp.clone()),
        What::WithoutDirection(vec![erp.clone(), erp.clone()]),
        What::MissingInErp(erp.clone()),
        What::MissingInCrm(erp.clone()),
        What::NotPossible(erp.clone(), Why::ReadOnly),
        What::UsedTwice(erp.clone(), "Name".into()),
        What::ItemsTwice(erp.clone()),
        What::NoItems(erp.clone()),
        What::BadDefault(erp.clone(), defaults::Problem::ValueMissing),
    ] {
        for language in Language::ALL {
            let said = Texts::new(language).say(&what.message(language));
            assert!(said.ends_with(['.', '!']) && !said.contains(['{', '"']), "{said}");
        }
    }
    let german = What::WithoutDirection(vec![erp.clone(), erp]).message(Language::De);
    assert!(Texts::new(Language::De).say(&german).contains("Gruppe, Gruppe"));
}
