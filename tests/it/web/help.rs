//! The help page.

use gleichlauf::users::Role;

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
    assert!(eva.get("/help/erp-sync").await.has(".help-tasks a[href='/history']"));
}
