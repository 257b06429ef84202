//! ERP connections: define, test, save, edit; nothing typed is lost, and no secret comes back.

use std::sync::Arc;
use std::time::Duration;

use gleichlauf::app::Plugins;
use gleichlauf::connections::{Access, ErpConnection, Grantee, Scope};
use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{Access as FieldAccess, ActorType, FieldInfo, FieldType};
use gleichlauf::history::Actor;
use gleichlauf::mapping::{DefaultRule, Direction};
use gleichlauf::store::{access, configuration, connections, connectors, groups, mappings};
use gleichlauf::users::Role;

use crate::support::fake_connector::FakeConnector;
use crate::support::filled::Filled;
use crate::support::portal::{Browser, Page, Portal, spawn_with};
use crate::support::{connections as prepared, licences, people};

const SECRET: &str = "s3cret-Ünique<4711>";

struct Scene {
    portal: Portal,
    fake: Arc<FakeConnector>,
    admin: Browser,
    connector: String,
}

/// A licensed portal with a connector built in and listed, and an admin in it.
async fn start() -> Scene {
    let fake = FakeConnector::new(3);
    let plugins = Plugins::from([("fake".to_owned(), fake.clone() as Arc<dyn Connector>)]);
    let portal = spawn_with(&[], plugins).await;
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let mut tx = store.begin().await.unwrap();
    let connector =
        connectors::insert(&mut tx, &Actor::system(), "Fake ERP", "plugin://fake").await.unwrap();
    tx.commit().await.unwrap();
    let admin = people::signed_in(&portal, "anna", Role::Admin).await;
    Scene { portal, fake, admin, connector: connector.to_string() }
}

impl Scene {
    /// The form for a new connection with the connector chosen, all but the scope filled in.
    async fn filled(&mut self) -> Filled {
        let page = self.admin.get(&format!("/connections/new?connector={}", self.connector)).await;
        assert_eq!(page.status, 200);
        Filled::read(&page)
            .set("name", "Köln <1>")
            .set("description", "Zweiter Mandant")
            .set("c-Server", "erp.example")
            .set("c-Password", SECRET)
            .set("c-Company", "01")
    }

    async fn add(&mut self) -> ErpConnection {
        let filled = self.filled().await;
        let tested = filled.send(&mut self.admin, "/connections", "test").await;
        assert_eq!(tested.status, 200, "{}", tested.text);
        let done = Filled::read(&tested).send(&mut self.admin, "/connections", "save").await;
        assert_eq!(done.status, 303, "{}", done.text);
        self.connections().await.pop().unwrap()
    }

    async fn connections(&self) -> Vec<ErpConnection> {
        connections::list(&self.portal.app.portal.store).await.unwrap()
    }

    fn operations(&self) -> Vec<&'static str> {
        self.fake.calls().into_iter().map(|(operation, _)| operation).collect()
    }

    async fn find(&self, id: i64) -> ErpConnection {
        connections::find(&self.portal.app.portal.store, id).await.unwrap().unwrap()
    }
}

