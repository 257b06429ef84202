//! Mapping the items of an ERP list to those of a CRM list, one to one. Kept per field, since two fields
//! may mean different things by the same list.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{ItemRule, Unmapped};
use super::{ActorMapping, FieldMapping, Side};
use crate::connector::multilang;
use crate::connector::types::{FieldType, ListItem};
use crate::crm::fields::{Field, List};
use crate::i18n::{Key, Message};

/// ERP item key → CRM item id.
pub type Items = BTreeMap<String, i64>;

/// An ERP list field that is mapped to a CRM list field.
#[derive(Clone, Copy, Debug)]
pub struct MappedList<'a> {
    pub field: &'a FieldMapping,
    pub crm: &'a Field,
    /// Several fields may take their items from the same list.
    pub list: List,
}

/// One item of a CRM list; the text may be multi-language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrmItem<'a> {
    pub id: i64,
    pub text: &'a str,
}

/// What is wrong with one ERP item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Another ERP item has the same CRM item.
    CrmItemTwice,
    /// The ERP item was sent twice with different CRM items.
    ErpItemTwice,
    /// One of the two does not exist (any more).
    Unknown,
}

impl Problem {
    pub fn message(self) -> Message {
        match self {
            Self::CrmItemTwice => Key::MAPPING_ITEM_CRM_TWICE.into(),
            Self::ErpItemTwice => Key::MAPPING_ITEM_ERP_TWICE.into(),
            Self::Unknown => Key::MAPPING_ITEM_UNKNOWN.into(),
        }
    }
}

/// The list fields of an actor mapping whose items have to be mapped, in rank order.
pub fn mapped_lists(mapping: &ActorMapping) -> Vec<MappedList<'_>> {
    let is_list =
        |field: &&FieldMapping| field.erp.kind == FieldType::List && !field.is_missing_in_erp;
    mapping
        .fields
        .iter()
        .filter(is_list)
        .filter_map(|field| {
            let crm = mapping.crm_field(field)?;
            Some(MappedList { field, crm, list: crm.list? })
        })
        .collect()
}

/// The items as chosen, or the problems by ERP item. Pairs that stand already may stay, even when one
/// of the two lists has lost its item.
pub fn check(
    chosen: &[(String, i64)],
    before: &Items,
    erp: &[ListItem],
    crm: &[CrmItem],
) -> Result<Items, BTreeMap<String, Problem>> {
    let mut items = Items::new();
    let mut problems = BTreeMap::new();
    for (key, id) in chosen {
        let exist =
            erp.iter().any(|item| item.key == *key) && crm.iter().any(|item| item.id == *id);
        if !exist && before.get(key) != Some(id) {
            problems.insert(key.clone(), Problem::Unknown);
        } else if items.insert(key.clone(), *id).is_some_and(|earlier| earlier != *id) {
            problems.insert(key.clone(), Problem::ErpItemTwice);
        }
    }
    for key in doubled(&items) {
        problems.entry(key.to_owned()).or_insert(Problem::CrmItemTwice);
    }
    if problems.is_empty() { Ok(items) } else { Err(problems) }
}

/// What is wrong with the rule for unmapped items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleProblem {
    /// A default is to be taken, and neither side has one.
    NoDefault,
    /// The default of this side does not exist (any more).
    Unknown(Side),
}

impl RuleProblem {
    pub fn message(self) -> Message {
        match self {
            Self::NoDefault => Key::MAPPING_ITEM_NO_DEFAULT.into(),
            Self::Unknown(_) => Key::MAPPING_ITEM_UNKNOWN.into(),
        }
    }
}

