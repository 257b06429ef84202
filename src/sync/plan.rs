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
        let is_same = |before: &str| translate::same_in_erp(&pair.field.erp, before, &values.erp);
        // What is known of the ERP's value is so only for the CRM value that it was noted with.
        let with_same = before.filter(|before| before.crm == crm);
        let is_from_erp = with_same.is_some_and(|before| before.is_from_erp);
        let is_erps_own = with_same.is_some_and(|before| before.is_erps_own)
            || before.is_some_and(|before| !is_same(&before.erp));
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
mod tests;
