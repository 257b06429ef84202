//! The choice between two values when a record is linked: which fields differ, which sides may be taken,
//! and what follows from the choices. A person's choice may blank a value; nothing else does.

use std::collections::BTreeMap;

use super::decide::{carried, is_blank};
use super::plan::{Both, Plan};
use crate::connector::types::FieldValues;
use crate::crm::Values;
use crate::mapping::rules::Occasion;
use crate::mapping::translate::{self, ListTexts, Refusal};
use crate::mapping::{Direction, Pair, Side};

/// The two records that are to be linked.
#[derive(Clone, Copy, Debug)]
pub struct Meeting<'a> {
    /// See [`crate::mapping::ActorMapping::pairs`].
    pub pairs: &'a [Pair<'a>],
    pub crm: &'a Values,
    pub erp: &'a FieldValues,
    pub texts: &'a ListTexts,
}

/// A field whose values differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub erp_key: String,
    pub crm_key: String,
    pub values: Both,
    /// The sides whose value may be taken; a single one is locked.
    pub sides: Vec<Side>,
    /// Sides the direction allows, but whose value the other side cannot hold.
    pub refused: Vec<(Side, Refusal)>,
    /// What is taken unless a person chooses otherwise; `None` leaves both values alone.
    pub preselected: Option<Side>,
}

impl Row {
    pub fn is_locked(&self) -> bool {
        self.sides.len() < 2
    }
}

/// The rows to show: fields whose values differ and of which something can travel.
pub fn rows(meeting: &Meeting) -> Vec<Row> {
    meeting.pairs.iter().filter_map(|pair| row(meeting, pair)).collect()
}

/// What the choices (by ERP field key) come to. A side that may not be taken is as good as no choice.
pub fn settle(meeting: &Meeting, choices: &BTreeMap<String, Side>) -> Plan {
    let mut plan = Plan::default();
    for pair in meeting.pairs {
        let Some(row) = row(meeting, pair) else {
            let now = values(meeting, pair);
            if translate::agree(pair, &now.crm, &now.erp, meeting.texts) {
                plan.agree(pair, &now);
            }
            continue;
        };
        let chosen = choices.get(&row.erp_key).copied();
        if let Some(side) = chosen.filter(|side| row.sides.contains(side)).or(row.preselected) {
            plan.carry(pair, side, row.values, meeting.texts);
        } else {
            let refused = row.refused.into_iter().map(|(_, refusal)| refusal);
            let told = refused.filter(|refusal| !matches!(refusal, Refusal::Left(_)));
            plan.refused.extend(told.map(|refusal| (row.erp_key.clone(), refusal)));
        }
    }
    plan
}

fn row(meeting: &Meeting, pair: &Pair) -> Option<Row> {
    let values = values(meeting, pair);
    if translate::agree(pair, &values.crm, &values.erp, meeting.texts) {
        return None;
    }
    let mut sides = Vec::new();
    let mut refused = Vec::new();
    let may_travel = |side: &Side| may_travel(meeting, pair, *side, &values);
    for side in [Side::Crm, Side::Erp].into_iter().filter(may_travel) {
        match carried(pair, side, &values, meeting.texts) {
            Ok(_) => sides.push(side),
            Err(refusal) => refused.push((side, refusal)),
        }
    }
    let is_left = |(_, refusal): &(Side, Refusal)| matches!(refusal, Refusal::Left(_));
    if sides.is_empty() && refused.iter().all(is_left) {
        return None;
    }
    let usual = usual_side(meeting, pair, &values);
    Some(Row {
        erp_key: pair.field.erp.key.clone(),
        crm_key: pair.crm.key.clone(),
        preselected: sides.contains(&usual).then_some(usual),
        values,
        sides,
        refused,
    })
}

fn values(meeting: &Meeting, pair: &Pair) -> Both {
    Both {
        crm: meeting.crm.get(&pair.crm.key).clone(),
        erp: meeting.erp.get(&pair.field.erp.key).cloned().unwrap_or_default(),
    }
}

/// Whether the field lets this side's value travel. A field that did not come has none to take, a blank
/// travels only where somebody can choose it, and what counts at creation only comes too late.
fn may_travel(meeting: &Meeting, pair: &Pair, from: Side, values: &Both) -> bool {
    let field = pair.field;
    let has_come = meeting.erp.contains_key(&field.erp.key);
    let to = from.other();
    let is_empty = is_blank(pair, to, values) && (to == Side::Crm || has_come);
    if !field.lets(to, Occasion::Sync, is_empty) || from == Side::Erp && !has_come {
        return false;
    }
    let can_blank = field.lasting() == Direction::BOTH && has_come;
    can_blank || !is_blank(pair, from, values)
}

