//! Creating and saving: what is taken, what is refused, and what time of change it gets.

use std::collections::HashSet;

use gleichlauf::connector::failure::RefusalCode;
use gleichlauf::connector::multilang;
use gleichlauf::connector::types::{Actor, ActorType, NewActor};
use gleichlauf::practice::data::changes::Author;

use super::{Erp, actor_ref, code, refusal, values};

const CUSTOMER: ActorType = ActorType::Customer;

#[tokio::test]
async fn a_created_actor_has_key_number_stamp_and_defaults() {
    let erp = Erp::new().await;
    let before = erp.since(&erp.first, CUSTOMER, "").await;
    let new = erp.create(CUSTOMER, &[("NAME", "Neu & Søn"), ("CUSTGROUP", "20")]).await.unwrap();
    assert_eq!(new.fields["PAYTERMS"], "30");
    assert_eq!(format!("C{}", new.fields["NUMBER2"]), new.key);
    assert!(new.last_modified > before.last().unwrap().last_modified);
    assert_eq!(erp.actor(&erp.first, CUSTOMER, &new.key).await, new);
    let next = erp.create(CUSTOMER, &[("NAME", "Neu & Søn"), ("CUSTGROUP", "20")]).await.unwrap();
    assert_ne!(next.key, new.key);
}

#[tokio::test]
async fn a_new_person_needs_a_parent_that_exists() {
    let erp = Erp::new().await;
    let create = |parent| {
        let (connector, id) = (erp.connector.clone(), erp.first.clone());
        let fields = values(&[("LASTNAME", "Ås")]);
        async move {
            connector.create_actor(&id, &NewActor { kind: ActorType::Person, fields, parent }).await
        }
    };
    let parent = actor_ref(ActorType::Supplier, "S70001");
    let person = create(Some(parent.clone())).await.unwrap().value;
    assert_eq!(person.parent, Some(parent));
    refusal(create(None).await);
    refusal(create(Some(actor_ref(CUSTOMER, "C99999"))).await);
    refusal(create(Some(actor_ref(ActorType::Project, "J1001"))).await);
    let under = NewActor {
        kind: CUSTOMER,
        fields: values(&[("NAME", "x"), ("CUSTGROUP", "10")]),
        parent: Some(actor_ref(CUSTOMER, "C10001")),
    };
    refusal(erp.connector.create_actor(&erp.first, &under).await);
}

#[tokio::test]
async fn creating_without_mandatory_fields_names_them() {
    let erp = Erp::new().await;
    let refused = refusal(erp.create(CUSTOMER, &[("PHONE", "1")]).await);
    assert_eq!(multilang::pick(&refused.user_text, "en"), "Please fill in: Name, Customer group.");
    assert!(refused.tech_text.contains("CUSTGROUP"));
    // A project's status is mandatory and has a default.
    erp.create(ActorType::Project, &[("NAME", "Neubau")]).await.unwrap();
    refusal(erp.create(ActorType::Project, &[("NAME", "Neubau"), ("STATUS", "")]).await);
}

#[tokio::test]
async fn saving_changes_what_was_sent_and_the_stamp() {
    let erp = Erp::new().await;
    let before = erp.actor(&erp.first, CUSTOMER, "C10005").await;
    let saved = erp.save(&before, &[("PHONE", "+47 1"), ("FAX", "")]).await.unwrap();
    assert!(saved.last_modified > before.last_modified);
    let mut expected = before.fields.clone();
    expected.extend(values(&[("PHONE", "+47 1"), ("FAX", "")]));
    assert_eq!(saved.fields, expected, "nothing else moved");
    assert_eq!(erp.actor(&erp.first, CUSTOMER, "C10005").await, saved);
    let other = erp.actor(&erp.second, CUSTOMER, "C10005").await;
    assert_ne!(other.fields["PHONE"], "+47 1", "the other client's row has the same key");
}

