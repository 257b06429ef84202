//! What is planned for a field: every rule, each direction, and what is never done.

use super::*;
use crate::connector::types::{Access, ActorType, FieldType};
use crate::crm::value::FieldKind;
use crate::mapping::rules::{FieldRules, ItemRule, Unmapped, When};
use crate::mapping::testing::{mapped, mapping_of};
use crate::mapping::{ActorMapping, Direction, FieldMapping};

const BOTH: Direction = Direction::BOTH;
const TO_CRM: Direction = Direction::TO_CRM;
const TO_ERP: Direction = Direction::TO_ERP;
const NONE: Direction = Direction::NONE;

fn phone(direction: Direction) -> FieldMapping {
    mapped("PHONE", FieldType::Text, "phone", direction)
}

fn customer(field: FieldMapping) -> ActorMapping {
    mapping_of(ActorType::Customer, [field])
}

fn agreed_on(crm_field: &str, crm: &str, erp: &str) -> Agreed {
    let value = AgreedValue {
        crm_field: crm_field.into(),
        crm: crm.into(),
        erp: erp.into(),
        is_from_erp: false,
        is_erps_own: false,
    };
    Agreed::from([("PHONE".to_owned(), value)])
}

fn plan_one(
    mapping: &ActorMapping,
    agreed: &Agreed,
    crm: &str,
    erp: Option<&str>,
    winner: Side,
) -> Plan {
    plan_at(Occasion::Sync, mapping, agreed, (crm, erp), winner)
}

fn plan_at(
    occasion: Occasion,
    mapping: &ActorMapping,
    agreed: &Agreed,
    (crm, erp): (&str, Option<&str>),
    winner: Side,
) -> Plan {
    let pairs = mapping.pairs();
    let key = mapping.fields[0].crm_field.clone().unwrap();
    let kind = pairs.first().map_or(FieldKind::Text, |pair| pair.crm.kind);
    let crm = Values::from_iter([(key, Value::from_stored(kind, crm).unwrap())]);
    let erp = erp.map(|raw| ("PHONE".to_owned(), raw.to_owned())).into_iter().collect();
    plan(&Situation {
        pairs: &pairs,
        agreed,
        crm: &crm,
        erp: &erp,
        winner,
        winners: &Winners::new(),
        occasion,
        texts: &ListTexts::default(),
    })
}

/// A plan for one text field in short: what travels (`>v` to the CRM, `<v` to the ERP, `!` when it
/// was a conflict), then what is agreed. Agreed before: both sides, or nothing.
fn short(
    direction: Direction,
    before: Option<(&str, &str)>,
    crm: &str,
    erp: Option<&str>,
    winner: Side,
) -> String {
    let agreed = before.map(|(crm, erp)| agreed_on("phone", crm, erp)).unwrap_or_default();
    said(&plan_one(&customer(phone(direction)), &agreed, crm, erp, winner))
}

fn said(plan: &Plan) -> String {
    let conflict = if plan.conflicts.is_empty() { "" } else { "!" };
    let to_crm = plan.to_crm.iter().map(|change| format!(">{}", change.new.crm.to_stored()));
    let to_erp = plan.to_erp.iter().map(|change| format!("<{}", change.new.erp));
    let agreed = plan.agreed.get("PHONE");
    let agreed = agreed.map_or("-".to_owned(), |value| format!("{}/{}", value.crm, value.erp));
    format!("{conflict}{}|{agreed}", to_crm.chain(to_erp).collect::<String>())
}

