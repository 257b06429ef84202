//! Licence files the portals of the tests trust.

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

/// Installs a licence for ten seats that ends on this day, `2027-12-31` for a valid one.
pub async fn install(store: &Store, last_day: &str) {
    let licence = Licence {
        customer: "Nordwind GmbH".to_owned(),
        edition: "Development Tools".to_owned(),
        seats: 10,
        issued: "2026-01-01".parse().unwrap(),
        expires: last_day.parse().unwrap(),
        is_demo: false,
    };
    let file = licence::issue(&KEYS.private_pem, &licence).unwrap();
    let mut tx = store.begin().await.unwrap();
    store::install_licence(&mut tx, &Actor::system(), &file, &licence).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn give_seat(store: &Store, user: UserId) {
    let mut tx = store.begin().await.unwrap();
    store::assign_seat(&mut tx, &Actor::system(), user, 10).await.unwrap();
    tx.commit().await.unwrap();
}
