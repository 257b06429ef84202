//! Create in ERP, through HTTP.

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;

use crate::support::linking::{Scene, scene};

const SENT: [(&str, &str); 2] = [("type", "Customer"), ("answer:Rating", "4")];

fn customers(scene: &Scene) -> usize {
    scene.erp.dump(ActorType::Customer).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_filled_in_and_the_actor_is_made_and_linked() {
    let mut scene = scene().await;
    let page = scene.user.get(&scene.path("actors/new?type=Customer")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.all("h1"), ["Create in ERP: Ærø & Söhne <1> in Köln"]);
    assert!(page.has("input[name='answer:Rating'][required]"));
    let done = scene.post("actors", &SENT).await;
    assert_eq!((done.status, done.location), (303, scene.tab()));
    let key = scene.linked().await.unwrap().actor.key;
    assert_eq!(customers(&scene), 4);
    assert_eq!(scene.erp_value(&key, "Name"), "Ærø & Söhne <1>");
    assert_eq!(scene.erp_value(&key, "Rating"), "[I:4]");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_are_said_at_their_place_and_nothing_is_made() {
    let mut scene = scene().await;
    for value in ["", "much", "99999999999999999999", "<script>"] {
        let page = scene.post("actors", &[SENT[0], ("answer:Rating", value)]).await;
        assert_eq!(page.status, 422, "{value}");
        assert!(page.has("input[name='answer:Rating'][aria-invalid=true]"), "{value}");
        assert_eq!(page.value_of("answer:Rating"), value);
        let back = page.value_of("back");
        assert_eq!(back, scene.path("actors/new?type=Customer"), "for another language");
    }
    assert_eq!(scene.post("actors", &SENT[..1]).await.status, 422, "the answer is missing");
    assert_eq!(scene.post("actors", &SENT[1..]).await.status, 404, "so is the type");
    assert_eq!(customers(&scene), 3);
    assert!(scene.linked().await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_twice_makes_one_actor() {
    let mut scene = scene().await;
    let page = scene.user.get(&scene.path("actors/new?type=Customer")).await;
    let once = page.value_of("once");
    let pairs = [SENT[0], SENT[1], ("once", once.as_str())];
    let first = scene.user.post(&scene.path("actors"), &pairs).await;
    let second = scene.user.post(&scene.path("actors"), &pairs).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(customers(&scene), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_erp_refuses_in_its_own_words_and_what_was_typed_stays() {
    let mut scene = scene().await;
    scene.erp.fail("CreateActor", Failure::refused("US:\"Name is taken\"", ""));
    let page = scene.post("actors", &SENT).await;
    assert_eq!(page.status, 422);
    assert!(page.all(".problems li").join("").contains("Name is taken"), "{}", page.text);
    assert_eq!(page.value_of("answer:Rating"), "4");
    assert_eq!(scene.post("actors", &SENT).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erp_that_is_away_makes_nothing_and_loses_nothing() {
    let mut scene = scene().await;
    scene.erp.fail("SearchActors", Failure::Unreachable { detail: "told".into() });
    let page = scene.post("actors", &SENT).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.value_of("answer:Rating"), "4");
    assert_eq!(customers(&scene), 3);
}

/// The ERP breaks off before it has made anything; that it has not is found out only by looking.
async fn unclear(scene: &mut Scene) {
    scene.erp.fail("CreateActor", Failure::BrokenOff { detail: "told".into() });
    let page = scene.post("actors", &SENT).await;
    assert_eq!((page.status, page.location), (303, scene.tab()));
    let page = scene.user.get(&scene.tab()).await;
    assert!(page.text.contains("did not say clearly"), "{}", page.text);
    assert!(!page.has(".notice.good"), "this is no success");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_create_is_never_sent_again_by_itself_and_can_be_forgotten() {
    let mut scene = scene().await;
    unclear(&mut scene).await;
    let page = scene.post("actors", &SENT).await;
    assert_eq!(page.status, 422, "it is to be decided first");
    let page = scene.post("lookups", &[]).await;
    assert_eq!((page.status, page.location), (303, scene.tab()));
    let page = scene.user.get(&scene.tab()).await;
    assert_eq!(page.all(".notice.warn").len(), 1, "still unclear");
    assert_eq!(customers(&scene), 3);
    let question = scene.user.get(&scene.path("drops")).await;
    assert_eq!(question.status, 200);
    assert!(question.all(".confirm").join("").contains("is not known"), "{}", question.text);
    let forgotten = scene.user.submit(&scene.path("drops"), &[]).await;
    assert!(forgotten.all(".notice").join("").contains("it is still there"), "{}", forgotten.text);
    assert_eq!(scene.post("drops", &[]).await.status, 404);
    assert_eq!(scene.user.get(&scene.path("drops")).await.status, 404);
    assert_eq!(scene.post("lookups", &[]).await.status, 404);
    assert_eq!(scene.post("actors", &SENT).await.status, 303);
    assert_eq!(customers(&scene), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_create_can_be_connected_by_hand() {
    let mut scene = scene().await;
    unclear(&mut scene).await;
    let chosen = [SENT[0], SENT[1], ("key", "C1"), ("side:Phone", "erp")];
    assert_eq!(scene.post("links", &chosen).await.status, 303);
    assert_eq!(scene.linked().await.unwrap().actor.key, "C1");
    assert_eq!(scene.post("drops", &[]).await.status, 404, "nothing is unclear any more");
}
