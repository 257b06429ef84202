//! Two ERPs and the CRM want different values: the sync priority decides, whoever runs first.

use gleichlauf::connections::ConnectionId;
use gleichlauf::store::engine;

use super::setting::{CUSTOMER, Setting, anna, connection};

/// Two connections, and nothing but what a test asks for runs.
struct Two {
    it: Setting,
    other: ConnectionId,
}

impl Two {
    async fn new() -> Self {
        let it = Setting::new().await;
        let other = connection(&it.store, "other").await;
        it.finish(&it.engine).await;
        let mut tx = it.store.begin().await.unwrap();
        engine::switch_off(&mut tx, &anna()).await.unwrap();
        tx.commit().await.unwrap();
        Self { it, other }
    }

    /// `a` and `b` stand for the connections.
    async fn set_priority(&self, order: &[&str]) {
        let id = |name: &&str| match *name {
            "a" => self.it.connection.to_string(),
            "b" => self.other.to_string(),
            crm => crm.to_owned(),
        };
        let stored = order.iter().map(id).collect::<Vec<_>>().join(";");
        let mut tx = self.it.store.begin().await.unwrap();
        let before = engine::priority(&mut tx).await.unwrap();
        engine::set_priority(&mut tx, &anna(), &stored, (&before, &stored)).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn run(&self, name: &str) {
        let connection = if name == "a" { self.it.connection } else { self.other };
        self.it.engine.sync_connection(&anna(), connection).await.unwrap();
        self.it.finish(&self.it.engine).await;
    }
}

const ORDERS: [&[&str]; 9] = [
    &["a", "b", "0"],
    &["b", "a", "0"],
    &["a", "0", "b"],
    &["b", "0", "a"],
    &["0", "a", "b"],
    &["0", "b", "a"],
    &["0"],
    &["a", "0"],
    &["b", "0"],
];

/// The first of the order among those who changed the value; those not listed come last, the older first.
fn expected(order: &[&str], is_edited: bool) -> &'static str {
    let rank = |name| order.iter().position(|listed| *listed == name).unwrap_or(order.len());
    let mut contenders = vec![(rank("a"), "a"), (rank("b"), "b")];
    if is_edited {
        contenders.push((rank("0"), "0"));
    }
    contenders.into_iter().min().unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_ranked_first_wins_whoever_runs_first() {
    let two = Two::new().await;
    let it = &two.it;
    let mut number = 0;
    for order in ORDERS {
        two.set_priority(order).await;
        for (first, second) in [("a", "b"), ("b", "a")] {
            for is_edited in [false, true] {
                number += 1;
                let key = format!("C{number:02}");
                let (record, _) = it.linked(&key, &key, "1").await;
                let name = [("NAME", key.as_str()), ("PHONE", "1"), ("EMAIL", "")];
                it.other.put(CUSTOMER, &key, &name);
                it.connect_in(two.other, record, CUSTOMER, &key).await;
                let conflicts = it.history("conflict").len();
                it.erp.put(CUSTOMER, &key, &[("PHONE", "a")]);
                it.other.put(CUSTOMER, &key, &[("PHONE", "b")]);
                if is_edited {
                    it.edit(record, "phone", "0").await;
                }
                for name in [first, second, first, second] {
                    two.run(name).await;
                }
                let case = format!("{order:?}, {first} first, edited: {is_edited}");
                let wins = expected(order, is_edited);
                assert_eq!(it.crm(record, "phone").await, wins, "{case}");
                assert_eq!(it.erp.get(CUSTOMER, &key, "PHONE"), wins, "{case}");
                assert_eq!(it.other.get(CUSTOMER, &key, "PHONE"), wins, "{case}");
                let rows = it.history("conflict").split_off(conflicts);
                let wanted = if is_edited { vec!["a", "b", "0"] } else { vec!["a", "b"] };
                assert_eq!(rows.len(), wanted.len() - 1, "{case}: {rows:?}");
                for value in wanted {
                    let value = format!(":\"{value}\"");
                    assert!(rows.iter().any(|row| row.contains(&value)), "{case}: {rows:?}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_erp_makes_of_a_persons_value_still_ranks_as_the_persons() {
    let two = Two::new().await;
    let it = &two.it;
    two.set_priority(&["0", "b", "a"]).await;
    it.erp.capitalise("PHONE");
    let (record, _) = it.linked("C1", "N", "1").await;
    it.other.put(CUSTOMER, "C1", &[("NAME", "N"), ("PHONE", "1"), ("EMAIL", "")]);
    it.connect_in(two.other, record, CUSTOMER, "C1").await;
    it.edit(record, "phone", "edited").await;
    it.other.put(CUSTOMER, "C1", &[("PHONE", "other")]);
    two.run("a").await;
    assert_eq!(it.crm(record, "phone").await, "EDITED");
    two.run("b").await;
    assert_eq!(it.crm(record, "phone").await, "EDITED");
    assert_eq!(it.other.get(CUSTOMER, "C1", "PHONE"), "EDITED");
}
