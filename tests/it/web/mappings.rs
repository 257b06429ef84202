//! The Mappings screen and its neighbours: list mapping, defaults, ranks.

use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::history::Actor;
use gleichlauf::mapping::rules::{FieldRules, When};
use gleichlauf::mapping::{ActorMapping, Direction};
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

async fn mapping(portal: &Portal, id: i64) -> ActorMapping {
    mappings::find(&portal.app.portal.store, id, ActorType::Customer).await.unwrap().unwrap()
}

async fn save(portal: &Portal, mapping: &ActorMapping) {
    let mut tx = portal.app.portal.store.begin().await.unwrap();
    mappings::save(&mut tx, &Actor::system(), mapping).await.unwrap();
    tx.commit().await.unwrap();
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
async fn an_active_connection_shows_its_mappings_as_text_and_is_deactivated_from_there() {
    let (portal, mut admin, id) = portal().await;
    let place = format!("/connections/{id}/mappings?type=Customer");
    let version = admin.get(&place).await.value_of("version");
    let sent = [
        ("version", version.as_str()),
        ("crm:NAME", "name"),
        ("to-erp:NAME", "1"),
        ("when-to-erp:NAME", "on-create"),
        ("then", "stay"),
    ];
    let path = format!("/connections/{id}/mappings/Customer");
    assert_eq!(admin.post(&path, &sent).await.location, place);
    activate(&portal.app.portal.store, id).await;
    let page = admin.get(&place).await;
    assert!(!page.has("main :is(input:not([type=hidden]), select)"), "nothing to fill in");
    let rows = page.all("tbody tr");
    assert!(rows[0].contains("from the CRM to the ERP"), "{rows:?}");
    assert!(rows[0].contains("To the ERP only when created there"), "{rows:?}");
    let back = [("back", place.as_str())];
    let done = admin.post(&format!("/connections/{id}/deactivations"), &back).await;
    assert_eq!((done.status, done.location), (303, place.clone()));
    assert!(admin.get(&place).await.has("select[name='crm:NAME']"));
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    assert!(eva.get(&place).await.all("tbody tr")[0].contains("only when created"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_saved_said_in_words_and_kept_in_the_history() {
    let (portal, mut admin, id) = portal().await;
    let place = format!("/connections/{id}/mappings");
    let path = format!("{place}/Customer");
    let version = admin.get(&place).await.value_of("version");
    let sent = [
        ("version", version.as_str()),
        ("crm:NAME", "name"),
        ("to-erp:NAME", "1"),
        ("to-crm:NAME", "1"),
        ("when-to-erp:NAME", "on-create"),
        ("when-to-crm:NAME", "if-empty"),
        ("blank:NAME", "1"),
        ("when-to-erp:PHONE", "if-empty"),
        ("then", "stay"),
    ];
    let done = admin.post(&path, &sent).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let saved = mapping(&portal, id).await;
    let rules = FieldRules { to_crm: When::IfEmpty, to_erp: When::OnCreate, may_blank: true };
    assert_eq!(saved.field("NAME").unwrap().rules, rules);
    assert!(saved.field("PHONE").unwrap().rules.is_plain(), "nothing to hold for");
    let page = admin.get(&place).await;
    assert_eq!(page.value_of("when-to-erp:NAME"), "on-create");
    assert_eq!(page.value_of("when-to-crm:NAME"), "if-empty");
    assert!(page.has("input[name='blank:NAME'][checked]"));
    let words = page.all("[data-rule-words]");
    assert!(words[0].contains("To the ERP only when created there"), "{words:?}");
    assert!(words[0].contains("To the CRM only if empty there · Blanks overwrite"), "{words:?}");
    assert_eq!(words[1], "", "a plain row looks plain");
    let history = admin.get(&format!("/history?connection={id}&action=mapping-changed")).await;
    assert!(history.text.contains("Only when created"), "{}", history.text);
    let versions = admin.get(&format!("/connections/{id}/versions")).await;
    assert!(versions.text.contains("when values travel"), "{}", versions.text);

    // Sent as it stands, it changes nothing.
    let version = page.value_of("version");
    let mut same = page.inputs("main form.form");
    same.retain(|(name, _)| name != "csrf" && name != "once");
    let same: Vec<_> = same.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(admin.post(&path, &same).await.status, 303);
    assert_eq!(mapping(&portal, id).await.version.to_string(), version);

    // A rule that does not exist is refused at its row.
    let wrong =
        [("version", version.as_str()), ("crm:NAME", "name"), ("when-to-erp:NAME", "never")];
    let refused = admin.post(&path, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#row-0 .problem"), "{}", refused.text);
    assert_eq!(mapping(&portal, id).await.field("NAME").unwrap().rules, rules);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_put_in_order_with_the_form_or_one_by_one() {
    let (portal, mut admin, id) = portal().await;
    let place = format!("/connections/{id}/mappings");
    let path = format!("{place}/Customer");
    let page = admin.get(&place).await;
    let version = page.value_of("version");
    assert_eq!(
        page.attributes("input[name=order]", "value"),
        ["NAME", "PHONE", "BALANCE", "GROUP"]
    );
    let sent = [
        ("version", version.as_str()),
        ("order", "GROUP"),
        ("order", "NAME"),
        ("crm:PHONE", "phone"),
        ("then", "done"),
    ];
    assert_eq!(admin.post(&path, &sent).await.status, 303);
    let saved = mapping(&portal, id).await;
    assert_eq!(saved.keys(), ["GROUP", "NAME", "PHONE", "BALANCE"]);
    assert_eq!(saved.field("PHONE").unwrap().crm_field.as_deref(), Some("phone"));
    // Without scripts an arrow saves what stands there, and leads back to its row.
    let version = admin.get(&place).await.value_of("version");
    let sent = [("version", version.as_str()), ("crm:PHONE", "phone"), ("move", "up PHONE")];
    let moved = admin.post(&path, &sent).await;
    assert_eq!(moved.location, format!("{place}?type=Customer#row-1"));
    assert_eq!(mapping(&portal, id).await.keys(), ["GROUP", "PHONE", "NAME", "BALANCE"]);
    // What is refused stands there in the order it was put in.
    let version = admin.get(&place).await.value_of("version");
    let sent = [
        ("version", version.as_str()),
        ("crm:PHONE", "nothing"),
        ("order", "BALANCE"),
        ("order", "PHONE"),
    ];
    let refused = admin.post(&path, &sent).await;
    assert_eq!(refused.status, 422);
    let order = refused.attributes("input[name=order]", "value");
    assert_eq!(order, ["BALANCE", "PHONE", "GROUP", "NAME"]);
    assert_eq!(mapping(&portal, id).await.keys(), ["GROUP", "PHONE", "NAME", "BALANCE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_says_order_and_rules() {
    let (portal, mut admin, id) = portal().await;
    let place = format!("/connections/{id}/mappings");
    let path = format!("{place}/Customer");
    let version = admin.get(&place).await.value_of("version");
    let first = [("version", version.as_str()), ("crm:NAME", "name"), ("to-erp:NAME", "1")];
    assert_eq!(admin.post(&path, &first).await.status, 303);
    let mut second = first.to_vec();
    second.extend([("when-to-erp:NAME", "if-empty"), ("order", "PHONE")]);
    let lost = admin.post(&path, &second).await;
    assert_eq!(lost.status, 409);
    let said = lost.all("main table")[0].clone();
    assert!(said.contains("To the ERP only if empty there"), "{said}");
    assert!(said.contains("PHONE en, NAME en"), "{said}");
    assert_eq!(lost.value_of("when-to-erp:NAME"), "if-empty");
    assert!(mapping(&portal, id).await.field("NAME").unwrap().rules.is_plain());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_connection_synchronises_is_not_filled_one_way_and_that_one_is_named() {
    let (portal, mut admin, id) = portal().await;
    let store = &portal.app.portal.store;
    let name = field("NAME", FieldType::Text, "", Access::Mandatory);
    let other = add(store, "Süd & Co", &[name]).await;
    let mut theirs = mapping(&portal, other).await;
    theirs.fields[0].crm_field = Some("name".to_owned());
    theirs.fields[0].direction = Direction::BOTH;
    save(&portal, &theirs).await;
    let place = format!("/connections/{id}/mappings");
    let path = format!("{place}/Customer");
    let version = admin.get(&place).await.value_of("version");
    let one_way = [("version", version.as_str()), ("crm:NAME", "name"), ("to-crm:NAME", "1")];
    let refused = admin.post(&path, &one_way).await;
    assert_eq!(refused.status, 422);
    let said = refused.all("#row-0 .problem").join("");
    assert!(said.contains("“Süd & Co” already synchronises"), "{said}");
    let why = refused.all("#row-0-to-crm-why").join("");
    assert!(why.contains("Süd & Co"), "{why}");
    let mut both = one_way.to_vec();
    both.push(("to-erp:NAME", "1"));
    assert_eq!(admin.post(&path, &both).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_on_one_side_is_unmapped_by_one_press() {
    let (portal, mut admin, id) = portal().await;
    let mut stale = mapping(&portal, id).await;
    stale.fields[0].crm_field = Some("name".to_owned());
    stale.fields[0].is_missing_in_erp = true;
    stale.fields[1].crm_field = Some("no_longer_there".to_owned());
    stale.fields[1].direction = Direction::BOTH;
    save(&portal, &stale).await;
    let place = format!("/connections/{id}/mappings");
    let page = admin.get(&place).await;
    assert_eq!(page.attributes("button[name=unmap]", "value"), ["NAME", "PHONE"]);
    let options = page.attributes("select[name='crm:NAME'] option", "value");
    assert_eq!(options, ["", "name"], "it keeps its field or loses it");
    let mut sent = page.inputs("main form.form");
    sent.retain(|(name, _)| name != "csrf" && name != "once");
    let as_it_stands: Vec<_> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let path = format!("{place}/Customer");
    // Saving something else loses neither.
    assert_eq!(admin.post(&path, &as_it_stands).await.status, 303);
    let kept = mapping(&portal, id).await;
    assert_eq!(kept.field("PHONE").unwrap().crm_field.as_deref(), Some("no_longer_there"));
    admin.get(&place).await;
    let pressed = [as_it_stands.as_slice(), &[("unmap", "PHONE")]].concat();
    let done = admin.post(&path, &pressed).await;
    assert_eq!(done.location, format!("{place}?type=Customer#row-1"), "{}", done.text);
    let after = mapping(&portal, id).await;
    assert_eq!(after.field("PHONE").unwrap().crm_field, None);
    assert_eq!(after.field("PHONE").unwrap().direction, Direction::NONE);
    assert_eq!(after.field("NAME").unwrap().crm_field.as_deref(), Some("name"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direction_that_is_not_possible_says_why() {
    let (_portal, mut admin, id) = portal().await;
    let place = format!("/connections/{id}/mappings");
    let page = admin.get(&place).await;
    // Read-only whatever is chosen; the others wait for a CRM field.
    let closed =
        "[role=checkbox][tabindex='0'][aria-disabled=true][aria-describedby=row-2-to-erp-why]";
    assert!(page.has(closed) && !page.has("input[name='to-erp:BALANCE']"), "nothing is sent");
    assert!(page.all("#row-2-to-erp-why").join("").contains("does not accept values"));
    assert!(!page.has("input[name='to-erp:NAME'][disabled]"), "without scripts it can be ticked");
    assert_eq!(page.all("#row-0-to-erp-why"), ["Choose a CRM field first."]);
    let text = "select[name='crm:PHONE'] option[value='revenue']";
    let why = page.attribute(text, "data-no-to-crm");
    assert_eq!(why.as_deref(), Some("mapping-why-crm-cannot-hold"));
    assert!(page.has("table[data-mapping-why-crm-cannot-hold]"), "with its words");
}
