//! What has to be written where so that one linked pair agrees. Pure: three values per field go in (last
//! agreed, CRM now, ERP now), changes come out.
//!
//! - What changed on one side travels, if the direction allows. What may not travel is noted as it is,
//!   so that it is not looked at again.
//! - What changed on both sides is a conflict, decided by priority. Where nothing was agreed yet, both
//!   sides count as changed.
//! - A blank value does not travel, unless the field's rules let it and something was agreed on before. A
//!   field missing from an ERP's answer is taken as unchanged.
//! - What the rules hold back until its target is empty waits, without being noted.
//! - What cannot be said on the other side is refused; it holds up neither the other fields nor later
//!   attempts, since nothing is noted for it.

use std::collections::BTreeMap;

pub use super::decide::Both;
use super::decide::{self, Known, Standing, Step};
use crate::connector::types::FieldValues;
use crate::crm::Values;
use crate::crm::value::Value;
use crate::links::{Agreed, AgreedValue};
use crate::mapping::rules::Occasion;
use crate::mapping::translate::{self, ListTexts, Refusal};
use crate::mapping::{Pair, Side};

/// Everything one decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// See [`crate::mapping::ActorMapping::pairs`].
    pub pairs: &'a [Pair<'a>],
    pub agreed: &'a Agreed,
    pub crm: &'a Values,
    /// As the ERP answered. Fields may be missing, so plan anew with what `GetActors` says before
    /// sending anything on the strength of a poll.
    pub erp: &'a FieldValues,
    /// Who wins a conflict.
    pub winner: Side,
    /// Who wins it where the CRM's value came from another connection, by CRM field key.
    pub winners: &'a Winners,
    /// Whether the actor was made just now.
    pub occasion: Occasion,
    pub texts: &'a ListTexts,
}

/// See [`Situation::winners`].
pub type Winners = BTreeMap<String, Side>;

/// What is to be done, and what is agreed once it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub to_crm: Vec<FieldChange>,
    pub to_erp: Vec<FieldChange>,
    /// Conflicts whose winner's value travels.
    pub conflicts: Vec<Conflict>,
    /// By ERP field key.
    pub refused: Vec<(String, Refusal)>,
    /// ERP keys of fields that stay as they are, since nobody minds; what is agreed about them stays, too, so
    /// that they travel once they can.
    pub left: Vec<String>,
    pub agreed: Agreed,
    /// Something that belongs into the CRM is left to the next synchronisation.
    pub is_held_back: bool,
}

/// One field that gets a new value on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub erp_key: String,
    pub crm_key: String,
    pub old: Both,
    pub new: Both,
}

/// A field that changed on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub erp_key: String,
    pub crm_key: String,
    pub values: Both,
    pub winner: Side,
}

impl Plan {
    /// Nothing to write on either side.
    pub fn is_done(&self) -> bool {
        self.to_crm.is_empty() && self.to_erp.is_empty()
    }

    /// What is agreed when the CRM has its changes and the ERP has not got any yet.
    pub fn agreed_before_sending(&self, before: &Agreed) -> Agreed {
        let mut agreed = self.agreed.clone();
        for change in &self.to_erp {
            match before.get(&change.erp_key) {
                Some(value) => agreed.insert(change.erp_key.clone(), value.clone()),
                None => agreed.remove(&change.erp_key),
            };
        }
        agreed
    }

    /// Leaves what belongs into the CRM to the next synchronisation.
    pub(super) fn hold_back(&mut self, before: &Agreed) {
        for change in std::mem::take(&mut self.to_crm) {
            self.is_held_back = true;
            match before.get(&change.erp_key) {
                Some(value) => self.agreed.insert(change.erp_key, value.clone()),
                None => self.agreed.remove(&change.erp_key),
            };
        }
        self.conflicts.retain(|conflict| conflict.winner == Side::Crm);
    }

