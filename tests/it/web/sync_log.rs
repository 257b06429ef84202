//! The sync log.

use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::store::Store;
use gleichlauf::users::Role;

use crate::support::people;
use crate::support::portal::spawn;

async fn record(store: &Store, event: Event) {
    let mut tx = store.begin().await.unwrap();
    tx.record(&Actor::engine(), &event.in_connection(3, "Nord")).await.unwrap();
    tx.commit().await.unwrap();
}

/// As the engine writes it.
fn synced(kind: &'static str, field: &str, source: &str, target: &str) -> Event {
    Event::new(Action::FieldSynced, Subject::new(kind, 1, "Łódź & Söhne"))
        .after("field", field)
        .after("erp-field", field.to_uppercase())
        .after("source", source)
        .after("target", target)
        .before(field, "old <b>")
        .after(field, "new")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_stands_there_with_direction_and_both_values() {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    assert!(eva.get("/sync-log").await.text.contains("No rows fit"));
    record(store, synced("company", "phone", "crm", "erp")).await;
    portal.clock.advance(60_000);
    record(store, synced("person", "email", "erp", "crm")).await;
    let conflict = Event::new(Action::Conflict, Subject::new("company", 1, "Łódź & Söhne"))
        .after("field", "name")
        .after("erp-field", "NAME")
        .after("winner", "erp")
        .before("crm", "mine")
        .before("erp", "theirs");
    record(store, conflict).await;
    record(store, Event::new(Action::Linked, Subject::new("company", 1, "x"))).await;
    let page = eva.get("/sync-log").await;
    assert_eq!(page.all("tbody tr").len(), 3);
    let rows: Vec<Vec<String>> = page.all("tbody td").chunks(8).map(<[String]>::to_vec).collect();
    assert_eq!(
        rows[0],
        [
            "Nord",
            "Łódź & Söhne",
            "Nord",
            "CRM",
            "Name NAME Conflict",
            "mine",
            "theirs",
            "22 Nov 2026, 13:01:00"
        ]
    );
    assert_eq!(rows[1][2..7], ["Nord", "CRM", "E-mail EMAIL", "old <b>", "new"]);
    assert_eq!(rows[2][2..5], ["CRM", "Nord", "Telephone PHONE"]);
    assert_eq!(page.attribute("td.title a", "href").as_deref(), Some("/companies/1"));
    for (query, count) in [
        ("connection=3", 3),
        ("connection=4", 0),
        ("field=company%3Aphone", 1),
        ("field=person%3Aphone", 0),
        ("object=s%C3%B6hne", 3),
        ("from=2026-11-23", 0),
        ("until=2026-11-22", 3),
        ("subject=company%2F1", 2),
        ("action=linked", 3),
    ] {
        let page = eva.get(&format!("/sync-log?{query}")).await;
        assert_eq!((page.status, page.all("tbody tr").len()), (200, count), "{query}");
    }
    let oldest = eva.get("/sync-log?order=oldest").await;
    assert!(oldest.all("tbody tr")[0].contains("Telephone"));
    assert!(eva.get("/sync-log?from=x").await.has("#from-problem"));
}