#[test]
fn one_field_is_decided_by_three_values() {
    use Side::{Crm, Erp};
    let same = Some(("1", "1"));
    for (direction, before, crm, erp, winner, expected) in [
        // Nothing changed.
        (BOTH, same, "1", Some("1"), Erp, "|1/1"),
        (BOTH, same, "1", None, Erp, "|1/1"),
        // One side changed.
        (BOTH, same, "2", Some("1"), Erp, "<2|2/2"),
        (BOTH, same, "1", Some("2"), Crm, ">2|2/2"),
        (TO_CRM, same, "1", Some("2"), Crm, ">2|2/2"),
        (TO_ERP, same, "2", Some("1"), Erp, "<2|2/2"),
        // It may not travel: noted as it is, and left so.
        (TO_CRM, same, "2", Some("1"), Crm, "|2/1"),
        (TO_ERP, same, "1", Some("2"), Erp, "|1/2"),
        (TO_CRM, Some(("2", "1")), "2", Some("1"), Crm, "|2/1"),
        (TO_CRM, Some(("2", "1")), "2", Some("3"), Crm, ">3|3/3"),
        (NONE, same, "2", Some("1"), Crm, "|1/1"),
        // Both changed.
        (BOTH, same, "2", Some("3"), Crm, "!<2|2/2"),
        (BOTH, same, "2", Some("3"), Erp, "!>3|3/3"),
        (BOTH, same, "2", Some("2"), Erp, "|2/2"),
        (TO_ERP, same, "2", Some("3"), Erp, "<2|2/2"),
        (TO_CRM, same, "2", Some("3"), Crm, ">3|3/3"),
        // A blank does not travel, and is not filled again.
        (BOTH, same, "", Some("1"), Crm, "|/1"),
        (BOTH, same, "1", Some(""), Erp, "|1/"),
        (BOTH, same, "1", Some("   "), Erp, "|1/   "),
        (BOTH, Some(("", "1")), "", Some("1"), Crm, "|/1"),
        (BOTH, Some(("1", "")), "1", Some(""), Erp, "|1/"),
        (BOTH, same, "", Some("2"), Crm, ">2|2/2"),
        (BOTH, same, "2", Some(""), Erp, "<2|2/2"),
        (BOTH, same, "", Some(""), Crm, "|/"),
        // A missing field blanks nothing and hinders nothing.
        (BOTH, same, "2", None, Erp, "<2|2/2"),
        (TO_CRM, same, "2", None, Erp, "|2/1"),
        (BOTH, None, "1", None, Erp, "<1|1/1"),
        (TO_CRM, None, "1", None, Erp, "|-"),
        (BOTH, None, "", None, Erp, "|/"),
        // The first agreement.
        (BOTH, None, "1", Some("1"), Erp, "|1/1"),
        (BOTH, None, "", Some("2"), Crm, ">2|2/2"),
        (BOTH, None, "1", Some(""), Erp, "<1|1/1"),
        (BOTH, None, "1", Some("2"), Crm, "!<1|1/1"),
        (BOTH, None, "1", Some("2"), Erp, "!>2|2/2"),
        (TO_CRM, None, "1", Some("2"), Crm, ">2|2/2"),
        (TO_ERP, None, "1", Some("2"), Erp, "<1|1/1"),
        (TO_CRM, None, "1", Some(""), Crm, "|-"),
        (TO_ERP, None, "", Some("2"), Erp, "|-"),
        // One-way before, two-way now: the difference does not stay.
        (BOTH, Some(("1", "2")), "1", Some("2"), Crm, "!<1|1/1"),
        (BOTH, Some(("1", "2")), "1", Some("2"), Erp, "!>2|2/2"),
    ] {
        let found = short(direction, before, crm, erp, winner);
        assert_eq!(found, expected, "{direction:?} {before:?} now {crm:?} {erp:?} {winner:?}");
    }
}

/// The same for a field with rules.
fn ruled(
    rules: (When, When, bool),
    direction: Direction,
    before: Option<(&str, &str)>,
    now: (&str, Option<&str>),
    winner: Side,
) -> String {
    let (to_crm, to_erp, may_blank) = rules;
    let rules = FieldRules { to_crm, to_erp, may_blank };
    let mapping = customer(FieldMapping { rules, ..phone(direction) });
    let agreed = before.map(|(crm, erp)| agreed_on("phone", crm, erp)).unwrap_or_default();
    said(&plan_at(Occasion::Sync, &mapping, &agreed, now, winner))
}

