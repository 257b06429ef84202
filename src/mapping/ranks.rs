//! The order of an actor type's fields, and of anything else that people put in order.

use super::ActorMapping;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
}

/// The order with one element moved by one place; at the end of the way it stays.
pub fn moved<T: Clone + PartialEq>(order: &[T], element: &T, to: Move) -> Vec<T> {
    let mut order = order.to_vec();
    if let Some(from) = order.iter().position(|other| other == element) {
        let other = match to {
            Move::Up => from.saturating_sub(1),
            Move::Down => (from + 1).min(order.len() - 1),
        };
        order.swap(from, other);
    }
    order
}

/// All elements of `before` in the order wanted. What is not named keeps its order and goes last; what
/// does not exist, or comes again, is passed over.
pub fn arranged<T: Clone + PartialEq>(before: &[T], wanted: &[T]) -> Vec<T> {
    let mut order: Vec<T> = Vec::with_capacity(before.len());
    for element in wanted.iter().filter(|element| before.contains(element)).chain(before) {
        if !order.contains(element) {
            order.push(element.clone());
        }
    }
    order
}

impl ActorMapping {
    /// Keys of all ERP fields in rank order.
    pub fn keys(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.erp.key.clone()).collect()
    }

    /// Puts the fields in the order of these keys; see [`arranged`].
    pub fn arrange(&mut self, wanted: &[String]) {
        let order = arranged(&self.keys(), wanted);
        self.fields.sort_by_key(|field| order.iter().position(|key| *key == field.erp.key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::types::{ActorType, FieldType};
    use crate::mapping::testing::{mapping_of, unmapped};

    #[test]
    fn one_element_moves_by_one_place() {
        for (element, to, expected) in [
            (2, Move::Up, [2, 1, 3]),
            (2, Move::Down, [1, 3, 2]),
            (1, Move::Up, [1, 2, 3]),
            (3, Move::Down, [1, 2, 3]),
            (9, Move::Up, [1, 2, 3]),
        ] {
            assert_eq!(moved(&[1, 2, 3], &element, to), expected, "{element} {to:?}");
        }
        assert_eq!(moved(&[], &1, Move::Down), [0; 0]);
    }

    #[test]
    fn a_whole_order_is_stable_and_total() {
        for (wanted, expected) in [
            (vec![3, 1, 2, 4], [3, 1, 2, 4]),
            (vec![4], [4, 1, 2, 3]),
            (vec![], [1, 2, 3, 4]),
            (vec![9, 3, 3, 1], [3, 1, 2, 4]),
        ] {
            assert_eq!(arranged(&[1, 2, 3, 4], &wanted), expected, "{wanted:?}");
        }
    }

    #[test]
    fn fields_follow_the_order_of_their_keys() {
        let fields = ["A", "B", "C"].map(|key| unmapped(key, FieldType::Text));
        let mut mapping = mapping_of(ActorType::Person, fields);
        mapping.arrange(&["C".to_owned(), "nobody".to_owned(), "A".to_owned()]);
        assert_eq!(mapping.keys(), ["C", "A", "B"]);
    }
}
