//! Field refresh: what the connector offers now, looked at and taken over, through HTTP.

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{Access, ActorType, FieldInfo, FieldType};
use gleichlauf::crm::fields::List;
use gleichlauf::mapping::{ActorMapping, DefaultRule, Direction, FieldMapping};
use gleichlauf::store::{crm_lists, mappings};
use gleichlauf::users::Role;

use crate::support::configured::{Configured, anna, configured};
use crate::support::connections::{activate, field};
use crate::support::fake_connector::fields;
use crate::support::filled::Filled;
use crate::support::people;
use crate::support::portal::Page;

const CUSTOMER: ActorType = ActorType::Customer;

impl Configured {
    async fn review(&mut self) -> Page {
        let path = self.path("/field-refreshes");
        self.admin.get(&path).await
    }

    async fn take_over(&mut self, seen: &Page) -> Page {
        let (path, mark) = (self.path("/field-refreshes"), seen.value_of("offer"));
        self.admin.post(&path, &[("offer", &mark)]).await
    }

    async fn mappings(&self) -> Vec<ActorMapping> {
        mappings::list(self.store(), self.connection).await.unwrap()
    }
}

fn named<'a>(mapping: &'a mut ActorMapping, key: &str) -> &'a mut FieldMapping {
    mapping.fields.iter_mut().find(|field| field.erp.key == key).unwrap()
}

/// Customers as they are offered, changed like this.
fn customers(change: impl Fn(&mut FieldInfo)) -> Vec<FieldInfo> {
    let mut all = fields(CUSTOMER);
    all.iter_mut().for_each(change);
    all
}

