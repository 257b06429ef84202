//! The versions of a connector, a connection and the sync priority: listed in words, shown, compared.

use gleichlauf::connections::Scope;
use gleichlauf::mapping::Direction;
use gleichlauf::users::Role;

use crate::support::configured::{Configured, configured};
use crate::support::filled::Filled;
use crate::support::people;

/// Two changes after the first version.
async fn changed() -> Configured {
    let scene = configured().await;
    scene
        .map(|mapping| {
            let name = mapping.fields.iter_mut().find(|field| field.erp.key == "Name").unwrap();
            name.direction = Direction::BOTH;
            mapping.is_active = true;
        })
        .await;
    scene.change("Süd", Scope::Everyone).await;
    scene
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_stands_there_in_words() {
    let mut scene = changed().await;
    let page = scene.admin.get(&scene.path("/versions")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let rows = page.all("table.versions tbody tr");
    assert_eq!(rows.len(), 3);
    assert!(rows[0].contains("Name") && rows[0].contains("Anna Berg"), "{rows:?}");
    assert!(rows[1].contains("Customer: Synchronised"), "{rows:?}");
    assert!(rows[1].contains("direction"), "{rows:?}");
    assert!(rows[2].contains("First version"), "{rows:?}");
    assert!(page.has("a[href^='/history/']"));
    scene.admin.language = "de";
    let mut admin = people::signed_in(&scene.portal, "dora", Role::Auditor).await;
    admin.language = "de";
    let page = admin.get(&scene.path("/versions")).await;
    assert!(!page.has("a[href$='/restorations']"), "who only looks is offered no change");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_says_what_it_changed_and_what_it_held() {
    let mut scene = changed().await;
    let page = scene.admin.get(&scene.path("/versions/2")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let rows = page.all("table.compared:first-of-type tbody tr");
    assert!(rows.iter().any(|row| row.contains("both ways")), "{rows:?}");
    assert!(page.all("details").iter().any(|text| text.contains("erp.example")), "{}", page.text);
    assert!(
        page.all("details").iter().any(|text| text.contains("Password") && text.contains("set"))
    );
    assert!(page.has("a[href$='/compare?a=2&b=now']"));
    assert!(page.has("a[href$='/versions/2/restorations']"));
    // Nothing to restore in what stands there now.
    let list = scene.admin.get(&scene.path("/versions")).await;
    assert!(list.has("a[href$='/versions/2/restorations']"));
    assert!(!list.has("a[href$='/versions/3/restorations']"));
    let page = scene.admin.get(&scene.path("/versions/3")).await;
    assert!(!page.has("a[href$='/versions/3/restorations']"));
    for gone in ["/versions/0", "/versions/4", "/versions/x", "/versions/-1"] {
        assert_eq!(scene.admin.get(&scene.path(gone)).await.status, 404, "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_versions_stand_side_by_side_with_only_what_differs() {
    let mut scene = changed().await;
    let page = scene.admin.get(&scene.path("/versions/compare?a=1&b=3")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let titles = page.all("main h3");
    assert_eq!(titles, ["Name and description", "Mapping: Customer"]);
    let rows = page.all("table.compared tbody tr");
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].ends_with("Nord Süd"), "{rows:?}");
    let turned = scene.admin.get(&scene.path("/versions/compare?a=3&b=1")).await;
    assert!(turned.all("table.compared tbody tr")[0].ends_with("Süd Nord"));
    let same = scene.admin.get(&scene.path("/versions/compare?a=3&b=now")).await;
    assert!(same.text.contains("Nothing differs"), "{}", same.text);
    for wrong in ["?a=9&b=1", "?a=x&b=1"] {
        let page = scene.admin.get(&scene.path(&format!("/versions/compare{wrong}"))).await;
        assert_eq!(page.status, 404, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connectors_and_the_priority_have_versions_too() {
    let mut scene = configured().await;
    let connector = format!("/connectors/{}", scene.connector);
    for (page, versions) in [
        (connector.clone(), format!("{connector}/versions")),
        ("/sync/priority".into(), "/sync/priority/versions".into()),
    ] {
        let page = scene.admin.get(&page).await;
        assert!(page.has(&format!("a[href='{versions}']")), "{versions} in {}", page.text);
        assert_eq!(scene.admin.get(&versions).await.status, 200, "{versions}");
    }
    let empty = scene.admin.get("/sync/priority/versions").await;
    assert!(empty.text.contains("No versions yet"), "{}", empty.text);
    let version = scene.admin.get("/sync/priority").await.value_of("version");
    let connection = scene.connection.to_string();
    let order = [("order", connection.as_str()), ("order", "0"), ("version", version.as_str())];
    assert_eq!(scene.admin.post("/sync/priority", &order).await.status, 303);
    let page = scene.admin.get("/sync/priority/versions/2").await;
    assert!(page.text.contains("Nord &#62; CRM"), "{}", page.text);
    assert_eq!(scene.admin.get("/connectors/77/versions").await.status, 404);
    let summary = scene.admin.get(&format!("/sync?connection={connection}")).await;
    assert!(summary.has(&format!("a[href='/connections/{connection}/versions']")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_wrote_is_named_and_not_offered() {
    let mut scene = changed().await;
    let spoil = "UPDATE config_version SET document = '{}' WHERE number = 2";
    assert!(scene.portal.database.sql(spoil));
    let page = scene.admin.get(&scene.path("/versions")).await;
    let rows = page.all("table.versions tbody tr");
    assert!(rows[1].contains("cannot be read") && rows[0].contains("before it"), "{rows:?}");
    assert_eq!(scene.admin.get(&scene.path("/versions/2")).await.status, 200);
    assert_eq!(scene.admin.get(&scene.path("/versions/compare?a=2&b=3")).await.status, 200);
    assert_eq!(scene.plan(2).await.status, 404);
}

/// What it was and is stands nowhere; that it is another one does.
#[tokio::test(flavor = "multi_thread")]
async fn another_password_is_a_version_and_the_same_one_is_none() {
    let mut scene = configured().await;
    let before = scene.newest().await;
    for (password, server, versions) in [
        ("other-secret", "erp.example", 1),
        ("other-secret", "new.example", 2),
        ("", "a.example", 3),
    ] {
        let path = scene.path("");
        let page = scene.admin.get(&scene.path("/edit")).await;
        let filled = Filled::read(&page).set("c-Password", password).set("c-Server", server);
        let tested = filled.send(&mut scene.admin, &path, "test").await;
        let done = Filled::read(&tested).send(&mut scene.admin, &path, "save").await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert_eq!(scene.newest().await, before + versions, "{password} {server}");
    }
    let list = scene.admin.get(&scene.path("/versions")).await.all("table.versions tbody tr");
    assert!(list[2].contains("Password") && !list[2].contains("Server"), "{list:?}");
    assert!(!list[1].contains("Password") && !list[0].contains("Password"), "{list:?}");
    let compared = format!("/versions/compare?a={before}&b={}", before + 1);
    let compared = scene.admin.get(&scene.path(&compared)).await;
    let rows = compared.all("table.compared tbody tr");
    assert!(rows.len() == 1 && rows[0].ends_with("set changed"), "{rows:?}");
    // Only real changes of it are in the history.
    let changes =
        "SELECT COUNT(*) FROM history WHERE after_values LIKE '%\"setting:Password\":\"changed\"%'";
    assert_eq!(scene.portal.database.ask(changes), ["1"]);
    // A restoration has nothing to do with it.
    let plan = scene.plan(before + 1).await;
    let rows = plan.all("table.plan tbody tr").join("|");
    assert!(rows.contains("Server") && !rows.contains("Password"), "{rows}");
    let back = scene.restore(before + 1, &plan).await;
    assert_eq!(back.status, 303, "{}", back.text);
    assert!(scene.plan(before).await.text.contains("Nothing would change"));
    let page = scene.admin.get(&scene.path(&format!("/versions/{before}"))).await;
    assert!(page.has("a[href*='/compare?']") && !page.has("a[href$='/restorations']"));
    let file = scene.admin.get(&scene.path("/configuration.json")).await;
    assert!(file.text.contains("secret_is_set") && !file.text.contains("set_in"), "{}", file.text);
}
