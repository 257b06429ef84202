//! Undo: what was just saved stands again as before, and nobody else's change goes with it.

use gleichlauf::connections::Scope;
use gleichlauf::connector::types::ActorType;
use gleichlauf::mapping::DefaultRule;
use gleichlauf::store::{engine, mappings};
use gleichlauf::users::Role;

use crate::support::configured::{Configured, configured};
use crate::support::connections::activate;
use crate::support::people;
use crate::support::portal::Page;

const UNDO: &str = "main .notice form[action$='/undo']";

impl Configured {
    /// Sends an order of customers' fields that begins like this.
    async fn rank(&mut self, first: &str) -> Page {
        let page = self.path("/ranks?type=Customer");
        let version = self.admin.get(&page).await.value_of("version");
        let path = self.path("/ranks/Customer");
        self.admin.post(&path, &[("order", first), ("version", &version)]).await
    }

    /// Presses the button of the message that waits.
    async fn undo(&mut self, page: &str) -> Page {
        let page = self.admin.get(page).await;
        let action = page.attribute(UNDO, "action").unwrap_or_else(|| panic!("{}", page.text));
        let back = page.value_of("back");
        self.admin.post(&action, &[("back", &back)]).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_fields_comes_back_also_while_the_connection_is_active() {
    let mut scene = configured().await;
    activate(scene.store(), scene.connection).await;
    let before = scene.mapping().await.keys();
    let version = scene.newest().await;
    let done = scene.rank("Since").await;
    assert_eq!((done.status, scene.mapping().await.keys()[0].as_str()), (303, "Since"));
    let seq = scene.portal.database.actions_after(0).1;
    let undone = scene.undo(&done.location).await;
    assert_eq!((undone.status, undone.location.clone()), (303, done.location));
    assert_eq!(scene.mapping().await.keys(), before);
    assert_eq!(scene.newest().await, version + 2, "itself a version");
    assert_eq!(scene.portal.database.actions_after(seq).0, ["version-restored", "rank-changed"]);
    let page = scene.admin.get(&undone.location).await;
    assert!(page.text.contains("Undone.") && !page.has(UNDO), "{}", page.text);
    // Where nothing changed there is nothing to undo.
    let same = scene.rank(&before[0]).await;
    assert!(!scene.admin.get(&same.location).await.has(UNDO));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_saved_since_is_never_undone() {
    let mut scene = configured().await;
    let done = scene.rank("Since").await;
    scene.change("Süd", Scope::Everyone).await;
    let number = scene.newest().await;
    let content = scene.portal.database.content();
    let late = scene.undo(&done.location).await;
    let plan = scene.path(&format!("/versions/{}/restorations", number - 2));
    assert_eq!((late.status, late.location.as_str()), (303, plan.as_str()));
    let page = scene.admin.get(&late.location).await;
    assert!(page.all(".notice.warn").join("").contains("Not undone"), "{}", page.text);
    assert!(page.has("button[value=restore]"), "what it would take by now");
    assert_eq!(scene.mapping().await.keys()[0], "Since");
    assert_eq!(scene.newest().await, number);
    let sessions = |rows: Vec<String>| {
        rows.into_iter().filter(|row| !row.contains("session")).collect::<Vec<_>>()
    };
    assert_eq!(sessions(scene.portal.database.content()), sessions(content));
    // Twice is late, too, and what was never there is not found.
    let newest = scene.path(&format!("/versions/{number}/undo"));
    let back = scene.admin.post(&newest, &[("back", "//evil.example")]).await;
    assert_eq!((back.status, back.location.as_str()), (303, "/"));
    assert_eq!(scene.find().await.name, "Nord");
    let again = scene.admin.post(&newest, &[]).await;
    assert!(again.location.ends_with("/restorations"), "{}", again.location);
    for nothing in [1, 99] {
        let path = scene.path(&format!("/versions/{nothing}/undo"));
        assert_eq!(scene.admin.post(&path, &[]).await.status, 404, "{nothing}");
    }
    let mut eva = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    eva.get("/sync").await;
    assert_eq!(eva.post(&newest, &[]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_priority_comes_back() {
    let mut scene = configured().await;
    let id = scene.connection.to_string();
    let order = async |scene: &mut Configured| {
        scene.admin.get("/sync/priority").await.attributes("input[name=order]", "value")
    };
    let before = order(&mut scene).await;
    let version = scene.admin.get("/sync/priority").await.value_of("version");
    let other = before.iter().rev().map(|id| ("order", id.as_str()));
    let mut sent: Vec<(&str, &str)> = other.collect();
    sent.push(("version", &version));
    assert_eq!(scene.admin.post("/sync/priority", &sent).await.location, "/sync");
    assert_ne!(order(&mut scene).await, before);
    let version = scene.admin.get("/sync/priority").await.value_of("version");
    assert_eq!(scene.admin.post("/sync/priority", &[("version", &version)]).await.status, 303);
    assert!(!scene.admin.get("/sync").await.has(UNDO), "the same order once more");
    let version = scene.admin.get("/sync/priority").await.value_of("version");
    let sent = [("order", id.as_str()), ("order", "0"), ("version", version.as_str())];
    let reversed = order(&mut scene).await;
    let sent = if reversed[0] == id { [sent[1], sent[0], sent[2]] } else { sent };
    scene.admin.post("/sync/priority", &sent).await;
    let undone = scene.undo("/sync").await;
    assert_eq!((undone.status, undone.location.as_str()), (303, "/sync"));
    assert_eq!(order(&mut scene).await, reversed);
    assert!(!engine::priority(scene.store()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_default_values_come_back() {
    let mut scene = configured().await;
    let rule = |text: &str| {
        let value = Some(text.to_owned());
        Some(DefaultRule { value, asks_user: true, is_mandatory: false, ..DefaultRule::default() })
    };
    scene
        .map(|mapping| {
            for (key, text) in [("Phone", "+49"), ("Since", "<today>")] {
                let field = mapping.fields.iter_mut().find(|field| field.erp.key == key);
                field.unwrap().default = rule(text);
            }
        })
        .await;
    activate(scene.store(), scene.connection).await;
    let mapping = scene.mapping().await;
    let ids = ["Phone", "Since"].map(|key| mapping.field(key).unwrap().id.to_string());
    let version = mapping.version.to_string();
    let path = scene.path("/defaults/Customer/delete");
    let sent = [("rule", ids[0].as_str()), ("rule", &ids[1]), ("version", &version)];
    scene.admin.get(&scene.path("/defaults")).await;
    let done = scene.admin.post(&path, &sent).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(scene.mapping().await.fields.iter().all(|field| field.default.is_none()));
    let undone = scene.undo(&done.location).await;
    assert_eq!(undone.location, done.location);
    let kind = ActorType::Customer;
    let after = mappings::find(scene.store(), scene.connection, kind).await.unwrap().unwrap();
    assert_eq!(after.field("Phone").unwrap().default, rule("+49"));
    assert_eq!(after.field("Since").unwrap().default, rule("<today>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_switched_off_is_switched_on_again() {
    let mut scene = configured().await;
    scene
        .map(|mapping| {
            mapping.is_active = true;
            let name = mapping.fields.iter_mut().find(|field| field.erp.key == "Name").unwrap();
            name.direction = gleichlauf::mapping::Direction::BOTH;
        })
        .await;
    activate(scene.store(), scene.connection).await;
    scene.admin.get("/sync").await;
    let off = scene.admin.post(&scene.path("/deactivations"), &[]).await;
    assert!(!scene.find().await.is_active);
    let page = scene.admin.get(&off.location).await;
    let on = page.attribute("main .notice form", "action").unwrap();
    assert_eq!(on, scene.path("/activations"));
    let back = page.value_of("back");
    let on = scene.admin.post(&on, &[("back", &back)]).await;
    assert_eq!((on.status, on.location), (303, back), "{}", on.text);
    assert!(scene.find().await.is_active);
    // Already off: nothing to take back.
    scene.admin.post(&scene.path("/deactivations"), &[]).await;
    scene.admin.get("/sync").await;
    scene.admin.post(&scene.path("/deactivations"), &[]).await;
    assert!(!scene.admin.get("/sync").await.has("main .notice form"));
}
