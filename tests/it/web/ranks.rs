//! Rank fields, through HTTP.

use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::store::mappings;
use gleichlauf::users::Role;

use crate::support::connections::{add, field};
use crate::support::portal::{Browser, Portal, spawn};
use crate::support::{licences, people};

async fn portal() -> (Portal, Browser, i64) {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let fields =
        ["NAME", "PHONE", "CITY"].map(|key| field(key, FieldType::Text, "", Access::Normal));
    let id = add(store, "Nordwind", &fields).await;
    let admin = people::signed_in(&portal, "admin", Role::Admin).await;
    (portal, admin, id)
}

async fn order(portal: &Portal, id: i64) -> Vec<String> {
    let found = mappings::find(&portal.app.portal.store, id, ActorType::Customer).await.unwrap();
    found.unwrap().keys()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_is_dragged_or_moved_by_arrows() {
    let (portal, mut admin, id) = portal().await;
    let (page, path) =
        (format!("/connections/{id}/ranks"), format!("/connections/{id}/ranks/Customer"));
    let version = admin.get(&page).await.value_of("version");
    let mut sent = ["CITY", "NAME", "PHONE"].map(|key| ("order", key)).to_vec();
    sent.push(("version", &version));
    let done = admin.post(&path, &sent).await;
    assert_eq!((done.status, done.location), (303, format!("/sync?connection={id}")));
    assert_eq!(order(&portal, id).await, ["CITY", "NAME", "PHONE"]);
    let version = admin.get(&page).await.value_of("version");
    let mut moved = sent[..3].to_vec();
    moved.extend([("move", "up PHONE"), ("version", version.as_str())]);
    let back = admin.post(&path, &moved).await;
    // Back at the place where the field stands now.
    assert_eq!(back.location, format!("{page}?type=Customer#place-2"));
    assert!(admin.get(&page).await.has("#place-2[data-name='PHONE en']"));
    assert_eq!(order(&portal, id).await, ["CITY", "PHONE", "NAME"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_loses_no_field_and_nothing_that_was_typed() {
    let (portal, mut admin, id) = portal().await;
    let (page, path) =
        (format!("/connections/{id}/ranks"), format!("/connections/{id}/ranks/Customer"));
    for version in [None, Some(""), Some("x"), Some("1\0")] {
        admin.get(&page).await;
        let mut sent = vec![("order", "PHONE")];
        sent.extend(version.map(|version| ("version", version)));
        let again = admin.post(&path, &sent).await;
        assert_eq!(again.status, 422, "{version:?}");
        assert!(again.all(".problems li").join("").contains("did not say which version"));
        assert_eq!(again.attributes("input[name=order]", "value"), ["PHONE", "NAME", "CITY"]);
        assert!(again.text.contains("Saved now"), "what is saved is shown beside it");
        // Sent again, it is made of what was just seen.
        assert!(again.value_of("version").parse::<i64>().is_ok());
    }
    assert_eq!(order(&portal, id).await, ["NAME", "PHONE", "CITY"]);
    let version = admin.get(&page).await.value_of("version");
    let nonsense =
        [("order", "NOPE"), ("order", "PHONE"), ("order", "PHONE"), ("version", &version)];
    assert_eq!(admin.post(&path, &nonsense).await.status, 303);
    assert_eq!(order(&portal, id).await, ["PHONE", "NAME", "CITY"]);
    assert_eq!(admin.post(&format!("{page}/Nothing"), &nonsense).await.status, 404);
}
