//! Everything that stands in the way of activating a connection, all at once, each reason with its place.

use std::collections::{BTreeMap, BTreeSet};

use super::matrix::{self, Why};
use super::{ActorMapping, Direction, FieldMapping, defaults, edit, lists};
use crate::connector::types::{Access, ActorType, FieldInfo, Reply, State};
use crate::connector::{Answer, multilang};
use crate::crm::RecordKind;
use crate::i18n::{Key, Language, Message, Texts};

/// What the check looks at.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub is_connector_deleted: bool,
    /// What `TestConnection` answered just now.
    pub test: &'a Answer<()>,
    pub mappings: &'a [ActorMapping],
    /// See [`matrix::mapped_elsewhere`]; a kind of record that is missing has nothing mapped.
    pub elsewhere: &'a BTreeMap<RecordKind, BTreeSet<String>>,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub weight: Weight,
    pub place: Place,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Activation is refused.
    Error,
    /// Said, but no hindrance.
    Warning,
}

/// Where a reason can be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Connector,
    /// The connection's own form, with its test; what the connector said stands there.
    ConnectionTest,
    /// The mappings dialog as a whole.
    Mappings,
    /// One tab of it, and the field's ERP key where it is about one.
    Mapping(ActorType, Option<String>),
    /// The list mapping of one field.
    List(ActorType, String),
    Defaults(ActorType, String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    ConnectorDeleted,
    TestFailed,
    /// Passed, but the connector has something to say.
    TestNoted,
    NothingSwitchedOn,
    TypeMissing,
    /// A mandatory field that gets no value when an actor is created.
    MandatoryWithoutValue(FieldInfo),
    MandatoryWithoutDirection(FieldInfo),
    /// CRM fields are chosen, but nothing travels.
    WithoutDirection(Vec<FieldInfo>),
    MissingInErp(FieldInfo),
    MissingInCrm(FieldInfo),
    NotPossible(FieldInfo, Why),
    /// The ERP field, and the name of the one that has the CRM field already.
    UsedTwice(FieldInfo, String),
    ItemsTwice(FieldInfo),
    NoItems(FieldInfo),
    BadDefault(FieldInfo, defaults::Problem),
}

impl What {
    /// The reason in words. Reasons about a field name it; those that rest on another rule say the
    /// rule in `$why`.
    pub fn message(&self, language: Language) -> Message {
        let named =
            |key: Key, erp: &FieldInfo| Message::from(key).with("field", name(erp, language));
        let because = |erp: &FieldInfo, why: &Message| {
            let why = Texts::new(language).say(why);
            named(Key::ACTIVATION_NOT_POSSIBLE, erp).with("why", why)
        };
        match self {
            Self::ConnectorDeleted => Key::ACTIVATION_CONNECTOR_DELETED.into(),
            Self::TestFailed => Key::ACTIVATION_TEST_FAILED.into(),
            Self::TestNoted => Key::ACTIVATION_TEST_NOTED.into(),
            Self::NothingSwitchedOn => Key::ACTIVATION_NOTHING_ON.into(),
            Self::TypeMissing => Key::ACTIVATION_TYPE_MISSING.into(),
            Self::MandatoryWithoutValue(erp) => named(Key::ACTIVATION_MANDATORY_VALUE, erp),
            Self::MandatoryWithoutDirection(erp) => named(Key::ACTIVATION_MANDATORY_DIRECTION, erp),
            Self::WithoutDirection(fields) => {
                let names: Vec<String> = fields.iter().map(|erp| name(erp, language)).collect();
                Message::from(Key::ACTIVATION_WITHOUT_DIRECTION)
                    .with("count", fields.len())
                    .with("fields", names.join(", "))
            }
            Self::MissingInErp(erp) => named(Key::ACTIVATION_MISSING_IN_ERP, erp),
            Self::MissingInCrm(erp) => named(Key::ACTIVATION_MISSING_IN_CRM, erp),
            Self::NotPossible(erp, why) => because(erp, &why.key().into()),
            Self::UsedTwice(erp, other) => {
                let other = multilang::pick(other, language.code());
                named(Key::ACTIVATION_USED_TWICE, erp).with("other", other)
            }
            Self::ItemsTwice(erp) => named(Key::ACTIVATION_ITEMS_TWICE, erp),
            Self::NoItems(erp) => named(Key::ACTIVATION_NO_ITEMS, erp),
            Self::BadDefault(erp, problem) => because(erp, &problem.message()),
        }
    }
}

/// All reasons, in the order of places. Activation is possible when none is an error.
pub fn check(candidate: &Candidate) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if candidate.is_connector_deleted {
        reasons.push(error(Place::Connector, What::ConnectorDeleted));
    }
    match candidate.test {
        Err(_) => reasons.push(error(Place::ConnectionTest, What::TestFailed)),
        Ok(Reply { state: State::Ok, .. }) => {}
        Ok(_) => reasons.push(warning(Place::ConnectionTest, What::TestNoted)),
    }
    let switched_on = || candidate.mappings.iter().filter(|mapping| mapping.is_active);
    if switched_on().all(|mapping| mapping.is_missing) {
        reasons.push(error(Place::Mappings, What::NothingSwitchedOn));
    }
    for mapping in switched_on() {
        if mapping.is_missing {
            reasons.push(warning(Place::Mapping(mapping.kind, None), What::TypeMissing));
        } else {
            check_mapping(mapping, candidate.elsewhere, &mut reasons);
        }
    }
    reasons
}

