//! What changed, looked at in a window and taken back; and a configuration carried from one connection
//! into another as a file, or into a new one.

use std::path::Path;

use gleichlauf::connections::{ConnectionId, Scope};
use gleichlauf::i18n::{Language, named};
use gleichlauf::mapping::Direction;
use gleichlauf::store::connections;

use super::window::Window;
use crate::support::configured::{Configured, SECRET, configured};

async fn map_name(scene: &Configured, direction: Direction) {
    scene
        .map(|mapping| {
            let name = mapping.fields.iter_mut().find(|field| field.erp.key == "Name").unwrap();
            name.direction = direction;
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_compared_and_taken_back_in_a_window() {
    let scene = configured().await;
    map_name(&scene, Direction::BOTH).await;
    scene.change("Süd", Scope::Everyone).await;
    let w = Window::signed_in(&scene.portal, "anna", Language::De, true).await;
    let t = w.t;
    w.goto(&format!("{}{}", scene.portal.address, scene.path("/versions"))).await;
    w.sees(&t.versions_title("Süd")).await;
    w.choose_value(t.versions_a(), "1").await;
    w.choose_value(t.versions_b(), "3").await;
    w.press(t.versions_compare()).await;
    w.sees(t.versions_comparison()).await;
    w.sees(t.versions_both_ways()).await;
    w.follow(&t.versions_one(1_i64)).await;
    w.sees(t.versions_first()).await;
    w.follow(t.restore()).await;
    w.sees(&t.version_restorations_title(1_i64)).await;
    w.press(t.version_restorations_restore()).await;
    w.sees(&t.version_restorations_done(named::name("Nord"), named::number(1_i64))).await;
    assert_eq!(scene.find().await.name, "Nord");
    assert!(!scene.mapping().await.field("Name").unwrap().direction.is_any());
}

async fn carry_over(language: Language, scripts: bool) {
    let mut scene = configured().await;
    map_name(&scene, Direction::BOTH).await;
    let file = scene.admin.get(&scene.path("/configuration.json")).await.text;
    scene.connection = scene.add("Test").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("connection.json");
    std::fs::write(&path, &file).unwrap();
    let w = Window::signed_in(&scene.portal, "anna", language, scripts).await;
    let t = w.t;
    w.goto(&format!("{}{}", scene.portal.address, scene.path("/imports"))).await;
    give(&w, &path).await;
    w.sees(t.versions_plan()).await;
    w.sees(t.versions_both_ways()).await;
    w.press(t.configuration_import_now()).await;
    w.sees(&t.configuration_imported("Nord")).await;
    assert_eq!(scene.mapping().await.field("Name").unwrap().direction, Direction::BOTH);
    scene.connection = begin_with(&scene, &w, &path).await;
    assert_eq!(scene.mapping().await.field("Name").unwrap().direction, Direction::BOTH);
}

/// Chooses the file, or pastes it where nothing is offered that would need a script; and goes on.
async fn give(w: &Window, path: &Path) {
    let t = w.t;
    if w.scripts {
        w.choose_file(t.configuration_file(), path).await;
        w.has_value(t.configuration_text(), "gleichlauf-configuration").await;
    } else {
        w.sees_not(t.configuration_file()).await;
        w.paste(t.configuration_text(), &std::fs::read_to_string(path).unwrap()).await;
    }
    w.press(t.configuration_show_plan()).await;
}

/// A new connection from the file; all but the secret is filled in.
async fn begin_with(scene: &Configured, w: &Window, path: &Path) -> ConnectionId {
    let t = w.t;
    w.goto(&format!("{}/sync", scene.portal.address)).await;
    w.follow(t.sync_add_connection()).await;
    w.follow(t.configuration_import_new()).await;
    give(w, path).await;
    w.sees(t.configuration_content()).await;
    w.press(t.configuration_to_form()).await;
    w.sees(t.configuration_from_file()).await;
    w.fill(t.name(), "Zweigstelle").await;
    w.fill_named("c-Password", SECRET).await;
    w.press(t.sync_test()).await;
    w.sees(t.connections_test_passed()).await;
    w.press(t.ok()).await;
    w.sees(&t.connections_added("Zweigstelle")).await;
    let all = connections::list(scene.store()).await.unwrap();
    all.iter().find(|connection| connection.name == "Zweigstelle").unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_file_is_imported_in_a_window() {
    carry_over(Language::En, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_file_is_imported_without_scripts() {
    carry_over(Language::De, false).await;
}
