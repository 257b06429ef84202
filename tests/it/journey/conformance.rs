//! Between the steps: the administrator has the connector tested before anything is mapped, reads what came of
//! it, and nothing has changed in the ERP. Only of the small ERP: of a large one, a test takes minutes, and
//! what comes of it is seen elsewhere.

use super::erp::Erp;
use super::{FIRST, Story};

pub async fn tell(story: &Story) {
    if matches!(story.erp, Erp::Practice(_)) {
        return;
    }
    let (w, t) = (&story.window, story.t());
    let place = format!("{}/connections/{}", story.portal.address, story.connection(FIRST).await);
    w.goto(&place).await;
    w.follow(t.conformance_runs_trail()).await;
    w.sees(t.conformance_runs_none()).await;
    w.press(t.conformance_runs_start()).await;
    if w.scripts {
        // The page follows by itself.
        w.sees(t.conformance_runs_first()).await;
        w.find("//main[not(.//*[@data-follow])]").await;
    } else {
        w.sees_after_reloading(t.conformance_runs_state_good()).await;
    }
    w.sees(t.conformance_runs_state_good()).await;
    w.sees_not(t.conformance_runs_state_failures()).await;
    w.follow_path("(//table[contains(@class,'matrix')]//a[starts-with(@href,'#why-')])[1]").await;
    assert!(w.address().await.contains("#why-"));
    w.find("//tr[starts-with(@id,'why-')]").await;
    assert!(story.changes().await.is_empty(), "a test changes nothing in the ERP");
    w.goto(&format!("{}/sync", story.portal.address)).await;
}