#[test]
fn a_value_that_goes_where_nothing_is_waits_until_nothing_is_there() {
    use Side::{Crm, Erp};
    use When::{Always, IfEmpty};
    let (both, crm_only, erp_only) =
        ((IfEmpty, IfEmpty, false), (IfEmpty, Always, false), (Always, IfEmpty, false));
    let same = Some(("1", "1"));
    for (rules, direction, before, crm, erp, winner, expected) in [
        // The first agreement.
        (both, BOTH, None, "1", Some("2"), Crm, "|-"),
        (both, BOTH, None, "1", Some(""), Erp, "<1|1/1"),
        (both, BOTH, None, "", Some("2"), Crm, ">2|2/2"),
        (both, BOTH, None, "1", Some("1"), Crm, "|1/1"),
        (crm_only, TO_CRM, None, "1", Some("2"), Erp, "|-"),
        (crm_only, TO_CRM, None, "", Some("2"), Erp, ">2|2/2"),
        (erp_only, TO_ERP, None, "1", Some("2"), Crm, "|-"),
        (erp_only, TO_ERP, None, "1", Some("  "), Crm, "<1|1/1"),
        // What the ERP holds and does not say may not be overwritten.
        (erp_only, TO_ERP, None, "1", None, Crm, "|-"),
        (erp_only, TO_ERP, Some(("1", "")), "2", None, Crm, "|1/"),
        // A change waits, and is not forgotten.
        (crm_only, TO_CRM, same, "1", Some("2"), Erp, "|1/1"),
        (crm_only, TO_CRM, same, "", Some("2"), Erp, ">2|2/2"),
        (erp_only, TO_ERP, same, "2", Some("1"), Crm, "|1/1"),
        (erp_only, TO_ERP, same, "2", Some(""), Crm, "<2|2/2"),
        // What did not change is not filled in again, as everywhere.
        (crm_only, TO_CRM, same, "", Some("1"), Erp, "|/1"),
        // Changed on both sides.
        (both, BOTH, same, "2", Some("3"), Crm, "|1/1"),
        (crm_only, BOTH, same, "2", Some("3"), Erp, "<2|2/2"),
        (erp_only, BOTH, same, "2", Some("3"), Crm, ">3|3/3"),
        // A missing field hinders nothing.
        (crm_only, TO_CRM, same, "", None, Erp, "|/1"),
    ] {
        let found = ruled(rules, direction, before, (crm, erp), winner);
        assert_eq!(found, expected, "{rules:?} {direction:?} {before:?} now {crm:?} {erp:?}");
    }
}

#[test]
fn a_value_for_the_creation_only_does_not_travel_later() {
    use When::{Always, OnCreate};
    let (once_crm, once_erp, once) =
        ((OnCreate, Always, false), (Always, OnCreate, false), (OnCreate, OnCreate, true));
    let same = Some(("1", "1"));
    for (rules, direction, before, crm, erp, expected) in [
        (once_crm, TO_CRM, None, "", Some("2"), "|-"),
        (once_crm, TO_CRM, same, "1", Some("2"), "|1/1"),
        (once_erp, TO_ERP, None, "1", Some(""), "|-"),
        (once_erp, TO_ERP, same, "2", Some("1"), "|1/1"),
        (once, BOTH, None, "1", Some("2"), "|-"),
        (once, BOTH, same, "", Some("1"), "|1/1"),
        // The other way is free.
        (once_crm, BOTH, same, "2", Some("3"), "<2|2/2"),
        (once_erp, BOTH, same, "2", Some("3"), ">3|3/3"),
        (once_crm, BOTH, same, "1", Some("2"), "|1/2"),
        (once_erp, BOTH, None, "1", Some("2"), ">2|2/2"),
    ] {
        for winner in [Side::Crm, Side::Erp] {
            let found = ruled(rules, direction, before, (crm, erp), winner);
            assert_eq!(found, expected, "{rules:?} {direction:?} {before:?} {crm:?} {erp:?}");
        }
    }
}

