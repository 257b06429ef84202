//! The engine's switch, its interval, and a run of everything, through HTTP.

use gleichlauf::clock::MINUTE;
use gleichlauf::store::engine;
use gleichlauf::users::Role;

use crate::support::linking::{Scene, scene};
use crate::support::people;
use crate::support::portal::Browser;

async fn begin() -> (Scene, Browser) {
    let scene = scene().await;
    let mut admin = people::signed_in(&scene.portal, "anna", Role::Admin).await;
    admin.get("/sync").await;
    (scene, admin)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_is_switched_on_and_off_in_the_tab() {
    let (scene, mut admin) = begin().await;
    for (on, is_on) in [("true", true), ("true", true), ("false", false)] {
        let done = admin.post("/sync/engine", &[("on", on)]).await;
        assert_eq!((done.status, done.location.as_str()), (303, "/sync"));
        assert_eq!(engine::settings(scene.store()).await.unwrap().is_on, is_on);
        let page = admin.get("/sync").await;
        let pressed = format!("button[name=on][value={is_on}][aria-pressed=true]");
        assert!(page.has(&pressed), "{}", page.text);
    }
    for pairs in [&[("on", "perhaps")][..], &[], &[("on", "true"), ("every", "5")]] {
        assert_eq!(admin.post("/sync/engine", pairs).await.status, 422, "{pairs:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interval_is_saved_or_refused_at_its_place() {
    let (scene, mut admin) = begin().await;
    let version = admin.get("/sync/engine").await.value_of("version");
    let sent = [("every", " 2 "), ("unit", "hours"), ("version", version.as_str())];
    let done = admin.post("/sync/engine", &sent).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/sync/engine"));
    let interval = async || engine::settings(scene.store()).await.unwrap().interval;
    assert_eq!(interval().await, 120 * MINUTE);
    let long = "9".repeat(400);
    for (every, unit) in [
        ("", "hours"),
        ("0", "minutes"),
        ("8", "days"),
        ("1.5", "hours"),
        ("<b>", "hours"),
        (long.as_str(), "days"),
        ("5", "years"),
        ("5", ""),
    ] {
        let page = admin.post("/sync/engine", &[("every", every), ("unit", unit)]).await;
        assert_eq!(page.status, 422, "{every} {unit}");
        assert!(page.has("input[name=every][aria-invalid=true]"), "{every} {unit}");
        assert_eq!(page.value_of("every"), every);
    }
    assert_eq!(interval().await, 120 * MINUTE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_everything_is_asked_for_or_forced_whichever_applies() {
    let (scene, mut admin) = begin().await;
    let runs = "SELECT COUNT(*) FROM job WHERE state = 'waiting' AND trigger_kind = 'person'";
    // Off: it has to be forced, which the page says and why.
    let page = admin.get("/sync").await;
    let button = "form[action='/sync/runs'] button";
    assert_eq!(page.all(button), ["Force sync of all"]);
    assert!(page.text.contains("Automatic synchronisation is off"));
    let refused = admin.post("/sync/runs", &[]).await;
    assert_eq!((refused.status, refused.location.as_str()), (303, "/sync"));
    assert!(admin.get("/sync").await.all(".notice.warn")[0].contains("has been switched off"));
    assert_eq!(scene.portal.database.ask(runs), ["0"]);
    let done = admin.post("/sync/runs", &[("force", "true")]).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/sync"));
    let page = admin.get("/sync").await;
    assert!(page.all(".notice.good")[0].contains("as soon as possible"));
    assert!(scene.portal.app.portal.engine.run_one_due().await.unwrap());
    assert_eq!(admin.post("/sync/runs", &[("force", "perhaps")]).await.status, 400);
    // On: there is nothing to force.
    admin.post("/sync/engine", &[("on", "true")]).await;
    assert_eq!(admin.get("/sync").await.all(button), ["Sync all now"]);
    assert_eq!(admin.post("/sync/runs", &[("force", "true")]).await.status, 303);
    assert!(admin.get("/sync").await.all(".notice.warn")[0].contains("nothing need be forced"));
    assert_eq!(scene.portal.database.ask(runs), ["0"]);
    assert_eq!(admin.post("/sync/runs", &[]).await.status, 303);
    assert_eq!(scene.portal.database.ask(runs), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_look_or_are_refused() {
    let (scene, _) = begin().await;
    let mut eva = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    let page = eva.get("/sync/engine").await;
    assert_eq!(page.status, 200);
    assert!(!page.has("main form[method=post]"), "the auditor changes nothing");
    assert_eq!(eva.post("/sync/engine", &[("on", "true")]).await.status, 403);
    let mut scene = scene;
    assert_eq!(scene.user.get("/sync/engine").await.status, 403);
    assert_eq!(scene.post("syncs", &[]).await.status, 404);
    assert!(!engine::settings(scene.store()).await.unwrap().is_on);
}
