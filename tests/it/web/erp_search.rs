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
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_of_another_type_is_not_exchanged_unseen() {
    let mut scene = scene().await;
    let start = scene.path("search?type=Customer&advanced=1&");
    for (rest, name) in [
        ("field0=Rating&operator0=contains&value0=2", "operator0"),
        ("field0=Blocked&operator0=%3E&value0=1", "operator0"),
        ("field1=Country&operator1=%3D&value1=DE", "operator1"),
        ("field0=Nonsense&operator0=contains&value0=1", "field0"),
        ("operator2=contains&value2=1", "field2"),
        ("field0=Country&operator0=oneof&value0=XX", "value0"),
        ("field0=Blocked&operator0=%3D&value0=maybe", "value0"),
        ("field0=Rating&operator0=between&value-to0=3", "value0"),
    ] {
        scene.erp.calls();
        let page = scene.user.get(&format!("{start}{rest}")).await;
        assert_eq!(page.status, 422, "{rest}");
        assert!(page.has(&format!("[name='{name}'][aria-invalid=true]")), "{rest}");
        let row = &name[name.len() - 1..];
        assert!(page.has(&format!("#criterion{row}-problem")), "{rest}: said at its row");
        let asked = scene.erp.calls();
        assert!(asked.iter().all(|(call, _)| !call.starts_with("SearchActors")), "{asked:?}");
    }
    // The row has taken the shape of its field by then.
    let page = scene.user.get(&format!("{start}field0=Rating&operator0=contains&value0=2")).await;
    assert!(
        !page.has("#operator0 option[value=contains]") && page.has("#operator0 option[value='>=']")
    );
    assert_eq!(page.value_of("value0"), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_entered_as_their_field_wants_them() {
    let mut scene = scene().await;
    let path = scene.path("search?type=Customer&advanced=1&");
    scene.erp.calls();
    let shapes =
        "adapt=1&field0=Country&operator0=contains&field1=Since&field2=Blocked&field3=Limit";
    let page = scene.user.get(&format!("{path}{shapes}")).await;
    assert_eq!(page.status, 200);
    assert!(!scene.erp.calls().iter().any(|(call, _)| call.starts_with("SearchActors")));
    assert_eq!(page.all("#value0[multiple] option"), ["Germany", "Austria", "Norway"]);
    assert_eq!(page.attributes("#operator0 option", "value"), ["oneof", "notoneof"]);
    assert!(page.has("#value1[type=date]") && page.has("#value-to1[type=date]"));
    assert_eq!(page.all("#value2 option"), ["(No selection)", "Yes", "No"]);
    assert!(page.has("#value3[inputmode=decimal]"));
    assert!(page.has("button[name=adapt]"), "without scripts a button does it");
    let both = "field0=Country&operator0=oneof&value0=AT&value0=NO";
    let page = scene.user.get(&format!("{path}{both}")).await;
    assert_eq!(page.all("tbody td.mono"), ["C1", "C2"]);
    let not = "field0=Country&operator0=notoneof&value0=AT";
    let page = scene.user.get(&format!("{path}{not}")).await;
    assert_eq!(page.all("tbody td.mono"), ["C2", "C3"]);
    for (rest, found) in [
        ("field0=Blocked&operator0=%3D&value0=0", 3),
        ("field0=Blocked&operator0=%3D&value0=1", 0),
        ("field0=Blocked&operator0=%3D&value0=", 3),
        ("field0=Since&operator0=before&value0=2020-01-03", 1),
        // The ends of "between" may come in any order.
        ("field0=Rating&operator0=between&value0=3&value-to0=2", 2),
    ] {
        let page = scene.user.get(&format!("{path}{rest}")).await;
        assert_eq!((page.status, page.all("tbody td.mono").len()), (200, found), "{rest}");
    }
    let page = scene.user.get(&format!("{path}field0=Limit&operator0=%3E&value0=1,000.5")).await;
    assert_eq!(page.all("tbody td.mono").len(), 0, "a number as the reader writes it");
    let page = scene.user.get(&format!("{path}field0=Limit&operator0=%3E&value0=1.5")).await;
    assert_eq!(page.all("tbody td.mono").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_read_is_searched_by_its_keys() {
    let mut scene = scene().await;
    scene.erp.fail("GetList", Failure::Unreachable { detail: "told".into() });
    let rest = "search?type=Customer&advanced=1&field0=Country&operator0=oneof&value0=AT";
    let page = scene.user.get(&scene.path(rest)).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.attribute("#value0", "type").as_deref(), Some("text"));
    assert_eq!(page.all("tbody td.mono"), ["C1"]);
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
