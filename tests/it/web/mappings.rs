//! The Mappings screen and its neighbours: list mapping, defaults, ranks.

use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::mapping::Direction;
use gleichlauf::store::mappings;
use gleichlauf::users::Role;

use crate::support::connections::{activate, add, field};
use crate::support::portal::{Browser, Portal, spawn};
use crate::support::{licences, people};

async fn portal() -> (Portal, Browser, i64) {
    let portal = spawn(&[]).await;
    let store = &portal.app.portal.store;
    licences::install(store, "2027-12-31").await;
    let fields = [
        field("NAME", FieldType::Text, "", Access::Mandatory),
        field("PHONE", FieldType::Text, "", Access::Normal),
        field("BALANCE", FieldType::Double, "", Access::ReadOnly),
        field("GROUP", FieldType::List, "Groups", Access::Mandatory),
    ];
    let id = add(store, "Nordwind", &fields).await;
    let admin = people::signed_in(&portal, "admin", Role::Admin).await;
    (portal, admin, id)
}

async fn mapping(portal: &Portal, id: i64) -> gleichlauf::mapping::ActorMapping {
    mappings::find(&portal.app.portal.store, id, ActorType::Customer).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_mapped_with_directions_and_shown() {
    let (portal, mut admin, id) = portal().await;
    let page = admin.get(&format!("/connections/{id}/mappings")).await;
    assert_eq!(page.all("tbody tr").len(), 4);
    assert!(page.text.contains("NAME en"));
    let version = page.value_of("version");
    let sent = [
        ("version", version.as_str()),
        ("is_active", "1"),
        ("crm:NAME", "name"),
        ("to-erp:NAME", "1"),
        ("to-crm:NAME", "1"),
        ("search:NAME", "1"),
        ("tab:BALANCE", "1"),
    ];
    let done = admin.post(&format!("/connections/{id}/mappings/Customer"), &sent).await;
    assert_eq!(
        (done.status, done.location),
        (303, format!("/sync?connection={id}")),
        "{}",
        done.text
    );
    let saved = mapping(&portal, id).await;
    assert!(saved.is_active);
    assert_eq!(saved.field("NAME").unwrap().direction, Direction::BOTH);
    assert!(saved.field("NAME").unwrap().is_shown_in_search);
    assert!(saved.field("BALANCE").unwrap().is_shown_in_tab);
    assert_eq!(saved.field("PHONE").unwrap().crm_field, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_rules_forbid_is_said_at_its_row_and_nothing_is_saved() {
    let (portal, mut admin, id) = portal().await;
    let version = admin.get(&format!("/connections/{id}/mappings")).await.value_of("version");
    let sent = [
        ("version", version.as_str()),
        ("crm:NAME", "name"),
        ("crm:PHONE", "name"),
        ("crm:BALANCE", "revenue"),
        ("to-erp:BALANCE", "1"),
    ];
    let page = admin.post(&format!("/connections/{id}/mappings/Customer"), &sent).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("already mapped to"), "{}", page.text);
    assert!(page.text.contains("does not accept values"));
    // What was chosen stands there still.
    assert_eq!(page.value_of("crm:PHONE"), "name");
    assert_eq!(mapping(&portal, id).await.field("NAME").unwrap().crm_field, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_active_connection_shows_its_mappings_and_takes_no_change() {
    let (portal, mut admin, id) = portal().await;
    let version = admin.get(&format!("/connections/{id}/mappings")).await.value_of("version");
    activate(&portal.app.portal.store, id).await;
    let page = admin.get(&format!("/connections/{id}/mappings")).await;
    assert!(!page.has("button[name=then]"));
    let sent = [("version", version.as_str()), ("crm:NAME", "name")];
    let refused = admin.post(&format!("/connections/{id}/mappings/Customer"), &sent).await;
    assert_eq!(refused.status, 422);
    assert_eq!(mapping(&portal, id).await.field("NAME").unwrap().crm_field, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_admin_is_told_and_overwrites_nothing() {
    let (portal, mut admin, id) = portal().await;
    let version = admin.get(&format!("/connections/{id}/mappings")).await.value_of("version");
    let path = format!("/connections/{id}/mappings/Customer");
    let first = [("version", version.as_str()), ("crm:NAME", "name")];
    assert_eq!(admin.post(&path, &first).await.status, 303);
    let second = [("version", version.as_str()), ("crm:PHONE", "phone")];
    let lost = admin.post(&path, &second).await;
    assert_eq!(lost.status, 409);
    assert!(lost.text.contains("Saved now") && lost.text.contains("Your entry"));
    let saved = mapping(&portal, id).await;
    assert_eq!(saved.field("NAME").unwrap().crm_field.as_deref(), Some("name"));
    assert_eq!(saved.field("PHONE").unwrap().crm_field, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_version_shows_both_and_saves_nothing() {
    let (portal, mut admin, id) = portal().await;
    let path = format!("/connections/{id}/mappings/Customer");
    for version in [None, Some("x"), Some("")] {
        admin.get(&format!("/connections/{id}/mappings")).await;
        let mut sent = vec![("crm:NAME", "name"), ("to-erp:NAME", "1")];
        sent.extend(version.map(|version| ("version", version)));
        let again = admin.post(&path, &sent).await;
        assert_eq!(again.status, 422, "{version:?}");
        assert!(again.all(".problems li").join("").contains("which version"), "{version:?}");
        assert_eq!(again.value_of("crm:NAME"), "name");
        assert!(again.text.contains("Saved now"));
    }
    assert_eq!(mapping(&portal, id).await.field("NAME").unwrap().crm_field, None);
}

/// Everything that sends or changes something on a page.
fn operable(page: &crate::support::portal::Page) -> Vec<String> {
    let all = "main :is(input:not([type=hidden], [type=search]), select, button):not([disabled])";
    page.all(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_licence_and_for_auditors_every_page_is_for_reading_alone() {
    let (portal, mut admin, id) = portal().await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let pages = ["mappings", "list-mappings", "defaults", "ranks"]
        .map(|page| format!("/connections/{id}/{page}"));
    let version = admin.get(&pages[0]).await.value_of("version");
    let mapped = [
        ("version", version.as_str()),
        ("crm:NAME", "name"),
        ("to-erp:NAME", "1"),
        ("crm:GROUP", "category"),
        ("to-crm:GROUP", "1"),
    ];
    let path = format!("{}/Customer", pages[0]);
    assert_eq!(admin.post(&path, &mapped).await.status, 303);
    let version = admin.get(&pages[0]).await.value_of("version");
    let rule =
        [("field", "PHONE"), ("sets_value", "1"), ("value", "+49"), ("version", version.as_str())];
    assert_eq!(admin.post(&format!("{}/Customer", pages[2]), &rule).await.status, 303);
    let pages =
        [pages.as_slice(), &["/sync/priority".to_owned(), "/sync/engine".to_owned()]].concat();
    for page in &pages {
        assert!(!operable(&admin.get(page).await).is_empty(), "{page}: an admin can work");
        let looked_at = eva.get(page).await;
        assert_eq!(looked_at.status, 200);
        assert_eq!(operable(&looked_at), Vec::<String>::new(), "{page}: an auditor looks");
        assert!(!looked_at.has(".notice a[href='/licence']"), "{page}");
    }
    // The licence runs out while everybody is signed in.
    portal.clock.advance(500 * 24 * 3_600_000);
    people::sign_in(&mut admin, "admin").await;
    for page in &pages {
        let closed = admin.get(page).await;
        assert_eq!(closed.status, 200);
        assert_eq!(operable(&closed), Vec::<String>::new(), "{page}: closed");
        assert!(closed.has(".notice a[href='/licence']"), "{page}: says why");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn directions_of_an_active_connection_stand_still() {
    let (portal, mut admin, id) = portal().await;
    activate(&portal.app.portal.store, id).await;
    let page = admin.get(&format!("/connections/{id}/mappings")).await;
    assert!(page.has("input[data-map-to-erp][disabled]"));
    assert!(!page.has("main form.form :is(input:not([type=hidden]), select):not([disabled])"));
}
