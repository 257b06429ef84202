//! Exceptions from plain synchronising: when a value travels at all, whether a blank does, and what
//! happens to a list item that has no counterpart. The defaults are the plain behaviour.

use serde::{Deserialize, Serialize};

/// When the values of a field travel in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

/// What holds for the values of one field beyond its directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