fn problems(page: &Page) -> String {
    page.all(".problems li").join(" | ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fields_of_all_eight_types_appear_with_the_connector() {
    let mut scene = start().await;
    let page = scene.admin.get("/connections/new").await;
    assert!(!page.has("[name^='c-']") && page.has("select[name=connector] option"));
    // Without scripts: choose, press "Show fields", and nothing typed is lost.
    let chosen = Filled::read(&page).set("name", "Nord").set("connector", &scene.connector);
    let page = chosen.send(&mut scene.admin, "/connections", "fields").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.value_of("name"), "Nord");
    assert!(page.has("select[name='c-Company'] option[value='02']"));
    assert_eq!(page.value_of("c-Company"), "01", "the connector's default");
    assert!(page.has("input[type=password][name='c-Password'][required]"));
    assert!(page.has("input[type=checkbox][name='c-ReadOnly']"));
    assert!(page.has("input[type=datetime-local][name='c-From']"));
    assert!(page.has("input[inputmode=numeric][name='c-Timeout']"));
    assert!(page.has("input[inputmode=decimal][name='c-Rate']"));
    assert!(page.has("input[type=text][name='c-Server']"));
    assert!(page.all(".field.fixed").iter().any(|text| text.contains("About")));
    assert!(page.text.contains("About Server"), "descriptions");
    assert!(page.has("button[value=save][disabled]"));
    scene.admin.language = "de";
    let page = scene.admin.get(&format!("/connections/new?connector={}", scene.connector)).await;
    assert!(page.text.contains("Server (deutsch)"));
    let called = scene.fake.calls();
    let zero = "00000000-0000-0000-0000-000000000000";
    assert!(called.contains(&("GetList", zero.to_owned())), "{called:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_with_tags_is_filled_in_and_each_tag_explained_with_an_example() {
    let mut scene = start().await;
    let field = prepared::field("Contact", FieldType::Text, "", FieldAccess::Normal);
    scene.fake.ask_also(FieldInfo { default: "<user>, <today>".into(), ..field });
    let fixed = prepared::field("Edition", FieldType::Text, "", FieldAccess::ReadOnly);
    let description = "US:\"Which one\";GE:\"Welche\"".to_owned();
    scene.fake.ask_also(FieldInfo { default: "Gold".into(), description, ..fixed });
    let page = scene.admin.get(&format!("/connections/new?connector={}", scene.connector)).await;
    let today = page.value_of("c-Contact").split_once(", ").unwrap().1.to_owned();
    assert!(page.value_of("c-Contact").starts_with("anna"), "{}", page.value_of("c-Contact"));
    let hint = page.all("[id='c-Contact-hint']").join("");
    assert!(hint.contains("<user> stands for:") && hint.contains("<today> stands for:"), "{hint}");
    assert!(hint.contains("(anna") && hint.contains(&format!("({today})")), "{hint}");
    assert!(!hint.contains("<number>"), "only those it has: {hint}");
    // What nobody may change is shown with its value, last as it came.
    let shown = page.all(".field.fixed").pop().unwrap();
    assert!(shown.contains("Edition en") && shown.contains("Gold") && shown.contains("Which one"));
    assert!(!page.has("[name='c-Edition']"));
}

/// Also of fields that nobody may change, and of those that the connector asks for later.
#[tokio::test(flavor = "multi_thread")]
async fn defaults_reach_the_connector_as_values() {
    let mut scene = start().await;
    let fake = scene.fake.clone();
    let ask = |key: &str, kind, list: &str, access, default: &str| {
        let field = prepared::field(key, kind, list, access);
        fake.ask_also(FieldInfo { default: default.into(), ..field });
    };
    let fixed = FieldAccess::ReadOnly;
    ask("Owner", FieldType::Text, "", fixed, "of <user>");
    ask("Made", FieldType::Datetime, "", fixed, "<now>");
    ask("Kind", FieldType::List, "Company", fixed, "02");
    ask("Yes", FieldType::Checkbox, "", fixed, "1");
    ask("Day", FieldType::Datetime, "", fixed, "[DT:12/31/2026 08:30:00]");
    ask("Number", FieldType::Integer, "", FieldAccess::Normal, "many");
    ask("Pin", FieldType::Password, "", FieldAccess::Normal, "initial-pin<user>");
    let page = scene.admin.get(&format!("/connections/new?connector={}", scene.connector)).await;
    let shown = page.all(".field.fixed").join("|");
    for text in ["Nordwind (Schweiz)", "Yes en Yes", "31 Dec 2026, 08:30:00", "of anna"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert_eq!(page.value_of("c-Number"), "0");
    assert!(!page.text.contains("initial-pin"), "a secret is in no page");
    let tested = scene.filled().await.send(&mut scene.admin, "/connections", "test").await;
    scene.portal.clock.advance(90_000);
    let done = Filled::read(&tested).send(&mut scene.admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "the test holds, though it is later now: {}", done.text);
    let id = scene.connections().await.pop().unwrap().id;
    let store = &scene.portal.app.portal.store;
    let kept = configuration::for_calls(store, id).await.unwrap();
    assert!(kept.get("Owner").unwrap().starts_with("of anna"), "{:?}", kept.get("Owner"));
    assert_eq!((kept.get("Number"), kept.get("Pin")), (Some("[I:0]"), None), "nobody typed it");
    let content = scene.portal.database.content();
    assert!(!content.iter().any(|row| row.contains("initial-pin")), "nor is it anywhere else");
    let edit = scene.admin.get(&format!("/connections/{id}/edit")).await;
    let renamed = Filled::read(&edit).set("name", "Nord");
    let renamed = renamed.send(&mut scene.admin, &format!("/connections/{id}"), "save").await;
    assert_eq!(renamed.status, 303, "a name is changed without a test: {}", renamed.text);
    ask("Later", FieldType::Text, "", FieldAccess::Normal, "by <user>");
    ask("Too", FieldType::Text, "", fixed, "by <user>");
    let page = scene.admin.get(&format!("/connections/{id}/edit")).await;
    assert!(page.value_of("c-Later").starts_with("by anna"), "{}", page.value_of("c-Later"));
    assert!(page.all(".field.fixed").join("|").contains("by anna"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_passed_test_ok_makes_an_inactive_connection_in_the_order_of_the_contract() {
    let mut scene = start().await;
    let filled = scene.filled().await;
    scene.fake.calls();
    let tested = filled.send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    assert_eq!(scene.operations(), ["TestConfigData"]);
    assert!(tested.has("button[value=save]:not([disabled])"));
    assert!(tested.text.contains("The test has passed."));
    let done = Filled::read(&tested).send(&mut scene.admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let connection = scene.connections().await.pop().unwrap();
    assert_eq!(done.location, format!("/sync?connection={}", connection.id));
    assert!(!connection.is_active && connection.is_for_everyone);
    let operations = scene.operations();
    let first = ["SaveConnection", "TestConnection", "GetSupportedActorTypes"];
    assert_eq!(operations[..3], first);
    assert_eq!(operations.len(), 3 + 2 * 4, "{operations:?}");
    let store = &scene.portal.app.portal.store;
    let kept = configuration::for_calls(store, connection.id).await.unwrap();
    assert_eq!((kept.get("Password"), kept.get("ReadOnly")), (Some(SECRET), Some("[I:0]")));
    let mapped = mappings::list(store, connection.id).await.unwrap();
    assert_eq!(mapped.len(), 4);
    let customer = mapped.iter().find(|m| m.kind == ActorType::Customer).unwrap();
    assert!(!customer.is_active && !customer.searchable.is_empty());
    let phone = customer.field("Phone").unwrap();
    assert_eq!(phone.crm_field.as_deref(), Some("phone"));
    assert!(!phone.direction.is_any());
    let list = scene.admin.get(&done.location).await;
    assert!(
        list.text.contains("It is inactive") && list.text.contains("Köln &#60;1&#62;"),
        "{}",
        list.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_a_sentence_and_nothing_is_lost() {
    let mut scene = start().await;
    let filled = scene.filled().await.set("c-Password", "wrong").set("c-Timeout", "42");
    scene.admin.language = "de";
    let page = filled.send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(page.status, 422);
    assert!(
        problems(&page).contains("Der Sync Connector sagt: „Abgelehnt“"),
        "{}",
        problems(&page)
    );
    for (name, value) in [
        ("name", "Köln <1>"),
        ("description", "Zweiter Mandant"),
        ("c-Server", "erp.example"),
        ("c-Timeout", "42"),
    ] {
        assert_eq!(page.value_of(name), value);
    }
    assert!(page.has("button[value=save][disabled]"));
    let back = page.value_of("back");
    assert_eq!(back, format!("/connections/new?connector={}", page.value_of("connector")));
    assert_eq!(scene.admin.get(&back).await.status, 200, "for another language");
    // The right one is typed, everything else is still there.
    let again = Filled::read(&page).set("c-Password", SECRET);
    assert_eq!(again.send(&mut scene.admin, "/connections", "test").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_that_is_away_costs_nothing_that_was_typed() {
    let mut scene = start().await;
    let filled = scene.filled().await;
    let away = || Failure::Unreachable { detail: "refused".into() };
    scene.fake.fail("TestConfigData", away());
    let page = filled.send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(page.status, 422);
    assert!(problems(&page).contains("No connection to the Sync Connector came about"));
    assert_eq!(page.value_of("c-Server"), "erp.example");
    // The password need not be typed again, and is not on the page.
    assert_eq!(page.value_of("c-Password"), "");
    let tested = Filled::read(&page).send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    // Away from the start: a sentence instead of fields, and the name stays.
    scene.fake.fail("GetConfigData", away());
    let page = Filled(vec![("name".into(), "Nord".into())])
        .set("connector", &scene.connector)
        .send(&mut scene.admin, "/connections", "fields")
        .await;
    assert_eq!((page.status, page.value_of("name")), (422, "Nord".to_owned()));
    assert!(page.text.contains("No connection to the Sync Connector came about"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ok_needs_a_test_of_exactly_these_values_however_the_form_is_sent() {
    let mut scene = start().await;
    let filled = scene.filled().await;
    // Never tested, with and without an invented mark.
    for forged in ["", "yes", &"0".repeat(64)] {
        let page = filled
            .clone()
            .set("tested", forged)
            .send(&mut scene.admin, "/connections", "save")
            .await;
        assert_eq!(page.status, 422, "{forged}");
        assert!(problems(&page).contains("Please test the ERP connection first"));
    }
    // Tested, and changed afterwards: any field, the password included.
    let tested = filled.send(&mut scene.admin, "/connections", "test").await;
    let tested = Filled::read(&tested);
    for (name, value) in
        [("c-Server", "other"), ("c-Password", "other one"), ("c-ReadOnly", "1"), ("c-Rate", "2")]
    {
        let page =
            tested.clone().set(name, value).send(&mut scene.admin, "/connections", "save").await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.has("button[value=save][disabled]"), "{name}");
    }
    // The mark of another session does not count.
    let mut bert = people::signed_in(&scene.portal, "bert", Role::Admin).await;
    bert.get("/companies/new").await;
    let stolen =
        tested.clone().set("c-Password", SECRET).send(&mut bert, "/connections", "save").await;
    assert_eq!(stolen.status, 422);
    assert!(scene.connections().await.is_empty());
    // Name, description and scope are no part of the test.
    let done =
        tested.set("name", "Other name").send(&mut scene.admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_counts_as_passed_and_is_shown() {
    let mut scene = start().await;
    let filled = scene.filled().await.set("c-Company", "02");
    let tested = filled.send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(tested.status, 200);
    assert!(tested.all(".notice.warn").join("").contains("Closed for posting"));
    let done = Filled::read(&tested).send(&mut scene.admin, "/connections", "save").await;
    assert_eq!(done.status, 303);
    assert!(scene.admin.get(&done.location).await.text.contains("Closed for posting"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_value_gets_a_word_at_its_place() {
    let mut scene = start().await;
    let long = "x".repeat(255);
    for (name, value) in [
        ("name", ""),
        ("name", &long),
        ("description", &long),
        ("connector", ""),
        ("scope", ""),
        ("scope", "nonsense"),
        ("c-Server", ""),
        ("c-Server", &"x".repeat(81)),
        ("c-Password", ""),
        ("c-Company", ""),
        ("c-Timeout", "many"),
        ("c-Rate", "1e999"),
        ("c-From", "2026-02-30T10:00"),
    ] {
        let filled = scene.filled().await.set(name, value);
        let page = filled.send(&mut scene.admin, "/connections", "save").await;
        assert_eq!(page.status, 422, "{name}={value}");
        assert!(page.has(&format!("[id='{name}-problem']")), "{name}={value}: {}", problems(&page));
        if name != "connector" {
            assert_eq!(
                page.value_of("c-Server"),
                if name == "c-Server" { value } else { "erp.example" }
            );
        }
    }
    assert!(scene.connections().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_connector_fails_half_way_nothing_is_left_on_either_side() {
    let mut scene = start().await;
    for (operation, word) in [
        ("SaveConnection", "did not take the configuration"),
        ("TestConnection", "its test of the connection failed"),
        ("GetSupportedActorTypes", "which actor types it offers"),
        ("GetSupportedActorTypeFields", "which fields"),
        ("GetSearchableFields", "which fields"),
    ] {
        let filled = scene.filled().await;
        let tested = filled.send(&mut scene.admin, "/connections", "test").await;
        let tested = Filled::read(&tested);
        scene.fake.calls();
        scene.fake.fail(operation, Failure::TimedOut { limit: Duration::from_secs(10) });
        let page = tested.send(&mut scene.admin, "/connections", "save").await;
        assert_eq!(page.status, 422, "{operation}");
        let said = problems(&page);
        assert!(said.contains(word) && said.contains("did not answer within 10 seconds"), "{said}");
        assert!(scene.connections().await.is_empty());
        assert_eq!(scene.operations().last(), Some(&"DeleteConnection"), "{operation}");
        // The test still counts: OK again, and it works.
        assert!(page.has("button[value=save]:not([disabled])"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_in_no_page_and_no_history() {
    let mut scene = start().await;
    let filled = scene.filled().await;
    let mut pages = vec![filled.send(&mut scene.admin, "/connections", "fields").await];
    pages.push(filled.send(&mut scene.admin, "/connections", "test").await);
    pages.push(filled.send(&mut scene.admin, "/connections", "save").await);
    let repeated = Failure::refused(format!("login {SECRET} refused"), format!("at {SECRET}"));
    scene.fake.fail("TestConfigData", repeated.clone());
    pages.push(filled.send(&mut scene.admin, "/connections", "test").await);
    let id = scene.add().await.id;
    for path in ["", "/edit", "/checks", "/activations", "/delete", "/mappings"] {
        pages.push(scene.admin.get(&format!("/connections/{id}{path}")).await);
    }
    scene.fake.fail("TestConnection", repeated);
    pages.push(scene.admin.post(&format!("/connections/{id}/checks"), &[]).await);
    pages.push(scene.admin.get(&format!("/sync?connection={id}")).await);
    let plain = |text: &str| {
        let escaped = SECRET.replace('<', "&#60;").replace('>', "&#62;");
        text.contains(SECRET) || text.contains(&escaped) || text.contains("s3cret")
    };
    for page in &pages {
        assert!(page.status < 500 && !plain(&page.text), "{}", page.text);
    }
    assert!(pages[3].text.contains("login ••• refused"), "{}", problems(&pages[3]));
    let columns = "before_values, after_values, subject_name";
    let history = scene.portal.database.ask(&format!("SELECT {columns} FROM history"));
    assert!(!plain(&history.join("\n")));
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_scope_change_while_active_and_the_configuration_does_not() {
    let mut scene = start().await;
    let id = scene.add().await.id;
    prepared::activate(&scene.portal.app.portal.store, id).await;
    scene.fake.calls();
    let path = format!("/connections/{id}");
    let page = scene.admin.get(&format!("{path}/edit")).await;
    assert!(!page.has("[name='c-Server']") && !page.has("button[value=test]"));
    let filled = Filled::read(&page).set("name", "Renamed").set("c-Server", "elsewhere");
    let done = filled.send(&mut scene.admin, &path, "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(scene.operations().is_empty(), "no connector is asked for that");
    let connection = scene.find(id).await;
    assert_eq!((connection.name.as_str(), connection.is_active), ("Renamed", true));
    let kept = configuration::for_calls(&scene.portal.app.portal.store, id).await.unwrap();
    assert_eq!(kept.get("Server"), Some("erp.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_connection_is_reconfigured_after_a_new_test_and_keeps_its_secret() {
    let mut scene = start().await;
    let id = scene.add().await.id;
    let path = format!("/connections/{id}");
    let page = scene.admin.get(&format!("{path}/edit")).await;
    assert_eq!(page.value_of("c-Server"), "erp.example");
    assert_eq!(page.value_of("c-Password"), "");
    assert!(page.text.contains("Leave it empty to keep the stored one."));
    assert!(page.has("button[value=save]:not([disabled])"), "nothing was changed yet");
    let filled = Filled::read(&page);
    // Only the name: no test.
    scene.fake.calls();
    let done = filled.clone().set("name", "Nord").send(&mut scene.admin, &path, "save").await;
    assert_eq!((done.status, scene.operations().len()), (303, 0));
    // The configuration: not without a test.
    let page = scene.admin.get(&format!("{path}/edit")).await;
    let changed = Filled::read(&page).set("c-Server", "new.example");
    let refused = changed.send(&mut scene.admin, &path, "save").await;
    assert_eq!(refused.status, 422);
    let tested = Filled::read(&refused).send(&mut scene.admin, &path, "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    scene.fake.calls();
    let done = Filled::read(&tested).send(&mut scene.admin, &path, "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.operations()[..2], ["SaveConnection", "TestConnection"]);
    let kept = configuration::for_calls(&scene.portal.app.portal.store, id).await.unwrap();
    assert_eq!((kept.get("Server"), kept.get("Password")), (Some("new.example"), Some(SECRET)));
    // Refused half-way: the connector gets back what counts here.
    let page = scene.admin.get(&format!("{path}/edit")).await;
    let filled = Filled::read(&page).set("c-Server", "third.example");
    let tested = filled.send(&mut scene.admin, &path, "test").await;
    scene.fake.fail("GetSupportedActorTypes", Failure::BrokenOff { detail: String::new() });
    scene.fake.calls();
    let stopped = Filled::read(&tested).send(&mut scene.admin, &path, "save").await;
    assert_eq!(stopped.status, 422);
    assert_eq!(scene.operations().last(), Some(&"SaveConnection"));
    let kept = configuration::for_calls(&scene.portal.app.portal.store, id).await.unwrap();
    assert_eq!(kept.get("Server"), Some("new.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_never_gets_the_secret_that_was_meant_for_the_old_one() {
    let old = FakeConnector::new(1);
    let new = FakeConnector::new(1);
    let plugins = Plugins::from([
        ("old".to_owned(), old.clone() as Arc<dyn Connector>),
        ("new".to_owned(), new.clone() as Arc<dyn Connector>),
    ]);
    let portal = spawn_with(&[], plugins).await;
    let store = portal.app.portal.store.clone();
    licences::install(&store, "2027-12-31").await;
    let mut tx = store.begin().await.unwrap();
    let connector =
        connectors::insert(&mut tx, &Actor::system(), "ERP", "plugin://old").await.unwrap();
    tx.commit().await.unwrap();
    let admin = people::signed_in(&portal, "anna", Role::Admin).await;
    let mut scene = Scene { portal, fake: old, admin, connector: connector.to_string() };
    let id = scene.add().await.id;
    let path = format!("/connections/{id}");
    // A form opened, typed into and tested before the host changes, with the secret sealed in it.
    let page = scene.admin.get(&format!("{path}/edit")).await;
    let typed = Filled::read(&page).set("c-Password", SECRET).set("c-Server", "x");
    let tested = typed.send(&mut scene.admin, &path, "test").await;
    let before = Filled::read(&tested).without("c-Password");
    let place = format!("/connectors/{connector}");
    let version = scene.admin.get(&format!("{place}/edit")).await.value_of("version");
    let moved = [("name", "ERP"), ("address", "plugin://new"), ("version", version.as_str())];
    assert_eq!(scene.admin.post(&place, &moved).await.status, 303);
    for wish in ["test", "save"] {
        let page = before.send(&mut scene.admin, &path, wish).await;
        assert!(page.status == 422 || page.status == 409, "{wish}: {}", page.text);
    }
    let page = scene.admin.get(&format!("{path}/edit")).await;
    assert!(page.has("input[name='c-Password'][required]"), "it must be typed again");
    let again = Filled::read(&page).send(&mut scene.admin, &path, "test").await;
    assert_eq!(again.status, 422);
    assert!(again.has("[id='c-Password-problem']"));
    scene.admin.post(&format!("{path}/checks"), &[]).await;
    scene.admin.post(&format!("{path}/activations"), &[]).await;
    let received = new.received();
    assert!(
        !received.is_empty() && received.iter().all(|sent| !sent.contains(SECRET)),
        "{received:?}"
    );
    // Typed again, all is well.
    let tested = Filled::read(&page).set("c-Password", "for the new host");
    let tested = tested.send(&mut scene.admin, &path, "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    let done = Filled::read(&tested).send(&mut scene.admin, &path, "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_connections_live_on_one_connector() {
    let mut scene = start().await;
    let first = scene.add().await;
    let filled = scene.filled().await.set("name", "Second").set("c-Company", "02");
    let tested = filled.send(&mut scene.admin, "/connections", "test").await;
    let done = Filled::read(&tested).send(&mut scene.admin, "/connections", "save").await;
    assert_eq!(done.status, 303);
    let all = scene.connections().await;
    assert_eq!(all.len(), 2);
    assert_ne!(all[0].guid, all[1].guid);
    assert_eq!(all[0].connector_id, all[1].connector_id);
    let store = &scene.portal.app.portal.store;
    let company = |id| async move {
        configuration::for_calls(store, id).await.unwrap().get("Company").map(str::to_owned)
    };
    assert_eq!(company(first.id).await.as_deref(), Some("01"));
    assert_eq!(company(all[1].id).await.as_deref(), Some("02"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_connection_gets_its_scope_in_the_form() {
    let mut scene = start().await;
    let store = scene.portal.app.portal.store.clone();
    let udo = people::add_person(&scene.portal, "udo", Role::User).await;
    let mut tx = store.begin().await.unwrap();
    let group = groups::insert_group(&mut tx, &Actor::system(), "Vertrieb").await.unwrap();
    tx.commit().await.unwrap();
    let filled = scene.filled().await.set("scope", "some");
    // Nobody chosen: not complete.
    let page = filled.send(&mut scene.admin, "/connections", "save").await;
    assert!(page.all("[id='scope-problem']").join("").contains("No users or groups are selected"));
    // Somebody found by the search; all typed values stay, and whoever is ticked stays in sight.
    let user = format!("u{udo}");
    let found = filled.set("search", "UDO").send(&mut scene.admin, "/connections", "find").await;
    assert_eq!(found.status, 200);
    assert!(found.has(&format!("input[name=who][value='{user}']")));
    assert_eq!(found.value_of("c-Server"), "erp.example");
    let mut ticked = Filled::read(&found).set("search", "nobody at all").without("create");
    ticked.0.push(("who".into(), user.clone()));
    ticked.0.push(("who".into(), format!("g{group}")));
    for right in ["connect", "create"] {
        ticked.0.push((right.into(), format!("g{group}")));
    }
    let page = ticked.send(&mut scene.admin, "/connections", "find").await;
    assert!(page.has(&format!("input[type=hidden][name=who][value='{user}']")));
    assert!(!page.has(&format!("input[name=create][value='{user}']")));
    let tested = Filled::read(&page).send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", problems(&tested));
    let done = Filled::read(&tested).send(&mut scene.admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", problems(&done));
    let connection = scene.connections().await.pop().unwrap();
    let Scope::Only(mut rows) = access::scope(&store, &connection).await.unwrap() else {
        panic!("for everyone")
    };
    rows.sort_by_key(|row| row.who);
    let row = |who, may_create| Access { who, may_connect: true, may_create };
    assert_eq!(rows, [row(Grantee::User(udo), false), row(Grantee::Group(group), true)]);
    let shown = scene.admin.get(&format!("/connections/{}", connection.id)).await;
    assert!(shown.text.contains("Vertrieb") && shown.text.contains("udo Łoś"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_editor_sees_what_the_first_saved() {
    let mut scene = start().await;
    let id = scene.add().await.id;
    let path = format!("/connections/{id}");
    let mut bert = people::signed_in(&scene.portal, "bert", Role::Admin).await;
    let mine = Filled::read(&scene.admin.get(&format!("{path}/edit")).await).set("name", "Anna's");
    let theirs = Filled::read(&bert.get(&format!("{path}/edit")).await).set("name", "Berts");
    assert_eq!(theirs.send(&mut bert, &path, "save").await.status, 303);
    let lost = mine.send(&mut scene.admin, &path, "save").await;
    assert_eq!(lost.status, 409);
    assert!(lost.all("main table").join("").contains("Berts"));
    assert_eq!(lost.value_of("name"), "Anna's");
    let again = Filled::read(&lost).send(&mut scene.admin, &path, "save").await;
    assert_eq!(again.status, 303, "{}", problems(&again));
    assert_eq!(scene.find(id).await.name, "Anna's");
}

#[tokio::test(flavor = "multi_thread")]
async fn ok_pressed_twice_makes_one_connection() {
    let mut scene = start().await;
    let filled = scene.filled().await;
    let tested = filled.send(&mut scene.admin, "/connections", "test").await;
    let once = tested.value_of("once");
    let filled = Filled::read(&tested);
    let mut pairs: Vec<_> = filled.0.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    pairs.retain(|(key, _)| *key != "once" && *key != "csrf");
    pairs.extend([("once", once.as_str()), ("do", "save")]);
    let first = scene.admin.post("/connections", &pairs).await;
    let second = scene.admin.post("/connections", &pairs).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location, second.location);
    assert_eq!(scene.connections().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_the_configuration_without_secrets_and_changes_nothing() {
    let mut scene = start().await;
    let id = scene.add().await.id;
    let mut eva = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    let shown = eva.get(&format!("/connections/{id}")).await;
    assert_eq!(shown.status, 200);
    assert!(shown.text.contains("erp.example") && shown.all("dd").contains(&"set".to_owned()));
    assert!(!shown.has("main form") && !shown.text.contains("/edit"));
    for path in [format!("/connections/{id}/edit"), "/connections/new".to_owned()] {
        assert_eq!(eva.get(&path).await.status, 403);
    }
    let shut = ["", "/checks", "/activations", "/deactivations", "/delete", "/restorations"];
    for path in shut.map(|end| format!("/connections/{id}{end}")) {
        assert_eq!(eva.post(&path, &[]).await.status, 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_editor_sees_what_became_of_the_configuration() {
    let mut scene = start().await;
    let id = scene.add().await.id;
    let path = format!("/connections/{id}");
    let mut bert = people::signed_in(&scene.portal, "bert", Role::Admin).await;
    let mine = Filled::read(&scene.admin.get(&format!("{path}/edit")).await);
    let theirs = Filled::read(&bert.get(&format!("{path}/edit")).await)
        .set("c-Server", "other.example")
        .set("c-Password", "another-Secret");
    let tested = theirs.send(&mut bert, &path, "test").await;
    let done = Filled::read(&tested).send(&mut bert, &path, "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let lost = mine.set("description", "Mine").send(&mut scene.admin, &path, "save").await;
    assert_eq!(lost.status, 409, "{}", lost.text);
    let rows = lost.all("main tbody tr");
    let row = |caption: &str| rows.iter().find(|row| row.starts_with(caption)).cloned();
    let server = row("Server").unwrap();
    assert!(server.contains("other.example") && server.contains("erp.example"), "{server}");
    assert!(row("Description").unwrap().contains("Mine"));
    assert!(!lost.text.contains("another-Secret") && !lost.text.contains(SECRET));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_form_without_its_version_is_no_400() {
    let mut scene = start().await;
    let id = scene.add().await.id;
    let path = format!("/connections/{id}");
    let filled = Filled::read(&scene.admin.get(&format!("{path}/edit")).await).set("name", "New");
    for filled in [filled.clone().without("version"), filled.clone().set("version", "x")] {
        let again = filled.send(&mut scene.admin, &path, "save").await;
        assert_eq!(again.status, 422);
        assert!(problems(&again).contains("which version"), "{}", problems(&again));
        assert_eq!(again.value_of("name"), "New");
    }
    let nul = filled.set("name", "a\0b").send(&mut scene.admin, &path, "save").await;
    assert_eq!(nul.status, 422);
    assert!(nul.has("#name-problem"));
    assert_eq!(scene.find(id).await.name, "Köln <1>");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_filled_in_without_secrets_and_brings_the_mappings_along() {
    let mut scene = start().await;
    let id = scene.add().await.id;
    let store = scene.portal.app.portal.store.clone();
    let udo = people::add_person(&scene.portal, "udo", Role::User).await;
    let scope = [("scope", "some"), ("who", &*format!("u{udo}")), ("connect", &*format!("u{udo}"))];
    let path = format!("/connections/{id}/scope");
    let version = scene.admin.get(&path).await.value_of("version");
    let sent = [&scope[..], &[("version", &*version), ("do", "save")]].concat();
    assert_eq!(scene.admin.post(&path, &sent).await.status, 303);
    let kind = ActorType::Customer;
    let mut mapping = mappings::find(&store, id, kind).await.unwrap().unwrap();
    mapping.is_active = true;
    let keys: Vec<String> = mapping.keys().into_iter().rev().collect();
    mapping.arrange(&keys);
    let rule = DefaultRule {
        value: Some("[I:3]".to_owned()),
        asks_user: true,
        is_mandatory: false,
        ..DefaultRule::default()
    };
    for field in &mut mapping.fields {
        match field.erp.key.as_str() {
            "Name" => field.direction = Direction::BOTH,
            "Rating" => field.default = Some(rule.clone()),
            _ => {}
        }
    }
    let mut tx = store.begin().await.unwrap();
    mappings::save(&mut tx, &Actor::system(), &mapping).await.unwrap();
    tx.commit().await.unwrap();
    let list = scene.admin.get(&format!("/sync?connection={id}")).await;
    let copy = format!("/connections/new?copy={id}");
    assert!(list.has(&format!("a[href='{copy}']")));
    let form = scene.admin.get(&copy).await;
    assert_eq!(form.status, 200, "{}", form.text);
    assert!(form.all(".notice.info").join("").contains("Filled in as a copy"));
    for (name, value) in [
        ("name", "Copy of Köln <1>"),
        ("description", "Zweiter Mandant"),
        ("connector", &*scene.connector),
        ("c-Server", "erp.example"),
        ("c-Password", ""),
    ] {
        assert_eq!(form.value_of(name), value, "{name}");
    }
    assert!(form.has(&format!("input[name=who][value='u{udo}'][checked]")));
    assert!(!form.text.contains(SECRET) && !form.text.contains("s3cret"));
    let untested = Filled::read(&form).send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(untested.status, 422);
    assert!(untested.has("[id='c-Password-problem']"), "the secret is typed anew");
    let back = untested.value_of("back");
    assert!(back.contains(&format!("copy={id}")), "for another language: {back}");
    let filled = Filled::read(&untested).set("c-Password", SECRET);
    let tested = filled.send(&mut scene.admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    let done = Filled::read(&tested).send(&mut scene.admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let added = scene.connections().await.pop().unwrap();
    assert!(added.id != id && !added.is_active && added.name == "Copy of Köln <1>");
    let Scope::Only(rows) = access::scope(&store, &added).await.unwrap() else {
        panic!("everyone")
    };
    assert_eq!((rows.len(), rows[0].may_connect, rows[0].may_create), (1, true, false));
    let copied = mappings::find(&store, added.id, kind).await.unwrap().unwrap();
    assert!(copied.is_active);
    assert_eq!(copied.keys(), keys, "ranks");
    assert_eq!(copied.field("Name").unwrap().direction, Direction::BOTH);
    assert_eq!(copied.field("Rating").unwrap().default, Some(rule));
    let noted = "SELECT after_values FROM history WHERE action = 'connection-copied'";
    assert!(scene.portal.database.ask(noted)[0].contains("\"copy-of\":\"Köln <1>\""));
    assert_eq!(scene.admin.get("/connections/new?copy=1").await.status, 404);
}
