//! The licence page.

use gleichlauf::users::Role;

use crate::support::portal::{Browser, spawn};
use crate::support::{licences, people};

async fn paste(browser: &mut Browser, file: &str) -> crate::support::portal::Page {
    browser.get("/licence").await;
    browser.post("/licence", &[("file", file)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_file_opens_the_portal_and_says_how_long() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    assert!(ada.get("/licence").await.text.contains("No licence is installed"));
    // A browser sends lines as CR LF.
    let file = licences::file(&licences::licence(3, "2026-11-29")).replace('\n', "\r\n");
    let page = paste(&mut ada, &file).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/licence"), "{}", page.text);
    let page = ada.get("/licence").await;
    for text in ["Nordwind GmbH", "0 of 3 taken", "29 Nov 2026", "7 more days"] {
        assert!(page.text.contains(text), "{text}");
    }
    let row = "SELECT COUNT(*) FROM history WHERE action = 'licence-installed'";
    assert_eq!(portal.database.ask(row), ["1"]);
    portal.clock.advance(8 * 24 * 3_600_000);
    people::sign_in(&mut ada, "ada").await;
    assert!(ada.get("/licence").await.text.contains("The licence ended on 29 Nov 2026"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_licence_here_is_refused_with_its_reason() {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let good = licences::licence(1, "2027-12-31");
    let demo = gleichlauf::licence::Licence { is_demo: true, ..good.clone() };
    let early =
        gleichlauf::licence::Licence { issued: "2027-06-01".parse().unwrap(), ..good.clone() };
    for (file, reason) in [
        (String::new(), "fill this in"),
        ("<b>hello".to_owned(), "not the whole text"),
        ("x".repeat(5_000), "not the whole text"),
        (licences::file(&good).replace("Seats: 1", "Seats: 9"), "signature does not fit"),
        (licences::file(&demo), "demo licence"),
        (licences::file(&early), "valid only from"),
        (licences::file(&licences::licence(1, "2026-11-21")), "ended on"),
    ] {
        let page = paste(&mut ada, &file).await;
        assert_eq!(page.status, 422, "{reason}");
        let said = page.all("#file-problem").concat();
        assert!(said.contains(reason), "{said}");
        assert_eq!(
            page.value_of("file").trim(),
            file.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
    licences::install(store, "2027-12-31").await;
    for login in ["u1", "u2"] {
        let id = people::add_person(&portal, login, Role::User).await;
        licences::give_seat(store, id).await;
    }
    let page = paste(&mut ada, &licences::file(&good)).await;
    assert_eq!(page.status, 422);
    let said = page.all("#file-problem").concat();
    assert!(
        said.contains("has one seat, and 2 are taken") && said.contains("nobody loses"),
        "{said}"
    );
    let page = ada.get("/licence").await;
    assert!(page.text.contains("2 of 10 taken") && !page.has("main .notice.warn"));
    // However it came about: whoever has a seat keeps it, and the page says so.
    let small = licences::file(&licences::licence(1, "2027-12-31"));
    assert!(portal.database.sql(&format!("UPDATE licence SET file = '{small}'")));
    let page = ada.get("/licence").await;
    assert!(page.text.contains("2 of 1 taken"), "{}", page.text);
    assert!(page.all("main .notice.warn").concat().contains("Whoever has a seat keeps it"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_the_licence_and_changes_nothing() {
    let portal = spawn(&[]).await;
    licences::install(&portal.app.portal.store, "2027-12-31").await;
    let bert = people::add_person(&portal, "bert", Role::User).await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let page = eva.get("/licence").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Nordwind GmbH") && !page.has("textarea") && !page.has("td form"));
    assert_eq!(eva.post("/licence", &[("file", "x")]).await.status, 403);
    assert_eq!(eva.post(&format!("/users/{bert}/seat"), &[]).await.status, 403);
    let mut bert = Browser::new(&portal);
    people::sign_in(&mut bert, "bert").await;
    assert_eq!(bert.get("/licence").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_closed_for_want_of_a_licence_leads_to_the_licence_page() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let page = ada.get("/connections/1/defaults/new").await;
    assert_eq!(page.status, 403);
    assert!(page.has("main a[href='/licence']"));
}
