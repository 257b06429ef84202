//! People for tests below HTTP.

use gleichlauf::history::Actor;
use gleichlauf::store::{Store, users};
use gleichlauf::users::{NewUser, Preferences, Role, Theme, UserId};

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
