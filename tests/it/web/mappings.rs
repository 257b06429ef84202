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
async fn fields_are_ranked_by_list_and_by_arrows() {
    let (portal, mut admin, id) = portal().await;
    let path = format!("/connections/{id}/ranks/Customer");
    let page = format!("/connections/{id}/ranks");
    let version = admin.get(&page).await.value_of("version");
    let order = ["GROUP", "NAME", "PHONE", "BALANCE"].map(|key| ("order", key));
    let mut sent = order.to_vec();
    sent.push(("version", &version));
    assert_eq!(admin.post(&path, &sent).await.status, 303);
    assert_eq!(mapping(&portal, id).await.keys(), ["GROUP", "NAME", "PHONE", "BALANCE"]);
    let version = admin.get(&page).await.value_of("version");
    let mut moved = order.to_vec();
    moved.extend([("move", "down GROUP"), ("version", &version)]);
    let back = admin.post(&path, &moved).await;
    assert_eq!(back.location, format!("/connections/{id}/ranks?type=Customer"));
    assert_eq!(mapping(&portal, id).await.keys(), ["NAME", "GROUP", "PHONE", "BALANCE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_is_added_changed_and_deleted() {
    let (portal, mut admin, id) = portal().await;
    let index = format!("/connections/{id}/defaults");
    assert!(
        admin.get(&index).await.text.contains("NAME en"),
        "mandatory fields without value are named"
    );
    let form = admin.get(&format!("{index}/new?type=Customer&field=PHONE")).await;
    assert_eq!(form.value_of("field"), "PHONE");
    let version = form.value_of("version");
    let path = format!("{index}/Customer");
    let empty = admin.post(&path, &[("field", "PHONE"), ("is_mandatory", "1")]).await;
    assert_eq!(empty.status, 422);
    let sent = [
        ("field", "PHONE"),
        ("sets_value", "1"),
        ("value", "+49 30 1"),
        ("asks_user", "1"),
        ("version", version.as_str()),
    ];
    assert_eq!(admin.post(&path, &sent).await.status, 303);
    let rule = mapping(&portal, id).await.field("PHONE").unwrap().default.clone().unwrap();
    assert_eq!(
        (rule.value.as_deref(), rule.asks_user, rule.is_mandatory),
        (Some("+49 30 1"), true, false)
    );
    assert!(admin.get(&index).await.text.contains("+49 30 1"));
    let field = mapping(&portal, id).await.field("PHONE").unwrap().id.to_string();
    let version = admin.get(&index).await.value_of("version");
    let chosen = [("rule", field.as_str()), ("version", version.as_str())];
    let deleted = admin.post(&format!("{path}/delete"), &chosen).await;
    assert_eq!(deleted.status, 303);
    assert_eq!(mapping(&portal, id).await.field("PHONE").unwrap().default, None);
}
