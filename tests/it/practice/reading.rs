//! What the ERP holds, and how it is read: types, fields, lists, actors, changes.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use gleichlauf::clock::Clock;
use gleichlauf::connector::encoding;
use gleichlauf::connector::handover;
use gleichlauf::connector::multilang;
use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::sample::{DEMO_SEED, Generator};

use super::{Erp, NOW, keys, open, refusal};

const KINDS: [ActorType; 4] =
    [ActorType::Customer, ActorType::Supplier, ActorType::Person, ActorType::Project];

#[tokio::test]
async fn two_clients_are_filled_and_separate() {
    let erp = Erp::new().await;
    let mut first = 0;
    for kind in KINDS {
        let here = erp.since(&erp.first, kind, "").await;
        let there = erp.since(&erp.second, kind, "").await;
        assert!(
            here.len() > there.len() && there.len() > 9,
            "{kind}: {} {}",
            here.len(),
            there.len()
        );
        first += here.len();
    }
    assert!((1_800..2_300).contains(&first), "{first}");
    let of_first = erp.actor(&erp.first, ActorType::Customer, "C10050").await;
    let of_second = erp.actor(&erp.second, ActorType::Customer, "C10050").await;
    assert_ne!(of_first.fields, of_second.fields);
}

#[tokio::test]
async fn a_new_file_is_made_quickly_and_an_old_one_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let begin = Instant::now();
    let practice = open(directory.path(), Clock::fixed(NOW)).await;
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    let of = super::actor_ref(ActorType::Customer, "C10001");
    practice.book("01", &of, "NAME", "Mine").await.unwrap();
    let again = open(directory.path(), Clock::fixed(NOW)).await;
    let row = again.book("01", &of, "NAME", "Mine").await.unwrap();
    assert_eq!(row.values["NAME"], "Mine");
}

#[tokio::test]
async fn the_fields_cover_every_type_and_describe_themselves() {
    let erp = Erp::new().await;
    assert_eq!(erp.connector.actor_types(&erp.first).await.unwrap().value, KINDS);
    let mut types = HashSet::new();
    for kind in KINDS {
        let fields = erp.connector.actor_fields(&erp.first, kind).await.unwrap().value;
        let ranks: Vec<_> = fields.iter().map(|field| field.rank).collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{kind}");
        for field in &fields {
            types.insert(field.kind);
            assert_eq!(multilang::all(&field.name).len(), 3, "{kind} {}", field.key);
            if field.kind == FieldType::List {
                let list = erp.connector.list(&erp.first, &field.list).await.unwrap().value;
                assert!(list.len() > 4, "{}", field.list);
            }
        }
    }
    assert_eq!(types.len(), 6);
    let customer = erp.connector.actor_fields(&erp.first, ActorType::Customer).await.unwrap().value;
    let access = |key: &str| customer.iter().find(|field| field.key == key).unwrap().access;
    assert_eq!(access("CUSTGROUP"), Access::Mandatory);
    assert_eq!(access("BALANCE"), Access::ReadOnly);
    assert_eq!(access("NUMBER2"), Access::ReadOnly);
}

#[tokio::test]
async fn every_seeded_value_is_a_value_of_its_field() {
    let erp = Erp::new().await;
    for kind in KINDS {
        let infos = erp.connector.actor_fields(&erp.first, kind).await.unwrap().value;
        let fields: Vec<String> = infos.iter().map(|field| field.key.clone()).collect();
        for id in [&erp.first, &erp.second] {
            let keys: Vec<_> =
                erp.since(id, kind, "").await.into_iter().map(|actor| actor.key).collect();
            let actors = erp.connector.actors(id, kind, &keys, &fields).await.unwrap().value;
            assert_eq!(actors.len(), keys.len());
            for actor in &actors {
                for info in &infos {
                    let raw = &actor.fields[&info.key];
                    let value = encoding::read(info.kind, raw).unwrap();
                    assert_eq!(encoding::write(&value), *raw, "{kind} {} {}", actor.key, info.key);
                    let is_filled = info.access != Access::Mandatory || !raw.is_empty();
                    assert!(is_filled, "{kind} {} {}", actor.key, info.key);
                    let fits = info.max_length == 0
                        || raw.chars().count() <= usize::try_from(info.max_length).unwrap();
                    assert!(fits, "{kind} {} {}: {raw}", actor.key, info.key);
                }
            }
        }
    }
}

