//! Licence files the portals of the tests trust.

use std::path::Path;
use std::sync::LazyLock;

use gleichlauf::history::Actor;
use gleichlauf::licence::{self, KeyPair, Licence, TrustedKeys};
use gleichlauf::store::Store;
use gleichlauf::store::licence as store;
use gleichlauf::users::UserId;

static KEYS: LazyLock<KeyPair> = LazyLock::new(|| licence::key_pair().unwrap());

pub fn trusted() -> TrustedKeys {
    TrustedKeys::only(&KEYS.public).unwrap()
}

/// Puts the keys where a demo keeps its own, so that the program trusts these licences there.
pub fn put_keys(folder: &Path) {
    std::fs::write(folder.join("licence-key.pem"), &*KEYS.private_pem).unwrap();
    std::fs::write(folder.join("licence-key.pub"), &KEYS.public).unwrap();
}

/// A licence for so many seats that ends on this day, `2027-12-31` for a valid one.
pub fn licence(seats: i64, last_day: &str) -> Licence {
    Licence {
        customer: "Nordwind GmbH".to_owned(),
        edition: "Development Tools".to_owned(),
        seats,
        issued: "2026-01-01".parse().unwrap(),
        expires: last_day.parse().unwrap(),
        is_demo: false,
    }
}

/// Its file.
pub fn file(licence: &Licence) -> String {
    licence::issue(&KEYS.private_pem, licence).unwrap()
}

/// Installs a licence for ten seats that ends on this day.
pub async fn install(store: &Store, last_day: &str) {
    let licence = licence(10, last_day);
    let mut tx = store.begin().await.unwrap();
    store::install_licence(&mut tx, &Actor::system(), &file(&licence), &licence).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn give_seat(store: &Store, user: UserId) {
    let mut tx = store.begin().await.unwrap();
    store::assign_seat(&mut tx, &Actor::system(), user, |_| 10).await.unwrap();
    tx.commit().await.unwrap();
}