#[tokio::test]
async fn saving_what_is_there_already_changes_nothing() {
    let erp = Erp::new().await;
    let made = erp
        .create(
            CUSTOMER,
            &[("NAME", "N"), ("CUSTGROUP", "10"), ("CREDITLIMIT", "[F:1.5]"), ("BLOCKED", "[I:1]")],
        )
        .await
        .unwrap();
    let same = erp
        .save(
            &made,
            &[("NAME", "N"), ("CREDITLIMIT", "[F:1.500]"), ("BLOCKED", "1"), ("BALANCE", "[F:9]")],
        )
        .await
        .unwrap();
    assert_eq!(same, made, "not even the stamp moved");
}

#[tokio::test]
async fn bad_values_are_refused_with_the_field_named() {
    let erp = Erp::new().await;
    let row = erp.actor(&erp.first, CUSTOMER, "C10001").await;
    for (field, value, caption) in [
        ("NAME", "x".repeat(81), "Name"),
        ("NAME", " ".to_owned(), "Name"),
        ("CUSTGROUP", String::new(), "Kundengruppe"),
        ("RATING", "[I:good]".to_owned(), "Bewertung"),
        ("SINCE", "[DT:13/45/2020 00:00:00]".to_owned(), "Kunde seit"),
    ] {
        let refused = refusal(erp.save(&row, &[("PHONE", "9"), (field, &value)]).await);
        assert!(multilang::pick(&refused.user_text, "de").contains(caption), "{refused:?}");
        assert!(refused.tech_text.contains(field), "{refused:?}");
    }
    assert_eq!(code(erp.save(&row, &[("COLOUR", "x")]).await), Some(RefusalCode::UnknownField));
    assert_eq!(
        code(erp.save(&row, &[("PAYTERMS", "31")]).await),
        Some(RefusalCode::UnknownListItem)
    );
    assert_eq!(erp.actor(&erp.first, CUSTOMER, "C10001").await, row);
}

#[tokio::test]
async fn a_batch_is_saved_whole_or_not_at_all() {
    let erp = Erp::new().await;
    let edit = |key: &str, pairs: &[(&str, &str)]| Actor {
        kind: CUSTOMER,
        key: key.to_owned(),
        last_modified: String::new(),
        fields: values(pairs),
        parent: None,
    };
    let good = edit("C10001", &[("PHONE", "111")]);
    let before = erp.actor(&erp.first, CUSTOMER, "C10001").await;
    for (bad, named) in [
        (edit("C10002", &[("RATING", "x")]), "C10002"),
        (edit("C99999", &[("PHONE", "1")]), "C99999"),
        (Actor { kind: ActorType::Partner, ..edit("C10003", &[]) }, "C10003"),
    ] {
        let batch = [good.clone(), bad];
        let refused = refusal(erp.connector.save_actors(&erp.first, &batch).await);
        assert!(multilang::pick(&refused.user_text, "en").contains(named), "{refused:?}");
        assert_eq!(erp.actor(&erp.first, CUSTOMER, "C10001").await, before);
    }
    let batch = [good, edit("C10002", &[("PHONE", "222")])];
    let saved = erp.connector.save_actors(&erp.first, &batch).await.unwrap().value;
    assert_eq!(
        saved.iter().map(|actor| actor.key.as_str()).collect::<Vec<_>>(),
        ["C10001", "C10002"]
    );
    assert!(saved[0].last_modified < saved[1].last_modified);
}

#[tokio::test]
async fn a_person_may_move_to_another_firm() {
    let erp = Erp::new().await;
    let person = erp.since(&erp.first, ActorType::Person, "").await.remove(0);
    let parent = actor_ref(CUSTOMER, "C10009");
    let moved = Actor { parent: Some(parent.clone()), fields: values(&[]), ..person.clone() };
    let saved = erp.connector.save_actors(&erp.first, &[moved]).await.unwrap().value.remove(0);
    assert_eq!(saved.parent, Some(parent));
    assert!(saved.last_modified > person.last_modified);
    let stays =
        erp.save(&Actor { parent: None, ..saved.clone() }, &[("TITLE", "x")]).await.unwrap();
    assert_eq!(stays.parent, saved.parent);
}

