//! Step 5: who may not, does not; and the auditor sees everything that was done, and can change nothing.

use gleichlauf::crm::RecordKind;
use gleichlauf::history::Action;
use gleichlauf::store::connections;

use super::{FIRST, SECOND, Story};
use crate::support::connections::activate;

pub async fn tell(story: &Story) {
    refuse_without_seat(story).await;
    refuse_without_access(story).await;
    keep_foreign_connections_secret(story).await;
    close_when_deactivated(story).await;
    audit(story).await;
}

/// The ERP tab of the story's company, by its address.
async fn tab(story: &Story) -> String {
    let record = story.record(RecordKind::Company, story.facts.company.0).await;
    format!("{}/companies/{}/erp", story.portal.address, record.id)
}

/// No tab on the record, and this sentence at the tab's address and behind it.
async fn is_refused(story: &Story, sentence: &str) {
    let w = &story.window;
    story.open_record(RecordKind::Company, story.facts.company.0).await;
    assert!(!w.has(&w.tab(story.t().records_tab_erp())).await);
    let tab = tab(story).await;
    let first = story.connection(FIRST).await;
    for address in [tab.clone(), format!("{tab}/{first}/search?type=Customer")] {
        w.goto(&address).await;
        w.sees(sentence).await;
        assert!(!w.source().await.contains(FIRST.split(' ').next().unwrap()));
    }
    w.goto(&story.portal.address).await;
}

async fn refuse_without_seat(story: &Story) {
    story.hand_over_to("gerd").await;
    is_refused(story, story.t().error_seat()).await;
}

async fn refuse_without_access(story: &Story) {
    // He may use the second connection alone, which is not active yet.
    story.hand_over_to("olaf").await;
    is_refused(story, story.t().error_inactive()).await;
}

/// Each of two users knows one connection, and nothing of the other.
async fn keep_foreign_connections_secret(story: &Story) {
    let (w, t) = (&story.window, story.t());
    activate(&story.portal.app.portal.store, story.connection(SECOND).await).await;
    let tab = tab(story).await;
    let first = story.connection(FIRST).await;
    story.open_record(RecordKind::Company, story.facts.company.0).await;
    w.turn_to(t.records_tab_erp()).await;
    w.sees(SECOND).await;
    assert!(!w.source().await.contains("Köln"));
    w.goto(&format!("{tab}/{first}/search?type=Customer")).await;
    w.sees(t.error_not_found()).await;
    assert!(!w.source().await.contains("Köln"));
    w.goto(&story.portal.address).await;

    story.hand_over_to("vera").await;
    story.open_record(RecordKind::Company, story.facts.company.0).await;
    w.turn_to(t.records_tab_erp()).await;
    w.sees(FIRST).await;
    assert!(!w.source().await.contains(SECOND));
    w.goto(&format!("{tab}/{}/search?type=Customer", story.connection(SECOND).await)).await;
    w.sees(t.error_not_found()).await;
    assert!(!w.source().await.contains(SECOND));
    w.goto(&story.portal.address).await;
}

async fn close_when_deactivated(story: &Story) {
    let (w, t) = (&story.window, story.t());
    story.hand_over_to("anna").await;
    w.follow(t.layout_settings()).await;
    w.press(&t.sync_deactivate(FIRST)).await;
    w.find(&format!("//button[contains(@class,'switch')][.='{}']", t.sync_activate(FIRST))).await;
    let id = story.connection(FIRST).await;
    let stored = connections::find(&story.portal.app.portal.store, id).await.unwrap().unwrap();
    assert!(!stored.is_active);
    story.hand_over_to("vera").await;
    is_refused(story, t.error_inactive()).await;
}

async fn audit(story: &Story) {
    let (w, t) = (&story.window, story.t());
    story.hand_over_to("eva").await;
    w.follow(t.history_title()).await;
    w.choose(t.history_connection(), FIRST).await;
    w.press(t.history_filter()).await;
    w.sees(t.history_reset()).await;
    let of_connection = exported(story).await;
    for (action, who) in [
        (Action::ConnectionAdded, "anna"),
        (Action::ConnectionTested, "anna"),
        (Action::MappingChanged, "anna"),
        (Action::ListMappingChanged, "anna"),
        (Action::DefaultAdded, "anna"),
        (Action::RankChanged, "anna"),
        (Action::ConnectionActivated, "anna"),
        (Action::Linked, "vera"),
        (Action::SyncRequested, "vera"),
        (Action::CreatedInErp, "vera"),
        (Action::Unlinked, "vera"),
        (Action::FieldSynced, ""),
        (Action::ConnectionDeactivated, "anna"),
    ] {
        has_row(&of_connection, action, who);
    }
    w.follow(t.history_reset()).await;
    let all = exported(story).await;
    for (action, who) in [
        (Action::ConnectorAdded, "anna"),
        (Action::PriorityChanged, "anna"),
        (Action::IntervalChanged, "anna"),
        (Action::EngineSwitchedOn, "anna"),
        (Action::Refused, "gerd"),
        (Action::Refused, "olaf"),
    ] {
        has_row(&all, action, who);
    }
    assert!(all.len() > of_connection.len());
    open_a_row(story).await;
    change_nothing(story).await;
}

/// What the page's own link exports.
async fn exported(story: &Story) -> Vec<String> {
    let (w, t) = (&story.window, story.t());
    let link = w.find(&format!("//a[normalize-space(.)='{}']", t.history_jsonl())).await;
    let address = link.prop("href").await.unwrap().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(address).header("Cookie", w.cookies().await);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap().lines().map(str::to_owned).collect()
}

fn has_row(rows: &[String], action: Action, who: &str) {
    let action = format!("\"{}\"", action.as_str());
    let is_it = |row: &&String| row.contains(&action) && row.contains(who);
    assert!(rows.iter().any(|row| is_it(&row)), "no {action} of {who} in {} rows", rows.len());
}

/// Before and after stand in the row's own page.
async fn open_a_row(story: &Story) {
    let (w, t) = (&story.window, story.t());
    let action = t.action_interval_changed();
    w.choose(t.history_action(), action).await;
    w.press(t.history_filter()).await;
    let row = "//tbody//tr//a[starts-with(@href, '/history/')]";
    w.follow_path(row).await;
    w.sees(t.history_what()).await;
    w.sees("900").await;
    w.sees("60").await;
}

/// The auditor looks at every page of the Sync tab; none of them takes anything.
async fn change_nothing(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(t.layout_settings()).await;
    takes_nothing(story).await;
    for page in [t.engine_details(), t.sync_priority()] {
        w.follow(page).await;
        takes_nothing(story).await;
        w.follow(t.sync_title()).await;
    }
    w.follow(FIRST).await;
    for page in [
        t.sync_configuration(),
        t.sync_mappings(),
        t.sync_list_mapping(),
        t.sync_defaults(),
        t.sync_ranks(),
    ] {
        w.follow(page).await;
        takes_nothing(story).await;
        w.back().await;
    }
}

async fn takes_nothing(story: &Story) {
    let w = &story.window;
    w.find("//h1").await;
    let shown = "//main//form[@method='post']//button";
    assert!(!w.has(shown).await, "a button for an auditor at {}", w.address().await);
}
