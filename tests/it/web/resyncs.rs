//! Resync from CRM, as a person sees it: count, look, confirm, stop, report.

use gleichlauf::connector::types::ActorType;
use gleichlauf::runs::resync::ResyncState;
use gleichlauf::store::resyncs;
use gleichlauf::users::Role;

use crate::support::linking::{Scene, scene};
use crate::support::people;
use crate::support::portal::{Browser, Page};

/// A linked company whose phone number the ERP has otherwise, and an admin.
async fn spoilt() -> (Scene, Browser) {
    let scene = scene().await;
    scene.link().await;
    scene.erp.set(ActorType::Customer, "C1", "Phone", "damaged");
    let anna = people::signed_in(&scene.portal, "anna", Role::Admin).await;
    (scene, anna)
}

fn list(scene: &Scene) -> String {
    format!("/connections/{}/resyncs", scene.connection)
}

async fn work(scene: &Scene) {
    while scene.portal.app.portal.engine.run_one_due().await.unwrap() {}
}

/// Has it counted and gives the address of the resync.
async fn counted(scene: &Scene, anna: &mut Browser, fields: &[(&str, &str)]) -> String {
    let page = ask(scene, anna, fields).await;
    assert_eq!(page.status, 303, "{}", page.text);
    work(scene).await;
    page.location
}

async fn ask(scene: &Scene, anna: &mut Browser, fields: &[(&str, &str)]) -> Page {
    anna.get(&format!("{}/new", list(scene))).await;
    anna.post(&list(scene), fields).await
}

const ALL: [(&str, &str); 2] = [("choice", "all"), ("do", "count")];

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_seen_before_anything_is_written_and_lead_to_the_records() {
    let (scene, mut anna) = spoilt().await;
    let empty = anna.get(&list(&scene)).await;
    assert!(empty.text.contains("No resync yet"));
    let place = counted(&scene, &mut anna, &ALL).await;
    let page = anna.get(&place).await;
    assert!(page.text.contains("Write one field of one record to Köln?"), "{}", page.text);
    assert!(page.has(&format!("form[action='{place}']")));
    assert_eq!(scene.erp_value("C1", "Phone"), "damaged");
    let record = format!("a[href^='/companies/{}']", scene.company);
    for (state, is_there) in [("open", true), ("nothing", false), ("unread", false)] {
        let shown = anna.get(&format!("{place}?state={state}")).await;
        assert_eq!(shown.has(&record), is_there, "{state}");
        assert!(page.has(&format!("a[href='{place}?state={state}#records']")), "{state}");
    }
    assert!(page.text.contains("Ærø &#38; Söhne &#60;1&#62;") && !page.text.contains("<1>"));
    let answer = anna.post(&place, &[]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, place.as_str()));
    let page = anna.get(&place).await;
    assert!(page.has("progress") && page.has(&format!("form[action='{place}/stop']")));
    work(&scene).await;
    assert_eq!(scene.erp_value("C1", "Phone"), "+49 30 999");
    let page = anna.get(&place).await;
    assert!(page.has("span.badge.good") && !page.has("progress"));
    let shown = anna.get(&format!("{place}?state=written")).await;
    assert!(shown.has(&record) && shown.text.contains("Phone"));
    assert!(anna.get(&list(&scene)).await.text.contains("one field in one record written"));
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_searched_for_and_ticks_are_never_lost() {
    let (scene, mut anna) = spoilt().await;
    let company = scene.company.to_string();
    let find = [("choice", "chosen"), ("search", "aero sohne"), ("blanks", "1"), ("do", "find")];
    let page = ask(&scene, &mut anna, &find).await;
    assert_eq!(page.status, 200);
    let tick = format!("input[name='record'][value='{company}']");
    assert!(page.has(&tick) && !page.has(&format!("{tick}[checked]")));
    assert!(page.has("input[name='blanks'][checked]"));
    assert!(page.has("input[name='choice'][value='chosen'][checked]"));
    let again = [("choice", "chosen"), ("record", &*company), ("search", "zzz"), ("do", "find")];
    let page = ask(&scene, &mut anna, &again).await;
    assert!(page.has(&format!("{tick}[checked]")), "what is ticked stays, whatever is searched");
    let chosen = [("choice", "chosen"), ("record", &*company), ("do", "count")];
    let place = counted(&scene, &mut anna, &chosen).await;
    assert!(anna.get(&place).await.text.contains("chosen records"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_said_at_its_place() {
    let (scene, mut anna) = spoilt().await;
    for (fields, problem) in [
        (vec![("choice", "chosen")], "No record is ticked"),
        (vec![("choice", "type"), ("type", "Sale")], "#type-problem"),
        (vec![("choice", "chosen"), ("record", "1")], "None of these records"),
        (vec![], "#choice-problem"),
    ] {
        let page = ask(&scene, &mut anna, &fields).await;
        assert_eq!(page.status, 422, "{fields:?}");
        let is_said = match problem.strip_prefix('#') {
            Some(id) => page.has(&format!("[id='{id}']")),
            None => page.text.contains(problem),
        };
        assert!(is_said, "{fields:?}: {}", page.text);
    }
    let store = scene.store();
    assert!(resyncs::list(store, scene.connection, 9).await.unwrap().is_empty());
    ask(&scene, &mut anna, &ALL).await;
    let second = ask(&scene, &mut anna, &ALL).await;
    assert_eq!(second.status, 422);
    assert!(second.text.contains("Another resync of this connection is at work"));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_stopped_and_says_so() {
    let (scene, mut anna) = spoilt().await;
    let page = ask(&scene, &mut anna, &ALL).await;
    let place = page.location;
    anna.get(&place).await;
    let answer = anna.post(&format!("{place}/stop"), &[]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, place.as_str()));
    let page = anna.get(&place).await;
    assert!(page.text.contains("The resync was stopped before its end"), "{}", page.text);
    let found = resyncs::list(scene.store(), scene.connection, 1).await.unwrap().remove(0);
    assert_eq!(found.state, ResyncState::Failed);
    let mut eva = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    let page = eva.get(&place).await;
    assert_eq!(page.status, 200);
    assert!(!page.has("main form"), "she looks, and changes nothing");
    let other = format!("/connections/{}/resyncs/1", scene.connection);
    assert_eq!(anna.get(&other).await.status, 404);
    anna.get("/sync").await;
    assert_eq!(anna.post(&format!("{other}/stop"), &[]).await.status, 404);
    assert_eq!(anna.post(&other, &[]).await.status, 404);
}
