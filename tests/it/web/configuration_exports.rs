//! A connection's configuration as a file: readable, the same each time, without secrets.

use gleichlauf::store::connections;
use gleichlauf::users::Role;

use crate::support::configured::{SECRET, anna, configured};
use crate::support::people;

#[tokio::test(flavor = "multi_thread")]
async fn the_file_says_everything_but_secrets_and_is_a_row_of_the_history() {
    let scene = configured().await;
    let mut auditor = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    let path = scene.path("/configuration.json");
    let seq = scene.portal.database.actions_after(0).1;
    let file = auditor.get(&path).await;
    assert_eq!(file.status, 200);
    assert_eq!(scene.portal.database.actions_after(seq).0, ["configuration-exported"]);
    let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/json; charset=utf-8");
    assert!(header("content-disposition").starts_with("attachment; filename=\"connection-"));
    for part in [
        "gleichlauf-configuration",
        "\"format_version\": 1",
        "erp.example",
        "\"Customer\"",
        "\"Fake ERP\"",
    ] {
        assert!(file.text.contains(part), "{part} in {}", file.text);
    }
    assert!(file.text.contains("\"secret_is_set\": true") && !file.text.contains(SECRET));
    assert!(file.text.lines().count() > 50, "one thing per line");
    assert_eq!(
        auditor.get(&path).await.text,
        file.text,
        "the same bytes for the same configuration"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_connection_has_no_file() {
    let mut scene = configured().await;
    let mut tx = scene.store().begin().await.unwrap();
    connections::delete(&mut tx, &anna(), (scene.connection, 1)).await.unwrap();
    tx.commit().await.unwrap();
    for end in ["/configuration.json", "/imports"] {
        assert_eq!(scene.admin.get(&scene.path(end)).await.status, 404, "{end}");
    }
    // Its past can still be looked at.
    assert_eq!(scene.admin.get(&scene.path("/versions")).await.status, 200);
    assert!(scene.plan(1).await.text.contains("Bring it back first"));
}