    /// Lets one side's value travel to the other, or notes why it cannot.
    pub(super) fn carry(&mut self, pair: &Pair, from: Side, now: Both, texts: &ListTexts) -> bool {
        let key = pair.field.erp.key.clone();
        let new = match decide::carried(pair, from, &now, texts) {
            Ok(new) => new,
            Err(Refusal::Left(_)) => {
                self.left.push(key);
                return false;
            }
            Err(refusal) => {
                self.refused.push((key, refusal));
                return false;
            }
        };
        self.agree(pair, &new);
        if let Some(agreed) = self.agreed.get_mut(&key) {
            agreed.is_from_erp |= from == Side::Erp;
            agreed.is_erps_own = from == Side::Erp;
        }
        let change = FieldChange { erp_key: key, crm_key: pair.crm.key.clone(), old: now, new };
        match from {
            Side::Crm => self.to_erp.push(change),
            Side::Erp => self.to_crm.push(change),
        }
        true
    }

    fn take(&mut self, situation: &Situation, pair: &Pair, step: Step, now: Both) {
        match step {
            Step::Note => self.agree(pair, &now),
            Step::Leave => {}
            Step::Carry(from) => _ = self.carry(pair, from, now, situation.texts),
            Step::Settle => {
                let winner = situation.winners.get(&pair.crm.key);
                let winner = winner.copied().unwrap_or(situation.winner);
                if self.carry(pair, winner, now.clone(), situation.texts) {
                    self.conflicts.push(Conflict {
                        erp_key: pair.field.erp.key.clone(),
                        crm_key: pair.crm.key.clone(),
                        values: now,
                        winner,
                    });
                }
            }
        }
    }

    pub(super) fn agree(&mut self, pair: &Pair, values: &Both) {
        let (crm_field, crm) = (pair.crm.key.clone(), values.crm.to_stored());
        let before = self.agreed.get(&pair.field.erp.key);
        let before = before.filter(|before| before.crm_field == crm_field);
        let is_from_erp = before.is_some_and(|before| before.is_from_erp && before.crm == crm);
        let is_same = |before: &str| translate::same_in_erp(&pair.field.erp, before, &values.erp);
        let is_erps_own = before.is_some_and(|before| before.is_erps_own || !is_same(&before.erp));
        let erp = values.erp.clone();
        let value = AgreedValue { crm_field, crm, erp, is_from_erp, is_erps_own };
        self.agreed.insert(pair.field.erp.key.clone(), value);
    }
}

/// Decides every field of one linked pair.
pub fn plan(situation: &Situation) -> Plan {
    let mut plan = Plan { agreed: situation.agreed.clone(), ..Plan::default() };
    for pair in situation.pairs {
        let known = known(situation.agreed, pair);
        let seen = situation.erp.get(&pair.field.erp.key);
        // A field that did not come is as it was; one never seen counts as blank.
        let erp = seen.or(known.as_ref().map(|known| &known.values.erp));
        let now = Both {
            crm: situation.crm.get(&pair.crm.key).clone(),
            erp: erp.cloned().unwrap_or_default(),
        };
        let standing = Standing {
            pair,
            known: known.as_ref(),
            now: &now,
            has_come: seen.is_some(),
            occasion: situation.occasion,
            texts: situation.texts,
        };
        plan.take(situation, pair, standing.step(), now);
    }
    plan
}

/// What was agreed for this pair of fields; an agreement about another CRM field does not count.
pub(super) fn known(agreed: &Agreed, pair: &Pair) -> Option<Known> {
    let value = agreed.get(&pair.field.erp.key).filter(|value| value.crm_field == pair.crm.key)?;
    let crm = Value::from_stored(pair.crm.kind, &value.crm)?;
    let values = Both { crm, erp: value.erp.clone() };
    let AgreedValue { is_from_erp, is_erps_own, .. } = *value;
    Some(Known { values, is_from_erp, is_erps_own })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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
}
