//! The installed licence and its seats.

use gleichlauf::history::Actor;
use gleichlauf::licence::{Licence, Status, TrustedKeys, Verifier, issue, key_pair};
use gleichlauf::store::error::StoreError;
use gleichlauf::store::licence::{
    assign_seat, count_seats, find_licence, install_licence, take_seat,
};
use gleichlauf::store::{Store, users};
use gleichlauf::users::{Role, UserChange, UserId};
use jiff::civil::date;

use crate::support::database::{NOON, store};
use crate::support::people::add_user;

fn licence(seats: i64) -> Licence {
    Licence {
        customer: "Muster GmbH".to_owned(),
        edition: "Development Tools".to_owned(),
        seats,
        issued: date(2026, 11, 22),
        expires: date(2026, 12, 31),
        is_demo: false,
    }
}

async fn install(store: &Store, file: &str, seats: i64) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    install_licence(&mut tx, &Actor::system(), file, &licence(seats)).await?;
    tx.commit().await
}

async fn assign(store: &Store, user: UserId, seats: i64) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    assign_seat(&mut tx, &Actor::system(), user, |_| seats).await?;
    tx.commit().await
}

async fn take(store: &Store, user: UserId) {
    let mut tx = store.begin().await.unwrap();
    take_seat(&mut tx, &Actor::system(), user).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installed_file_is_found_and_verified_again() {
    let (store, clock, database) = store().await;
    let pair = key_pair().unwrap();
    let verifier = Verifier::new(TrustedKeys::only(&pair.public).unwrap());
    assert_eq!(find_licence(&store).await.unwrap(), None);
    assert_eq!(verifier.status(None, NOON), Status::Missing);
    for seats in [3, 5] {
        let file = issue(&pair.private_pem, &licence(seats)).unwrap();
        assert_eq!(verifier.verify(&file), Ok(licence(seats)));
        install(&store, &file, seats).await.unwrap();
        let found = find_licence(&store).await.unwrap().unwrap();
        assert_eq!((found.file.as_str(), found.installed_by.as_str()), (file.as_str(), "system"));
        let status = verifier.status(Some(&found.file), clock.now());
        assert_eq!(status, Status::Valid { licence: licence(seats), days_left: 39 });
    }
    let rows = database.ask("SELECT before_values, after_values FROM history ORDER BY seq");
    assert!(rows[0].starts_with(r#"{}|{"customer":"Muster GmbH""#), "{rows:?}");
    assert!(
        rows[1].contains(r#""seats":"3"}|{"#) && rows[1].ends_with(r#""seats":"5"}"#),
        "{rows:?}"
    );
    // Whoever has the database in hand cannot help themselves to more.
    assert!(database.sql("UPDATE licence SET file = replace(file, 'Seats: 5', 'Seats: 500')"));
    let altered = find_licence(&store).await.unwrap().unwrap();
    assert!(matches!(verifier.status(Some(&altered.file), NOON), Status::Refused(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_end_and_come_back() {
    let (store, _, database) = store().await;
    let anna = add_user(&store, "anna", Role::User).await;
    let bert = add_user(&store, "bert", Role::User).await;
    assign(&store, anna, 1).await.unwrap();
    assign(&store, anna, 1).await.unwrap();
    assert!(users::find_visitor(&store, anna).await.unwrap().unwrap().has_seat);
    assert!(matches!(assign(&store, bert, 1).await, Err(StoreError::NoFreeSeat)));
    take(&store, anna).await;
    take(&store, anna).await;
    assert!(!users::find_visitor(&store, anna).await.unwrap().unwrap().has_seat);
    assign(&store, bert, 1).await.unwrap();
    let seats = "SELECT action, subject_name FROM history WHERE action LIKE 'seat%' ORDER BY seq";
    let expected = ["seat-assigned|anna Łoś", "seat-taken|anna Łoś", "seat-assigned|bert Łoś"];
    assert_eq!(database.ask(seats), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_enabled_users_hold_seats() {
    let (store, _, _database) = store().await;
    let root = add_user(&store, "root", Role::Admin).await;
    let anna = add_user(&store, "anna", Role::User).await;
    let bert = add_user(&store, "bert", Role::User).await;
    assert!(matches!(assign(&store, root, 9).await, Err(StoreError::Overtaken)));
    assign(&store, anna, 9).await.unwrap();
    assign(&store, bert, 9).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    users::disable_user(&mut tx, &Actor::system(), anna, 1).await.unwrap();
    let auditor = UserChange {
        login: "bert".to_owned(),
        name: "Bert".to_owned(),
        role: Role::Auditor,
        groups: Vec::new(),
    };
    users::update_user(&mut tx, &Actor::system(), bert, 1, &auditor).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count_seats(&store).await.unwrap(), 0);
    assert!(matches!(assign(&store, anna, 9).await, Err(StoreError::Overtaken)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_with_fewer_seats_than_are_taken_is_refused() {
    let (store, _, _database) = store().await;
    for login in ["anna", "bert"] {
        let user = add_user(&store, login, Role::User).await;
        assign(&store, user, 2).await.unwrap();
    }
    assert!(matches!(install(&store, "file", 1).await, Err(StoreError::NoFreeSeat)));
    assert_eq!(find_licence(&store).await.unwrap(), None);
    install(&store, "file", 2).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_on_the_last_seat_and_one_wins() {
    let (store, _, _database) = store().await;
    let mut people = Vec::new();
    for number in 0..20 {
        people.push(add_user(&store, &format!("user{number}"), Role::User).await);
    }
    for round in 0..50 {
        let jobs: Vec<_> = people
            .iter()
            .map(|user| {
                let (store, user) = (store.clone(), *user);
                tokio::spawn(async move { (user, assign(&store, user, 1).await) })
            })
            .collect();
        let mut winners = Vec::new();
        for job in jobs {
            match job.await.unwrap() {
                (user, Ok(())) => winners.push(user),
                (_, Err(StoreError::NoFreeSeat)) => {}
                (_, Err(other)) => panic!("round {round}: {other}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}");
        assert_eq!(count_seats(&store).await.unwrap(), 1, "round {round}");
        take(&store, winners[0]).await;
    }
}

/// How many seats there are is read where they are counted: the licence is another one by then, now and then.
#[tokio::test(flavor = "multi_thread")]
async fn a_smaller_licence_and_a_seat_at_once_never_end_in_too_many_seats() {
    let (store, _, _database) = store().await;
    let mut people = Vec::new();
    for login in ["anna", "bert"] {
        people.push(add_user(&store, login, Role::User).await);
    }
    // The file is nothing but its number of seats.
    let seats_of = |file: Option<&str>| file.unwrap().parse().unwrap();
    for round in 0..50 {
        install(&store, "2", 2).await.unwrap();
        assign(&store, people[0], 2).await.unwrap();
        let (one, other, user) = (store.clone(), store.clone(), people[1]);
        let smaller = tokio::spawn(async move { install(&one, "1", 1).await });
        let seat = tokio::spawn(async move {
            let mut tx = other.begin().await?;
            assign_seat(&mut tx, &Actor::system(), user, seats_of).await?;
            tx.commit().await
        });
        let ended = (smaller.await.unwrap(), seat.await.unwrap());
        assert!(
            matches!(
                ended,
                (Ok(()), Err(StoreError::NoFreeSeat)) | (Err(StoreError::NoFreeSeat), Ok(()))
            ),
            "round {round}: {ended:?}"
        );
        let there = find_licence(&store).await.unwrap().unwrap().file;
        assert!(count_seats(&store).await.unwrap() <= there.parse().unwrap(), "round {round}");
        for user in &people {
            take(&store, *user).await;
        }
    }
}