#[tokio::test]
async fn the_list_of_changes_says_who_did_what() {
    let erp = Erp::new().await;
    let row = erp.actor(&erp.first, CUSTOMER, "C10001").await;
    erp.save(&row, &[("PHONE", "+1")]).await.unwrap();
    let of = actor_ref(CUSTOMER, "C10001");
    let change = erp.practice.list_changes("01", Some(&of), 10).await.unwrap().remove(0);
    assert_eq!(change.author, Author::Connector("sync".to_owned()));
    assert_eq!(change.action, "changed");
    assert_eq!(change.differences.len(), 1);
    assert_eq!(change.differences[0].new, "+1");
    assert!(erp.practice.list_changes("02", None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_has_people_cannot_be_deleted() {
    let erp = Erp::new().await;
    let person = erp.since(&erp.first, ActorType::Person, "").await.remove(0);
    let parent = person.parent.clone().unwrap();
    erp.practice.delete("01", &Author::Page, &parent).await.unwrap_err();
    let lonely = erp.create(CUSTOMER, &[("NAME", "x"), ("CUSTGROUP", "10")]).await.unwrap();
    let of = actor_ref(CUSTOMER, &lonely.key);
    erp.practice.delete("01", &Author::Page, &of).await.unwrap();
    let keys = [lonely.key.clone()];
    let left = erp.connector.actors(&erp.first, CUSTOMER, &keys, &[]).await.unwrap().value;
    assert!(left.is_empty());
    // Keys are given once only.
    let next = erp.create(CUSTOMER, &[("NAME", "x"), ("CUSTGROUP", "10")]).await.unwrap();
    assert_ne!(next.key, lonely.key);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_writers_at_once_get_strictly_rising_stamps() {
    let erp = Erp::new().await;
    let highest = erp.since(&erp.first, CUSTOMER, "").await.pop().unwrap().last_modified;
    let writers = (0..8).map(|writer| {
        let (connector, id) = (erp.connector.clone(), erp.first.clone());
        tokio::spawn(async move {
            let mut stamps = Vec::new();
            for round in 0..12 {
                let edit = Actor {
                    kind: CUSTOMER,
                    // Two writers share each row.
                    key: format!("C1000{}", 1 + writer / 2),
                    last_modified: String::new(),
                    fields: values(&[("PHONE", &format!("{writer}-{round}"))]),
                    parent: None,
                };
                let saved = connector.save_actors(&id, &[edit]).await.unwrap().value;
                stamps.push(saved[0].last_modified.clone());
            }
            stamps
        })
    });
    let mut all = HashSet::new();
    for writer in writers.collect::<Vec<_>>() {
        let stamps = writer.await.unwrap();
        assert!(stamps.is_sorted_by(|a, b| a < b), "{stamps:?}");
        assert!(stamps[0] > highest);
        all.extend(stamps);
    }
    assert_eq!(all.len(), 8 * 12, "no stamp was given twice");
    let polled = erp.since(&erp.first, CUSTOMER, &highest).await;
    assert_eq!(polled.len(), 1 + 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_file_do_not_tread_on_each_other() {
    let erp = Erp::new().await;
    let other = super::open(erp.directory.path(), erp.clock.clone()).await;
    let write = |practice: gleichlauf::practice::Practice, name: &'static str| {
        tokio::spawn(async move {
            let of = actor_ref(CUSTOMER, "C10001");
            let mut stamps = Vec::new();
            for round in 0..10 {
                let row =
                    practice.book("01", &of, "NOTES", &format!("{name}{round}")).await.unwrap();
                stamps.push(row.stamp());
            }
            stamps
        })
    };
    let (one, two) = (write(erp.practice.clone(), "a"), write(other, "b"));
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    let all: HashSet<_> = one.iter().chain(&two).collect();
    assert_eq!(all.len(), 20);
}
