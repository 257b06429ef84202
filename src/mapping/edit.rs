//! What a mapping form asks for, applied to an actor mapping with all rules. Either all of it holds, or
//! every problem is named at its field and nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use super::matrix::{self, Why};
use super::rules::FieldRules;
use super::{ActorMapping, Direction, FieldMapping};
use crate::i18n::{Key, Message};

/// What was asked for, for one actor type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub is_active: bool,
    /// By ERP field key. Fields that are not named stay as they are.
    pub fields: BTreeMap<String, FieldEdit>,
    /// Keys of ERP fields in the order wanted; see [`super::ranks::arranged`].
    pub order: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldEdit {
    /// `None`: no CRM field.
    pub crm_field: Option<String>,
    pub direction: Direction,
    /// Without effect where no CRM field is chosen.
    pub rules: FieldRules,
    pub is_shown_in_search: bool,
    /// Without effect where a CRM field is chosen: a field is synchronised or shown live, never both.
    pub is_shown_in_tab: bool,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub erp_key: String,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    UnknownErpField(String),
    UnknownCrmField,
    /// The CRM field also belongs to the ERP field of this name (may be multi-language text).
    UsedTwice(String),
    /// The ERP no longer has the field, so it can only be unmapped.
    MissingInErp,
    /// A direction, or the CRM field as such, is not possible.
    Refused(Why),
}

impl What {
    pub fn message(&self) -> Message {
        match self {
            Self::UnknownErpField(key) => {
                Message::from(Key::MAPPING_EDIT_UNKNOWN_ERP_FIELD).with("field", key)
            }
            Self::UnknownCrmField => Key::MAPPING_EDIT_UNKNOWN_CRM_FIELD.into(),
            Self::UsedTwice(name) => {
                Message::from(Key::MAPPING_EDIT_USED_TWICE).with("field", name)
            }
            Self::MissingInErp => Key::MAPPING_EDIT_MISSING_IN_ERP.into(),
            Self::Refused(why) => why.key().into(),
        }
    }
}

/// The mapping as asked for. `elsewhere`: see [`matrix::mapped_elsewhere`].
pub fn apply(
    mapping: &ActorMapping,
    edit: &Edit,
    elsewhere: &BTreeSet<String>,
) -> Result<ActorMapping, Vec<Problem>> {
    let mut problems = unknown_fields(mapping, edit);
    let mut after = mapping.clone();
    after.is_active = edit.is_active;
    after.arrange(&edit.order);
    for field in &mut after.fields {
        let Some(wanted) = edit.fields.get(&field.erp.key) else { continue };
        match changed(mapping, field, wanted, elsewhere) {
            Ok(changed) => *field = changed,
            Err(found) => problems.extend(
                found.into_iter().map(|what| Problem { erp_key: field.erp.key.clone(), what }),
            ),
        }
    }
    problems.extend(used_twice(&after));
    if problems.is_empty() { Ok(after) } else { Err(problems) }
}

/// Fields whose CRM field an earlier field already has.
pub fn used_twice(mapping: &ActorMapping) -> Vec<Problem> {
    let mut first: BTreeMap<&str, &FieldMapping> = BTreeMap::new();
    let mut problems = Vec::new();
    for field in &mapping.fields {
        let Some(crm) = field.crm_field.as_deref() else { continue };
        match first.get(crm) {
            Some(earlier) => problems.push(Problem {
                erp_key: field.erp.key.clone(),
                what: What::UsedTwice(earlier.erp.name.clone()),
            }),
            None => _ = first.insert(crm, field),
        }
    }
    problems
}

fn unknown_fields(mapping: &ActorMapping, edit: &Edit) -> Vec<Problem> {
    let unknown = edit.fields.keys().filter(|key| mapping.field(key).is_none());
    unknown
        .map(|key| Problem { erp_key: key.clone(), what: What::UnknownErpField(key.clone()) })
        .collect()
}

