//! The sync priority: an order of connections in which 0 stands for the CRM itself. It decides who wins
//! when both sides changed the same field.

use crate::connections::ConnectionId;
use crate::mapping::Side;

/// The place of the CRM in the list.
pub const CRM: ConnectionId = 0;

/// Highest priority first. Always holds the CRM, and each id once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priority(Vec<ConnectionId>);

impl Priority {
    /// Takes an order as it comes: repeated ids count once, and a missing CRM goes last.
    pub fn new(ids: impl IntoIterator<Item = ConnectionId>) -> Self {
        let mut order = Vec::new();
        for id in ids.into_iter().filter(|id| *id >= CRM).chain([CRM]) {
            if !order.contains(&id) {
                order.push(id);
            }
        }
        Self(order)
    }

    /// Reads the stored list, ids joined by `;`. What is no id is skipped.
    pub fn parse(stored: &str) -> Self {
        Self::new(stored.split(';').filter_map(|id| id.trim().parse().ok()))
    }

    pub fn to_stored(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")
    }

    /// The order over exactly these connections and the CRM: unknown ids are dropped, those not listed
    /// yet go last in the order given.
    pub fn over(&self, connections: &[ConnectionId]) -> Self {
        let known = self.0.iter().filter(|id| **id == CRM || connections.contains(id));
        Self::new(known.chain(connections).copied())
    }

    /// Ids in order, for the dialog; 0 is the CRM.
    pub fn ids(&self) -> &[ConnectionId] {
        &self.0
    }

    /// Whose value stands when both sides of a link of this connection changed, and a person changed the
    /// CRM's.
    pub fn winner(&self, connection: ConnectionId) -> Side {
        self.winner_over(connection, CRM)
    }

    /// The same when the CRM's value came from `origin`: it ranks as that connection does, so that the order
    /// in which connections run makes no difference. Those not listed rank last, the older one first.
    pub fn winner_over(&self, connection: ConnectionId, origin: ConnectionId) -> Side {
        let rank = |id: ConnectionId| {
            let place = self.0.iter().position(|listed| *listed == id);
            (place.unwrap_or(self.0.len()), id)
        };
        if rank(connection) < rank(origin) { Side::Erp } else { Side::Crm }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_list_is_put_in_order() {
        for (stored, normal) in [
            ("", "0"),
            ("0", "0"),
            ("5;0;3", "5;0;3"),
            ("5;3", "5;3;0"),
            (" 5 ; 0;5;0", "5;0"),
            ("x;-1;;7;0", "7;0"),
        ] {
            let priority = Priority::parse(stored);
            assert_eq!(priority.to_stored(), normal, "{stored:?}");
            assert_eq!(Priority::parse(&priority.to_stored()), priority);
        }
    }

    #[test]
    fn the_one_listed_first_wins() {
        for (stored, connection, winner) in [
            ("5;0;3", 5, Side::Erp),
            ("5;0;3", 3, Side::Crm),
            ("5;0;3", 99, Side::Crm),
            ("5;3", 3, Side::Erp),
            ("", 1, Side::Crm),
        ] {
            assert_eq!(Priority::parse(stored).winner(connection), winner, "{stored} {connection}");
        }
    }

    #[test]
    fn a_value_from_another_connection_ranks_as_that_connection() {
        for (stored, connection, origin, winner) in [
            ("5;3;0", 3, 5, Side::Crm),
            ("5;3;0", 5, 3, Side::Erp),
            ("0;5;3", 3, 5, Side::Crm),
            ("0;5;3", 5, 3, Side::Erp),
            ("5;0", 5, 3, Side::Erp),
            ("5;0", 3, 5, Side::Crm),
            ("", 3, 5, Side::Erp),
            ("", 5, 3, Side::Crm),
        ] {
            let found = Priority::parse(stored).winner_over(connection, origin);
            assert_eq!(found, winner, "{stored} {connection} {origin}");
        }
    }

    #[test]
    fn the_dialog_shows_each_existing_connection_once() {
        let priority = Priority::parse("5;8;0;3").over(&[1, 3, 5]);
        assert_eq!(priority.ids(), [5, 0, 3, 1]);
    }
}