#[test]
fn what_a_new_actor_holds_reaches_the_crm_once() {
    let at_creation = |to_crm, to_erp, before: Option<(&str, &str)>, crm, erp| {
        let rules = FieldRules { to_crm, to_erp, may_blank: false };
        let mapping = customer(FieldMapping { rules, ..phone(BOTH) });
        let agreed = before.map(|(crm, erp)| agreed_on("phone", crm, erp)).unwrap_or_default();
        said(&plan_at(Occasion::Creation, &mapping, &agreed, (crm, Some(erp)), Side::Crm))
    };
    use When::{Always, OnCreate};
    assert_eq!(at_creation(OnCreate, Always, None, "", "K-1"), ">K-1|K-1/K-1");
    assert_eq!(at_creation(OnCreate, OnCreate, Some(("1", "1")), "1", "01"), ">01|01/01");
    let ignored = at_creation(OnCreate, OnCreate, None, "1", "2");
    assert_eq!(ignored, ">2|2/2", "it is not sent again");
}

#[test]
fn a_blank_travels_where_it_may_and_something_was_agreed_on() {
    use Side::{Crm, Erp};
    use When::{Always, IfEmpty};
    let (may, waits) = ((Always, Always, true), (IfEmpty, IfEmpty, true));
    let same = Some(("1", "1"));
    for (rules, direction, before, crm, erp, winner, expected) in [
        (may, BOTH, same, "", Some("1"), Erp, "<|/"),
        (may, BOTH, same, "1", Some(""), Crm, ">|/"),
        (may, BOTH, same, "1", Some("  "), Crm, ">|/  "),
        (may, TO_ERP, same, "", Some("1"), Erp, "<|/"),
        (may, TO_ERP, same, "1", Some(""), Erp, "|1/"),
        (may, TO_CRM, same, "", Some("1"), Crm, "|/1"),
        (may, BOTH, same, "", Some(""), Crm, "|/"),
        // Taken away on one side and changed on the other: a conflict like any other.
        (may, BOTH, same, "", Some("2"), Crm, "!<|/"),
        (may, BOTH, same, "", Some("2"), Erp, "!>2|2/2"),
        (may, BOTH, same, "2", Some(""), Erp, "!>|/"),
        // Never where nothing was agreed on, and never for a field that did not come.
        (may, BOTH, None, "", Some("2"), Crm, ">2|2/2"),
        (may, BOTH, None, "1", Some(""), Erp, "<1|1/1"),
        (may, TO_ERP, None, "", Some("2"), Crm, "|-"),
        (may, BOTH, same, "1", None, Erp, "|1/1"),
        (may, BOTH, Some(("1", "2")), "", Some("2"), Crm, ">2|2/2"),
        // One that was let be before is none that was taken away.
        (may, BOTH, Some(("", "1")), "", Some("1"), Crm, "|/1"),
        // What stands there is never overwritten, not by nothing either.
        (waits, BOTH, same, "", Some("1"), Crm, "|/1"),
    ] {
        let found = ruled(rules, direction, before, (crm, erp), winner);
        assert_eq!(found, expected, "{rules:?} {direction:?} {before:?} now {crm:?} {erp:?}");
    }
}

#[test]
fn a_blank_is_refused_where_a_value_is_needed() {
    let rules = FieldRules { may_blank: true, ..FieldRules::default() };
    let mut needed = FieldMapping { rules, ..phone(BOTH) };
    needed.erp.access = Access::Mandatory;
    let agreed = agreed_on("phone", "1", "1");
    let refused = plan_one(&customer(needed), &agreed, "", Some("1"), Side::Erp);
    assert_eq!(refused.refused, [("PHONE".to_owned(), Refusal::Blank(Side::Erp))]);
    let name = FieldMapping { rules, ..mapped("PHONE", FieldType::Text, "name", BOTH) };
    let agreed = agreed_on("name", "1", "1");
    let refused = plan_one(&customer(name), &agreed, "1", Some(""), Side::Erp);
    assert_eq!(refused.refused, [("PHONE".to_owned(), Refusal::Blank(Side::Crm))]);
    assert_eq!(refused.agreed, agreed);
}