fn rows(page: &Page) -> String {
    page.all("main tbody tr").join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_has_changed_there_is_nothing_to_take_over() {
    let mut scene = configured().await;
    let before = scene.mappings().await;
    let seen = scene.review().await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("Nothing has changed"), "{}", seen.text);
    assert!(!seen.has("main form[method=post]"));
    let done = scene.take_over(&seen).await;
    assert_eq!((done.status, done.location), (303, scene.path("/mappings")));
    assert_eq!((scene.mappings().await, scene.newest().await), (before, 1));
    for page in ["", "/mappings"] {
        let page = scene.admin.get(&scene.path(page)).await;
        assert!(page.has(&format!("a[href='{}']", scene.path("/field-refreshes"))));
    }
    let summary = scene.admin.get(&format!("/sync?connection={}", scene.connection)).await;
    assert!(summary.has(&format!("a[href='{}']", scene.path("/field-refreshes"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_difference_is_said_with_what_it_means_before_it_takes_effect() {
    let mut scene = configured().await;
    let store = scene.store().clone();
    let mut tx = store.begin().await.unwrap();
    let item = crm_lists::insert(&mut tx, &anna(), List::COUNTRY, "Germany").await.unwrap();
    tx.commit().await.unwrap();
    scene
        .map(|mapping| {
            mapping.is_active = true;
            let phone = named(mapping, "Phone");
            (phone.crm_field, phone.direction) = (Some("phone".to_owned()), Direction::BOTH);
            let country = named(mapping, "Country");
            (country.crm_field, country.direction) = (Some("country".to_owned()), Direction::BOTH);
            country.items.insert("DE".to_owned(), item);
            let value = Some("[I:3]".to_owned());
            let rule = DefaultRule {
                value,
                asks_user: false,
                is_mandatory: false,
                ..DefaultRule::default()
            };
            named(mapping, "Rating").default = Some(rule);
        })
        .await;
    let mut offered = customers(|field| match field.key.as_str() {
        "Country" => (field.kind, field.list) = (FieldType::Text, String::new()),
        "Rating" => field.access = Access::ReadOnly,
        "Since" => field.access = Access::Mandatory,
        _ => {}
    });
    offered.retain(|field| field.key != "Phone");
    offered.push(field("Extra", FieldType::Text, "", Access::Mandatory));
    scene.fake.offer(CUSTOMER, offered);
    scene.fake.offer(ActorType::Partner, fields(ActorType::Partner));
    scene.fake.offer(ActorType::Project, Vec::new());
    let (before, version) = (scene.mappings().await, scene.newest().await);

    let seen = scene.review().await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    assert_eq!(seen.all("main .panel h2"), ["Customer", "Partner", "Project"]);
    let rows = rows(&seen);
    for (field, means) in [
        ("Phone Gone", "Mapped to “Telephone”: no values travel any more"),
        ("Country Changed Its type was List and is Text now.", "The mapping of its list items"),
        ("Rating Changed It can only be read.", "Its default value is removed"),
        ("Since Changed It must be filled", "before the connection is activated it needs"),
        ("Extra en New", "Mandatory, and nothing fills it yet"),
    ] {
        let row = rows.lines().find(|row| row.starts_with(field));
        assert!(row.is_some_and(|row| row.contains(means)), "{field} – {means}:\n{rows}");
    }
    assert_eq!(rows.lines().count(), 5, "{rows}");
    assert!(seen.text.contains("The ERP now offers this actor type, with 7 fields"));
    assert!(seen.text.contains("The ERP no longer offers this actor type"));
    assert_eq!(scene.mappings().await, before, "looking changes nothing");

    let seq = scene.portal.database.actions_after(0).1;
    let done = scene.take_over(&seen).await;
    assert_eq!((done.status, done.location.clone()), (303, scene.path("/mappings")));
    assert_eq!(
        scene.portal.database.actions_after(seq).0,
        [
            "mapping-changed",
            "list-mapping-changed",
            "default-deleted",
            "mapping-changed",
            "mapping-changed"
        ]
    );
    assert_eq!(scene.newest().await, version + 1);
    let page = scene.admin.get(&done.location).await;
    let said = page.all(".notice.good").join("");
    assert!(said.contains("Customer, Phone (Gone): Mapped to"), "the same words: {said}");
    assert!(page.has(&format!("a[href='{}?type=Partner']", scene.path("/mappings"))));
    let mapping = scene.mapping().await;
    assert!(mapping.field("Phone").unwrap().is_missing_in_erp);
    assert_eq!(mapping.field("Phone").unwrap().direction, Direction::BOTH, "kept for its return");
    assert!(mapping.field("Country").unwrap().items.is_empty());
    assert_eq!(mapping.field("Rating").unwrap().default, None);
    let after = scene.mappings().await;
    let of = |kind| after.iter().find(|mapping| mapping.kind == kind).unwrap();
    assert!(!of(ActorType::Partner).is_active && of(ActorType::Project).is_missing);
    assert!(scene.review().await.text.contains("Nothing has changed"));
    // They come back as they were.
    scene.fake.offer(CUSTOMER, fields(CUSTOMER));
    scene.fake.offer(ActorType::Project, fields(ActorType::Project));
    let back = scene.review().await;
    assert!(self::rows(&back).contains("Its mapping to “Telephone” holds again"), "{}", back.text);
    assert!(self::rows(&back).contains("Extra en Gone It was not in use."), "{}", back.text);
    assert!(back.text.contains("offers this actor type again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_looked_at_is_not_taken_over() {
    let mut scene = configured().await;
    scene.fake.offer(CUSTOMER, customers(|field| field.max_length = 40));
    let seen = scene.review().await;
    let name = customers(|field| {
        field.max_length = 40;
        if field.key == "Name" {
            field.name = "Firma".to_owned();
        }
    });
    scene.fake.offer(CUSTOMER, name);
    let before = scene.mappings().await;
    let late = scene.take_over(&seen).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(late.text.contains("Something has changed since you looked"));
    assert!(rows(&late).contains("Firma Changed It was called “Name”."), "{}", rows(&late));
    assert_eq!(scene.mappings().await, before);
    // Somebody else changes the mapping: what taking over means may be another thing.
    scene.map(|mapping| mapping.is_active = true).await;
    let before = scene.mappings().await;
    let late = scene.take_over(&late).await;
    assert_eq!(late.status, 409, "{}", late.text);
    // A form that does not say what was looked at.
    let path = scene.path("/field-refreshes");
    assert_eq!(scene.admin.post(&path, &[]).await.status, 409);
    assert_eq!(scene.mappings().await, before);
    assert_eq!(scene.take_over(&late).await.status, 303);
    assert_eq!(scene.mapping().await.field("Name").unwrap().erp.name, "Firma");
    let seq = scene.portal.database.actions_after(0).1;
    // What no mapping shows is a change all the same, and the history has it.
    scene.fake.offer(CUSTOMER, customers(|field| field.description = "Neu".to_owned()));
    let seen = scene.review().await;
    assert_eq!(scene.take_over(&seen).await.status, 303);
    assert_eq!(scene.portal.database.actions_after(seq).0, ["mapping-changed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_connection_is_active_one_can_only_look() {
    let mut scene = configured().await;
    scene.fake.withdraw("Phone");
    let inactive = scene.review().await;
    activate(scene.store(), scene.connection).await;
    let before = scene.mappings().await;
    let seen = scene.review().await;
    assert!(rows(&seen).contains("Phone Gone"), "{}", seen.text);
    assert!(!seen.has("input[name=offer]") && seen.text.contains("The connection is active"));
    let refused = scene.take_over(&inactive).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_eq!(scene.mappings().await, before);
    // The button comes back here.
    let (off, here) = (scene.path("/deactivations"), scene.path("/field-refreshes"));
    assert_eq!(seen.attribute("main form", "action").as_deref(), Some(off.as_str()));
    let back = scene.admin.post(&off, &[("back", &here)]).await;
    assert_eq!(back.location, here);
    let seen = scene.review().await;
    assert_eq!(scene.take_over(&seen).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_that_is_away_is_told_with_the_next_step() {
    let mut scene = configured().await;
    scene.fake.withdraw("Phone");
    let seen = scene.review().await;
    for operation in ["GetSupportedActorTypes", "GetSupportedActorTypeFields"] {
        scene.fake.fail(operation, Failure::Unreachable { detail: String::new() });
        let away = scene.review().await;
        assert_eq!(away.status, 200);
        let said = away.all(".notice.bad").join("");
        assert!(said.contains("could not be asked") && said.contains("ask once more"), "{said}");
        assert!(away.has(&format!("a.primary[href='{}']", scene.path("/field-refreshes"))));
        scene.fake.fail(operation, Failure::Unreachable { detail: String::new() });
        assert_eq!(scene.take_over(&seen).await.status, 422);
    }
    assert!(!scene.mapping().await.field("Phone").unwrap().is_missing_in_erp);
}

#[tokio::test(flavor = "multi_thread")]
async fn auditors_look_and_take_nothing_over() {
    let mut scene = configured().await;
    scene.fake.withdraw("Phone");
    let mut eva = people::signed_in(&scene.portal, "eva", Role::Auditor).await;
    let seen = eva.get(&scene.path("/field-refreshes")).await;
    assert!(seen.status == 200 && rows(&seen).contains("Phone Gone"), "{}", seen.text);
    assert!(!seen.has("main form"));
    assert_eq!(eva.post(&scene.path("/field-refreshes"), &[("offer", "x")]).await.status, 403);
    assert_eq!(scene.admin.get("/connections/1/field-refreshes").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn saving_another_configuration_tells_the_same() {
    let mut scene = configured().await;
    scene
        .map(|mapping| {
            let phone = named(mapping, "Phone");
            (phone.crm_field, phone.direction) = (Some("phone".to_owned()), Direction::BOTH);
        })
        .await;
    scene.fake.withdraw("Phone");
    let (edit, path) = (scene.path("/edit"), scene.path(""));
    let form = Filled::read(&scene.admin.get(&edit).await).set("c-Server", "other.example");
    let tested = form.send(&mut scene.admin, &path, "test").await;
    let done = Filled::read(&tested).send(&mut scene.admin, &path, "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let said = scene.admin.get(&done.location).await.all(".notice.good").join("");
    assert!(said.contains("offers other fields than before"), "{said}");
    assert!(said.contains("Phone (Gone): Mapped to “Telephone”: no values travel"), "{said}");
}
