//! Sync default values, through HTTP.

use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::mapping::DefaultRule;
use gleichlauf::store::mappings;
use gleichlauf::users::Role;

use crate::support::connections::{add, field};
use crate::support::portal::{Browser, Page, Portal, spawn};
use crate::support::{licences, people};

struct Scene {
    portal: Portal,
    admin: Browser,
    index: String,
    connection: i64,
}

async fn scene() -> Scene {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let fields = [
        field("NAME", FieldType::Text, "", Access::Mandatory),
        field("PHONE", FieldType::Text, "", Access::Normal),
        field("LIMIT", FieldType::Integer, "", Access::Normal),
    ];
    let connection = add(store, "Nordwind", &fields).await;
    let admin = people::signed_in(&portal, "admin", Role::Admin).await;
    Scene { portal, admin, index: format!("/connections/{connection}/defaults"), connection }
}

impl Scene {
    async fn rule(&self, key: &str) -> (i64, Option<DefaultRule>) {
        let store = &self.portal.app.portal.store;
        let kind = ActorType::Customer;
        let found = mappings::find(store, self.connection, kind).await.unwrap().unwrap();
        let field = found.field(key).unwrap();
        (field.id, field.default.clone())
    }

    async fn version(&mut self) -> String {
        let form = format!("{}/new?type=Customer&field=NAME", self.index);
        self.admin.get(&form).await.value_of("version")
    }

    async fn save(&mut self, fields: &[(&str, &str)]) -> Page {
        let path = format!("{}/Customer", self.index);
        self.admin.post(&path, fields).await
    }

    async fn add(&mut self, key: &str, value: &str) {
        let version = self.version().await;
        let sent =
            [("field", key), ("sets_value", "1"), ("value", value), ("version", version.as_str())];
        let done = self.save(&sent).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_is_added_changed_and_deleted_after_a_question() {
    let mut scene = scene().await;
    let index = scene.admin.get(&scene.index.clone()).await;
    assert!(index.text.contains("NAME en"), "mandatory fields without value are named");
    scene.add("PHONE", "+49 30 1").await;
    scene.add("LIMIT", "1,500").await;
    let (phone, rule) = scene.rule("PHONE").await;
    assert_eq!(rule.unwrap().value.as_deref(), Some("+49 30 1"));
    assert_eq!(scene.rule("LIMIT").await.1.unwrap().value.as_deref(), Some("[I:1500]"));
    let edit = format!("{}/Customer/{phone}/edit", scene.index);
    assert_eq!(scene.admin.get(&edit).await.value_of("value"), "+49 30 1");
    // The list leads to a question; only its answer deletes.
    let index = scene.admin.get(&scene.index.clone()).await;
    let delete = format!("{}/Customer/delete", scene.index);
    assert_eq!(index.attribute("main form", "action").as_deref(), Some(delete.as_str()));
    assert_eq!(index.attribute("main form", "method").as_deref(), Some("get"));
    let question = scene.admin.get(&format!("{delete}?rule={phone}")).await;
    assert_eq!(question.status, 200);
    assert!(question.all(".confirm li").join("").contains("PHONE en"), "{}", question.text);
    assert!(scene.rule("PHONE").await.1.is_some());
    let version = question.value_of("version");
    let phone = phone.to_string();
    let answer = [("rule", phone.as_str()), ("version", version.as_str())];
    assert_eq!(scene.admin.post(&delete, &answer).await.status, 303);
    assert_eq!(scene.rule("PHONE").await.1, None);
    assert!(scene.rule("LIMIT").await.1.is_some());
    let none = scene.admin.get(&delete).await;
    assert_eq!((none.status, none.location), (303, format!("{}?type=Customer", scene.index)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_saved_is_said_at_its_place_and_stays() {
    let mut scene = scene().await;
    let version = scene.version().await;
    for (field, value) in [("LIMIT", "many"), ("LIMIT", "99999999999999999999"), ("NAME", "a\0b")] {
        let sent = [
            ("field", field),
            ("sets_value", "1"),
            ("value", value),
            ("asks_user", "1"),
            ("version", version.as_str()),
        ];
        let again = scene.save(&sent).await;
        assert_eq!(again.status, 422, "{field} {value:?}");
        assert!(again.has("#value-problem"), "{field} {value:?}");
        assert_eq!(again.value_of("version"), version);
        assert!(again.has("input[name=asks_user][checked]"));
    }
    assert_eq!(scene.save(&[("field", "PHONE"), ("is_mandatory", "1")]).await.status, 422);
    let nowhere = [("field", "NOPE"), ("version", version.as_str())];
    assert_eq!(scene.save(&nowhere).await.status, 422);
    // Without a version nobody knows what would be replaced.
    let sent = [("field", "PHONE"), ("sets_value", "1"), ("value", "+49 30 2")];
    for bad in [None, Some("x")] {
        let mut sent = sent.to_vec();
        sent.extend(bad.map(|version| ("version", version)));
        let again = scene.save(&sent).await;
        assert_eq!(again.status, 422);
        assert!(again.all(".problems li").join("").contains("did not say which version"));
        assert_eq!(again.value_of("value"), "+49 30 2");
    }
    assert_eq!(scene.rule("PHONE").await.1, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deletes_what_changed_meanwhile_is_asked_once_more() {
    let mut scene = scene().await;
    scene.add("PHONE", "1").await;
    let phone = scene.rule("PHONE").await.0.to_string();
    let delete = format!("{}/Customer/delete", scene.index);
    let version = scene.admin.get(&format!("{delete}?rule={phone}")).await.value_of("version");
    scene.add("PHONE", "2").await;
    let late = [("rule", phone.as_str()), ("version", version.as_str())];
    let again = scene.admin.post(&delete, &late).await;
    assert_eq!(again.status, 409);
    assert!(again.has(".confirm form") && again.text.contains("Somebody else"));
    assert!(scene.rule("PHONE").await.1.is_some());
    let now = again.value_of("version");
    let answer = [("rule", phone.as_str()), ("version", now.as_str())];
    assert_eq!(scene.admin.post(&delete, &answer).await.status, 303);
    assert_eq!(scene.rule("PHONE").await.1, None);
}