/// A list field whose item A is 1.
fn group(direction: Direction, item_rule: ItemRule) -> FieldMapping {
    let items = BTreeMap::from([("A".to_owned(), 1)]);
    let field = mapped("PHONE", FieldType::List, "category", direction);
    FieldMapping { items, item_rule, ..field }
}

fn rule(unmapped: Unmapped) -> ItemRule {
    ItemRule { unmapped, crm_default: Some(9), erp_default: Some("Z".into()) }
}

#[test]
fn an_unmapped_item_that_is_left_is_told_to_nobody_and_travels_once_it_is_mapped() {
    for direction in [BOTH, TO_CRM] {
        let left = customer(group(direction, rule(Unmapped::Leave)));
        for agreed in [Agreed::new(), agreed_on("category", "1", "A")] {
            let plan = plan_one(&left, &agreed, "1", Some("B"), Side::Erp);
            assert!(plan.is_done() && plan.refused.is_empty() && plan.conflicts.is_empty());
            assert_eq!((&plan.left, &plan.agreed), (&vec!["PHONE".to_owned()], &agreed));
            let mut mapped = left.clone();
            mapped.fields[0].items.insert("B".into(), 2);
            let plan = plan_one(&mapped, &plan.agreed, "1", Some("B"), Side::Erp);
            assert_eq!(plan.to_crm[0].new.crm, Value::Item(2));
        }
    }
    let left = customer(group(TO_ERP, rule(Unmapped::Leave)));
    let plan = plan_one(&left, &agreed_on("category", "1", "A"), "3", Some("A"), Side::Erp);
    assert!(plan.is_done() && plan.refused.is_empty());
    assert_eq!(plan.agreed["PHONE"].crm, "1", "still to be sent");
}

#[test]
fn an_unmapped_item_turns_into_the_default_and_stays_so() {
    let mapping = customer(group(BOTH, rule(Unmapped::Default)));
    let agreed = agreed_on("category", "1", "A");
    for winner in [Side::Crm, Side::Erp] {
        let plan = plan_one(&mapping, &agreed, "1", Some("B"), winner);
        assert_eq!(said(&plan), ">9|9/B");
        let again = plan_one(&mapping, &plan.agreed, "9", Some("B"), winner);
        assert_eq!(said(&again), "|9/B", "the stand-in does not come back");
        let plan = plan_one(&mapping, &agreed, "3", Some("A"), winner);
        assert_eq!(said(&plan), "<Z|3/Z");
        let again = plan_one(&mapping, &plan.agreed, "3", Some("Z"), winner);
        assert_eq!(said(&again), "|3/Z");
    }
}

#[test]
fn what_was_set_in_the_erp_stands_in_for_nothing() {
    let mapping = customer(group(TO_ERP, rule(Unmapped::Default)));
    let mut agreed = agreed_on("category", "1", "A");
    for _ in 0..2 {
        let plan = plan_one(&mapping, &agreed, "1", Some("Z"), Side::Crm);
        assert_eq!(said(&plan), "|1/Z", "the ERP keeps its own value");
        agreed = plan.agreed;
    }
}

/// What the ERP set itself is a stand-in like any other once the CRM has another value that it stands for.
#[test]
fn what_was_set_in_the_erp_is_its_own_for_one_crm_value_alone() {
    let mut mapping = customer(group(TO_ERP, rule(Unmapped::Default)));
    let own = plan_one(&mapping, &agreed_on("category", "1", "A"), "1", Some("Z"), Side::Crm);
    let stood_in = plan_one(&mapping, &own.agreed, "3", Some("Z"), Side::Crm);
    assert_eq!(said(&stood_in), "|3/Z");
    mapping.fields[0].items.insert("C".into(), 3);
    let plan = plan_one(&mapping, &stood_in.agreed, "3", Some("Z"), Side::Crm);
    assert_eq!(said(&plan), "<C|3/C");
}

