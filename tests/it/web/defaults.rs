//! Sync default values, through HTTP.

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::mapping::DefaultRule;
use gleichlauf::store::mappings;
use gleichlauf::users::Role;

use crate::support::configured::{Configured, configured};
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
        self.admin.get(&self.index).await;
        let (store, kind) = (&self.portal.app.portal.store, ActorType::Customer);
        let found = mappings::find(store, self.connection, kind).await.unwrap().unwrap();
        found.version.to_string()
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

/// The table beside the boxes, and that the server holds to it.
#[tokio::test(flavor = "multi_thread")]
async fn the_boxes_come_to_what_the_table_beside_them_says() {
    let mut scene = scene().await;
    let form = format!("{}/new?type=Customer&field=PHONE", scene.index);
    let page = scene.admin.get(&form).await;
    assert_eq!(page.all("[data-effects] tbody tr").len(), 5);
    assert!(page.all("[data-effect]").join("").contains("Not possible"), "nothing is ticked yet");
    for (ticks, sets, asks, must, is_saved) in [
        ("100", "1", "", "", true),
        ("101", "1", "", "1", true),
        ("010", "", "1", "", true),
        ("011", "", "1", "1", true),
        ("110", "1", "1", "", true),
        ("111", "1", "1", "1", true),
        ("001", "", "", "1", false),
        ("000", "", "", "", false),
    ] {
        let version = scene.version().await;
        let sent = [
            ("field", "PHONE"),
            ("sets_value", sets),
            ("value", "+49"),
            ("asks_user", asks),
            ("is_mandatory", must),
            ("version", version.as_str()),
        ];
        let done = scene.save(&sent).await;
        assert_eq!(done.status, if is_saved { 303 } else { 422 }, "{ticks}");
        if !is_saved {
            assert!(done.has("#sets_value-problem"), "{ticks}: at the box");
            assert!(done.all(".problems li").join("").contains("ask the user"));
            continue;
        }
        let (id, rule) = scene.rule("PHONE").await;
        let rule = rule.unwrap();
        let kept = [rule.value.is_some(), rule.asks_user, rule.is_mandatory];
        assert_eq!(kept.map(|is| if is { '1' } else { '0' }).iter().collect::<String>(), ticks);
        // Opened again, the sentence is that of the row for these ticks.
        let page = scene.admin.get(&format!("{}/Customer/{id}/edit", scene.index)).await;
        let row = format!("[data-effects] tr[data-ticks~='{ticks}'] td:last-child");
        assert_eq!(page.all("[data-effect]"), page.all(&row), "{ticks}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_erp_demands_stays_mandatory_and_says_why() {
    let mut scene = scene().await;
    let form = format!("{}/new?type=Customer&field=NAME", scene.index);
    let page = scene.admin.get(&form).await;
    assert!(page.has("#is_mandatory[checked][disabled][aria-describedby='is_mandatory-hint']"));
    assert!(page.all("#is_mandatory-hint").join("").contains("The ERP system demands this field"));
    let version = page.value_of("version");
    let sent = [("field", "NAME"), ("asks_user", "1"), ("version", version.as_str())];
    assert_eq!(scene.save(&sent).await.status, 303);
    assert!(scene.rule("NAME").await.1.unwrap().is_mandatory);
    // A field with a rule is not offered again; those that are left are.
    let choose = scene.admin.get(&format!("{}/new?type=Customer", scene.index)).await;
    assert_eq!(choose.attributes("#field option", "value"), ["PHONE", "LIMIT"]);
    scene.add("PHONE", "1").await;
    scene.add("LIMIT", "1").await;
    let choose = scene.admin.get(&format!("{}/new?type=Customer", scene.index)).await;
    assert!(choose.text.contains("No field is left") && !choose.has("#field"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_stand_beside_the_value_with_an_example_each_and_dates_take_them_too() {
    let portal = spawn(&[]).await;
    let store = portal.app.portal.store.clone();
    licences::install(&store, "2027-12-31").await;
    let fields = [
        field("NAME", FieldType::Text, "", Access::Normal),
        field("SINCE", FieldType::Datetime, "", Access::Normal),
        field("BLOCKED", FieldType::Checkbox, "", Access::Normal),
    ];
    let connection = add(&store, "Nordwind", &fields).await;
    let admin = people::signed_in(&portal, "admin", Role::Admin).await;
    let index = format!("/connections/{connection}/defaults");
    let mut scene = Scene { portal, admin, index, connection };
    let form =
        |key: &str| format!("/connections/{connection}/defaults/new?type=Customer&field={key}");
    let text = scene.admin.get(&form("NAME")).await;
    let rows = text.all(".when-checked tbody tr");
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().any(|row| row == "<name>Name of the recordSample Ltd"), "{rows:?}");
    assert!(rows.iter().any(|row| row.ends_with("admin Łoś")), "{rows:?}");
    assert!(!scene.admin.get(&form("BLOCKED")).await.has(".when-checked table"));
    let date = scene.admin.get(&form("SINCE")).await;
    assert_eq!(date.attributes("#tag option", "value"), ["", "<today>", "<now>"]);
    let version = date.value_of("version");
    let sent = [
        ("field", "SINCE"),
        ("sets_value", "1"),
        ("value", ""),
        ("tag", "<today>"),
        ("version", version.as_str()),
    ];
    assert_eq!(scene.save(&sent).await.status, 303);
    let (id, rule) = scene.rule("SINCE").await;
    assert_eq!(rule.unwrap().value.as_deref(), Some("<today>"));
    let edit = scene.admin.get(&format!("{}/Customer/{id}/edit", scene.index)).await;
    assert_eq!(edit.attributes("#tag option[selected]", "value"), ["<today>"]);
    assert_eq!(edit.value_of("value"), "");
    let version = edit.value_of("version");
    let sent = [("field", "SINCE"), ("sets_value", "1"), ("tag", "<name>"), ("version", &version)];
    assert_eq!(scene.save(&sent).await.status, 422, "no tag of a date");
}

/// The connector need not be asked again to say what the chosen item is called.
#[tokio::test(flavor = "multi_thread")]
async fn the_item_of_a_list_is_named_in_summary_history_and_versions() {
    let mut scene = configured().await;
    let path = scene.path("/defaults/Customer");
    let save = async |scene: &mut Configured, key: &str| {
        let version = scene.mapping().await.version.to_string();
        let rule =
            [("field", "Country"), ("sets_value", "1"), ("value", key), ("version", &version)];
        let done = scene.admin.post(&path, &rule).await;
        assert_eq!(done.status, 303, "{}", done.text);
    };
    save(&mut scene, "DE").await;
    scene.fake.fail("GetList", Failure::BrokenOff { detail: String::new() });
    let id = scene.connection;
    let page = scene.admin.get(&format!("/sync?connection={id}")).await;
    let summary = page.all("section:has(#summary) tbody").concat();
    assert!(summary.contains("Germany"), "{summary}");
    let history = scene.admin.get(&format!("/history?connection={id}")).await;
    let row = history.all("tbody tr").swap_remove(0);
    assert!(row.contains("DE") && row.contains("Germany"), "{row}");
    let newest = scene.newest().await;
    let version = scene.admin.get(&scene.path(&format!("/versions/{newest}"))).await;
    assert!(version.all("table.compared tbody").concat().contains("Germany"), "{}", version.text);
    // The same once more is no change, whatever the item is called by now.
    save(&mut scene, "DE").await;
    assert_eq!(scene.newest().await, newest);
    let summary = scene.admin.get(&format!("/sync?connection={id}")).await.text;
    assert!(summary.contains("Germany"), "kept while the connector is away");
    scene.fake.fail("GetList", Failure::BrokenOff { detail: String::new() });
    let page = scene.admin.get(&format!("/connections/{id}/defaults")).await;
    assert!(page.all("main tbody").concat().contains("Germany"), "{}", page.text);
}
