//! Search ERP, through HTTP.

use gleichlauf::connector::failure::Failure;

use crate::support::linking::scene;

#[tokio::test(flavor = "multi_thread")]
async fn the_search_has_run_with_the_name_and_repeats_with_other_words() {
    let mut scene = scene().await;
    let page = scene.user.get(&scene.path("search?type=Customer")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.all("tbody td.mono"), ["C1"]);
    assert_eq!(page.value_of("text"), "Ærø & Söhne <1>");
    let page = scene.user.get(&scene.path("search?type=Customer&text=")).await;
    assert_eq!(page.all("tbody td.mono").len(), 3, "an empty text lists all");
    let page = scene.user.get(&scene.path("search?type=Customer&text=%3Cscript%3E")).await;
    assert!(page.has(".empty") && !page.text.contains("<script>alert"));
    assert_eq!(page.value_of("text"), "<script>");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_linked_already_is_shown_with_whom_and_cannot_be_chosen() {
    let mut scene = scene().await;
    scene.link().await;
    let page = scene.user.get(&scene.path("search?type=Customer")).await;
    assert_eq!((page.status, page.location), (303, scene.tab()), "it is linked");
    let person = format!("/persons/{}/erp/{}/search?type=Person", scene.person, scene.connection);
    let page = scene.user.get(&format!("{person}&text=")).await;
    assert_eq!(page.all("tbody td.mono"), ["P1"], "only persons of the linked customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_waits_for_the_company() {
    let mut scene = scene().await;
    let path = format!("/persons/{}/erp/{}/search?type=Person", scene.person, scene.connection);
    let page = scene.user.get(&path).await;
    assert!(page.all(".notice.warn").join("").contains("only after the company"), "{}", page.text);
    assert!(!page.has("input[type=radio]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_narrow_the_search_and_wrong_ones_are_said_at_their_place() {
    let mut scene = scene().await;
    let start = scene.path("search?type=Customer&advanced=1&");
    let advanced = |rest: &str| format!("{start}{rest}");
    let found = advanced("field0=Rating&operator0=between&value0=2&value-to0=3");
    let page = scene.user.get(&found).await;
    assert_eq!(page.all("tbody td.mono"), ["C2", "C3"]);
    for (rest, name) in [
        ("field0=Rating&operator0=%3D&value0=many", "value0"),
        ("field1=Since&operator1=after&value1=2026-02-31", "value1"),
        ("field0=Rating&operator0=between&value0=1", "value-to0"),
    ] {
        let page = scene.user.get(&advanced(rest)).await;
        assert_eq!(page.status, 422, "{rest}");
        assert!(page.has(&format!("input[name='{name}'][aria-invalid=true]")), "{rest}");
        assert!(!page.has("input[type=radio]"), "nothing was searched");
    }
    let page = scene.user.get(&advanced("field0=Nonsense&operator0=drop&value0=1")).await;
    assert_eq!(page.all("tbody td.mono").len(), 3, "an unknown field is no condition");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_over_long_text_is_not_sent_to_the_erp() {
    let mut scene = scene().await;
    scene.erp.calls();
    let long = "x".repeat(2_000);
    let page = scene.user.get(&scene.path(&format!("search?type=Customer&text={long}"))).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.value_of("text"), long, "nothing is lost");
    assert!(scene.erp.calls().iter().all(|(call, _)| *call != "SearchActors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erp_that_is_away_is_said_and_creating_is_not_offered() {
    let mut scene = scene().await;
    for failure in [
        Failure::Unreachable { detail: "told".into() },
        Failure::TimedOut { limit: std::time::Duration::from_secs(10) },
        Failure::refused("US:\"<b>No</b>\"", "stack"),
    ] {
        scene.erp.fail("SearchActors", failure);
        let page = scene.user.get(&scene.path("search?type=Customer")).await;
        assert_eq!(page.status, 200);
        assert!(page.has(".notice.warn p") && !page.text.contains("<b>No"));
        let create = format!("form[action='{}']", scene.path("actors/new"));
        assert!(!page.has(&create), "without a search nothing is created");
        assert_eq!(page.value_of("text"), "Ærø & Söhne <1>");
    }
}
