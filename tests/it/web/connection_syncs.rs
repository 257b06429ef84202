//! The runs of a connection.

use gleichlauf::connector::types::{Access, FieldType};
use gleichlauf::history::Actor;
use gleichlauf::store::engine;
use gleichlauf::users::Role;

use crate::support::connections::{activate, add, field};
use crate::support::portal::{Portal, spawn};
use crate::support::{licences, people};

async fn connection(portal: &Portal) -> i64 {
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let fields = [field("NAME", FieldType::Text, "", Access::Normal)];
    let id = add(store, "Köln", &fields).await;
    activate(store, id).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_now_is_asked_for_and_shown() {
    let portal = spawn(&[]).await;
    let id = connection(&portal).await;
    let mut anna = people::signed_in(&portal, "anna", Role::Admin).await;
    let place = format!("/connections/{id}/syncs");
    anna.get(&place).await;
    let answer = anna.post(&place, &[]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, place.as_str()));
    let page = anna.get(&place).await;
    assert!(page.text.contains("synchronised as soon as possible"));
    assert!(page.text.contains("Next run"));
    let rows = "SELECT COUNT(*) FROM job WHERE state = 'waiting'";
    assert_eq!(portal.database.ask(rows), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_says_what_the_erp_said_and_what_could_not_be_read() {
    let portal = spawn(&[]).await;
    let id = connection(&portal).await;
    let set = format!(
        "INSERT INTO job (id, connection_id, trigger_kind, state, due_at, attempt, started_at, ended_at, counts, \
         requested_by, notes) VALUES (7, {id}, 'schedule', 'done', 1, 0, 1, 2, '{{\"unreadable\":3}}', '', \
         '[{{\"id\":\"sync-note-warning\",\"arguments\":{{\"said\":\"US:\"\"<b>Credit\"\";GE:\"\"Kredit\"\"\"}}}}]')"
    );
    let set = set.replace("\"\"", "\\\"");
    assert!(portal.database.sql(&set), "{set}");
    let mut anna = people::signed_in(&portal, "anna", Role::Admin).await;
    let page = anna.get(&format!("/connections/{id}/syncs")).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Not readable: 3"), "{}", page.text);
    assert!(page.text.contains("&#60;b&#62;Credit") && !page.text.contains("Kredit"));
    assert!(!page.text.contains("Nothing had changed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_when_the_next_run_is_or_why_there_is_none() {
    let portal = spawn(&[]).await;
    let id = connection(&portal).await;
    let store = &portal.app.portal.store;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let place = format!("/connections/{id}/syncs");
    let state = async |eva: &mut crate::support::portal::Browser| {
        let page = eva.get(&place).await;
        assert_eq!(page.status, 200);
        assert!(!page.has(&format!("form[action='{place}']")), "she looks, and changes nothing");
        page.all("section:has(#state) p").join(" ")
    };
    assert!(state(&mut eva).await.contains("Next run: none – automatic synchronisation is off"));
    let mut tx = store.begin().await.unwrap();
    engine::switch_on(&mut tx, &Actor::system()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(state(&mut eva).await.contains("Next run: starts in a moment"));
    let job = |state: &str, due: i64| {
        format!(
            "INSERT INTO job (id, connection_id, trigger_kind, state, due_at, attempt, started_at, counts, \
             requested_by) VALUES ({due}, {id}, 'schedule', '{state}', {due}, 0, 1, '{{}}', '')"
        )
    };
    let soon = store.clock().now() + 9 * 60_000;
    assert!(portal.database.sql(&job("waiting", soon)));
    assert!(state(&mut eva).await.contains("Next run: in 9 minutes ("));
    assert!(portal.database.sql(&job("running", 5)));
    assert!(state(&mut eva).await.contains("Next run: a run has been going on since"));
    assert_eq!(eva.get("/connections/1/syncs").await.status, 404);
}