fn changed(
    mapping: &ActorMapping,
    field: &FieldMapping,
    wanted: &FieldEdit,
    elsewhere: &BTreeSet<String>,
) -> Result<FieldMapping, Vec<What>> {
    let is_value = field.erp.kind.has_value();
    let mut after = FieldMapping {
        is_shown_in_search: wanted.is_shown_in_search && is_value,
        is_shown_in_tab: wanted.is_shown_in_tab && is_value && wanted.crm_field.is_none(),
        ..field.clone()
    };
    let is_same = field.crm_field == wanted.crm_field;
    match wanted.crm_field.as_deref() {
        Some(crm) => check_mapped(mapping, field, (crm, wanted), elsewhere)?,
        // Whoever takes the CRM field away means its directions too; without one there were none.
        None if wanted.direction.is_any() && is_same => {
            return Err(vec![What::Refused(Why::NoCrmField)]);
        }
        None => {}
    }
    if !is_same {
        after.forget_items();
    }
    after.crm_field.clone_from(&wanted.crm_field);
    (after.direction, after.rules) = match wanted.crm_field {
        Some(_) => (wanted.direction, wanted.rules),
        None => Default::default(),
    };
    Ok(after)
}

/// Whether an ERP field may be mapped like this. What is out of date may stay, so that the other
/// fields can be saved, but not change.
fn check_mapped(
    mapping: &ActorMapping,
    field: &FieldMapping,
    (crm_key, wanted): (&str, &FieldEdit),
    elsewhere: &BTreeSet<String>,
) -> Result<(), Vec<What>> {
    let direction = wanted.direction;
    let is_unchanged = field.crm_field.as_deref() == Some(crm_key)
        && (field.direction, field.rules) == (direction, wanted.rules);
    let crm = match mapping.catalogue.find(crm_key) {
        _ if field.is_missing_in_erp && is_unchanged => return Ok(()),
        _ if field.is_missing_in_erp => return Err(vec![What::MissingInErp]),
        None if is_unchanged => return Ok(()),
        None => return Err(vec![What::UnknownCrmField]),
        Some(crm) => crm,
    };
    let permit = matrix::permit(mapping.kind, &field.erp, crm, elsewhere.contains(crm_key));
    let wanted = if permit.is_possible() { direction } else { Direction::BOTH };
    let mut why: Vec<Why> = permit.problems(wanted).into_iter().map(|(_, why)| why).collect();
    why.dedup();
    if why.is_empty() { Ok(()) } else { Err(why.into_iter().map(What::Refused).collect()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::connector::types::{Access, ActorType, FieldType};
    use crate::mapping::rules::{ItemRule, When};
    use crate::mapping::testing::{mapped, mapping_of, unmapped};

    fn company() -> ActorMapping {
        let mut balance = unmapped("BALANCE", FieldType::Double);
        balance.erp.access = Access::ReadOnly;
        let mut gone = mapped("GONE", FieldType::Text, "fax", Direction::BOTH);
        gone.is_missing_in_erp = true;
        mapping_of(
            ActorType::Customer,
            [
                mapped("NAME", FieldType::Text, "name", Direction::NONE),
                unmapped("PHONE", FieldType::Text),
                balance,
                gone,
                mapped("OLD", FieldType::Text, "no_longer_there", Direction::NONE),
                unmapped("SECRET", FieldType::Password),
            ],
        )
    }

    fn mapped_to(crm: &str, direction: Direction) -> FieldEdit {
        FieldEdit { crm_field: Some(crm.to_owned()), direction, ..FieldEdit::default() }
    }

    fn edit(key: &str, field: FieldEdit) -> Result<FieldMapping, Vec<What>> {
        edit_shared(key, field, &[])
    }

    fn edit_shared(
        key: &str,
        field: FieldEdit,
        elsewhere: &[&str],
    ) -> Result<FieldMapping, Vec<What>> {
        let fields = BTreeMap::from([(key.to_owned(), field)]);
        let edit = Edit { is_active: true, fields, ..Edit::default() };
        let elsewhere = elsewhere.iter().map(|key| (*key).to_owned()).collect();
        apply(&company(), &edit, &elsewhere)
            .map(|mapping| mapping.field(key).unwrap().clone())
            .map_err(|problems| problems.into_iter().map(|problem| problem.what).collect())
    }

    #[test]
    fn directions_that_are_possible_are_taken_over() {
        for direction in [Direction::NONE, Direction::TO_CRM, Direction::TO_ERP, Direction::BOTH] {
            let after = edit("PHONE", mapped_to("phone", direction)).unwrap();
            assert_eq!(after.crm_field.as_deref(), Some("phone"));
            assert_eq!(after.direction, direction);
        }
    }

    #[test]
    fn rules_are_taken_over_with_the_crm_field_and_go_with_it() {
        let rules = FieldRules { to_crm: When::OnCreate, to_erp: When::IfEmpty, may_blank: true };
        let wanted = FieldEdit { rules, ..mapped_to("phone", Direction::BOTH) };
        assert_eq!(edit("PHONE", wanted).unwrap().rules, rules);
        let wanted = FieldEdit { rules, ..FieldEdit::default() };
        assert!(edit("NAME", wanted).unwrap().rules.is_plain(), "nothing to hold for");
        let wanted = FieldEdit { rules, ..mapped_to("fax", Direction::BOTH) };
        assert_eq!(edit("GONE", wanted).unwrap_err(), [What::MissingInErp]);
    }

    #[test]
    fn another_crm_field_is_another_list() {
        let mut mapping = company();
        mapping.fields[0].item_rule = ItemRule { crm_default: Some(1), ..ItemRule::default() };
        let renamed = |crm| {
            let fields = [("NAME".to_owned(), mapped_to(crm, Direction::NONE))].into();
            let edit = Edit { is_active: true, fields, ..Edit::default() };
            apply(&mapping, &edit, &BTreeSet::new()).unwrap().fields[0].item_rule.crm_default
        };
        assert_eq!((renamed("name"), renamed("department")), (Some(1), None));
    }

    #[test]
    fn each_rule_names_its_field() {
        use What::Refused;
        let cases: [(&str, FieldEdit, &[&str], What); 9] = [
            ("PHONE", mapped_to("nothing", Direction::NONE), &[], What::UnknownCrmField),
            ("PHONE", mapped_to("name", Direction::BOTH), &[], What::UsedTwice("NAME".into())),
            ("GONE", mapped_to("fax", Direction::TO_ERP), &[], What::MissingInErp),
            ("BALANCE", mapped_to("revenue", Direction::BOTH), &[], Refused(Why::ReadOnly)),
            ("SECRET", mapped_to("code", Direction::NONE), &[], Refused(Why::NotOffered)),
            ("PHONE", mapped_to("revenue", Direction::TO_CRM), &[], Refused(Why::CrmCannotHold)),
            (
                "PHONE",
                mapped_to("phone", Direction::TO_CRM),
                &["phone"],
                Refused(Why::MappedElsewhere),
            ),
            (
                "PHONE",
                FieldEdit { direction: Direction::TO_CRM, ..FieldEdit::default() },
                &[],
                Refused(Why::NoCrmField),
            ),
            ("NEW", FieldEdit::default(), &[], What::UnknownErpField("NEW".into())),
        ];
        for (key, wanted, elsewhere, problem) in cases {
            let found = if key == "NEW" {
                let fields = [(key.to_owned(), wanted)].into();
                let edit = Edit { is_active: true, fields, ..Edit::default() };
                let problems = apply(&company(), &edit, &BTreeSet::new()).unwrap_err();
                problems.into_iter().map(|problem| problem.what).collect()
            } else {
                edit_shared(key, wanted, elsewhere).unwrap_err()
            };
            assert_eq!(found, [problem], "{key}");
        }
    }

    #[test]
    fn a_mapped_field_is_not_also_shown_in_the_tab() {
        let mut wanted = mapped_to("phone", Direction::NONE);
        wanted.is_shown_in_tab = true;
        wanted.is_shown_in_search = true;
        let after = edit("PHONE", wanted).unwrap();
        assert!(!after.is_shown_in_tab, "the CRM field wins");
        assert!(after.is_shown_in_search);
        let shown = FieldEdit { is_shown_in_tab: true, ..FieldEdit::default() };
        assert!(edit("BALANCE", shown.clone()).unwrap().is_shown_in_tab);
        assert!(!edit("SECRET", shown).unwrap().is_shown_in_tab, "a password is never shown");
    }

    #[test]
    fn taking_the_crm_field_away_takes_its_directions_along() {
        let mut mapping = company();
        mapping.fields[0].direction = Direction::BOTH;
        mapping.fields[0].items.insert("A".into(), 1);
        let wanted = FieldEdit { direction: Direction::BOTH, ..FieldEdit::default() };
        let fields = [("NAME".to_owned(), wanted)].into();
        let edit = Edit { is_active: false, fields, ..Edit::default() };
        let after = apply(&mapping, &edit, &BTreeSet::new()).unwrap();
        assert!(!after.is_active);
        assert_eq!(after.fields[0].crm_field, None);
        assert_eq!(after.fields[0].direction, Direction::NONE);
        assert!(after.fields[0].items.is_empty());
        assert_eq!(after.fields[1..], mapping.fields[1..]);
    }

    #[test]
    fn two_fields_may_swap_their_crm_fields() {
        let first = mapped("A", FieldType::Text, "phone", Direction::BOTH);
        let second = mapped("B", FieldType::Text, "fax", Direction::BOTH);
        let mapping = mapping_of(ActorType::Customer, [first, second]);
        let fields = [("A", "fax"), ("B", "phone")]
            .map(|(erp, crm)| (erp.to_owned(), mapped_to(crm, Direction::BOTH)));
        let edit = Edit { is_active: true, fields: fields.into(), ..Edit::default() };
        assert!(apply(&mapping, &edit, &BTreeSet::new()).is_ok());
    }

    #[test]
    fn fields_are_put_in_the_order_wanted() {
        let order = ["PHONE".to_owned(), "OLD".to_owned()].to_vec();
        let after = apply(&company(), &Edit { order, ..Edit::default() }, &BTreeSet::new());
        assert_eq!(after.unwrap().keys(), ["PHONE", "OLD", "NAME", "BALANCE", "GONE", "SECRET"]);
        let after = apply(&company(), &Edit::default(), &BTreeSet::new());
        assert_eq!(after.unwrap().keys(), company().keys(), "nothing said about it");
    }

    #[test]
    fn what_is_out_of_date_may_stay_or_be_unmapped() {
        assert!(edit("GONE", mapped_to("fax", Direction::BOTH)).is_ok());
        assert_eq!(edit("GONE", FieldEdit::default()).unwrap().crm_field, None);
        assert!(edit("OLD", mapped_to("no_longer_there", Direction::NONE)).is_ok());
    }

    #[test]
    fn all_problems_come_at_once_and_nothing_changes() {
        let fields = [
            ("PHONE", mapped_to("revenue", Direction::BOTH)),
            ("BALANCE", mapped_to("revenue", Direction::TO_ERP)),
        ];
        let fields = fields.map(|(key, wanted)| (key.to_owned(), wanted));
        let edit = Edit { is_active: true, fields: fields.into(), ..Edit::default() };
        let problems = apply(&company(), &edit, &BTreeSet::new()).unwrap_err();
        let keys: Vec<&str> = problems.iter().map(|problem| problem.erp_key.as_str()).collect();
        assert_eq!(keys, ["PHONE", "BALANCE"]);
        assert!(problems.iter().all(|problem| !problem.what.message().key.id().is_empty()));
    }
}
