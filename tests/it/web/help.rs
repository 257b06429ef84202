//! The help page.

use gleichlauf::users::Role;

use crate::support::configured::configured;
use crate::support::linking::scene;
use crate::support::people;
use crate::support::portal::spawn;

#[tokio::test(flavor = "multi_thread")]
async fn the_help_explains_four_words_and_links_what_its_reader_may_open() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let page = anna.get("/help/erp-sync").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.all("dt").len(), 4);
    assert_eq!(page.all(".help-tasks li").len(), 5);
    assert!(page.has(".help-tasks a[href='/companies']"));
    assert!(!page.has(".help-tasks a[href='/history']"));
    anna.post("/preferences", &[("language", "de"), ("back", "/")]).await;
    assert_eq!(anna.get("/help/erp-sync").await.all("h1"), ["ERP-Synchronisierung"]);
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let page = eva.get("/help/erp-sync").await;
    assert!(page.has(".help-tasks a[href='/history']") && page.has(".help-more a[href='/sync']"));
    assert!(!page.has(".help-tasks a[href='/connections/new']"));
}

/// Where the four words are met, beside the link that every page has in its frame.
#[tokio::test(flavor = "multi_thread")]
async fn the_sync_tab_and_the_erp_tab_link_the_help() {
    let mut scene = scene().await;
    let link = "main a[href='/help/erp-sync']";
    let mut eva = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    assert!(eva.get("/sync").await.has(link));
    let tab = scene.user.get(&format!("/companies/{}/erp", scene.company)).await;
    assert!(tab.has(link), "{}", tab.text);
    assert!(!eva.get("/companies").await.has(link), "the frame is not looked at");
}

/// Whoever may set the synchronisation up is led straight to each task.
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_opens_every_task_from_the_help() {
    let mut scene = configured().await;
    let page = scene.admin.get("/help/erp-sync").await;
    let links = page.attributes(".help-tasks a", "href");
    let mappings = scene.path("/mappings");
    let tasks = ["/connections/new", &mappings, "/companies", "/sync/engine", "/history"];
    assert_eq!(links, tasks);
    for link in links.into_iter().chain(page.attributes(".help-more a", "href")) {
        assert_eq!(scene.admin.get(&link).await.status, 200, "{link}");
    }
}
