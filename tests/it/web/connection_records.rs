//! The linked records of a connection by how they stand.

use gleichlauf::connector::types::{Access, ActorRef, ActorType, FieldType};
use gleichlauf::crm::value::Value;
use gleichlauf::crm::{RecordId, RecordKind, Values};
use gleichlauf::history::Actor;
use gleichlauf::links::Agreed;
use gleichlauf::store::links::NewLink;
use gleichlauf::store::{crm, links};
use gleichlauf::users::Role;

use crate::support::connections::{activate, add, field};
use crate::support::portal::{Page, Portal, spawn};
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

fn fail(portal: &Portal, record: RecordId, reason: &str) {
    let set = format!(
        "UPDATE link SET failure = '{{\"id\":\"{reason}\"}}', failure_count = 3 WHERE record_id = {record}"
    );
    assert!(portal.database.sql(&set));
}

fn records(page: &Page) -> Vec<String> {
    page.attributes("td.title a", "href")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_figure_of_the_list_leads_to_the_records_behind_it() {
    let portal = spawn(&[]).await;
    let id = connection(&portal).await;
    let mut anna = people::signed_in(&portal, "anna", Role::Admin).await;
    assert!(anna.get("/sync").await.text.contains("no links yet"));
    let good = linked(&portal, id, "Ærø").await;
    let bad = linked(&portal, id, "<b>Łoś</b>").await;
    assert!(anna.get("/sync").await.text.contains("2 in step"));
    fail(&portal, bad, "failure-unreachable");
    assert!(
        portal.database.sql(&format!("UPDATE link SET is_dirty = TRUE WHERE record_id = {good}"))
    );
    let list = anna.get("/sync").await;
    let place = format!("/connections/{id}/records");
    for (state, said, there) in [
        ("failing", "1 failing", vec![bad]),
        ("waiting", "1 waiting", vec![good]),
        ("linked", "2 linked", vec![good, bad]),
    ] {
        let place = format!("{place}?state={state}");
        assert!(list.all(&format!("a[href='{place}']")).contains(&said.to_owned()), "{said}");
        let page = anna.get(&place).await;
        assert_eq!(page.status, 200);
        assert!(page.has(&format!(".tabs a[href='{place}'][aria-current=page]")));
        let mut hrefs: Vec<String> =
            there.iter().map(|record| format!("/companies/{record}/erp")).collect();
        hrefs.sort();
        let mut found = records(&page);
        found.sort();
        assert_eq!(found, hrefs, "{state}");
    }
    let page = anna.get(&format!("{place}?state=failing")).await;
    assert!(page.text.contains("No connection to the Sync Connector came about"));
    assert!(page.text.contains("Tried 3 times."));
    assert!(page.text.contains("&#60;b&#62;Łoś") && !page.text.contains("<b>Łoś"));
    let disconnect = format!("a[href='/companies/{bad}/erp/{id}/disconnect']");
    assert!(!page.has(&disconnect), "it may work again");
    fail(&portal, bad, "sync-failed-gone");
    let page = anna.get(&format!("{place}?state=failing")).await;
    assert!(page.has(&disconnect), "what is gone can be disconnected");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_found_by_name_and_paged_and_anything_else_is_the_whole_list() {
    let portal = spawn(&[]).await;
    let id = connection(&portal).await;
    for number in 0..51 {
        linked(&portal, id, &format!("Firma {number}")).await;
    }
    assert!(portal.database.sql("UPDATE link SET failure = '{\"id\":\"failure-unreachable\"}'"));
    let mut anna = people::signed_in(&portal, "anna", Role::Admin).await;
    let place = format!("/connections/{id}/records?state=failing");
    let first = anna.get(&place).await;
    assert_eq!(records(&first).len(), 50);
    let second = anna.get(&first.attribute("a[rel='next']", "href").unwrap()).await;
    assert_eq!(records(&second).len(), 1);
    assert!(!second.has("a[rel='next']"));
    let back = anna.get(&second.attribute("a[rel='prev']", "href").unwrap()).await;
    assert_eq!(records(&back), records(&first));
    let found = anna.get(&format!("{place}&search=firma+17")).await;
    assert_eq!(found.all("td.title a"), ["Firma 17"]);
    let none = anna.get(&format!("{place}&search=nirgends")).await;
    assert!(none.has(".empty") && none.text.contains("nirgends"));
    for odd in ["?state=odd", "", "?state=linked&after=7&before=x"] {
        let page = anna.get(&format!("/connections/{id}/records{odd}")).await;
        assert!(page.status == 200 || page.status == 400, "{odd}");
    }
    assert_eq!(anna.get("/connections/1/records").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_is_led_to_the_record_and_empty_lists_say_what_that_means() {
    let portal = spawn(&[]).await;
    let id = connection(&portal).await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    for (state, said) in [
        ("failing", "could be synchronised when it was last looked at"),
        ("waiting", "Nothing waits"),
        ("linked", "No record is linked yet"),
    ] {
        let page = eva.get(&format!("/connections/{id}/records?state={state}")).await;
        assert!(page.all(".empty").join("").contains(said), "{state}");
    }
    let record = linked(&portal, id, "Nord").await;
    let page = eva.get(&format!("/connections/{id}/records")).await;
    assert_eq!(records(&page), [format!("/companies/{record}")]);
    let mut udo = people::signed_in(&portal, "udo", Role::User).await;
    assert_eq!(udo.get(&format!("/connections/{id}/records")).await.status, 403);
}