/// The rule as chosen: with defaults only where they are taken. What stood there before may stay.
pub fn check_rule(
    chosen: ItemRule,
    before: &ItemRule,
    erp: &[ListItem],
    crm: &[CrmItem],
) -> Result<ItemRule, RuleProblem> {
    if chosen.unmapped != Unmapped::Default {
        return Ok(ItemRule { unmapped: chosen.unmapped, ..ItemRule::default() });
    }
    let is_crm = |id: &i64| crm.iter().any(|item| item.id == *id);
    let is_erp = |key: &String| erp.iter().any(|item| item.key == *key);
    let is_known = |side| match side {
        Side::Crm => {
            chosen.crm_default == before.crm_default || chosen.crm_default.iter().all(is_crm)
        }
        Side::Erp => {
            chosen.erp_default == before.erp_default || chosen.erp_default.iter().all(is_erp)
        }
    };
    if let Some(side) = [Side::Crm, Side::Erp].into_iter().find(|side| !is_known(*side)) {
        return Err(RuleProblem::Unknown(side));
    }
    match (&chosen.crm_default, &chosen.erp_default) {
        (None, None) => Err(RuleProblem::NoDefault),
        _ => Ok(chosen),
    }
}

/// The ERP items that share their CRM item with another.
pub fn doubled(items: &Items) -> BTreeSet<&str> {
    let mut by_id: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for (key, id) in items {
        by_id.entry(*id).or_default().push(key);
    }
    by_id.into_values().filter(|keys| keys.len() > 1).flatten().collect()
}

/// `before`, completed by items that have a text in common, in any language. Each item is used once;
/// where several fit, the first in order.
pub fn suggest(before: &Items, erp: &[ListItem], crm: &[CrmItem]) -> Items {
    let mut items = before.clone();
    let mut taken: BTreeSet<i64> = before.values().copied().collect();
    let words: Vec<(i64, BTreeSet<String>)> =
        crm.iter().map(|item| (item.id, comparable(item.text))).collect();
    for item in erp {
        if items.contains_key(&item.key) {
            continue;
        }
        let own = comparable(&item.text);
        let fits = |(id, texts): &&(i64, BTreeSet<String>)| {
            !taken.contains(id) && !texts.is_disjoint(&own)
        };
        if let Some((id, _)) = words.iter().find(fits) {
            items.insert(item.key.clone(), *id);
            taken.insert(*id);
        }
    }
    items
}

