//! Fields that admins add: their screens, and what becomes of them in records, mappings and imports.

use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::crm::fields::CustomField;
use gleichlauf::crm::value::{FieldKind, Value};
use gleichlauf::crm::{RecordId, RecordKind, Values};
use gleichlauf::history::Actor;
use gleichlauf::mapping::Direction;
use gleichlauf::store::{Store, crm, crm_fields, crm_lists, mappings};
use gleichlauf::users::Role;

use crate::support::configured::configured;
use crate::support::connections::{add as add_connection, field as erp_field};
use crate::support::custom_fields::{add, delete, find, insert, new_field, restore};
use crate::support::filled::Filled;
use crate::support::portal::{Browser, Page, Portal, spawn};
use crate::support::{licences, people};

const LIST: &str = "/crm-fields?kind=company";
const COMPANY: RecordKind = RecordKind::Company;

async fn portal() -> (Portal, Browser) {
    let portal = spawn(&[]).await;
    let ada = people::signed_in(&portal, "ada", Role::Admin).await;
    (portal, ada)
}

fn store(portal: &Portal) -> &Store {
    &portal.app.portal.store
}

fn rows_after(portal: &Portal, seq: i64) -> Vec<String> {
    portal.database.actions_after(seq).0
}

fn seq(portal: &Portal) -> i64 {
    portal.database.actions_after(0).1
}

/// The only field of companies.
async fn only(portal: &Portal) -> CustomField {
    crm_fields::list(store(portal), COMPANY).await.unwrap().remove(0)
}

