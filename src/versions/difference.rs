//! What differs between two versions, and the steps from one to the other.

use std::collections::BTreeSet;

use super::Snapshot;
use super::place::{Part, Place, Thing, TypePart};

/// One place at which two versions differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub place: Place,
    /// `None`: nothing stands there, or what is usual.
    pub before: Option<Thing>,
    pub after: Option<Thing>,
}

/// One step from one version to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Add(Place, Thing),
    Change(Place, Thing, Thing),
    Remove(Place, Thing),
}

impl Step {
    pub fn place(&self) -> &Place {
        match self {
            Self::Add(place, _) | Self::Change(place, ..) | Self::Remove(place, _) => place,
        }
    }

    /// As a difference to be read.
    pub fn difference(&self) -> Difference {
        let (place, before, after) = match self.clone() {
            Self::Add(place, thing) => (place, None, Some(thing)),
            Self::Change(place, before, after) => (place, Some(before), Some(after)),
            Self::Remove(place, thing) => (place, Some(thing), None),
        };
        Difference { place, before, after }
    }
}

/// Where two versions of the same thing differ, in the order of places.
pub fn diff(a: &Snapshot, b: &Snapshot) -> Vec<Difference> {
    plan(a, b).iter().map(Step::difference).filter(|found| !found.only_follows()).collect()
}

/// All steps that make `wanted` of `current`.
pub fn plan(current: &Snapshot, wanted: &Snapshot) -> Vec<Step> {
    let (mut current, wanted) = (current.flat(), wanted.flat());
    let mut steps = Vec::new();
    for (place, after) in wanted {
        match current.remove(&place) {
            None => steps.push(Step::Add(place, after)),
            Some(before) if before != after => steps.push(Step::Change(place, before, after)),
            Some(_) => {}
        }
    }
    steps.extend(current.into_iter().map(|(place, before)| Step::Remove(place, before)));
    steps.sort_by(|one, other| one.place().cmp(other.place()));
    steps
}

/// What comes of these steps.
pub fn apply(current: &Snapshot, steps: &[Step]) -> Snapshot {
    let mut flat = current.flat();
    for step in steps {
        match step.clone() {
            Step::Add(place, thing) | Step::Change(place, _, thing) => flat.insert(place, thing),
            Step::Remove(place, _) => flat.remove(&place),
        };
    }
    current.filled(flat)
}

/// `wanted` in these parts, and `current` in all others. What is said aside comes along: an id in a file means
/// nothing without its name.
pub fn only(current: &Snapshot, wanted: &Snapshot, parts: &BTreeSet<Part>) -> Snapshot {
    let mut flat = current.flat();
    flat.retain(|place, _| !parts.contains(&place.part()));
    let chosen = wanted.flat().into_iter().filter(|(place, _)| parts.contains(&place.part()));
    flat.extend(chosen);
    current.filled(flat)
}

impl Difference {
    /// An order differs by itself where a field came or went; only fields that stand in both can have moved.
    fn only_follows(&self) -> bool {
        let none = Vec::new();
        let keys = |thing: &Option<Thing>| match thing {
            Some(Thing::Keys(keys)) => keys.clone(),
            _ => none.clone(),
        };
        if !matches!(self.place, Place::Type(_, TypePart::Order)) {
            return false;
        }
        let (before, after) = (keys(&self.before), keys(&self.after));
        let kept = |keys: &[String], others: &[String]| -> Vec<String> {
            keys.iter().filter(|key| others.contains(key)).cloned().collect()
        };
        kept(&before, &after) == kept(&after, &before)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::versions::testing::{pair, snapshot};

    proptest! {
        #[test]
        fn nothing_differs_from_itself(a in snapshot()) {
            prop_assert_eq!(diff(&a, &a), []);
            prop_assert_eq!(plan(&a, &a), []);
        }

        #[test]
        fn a_plan_carried_out_gives_what_was_wanted((a, b) in pair()) {
            prop_assert_eq!(apply(&a, &plan(&a, &b)), b);
        }

        #[test]
        fn what_can_be_kept_comes_back_as_it_was(a in snapshot()) {
            let text = serde_json::to_string(&a).unwrap_or_default();
            let back: Snapshot = serde_json::from_str(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(&back, &a);
            // Captions do not count when versions are compared, but they are kept.
            prop_assert_eq!(serde_json::to_string(&back).unwrap_or_default(), text);
        }

        #[test]
        fn parts_that_were_not_chosen_stay((a, b) in pair(), part in 0..4usize) {
            let part = Part::OF_CONNECTION[part];
            let found = only(&a, &b, &BTreeSet::from([part]));
            for step in plan(&a, &found) {
                prop_assert_eq!(step.place().part(), part);
            }
            for step in plan(&found, &b) {
                prop_assert_ne!(step.place().part(), part);
            }
        }

        #[test]
        fn what_is_said_aside_comes_along(a in snapshot()) {
            // The same thing by other names.
            let renamed = |name: &str| {
                let text = serde_json::to_string(&a).unwrap_or_default().replace("Łoś", name);
                serde_json::from_str::<Snapshot>(&text).map_err(|e| TestCaseError::fail(e.to_string()))
            };
            let (one, other) = (renamed("Ida")?, renamed("Jon")?);
            let found = only(&one, &other, &Part::ALL.into());
            let said = |a: &Snapshot| serde_json::to_string(&a).unwrap_or_default();
            prop_assert_eq!(said(&found), said(&other));
        }

        #[test]
        fn a_difference_has_two_sides((a, b) in pair()) {
            for found in diff(&a, &b) {
                prop_assert_ne!(&found.before, &found.after);
            }
            let turned: Vec<Difference> = diff(&b, &a)
                .into_iter()
                .map(|d| Difference { place: d.place, before: d.after, after: d.before })
                .collect();
            prop_assert_eq!(turned, diff(&a, &b));
        }
    }
}
