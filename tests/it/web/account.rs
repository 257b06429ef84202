//! What people set for themselves: preferences, password, sessions.

use gleichlauf::users::Role;

use crate::support::people::{self, PASSWORD};
use crate::support::portal::{Browser, spawn};

#[tokio::test(flavor = "multi_thread")]
async fn language_and_theme_are_chosen_in_the_menu_of_any_page() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.get("/persons").await;
    let page =
        anna.submit("/preferences", &[("language", "de"), ("back", "/persons?search=x")]).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("de"));
    let page = anna.submit("/preferences", &[("theme", "dark"), ("back", "/persons")]).await;
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("de"));
    for (name, value) in [("language", "xx"), ("theme", "pink"), ("theme", "")] {
        assert_eq!(anna.post("/preferences", &[(name, value)]).await.status, 400, "{value}");
    }
    for back in ["https://evil.example", "//evil.example", "/\\evil.example", "/sign-out", ""] {
        let page = anna.post("/preferences", &[("theme", "light"), ("back", back)]).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/"), "{back}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_and_hold_from_the_next_page() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::Auditor).await;
    let form = anna.get("/account").await;
    assert_eq!(form.value_of("zone"), "Europe/Berlin");
    let sent = [
        ("language", "de"),
        ("zone", "America/Argentina/Ushuaia"),
        ("theme", "light"),
        ("role", "admin"),
        ("has_seat", "1"),
    ];
    let page = anna.submit("/account", &sent).await;
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("de"));
    assert!(page.text.contains("Ihre Einstellungen wurden gespeichert."));
    assert_eq!(page.value_of("zone"), "America/Argentina/Ushuaia");
    assert!(page.text.contains("22.11.2026, 09:00:00"), "noon UTC at the end of the world");
    assert!(page.text.contains("Prüfer"), "nobody makes themselves an admin");
    let row = "SELECT COUNT(*) FROM history WHERE action = 'user-changed'";
    assert_eq!(portal.database.ask(row), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_settings_come_back_at_their_place() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.get("/account").await;
    let sent = [("language", "xx"), ("zone", "Middle/Earth"), ("theme", "")];
    let page = anna.post("/account", &sent).await;
    assert_eq!(page.status, 422);
    for field in ["language", "zone", "theme"] {
        assert!(page.has(&format!("#{field}-problem")), "{field}");
    }
    assert_eq!(anna.get("/account").await.value_of("zone"), "Europe/Berlin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let mut elsewhere = Browser::new(&portal);
    people::sign_in(&mut elsewhere, "anna").await;
    anna.get("/account/password").await;
    let new = "another horse 9 staple";
    let wrong = [("old", "not the one"), ("password", new), ("again", new)];
    let page = anna.post("/account/password", &wrong).await;
    assert_eq!(page.status, 422);
    assert!(page.has("#old-problem") && !page.text.contains(new));
    let page = anna.post("/account/password", &[("old", PASSWORD), ("password", "short")]).await;
    assert_eq!(page.status, 422);
    assert!(page.has("#password-problem"));

    let stolen = anna.cookies().clone();
    let right = [("old", PASSWORD), ("password", new), ("again", new)];
    let page = anna.submit("/account/password", &right).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Your password was changed"));
    assert_eq!(elsewhere.get("/companies").await.status, 303);
    elsewhere.set_cookies(stolen);
    assert_eq!(elsewhere.get("/companies").await.status, 303, "the old key opens nothing");
    let mut again = Browser::new(&portal);
    people::sign_in_as(&mut again, "anna", new).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trying_old_passwords_is_slowed_down() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.get("/account/password").await;
    let new = "another horse 9 staple";
    let mut last = 0;
    for _ in 0..15 {
        let sent = [("old", "not the one"), ("password", new), ("again", new)];
        last = anna.post("/account/password", &sent).await.status;
    }
    assert_eq!(last, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_end_their_own_sessions_and_nobody_elses() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let mut elsewhere = Browser::new(&portal);
    people::sign_in(&mut elsewhere, "anna").await;
    let mut bert = people::signed_in(&portal, "bert", Role::Admin).await;
    let page = anna.get("/account").await;
    assert_eq!(page.all("tbody tr").len(), 2);
    let address = page.attribute("td form", "action").unwrap();
    bert.get("/account").await;
    assert_eq!(bert.post(&address, &[]).await.status, 404);
    assert_eq!(elsewhere.get("/companies").await.status, 200);
    let page = anna.submit(&address, &[]).await;
    assert_eq!(page.all("tbody tr").len(), 1);
    assert_eq!(elsewhere.get("/companies").await.status, 303);
    assert_eq!(anna.post(&address, &[]).await.status, 404, "it ended already");
}
