//! The runs of a connection, and the records that could not be synchronised.

use gleichlauf::connector::types::{Access, ActorRef, ActorType, FieldType};
use gleichlauf::crm::value::Value;
use gleichlauf::crm::{RecordId, RecordKind, Values};
use gleichlauf::history::Actor;
use gleichlauf::links::Agreed;
use gleichlauf::store::links::NewLink;
use gleichlauf::store::{crm, links};
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

/// A company, linked.
async fn linked(portal: &Portal, connection: i64, name: &str) -> RecordId {
    let store = &portal.app.portal.store;
    let mut values = Values::new();
    values.set("name", Value::Text(name.to_owned()));
    let mut tx = store.begin().await.unwrap();
    let kind = RecordKind::Company;
    let record = crm::insert(&mut tx, &Actor::system(), kind, None, &values).await.unwrap();
    let new = NewLink {
        connection: (connection, "Köln"),
        record: (kind, record, name),
        actor: &ActorRef { kind: ActorType::Customer, key: format!("C-{name}") },
        parent: None,
        last_modified: "1",
        agreed: &Agreed::new(),
        record_version: 1,
    };
    links::insert(&mut tx, &Actor::system(), &new).await.unwrap();
    tx.commit().await.unwrap();
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn failing_records_stand_there_with_their_reason_and_lead_to_the_record() {
    let portal = spawn(&[]).await;
    let id = connection(&portal).await;
    let mut anna = people::signed_in(&portal, "anna", Role::Admin).await;
    let state = |page: &str| page.contains("no links yet");
    assert!(state(&anna.get("/sync").await.text));
    let good = linked(&portal, id, "Ærø").await;
    let bad = linked(&portal, id, "<b>Łoś</b>").await;
    assert!(anna.get("/sync").await.text.contains("2 in step"));
    let set = format!(
        "UPDATE link SET failure = '{{\"id\":\"failure-unreachable\"}}', failure_count = 3 WHERE record_id = {bad}"
    );
    assert!(portal.database.sql(&set));
    let list = anna.get("/sync").await;
    assert!(list.text.contains("1 failing"));
    let place = format!("/connections/{id}/syncs");
    assert!(list.has(&format!("a[href='{place}']")));
    let page = anna.get(&place).await;
    assert_eq!(page.status, 200);
    assert!(page.has(&format!("a[href='/companies/{bad}/erp']")), "she sees the ERP tab");
    assert!(!page.text.contains(&format!("/companies/{good}")));
    assert!(page.text.contains("No connection to the Sync Connector came about"));
    assert!(page.text.contains("&#60;b&#62;Łoś") && !page.text.contains("<b>Łoś"));
    let disconnect = format!("a[href='/companies/{bad}/erp/{id}/disconnect']");
    assert!(!page.has(&disconnect), "it may work again");
    let set = format!(
        "UPDATE link SET failure = '{{\"id\":\"sync-failed-gone\"}}' WHERE record_id = {bad}"
    );
    assert!(portal.database.sql(&set));
    assert!(anna.get(&place).await.has(&disconnect), "what is gone can be disconnected");
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let page = eva.get(&place).await;
    assert_eq!(page.status, 200);
    assert!(!page.has(&format!("form[action='{place}']")), "she looks, and changes nothing");
    assert_eq!(anna.get("/connections/1/syncs").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_failing_records_than_a_page_holds_are_paged() {
    let portal = spawn(&[]).await;
    let id = connection(&portal).await;
    for number in 0..51 {
        linked(&portal, id, &format!("Firma {number}")).await;
    }
    let set = "UPDATE link SET failure = '{\"id\":\"failure-unreachable\"}', failure_count = 1";
    assert!(portal.database.sql(set));
    let mut anna = people::signed_in(&portal, "anna", Role::Admin).await;
    let place = format!("/connections/{id}/syncs");
    let first = anna.get(&place).await;
    let records = |page: &crate::support::portal::Page| {
        page.attributes("#failing ~ * td.title a, section:has(#failing) td.title a", "href")
    };
    assert_eq!(records(&first).len(), 50);
    let next = first.attribute("a[rel='next']", "href").unwrap();
    let second = anna.get(next.trim_end_matches("#failing")).await;
    assert_eq!(records(&second).len(), 1);
    assert!(!records(&first).contains(&records(&second)[0]));
    assert!(!second.has("a[rel='next']") && second.has("a[rel='prev']"));
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