async fn record(portal: &Portal, values: &[(&str, Value)]) -> RecordId {
    let name = ("name", Value::Text("Nordwind".into()));
    let values: Values = values.iter().cloned().chain([name]).collect();
    let mut tx = store(portal).begin().await.unwrap();
    let id = crm::insert(&mut tx, &Actor::system(), COMPANY, None, &values).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn value(portal: &Portal, id: RecordId, key: &str) -> Value {
    let found = crm::find(store(portal), COMPANY, id).await.unwrap().unwrap();
    found.values.get(key).clone()
}

fn problems(page: &Page) -> String {
    assert_eq!(page.status, 422, "{}", page.text);
    page.all(".problems li").join(" | ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_is_added_by_its_type_and_changed() {
    let (portal, mut ada) = portal().await;
    let empty = ada.get(LIST).await;
    assert!(empty.has(".empty") && empty.text.contains("/crm-fields/new?kind=company"));
    assert!(empty.text.contains("Fax"), "what is there already");
    let types = ada.get("/crm-fields/new?kind=company").await;
    let links = types.attributes("td.title a", "href");
    assert_eq!(links.len(), FieldKind::ALL.len());
    let form = ada.get(&links[0]).await;
    let from = seq(&portal);
    let typed =
        Filled::read(&form).set("german", "Farbe").set("english", "Colour").set("is_required", "1");
    let done = typed.send(&mut ada, "/crm-fields", "").await;
    assert_eq!((done.status, done.location.as_str()), (303, LIST), "{}", done.text);
    assert_eq!(rows_after(&portal, from), ["crm-field-added"]);
    let list = ada.get(LIST).await;
    assert_eq!(list.all(".sortable-text"), ["Colour Text, up to 200 characters, mandatory"]);
    let custom = only(&portal).await;
    let edit = ada.get(&format!("/crm-fields/{}/edit", custom.id)).await;
    assert!(edit.text.contains("cannot be changed") && edit.text.contains("not mapped"));
    let from = seq(&portal);
    let path = format!("/crm-fields/{}", custom.id);
    let typed = Filled::read(&edit).set("german", "Ton").without("is_required");
    let done = typed.clone().set("max_length", "1,000").send(&mut ada, &path, "").await;
    assert_eq!(done.location, LIST, "{}", done.text);
    assert_eq!(rows_after(&portal, from), ["crm-field-changed"]);
    let custom = only(&portal).await;
    assert_eq!((custom.field.max_length, custom.field.is_required), (1000, false));
    assert_eq!(custom.field.label.as_deref(), Some("US:\"Colour\";GE:\"Ton\""));
    // The same form again was made of an older version.
    let lost = typed.send(&mut ada, &path, "").await;
    assert_eq!(lost.status, 409);
    assert!(lost.text.contains("1000") || lost.text.contains("1,000"), "{}", lost.text);
    assert_eq!(lost.value_of("version"), custom.version.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_said_at_its_place_and_nothing_is_lost() {
    let (portal, mut ada) = portal().await;
    add(store(&portal), COMPANY, FieldKind::Date, "Farbe").await;
    let from = seq(&portal);
    let new = "/crm-fields/new?kind=company&type=text";
    for (name, value, said) in [
        ("german", "", "Please fill this in"),
        ("german", "Farbe", "field of this name already"),
        ("german", "Telefon", "there from the start"),
        ("max_length", "0", "from 1 to"),
        ("max_length", "<b>", "from 1 to"),
    ] {
        let page = ada.get(new).await;
        let typed = Filled::read(&page).set("german", "Muster").set("english", "").set(name, value);
        let again = typed.send(&mut ada, "/crm-fields", "").await;
        assert!(problems(&again).contains(said), "{name} {value}: {}", problems(&again));
        assert_eq!(again.value_of(name), value);
    }
    let page = ada.get("/crm-fields/new?kind=company&type=list").await;
    let typed = Filled::read(&page).set("german", "Muster");
    let again = typed.clone().send(&mut ada, "/crm-fields", "").await;
    assert!(problems(&again).contains("at least one"));
    let again = typed.set("more", "Rot\nrot").send(&mut ada, "/crm-fields", "").await;
    assert!(problems(&again).contains("“rot” already"));
    assert_eq!(ada.post("/crm-fields", &[("kind", "moon"), ("type", "text")]).await.status, 400);
    assert_eq!(ada.get("/crm-fields/1/edit").await.status, 404);
    assert_eq!(rows_after(&portal, from), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_items_of_a_list_are_edited_without_scripts() {
    let (portal, mut ada) = portal().await;
    let form = ada.get("/crm-fields/new?kind=company&type=list").await;
    let typed = Filled::read(&form).set("german", "Farbe").set("more", "Rot | Red\nBlau\nGrün");
    assert_eq!(typed.send(&mut ada, "/crm-fields", "").await.status, 303);
    let custom = only(&portal).await;
    let (page, path) =
        (format!("/crm-fields/{}/edit", custom.id), format!("/crm-fields/{}", custom.id));
    let list = custom.field.list.unwrap();
    let ids: Vec<String> = {
        let items = crm_lists::list(store(&portal), list).await.unwrap();
        items.iter().map(|item| item.id.to_string()).collect()
    };
    let blue: i64 = ids[1].parse().unwrap();
    let company = record(&portal, &[(&custom.field.key, Value::Item(blue))]).await;
    // An arrow saves and comes back.
    let form = ada.get(&page).await;
    assert_eq!(form.attributes("input[name=order]", "value"), ids);
    let moved = Filled::read(&form).set("move", &format!("up {}", ids[2]));
    assert_eq!(moved.send(&mut ada, &path, "").await.location, page);
    let form = ada.get(&page).await;
    let order = form.attributes("input[name=order]", "value");
    assert_eq!(order, [&ids[0], &ids[2], &ids[1]].map(String::clone));
    let changed = Filled::read(&form)
        .set(&format!("english:{}", ids[2]), "Green")
        .set(&format!("removed:{}", ids[1]), "1")
        .set("more", "Gelb");
    let from = seq(&portal);
    assert_eq!(changed.clone().send(&mut ada, &path, "").await.location, LIST);
    assert_eq!(rows_after(&portal, from), ["crm-field-changed"]);
    assert!(ada.get(LIST).await.all(".sortable-text")[0].ends_with("List: Red, Green, Gelb"));
    // The record keeps what it holds, and says so.
    let show = ada.get(&format!("/companies/{company}")).await;
    assert!(show.text.contains("Blau (removed)"), "{}", show.text);
    let form = ada.get(&format!("/companies/{company}/edit")).await;
    let saved = Filled::read(&form).set("phone", "1");
    assert_eq!(saved.send(&mut ada, &format!("/companies/{company}"), "").await.status, 303);
    assert_eq!(value(&portal, company, &custom.field.key).await, Value::Item(blue));
    let new = ada.get("/companies/new").await;
    assert!(!new.text.contains("Blau"), "nobody else can choose it");
    let other = Filled::read(&new).set("name", "B").set(&custom.field.key, &ids[1]);
    let refused = other.send(&mut ada, "/companies", "").await;
    assert!(problems(&refused).contains("choose from the list"));
    // Sent on top of what somebody else saved, no item of either is lost.
    let lost = changed.set("more", "Lila").send(&mut ada, &path, "").await;
    assert_eq!(lost.status, 409);
    let merged = Filled::read(&lost);
    assert_eq!(merged.send(&mut ada, &path, "").await.location, LIST);
    let texts = ada.get(LIST).await.all(".sortable-text").remove(0);
    assert!(texts.contains("Gelb") && texts.contains("Lila"), "{texts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_is_that_of_the_forms() {
    let (portal, mut ada) = portal().await;
    let mut ids = Vec::new();
    for name in ["Aa", "Bb", "Cc"] {
        let new = new_field(COMPANY, FieldKind::Date, name, &[]);
        ids.push(insert(store(&portal), &new).await.to_string());
    }
    let path = "/crm-fields/order?kind=company";
    let version = ada.get(LIST).await.value_of("version");
    let from = seq(&portal);
    let moved = [("version", version.as_str()), ("move", &format!("up {}", ids[2]))];
    assert_eq!(ada.post(path, &moved).await.location, format!("{LIST}#place-2"));
    assert_eq!(rows_after(&portal, from), ["crm-fields-ordered"]);
    assert_eq!(ada.get(LIST).await.all(".sortable-text a"), ["Aa", "Cc", "Bb"]);
    let form = ada.get("/companies/new").await;
    let labels = form.all("fieldset:last-of-type label");
    assert_eq!(labels, ["Aa", "Cc", "Bb"]);
    // Made of an older order.
    let dragged = [("order", &*ids[1]), ("order", &*ids[0]), ("order", &*ids[2])];
    let stale = [dragged.as_slice(), &[("version", version.as_str())]].concat();
    let lost = ada.post(path, &stale).await;
    assert_eq!(lost.status, 409);
    assert_eq!(lost.all(".sortable-text a"), ["Bb", "Aa", "Cc"]);
    let version = lost.value_of("version");
    let sent = [dragged.as_slice(), &[("version", version.as_str())]].concat();
    assert_eq!(ada.post(path, &sent).await.status, 303);
    assert_eq!(ada.get(LIST).await.all(".sortable-text a"), ["Bb", "Aa", "Cc"]);
    ada.get(LIST).await;
    let unknown = ada.post(path, &dragged[..1]).await;
    assert!(problems(&unknown).contains("did not say which version"));
}

#[tokio::test(flavor = "multi_thread")]
async fn records_have_the_fields_in_a_section_of_their_own() {
    let (portal, mut ada) = portal().await;
    let store = store(&portal);
    let mut keys = Vec::new();
    for (kind, name) in FieldKind::ALL.into_iter().zip(["Te", "Wh", "De", "Ch", "Da", "Li"]) {
        keys.push(add(store, COMPANY, kind, name).await);
    }
    let blue = {
        let list = find(store, &keys[5]).await.field.list.unwrap();
        crm_lists::list(store, list).await.unwrap()[1].id.to_string()
    };
    let page = ada.get("/companies/new").await;
    assert!(page.all("legend").contains(&"Additional fields".to_owned()));
    let good = ["Łódź", "1,000", "2.5", "1", "2026-11-22", &blue];
    let bad = ["x".repeat(21), "1.5".into(), "x".into(), "1".into(), "32.1.".into(), "7".into()];
    let with = |values: &[&str]| {
        let filled = Filled::read(&page).set("name", "Nord");
        keys.iter().zip(values).fold(filled, |form, (key, value)| form.set(key, value))
    };
    let bad: Vec<&str> = bad.iter().map(String::as_str).collect();
    let again = with(&bad).send(&mut ada, "/companies", "").await;
    assert_eq!(again.all(".problems li").len(), 5, "{}", problems(&again));
    assert_eq!(again.value_of(&keys[0]), bad[0]);
    ada.get("/companies/new").await;
    let done = with(&good).send(&mut ada, "/companies", "").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let show = ada.get(&done.location).await;
    let facts = show.all("dl.facts div");
    for fact in ["TeŁódź", "Wh1,000", "De2.5", "ChYes", "LiBlau"] {
        assert!(facts.iter().any(|shown| shown == fact), "{fact}: {facts:?}");
    }
    assert!(facts.iter().any(|shown| shown.starts_with("Da") && shown.contains("2026")));
    let row = ada.get("/history?action=record-added").await;
    assert!(row.text.contains("Te: Łódź") && row.text.contains("Li: Blau"), "by their names");
    // Both versions, when two people change one.
    let edit = format!("{}/edit", done.location);
    let form = Filled::read(&ada.get(&edit).await);
    let first = form.clone().set(&keys[0], "Kiel");
    assert_eq!(first.send(&mut ada, &done.location, "").await.status, 303);
    let second = form.set(&keys[0], "Köln").send(&mut ada, &done.location, "").await;
    assert_eq!(second.status, 409);
    let rows = second.all("tbody tr").join(" | ");
    assert!(rows.contains("Te Kiel Köln"), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_lacks_a_field_leaves_its_value() {
    let (portal, mut ada) = portal().await;
    let key = add(store(&portal), COMPANY, FieldKind::Check, "Gesperrt").await;
    let other = add(store(&portal), COMPANY, FieldKind::Text, "Farbe").await;
    let values = [(&*key, Value::Check(true)), (&*other, Value::Text("rot".into()))];
    let id = record(&portal, &values).await;
    delete(store(&portal), &key).await;
    delete(store(&portal), &other).await;
    let (page, path) = (format!("/companies/{id}/edit"), format!("/companies/{id}"));
    let form = Filled::read(&ada.get(&page).await).set("phone", "1");
    // Brought back while somebody was typing.
    restore(store(&portal), &key).await;
    restore(store(&portal), &other).await;
    assert_eq!(form.send(&mut ada, &path, "").await.status, 303);
    assert_eq!(value(&portal, id, &key).await, Value::Check(true));
    assert_eq!(value(&portal, id, &other).await, Value::Text("rot".into()));
    assert!(ada.get("/companies?search=rot").await.text.contains("Nordwind"), "found again");
    // The same when the form is shown once more before it is saved.
    delete(store(&portal), &key).await;
    delete(store(&portal), &other).await;
    let form = Filled::read(&ada.get(&page).await).set("name", "");
    restore(store(&portal), &key).await;
    restore(store(&portal), &other).await;
    let again = form.send(&mut ada, &path, "").await;
    assert_eq!(again.status, 422);
    let form = Filled::read(&again).set("name", "Nordwind");
    assert_eq!(form.send(&mut ada, &path, "").await.status, 303);
    assert_eq!(value(&portal, id, &key).await, Value::Check(true));
    assert_eq!(value(&portal, id, &other).await, Value::Text("rot".into()));
    // What is typed into a field that is gone by then is not dropped in silence.
    let form = Filled::read(&ada.get(&page).await).set(&other, "blau");
    delete(store(&portal), &other).await;
    let told = form.send(&mut ada, &path, "").await;
    assert!(problems(&told).contains("Farbe"), "{}", told.text);
    assert_eq!(Filled::read(&told).send(&mut ada, &path, "").await.status, 303);
    restore(store(&portal), &other).await;
    assert_eq!(value(&portal, id, &other).await, Value::Text("rot".into()));
    let form = Filled::read(&ada.get(&page).await).without(&key).set(&other, "");
    assert_eq!(form.send(&mut ada, &path, "").await.status, 303);
    assert_eq!(value(&portal, id, &key).await, Value::Check(false), "unticked");
    assert_eq!(value(&portal, id, &other).await, Value::Empty);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_says_what_it_means_and_can_be_taken_back() {
    let (portal, mut ada) = portal().await;
    licences::install(store(&portal), "2027-12-31").await;
    let key = add(store(&portal), COMPANY, FieldKind::Text, "Farbe").await;
    let custom = find(store(&portal), &key).await;
    let id = record(&portal, &[(&key, Value::Text("Zinnober".into()))]).await;
    let fields = [erp_field("COLOUR", FieldType::Text, "", Access::Normal)];
    let connection = add_connection(store(&portal), "Nordwind ERP", &fields).await;
    let mappings_page = format!("/connections/{connection}/mappings?type=Customer");
    // It is offered there, and mapped.
    let form = ada.get(&mappings_page).await;
    assert!(form.has(&format!("select option[value={key}]")));
    let mapped = Filled::read(&form)
        .set("crm:COLOUR", &key)
        .set("to-erp:COLOUR", "1")
        .set("to-crm:COLOUR", "1");
    let save = format!("/connections/{connection}/mappings/Customer");
    assert_eq!(mapped.send(&mut ada, &save, "").await.status, 303);
    let path = format!("/crm-fields/{}/delete", custom.id);
    let question = ada.get(&path).await;
    assert!(question.text.contains("One record holds a value"), "{}", question.text);
    let links = question.attributes(".confirm a", "href");
    assert!(links.contains(&mappings_page), "{links:?}");
    let from = seq(&portal);
    // The question was about another state of the field; here is the present one.
    let old = (custom.version - 1).to_string();
    let asked_again = ada.post(&path, &[("version", &old)]).await;
    assert_eq!(asked_again.status, 409, "{}", asked_again.text);
    assert!(asked_again.has(".problems") && rows_after(&portal, from).is_empty());
    let version = asked_again.attribute("input[name=version]", "value").unwrap();
    assert_eq!(ada.post(&path, &[("version", &version)]).await.location, LIST);
    assert_eq!(rows_after(&portal, from), ["crm-field-deleted"]);
    assert!(!ada.get(&format!("/companies/{id}")).await.text.contains("Zinnober"));
    assert_eq!(ada.get(&format!("/crm-fields/{}/edit", custom.id)).await.status, 404);
    // The mapping says so, and saving the page for another reason does not take it away.
    let form = ada.get(&mappings_page).await;
    assert!(form.text.contains("Farbe (missing in the CRM)"), "{}", form.text);
    assert_eq!(Filled::read(&form).send(&mut ada, &save, "").await.status, 303);
    let kept = async || {
        let found = mappings::find(store(&portal), connection, ActorType::Customer).await;
        let field = found.unwrap().unwrap().fields.remove(0);
        (field.crm_field, field.direction)
    };
    assert_eq!(kept().await, (Some(key.clone()), Direction::BOTH));
    let list = ada.get(LIST).await;
    let back = list.attribute("table form", "action").unwrap();
    assert_eq!(back, format!("/crm-fields/{}/restore", custom.id));
    let other = add(store(&portal), COMPANY, FieldKind::Date, "Farbe").await;
    ada.get(LIST).await;
    let refused = ada.post(&back, &[]).await;
    assert_eq!(refused.location, LIST);
    assert!(ada.get(LIST).await.has(".notice.warn"), "another one is called so by now");
    delete(store(&portal), &other).await;
    ada.get(LIST).await;
    let from = seq(&portal);
    assert_eq!(ada.post(&back, &[]).await.location, LIST);
    assert_eq!(rows_after(&portal, from), ["crm-field-restored"]);
    assert_eq!(ada.post(&back, &[]).await.location, LIST, "it is back, as was wished");
    assert_eq!(rows_after(&portal, from), ["crm-field-restored"]);
    assert!(ada.get(&format!("/companies/{id}")).await.text.contains("Zinnober"));
    assert!(!ada.get(&mappings_page).await.text.contains("missing in the CRM"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_finds_a_field_by_its_name_or_says_that_it_is_missing() {
    let mut scene = configured().await;
    let key = add(scene.store(), COMPANY, FieldKind::Text, "Farbe").await;
    scene
        .map(|mapping| {
            let name = mapping.fields.iter_mut().find(|field| field.erp.key == "Name").unwrap();
            name.crm_field = Some(key.clone());
            name.direction = Direction::BOTH;
        })
        .await;
    let file = scene.admin.get(&scene.path("/configuration.json")).await.text;
    assert!(file.contains("Farbe"), "{file}");
    // As in another installation: the key is another one.
    let foreign = file.replace(&key, "u_4711");
    scene.connection = scene.add("Test").await;
    let path = scene.path("/imports");
    scene.admin.get(&path).await;
    let plan = scene.admin.post(&path, &[("file", &*foreign), ("do", "plan")]).await;
    assert!(
        plan.all("table.plan tbody tr").iter().any(|row| row.contains("Farbe")),
        "{}",
        plan.text
    );
    delete(scene.store(), &key).await;
    scene.admin.get(&path).await;
    let plan = scene.admin.post(&path, &[("file", &*foreign), ("do", "plan")]).await;
    assert_eq!(plan.status, 200);
    let said = plan.all("main").join(" ");
    assert!(said.contains("Farbe") && said.contains("The CRM has no such field"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn auditors_look_and_users_do_not() {
    let (portal, _) = portal().await;
    let key = add(store(&portal), COMPANY, FieldKind::List, "Farbe").await;
    let gone = add(store(&portal), COMPANY, FieldKind::Date, "Alt").await;
    delete(store(&portal), &gone).await;
    let id = find(store(&portal), &key).await.id;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let page = eva.get(LIST).await;
    assert!(page.text.contains("List: Rot, Blau") && page.text.contains("Alt"));
    assert!(page.all("main form").is_empty() && page.all("main a.button").is_empty());
    assert!(page.attributes("nav a", "href").contains(&"/crm-fields".to_owned()));
    assert_eq!(eva.get(&format!("/crm-fields/{id}/edit")).await.status, 403);
    let mut uwe = people::signed_in(&portal, "uwe", Role::User).await;
    assert_eq!(uwe.get(LIST).await.status, 403);
    assert!(uwe.get("/companies/new").await.text.contains("Farbe"));
}
