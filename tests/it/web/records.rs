//! Companies, persons and projects.

use gleichlauf::crm::value::Value;
use gleichlauf::crm::{RecordId, RecordKind, Values};
use gleichlauf::history::Actor;
use gleichlauf::store::{Store, crm};
use gleichlauf::users::Role;

use crate::support::linking::scene;
use crate::support::people;
use crate::support::portal::{Browser, Page, spawn};

async fn add(browser: &mut Browser, name: &str) -> String {
    browser.get("/companies/new").await;
    let page = browser.post("/companies", &[("name", name), ("phone", "+49 30 1234")]).await;
    assert_eq!(page.status, 303, "{}", page.text);
    page.location
}

async fn company(store: &Store, name: &str, town: &str) -> RecordId {
    insert(store, RecordKind::Company, None, &[("name", name), ("street_city", town)]).await
}

async fn insert(
    store: &Store,
    kind: RecordKind,
    parent: Option<RecordId>,
    texts: &[(&str, &str)],
) -> RecordId {
    let values: Values =
        texts.iter().map(|(key, text)| (*key, Value::Text((*text).to_owned()))).collect();
    let mut tx = store.begin().await.unwrap();
    let id = crm::insert(&mut tx, &Actor::system(), kind, parent, &values).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn parent(store: &Store, person: RecordId) -> Option<RecordId> {
    crm::find(store, RecordKind::Person, person).await.unwrap().unwrap().parent
}

/// The form as a browser would send it, without token and key.
fn inputs(page: &Page) -> Vec<(String, String)> {
    let all = page.inputs("main form.form").into_iter();
    all.filter(|(name, _)| !["csrf", "once"].contains(&name.as_str())).collect()
}

async fn post(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    browser.post(path, &fields).await
}

fn with(mut fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    fields.retain(|(key, _)| key != name);
    fields.push((name.to_owned(), value.to_owned()));
    fields
}

fn heading(page: &Page) -> String {
    page.all("h1").join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_added_found_shown_and_changed() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let place = add(&mut anna, "Łódź Straßenbau Ærø & Söhne").await;
    add(&mut anna, "Andere GmbH").await;
    let shown = anna.get(&place).await;
    assert_eq!(heading(&shown), "Łódź Straßenbau Ærø & Söhne");
    for search in ["STRASSENBAU", "łódź", "ÆRØ", "1234 söhne"] {
        let search: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let found = anna.get(&format!("/companies?search={search}")).await;
        assert_eq!(found.all("tbody tr").len(), 1, "{search}");
    }
    let form = anna.get(&format!("{place}/edit")).await;
    let version = form.value_of("version");
    let sent = [("name", "Neuer Name"), ("version", version.as_str()), ("employees", "1,250")];
    let shown = anna.submit(&place, &sent).await;
    assert_eq!(heading(&shown), "Neuer Name");
    assert!(shown.all("dd").contains(&"1,250".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_is_not_ticked_says_no() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let place = add(&mut anna, "Nordwind GmbH").await;
    let kept = || portal.database.ask("SELECT fields FROM crm_record").remove(0);
    assert!(kept().contains(r#""no_mailings":"0""#), "{}", kept());
    for (ticked, stored) in [(true, "1"), (false, "0"), (false, "0")] {
        let version = anna.get(&format!("{place}/edit")).await.value_of("version");
        let phone = format!("+49 30 {version}");
        let mut sent = vec![("name", "Nordwind"), ("phone", &phone), ("version", &version)];
        sent.extend(ticked.then_some(("no_mailings", "1")));
        assert_eq!(anna.post(&place, &sent).await.status, 303);
        assert!(kept().contains(&format!(r#""no_mailings":"{stored}""#)), "{}", kept());
    }
    assert!(anna.get(&place).await.all("dd").contains(&"No".to_owned()));
    let version = anna.get(&format!("{place}/edit")).await.value_of("version");
    let same = [("name", "Nordwind"), ("phone", "+49 30 3"), ("version", &version)];
    anna.post(&place, &same).await;
    let again = anna.get(&format!("{place}/edit")).await.value_of("version");
    assert_eq!(again, version, "what stands there already is no change");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_values_come_back_with_a_word_at_their_place_and_nothing_is_lost() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.get("/companies/new").await;
    let long = "x".repeat(201);
    let sent = [
        ("name", ""),
        ("department", "Süd <b>"),
        ("email", &long),
        ("country", "77"),
        ("employees", "many"),
        ("customer_since", "30.02.2026"),
    ];
    let page = anna.post("/companies", &sent).await;
    assert_eq!(page.status, 422);
    for field in ["name", "email", "country", "employees", "customer_since"] {
        assert!(page.has(&format!("#{field}-problem")), "{field}");
    }
    assert_eq!(page.value_of("department"), "Süd <b>");
    assert_eq!(page.value_of("email"), long);
    assert_eq!(page.value_of("employees"), "many");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_editor_sees_both_versions() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let mut bert = people::signed_in(&portal, "bert", Role::Admin).await;
    let place = add(&mut anna, "Nordwind GmbH").await;
    let mine = anna.get(&format!("{place}/edit")).await.value_of("version");
    let theirs = bert.get(&format!("{place}/edit")).await.value_of("version");
    let won = bert.post(&place, &[("name", "Nordwind AG"), ("version", &theirs)]).await;
    assert_eq!(won.status, 303);
    let lost = anna.post(&place, &[("name", "Nordwind KG"), ("version", &mine)]).await;
    assert_eq!(lost.status, 409);
    assert!(lost.text.contains("Nordwind AG") && lost.text.contains("Nordwind KG"));
    assert_eq!(heading(&anna.get(&place).await), "Nordwind AG");
    // Sent once more, on top of what is saved now.
    let now = lost.value_of("version");
    let again = anna.post(&place, &[("name", "Nordwind KG"), ("version", &now)]).await;
    assert_eq!(again.status, 303);
    assert_eq!(heading(&anna.get(&place).await), "Nordwind KG");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_has_one_effect() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let once = anna.get("/companies/new").await.value_of("once");
    let first = anna.post("/companies", &[("name", "Einmal"), ("once", &once)]).await;
    let second = anna.post("/companies", &[("name", "Einmal"), ("once", &once)]).await;
    assert_eq!((second.status, &second.location), (303, &first.location));
    let other = anna.post("/companies", &[("name", "Anders"), ("once", &once)]).await;
    assert_eq!(other.status, 409);
    assert_eq!(anna.get("/companies").await.all("tbody tr").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_looks_and_changes_nothing() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let place = add(&mut anna, "Nordwind GmbH").await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let shown = eva.get(&place).await;
    assert_eq!(shown.status, 200);
    assert!(!shown.text.contains("/edit"));
    assert_eq!(eva.get(&format!("{place}/edit")).await.status, 403);
    assert_eq!(eva.post(&place, &[("name", "x"), ("version", "1")]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_one_of_two_companies_of_the_same_name_can_be_saved() {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    let bonn = company(store, "Nordwind GmbH", "Bonn").await;
    let kiel = company(store, "Nordwind GmbH", "Kiel").await;
    let person = insert(store, RecordKind::Person, Some(kiel), &[("last_name", "Łoś")]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let place = format!("/persons/{person}");
    let form = inputs(&anna.get(&format!("{place}/edit")).await);
    let saved = post(&mut anna, &place, &with(form, "title", "Dr.")).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    assert_eq!(parent(store, person).await, Some(kiel));
    // Typed anew, the name alone does not say which; the places do, and one is chosen without a script.
    let form = inputs(&anna.get("/persons/new").await);
    let form = with(with(form, "last_name", "Weiß"), "company", "nordwind gmbh");
    let asked = post(&mut anna, "/persons", &form).await;
    assert_eq!(asked.status, 422);
    assert!(asked.has("#company-problem"));
    let labels = asked.all("fieldset.radios label").join("; ");
    assert!(labels.contains("Bonn") && labels.contains("Kiel"), "{labels}");
    let chosen = with(inputs(&asked), "company_id", &bonn.to_string());
    let done = post(&mut anna, "/persons", &chosen).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let id: RecordId = done.location.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(parent(store, id).await, Some(bonn));
    // The choice goes with the text it was made for, and with no other.
    let other = with(chosen, "company", "Nobody");
    assert_eq!(post(&mut anna, "/persons", &other).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_name_is_found_among_many_that_contain_it() {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    for n in 0..210 {
        company(store, &format!("Aab {n:03}"), "").await;
    }
    let short = company(store, "Ab", "").await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.get("/persons/new").await;
    let sent = [("last_name", "Weiß"), ("company", "AB")];
    let done = anna.post("/persons", &sent).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let id: RecordId = done.location.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(parent(store, id).await, Some(short));
    let unknown = anna.post("/persons", &[("last_name", "Weiß"), ("company", "Aa")]).await;
    assert_eq!(unknown.status, 422);
    assert_eq!(unknown.value_of("company"), "Aa");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_company_is_one_of_the_differences_of_a_conflict() {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    let (north, south) = (company(store, "Nord", "").await, company(store, "Süd", "").await);
    let person = insert(store, RecordKind::Person, Some(north), &[("last_name", "Łoś")]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let mut bert = people::signed_in(&portal, "bert", Role::Admin).await;
    let place = format!("/persons/{person}");
    let mine = inputs(&anna.get(&format!("{place}/edit")).await);
    let theirs = inputs(&bert.get(&format!("{place}/edit")).await);
    assert_eq!(post(&mut bert, &place, &with(theirs, "company", "Süd")).await.status, 303);
    let lost = post(&mut anna, &place, &mine).await;
    assert_eq!(lost.status, 409);
    let row = lost.all("tbody tr").join(" | ");
    assert!(row.contains("Company") && row.contains("Süd") && row.contains("Nord"), "{row}");
    assert_eq!(parent(store, person).await, Some(south));
    // Saved on top of what was just seen.
    assert_eq!(post(&mut anna, &place, &inputs(&lost)).await.status, 303);
    assert_eq!(parent(store, person).await, Some(north));
    // Even when nothing differs any more, the page says why it is there.
    let old = inputs(&anna.get(&format!("{place}/edit")).await);
    let version: i64 =
        anna.get(&format!("{place}/edit")).await.value_of("version").parse().unwrap();
    let stale = post(&mut anna, &place, &with(old, "version", &(version - 1).to_string())).await;
    assert_eq!(stale.status, 409);
    assert!(stale.all(".notice.warn").join("").contains("saved it"), "{}", stale.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_version_overwrites_nothing_and_shows_both() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let place = add(&mut anna, "Nordwind GmbH").await;
    for version in [None, Some(""), Some("new"), Some("1\0")] {
        anna.get(&format!("{place}/edit")).await;
        let mut sent = vec![("name", "Südwind AG")];
        sent.extend(version.map(|version| ("version", version)));
        let again = anna.post(&place, &sent).await;
        assert_eq!(again.status, 422, "{version:?}");
        assert_eq!(again.value_of("name"), "Südwind AG");
        assert!(again.all(".problems li").join("").contains("which version"), "{version:?}");
    }
    let nul = anna.post("/companies", &[("name", "a\0b")]).await;
    assert_eq!(nul.status, 422);
    assert!(nul.has("#name-problem"));
    assert_eq!(heading(&anna.get(&place).await), "Nordwind GmbH");
    // A form that comes back with a problem keeps the version it was made of.
    let before = anna.get(&format!("{place}/edit")).await.value_of("version");
    let sent = [("name", "Nordwind AG"), ("version", before.as_str())];
    assert_eq!(anna.post(&place, &sent).await.status, 303);
    let sent = [("name", ""), ("version", before.as_str())];
    assert_eq!(anna.post(&place, &sent).await.value_of("version"), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_shows_all_its_persons_page_by_page() {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    let firm = company(store, "Nordwind", "").await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let place = format!("/companies/{firm}");
    let empty = anna.get(&place).await;
    let add = format!("/persons/new?company={firm}");
    assert!(empty.has(&format!(".empty a[href='{add}']")), "the empty list says what to do");
    assert_eq!(anna.get(&add).await.value_of("company"), "Nordwind");
    for n in 0..120 {
        insert(store, RecordKind::Person, Some(firm), &[("last_name", &format!("P{n:03}"))]).await;
    }
    let (mut seen, mut next) = (Vec::new(), place.clone());
    for _ in 0..3 {
        let page = anna.get(&next).await;
        seen.extend(page.all("#persons ~ * td.title, section[aria-labelledby=persons] td.title"));
        next = page.attribute("a[rel=next]", "href").unwrap_or_default();
    }
    assert_eq!(next, "");
    assert_eq!(seen.len(), 120);
    seen.dedup();
    assert_eq!((seen.len(), seen[119].as_str()), (120, "P119"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_caption_of_the_erp_tab_says_on_every_page_of_a_record_that_it_is_connected() {
    let mut scene = scene().await;
    let place = format!("/companies/{}", scene.company);
    let tab = format!(".tabs a[href='{place}/erp']");
    assert_eq!(scene.user.get(&place).await.all(&tab), ["ERP"]);
    scene.link().await;
    for page in [place.clone(), scene.tab()] {
        assert_eq!(scene.user.get(&page).await.all(&tab), ["ERP●"], "{page}");
    }
}
