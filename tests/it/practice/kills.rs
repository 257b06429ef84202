//! What is left in the file when the work stops half-way.

use std::time::Duration;

use gleichlauf::clock::Clock;
use gleichlauf::connector::types::{Actor, ActorType};
use gleichlauf::practice::Practice;

use super::{Erp, NOW, keys, login, values};

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_off_first_start_leaves_no_half_filled_erp() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("practice.db");
    for millis in [1, 20, 60, 100, 200] {
        let opening = Practice::open(&path, Clock::fixed(NOW));
        if let Ok(opened) = tokio::time::timeout(Duration::from_millis(millis), opening).await {
            opened.unwrap();
        }
    }
    let practice = Practice::open(&path, Clock::fixed(NOW)).await.unwrap();
    practice.connector().test_config(&login("02", &[])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_that_nobody_waits_for_is_done_wholly_or_not_at_all() {
    let erp = Erp::new().await;
    let edit = |key: &str, round: u64| Actor {
        kind: ActorType::Customer,
        key: key.to_owned(),
        last_modified: String::new(),
        fields: values(&[("PHONE", &round.to_string())]),
        parent: None,
    };
    let keys = keys(&["C10001", "C10002", "C10003"]);
    let batch = |round| keys.iter().map(|key| edit(key, round)).collect::<Vec<_>>();
    erp.connector.save_actors(&erp.first, &batch(0)).await.unwrap();
    for round in 1..25 {
        let batch = batch(round);
        let saving = erp.connector.save_actors(&erp.first, &batch);
        let _ = tokio::time::timeout(Duration::from_micros(300 * round), saving).await;
        // Broken off or not: whoever reads sees all three alike.
        let fields = [String::from("PHONE")];
        let seen = erp.connector.actors(&erp.first, ActorType::Customer, &keys, &fields).await;
        let mut phones: Vec<_> =
            seen.unwrap().value.iter().map(|actor| actor.fields["PHONE"].clone()).collect();
        phones.dedup();
        assert_eq!(phones.len(), 1, "round {round}: {phones:?}");
    }
}
