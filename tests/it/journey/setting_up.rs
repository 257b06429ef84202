//! Step 1: the administrator adds a Sync Connector and two ERP connections.

use super::{FIRST, SECOND, Story};

const CONNECTOR: &str = "Der neue Connector";

pub async fn tell(story: &Story) {
    story.sign_in("anna").await;
    story.window.follow(story.t().layout_settings()).await;
    add_connector(story).await;
    add_first(story).await;
    add_second(story).await;
    assert!(story.changes().await.is_empty(), "setting up changes nothing in the ERP");
}

/// A dead URL gives a sentence, and nothing typed is lost.
async fn add_connector(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(t.sync_add_connector()).await;
    w.fill(t.connectors_name(), CONNECTOR).await;
    w.fill(t.connectors_address(), &story.nowhere).await;
    w.press(t.connectors_test()).await;
    w.sees(t.connectors_test_failed()).await;
    assert_eq!(w.value(t.connectors_name()).await, CONNECTOR);
    assert_eq!(w.value(t.connectors_address()).await, story.nowhere);
    w.fill(t.connectors_address(), &story.erp.address()).await;
    w.press(t.connectors_test()).await;
    w.sees(t.connectors_test_passed()).await;
    w.press(t.ok()).await;
    w.sees(&t.connectors_added(CONNECTOR)).await;
}

/// OK stays shut until the test has passed; a wrong password gives a sentence.
async fn add_first(story: &Story) {
    let (w, t) = (&story.window, story.t());
    begin(story, FIRST).await;
    for (name, value) in story.facts.settings {
        w.fill_named(name, value).await;
    }
    assert!(!w.is_enabled(t.ok()).await);
    w.fill_named("c-Password", "wrong").await;
    w.press(t.sync_test()).await;
    w.find("//*[@role='alert']//li").await;
    assert_eq!(w.value(t.name()).await, FIRST);
    assert!(!w.is_enabled(t.ok()).await);
    allow(story, "vera").await;
    finish(story, FIRST, story.facts.password).await;
    w.press(t.sync_test()).await;
    w.sees(&t.connection_checks_passed(FIRST)).await;
}

async fn add_second(story: &Story) {
    let w = &story.window;
    begin(story, SECOND).await;
    for (name, value) in story.facts.second_settings {
        w.fill_named(name, value).await;
    }
    let (name, client) = story.facts.second_client;
    w.choose_named(name, client).await;
    allow(story, "olaf").await;
    finish(story, SECOND, story.facts.second_password).await;
}

async fn begin(story: &Story, name: &str) {
    let (w, t) = (&story.window, story.t());
    w.follow(t.sync_add_connection()).await;
    w.fill(t.name(), name).await;
    w.choose(t.connections_connector(), CONNECTOR).await;
    if w.scripts {
        assert!(!w.has(&format!("//button[.='{}']", t.connections_show_fields())).await);
    } else {
        w.press(t.connections_show_fields()).await;
    }
    w.find("//*[@name='c-User']").await;
    assert_eq!(w.value(t.name()).await, name);
}

/// The connection is for this person alone.
async fn allow(story: &Story, login: &str) {
    let (w, t) = (&story.window, story.t());
    w.tick(t.connections_some()).await;
    let row = format!("//tr[.//small[normalize-space(.)='{login}']]");
    for right in ["who", "connect", "create"] {
        w.tick_at(&format!("{row}//input[@name='{right}']")).await;
    }
}

async fn finish(story: &Story, name: &str, password: &str) {
    let (w, t) = (&story.window, story.t());
    w.fill_named("c-Password", password).await;
    w.press(t.sync_test()).await;
    w.sees(t.connections_test_passed()).await;
    w.press(t.ok()).await;
    w.sees(name).await;
    w.find(&format!("//*[@role='status'][contains(., {})]", super::window::quoted(name))).await;
}
