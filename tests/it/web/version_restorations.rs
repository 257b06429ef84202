//! Restoring an earlier version: a plan first, all of it or nothing, and itself a version.

use std::time::Duration;

use gleichlauf::connections::{Access, Grantee, Scope};
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::FieldType;
use gleichlauf::crm::fields::List;
use gleichlauf::mapping::Direction;
use gleichlauf::store::{access, configuration, connectors, crm_lists, engine, groups};

use crate::support::configured::{Configured, SECRET, anna, configured};
use crate::support::connections::activate;
use crate::support::filled::Filled;
use crate::support::portal::Page;

fn problems(page: &Page) -> String {
    page.all(".problems li").join(" | ")
}

/// Version 2 maps customers, version 3 does not.
async fn mapped_and_undone() -> Configured {
    let scene = configured().await;
    let before = scene.mapping().await;
    scene
        .map(|mapping| {
            mapping.is_active = true;
            let field = |mapping: &mut gleichlauf::mapping::ActorMapping, key: &str| {
                mapping.fields.iter().position(|field| field.erp.key == key).unwrap()
            };
            let name = field(mapping, "Name");
            mapping.fields[name].direction = Direction::BOTH;
            mapping.fields.swap(0, 2);
        })
        .await;
    scene
        .map(|mapping| {
            mapping.is_active = before.is_active;
            mapping.fields = before.fields.clone();
        })
        .await;
    assert_eq!(scene.newest().await, 3);
    scene
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_shown_and_carried_out_as_one_version() {
    let mut scene = mapped_and_undone().await;
    let plan = scene.plan(2).await;
    assert_eq!(plan.status, 200, "{}", plan.text);
    let rows = plan.all("table.plan tbody tr");
    assert!(rows.iter().any(|row| row.starts_with("Add") && row.contains("both ways")), "{rows:?}");
    assert!(plan.text.contains("Passwords are not kept"), "{}", plan.text);
    let seq = scene.portal.database.actions_after(0).1;
    let done = scene.restore(2, &plan).await;
    assert_eq!((done.status, done.location), (303, scene.path("/versions")), "{}", done.text);
    assert_eq!(
        scene.portal.database.actions_after(seq).0,
        ["version-restored", "mapping-changed", "rank-changed"]
    );
    let mapping = scene.mapping().await;
    assert!(mapping.is_active);
    assert_eq!(mapping.field("Name").unwrap().direction, Direction::BOTH);
    assert_eq!(scene.newest().await, 4);
    let compared = scene.admin.get(&scene.path("/versions/compare?a=2&b=4")).await;
    assert!(compared.text.contains("Nothing differs"), "{}", compared.text);
    // What is restored already has nothing left to do.
    let plan = scene.plan(2).await;
    assert!(plan.text.contains("Nothing would change") && !plan.has("button[value=restore]"));
    assert_eq!(scene.restore(2, &plan).await.status, 422);
    assert_eq!(scene.newest().await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_out_of_date_does_nothing() {
    let mut scene = mapped_and_undone().await;
    let plan = scene.plan(2).await;
    scene.change("Süd", Scope::Everyone).await;
    let content = scene.portal.database.content();
    let late = scene.restore(2, &plan).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(late.text.contains("Something changed after this plan"), "{}", late.text);
    assert!(late.all("table.plan tbody tr").iter().any(|row| row.ends_with("Süd Nord")));
    assert_eq!(scene.portal.database.content(), content);
    // The page just shown is the plan as it is now.
    let done = scene.restore(2, &late).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.find().await.name, "Nord");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_connection_is_active_only_what_needs_no_rest_is_restored() {
    let mut scene = mapped_and_undone().await;
    scene.change("Süd", Scope::Everyone).await;
    activate(scene.store(), scene.connection).await;
    let plan = scene.plan(2).await;
    assert!(plan.text.contains("The connection is active"), "{}", plan.text);
    assert!(!plan.has("button[value=restore]"));
    let content = scene.portal.database.content();
    assert_eq!(scene.restore(2, &plan).await.status, 422);
    assert_eq!(scene.portal.database.content(), content);
    // The name alone can be had.
    let path = scene.path("/versions/2/restorations");
    let less = Filled::read(&plan).without("part").set("part", "general");
    let plan = less.send(&mut scene.admin, &path, "plan").await;
    assert_eq!(plan.status, 200, "{}", plan.text);
    assert_eq!(plan.all("table.plan tbody tr").len(), 1);
    let done = scene.restore(2, &plan).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.find().await.name, "Nord");
    assert!(!scene.mapping().await.is_active);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_is_named_and_the_rest_comes_back() {
    let mut scene = configured().await;
    let store = scene.store().clone();
    let mut tx = store.begin().await.unwrap();
    let group = groups::insert_group(&mut tx, &anna(), "Vertrieb").await.unwrap();
    let kept = groups::insert_group(&mut tx, &anna(), "Einkauf").await.unwrap();
    let land = crm_lists::insert(&mut tx, &anna(), List::COUNTRY, "Atlantis").await.unwrap();
    tx.commit().await.unwrap();
    let row = |id| Access { who: Grantee::Group(id), may_connect: true, may_create: true };
    scene.change("Nord", Scope::Only(vec![row(group), row(kept)])).await;
    scene
        .map(|mapping| {
            let of_list =
                |field: &&mut gleichlauf::mapping::FieldMapping| field.erp.kind == FieldType::List;
            let country = mapping.fields.iter_mut().find(of_list).unwrap();
            country.crm_field = Some("country".to_owned());
            country.direction = Direction::TO_CRM;
            country.items.insert("DE".to_owned(), land);
        })
        .await;
    let wanted = scene.newest().await;
    scene.change("Nord", Scope::Everyone).await;
    scene.map(|mapping| mapping.fields.iter_mut().for_each(|field| field.items.clear())).await;
    let mut tx = store.begin().await.unwrap();
    crm_lists::delete(&mut tx, &anna(), land).await.unwrap();
    groups::delete_group(&mut tx, &anna(), group, 1).await.unwrap();
    tx.commit().await.unwrap();
    let plan = scene.plan(wanted).await;
    let left = plan.all("[aria-labelledby=left-out] li");
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left[0].contains("Vertrieb") && left[1].contains("Atlantis"), "{left:?}");
    let done = scene.restore(wanted, &plan).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let said = scene.admin.get(&done.location).await;
    assert!(said.all(".notice.warn").iter().any(|text| text.contains("2 things were left out")));
    let scope = access::scope(&store, &scene.find().await).await.unwrap();
    assert!(matches!(scope, Scope::Only(rows) if rows.len() == 1));
}

/// Version 2 maps "DE" and "AT" of customers' countries, version 3 neither.
async fn with_countries() -> Configured {
    let scene = configured().await;
    let store = scene.store().clone();
    let mut tx = store.begin().await.unwrap();
    let mut items = Vec::new();
    for text in ["Deutschland", "Österreich"] {
        items.push(crm_lists::insert(&mut tx, &anna(), List::COUNTRY, text).await.unwrap());
    }
    tx.commit().await.unwrap();
    scene
        .map(|mapping| {
            let field = mapping.fields.iter_mut().find(|f| f.erp.key == "Country").unwrap();
            field.crm_field = Some("country".to_owned());
            field.direction = Direction::TO_CRM;
            field.items = [("DE".to_owned(), items[0]), ("AT".to_owned(), items[1])].into();
        })
        .await;
    scene.map(|mapping| mapping.fields.iter_mut().for_each(|field| field.items.clear())).await;
    scene
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_the_erps_list_lost_are_named() {
    let mut scene = with_countries().await;
    scene.fake.withdraw("AT");
    let plan = scene.plan(2).await;
    let left = plan.all("[aria-labelledby=left-out] li");
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("AT") && left[0].contains("ERP’s list has no such item"), "{left:?}");
    let done = scene.restore(2, &plan).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let items = scene.mapping().await.field("Country").unwrap().items.clone();
    assert_eq!(items.into_keys().collect::<Vec<_>>(), ["DE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_not_mapped_while_the_erps_list_cannot_be_read() {
    let mut scene = with_countries().await;
    scene.fake.fail("GetList", Failure::refused("closed", "x"));
    let plan = scene.plan(2).await;
    let left = plan.all("[aria-labelledby=left-out] li").join("|");
    assert!(left.contains("did not say what the ERP’s list holds"), "{left}");
    assert!(plan.text.contains("Nothing would change"), "{}", plan.text);
    // Now it answers: that is another plan.
    let late = scene.restore(2, &plan).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(!late.has("[aria-labelledby=left-out]"), "{}", late.text);
    assert_eq!(scene.restore(2, &late).await.status, 303);
    assert_eq!(scene.mapping().await.field("Country").unwrap().items.len(), 2);
}

/// Version 2 has another server and another password.
async fn moved() -> Configured {
    let mut scene = configured().await;
    move_server(&mut scene).await;
    scene
}

async fn move_server(scene: &mut Configured) {
    let page = scene.admin.get(&scene.path("/edit")).await;
    let filled =
        Filled::read(&page).set("c-Server", "new.example").set("c-Password", "other-secret");
    let path = scene.path("");
    let tested = filled.send(&mut scene.admin, &path, "test").await;
    let done = Filled::read(&tested).send(&mut scene.admin, &path, "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    scene.fake.calls();
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_configuration_fields_are_tested_and_secrets_stay() {
    let mut scene = moved().await;
    let plan = scene.plan(1).await;
    assert!(plan.text.contains("Test and restore"), "{}", plan.text);
    let done = scene.restore(1, &plan).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let called: Vec<&str> = scene.fake.calls().into_iter().map(|(call, _)| call).collect();
    assert_eq!(called[..3], ["TestConfigData", "SaveConnection", "TestConnection"]);
    let kept = configuration::for_calls(scene.store(), scene.connection).await.unwrap();
    assert_eq!(
        (kept.get("Server"), kept.get("Password")),
        (Some("erp.example"), Some("other-secret"))
    );
    let sent = scene.fake.received().pop().unwrap();
    assert!(
        sent.contains("Server=erp.example") && sent.contains("Password=other-secret"),
        "{sent}"
    );
    assert!(
        !scene.portal.database.ask("SELECT document FROM config_version").concat().contains(SECRET)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_connector_refuses_is_not_restored() {
    for step in ["TestConfigData", "SaveConnection", "TestConnection"] {
        let mut scene = moved().await;
        let plan = scene.plan(1).await;
        let content = scene.portal.database.content();
        scene.fake.fail(step, Failure::refused("no such client", "x"));
        let refused = scene.restore(1, &plan).await;
        assert_eq!(refused.status, 422, "{step}: {}", refused.text);
        assert!(problems(&refused).contains("no such client"), "{step}: {}", problems(&refused));
        assert_eq!(scene.portal.database.content(), content, "{step}");
        let last = scene.fake.received().pop().unwrap();
        if step != "TestConfigData" {
            assert!(last.contains("new.example"), "the connector has what counts here again");
        }
        // Once it agrees, the same page does it.
        let done = scene.restore(1, &refused).await;
        assert_eq!(done.status, 303, "{step}: {}", done.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_connector_no_longer_offers_under_another_configuration_is_named() {
    let mut scene = configured().await;
    scene
        .map(|mapping| {
            let phone = mapping.fields.iter_mut().find(|f| f.erp.key == "Phone").unwrap();
            phone.direction = Direction::TO_ERP;
        })
        .await;
    let wanted = scene.newest().await;
    move_server(&mut scene).await;
    scene.map(|m| m.fields.iter_mut().for_each(|field| field.direction = Direction::NONE)).await;
    let plan = scene.plan(wanted).await;
    assert!(!plan.has("[aria-labelledby=left-out]"), "{}", plan.text);
    scene.fake.withdraw("Phone");
    let done = scene.restore(wanted, &plan).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let said = scene.admin.get(&done.location).await;
    let said = said.all(".notice.warn").join("|");
    assert!(said.contains("Left out") && said.contains("Phone"), "{said}");
    assert!(said.contains("Customer, Phone (Gone): Mapped to"), "as at a field refresh: {said}");
    let phone = scene.mapping().await.field("Phone").unwrap().clone();
    assert!(phone.is_missing_in_erp && !phone.direction.is_any());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_while_the_connector_was_asked_is_not_restored_unseen() {
    let mut scene = configured().await;
    let store = scene.store().clone();
    let mut tx = store.begin().await.unwrap();
    let group = groups::insert_group(&mut tx, &anna(), "Vertrieb").await.unwrap();
    tx.commit().await.unwrap();
    let row = Access { who: Grantee::Group(group), may_connect: true, may_create: true };
    scene.change("Nord", Scope::Only(vec![row])).await;
    let wanted = scene.newest().await;
    move_server(&mut scene).await;
    scene.change("Nord", Scope::Everyone).await;
    let plan = scene.plan(wanted).await;
    let fake = scene.fake.clone();
    let held = fake.hold("TestConnection");
    let leave = async {
        while !fake.calls().iter().any(|(call, _)| *call == "TestConnection") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut tx = store.begin().await.unwrap();
        groups::delete_group(&mut tx, &anna(), group, 1).await.unwrap();
        tx.commit().await.unwrap();
        held.notify_one();
    };
    let (late, ()) = tokio::join!(scene.restore(wanted, &plan), leave);
    assert_eq!(late.status, 409, "{}", late.text);
    let left = late.all("[aria-labelledby=left-out] li").join("|");
    assert!(left.contains("Vertrieb"), "{left}");
    let scope = access::scope(&store, &scene.find().await).await.unwrap();
    assert_eq!(scope, Scope::Everyone);
    let last = fake.received().pop().unwrap();
    assert!(last.contains("new.example"), "the connector has what counts here again: {last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connectors_come_back_by_the_rules_of_their_form() {
    let mut scene = configured().await;
    let store = scene.store().clone();
    let id = scene.connector;
    let mut tx = store.begin().await.unwrap();
    connectors::update(&mut tx, &anna(), (id, 1), "Other", "https://elsewhere.example")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let path = format!("/connectors/{id}/versions/1/restorations");
    let plan = scene.admin.get(&path).await;
    assert!(plan.text.contains("another host"), "{}", plan.text);
    let mut tx = store.begin().await.unwrap();
    let taken = connectors::insert(&mut tx, &anna(), "Fake ERP", "plugin://fake").await.unwrap();
    tx.commit().await.unwrap();
    let refused = Filled::read(&plan).send(&mut scene.admin, &path, "restore").await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let mut tx = store.begin().await.unwrap();
    connectors::update(&mut tx, &anna(), (taken, 1), "Third", "plugin://fake").await.unwrap();
    tx.commit().await.unwrap();
    let done = Filled::read(&refused).send(&mut scene.admin, &path, "restore").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let found = connectors::find(&store, id).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.address.as_str()), ("Fake ERP", "plugin://fake"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_priority_comes_back_among_those_that_are_there() {
    let mut scene = configured().await;
    let other = scene.add("Süd").await;
    let store = scene.store().clone();
    let set = async |order: String, name: &str| {
        let mut tx = store.begin().await.unwrap();
        engine::set_priority(&mut tx, &anna(), &order, ("", name)).await.unwrap();
        tx.commit().await.unwrap();
    };
    let first = scene.connection;
    set(format!("{other};{first};0"), "a").await;
    set(format!("0;{first};{other}"), "b").await;
    let mut tx = store.begin().await.unwrap();
    gleichlauf::store::connections::delete(&mut tx, &anna(), (other, 1)).await.unwrap();
    tx.commit().await.unwrap();
    let path = "/sync/priority/versions/2/restorations";
    let plan = scene.admin.get(path).await;
    assert!(plan.all("[aria-labelledby=left-out] li")[0].contains("Süd"), "{}", plan.text);
    let done = Filled::read(&plan).send(&mut scene.admin, path, "restore").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(engine::priority(&store).await.unwrap(), format!("{first};0"));
}
