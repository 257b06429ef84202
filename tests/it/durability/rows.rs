//! A change and its row in the history are one transaction: the program is killed while people change
//! things, and there is never one without the other.

use std::time::Duration;

use futures_util::future::join_all;
use gleichlauf::store::history;
use gleichlauf::users::Role;
use tokio::time::sleep;

use super::chance::{self, Chance};
use crate::support::people;
use crate::support::portal::Browser;
use crate::support::program::{Installation, until};
use crate::support::records::Records;

const KILLS: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_change_without_its_row_and_no_row_without_its_change() {
    let it = Installation::new(&[]).await;
    people::add_person_to(&it.records.store, "admin", Role::Admin).await;
    let mut chance = Chance::new(chance::seed());
    let mut signed_in = None;
    for round in 0..KILLS {
        let mut program = it.start(None).await;
        let mut admin: Browser = match signed_in.take() {
            Some(admin) => admin,
            None => sign_in(&program.address).await,
        };
        admin.move_to(&program.address);
        let before = rows(&it.records);
        let at_work = [
            tokio::spawn(edit_companies(admin.clone(), round)),
            tokio::spawn(add_users(admin.clone(), round)),
            tokio::spawn(add_groups(admin.clone(), round)),
        ];
        until("people are at work", async || rows(&it.records) > before + 5).await;
        sleep(Duration::from_millis(chance.below(300))).await;
        program.kill().await;
        join_all(at_work).await.into_iter().for_each(Result::unwrap);
        check(&it.records).await;
        signed_in = Some(admin);
    }
}

async fn sign_in(address: &str) -> Browser {
    let mut admin = Browser::at(address);
    people::sign_in(&mut admin, "admin").await;
    admin.get("/account").await;
    admin
}

fn rows(records: &Records) -> i64 {
    records.database.ask("SELECT COUNT(*) FROM history")[0].parse().unwrap()
}

/// Adds companies and changes each a few times, until nobody answers any more.
async fn edit_companies(mut admin: Browser, round: u64) {
    for number in 0.. {
        let name = format!("Firm {round} {number}");
        let Ok(added) = admin.try_post("/companies", &[("name", &name)]).await else { return };
        assert_eq!(added.status, 303, "{}", added.text);
        for version in ["1", "2", "3"] {
            let fields = [("name", name.as_str()), ("phone", version), ("version", version)];
            let Ok(edited) = admin.try_post(&added.location, &fields).await else { return };
            assert_eq!(edited.status, 303, "{}", edited.text);
        }
    }
}

async fn add_users(mut admin: Browser, round: u64) {
    for number in 0.. {
        let (name, login) = (format!("Person {number}"), format!("p{round}.{number}"));
        let fields = [("name", name.as_str()), ("login", &login), ("role", "auditor")];
        let Ok(added) = admin.try_post("/users", &fields).await else { return };
        assert_eq!(added.status, 303, "{}", added.text);
    }
}

async fn add_groups(mut admin: Browser, round: u64) {
    for number in 0.. {
        let name = format!("Group {round} {number}");
        let Ok(added) = admin.try_post("/groups", &[("name", &name)]).await else { return };
        assert_eq!(added.status, 303, "{}", added.text);
    }
}

/// Each version of a company has its row, each account and group the row that added it; and the other way
/// round.
async fn check(records: &Records) {
    let added = |table: &str, action: &str| {
        let rows = format!("FROM history h WHERE h.action = '{action}' AND h.subject_id");
        [
            format!("SELECT id FROM {table} t WHERE 1 <> (SELECT COUNT(*) {rows} = t.id)"),
            format!("SELECT h.seq {rows} NOT IN (SELECT id FROM {table})"),
        ]
    };
    let versions = "SELECT id FROM crm_record r WHERE version <> (SELECT COUNT(*) FROM history h \
                    WHERE h.subject_kind = 'company' AND h.subject_id = r.id)";
    let count = "SELECT kind FROM crm_count c \
                 WHERE records <> (SELECT COUNT(*) FROM crm_record r WHERE r.kind = c.kind)";
    let of_added = [
        added("crm_record", "record-added"),
        added("app_user", "user-added"),
        added("user_group", "group-added"),
    ];
    let asked = of_added.concat();
    for sql in asked.iter().map(String::as_str).chain([versions, count]) {
        assert_eq!(records.database.ask(sql), Vec::<String>::new(), "{sql}");
    }
    let (_, findings) = history::verify(&records.store, &[]).await.unwrap();
    assert_eq!(findings, []);
}