pub fn is_possible(reasons: &[Reason]) -> bool {
    reasons.iter().all(|reason| reason.weight == Weight::Warning)
}

fn check_mapping(
    mapping: &ActorMapping,
    elsewhere: &BTreeMap<RecordKind, BTreeSet<String>>,
    reasons: &mut Vec<Reason>,
) {
    let kind = mapping.kind;
    for field in &mapping.fields {
        let is_shared = field.crm_field.as_ref().is_some_and(|key| {
            elsewhere.get(&mapping.record_kind()).is_some_and(|keys| keys.contains(key))
        });
        reasons.extend(check_field(mapping, field, is_shared));
        reasons.extend(check_creation(kind, field));
    }
    for problem in edit::used_twice(mapping) {
        let edit::What::UsedTwice(other) = problem.what else { continue };
        if let Some(field) = mapping.field(&problem.erp_key) {
            let what = What::UsedTwice(field.erp.clone(), other);
            reasons.push(error(place(kind, field), what));
        }
    }
    reasons.extend(check_lists(mapping));
    let idle: Vec<FieldInfo> = mapping
        .fields
        .iter()
        .filter(|field| is_idle(mapping, field))
        .map(|f| f.erp.clone())
        .collect();
    if !idle.is_empty() {
        reasons.push(warning(Place::Mapping(kind, None), What::WithoutDirection(idle)));
    }
}

/// Whether a field's mapping still is what it was when it was chosen.
fn check_field(mapping: &ActorMapping, field: &FieldMapping, is_shared: bool) -> Vec<Reason> {
    if field.crm_field.is_none() {
        return Vec::new();
    }
    let kind = mapping.kind;
    let said = |what| vec![error(place(kind, field), what)];
    if field.is_missing_in_erp {
        return said(What::MissingInErp(field.erp.clone()));
    }
    let Some(crm) = mapping.crm_field(field) else {
        return said(What::MissingInCrm(field.erp.clone()));
    };
    matrix::permit(kind, &field.erp, crm, is_shared)
        .problems(field.direction)
        .into_iter()
        .map(|(_, why)| error(place(kind, field), What::NotPossible(field.erp.clone(), why)))
        .collect()
}

/// Whether a field can get what it needs when an actor is created.
fn check_creation(kind: ActorType, field: &FieldMapping) -> Vec<Reason> {
    let at_defaults = Place::Defaults(kind, field.erp.key.clone());
    if field.is_missing_in_erp {
        return Vec::new();
    }
    if let Some(rule) = &field.default {
        let found = defaults::check(&field.erp, rule).err();
        let what = found.map(|problem| What::BadDefault(field.erp.clone(), problem));
        return what.map(|what| error(at_defaults, what)).into_iter().collect();
    }
    let is_sent = field.crm_field.is_some() && field.direction.to_erp;
    if field.erp.access != Access::Mandatory || is_sent {
        return Vec::new();
    }
    vec![if is_without_direction(field) {
        error(place(kind, field), What::MandatoryWithoutDirection(field.erp.clone()))
    } else {
        error(at_defaults, What::MandatoryWithoutValue(field.erp.clone()))
    }]
}

fn check_lists(mapping: &ActorMapping) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for list in lists::mapped_lists(mapping) {
        let field = list.field;
        let place = || Place::List(mapping.kind, field.erp.key.clone());
        if !lists::doubled(&field.items).is_empty() {
            reasons.push(error(place(), What::ItemsTwice(field.erp.clone())));
        } else if field.items.is_empty() && field.direction.is_any() {
            reasons.push(warning(place(), What::NoItems(field.erp.clone())));
        }
    }
    reasons
}

/// Mapped, in order, and yet nothing travels; a mandatory field is reported by itself.
fn is_idle(mapping: &ActorMapping, field: &FieldMapping) -> bool {
    is_without_direction(field)
        && !field.is_missing_in_erp
        && (field.erp.access != Access::Mandatory || field.default.is_some())
        && mapping.crm_field(field).is_some()
}

fn is_without_direction(field: &FieldMapping) -> bool {
    field.crm_field.is_some() && field.direction == Direction::NONE
}

fn name(erp: &FieldInfo, language: Language) -> String {
    multilang::pick(&erp.name, language.code()).to_owned()
}

fn place(kind: ActorType, field: &FieldMapping) -> Place {
    Place::Mapping(kind, Some(field.erp.key.clone()))
}

fn error(place: Place, what: What) -> Reason {
    Reason { weight: Weight::Error, place, what }
}

fn warning(place: Place, what: What) -> Reason {
    Reason { weight: Weight::Warning, place, what }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::connector::failure::Failure;
    use crate::connector::types::FieldType;
    use crate::mapping::DefaultRule;
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
}