fn comparable(text: &str) -> BTreeSet<String> {
    multilang::all(text)
        .into_iter()
        .map(|text| text.trim().to_lowercase())
        .filter(|text| !text.is_empty())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::connector::types::ActorType;
    use crate::mapping::Direction;
    use crate::mapping::testing::{mapped, mapping_of, unmapped};

    fn erp(items: &[(&str, &str)]) -> Vec<ListItem> {
        let item = |(key, text): &(&str, &str)| ListItem {
            key: (*key).to_owned(),
            text: (*text).to_owned(),
        };
        items.iter().map(item).collect()
    }

    fn items(pairs: &[(&str, i64)]) -> Items {
        pairs.iter().map(|(key, id)| ((*key).to_owned(), *id)).collect()
    }

    fn chosen(pairs: &[(&str, i64)]) -> Vec<(String, i64)> {
        pairs.iter().map(|(key, id)| ((*key).to_owned(), *id)).collect()
    }

    const CRM: [CrmItem<'_>; 3] = [
        CrmItem { id: 1, text: "US:\"Germany\";GE:\"Deutschland\"" },
        CrmItem { id: 2, text: "Österreich" },
        CrmItem { id: 3, text: "US:\"Netherlands\";GE:\"Niederlande\"" },
    ];

    #[test]
    fn list_fields_with_a_crm_list_have_items_to_map() {
        let list = |key, crm| mapped(key, FieldType::List, crm, Direction::NONE);
        let mut gone = list("OLD", "business");
        gone.is_missing_in_erp = true;
        let mapping = mapping_of(
            ActorType::Person,
            [
                list("LAND", "postal_country"),
                list("JOB", "position"),
                list("NOTE", "title"),
                mapped("NAME", FieldType::Text, "last_name", Direction::BOTH),
                unmapped("FREE", FieldType::List),
                gone,
            ],
        );
        let found = mapped_lists(&mapping);
        let found: Vec<_> = found.iter().map(|l| (l.field.erp.key.as_str(), l.list)).collect();
        assert_eq!(found, [("LAND", List::COUNTRY), ("JOB", List::POSITION)]);
    }

    #[test]
    fn each_item_is_used_once() {
        let erp = erp(&[("DE", ""), ("AT", ""), ("CH", "")]);
        let try_with = |pairs: &[(&str, i64)]| check(&chosen(pairs), &Items::new(), &erp, &CRM);
        assert_eq!(try_with(&[("DE", 1), ("AT", 2)]), Ok(items(&[("DE", 1), ("AT", 2)])));
        assert_eq!(try_with(&[]), Ok(Items::new()));
        let twice = try_with(&[("DE", 1), ("AT", 1), ("CH", 3)]).unwrap_err();
        let both = [("AT", Problem::CrmItemTwice), ("DE", Problem::CrmItemTwice)];
        assert_eq!(twice, both.map(|(key, problem)| (key.to_owned(), problem)).into());
        let again = try_with(&[("DE", 1), ("DE", 2)]).unwrap_err();
        assert_eq!(again["DE"], Problem::ErpItemTwice);
    }

    #[test]
    fn items_must_exist_unless_they_were_mapped_already() {
        let erp = erp(&[("DE", "")]);
        let before = items(&[("GDR", 9)]);
        let try_with = |pairs: &[(&str, i64)]| check(&chosen(pairs), &before, &erp, &CRM);
        assert!(try_with(&[("GDR", 9), ("DE", 1)]).is_ok());
        for pairs in [[("GDR", 8)], [("FR", 1)], [("DE", 7)]] {
            assert_eq!(try_with(&pairs).unwrap_err()[pairs[0].0], Problem::Unknown);
        }
    }

    #[test]
    fn a_default_is_an_item_there_is_and_stands_only_where_it_is_taken() {
        let erp = erp(&[("DE", "")]);
        let rule = |unmapped, crm_default, erp_default: Option<&str>| ItemRule {
            unmapped,
            crm_default,
            erp_default: erp_default.map(str::to_owned),
        };
        let before = rule(Unmapped::Default, Some(9), None);
        let try_with = |rule| check_rule(rule, &before, &erp, &CRM);
        for unmapped in [Unmapped::Fail, Unmapped::Leave] {
            let plain = rule(unmapped, None, None);
            assert_eq!(try_with(rule(unmapped, Some(1), Some("DE"))), Ok(plain));
        }
        for (crm, erp) in [(Some(1), Some("DE")), (None, Some("DE")), (Some(9), None)] {
            let wanted = rule(Unmapped::Default, crm, erp);
            assert_eq!(try_with(wanted.clone()), Ok(wanted));
        }
        for (crm, erp, problem) in [
            (None, None, RuleProblem::NoDefault),
            (Some(7), None, RuleProblem::Unknown(Side::Crm)),
            (Some(1), Some("FR"), RuleProblem::Unknown(Side::Erp)),
        ] {
            assert_eq!(try_with(rule(Unmapped::Default, crm, erp)), Err(problem));
        }
    }

    #[test]
    fn equal_texts_are_suggested_whatever_the_language() {
        let erp = erp(&[
            ("D", " deutschland "),
            ("DE2", "Germany"),
            ("A", "GE:\"ÖSTERREICH\";US:\"Austria\""),
            ("X", "Atlantis"),
            ("", ""),
        ]);
        let found = suggest(&Items::new(), &erp, &CRM);
        assert_eq!(found, items(&[("D", 1), ("A", 2)]), "each CRM item once");
        let kept = suggest(&items(&[("X", 1), ("A", 3)]), &erp, &CRM);
        assert_eq!(kept, items(&[("X", 1), ("A", 3)]), "what is mapped stays");
    }
}