/// What may travel one way only is taken so; else it is the ERP's value, unless that is blank.
fn usual_side(meeting: &Meeting, pair: &Pair, values: &Both) -> Side {
    let is_blank = is_blank(pair, Side::Erp, values);
    let is_let = may_travel(meeting, pair, Side::Erp, values);
    if is_let && !is_blank { Side::Erp } else { Side::Crm }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::types::{Access, ActorType, FieldType};
    use crate::crm::value::Value;
    use crate::mapping::rules::{FieldRules, ItemRule, Unmapped, When};
    use crate::mapping::testing::{mapped, mapping_of};
    use crate::mapping::{ActorMapping, FieldMapping};

    fn two_way(key: &str, crm: &str) -> FieldMapping {
        mapped(key, FieldType::Text, crm, Direction::BOTH)
    }

    fn customer() -> ActorMapping {
        let one_way = |key, crm, direction| mapped(key, FieldType::Text, crm, direction);
        let mut short = two_way("SHORT", "vat_no");
        short.erp.max_length = 3;
        let mut name = two_way("NAME", "name");
        name.erp.access = Access::Mandatory;
        mapping_of(
            ActorType::Customer,
            [
                name,
                two_way("PHONE", "phone"),
                one_way("CODE", "code", Direction::TO_CRM),
                one_way("URL", "url", Direction::TO_ERP),
                one_way("FAX", "fax", Direction::NONE),
                short,
            ],
        )
    }

    fn with<T>(crm: &[(&str, &str)], erp: &[(&str, &str)], ask: impl FnOnce(&Meeting) -> T) -> T {
        let mapping = customer();
        let crm = crm.iter().map(|(key, text)| (*key, Value::Text((*text).to_owned()))).collect();
        let erp = erp.iter().map(|(key, raw)| ((*key).to_owned(), (*raw).to_owned())).collect();
        let texts = ListTexts::default();
        ask(&Meeting { pairs: &mapping.pairs(), crm: &crm, erp: &erp, texts: &texts })
    }

    /// Sides of each row as `C` and `E`, the preselected one marked with `*`.
    fn shown(crm: &[(&str, &str)], erp: &[(&str, &str)]) -> Vec<String> {
        with(crm, erp, |meeting| rows(meeting).into_iter().map(show).collect())
    }

    fn show(row: Row) -> String {
        let name = |side: &Side| if *side == Side::Crm { "C" } else { "E" };
        let mark = |side: &Side| if row.preselected == Some(*side) { "*" } else { "" };
        let sides = row.sides.iter().map(|side| format!("{}{}", name(side), mark(side)));
        format!("{} {}", row.erp_key, sides.collect::<String>())
    }

    #[test]
    fn only_fields_that_differ_are_shown_and_one_way_ones_are_locked() {
        let crm = [("name", "A"), ("phone", "1"), ("code", "a"), ("url", "a"), ("fax", "a")];
        let erp = [("NAME", "A"), ("PHONE", "2"), ("CODE", "b"), ("URL", "b"), ("FAX", "b")];
        assert_eq!(shown(&crm, &erp), ["PHONE CE*", "CODE E*", "URL C*"]);
    }

    #[test]
    fn a_blank_side_can_be_chosen_but_is_never_preselected() {
        assert_eq!(shown(&[("phone", "1")], &[("PHONE", "")]), ["PHONE C*E"]);
        assert_eq!(shown(&[], &[("PHONE", "1")]), ["PHONE CE*"]);
        assert_eq!(shown(&[], &[("URL", "1")]), [""; 0], "one-way, and nothing to send");
        assert_eq!(shown(&[("code", "1")], &[("CODE", "")]), [""; 0]);
        assert_eq!(shown(&[("name", "A")], &[("NAME", "")]), ["NAME C*"], "the CRM needs a name");
        assert_eq!(shown(&[], &[("NAME", "A")]), ["NAME E*"], "so does the ERP");
    }

    #[test]
    fn a_field_that_did_not_come_has_no_value_to_take() {
        assert_eq!(shown(&[("phone", "1")], &[]), ["PHONE C*"]);
        assert_eq!(shown(&[("code", "1")], &[]), [""; 0]);
    }

    #[test]
    fn what_one_side_cannot_hold_is_not_offered() {
        assert_eq!(shown(&[("vat_no", "12345")], &[("SHORT", "1")]), ["SHORT E*"]);
        assert_eq!(shown(&[("vat_no", "12345")], &[("SHORT", "")]), ["SHORT E"]);
    }

    /// The rows of the phone under these rules, two-way.
    fn ruled(to_crm: When, to_erp: When, crm: &str, erp: Option<&str>) -> Vec<String> {
        let rules = FieldRules { to_crm, to_erp, may_blank: false };
        let phone = FieldMapping { rules, ..two_way("PHONE", "phone") };
        let mapping = mapping_of(ActorType::Customer, [phone]);
        let crm = Values::from_iter([("phone", Value::Text(crm.to_owned()))]);
        let erp = erp.map(|raw| ("PHONE".to_owned(), raw.to_owned())).into_iter().collect();
        let texts = ListTexts::default();
        let meeting = Meeting { pairs: &mapping.pairs(), crm: &crm, erp: &erp, texts: &texts };
        rows(&meeting).into_iter().map(show).collect()
    }

    #[test]
    fn the_rules_of_a_field_lock_its_row_or_take_it_away() {
        use When::{Always, IfEmpty, OnCreate};
        let none: [&str; 0] = [];
        for (to_crm, to_erp, crm, erp, expected) in [
            (OnCreate, OnCreate, "1", Some("2"), none.as_slice()),
            (OnCreate, Always, "1", Some("2"), &["PHONE C*"]),
            (Always, OnCreate, "1", Some("2"), &["PHONE E*"]),
            (Always, OnCreate, "1", Some(""), &none),
            (IfEmpty, IfEmpty, "1", Some("2"), &none),
            (IfEmpty, IfEmpty, "1", Some(""), &["PHONE C*"]),
            (IfEmpty, IfEmpty, "", Some("2"), &["PHONE E*"]),
            (IfEmpty, Always, "1", Some("2"), &["PHONE C*"]),
            (IfEmpty, Always, "", Some("2"), &["PHONE CE*"]),
            (Always, IfEmpty, "1", Some("2"), &["PHONE E*"]),
            (Always, IfEmpty, "1", Some(""), &["PHONE C*E"]),
            (Always, IfEmpty, "1", None, &none),
        ] {
            let found = ruled(to_crm, to_erp, crm, erp);
            assert_eq!(found, expected, "{to_crm:?} {to_erp:?} {crm:?} {erp:?}");
        }
    }

    #[test]
    fn an_unmapped_item_that_is_left_makes_no_row_by_itself() {
        let rule = ItemRule { unmapped: Unmapped::Leave, ..ItemRule::default() };
        let mut group = mapped("GROUP", FieldType::List, "category", Direction::TO_CRM);
        group.item_rule = rule;
        let mapping = mapping_of(ActorType::Customer, [group]);
        let crm = Values::from_iter([("category", Value::Item(1))]);
        let erp = [("GROUP".to_owned(), "B".to_owned())].into();
        let texts = ListTexts::default();
        let meeting = Meeting { pairs: &mapping.pairs(), crm: &crm, erp: &erp, texts: &texts };
        assert_eq!(rows(&meeting), []);
        assert_eq!(settle(&meeting, &BTreeMap::new()), Plan::default());
    }

    #[test]
    fn choices_become_changes_and_agreements() {
        let crm = [("name", "A"), ("phone", "1"), ("code", "a")];
        let erp = [("NAME", "A"), ("PHONE", "2"), ("CODE", "b"), ("URL", "u"), ("SHORT", "s")];
        let choices = [("PHONE", Side::Crm), ("CODE", Side::Crm), ("SHORT", Side::Crm)]
            .map(|(key, side)| (key.to_owned(), side));
        let plan = with(&crm, &erp, |meeting| settle(meeting, &choices.into()));
        let sent: Vec<_> = plan.to_erp.iter().map(|c| (&*c.erp_key, &*c.new.erp)).collect();
        assert_eq!(sent, [("PHONE", "1"), ("SHORT", "")], "a person may blank");
        let taken: Vec<_> = plan.to_crm.iter().map(|c| (&*c.crm_key, &c.new.crm)).collect();
        assert_eq!(taken, [("code", &Value::Text("b".into()))], "locked to its source");
        let agreed: Vec<_> =
            plan.agreed.iter().map(|(key, v)| (&**key, &*v.crm, &*v.erp)).collect();
        assert_eq!(
            agreed,
            [("CODE", "b", "b"), ("NAME", "A", "A"), ("PHONE", "1", "1"), ("SHORT", "", "")]
        );
    }

    #[test]
    fn where_nothing_can_be_taken_both_values_stay() {
        let too_long = "x".repeat(60);
        let plan = with(&[("vat_no", "12345")], &[("SHORT", &too_long)], |meeting| {
            settle(meeting, &BTreeMap::new())
        });
        assert!(plan.is_done() && !plan.agreed.contains_key("SHORT"));
        assert_eq!(plan.refused.len(), 2);
    }
}