#[test]
fn a_stand_in_gives_way_to_the_item_that_is_mapped_later() {
    for direction in [BOTH, TO_CRM] {
        let mut mapping = customer(group(direction, rule(Unmapped::Default)));
        let stood_in = plan_one(&mapping, &Agreed::new(), "", Some("B"), Side::Crm).agreed;
        mapping.fields[0].items.extend([("B".into(), 2), ("Z".into(), 9)]);
        let plan = plan_one(&mapping, &stood_in, "9", Some("B"), Side::Crm);
        assert_eq!(said(&plan), ">2|2/B", "{direction:?}: it is no conflict");
        let chosen = plan_one(&mapping, &stood_in, "1", Some("B"), Side::Crm);
        let expected = if direction == BOTH { "!<A|1/A" } else { "|1/B" };
        assert_eq!(said(&chosen), expected, "somebody chose another meanwhile");
    }
    let mut mapping = customer(group(TO_ERP, rule(Unmapped::Default)));
    let stood_in = plan_one(&mapping, &Agreed::new(), "3", Some(""), Side::Erp).agreed;
    mapping.fields[0].items.insert("C".into(), 3);
    let plan = plan_one(&mapping, &stood_in, "3", Some("Z"), Side::Erp);
    assert_eq!(said(&plan), "<C|3/C");
}

#[test]
fn an_agreement_about_another_crm_field_does_not_count() {
    let mapping = customer(phone(BOTH));
    let agreed = agreed_on("fax", "1", "1");
    let plan = plan_one(&mapping, &agreed, "2", Some("1"), Side::Erp);
    assert_eq!(plan.conflicts.len(), 1);
    assert_eq!(plan.to_crm[0].new.crm, Value::Text("1".into()));
    assert_eq!(plan.agreed["PHONE"].crm_field, "phone");
}

#[test]
fn it_is_noted_where_the_crms_value_came_from() {
    let mapping = customer(phone(BOTH));
    let is_from_erp = |plan: &Plan| plan.agreed["PHONE"].is_from_erp;
    let from_erp = plan_one(&mapping, &agreed_on("phone", "1", "1"), "1", Some("2"), Side::Crm);
    assert!(is_from_erp(&from_erp));
    let still = plan_one(&mapping, &from_erp.agreed, "2", Some("2"), Side::Crm);
    assert!(is_from_erp(&still));
    let from_crm = plan_one(&mapping, &from_erp.agreed, "3", Some("2"), Side::Crm);
    assert!(!is_from_erp(&from_crm));
}

#[test]
fn a_refused_field_stays_pending_and_holds_up_no_other() {
    let mut short = phone(BOTH);
    short.erp.max_length = 3;
    let name = mapped("NAME", FieldType::Text, "name", BOTH);
    let mapping = mapping_of(ActorType::Customer, [short, name]);
    let pairs = mapping.pairs();
    let agreed = agreed_on("phone", "1", "1");
    let text = |text: &str| Value::Text(text.to_owned());
    let crm = Values::from_iter([("phone", text("12345")), ("name", text("Ørsted"))]);
    let erp = FieldValues::from([("PHONE".into(), "1".into()), ("NAME".into(), "".into())]);
    let texts = ListTexts::default();
    let situation = Situation {
        pairs: &pairs,
        agreed: &agreed,
        crm: &crm,
        erp: &erp,
        winner: Side::Crm,
        winners: &Winners::new(),
        occasion: Occasion::Sync,
        texts: &texts,
    };
    let plan = plan(&situation);
    let too_long = Refusal::TooLong { side: Side::Erp, length: 5, limit: 3 };
    assert_eq!(plan.refused, [("PHONE".to_owned(), too_long)]);
    assert_eq!(plan.to_erp.len(), 1);
    assert_eq!(plan.to_erp[0].erp_key, "NAME");
    assert_eq!(plan.agreed["PHONE"], agreed["PHONE"], "still to be sent once it fits");
}

