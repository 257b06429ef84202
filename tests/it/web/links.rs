//! Connecting and disconnecting, through HTTP.

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;

use crate::support::linking::{Scene, scene};
use crate::support::portal::Page;

const CHOICE: [(&str, &str); 4] =
    [("type", "Customer"), ("key", "C1"), ("side:Phone", "crm"), ("answer:Rating", "5")];

/// The choice with one value changed; a blank name leaves it as it is.
fn choice<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let kept = CHOICE.into_iter().filter(|(key, _)| *key != name);
    kept.chain([(name, value)].into_iter().filter(|(name, _)| !name.is_empty())).collect()
}

async fn connect(scene: &mut Scene, pairs: &[(&str, &str)]) -> Page {
    scene.post("links", pairs).await
}

#[tokio::test(flavor = "multi_thread")]
async fn differing_values_are_shown_and_settled_as_chosen() {
    let mut scene = scene().await;
    let page = scene.user.get(&scene.path("links/new?type=Customer&key=C1")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.all("h1"), ["Connect Ærø & Söhne <1> to Köln"]);
    assert_eq!(page.attributes("input[type=radio]", "name"), ["side:Phone", "side:Phone"]);
    // Whoever hears the page hears field, side and value of each button.
    let names = page.attributes("input[type=radio]", "aria-labelledby");
    let spoken = names.iter().map(|ids| {
        let texts = ids.split(' ').map(|id| page.all(&format!("#{id}")).join(""));
        texts.collect::<Vec<_>>().join(" ")
    });
    let spoken: Vec<String> = spoken.collect();
    assert_eq!(spoken, ["Telephone CRM +49 30 999", "Telephone Köln +49 30 1"]);
    assert_eq!(page.value_of("answer:Rating"), "1");
    let done = connect(&mut scene, &CHOICE).await;
    assert_eq!((done.status, done.location), (303, scene.tab()));
    assert_eq!(scene.erp_value("C1", "Phone"), "+49 30 999");
    assert_eq!(scene.erp_value("C1", "Rating"), "[I:5]");
    assert_eq!(scene.linked().await.unwrap().actor.key, "C1");
    let page = scene.user.get(&scene.tab()).await;
    assert_eq!(page.all(".notice.good"), ["The record is now connected with Köln."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_are_said_at_their_place_and_nothing_is_lost() {
    let mut scene = scene().await;
    for value in ["", "many", "9".repeat(60).as_str(), "<script>"] {
        let page = connect(&mut scene, &choice("answer:Rating", value)).await;
        assert_eq!(page.status, 422, "{value}");
        assert!(page.has("input[name='answer:Rating'][aria-invalid=true]"), "{value}");
        assert_eq!(page.value_of("answer:Rating"), value);
        assert!(page.has("input[name='side:Phone'][value=crm][checked]"), "the choice stays");
        assert!(!page.text.contains("<script>\""));
    }
    let page = connect(&mut scene, &choice("side:Phone", "both")).await;
    assert_eq!(page.status, 422, "no side is chosen");
    let back = page.value_of("back");
    assert_eq!(back, scene.path("links/new?type=Customer&key=C1"), "for another language");
    assert_eq!(page.value_of("answer:Rating"), "5");
    let missing: Vec<_> = CHOICE.into_iter().filter(|(name, _)| *name != "answer:Rating").collect();
    assert_eq!(connect(&mut scene, &missing).await.status, 422, "the answer is missing");
    assert!(scene.linked().await.is_none());
    assert_eq!(scene.erp_value("C1", "Phone"), "+49 30 1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_that_is_missing_gone_or_taken_cannot_be_connected() {
    let mut scene = scene().await;
    let page = scene.user.get(&scene.path("links/new?type=Customer")).await;
    assert_eq!(page.status, 422);
    for key in ["", "C999", "P1", "<b>"] {
        let page = connect(&mut scene, &choice("key", key)).await;
        assert_eq!(page.status, 422, "{key}");
        assert!(page.has(".problems li") && !page.text.contains("<b>\""), "{key}");
    }
    assert_eq!(connect(&mut scene, &choice("type", "Nobody")).await.status, 404);
    scene.link().await;
    let page = connect(&mut scene, &CHOICE).await;
    assert_eq!(page.status, 422, "it is linked");
    assert!(page.all(".problems li").join("").contains("already connected"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_can_be_sent_again_when_the_erp_is_back() {
    let mut scene = scene().await;
    scene.erp.fail("GetActors", Failure::Unreachable { detail: "told".into() });
    let page = connect(&mut scene, &CHOICE).await;
    assert_eq!(page.status, 422);
    assert!(page.all(".problems li").join("").starts_with("Nothing was connected:"));
    let again = page.inputs("main form.form");
    let again: Vec<(&str, &str)> = again.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert!(CHOICE.iter().all(|pair| again.contains(pair)), "{again:?}");
    assert_eq!(scene.user.post_raw(&scene.path("links"), &again).await.status, 303);
    assert_eq!(scene.erp_value("C1", "Rating"), "[I:5]");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_erp_refuses_and_nothing_is_linked() {
    let mut scene = scene().await;
    scene.erp.fail("SaveActors", Failure::refused("US:\"Locked by accounting\"", ""));
    let page = connect(&mut scene, &CHOICE).await;
    assert_eq!(page.status, 422);
    assert!(page.all(".problems li").join("").contains("Locked by accounting"), "{}", page.text);
    assert!(scene.linked().await.is_none());
    assert_eq!(scene.record().await.values.text("phone"), "+49 30 999");
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_twice_links_once() {
    let mut scene = scene().await;
    let page = scene.user.get(&scene.path("links/new?type=Customer&key=C1")).await;
    let once = page.value_of("once");
    let pairs = choice("once", &once);
    let first = scene.user.post(&scene.path("links"), &pairs).await;
    let second = scene.user.post(&scene.path("links"), &pairs).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location, second.location);
    let saved = scene.erp.calls().iter().filter(|(call, _)| *call == "SaveActors").count();
    assert_eq!(saved, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnecting_asks_first_and_leaves_both_sides_alone() {
    let mut scene = scene().await;
    scene.link().await;
    let before = scene.erp.dump(ActorType::Customer);
    let page = scene.user.get(&scene.path("disconnect")).await;
    assert_eq!(page.all("h1"), ["Disconnect Ærø & Söhne <1> from Köln?"]);
    scene.erp.calls();
    let done = scene.post("disconnect", &[]).await;
    assert_eq!((done.status, done.location), (303, scene.tab()));
    assert!(scene.linked().await.is_none());
    let writes = scene.erp.calls().into_iter().filter(|(call, _)| !call.starts_with("Get"));
    assert_eq!(writes.count(), 0, "the connector is not told");
    assert_eq!(scene.erp.dump(ActorType::Customer), before);
    assert_eq!(
        scene.post("disconnect", &[]).await.status,
        404,
        "there is nothing left to take away"
    );
}
