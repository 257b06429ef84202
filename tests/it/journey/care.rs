//! How connections and their engine are looked after: deleted and brought back, edited while they run,
//! synchronised at once, put in order; and what the browser's own ways do to all that.

use fantoccini::key::Key;
use gleichlauf::clock::MINUTE;
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::RecordKind;
use gleichlauf::i18n::Language;
use gleichlauf::store::{connections, connectors};

use super::office::{COMPANY, CONNECTION, CONNECTOR, Office, PASSWORD};
use super::window::quoted;

const PHONE: &str = "+49 30 5550 111";
const OTHER_PHONE: &str = "+49 30 5550 222";

/// A connector goes only after its connections; both come back from the list of deleted ones.
async fn delete_and_restore(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto_sync().await;
    ask_to_delete_the_connector(o).await;
    w.sees(t.connectors_in_use()).await;
    o.goto_sync().await;
    w.follow_path("//section[@aria-labelledby='summary']//a[contains(@href,'/delete')]").await;
    w.sees(t.connection_deletions_text()).await;
    w.press(t.delete()).await;
    w.sees(&t.connection_deletions_done(CONNECTION)).await;
    assert!(!w.has(&format!("//a[normalize-space(.)={}]", quoted(CONNECTION))).await);
    ask_to_delete_the_connector(o).await;
    w.press(t.delete()).await;
    w.sees(&t.connectors_deleted(CONNECTOR)).await;
    w.sees_not(CONNECTION).await;
    assert!(o.find().await.is_deleted);

    w.follow(t.sync_show_deleted()).await;
    w.follow_path(&row_button(CONNECTOR, t.restore())).await;
    w.sees(&t.connectors_restored(CONNECTOR)).await;
    w.follow(t.sync_show_deleted()).await;
    w.follow_path(&row_button(CONNECTION, t.restore())).await;
    w.sees(&t.connection_restorations_done(CONNECTION)).await;
    let back = o.find().await;
    assert!(!back.is_deleted && !back.is_active);
    o.goto_sync().await;
    w.press(t.sync_test()).await;
    w.sees(&t.connection_checks_passed(CONNECTION)).await;
    let all = connectors::list(o.store()).await.unwrap();
    assert!(all.iter().any(|connector| connector.name == CONNECTOR && !connector.is_deleted));
}

async fn ask_to_delete_the_connector(o: &Office) {
    let name = quoted(CONNECTOR);
    o.w.follow_path(&format!(
        "//section[@aria-labelledby='connectors']\
         //tr[.//a[normalize-space(.)={name}]]//a[contains(@href,'/delete')]"
    ))
    .await;
}

/// A button in the row that begins with this name, or in the column before it.
fn row_button(name: &str, button: &str) -> String {
    let (name, button) = (quoted(name), quoted(button));
    format!(
        "//tr[.//*[contains(@class,'title')]//a[normalize-space(.)={name}]]\
         //button[normalize-space(.)={button}]"
    )
}

/// The name changes while the connection is active; its configuration only after that, and when tested.
async fn edit_a_stored_connection(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.map(ActorType::Customer, &["NAME"]).await;
    o.activate().await;
    o.goto_sync().await;
    w.follow(t.sync_configure()).await;
    w.sees(t.connections_locked()).await;
    assert!(!w.has("//*[@name='c-User']").await);
    w.fill(t.name(), "Nordlicht AG").await;
    w.press(t.ok()).await;
    w.sees(&t.connections_saved("Nordlicht AG")).await;
    assert!(o.find().await.is_active);

    w.press(&t.sync_deactivate("Nordlicht AG")).await;
    w.find(&format!("//button[normalize-space(.)={}]", quoted(&t.sync_activate("Nordlicht AG"))))
        .await;
    o.goto_sync().await;
    w.follow(t.sync_configure()).await;
    w.fill(t.name(), CONNECTION).await;
    assert!(w.is_enabled(t.ok()).await, "nothing to test so far");
    w.fill_named("c-MaxHits", "50").await;
    if w.scripts {
        w.sees(t.connections_test_first()).await;
        assert!(!w.is_enabled(t.ok()).await, "not before it was tested");
    } else {
        w.press(t.ok()).await;
        w.sees(t.connections_not_tested()).await;
    }
    w.fill_named("c-Password", PASSWORD).await;
    w.press(t.sync_test()).await;
    w.sees(t.connections_test_passed()).await;
    w.press(t.ok()).await;
    w.sees(&t.connections_saved(CONNECTION)).await;
    o.goto_its("/edit").await;
    assert_eq!(w.find("//*[@name='c-MaxHits']").await.prop("value").await.unwrap().unwrap(), "50");
}