#[test]
fn an_unmapped_item_leaves_the_other_side_alone() {
    let mut group = mapped("PHONE", FieldType::List, "category", BOTH);
    group.items.insert("A".into(), 1);
    let mapping = customer(group);
    let agreed = agreed_on("category", "1", "A");
    let refused = plan_one(&mapping, &agreed, "1", Some("B"), Side::Crm);
    assert!(refused.is_done());
    assert_eq!(refused.refused[0].1, Refusal::UnmappedItem("B".into()));
    assert_eq!(refused.agreed, agreed);
    let known = plan_one(&mapping, &Agreed::new(), "", Some("A"), Side::Crm);
    assert_eq!(known.to_crm[0].new.crm, Value::Item(1));
}

#[test]
fn a_value_that_is_none_does_not_reach_the_crm_but_can_be_replaced() {
    let mapping = customer(mapped("PHONE", FieldType::Integer, "employees", BOTH));
    let agreed = agreed_on("employees", "5", "[I:5]");
    let bad = plan_one(&mapping, &agreed, "5", Some("[I:x]"), Side::Erp);
    assert!(bad.is_done());
    assert_eq!(bad.refused[0].1, Refusal::NotOfType);
    let replaced = plan_one(&mapping, &agreed, "6", Some("[I:x]"), Side::Crm);
    assert_eq!(replaced.to_erp[0].new.erp, "[I:6]");
}

#[test]
fn another_spelling_is_no_change() {
    let mapping = customer(mapped("PHONE", FieldType::Double, "revenue", BOTH));
    let agreed = agreed_on("revenue", "1.5", "[F:1.5]");
    for raw in ["[F:1.50]", "1.5", "[F:1.5]"] {
        let plan = plan_one(&mapping, &agreed, "1.5", Some(raw), Side::Erp);
        assert!(plan.is_done() && plan.conflicts.is_empty() && plan.refused.is_empty());
    }
    let dates = customer(mapped("PHONE", FieldType::Datetime, "customer_since", BOTH));
    let agreed = agreed_on("customer_since", "2026-01-02", "[DT:01/02/2026 00:00:00]");
    let at_noon = Some("[DT:01/02/2026 12:00:00]");
    let plan = plan_one(&dates, &agreed, "2026-01-02", at_noon, Side::Erp);
    assert!(plan.is_done(), "the CRM keeps the date only");
}

#[test]
fn a_change_tells_old_and_new_on_both_sides() {
    let mapping = customer(mapped("PHONE", FieldType::Integer, "employees", BOTH));
    let agreed = agreed_on("employees", "5", "[I:5]");
    let plan = plan_one(&mapping, &agreed, "5", Some("[I:7]"), Side::Erp);
    let old = Both { crm: Value::Whole(5), erp: "[I:7]".into() };
    let new = Both { crm: Value::Whole(7), erp: "[I:7]".into() };
    let change = FieldChange { erp_key: "PHONE".into(), crm_key: "employees".into(), old, new };
    assert_eq!(plan.to_crm, [change]);
}

#[test]
fn until_it_is_sent_only_the_crms_share_is_agreed() {
    let mapping = customer(phone(BOTH));
    let agreed = agreed_on("phone", "1", "1");
    let plan = plan_one(&mapping, &agreed, "2", Some("1"), Side::Erp);
    assert_eq!(plan.agreed_before_sending(&agreed), agreed);
    assert!(plan.agreed_before_sending(&Agreed::new()).is_empty());
    let plan = plan_one(&mapping, &agreed, "1", Some("2"), Side::Erp);
    assert_eq!(plan.agreed_before_sending(&agreed), plan.agreed);
}

#[test]
fn fields_the_crm_or_the_erp_no_longer_has_are_left_out() {
    let mut gone = phone(BOTH);
    gone.is_missing_in_erp = true;
    let unknown = mapped("PHONE", FieldType::Text, "no_longer_there", BOTH);
    for field in [gone, unknown] {
        let plan = plan_one(&customer(field), &Agreed::new(), "1", Some("2"), Side::Erp);
        assert_eq!(plan, Plan::default());
    }
}
