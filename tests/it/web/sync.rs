//! The Sync tab: its two lists with what stands in them, and the summary of a connection.

use gleichlauf::connections::Scope;
use gleichlauf::history::Actor;
use gleichlauf::store::{connections, engine};
use gleichlauf::users::Role;

use crate::support::linking::{Scene, connection, scene};
use crate::support::people;
use crate::support::portal::Browser;

async fn begin() -> (Scene, Browser) {
    let scene = scene().await;
    let admin = people::signed_in(&scene.portal, "anna", Role::Admin).await;
    (scene, admin)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_lists_have_their_columns_and_deleted_rows_on_request() {
    let (scene, mut admin) = begin().await;
    let page = admin.get("/sync").await;
    let heads = page.all("section:has(#connectors) th").join("|");
    assert_eq!(heads, "Name|URL of the Sync Connector|Last changed|Actions");
    let heads = page.all("section:has(#connections) th").join("|");
    let columns = "Active|Name|Connector|Scope|State|Last sync|Next run|Description|Last changed";
    assert_eq!(heads, columns);
    let row = page.all("section:has(#connections) tbody tr").join("");
    for text in ["Köln", "Connector of Köln", "Everyone", "no links yet", "never", "Books of Köln"]
    {
        assert!(row.contains(text), "{text}: {row}");
    }
    let version =
        connections::find(scene.store(), scene.connection).await.unwrap().unwrap().version;
    let mut tx = scene.store().begin().await.unwrap();
    let place = (scene.connection, version);
    connections::deactivate(&mut tx, &Actor::system(), place).await.unwrap();
    connections::delete(&mut tx, &Actor::system(), (scene.connection, version + 1)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(admin.get("/sync").await.text.contains("No ERP connection yet"));
    let deleted = admin.get("/sync?deleted=1").await;
    let restore = format!("form[action='/connections/{}/restorations']", scene.connection);
    assert!(deleted.has(&restore) && deleted.has("tr.off"), "{}", deleted.text);
    for link in deleted.attributes("section:has(#summary) a, td a", "href") {
        assert_eq!(admin.get(&link).await.status, 200, "{link}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_stands_at_the_engine_and_at_each_connection() {
    let (scene, mut admin) = begin().await;
    let engine_says =
        |page: &crate::support::portal::Page| page.all("section:has(#engine) p").join("|");
    let off = admin.get("/sync").await;
    assert!(engine_says(&off).contains("Next run: none – automatic synchronisation is off"));
    let mut tx = scene.store().begin().await.unwrap();
    engine::switch_on(&mut tx, &Actor::system()).await.unwrap();
    tx.commit().await.unwrap();
    let other = connection(scene.store(), "Bonn", Scope::Everyone).await;
    let now = scene.store().clock().now();
    for (connection, minutes) in [(scene.connection, 7), (other, 150)] {
        let due = now + minutes * 60_000;
        let job = format!(
            "INSERT INTO job (id, connection_id, trigger_kind, state, due_at, attempt, counts, requested_by) \
             VALUES ({due}, {connection}, 'schedule', 'waiting', {due}, 0, '{{}}', '')"
        );
        assert!(scene.portal.database.sql(&job));
    }
    let page = admin.get("/sync").await;
    assert!(engine_says(&page).contains("Next run: in 7 minutes ("), "{}", engine_says(&page));
    let rows = page.all("section:has(#connections) tbody tr");
    assert!(rows[0].contains("in 7 minutes (") && rows[1].contains("in 3 hours ("), "{rows:?}");
    let runs = admin.get("/sync/engine").await.all("tbody tr");
    assert!(runs[0].contains("in 7 minutes (") && runs[1].contains("in 3 hours ("), "{runs:?}");
    assert!(scene.portal.database.sql("DELETE FROM job"));
    assert!(scene.portal.database.sql("UPDATE erp_connection SET is_active = FALSE"));
    let page = admin.get("/sync").await;
    assert!(engine_says(&page).contains("Next run: none: no connection is active"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summary_says_what_is_synchronised_and_leads_on() {
    let (scene, mut admin) = begin().await;
    let other = connection(scene.store(), "Bonn", Scope::Everyone).await;
    let page = admin.get(&format!("/sync?connection={other}")).await;
    assert_eq!(page.all("#summary"), ["Bonn"]);
    let fields = page.all("section:has(#summary) tbody tr").join("|");
    assert!(fields.contains("Name ↔ Company name") || fields.contains("Name ↔ Name"), "{fields}");
    assert!(fields.contains("Rating: the user is asked"), "{fields}");
    let base = format!("/connections/{other}");
    for place in [
        "edit",
        "mappings",
        "list-mappings",
        "defaults",
        "ranks",
        "syncs",
        "resyncs",
        "conformance-runs",
        "versions",
        "scope",
        "delete",
    ] {
        let href = format!("{base}/{place}");
        assert!(page.has(&format!("section:has(#summary) a[href='{href}']")), "{place}");
        assert_eq!(admin.get(&href).await.status, 200, "{place}");
    }
    for href in [format!("/sync-log?connection={other}"), format!("/history?connection={other}")] {
        assert!(page.has(&format!("section:has(#summary) a[href='{href}']")), "{href}");
    }
    for action in ["checks", "syncs"] {
        assert!(
            page.has(&format!("section:has(#summary) form[action='{base}/{action}']")),
            "{action}"
        );
    }
    admin.language = "de";
    let page = admin.get(&format!("/sync?connection={other}")).await;
    assert!(
        page.text.contains("Synchronisierung aller Verbindungen erzwingen")
            && page.text.contains("Bücher Bonn")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_shows_the_connection_it_names_and_no_other() {
    let (scene, mut admin) = begin().await;
    let id = scene.connection;
    let other = connection(scene.store(), "Bonn", Scope::Everyone).await;
    let delete = format!("section:has(#summary) a[href='/connections/{other}/delete']");
    let unknown = admin.get("/sync?connection=4711").await;
    assert!(unknown.text.contains("There is no such ERP connection"), "{}", unknown.text);
    assert!(!unknown.has("#summary") && !unknown.has("tr[aria-current]"), "{}", unknown.text);
    let page = admin.get(&format!("/sync?connection={id}")).await;
    assert!(page.has(&format!("a[href='/sync?connection={id}&deleted=1']")), "{}", page.text);
    let page = admin.get(&format!("/sync?connection={id}&deleted=1")).await;
    assert_eq!(page.all("#summary"), ["Köln"]);
    assert!(page.has(&format!("a[href='/sync?connection={id}']")), "{}", page.text);
    let gone = format!("UPDATE erp_connection SET is_deleted = TRUE WHERE id = {id}");
    assert!(scene.portal.database.sql(&gone));
    let page = admin.get(&format!("/sync?connection={id}")).await;
    assert_eq!(page.all("#summary"), ["Köln"]);
    assert!(page.has("tr.off[aria-current]") && !page.has(&delete), "{}", page.text);
    assert!(page.has("a[href='/sync']"), "without it there is nothing to stay at");
    assert!(!page.text.contains("There is no such ERP connection"));
}