/// By force while the engine is off, at once while it is on: the ERP's change reaches the record.
async fn synchronise_at_once(o: &Office) {
    let (w, t) = (&o.w, o.t());
    let (name, key) = COMPANY;
    o.map(ActorType::Customer, &["NAME", "PHONE"]).await;
    o.activate().await;
    o.link(RecordKind::Company, name, (ActorType::Customer, key)).await;
    let working = o.portal.work();
    for (phone, is_on) in [(PHONE, false), (OTHER_PHONE, true)] {
        o.erp.change(w, name, key, "PHONE", phone).await;
        o.goto("/sync").await;
        if is_on {
            w.press_in(t.engine_title(), t.sync_on()).await;
            w.sees(t.engine_now_on()).await;
            o.goto("/sync").await;
        }
        let (offered, other) = match is_on {
            true => (t.engine_sync_all(), t.engine_force_all()),
            false => (t.engine_force_all(), t.engine_sync_all()),
        };
        w.sees_not(other).await;
        w.press_in(t.engine_title(), offered).await;
        w.sees(&t.engine_runs_asked(1_i64)).await;
        let record = o.record(RecordKind::Company, name).await;
        o.goto(&format!("/companies/{}", record.id)).await;
        w.sees_after_reloading(phone).await;
    }
    drop(working);
}

/// Moved by keyboard, with every step said; saved, and taken back.
async fn order_priority(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.add("Zweigstelle").await;
    o.goto("/sync/priority").await;
    let before = w.names_in_order().await;
    assert_eq!(before.len(), 3);
    let second = &before[1];
    if w.scripts {
        let handle = w.handle(second).await;
        for (key, says, place) in [
            (" ".to_owned(), t.parts_sort_grabbed(), "2"),
            (Key::Up.to_string(), t.parts_sort_moved(), "1"),
            (" ".to_owned(), t.parts_sort_dropped(), "1"),
        ] {
            handle.send_keys(&key).await.unwrap();
            let said = says.replace("%name%", second).replace("%place%", place);
            w.hears(&said.replace("%all%", "3")).await;
        }
    } else {
        w.press(&t.parts_sort_up_named(second)).await;
        w.sees(t.priority_saved()).await;
    }
    assert_eq!(w.names_in_order().await[0], *second);
    if w.scripts {
        w.press(t.done()).await;
        w.sees(t.priority_saved()).await;
    }
    w.press(t.version_undos_button()).await;
    w.sees(t.version_undos_done()).await;
    o.goto("/sync/priority").await;
    assert_eq!(w.names_in_order().await, before);
}

/// What a reload, the Back button and a form sent again do: nothing twice.
async fn go_back_and_reload(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto_its("/edit").await;
    let description = "Bücher der Zentrale";
    w.fill(t.description(), description).await;
    w.press(t.ok()).await;
    w.sees(&t.connections_saved(CONNECTION)).await;
    let rows = o.history();
    w.reload().await;
    w.sees(t.sync_connections()).await;
    assert_eq!(o.history(), rows, "a reload sends nothing");
    w.back().await;
    w.has_value(t.description(), description).await;
    w.press(t.ok()).await;
    w.sees(t.sync_connections()).await;
    assert_eq!(o.history(), rows, "the same form has one effect");
    assert_eq!(o.find().await.description, description);
}

/// The session ends while a form is filled in; what was typed survives signing in.
async fn outlive_the_session(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto_its("/edit").await;
    w.fill(t.name(), "Nach der Pause").await;
    o.portal.clock.advance(31 * MINUTE);
    w.press(t.ok()).await;
    w.sees(t.error_signed_out()).await;
    assert_eq!(o.find().await.name, CONNECTION);
    w.follow(t.error_sign_in()).await;
    w.in_new_tab(async || {
        w.give_log_in("anna").await;
    })
    .await;
    w.press(t.error_send_again()).await;
    w.sees(t.error_other_session()).await;
    w.press(t.error_send_again()).await;
    w.sees(&t.connections_saved("Nach der Pause")).await;
    let all = connections::list(o.store()).await.unwrap();
    assert!(all.iter().any(|connection| connection.name == "Nach der Pause"));
}

/// From the Sync tab to what it is all about, and on to a place where one begins.
async fn ask_for_help(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto("/sync").await;
    w.follow_path(&format!("//main//a[normalize-space(.)={}]", quoted(t.layout_help()))).await;
    w.find(&format!("//h1[normalize-space(.)={}]", quoted(t.help_title()))).await;
    w.sees(t.help_connection_text()).await;
    w.follow(t.help_task_engine()).await;
    w.sees(t.engine_title()).await;
}

async fn look_after_connections(o: &Office) {
    ask_for_help(o).await;
    delete_and_restore(o).await;
    edit_a_stored_connection(o).await;
    go_back_and_reload(o).await;
    order_priority(o).await;
    synchronise_at_once(o).await;
    outlive_the_session(o).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_looked_after_with_scripts() {
    look_after_connections(&Office::open(Language::De, true).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_looked_after_without_scripts() {
    look_after_connections(&Office::open(Language::En, false).await).await;
}
