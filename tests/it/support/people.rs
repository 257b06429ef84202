//! People for tests.

use gleichlauf::history::Actor;
use gleichlauf::store::{Store, users};
use gleichlauf::users::hasher::Hasher;
use gleichlauf::users::password::NewPassword;
use gleichlauf::users::{NewUser, Preferences, Role, Theme, UserId};

use super::portal::{Browser, Portal};

/// An account about to be added, in no group.
pub fn new_user(login: &str, role: Role) -> NewUser {
    NewUser {
        login: login.to_owned(),
        name: format!("{login} Łoś"),
        role,
        groups: Vec::new(),
        preferences: Preferences {
            language: None,
            zone: "Europe/Berlin".to_owned(),
            theme: Theme::Auto,
        },
    }
}

/// Adds an account whose password hash is only a text.
pub async fn add_user(store: &Store, login: &str, role: Role) -> UserId {
    let mut tx = store.begin().await.unwrap();
    let id = users::insert_user(&mut tx, &Actor::system(), &new_user(login, role)).await.unwrap();
    users::set_password(&mut tx, &Actor::system(), id, "$hash").await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The password of everybody in the tests.
pub const PASSWORD: &str = "correct horse 7 battery";

/// A browser in which somebody new with this role is signed in. Users get a seat.
pub async fn signed_in(portal: &Portal, login: &str, role: Role) -> Browser {
    add_person(portal, login, role).await;
    let mut browser = Browser::new(portal);
    sign_in(&mut browser, login).await;
    browser
}

/// Adds somebody who can sign in with [`PASSWORD`].
pub async fn add_person(portal: &Portal, login: &str, role: Role) -> UserId {
    add_person_to(&portal.app.portal.store, login, role).await
}

/// The same without a portal; the hash is made once for all tests.
pub async fn add_person_to(store: &Store, login: &str, role: Role) -> UserId {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    let hash = HASH
        .get_or_init(|| async {
            let password = NewPassword::check(PASSWORD, login).unwrap();
            Hasher::new().unwrap().hash(password).await.unwrap()
        })
        .await;
    let mut tx = store.begin().await.unwrap();
    let id = users::insert_user(&mut tx, &Actor::system(), &new_user(login, role)).await.unwrap();
    users::set_password(&mut tx, &Actor::system(), id, hash).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub async fn sign_in(browser: &mut Browser, login: &str) {
    sign_in_as(browser, login, PASSWORD).await;
}

pub async fn sign_in_as(browser: &mut Browser, login: &str, password: &str) {
    browser.get("/sign-in").await;
    let page = browser.post("/sign-in", &[("login", login), ("password", password)]).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/"), "{}", page.text);
}

pub async fn disable(store: &Store, id: UserId) {
    let version = users::find_user(store, id).await.unwrap().unwrap().version;
    let mut tx = store.begin().await.unwrap();
    users::disable_user(&mut tx, &Actor::system(), id, version).await.unwrap();
    tx.commit().await.unwrap();
}
