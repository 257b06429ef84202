//! What has to be written to the ERP so that it holds what the CRM holds, for a resync. Pure. Whatever was agreed,
//! and whatever changed in the ERP, does not count; directions and the rules of the fields do.

use super::plan::{self, Both, Plan, Situation};
use crate::mapping::rules::Occasion;
use crate::mapping::{Pair, Side, translate};

/// Decides every field. Nothing goes into the CRM.
pub fn push(situation: &Situation, with_blanks: bool) -> Plan {
    let mut plan = Plan { agreed: situation.agreed.clone(), ..Plan::default() };
    for pair in situation.pairs {
        let known = plan::known(situation.agreed, pair);
        let seen = situation.erp.get(&pair.field.erp.key);
        // A field that did not come is as it was; one never seen counts as blank.
        let erp = seen.or(known.as_ref().map(|known| &known.values.erp));
        let now = Both {
            crm: situation.crm.get(&pair.crm.key).clone(),
            erp: erp.cloned().unwrap_or_default(),
        };
        if !translate::agree(pair, &now.crm, &now.erp, situation.texts)
            && travels(pair, &now, with_blanks && seen.is_some())
        {
            plan.carry(pair, Side::Crm, now, situation.texts);
        }
    }
    plan
}

fn travels(pair: &Pair, now: &Both, may_blank: bool) -> bool {
    let field = pair.field;
    let is_target_blank = translate::is_blank_in_erp(&field.erp, &now.erp);
    field.lets(Side::Erp, Occasion::Sync, is_target_blank)
        && (!translate::is_blank_in_crm(&now.crm) || may_blank && field.rules.may_blank)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::connector::types::{ActorType, FieldType, FieldValues};
    use crate::crm::Values;
    use crate::crm::value::Value;
    use crate::links::{Agreed, AgreedValue};
    use crate::mapping::rules::{FieldRules, When};
    use crate::mapping::testing::{mapped, mapping_of};
    use crate::mapping::translate::ListTexts;
    use crate::mapping::{Direction, FieldMapping};
    use crate::sync::plan::Winners;

    const PLAIN: FieldRules =
        FieldRules { to_crm: When::Always, to_erp: When::Always, may_blank: false };

    /// What is sent for one text field: `<v`; blank for nothing.
    fn sent(field: FieldMapping, crm: &str, erp: Option<&str>, with_blanks: bool) -> String {
        let mapping = mapping_of(ActorType::Customer, [field]);
        let value = |crm: &str, erp: &str| AgreedValue {
            crm_field: "phone".into(),
            crm: crm.into(),
            erp: erp.into(),
            is_from_erp: false,
            is_erps_own: false,
        };
        let plan = push(
            &Situation {
                pairs: &mapping.pairs(),
                agreed: &Agreed::from([("PHONE".into(), value(crm, erp.unwrap_or_default()))]),
                crm: &Values::from_iter([("phone", Value::Text(crm.into()))]),
                erp: &FieldValues::from_iter(erp.map(|erp| ("PHONE".to_owned(), erp.to_owned()))),
                winner: Side::Erp,
                winners: &Winners::new(),
                occasion: Occasion::Sync,
                texts: &ListTexts::default(),
            },
            with_blanks,
        );
        assert!(plan.to_crm.is_empty() && plan.conflicts.is_empty());
        plan.to_erp.iter().map(|change| format!("<{}", change.new.erp)).collect()
    }

    #[test]
    fn the_crms_value_travels_wherever_it_may_whatever_was_agreed() {
        let phone = |direction, rules| FieldMapping {
            rules,
            ..mapped("PHONE", FieldType::Text, "phone", direction)
        };
        let to_erp = |to_erp| FieldRules { to_erp, ..PLAIN };
        let blanking = FieldRules { may_blank: true, ..PLAIN };
        for (direction, rules, crm, erp, with_blanks, expected) in [
            (Direction::BOTH, PLAIN, "1", Some("2"), false, "<1"),
            (Direction::TO_ERP, PLAIN, "1", Some("2"), false, "<1"),
            (Direction::BOTH, PLAIN, "1", Some(""), false, "<1"),
            (Direction::BOTH, PLAIN, "1", Some("1"), false, ""),
            (Direction::TO_CRM, PLAIN, "1", Some("2"), false, ""),
            (Direction::NONE, PLAIN, "1", Some("2"), false, ""),
            // When values travel at all.
            (Direction::BOTH, to_erp(When::OnCreate), "1", Some("2"), false, ""),
            (Direction::BOTH, to_erp(When::IfEmpty), "1", Some("2"), false, ""),
            (Direction::BOTH, to_erp(When::IfEmpty), "1", Some("  "), false, "<1"),
            // Blanks: both the field and the person must want them, and what is emptied must have been seen.
            (Direction::BOTH, PLAIN, "", Some("2"), true, ""),
            (Direction::BOTH, blanking, "", Some("2"), false, ""),
            (Direction::BOTH, blanking, "", Some("2"), true, "<"),
            (Direction::BOTH, blanking, "", None, true, ""),
            (Direction::TO_CRM, blanking, "", Some("2"), true, ""),
        ] {
            let found = sent(phone(direction, rules), crm, erp, with_blanks);
            assert_eq!(found, expected, "{direction:?} {rules:?} {crm:?} {erp:?} {with_blanks}");
        }
    }

    #[test]
    fn what_cannot_be_said_there_is_refused() {
        let mut short = mapped("PHONE", FieldType::Text, "phone", Direction::BOTH);
        short.erp.max_length = 1;
        assert_eq!(sent(short, "12", Some("3"), false), "");
    }
}
