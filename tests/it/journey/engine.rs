//! Step 4: the engine brings changes of either side to the other by itself.

use std::time::{Duration, Instant};

use gleichlauf::clock::SECOND;
use gleichlauf::crm::RecordKind;

use super::{Story, linking};

const CITY: &str = "Bad Görlitz";
const EMAIL: &str = "neu@beispiel.example";
/// A little longer than the interval.
const A_MINUTE: i64 = 61 * SECOND;

pub async fn tell(story: &Story) {
    let w = &story.window;
    let (name, key) = story.facts.company;
    let fields = &story.facts.customer;
    story.hand_over_to("anna").await;
    switch_on(story).await;

    story.erp.change(w, name, key, fields.city, CITY).await;
    story.portal.clock.set_forward(A_MINUTE);
    w.goto(&story.portal.address).await;
    story.open_record(RecordKind::Company, name).await;
    w.sees_after_reloading(CITY).await;

    linking::edit(story, "email", EMAIL).await;
    let start = Instant::now();
    while story.erp.row("Customer", key).await.values[fields.email] != EMAIL {
        assert!(start.elapsed() < Duration::from_secs(30), "the ERP never got the change");
        story.portal.clock.set_forward(A_MINUTE / 4);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(story.is_in_step().await, 3);
    let done = story.changes().await;
    assert_eq!(done.len(), 2, "the two changes and nothing else: {done:?}");
    look_at_the_log(story).await;
}

async fn switch_on(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(t.layout_settings()).await;
    w.follow(t.engine_details()).await;
    w.fill(t.engine_interval(), "0").await;
    w.press(t.save()).await;
    w.sees(t.engine_bad_interval()).await;
    w.fill(t.engine_interval(), "1").await;
    w.choose(t.engine_unit(), t.engine_minutes()).await;
    w.press(t.save()).await;
    w.sees(t.engine_interval_saved()).await;
    w.follow(t.sync_title()).await;
    w.press_in(t.engine_title(), t.sync_on()).await;
    w.sees(t.engine_now_on()).await;
}

async fn look_at_the_log(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(t.layout_settings()).await;
    w.follow(t.sync_log_title()).await;
    for text in [CITY, EMAIL] {
        w.sees(text).await;
    }
}
