//! What becomes of one field of a linked pair: nothing travels, one side's value does, or both would. The
//! rules of the field ([`crate::mapping::rules`]) count here.

use crate::connector::types::Access;
use crate::crm::value::Value;
use crate::mapping::rules::{Occasion, When};
use crate::mapping::translate::{self, ListTexts, Refusal};
use crate::mapping::{Pair, Side};

/// A field's value on both sides; the ERP's encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    pub crm: Value,
    pub erp: String,
}

/// What was agreed for a field.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub values: Both,
    /// The CRM's value came from this ERP.
    pub is_from_erp: bool,
    /// The ERP's value was set there.
    pub is_erps_own: bool,
}

/// One field as it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<'a> {
    pub pair: &'a Pair<'a>,
    pub known: Option<&'a Known>,
    pub now: &'a Both,
    /// The ERP's answer tells what it holds.
    pub has_come: bool,
    /// For what goes into the CRM; an actor that was made just now got what was to go there.
    pub occasion: Occasion,
    pub texts: &'a ListTexts,
}

/// What is to be done with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing travels; this is how both sides stand.
    Note,
    /// Nothing travels, and nothing is agreed either.
    Leave,
    Carry(Side),
    /// Both sides changed.
    Settle,
}

/// Whether one side's value sets off.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Travel {
    Not,
    /// It would, but the other side holds something: it waits until that is gone.
    Waits,
    Sets,
}

impl Standing<'_> {
    pub fn step(&self) -> Step {
        let field = self.pair.field;
        if !field.lasting().is_any() && !field.lets(Side::Crm, self.occasion, false) {
            return Step::Leave; // It was done when the actor was made.
        }
        if self.agree(self.now) {
            return Step::Note;
        }
        if let Some(from) = self.anew_from() {
            return Step::Carry(from);
        }
        match (self.travel(Side::Crm), self.travel(Side::Erp)) {
            (Travel::Sets, Travel::Sets) => Step::Settle,
            (Travel::Sets, _) => Step::Carry(Side::Crm),
            (_, Travel::Sets) => Step::Carry(Side::Erp),
            (Travel::Waits, _) | (_, Travel::Waits) => Step::Leave,
            _ if self.known.is_some() => Step::Note,
            _ => Step::Leave,
        }
    }

    fn travel(&self, from: Side) -> Travel {
        let field = self.pair.field;
        let to = from.other();
        let known = self.known.filter(|known| !self.is_unsettled(known));
        let is_changed = known.is_none_or(|known| self.is_changed(from, known));
        let occasion = if to == Side::Crm { self.occasion } else { Occasion::Sync };
        let is_let = field.lets(to, occasion, self.is_empty(to));
        let may_wait = field.direction.reaches(to) && field.rules.when(to) == When::IfEmpty;
        match (is_changed, is_blank(self.pair, from, self.now)) {
            (false, _) => Travel::Not,
            // A blank is something taken away only where something was agreed on.
            (true, true) if is_let && field.rules.may_blank && known.is_some() => Travel::Sets,
            (true, true) => Travel::Not,
            (true, false) if is_let => Travel::Sets,
            (true, false) if may_wait => Travel::Waits,
            (true, false) => Travel::Not,
        }
    }

    /// A list item's value that was said otherwise than it would be today, because it was not mapped then: its
    /// own side says it anew. It is no conflict, and the stand-in must not come back as a value.
    fn anew_from(&self) -> Option<Side> {
        let field = self.pair.field;
        let known = self.known.filter(|_| !field.item_rule.is_plain())?;
        if self.is_changed(Side::Crm, known) || self.is_changed(Side::Erp, known) {
            return None;
        }
        let stand_in = field.item_rule.erp_default.as_ref();
        let is_stand_in = |key: &String| translate::same_in_erp(&field.erp, key, &known.values.erp);
        let from = match known.is_from_erp {
            true => Side::Erp,
            false if !known.is_erps_own && stand_in.is_some_and(is_stand_in) => Side::Crm,
            false => return None,
        };
        let is_filled = !is_blank(self.pair, from, self.now);
        (is_filled && field.lets(from.other(), Occasion::Sync, false)).then_some(from)
    }

    fn is_changed(&self, side: Side, known: &Known) -> bool {
        let (now, then) = (self.now, &known.values);
        match side {
            Side::Crm => !translate::same_in_crm(&now.crm, &then.crm),
            Side::Erp => !translate::same_in_erp(&self.pair.field.erp, &now.erp, &then.erp),
        }
    }

    /// Whether a side is known to hold nothing.
    fn is_empty(&self, side: Side) -> bool {
        is_blank(self.pair, side, self.now) && (side == Side::Crm || self.has_come)
    }

    /// Two-way fields must not differ for good: values that were let be while the field was one-way, or
    /// whose list items are mapped otherwise by now, are settled like those of a new pair.
    fn is_unsettled(&self, known: &Known) -> bool {
        self.pair.field.is_kept_equal()
            && !is_blank(self.pair, Side::Crm, &known.values)
            && !is_blank(self.pair, Side::Erp, &known.values)
            && !self.agree(&known.values)
    }

    fn agree(&self, values: &Both) -> bool {
        translate::agree(self.pair, &values.crm, &values.erp, self.texts)
    }
}

/// Whether a side's value says nothing.
pub(super) fn is_blank(pair: &Pair, side: Side, values: &Both) -> bool {
    match side {
        Side::Crm => translate::is_blank_in_crm(&values.crm),
        Side::Erp => translate::is_blank_in_erp(&pair.field.erp, &values.erp),
    }
}

/// What both sides hold once one side's value has travelled to the other, or why it cannot.
pub(super) fn carried(
    pair: &Pair,
    from: Side,
    now: &Both,
    texts: &ListTexts,
) -> Result<Both, Refusal> {
    let is_needed = match from.other() {
        Side::Crm => pair.crm.is_required,
        Side::Erp => pair.field.erp.access == Access::Mandatory,
    };
    if is_needed && is_blank(pair, from, now) {
        return Err(Refusal::Blank(from.other()));
    }
    Ok(match from {
        Side::Crm => Both { crm: now.crm.clone(), erp: translate::to_erp(pair, &now.crm, texts)? },
        Side::Erp => Both { crm: translate::to_crm(pair, &now.erp, texts)?, erp: now.erp.clone() },
    })
}
