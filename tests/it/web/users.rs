//! Accounts, and what an admin does with them.

use gleichlauf::store::{groups, users};
use gleichlauf::users::{Role, User, UserId};

use crate::support::licences;
use crate::support::people::{self, PASSWORD};
use crate::support::portal::{Browser, Portal, spawn};

/// A portal with its admin.
async fn with_admin() -> (Portal, Browser) {
    let portal = spawn(&[]).await;
    let admin = people::signed_in(&portal, "ada", Role::Admin).await;
    (portal, admin)
}

async fn user(portal: &Portal, id: UserId) -> User {
    users::find_user(&portal.app.portal.store, id).await.unwrap().unwrap()
}

async fn rows(portal: &Portal, action: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM history WHERE action = '{action}'");
    portal.database.ask(&sql)[0].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_comes_in_by_the_code_their_admin_gives_them() {
    let (portal, mut ada) = with_admin().await;
    let added_before = rows(&portal, "user-added").await;
    ada.get("/users/new").await;
    let sent = [("name", " Jørgen Łoś "), ("login", "jørgen@example.com"), ("role", "user")];
    let page = ada.post("/users", &sent).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let place = page.location;
    let page = ada.get(&place).await;
    assert!(page.text.contains("No password yet"));
    assert_eq!(page.value_of("name"), "Jørgen Łoś");
    assert_eq!(ada.get(&format!("{place}/codes")).await.status, 200);
    let made = ada.post(&format!("{place}/codes"), &[]).await;
    assert_eq!((made.status, made.location), (303, format!("{place}/code")));
    let sealed = portal.database.ask("SELECT state FROM session").concat();
    let shown = ada.get(&format!("{place}/code")).await;
    assert_eq!(shown.status, 200);
    let code = shown.all(".one-time-code code").remove(0);
    assert!(!sealed.contains(&code) && !sealed.contains(&code.replace('-', "")));
    assert!(!portal.database.content().concat().contains(&code));
    // Opening that page again shows no code and makes none, so the one that was handed over stays good.
    let again = ada.get(&format!("{place}/code")).await;
    assert_eq!(again.status, 200);
    assert!(!again.has(".one-time-code") && !again.text.contains(&code));
    assert!(again.text.contains("shown already") && again.has(&format!("a[href='{place}/codes']")));
    assert_eq!(rows(&portal, "code-issued").await, 1);
    let mut jorgen = Browser::new(&portal);
    jorgen.get("/code").await;
    let sent = [("code", code.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(jorgen.post("/code", &sent).await.status, 303);
    assert!(ada.get(&place).await.text.contains("Active"));
    let added = rows(&portal, "user-added").await - added_before;
    assert_eq!((added, rows(&portal, "code-issued").await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_accounts_come_back_with_everything_typed() {
    let (portal, mut ada) = with_admin().await;
    ada.get("/users/new").await;
    let long = "x".repeat(101);
    let page = ada.post("/users", &[]).await;
    assert_eq!(page.status, 422);
    for field in ["name", "login", "role"] {
        assert!(page.has(&format!("#{field}-problem")), "{field}");
    }
    let hostile = "<script>alert(1)</script>";
    let sent = [("name", hostile), ("login", long.as_str()), ("role", "root"), ("id", "1")];
    let page = ada.post("/users", &sent).await;
    assert_eq!((page.status, page.value_of("name")), (422, hostile.to_owned()));
    assert_eq!(page.value_of("login"), long);
    assert!(!page.text.contains(hostile));
    let page = ada.post("/users", &[("name", "A"), ("login", "ADA"), ("role", "user")]).await;
    assert_eq!(page.status, 422);
    assert!(page.has("#login-problem"), "taken, in any case");
    assert_eq!(
        ada.post("/users", &[("name", "A"), ("login", "b c"), ("role", "user")]).await.status,
        422
    );
    let odd = [("name", "A"), ("login", "bert"), ("role", "user"), ("groups", "x")];
    assert_eq!(ada.post("/users", &odd).await.status, 422);
    assert_eq!(portal.database.ask("SELECT COUNT(*) FROM app_user"), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_the_form_does_not_have_change_nothing() {
    let (portal, mut ada) = with_admin().await;
    let id = people::add_person(&portal, "bert", Role::User).await;
    let place = format!("/users/{id}");
    let version = ada.get(&place).await.value_of("version");
    let sent = [
        ("name", "Bert"),
        ("login", "bert"),
        ("role", "user"),
        ("version", version.as_str()),
        ("has_seat", "1"),
        ("is_disabled", "1"),
        ("password", "$argon2"),
        ("id", "7"),
        ("preferences", "x"),
    ];
    assert_eq!(ada.post(&place, &sent).await.status, 303);
    let after = user(&portal, id).await;
    assert_eq!((after.name.as_str(), after.has_seat, after.is_disabled), ("Bert", false, false));
    let mut bert = Browser::new(&portal);
    people::sign_in(&mut bert, "bert").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_editor_of_an_account_sees_both_versions() {
    let (portal, mut ada) = with_admin().await;
    let mut bea = people::signed_in(&portal, "bea", Role::Admin).await;
    let id = people::add_person(&portal, "carl", Role::User).await;
    let place = format!("/users/{id}");
    let version = ada.get(&place).await.value_of("version");
    bea.get(&place).await;
    let theirs =
        [("name", "Carl der Erste"), ("login", "carl"), ("role", "user"), ("version", &version)];
    assert_eq!(bea.post(&place, &theirs).await.status, 303);
    let mine = [
        ("name", "Carl der Zweite"),
        ("login", "carl"),
        ("role", "auditor"),
        ("version", &version),
    ];
    let page = ada.post(&place, &mine).await;
    assert_eq!(page.status, 409);
    assert!(page.text.contains("Carl der Erste") && page.text.contains("Carl der Zweite"));
    assert_eq!(page.value_of("name"), "Carl der Zweite");
    assert_eq!(user(&portal, id).await.name, "Carl der Erste");
    let now = page.value_of("version");
    let again =
        [("name", "Carl der Zweite"), ("login", "carl"), ("role", "auditor"), ("version", &now)];
    assert_eq!(ada.post(&place, &again).await.status, 303);
    assert_eq!(user(&portal, id).await.role, Role::Auditor);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_can_neither_be_disabled_nor_get_another_role() {
    let (portal, mut ada) = with_admin().await;
    let id =
        users::find_credentials(&portal.app.portal.store, "ada").await.unwrap().unwrap().user.id;
    let place = format!("/users/{id}");
    let version = ada.get(&place).await.value_of("version");
    let sent = [("name", "Ada"), ("login", "ada"), ("role", "user"), ("version", version.as_str())];
    let page = ada.post(&place, &sent).await;
    assert_eq!(page.status, 422);
    assert!(page.all("#role-problem").concat().contains("last administrator"));
    assert_eq!(ada.get(&format!("{place}/disable")).await.status, 200);
    let page = ada.post(&format!("{place}/disable"), &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("last administrator"));
    assert_eq!(user(&portal, id).await.role, Role::Admin);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_disabled_gets_another_role_or_is_ended_is_out_at_their_next_request() {
    let (portal, mut ada) = with_admin().await;
    ada.get("/users").await;
    let mut bert = people::signed_in(&portal, "bert", Role::User).await;
    let id =
        users::find_credentials(&portal.app.portal.store, "bert").await.unwrap().unwrap().user.id;
    let place = format!("/users/{id}");
    assert_eq!(ada.post(&format!("{place}/sessions/delete"), &[]).await.status, 303);
    assert_eq!(bert.get("/companies").await.status, 303);
    people::sign_in(&mut bert, "bert").await;
    let old = bert.cookies().clone();
    let version = ada.get(&place).await.value_of("version");
    let sent =
        [("name", "B"), ("login", "bert"), ("role", "auditor"), ("version", version.as_str())];
    assert_eq!(ada.post(&place, &sent).await.status, 303);
    assert_eq!(bert.get("/companies").await.status, 303);
    people::sign_in(&mut bert, "bert").await;
    assert_eq!(ada.post(&format!("{place}/disable"), &[]).await.status, 303);
    assert_eq!(bert.get("/companies").await.status, 303);
    assert_eq!(ada.post(&format!("{place}/codes"), &[]).await.status, 404);
    bert.get("/sign-in").await;
    let page = bert.post("/sign-in", &[("login", "bert"), ("password", PASSWORD)]).await;
    assert_eq!(page.status, 422);
    assert_eq!(ada.post(&format!("{place}/enable"), &[]).await.status, 303);
    let mut again = Browser::new(&portal);
    people::sign_in(&mut again, "bert").await;
    again.set_cookies(old);
    assert_eq!(again.get("/companies").await.status, 303, "an old key stays dead");
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_are_given_and_taken_until_none_is_free() {
    let (portal, mut ada) = with_admin().await;
    let store = &portal.app.portal.store;
    let bert = people::add_person(&portal, "bert", Role::User).await;
    let eva = people::add_person(&portal, "eva", Role::Auditor).await;
    ada.get("/licence").await;
    let page = ada.post(&format!("/users/{bert}/seat"), &[]).await;
    assert_eq!(page.status, 422, "no licence, no seats");
    licences::install(store, "2027-12-31").await;
    let back = [("back", "/licence?search=bert")];
    let page = ada.post(&format!("/users/{bert}/seat"), &back).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/licence?search=bert"));
    assert!(user(&portal, bert).await.has_seat);
    assert!(ada.get("/licence").await.text.contains("1 of 10 taken"));
    let page = ada.post(&format!("/users/{eva}/seat"), &[]).await;
    assert_eq!(page.status, 422, "auditors need none");
    for number in 0..9 {
        let id = people::add_person(&portal, &format!("u{number}"), Role::User).await;
        licences::give_seat(store, id).await;
    }
    let late = people::add_person(&portal, "late", Role::User).await;
    let page = ada.post(&format!("/users/{late}/seat"), &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("All seats"));
    let page = ada.post(&format!("/users/{bert}/seat/delete"), &[("back", "//evil")]).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/"));
    assert_eq!(ada.post(&format!("/users/{late}/seat"), &[]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_found_and_paged() {
    let (portal, mut ada) = with_admin().await;
    for number in 0..60 {
        people::add_person(&portal, &format!("user{number:02}"), Role::User).await;
    }
    let first = ada.get("/users").await;
    assert_eq!(first.all("tbody tr").len(), 50);
    let second = ada.get(&first.attribute("a[rel=next]", "href").unwrap()).await;
    assert_eq!(second.all("tbody tr").len(), 11);
    let back = ada.get(&second.attribute("a[rel=prev]", "href").unwrap()).await;
    assert_eq!(back.all("tbody tr"), first.all("tbody tr"));
    let found = ada.get("/users?search=USER4").await;
    assert_eq!(found.all("tbody tr").len(), 10);
    assert!(ada.get("/users?search=%3Cb%3E").await.text.contains("No match"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_added_filled_renamed_and_deleted() {
    let (portal, mut ada) = with_admin().await;
    let store = &portal.app.portal.store;
    let bert = people::add_person(&portal, "bert", Role::User).await.to_string();
    ada.get("/groups/new").await;
    assert_eq!(ada.post("/groups", &[("name", "  ")]).await.status, 422);
    let place = ada.post("/groups", &[("name", "Verkauf Süd")]).await.location;
    assert_eq!(ada.post("/groups", &[("name", "verkauf süd")]).await.status, 422, "taken");
    let version = ada.get(&place).await.value_of("version");
    let sent = [("name", "Vertrieb"), ("members", bert.as_str()), ("version", version.as_str())];
    assert_eq!(ada.post(&place, &sent).await.status, 303);
    let group = groups::list_groups(store).await.unwrap().remove(0);
    assert_eq!((group.name.as_str(), group.members), ("Vertrieb", 1));
    let late = ada.post(&place, &[("name", "Zu spät"), ("version", version.as_str())]).await;
    assert_eq!(late.status, 409);
    assert!(late.text.contains("Vertrieb") && late.text.contains("Zu spät"));
    let used = format!(
        "INSERT INTO sync_connector VALUES (1, 'c', 'c', 'a', false, NULL, 1, 0, '', 0, ''); \
         INSERT INTO erp_connection VALUES (1, 'g', 1, 'n', '', false, false, false, '[]', NULL, NULL, 1, 0, '', 0, '', 0); \
         INSERT INTO connection_access VALUES (1, 1, NULL, {}, true, true)",
        group.id
    );
    assert!(portal.database.sql(&used));
    assert_eq!(ada.get(&format!("{place}/delete")).await.status, 200);
    let page = ada.post(&format!("{place}/delete"), &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.has("main a[href='/connections/1/scope']"), "which connection it is");
    // Of a deleted one nobody could take the group out of the scope.
    assert!(portal.database.sql("UPDATE erp_connection SET is_deleted = true"));
    let question = ada.get(&format!("{place}/delete")).await;
    assert!(question.text.contains("deleted ERP connections: n"));
    assert_eq!(ada.post(&format!("{place}/delete"), &[]).await.status, 303);
    assert_eq!(ada.get(&place).await.status, 404);
    assert_eq!(portal.database.ask("SELECT COUNT(*) FROM connection_access"), ["0"]);
    let noted = "SELECT before_values, after_values FROM history WHERE action = 'scope-changed'";
    let noted = portal.database.ask(noted).concat();
    assert!(
        noted.contains("\"groups\":\"Vertrieb\"") && noted.ends_with("|{\"scope\":\"specific\"}"),
        "{noted}"
    );
}
