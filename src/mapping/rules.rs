//! Exceptions from plain synchronising: when a value travels at all, whether a blank does, and what
//! happens to a list item that has no counterpart. The defaults are the plain behaviour.

use serde::{Deserialize, Serialize};

use super::{Direction, FieldMapping, Side};

/// When the values of a field travel in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    #[default]
    Always,
    /// Once, when the record or actor is created; never again.
    OnCreate,
    /// As long as the target holds nothing; what stands there is never overwritten.
    IfEmpty,
}

impl When {
    pub const ALL: [When; 3] = [Self::Always, Self::OnCreate, Self::IfEmpty];

    /// The name in the database, in the history and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::OnCreate => "on-create",
            Self::IfEmpty => "if-empty",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|when| when.as_str() == name)
    }
}

/// What brings a value on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// What the value is for was made just now.
    Creation,
    /// Both sides were there before.
    Sync,
}

/// What holds for the values of one field beyond its directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldRules {
    /// Without effect while the field has no direction to the CRM; so is `to_erp` the other way.
    pub to_crm: When,
    pub to_erp: When,
    /// A value taken away on one side is taken away on the other.
    pub may_blank: bool,
}

impl FieldRules {
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }

    /// What holds on the way to this side.
    pub fn when(self, to: Side) -> When {
        match to {
            Side::Crm => self.to_crm,
            Side::Erp => self.to_erp,
        }
    }
}

impl FieldMapping {
    /// Whether a value may travel to this side, which holds something or does not.
    pub fn lets(&self, to: Side, occasion: Occasion, target_is_blank: bool) -> bool {
        self.direction.reaches(to)
            && match self.rules.when(to) {
                When::Always => true,
                When::OnCreate => occasion == Occasion::Creation,
                When::IfEmpty => target_is_blank,
            }
    }

    /// The ways on which values travel after both sides were made.
    pub fn lasting(&self) -> Direction {
        let is_short = |side: &Side| self.rules.when(*side) == When::OnCreate;
        let short = [Side::Crm, Side::Erp].into_iter().filter(is_short);
        short.fold(self.direction, Direction::without)
    }

    /// Two-way without exception: the values must not differ for good.
    pub fn is_kept_equal(&self) -> bool {
        let is_always = |side| self.rules.when(side) == When::Always;
        self.direction == Direction::BOTH && is_always(Side::Crm) && is_always(Side::Erp)
    }
}

/// What happens to a value whose list item is mapped to none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unmapped {
    /// The field stays as it is on the other side, and nobody is told.
    Leave,
    /// The record fails until the item is mapped.
    #[default]
    Fail,
    /// The default of that side is taken instead.
    Default,
}

impl Unmapped {
    pub const ALL: [Unmapped; 3] = [Self::Leave, Self::Fail, Self::Default];

    /// The name in the database, in the history and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Fail => "fail",
            Self::Default => "default",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name)
    }
}

/// What holds for the unmapped items of one list field, in both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRule {
    pub unmapped: Unmapped,
    /// The CRM item for an ERP item without one; used with [`Unmapped::Default`] only.
    pub crm_default: Option<i64>,
    /// The key of the ERP item for a CRM item without one; likewise.
    pub erp_default: Option<String>,
}

impl ItemRule {
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::types::FieldType;
    use crate::mapping::testing::mapped;

    fn field(direction: Direction, to_crm: When, to_erp: When) -> FieldMapping {
        let rules = FieldRules { to_crm, to_erp, may_blank: false };
        FieldMapping { rules, ..mapped("X", FieldType::Text, "x", direction) }
    }

    #[test]
    fn a_rule_holds_back_on_its_own_way_only() {
        use Occasion::{Creation, Sync};
        for (when, created, filled, empty) in [
            (When::Always, true, true, true),
            (When::OnCreate, true, false, false),
            (When::IfEmpty, false, false, true),
        ] {
            let to_crm = field(Direction::BOTH, when, When::Always);
            let to_erp = field(Direction::BOTH, When::Always, when);
            for (field, side, other) in
                [(to_crm, Side::Crm, Side::Erp), (to_erp, Side::Erp, Side::Crm)]
            {
                let lets = |side| {
                    [(Creation, false), (Sync, false), (Sync, true)]
                        .map(|(occasion, is_blank)| field.lets(side, occasion, is_blank))
                };
                assert_eq!(lets(side), [created, filled, empty], "{when:?} {side:?}");
                assert_eq!(lets(other), [true; 3], "{when:?} {side:?}");
            }
            let none = field(Direction::NONE, when, when);
            assert!(!none.lets(Side::Crm, Creation, true) && !none.lets(Side::Erp, Sync, true));
        }
    }

    #[test]
    fn what_counts_at_creation_does_not_last() {
        use When::{Always, IfEmpty, OnCreate};
        for (direction, to_crm, to_erp, lasting) in [
            (Direction::BOTH, Always, IfEmpty, Direction::BOTH),
            (Direction::BOTH, OnCreate, Always, Direction::TO_ERP),
            (Direction::BOTH, Always, OnCreate, Direction::TO_CRM),
            (Direction::TO_ERP, OnCreate, Always, Direction::TO_ERP),
            (Direction::TO_ERP, Always, OnCreate, Direction::NONE),
        ] {
            let field = field(direction, to_crm, to_erp);
            assert_eq!(field.lasting(), lasting, "{direction:?} {to_crm:?} {to_erp:?}");
        }
        assert!(field(Direction::BOTH, Always, Always).is_kept_equal());
        assert!(!field(Direction::BOTH, Always, IfEmpty).is_kept_equal());
        assert!(!field(Direction::TO_CRM, Always, Always).is_kept_equal());
    }

    #[test]
    fn names_lead_back() {
        for when in When::ALL {
            assert_eq!(When::parse(when.as_str()), Some(when));
        }
        for rule in Unmapped::ALL {
            assert_eq!(Unmapped::parse(rule.as_str()), Some(rule));
            let written = serde_json::to_value(rule).ok();
            assert_eq!(written, Some(rule.as_str().into()), "stored as it is named");
        }
        assert_eq!((When::parse("never"), Unmapped::parse("")), (None, None));
    }

    #[test]
    fn the_defaults_are_the_plain_behaviour() {
        let rules = FieldRules { to_crm: When::Always, to_erp: When::Always, may_blank: false };
        assert!(rules.is_plain());
        assert!(!FieldRules { may_blank: true, ..rules }.is_plain());
        let fails = ItemRule { unmapped: Unmapped::Fail, crm_default: None, erp_default: None };
        assert!(fails.is_plain());
        assert!(!ItemRule { unmapped: Unmapped::Leave, ..fails }.is_plain());
    }
}
