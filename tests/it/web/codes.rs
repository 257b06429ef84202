//! Coming in by a one-time code.

use gleichlauf::history::Actor;
use gleichlauf::store::codes;
use gleichlauf::users::{Role, UserId};

use crate::support::people::{self, PASSWORD};
use crate::support::portal::{Browser, Portal, spawn};

async fn first_code(portal: &Portal) -> String {
    let code = codes::issue_first_code(&portal.app.portal.store).await.unwrap().unwrap();
    code.reveal().to_string()
}

async fn code_for(portal: &Portal, user: UserId) -> String {
    let mut tx = portal.app.portal.store.begin().await.unwrap();
    let code = codes::issue_code(&mut tx, &Actor::system(), user).await.unwrap();
    tx.commit().await.unwrap();
    code.reveal().to_string()
}

fn choosing<'a>(code: &'a str, password: &'a str) -> [(&'a str, &'a str); 3] {
    [("code", code), ("password", password), ("again", password)]
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_first_code_becomes_the_first_admin_once() {
    let portal = spawn(&[]).await;
    let code = first_code(&portal).await;
    let mut browser = Browser::new(&portal);
    let form = browser.get("/code").await;
    assert!(form.has("input[name=login]"));
    let mut sent = choosing(&code, PASSWORD).to_vec();
    sent.extend([("login", "anna@example.com"), ("name", "Anna Łoś"), ("role", "auditor")]);
    let page = browser.post("/code", &sent).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/"), "{}", page.text);
    let page = browser.get("/companies").await;
    assert!(page.text.contains("Anna Łoś") && page.text.contains("Administrator"));
    // Once only, and nobody else becomes an admin that way.
    let mut other = Browser::new(&portal);
    assert!(!other.get("/code").await.has("input[name=login]"));
    assert_eq!(other.post("/code", &sent).await.status, 422);
    people::sign_in_as(&mut other, "Anna@example.com", PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_users_code_sets_their_password_and_ends_what_was_before() {
    let portal = spawn(&[]).await;
    let id = people::add_person(&portal, "anna", Role::User).await;
    let mut old = Browser::new(&portal);
    people::sign_in(&mut old, "anna").await;
    let code = code_for(&portal, id).await;
    assert_eq!(old.get("/companies").await.status, 200, "until the code is used");
    let mut browser = Browser::new(&portal);
    browser.get("/code").await;
    let before = browser.cookies().clone();
    let typed = code.to_lowercase().replace('-', " ");
    let page = browser.submit("/code", &choosing(&typed, "a quite new one 8")).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/companies"), "{}", page.text);
    assert_ne!(browser.cookies()["__Host-gleichlauf"], before["__Host-gleichlauf"]);
    assert_eq!(browser.get("/companies").await.status, 200);
    assert_eq!(old.get("/companies").await.status, 303);
    let mut new = Browser::new(&portal);
    people::sign_in_as(&mut new, "anna", "a quite new one 8").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_entries_keep_the_code_but_no_password() {
    let portal = spawn(&[]).await;
    let code = first_code(&portal).await;
    let mut browser = Browser::new(&portal);
    browser.get("/code").await;
    let page = browser.post("/code", &[]).await;
    assert_eq!(page.status, 422);
    for field in ["code", "login", "name"] {
        assert!(page.has(&format!("#{field}-problem")), "{field}");
    }
    let long = "x".repeat(101);
    let sent = [("code", code.as_str()), ("login", "a b"), ("name", &long)];
    let page = browser.post("/code", &sent).await;
    assert!(page.has("#login-problem") && page.has("#name-problem"));
    assert_eq!((page.value_of("login").as_str(), page.value_of("name")), ("a b", long));
    for (password, again) in [
        ("short", "short"),
        ("", ""),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa"),
        ("password1", "password1"),
        ("anna.berg1", "anna.berg1"),
        (PASSWORD, "correct horse 7 batter"),
    ] {
        let sent = [
            ("code", code.as_str()),
            ("login", "anna.berg"),
            ("name", "<b>Anna</b>"),
            ("password", password),
            ("again", again),
        ];
        let page = browser.post("/code", &sent).await;
        assert_eq!(page.status, 422, "{password}");
        assert!(page.has("#password-problem") || page.has("#again-problem"), "{password}");
        assert_eq!(
            (page.value_of("code"), page.value_of("password")),
            (code.clone(), String::new())
        );
        assert_eq!(page.value_of("name"), "<b>Anna</b>");
        portal.clock.advance(60_000);
    }
    portal.clock.advance(30 * 60_000);
    browser.get("/code").await;
    let mut sent = choosing(&code, PASSWORD).to_vec();
    sent.extend([("login", "anna.berg"), ("name", "Anna")]);
    let page = browser.post("/code", &sent).await;
    assert_eq!(page.status, 422, "half an hour is over");
    assert!(page.has("#code-problem"));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_slowed_down_and_recorded() {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "anna", Role::User).await;
    let mut browser = Browser::new(&portal);
    browser.get("/code").await;
    let mut refused = 0;
    for number in 0..70 {
        let code = format!("ABCD-EFGH-JKLM-NP{number:02}");
        let page = browser.post("/code", &choosing(&code, PASSWORD)).await;
        refused += usize::from(page.status == 429);
    }
    assert!(refused > 0, "seventy guesses a minute");
    let failed = "SELECT COUNT(*) FROM history WHERE action = 'sign-in-failed'";
    assert_eq!(portal.database.ask(failed), [(70 - refused).to_string()]);
}