#[tokio::test]
async fn many_customers_are_firms_the_crm_knows_with_other_details() {
    let erp = Erp::new().await;
    let crm = Generator::new(DEMO_SEED).crm();
    let fields = keys(&["NAME", "VATNO", "PHONE"]);
    let all = erp.connector.search(&erp.first, ActorType::Customer, "", &fields, 10_000).await;
    let customers = all.unwrap().value.actors;
    assert_eq!(customers.len(), 500, "the connection's most hits");
    let names: HashSet<&str> = customers.iter().map(|c| c.fields["NAME"].as_str()).collect();
    let same = crm.companies.iter().filter(|company| names.contains(company.name.as_str()));
    assert!(same.count() > 20);
}

#[tokio::test]
async fn persons_hang_on_customers_and_suppliers_that_exist() {
    let erp = Erp::new().await;
    let persons = erp.since(&erp.first, ActorType::Person, "").await;
    let mut kinds = BTreeSet::new();
    for person in persons.iter().step_by(40) {
        let parent = person.parent.as_ref().unwrap();
        kinds.insert(parent.kind);
        erp.actor(&erp.first, parent.kind, &parent.key).await;
    }
    assert!(kinds.contains(&ActorType::Customer));
}

#[tokio::test]
async fn reading_gives_what_was_asked_for_and_exists() {
    let erp = Erp::new().await;
    let wanted = keys(&["C10002", "C10001", "C10001", "C99999", "S70001"]);
    let fields = keys(&["NAME", "NOSUCHFIELD"]);
    let actors = erp.connector.actors(&erp.first, ActorType::Customer, &wanted, &fields).await;
    let actors = actors.unwrap().value;
    let found: Vec<_> = actors.iter().map(|actor| actor.key.as_str()).collect();
    assert_eq!(found, ["C10001", "C10002"]);
    assert_eq!(actors[0].fields.keys().collect::<Vec<_>>(), ["NAME"]);
    assert!(actors[0].parent.is_none() && !actors[0].last_modified.is_empty());
}

#[tokio::test]
async fn list_items_turn_keys_into_texts() {
    let erp = Erp::new().await;
    let items = erp.connector.list_items(&erp.first, "Country", &keys(&["NO", "XX", "DE"])).await;
    let items = items.unwrap().value;
    let texts: Vec<_> = items.iter().map(|item| multilang::pick(&item.text, "no")).collect();
    assert_eq!(texts, ["Tyskland", "Norge"]);
    refusal(erp.connector.list(&erp.first, "Colours").await);
}

#[tokio::test]
async fn kinds_this_erp_does_not_have_are_refused() {
    let erp = Erp::new().await;
    let refused = refusal(erp.connector.actor_fields(&erp.first, ActorType::Partner).await);
    assert!(multilang::pick(&refused.user_text, "de").contains("Partner"));
    refusal(erp.connector.search(&erp.first, ActorType::Partner, "", &[], 9).await);
}

#[tokio::test]
async fn changes_come_in_order_and_from_a_stamp_on() {
    let erp = Erp::new().await;
    let all = erp.since(&erp.first, ActorType::Customer, "").await;
    let stamps: Vec<_> = all.iter().map(|actor| actor.last_modified.clone()).collect();
    assert!(stamps.is_sorted_by(|a, b| a < b));
    let numbers: Vec<u64> = stamps.iter().map(|stamp| stamp.parse().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "as numbers, too");

    // On or after: the row of the stamp itself comes again.
    let tail = erp.since(&erp.first, ActorType::Customer, &stamps[stamps.len() - 3]).await;
    assert_eq!(tail.len(), 3);
    let last = stamps.last().unwrap();
    erp.save(&all[0], &[("PHONE", "+49 1")]).await.unwrap();
    let after = erp.since(&erp.first, ActorType::Customer, last).await;
    let found: Vec<_> = after.iter().map(|actor| actor.key.as_str()).collect();
    assert_eq!(found, [all[all.len() - 1].key.as_str(), all[0].key.as_str()]);
    refusal(
        erp.connector
            .actors_since(
                &erp.first,
                ActorType::Customer,
                "yesterday",
                &[],
                handover::channel(1 << 20).0,
            )
            .await,
    );
}

#[tokio::test]
async fn a_slow_reader_holds_nothing_up_and_may_walk_away() {
    let erp = Erp::new().await;
    let (each, mut received) = handover::channel(1 << 20);
    let (connector, id) = (erp.connector.clone(), erp.first.clone());
    let reading = tokio::spawn(async move {
        connector.actors_since(&id, ActorType::Customer, "", &[], each).await
    });
    received.recv().await.unwrap();
    // The reading waits for us, and others work meanwhile.
    let other = erp.actor(&erp.first, ActorType::Customer, "C10001").await;
    erp.save(&other, &[("PHONE", "+49 2")]).await.unwrap();
    drop(received);
    reading.await.unwrap().unwrap();
}
