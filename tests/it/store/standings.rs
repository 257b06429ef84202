//! How links stand: figures that are counted no further than is said, and the links behind them, page by page.

use gleichlauf::connections::ConnectionId;
use gleichlauf::connector::types::{Access, FieldType};
use gleichlauf::crm::RecordId;
use gleichlauf::links::{LinkState, Standing};
use gleichlauf::store::Store;
use gleichlauf::store::page::Place;
use gleichlauf::store::standings::{self, Filter};

use crate::support::connections::{add, field};
use crate::support::database::{Database, store};

/// So many companies, `Firma ‹n›`, each linked.
async fn linked(store: &Store, database: &Database, count: i64) -> ConnectionId {
    let id = add(store, "Köln", &[field("NAME", FieldType::Text, "", Access::Normal)]).await;
    let numbers = format!(
        "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    );
    let firms = "INSERT INTO crm_record (id, kind, name, name_norm, search_text, fields, version, created_at, \
                 updated_at, updated_by)";
    let of_firms =
        "SELECT i, 'company', 'Firma ' || i, 'firma ' || i, '', '{}', 1, 0, 0, '' FROM n";
    let links = "INSERT INTO link (id, connection_id, record_kind, record_id, actor_type, erp_key, last_modified, \
                 agreed, record_version, is_dirty, failure_count, next_try, version, created_at)";
    let of_links = format!(
        "SELECT {count} + 1 - i, {id}, 'company', i, CASE WHEN i % 2 = 0 THEN 'Customer' ELSE 'Supplier' END, \
         CAST(i AS TEXT), '', '{{}}', 1, FALSE, 0, 0, 1, 0 FROM n"
    );
    // Neither database takes a common table expression in front of INSERT in the same place; both take it behind.
    for (into, of) in [(firms, of_firms), (links, &*of_links)] {
        assert!(database.sql(&format!("{into} {numbers} {of}")), "{into} {of}");
    }
    let counted = format!("INSERT INTO link_count (connection_id, links) VALUES ({id}, {count})");
    assert!(database.sql(&counted));
    id
}

/// All pages forwards, then all of them backwards.
async fn walk(store: &Store, id: ConnectionId, filter: Filter<'_>) -> Vec<RecordId> {
    let (mut all, mut place) = (Vec::new(), Place::First);
    loop {
        let page = standings::page(store, id, filter, place, 2).await.unwrap();
        let records: Vec<RecordId> = page.items.iter().map(|link| link.record_id).collect();
        all.extend(&records);
        match records.last() {
            Some(last) if page.has_next => place = Place::After(*last),
            _ => break,
        }
    }
    let mut back: Vec<RecordId> = all.last().copied().into_iter().collect();
    while let Some(first) = back.first().copied() {
        let page = standings::page(store, id, filter, Place::Before(first), 2).await.unwrap();
        back.splice(0..0, page.items.iter().map(|link| link.record_id));
        if !page.has_previous {
            break;
        }
    }
    assert_eq!(back, all, "backwards");
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_has_its_links_page_by_page_both_ways() {
    let (store, _, database) = store().await;
    let id = linked(&store, &database, 7).await;
    assert!(database.sql("UPDATE link SET is_dirty = TRUE WHERE record_id IN (1, 2, 3, 4, 5)"));
    let failing = "UPDATE link SET failure = '{\"id\":\"failure-unreachable\"}', failure_count = 1 \
                   WHERE record_id IN (5, 6, 7)";
    assert!(database.sql(failing));
    let all = |state| Filter { state, search: "" };
    assert_eq!(walk(&store, id, all(LinkState::Linked)).await, [1, 2, 3, 4, 5, 6, 7]);
    // In the order in which the engine takes them: customers first, then by age of the link.
    assert_eq!(walk(&store, id, all(LinkState::Waiting)).await, [4, 2, 3, 1]);
    assert_eq!(walk(&store, id, all(LinkState::Failing)).await, [7, 6, 5]);
    let found = Filter { state: LinkState::Linked, search: " FIRMA 3 " };
    assert_eq!(walk(&store, id, found).await, [3]);
    let none = Filter { state: LinkState::Failing, search: "firma 3" };
    assert_eq!(walk(&store, id, none).await, [0; 0]);
    assert_eq!(walk(&store, id + 1, all(LinkState::Linked)).await, [0; 0]);
    // Behind a record that is no longer linked, the list begins anew.
    let page = standings::page(&store, id, all(LinkState::Linked), Place::After(99), 2).await;
    assert_eq!(page.unwrap().items[0].record_id, 1);
    let standing = standings::find(&store, id).await.unwrap();
    let figures = (standing.linked, standing.waiting, standing.failing, standing.has_more_waiting);
    assert_eq!(figures, (7, 4, 3, false));
    assert_eq!(standings::list(&store).await.unwrap()[&id], standing);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_and_fails_is_counted_up_to_a_limit() {
    let (store, _, database) = store().await;
    let many = Standing::MOST + 500;
    let id = linked(&store, &database, many).await;
    assert!(database.sql("UPDATE link SET is_dirty = TRUE"));
    let standing = standings::find(&store, id).await.unwrap();
    assert_eq!((standing.linked, standing.waiting), (many, Standing::MOST + 1));
    assert!(standing.has_more_waiting);
    let failing = "UPDATE link SET failure = '{\"id\":\"failure-unreachable\"}'";
    assert!(database.sql(failing));
    let standing = standings::find(&store, id).await.unwrap();
    assert_eq!((standing.waiting, standing.failing), (0, Standing::MOST + 1));
}
