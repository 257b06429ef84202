//! Set sync priority, through HTTP.

use gleichlauf::connections::Scope;
use gleichlauf::history::Actor;
use gleichlauf::store::engine;
use gleichlauf::users::Role;

use crate::support::linking::{connection, scene};
use crate::support::portal::spawn;
use crate::support::{licences, people};

#[tokio::test(flavor = "multi_thread")]
async fn the_order_is_saved_moved_and_survives_nonsense() {
    let scene = scene().await;
    let other = connection(scene.store(), "Wien", Scope::Everyone).await.to_string();
    let first = scene.connection.to_string();
    let mut admin = people::signed_in(&scene.portal, "anna", Role::Admin).await;
    let order = async |admin: &mut crate::support::portal::Browser| {
        admin.get("/sync/priority").await.attributes("input[name=order]", "value")
    };
    assert_eq!(order(&mut admin).await.len(), 3, "the CRM is one of them");
    let wanted = [("order", other.as_str()), ("order", "0"), ("order", first.as_str())];
    let version = admin.get("/sync/priority").await.value_of("version");
    let sent = [wanted[0], wanted[1], wanted[2], ("version", version.as_str())];
    let done = admin.post("/sync/priority", &sent).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/sync"));
    assert_eq!(order(&mut admin).await, [other.as_str(), "0", first.as_str()]);
    let up = format!("up {first}");
    let version = admin.get("/sync/priority").await.value_of("version");
    let moved = [wanted[0], wanted[1], wanted[2], ("move", &up), ("version", &version)];
    let done = admin.post("/sync/priority", &moved).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/sync/priority#place-2"));
    let stands = [other.as_str(), first.as_str(), "0"];
    assert_eq!(order(&mut admin).await, stands);
    for nonsense in [
        vec![],
        vec![("order", "x"), ("order", "")],
        vec![("order", "77"), ("order", other.as_str()), ("order", other.as_str())],
        vec![("move", "sideways"), ("order", other.as_str())],
        vec![("move", "up 77")],
    ] {
        let version = admin.get("/sync/priority").await.value_of("version");
        let mut sent = nonsense.clone();
        sent.push(("version", &version));
        assert_eq!(admin.post("/sync/priority", &sent).await.status, 303, "{nonsense:?}");
        let mut now = order(&mut admin).await;
        now.sort();
        let mut all = stands.map(str::to_owned);
        all.sort();
        assert_eq!(now, all, "each stands once, whatever was sent");
    }
    // Without the order it was made of, a form is shown once more beside what is saved.
    for version in [None, Some(""), Some("x;y")] {
        let mut sent = vec![("order", first.as_str())];
        sent.extend(version.map(|version| ("version", version)));
        let again = admin.post("/sync/priority", &sent).await;
        assert_eq!(again.status, 422, "{version:?}");
        assert_eq!(again.attributes("input[name=order]", "value")[0], first);
        assert!(again.text.contains("Saved now"));
    }
    assert!(!engine::priority(scene.store()).await.unwrap().is_empty());
}

/// The second of two who saw the same order is shown what the first saved.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_one_is_asked() {
    let scene = scene().await;
    connection(scene.store(), "Wien", Scope::Everyone).await;
    let mut admin = people::signed_in(&scene.portal, "anna", Role::Admin).await;
    let page = admin.get("/sync/priority").await;
    let (version, order) =
        (page.value_of("version"), page.attributes("input[name=order]", "value"));
    let other: Vec<&str> = order.iter().rev().map(String::as_str).collect();
    let mut tx = scene.store().begin().await.unwrap();
    tx.alone().await.unwrap();
    let mut sent: Vec<(&str, &str)> = other.iter().map(|id| ("order", *id)).collect();
    sent.push(("version", &version));
    let saving = admin.post("/sync/priority", &sent);
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let stored = [&order[1], &order[0], &order[2]].map(String::as_str).join(";");
        engine::set_priority(&mut tx, &Actor::system(), &stored, ("a", "b")).await.unwrap();
        tx.commit().await.unwrap();
    };
    let (asked, ()) = tokio::join!(saving, meanwhile);
    assert_eq!(asked.status, 409, "{}", asked.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_connection_there_is_nothing_to_order_and_the_way_to_one() {
    let portal = spawn(&[]).await;
    licences::install(&portal.app.portal.store, "2027-12-31").await;
    let mut admin = people::signed_in(&portal, "anna", Role::Admin).await;
    let page = admin.get("/sync/priority").await;
    assert!(page.has(".empty a[href='/sync#connections']"), "{}", page.text);
    assert!(!page.has("input[name=order]") && !page.has("main button[type=submit]"));
    let new = admin.get("/connections/new").await;
    assert!(new.has(".empty a[href='/connectors/new']"), "{}", new.text);
    assert!(!new.has("select[name=connector]"));
}
