//! List mapping, through HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::fields::List;
use gleichlauf::crm::value::Value;
use gleichlauf::crm::{RecordKind, Values};
use gleichlauf::history::Actor;
use gleichlauf::mapping::rules::{ItemRule, Unmapped};
use gleichlauf::store::{connections, crm, crm_lists, mappings};
use gleichlauf::users::Role;

use crate::support::connections::activate;
use crate::support::fake_connector::FakeConnector;
use crate::support::portal::{Browser, Page, Portal};
use crate::support::{linking, people};

struct Scene {
    portal: Portal,
    erp: Arc<FakeConnector>,
    admin: Browser,
    connection: i64,
    page: String,
    path: String,
    /// CRM countries by their English name.
    countries: BTreeMap<&'static str, String>,
}

/// The country of customers is mapped, none of its items; the connection is inactive.
async fn scene() -> Scene {
    let linking::Scene { portal, erp, connection, .. } = linking::scene().await;
    let store = portal.app.portal.store.clone();
    let version = connections::find(&store, connection).await.unwrap().unwrap().version;
    let (actor, mut tx) = (Actor::system(), store.begin().await.unwrap());
    connections::deactivate(&mut tx, &actor, (connection, version)).await.unwrap();
    let mut countries = BTreeMap::new();
    for (name, text) in [("Germany", "US:\"Germany\";GE:\"Deutschland\""), ("Austria", "Austria")] {
        let id = crm_lists::insert(&mut tx, &actor, List::COUNTRY, text).await.unwrap();
        countries.insert(name, id.to_string());
    }
    tx.commit().await.unwrap();
    let mut admin = people::signed_in(&portal, "admin", Role::Admin).await;
    let place = format!("/connections/{connection}/mappings");
    let mapped = admin.get(&place).await;
    let mut sent = mapped.inputs("main form.form");
    sent.retain(|(name, _)| !["csrf", "once", "crm:Country"].contains(&name.as_str()));
    sent.extend([("crm:Country", "country"), ("to-crm:Country", "1")].map(owned));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let done = admin.post(&format!("{place}/Customer"), &sent).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let page = format!("/connections/{connection}/list-mappings");
    let path = admin.get(&page).await.attribute("main form", "action").unwrap();
    Scene { portal, erp, admin, connection, page, path, countries }
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

impl Scene {
    async fn items(&self) -> BTreeMap<String, i64> {
        let store = &self.portal.app.portal.store;
        let kind = ActorType::Customer;
        let found = mappings::find(store, self.connection, kind).await.unwrap().unwrap();
        found.field("Country").unwrap().items.clone()
    }

    async fn rule(&self) -> ItemRule {
        let store = &self.portal.app.portal.store;
        let kind = ActorType::Customer;
        let found = mappings::find(store, self.connection, kind).await.unwrap().unwrap();
        found.field("Country").unwrap().item_rule.clone()
    }

    async fn version(&mut self) -> String {
        let page = self.page.clone();
        self.admin.get(&page).await.value_of("version")
    }

    async fn send(&mut self, items: &[(&str, &str)], version: &str) -> Page {
        let mut sent = items.to_vec();
        sent.push(("version", version));
        self.admin.post(&self.path.clone(), &sent).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_suggested_mapped_and_taken_away_again() {
    let mut scene = scene().await;
    let (germany, austria) =
        (scene.countries["Germany"].clone(), scene.countries["Austria"].clone());
    let suggested = scene.admin.get(&format!("{}?suggest=1", scene.page)).await;
    assert_eq!(suggested.value_of("item:DE"), germany);
    assert_eq!(suggested.value_of("item:AT"), austria);
    assert!(scene.items().await.is_empty(), "a suggestion saves nothing");
    let version = scene.version().await;
    let done = scene.send(&[("item:DE", &germany), ("item:AT", &austria)], &version).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.items().await.len(), 2);
    let version = scene.version().await;
    let done = scene.send(&[("item:DE", &germany), ("item:AT", "")], &version).await;
    assert_eq!(done.status, 303);
    assert_eq!(scene.items().await.into_keys().collect::<Vec<_>>(), ["DE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_item_is_said_at_its_row_and_takes_no_mapping_away() {
    let mut scene = scene().await;
    let germany = scene.countries["Germany"].clone();
    let version = scene.version().await;
    assert_eq!(scene.send(&[("item:DE", &germany)], &version).await.status, 303);
    let before = scene.items().await;
    let version = scene.version().await;
    for wrong in ["abc", "99999999999999999999", "-7", "1\0"] {
        let again = scene.send(&[("item:DE", wrong), ("item:AT", &germany)], &version).await;
        assert_eq!(again.status, 422, "{wrong:?}");
        assert!(again.has("tr.clash select[name='item:DE'][aria-invalid=true]"), "{wrong:?}");
        assert!(!again.has("tr.clash select[name='item:AT']"), "{wrong:?}");
        assert_eq!(again.value_of("item:AT"), germany);
        assert_eq!(again.value_of("version"), version);
        if !wrong.contains('\0') {
            assert_eq!(again.value_of("item:DE"), wrong, "what was chosen stays");
        }
        assert_eq!(scene.items().await, before);
    }
    let twice = scene.send(&[("item:DE", &germany), ("item:AT", &germany)], &version).await;
    assert_eq!((twice.status, twice.all("tr.clash").len()), (422, 2));
    for bad in ["", "x"] {
        let again = scene.send(&[("item:AT", &germany)], bad).await;
        assert_eq!(again.status, 422);
        assert!(again.all(".problems li").join("").contains("which version"));
        assert!(again.text.contains("Saved now"));
    }
    assert_eq!(scene.items().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erp_that_is_away_saves_nothing_and_loses_nothing() {
    let mut scene = scene().await;
    let germany = scene.countries["Germany"].clone();
    let version = scene.version().await;
    scene.erp.fail("GetList", Failure::Unreachable { detail: "told".into() });
    let again = scene.send(&[("item:DE", &germany)], &version).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.value_of("item:DE"), germany, "{}", again.text);
    assert!(scene.items().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_gone_stays_mapped_until_somebody_takes_it_away() {
    let mut scene = scene().await;
    let (germany, austria) =
        (scene.countries["Germany"].clone(), scene.countries["Austria"].clone());
    let version = scene.version().await;
    assert_eq!(scene.send(&[("item:DE", &germany)], &version).await.status, 303);
    let store = scene.portal.app.portal.store.clone();
    let mut tx = store.begin().await.unwrap();
    crm_lists::delete(&mut tx, &Actor::system(), germany.parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    let page = scene.admin.get(&scene.page.clone()).await;
    assert_eq!(page.value_of("item:DE"), germany);
    let version = page.value_of("version");
    let done = scene.send(&[("item:DE", &germany), ("item:AT", &austria)], &version).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(scene.items().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_connection_is_active_it_is_looked_at_alone() {
    let mut scene = scene().await;
    let germany = scene.countries["Germany"].clone();
    let version = scene.version().await;
    activate(&scene.portal.app.portal.store, scene.connection).await;
    let page = scene.admin.get(&scene.page.clone()).await;
    assert!(page.has("#item-rows tr") && !page.has("main :is(select, input:not([type=hidden]))"));
    assert!(page.text.contains("Fail until it is mapped"), "with the rule in words");
    assert!(page.has("form[action$='/deactivations'] button"));
    assert_eq!(scene.send(&[("item:DE", &germany)], &version).await.status, 422);
    assert!(scene.items().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_unmapped_items_is_chosen_and_said() {
    let mut scene = scene().await;
    let (germany, austria) =
        (scene.countries["Germany"].clone(), scene.countries["Austria"].clone());
    let version = scene.version().await;
    let sent = [
        ("item:DE", germany.as_str()),
        ("unmapped", "default"),
        ("crm_default", &austria),
        ("erp_default", "NO"),
    ];
    let done = scene.send(&sent, &version).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let wanted = ItemRule {
        unmapped: Unmapped::Default,
        crm_default: austria.parse().ok(),
        erp_default: Some("NO".to_owned()),
    };
    assert_eq!(scene.rule().await, wanted);
    let page = scene.admin.get(&scene.page.clone()).await;
    assert!(page.has("input[name=unmapped][value=default][checked]"));
    assert_eq!(page.value_of("crm_default"), austria);
    assert_eq!(page.value_of("erp_default"), "NO");
    let version = page.value_of("version");
    for (wrong, at) in [
        (vec![("unmapped", "default")], "crm_default"),
        (vec![("unmapped", "default"), ("crm_default", "77")], "crm_default"),
        (vec![("unmapped", "default"), ("crm_default", "nowhere")], "crm_default"),
        (vec![("unmapped", "default"), ("erp_default", "XX")], "erp_default"),
        (vec![("unmapped", "sometimes")], "unmapped"),
    ] {
        let refused = scene.send(&wrong, &version).await;
        assert_eq!(refused.status, 422, "{wrong:?}");
        assert!(refused.has(&format!("#{at}-problem")), "{wrong:?}");
        assert_eq!(scene.rule().await, wanted, "{wrong:?}");
    }
    let versions = scene.admin.get(&format!("/connections/{}/versions", scene.connection)).await;
    assert!(versions.text.contains("unmapped list items"));
    let lost = scene.send(&[("unmapped", "leave")], "1").await;
    assert_eq!(lost.status, 409);
    let said = lost.all("main table")[0].clone();
    assert!(said.contains("Take the default item, CRM: Austria, ERP: Norway"), "{said}");
    assert!(said.contains("Leave the field as it is"), "{said}");
    let left = scene.send(&[("item:DE", &germany), ("unmapped", "leave")], &version).await;
    assert_eq!(left.status, 303);
    let plain = ItemRule { unmapped: Unmapped::Leave, ..ItemRule::default() };
    assert_eq!(scene.rule().await, plain, "no default stays that is not taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_meant_by_its_text_too() {
    let mut scene = scene().await;
    let version = scene.version().await;
    let done = scene.send(&[("item:DE", " germany "), ("item:AT", "Austria")], &version).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let germany: i64 = scene.countries["Germany"].parse().unwrap();
    assert_eq!(scene.items().await["DE"], germany);
    let version = scene.version().await;
    let wrong = scene.send(&[("item:DE", "Atlantis")], &version).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("tr.clash select[name='item:DE'] option[value=Atlantis][selected]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erp_item_that_is_gone_is_marked_and_removed_by_one_press() {
    let mut scene = scene().await;
    let (germany, austria) =
        (scene.countries["Germany"].clone(), scene.countries["Austria"].clone());
    let version = scene.version().await;
    let both = [("item:DE", germany.as_str()), ("item:AT", &austria)];
    assert_eq!(scene.send(&both, &version).await.status, 303);
    scene.erp.withdraw("DE");
    let page = scene.admin.get(&scene.page.clone()).await;
    assert_eq!(page.attributes("button[name=remove]", "value"), ["DE"]);
    assert!(page.all(".places .count").join("").contains("1 of 2"), "{}", page.text);
    let version = page.value_of("version");
    assert_eq!(scene.send(&both, &version).await.status, 303, "it may stay");
    let pressed = [both.as_slice(), &[("remove", "DE")]].concat();
    assert_eq!(scene.send(&pressed, &version).await.status, 303);
    assert_eq!(scene.items().await.into_keys().collect::<Vec<_>>(), ["AT"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn items_without_a_partner_say_how_many_records_hold_them_and_lead_there() {
    let mut scene = scene().await;
    let (germany, austria) =
        (scene.countries["Germany"].clone(), scene.countries["Austria"].clone());
    let store = scene.portal.app.portal.store.clone();
    let mut tx = store.begin().await.unwrap();
    for (name, country) in [("A", &germany), ("B", &austria), ("C", &austria)] {
        let country = Value::Item(country.parse().unwrap());
        let values =
            Values::from_iter([("name", Value::Text(name.to_owned())), ("country", country)]);
        let kind = RecordKind::Company;
        crm::insert(&mut tx, &Actor::system(), kind, None, &values).await.unwrap();
    }
    tx.commit().await.unwrap();
    let version = scene.version().await;
    assert_eq!(scene.send(&[("item:DE", &germany)], &version).await.status, 303);
    let page = scene.admin.get(&scene.page.clone()).await;
    let href = format!("/companies?field=country&item={austria}");
    let counted = "section[aria-labelledby=unused] td.number a";
    assert_eq!(page.attributes(counted, "href"), [&*href], "{}", page.text);
    assert_eq!(page.all(counted), ["2"]);
    let listed = scene.admin.get(&href).await;
    assert_eq!(listed.all("tbody td.title"), ["B", "C"]);
    assert!(listed.all("main .badge").join("").contains("Country: Austria"));
    let narrowed = scene.admin.get(&format!("{href}&search=C")).await;
    assert_eq!(narrowed.all("tbody td.title"), ["C"]);
    let gone = scene.admin.get(&format!("/companies?field=country&item={germany}&search=x")).await;
    assert_eq!(gone.status, 200);
    for unknown in ["field=country&item=5", "field=name&item=5", "item=5"] {
        assert_eq!(scene.admin.get(&format!("/companies?{unknown}")).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lists_are_typed_with_proposals() {
    let mut scene = scene().await;
    let store = scene.portal.app.portal.store.clone();
    let mut tx = store.begin().await.unwrap();
    for number in 0..3_400 {
        let text = format!("Land {number}");
        crm_lists::insert(&mut tx, &Actor::system(), List::COUNTRY, &text).await.unwrap();
    }
    tx.commit().await.unwrap();
    let page = scene.admin.get(&scene.page.clone()).await;
    assert!(page.has("input[name='item:DE'][list=crm-items]"));
    assert!(!page.has("select[name='item:DE']"));
    assert!(page.text.len() < 700_000, "{}", page.text.len());
    let version = page.value_of("version");
    let done = scene.send(&[("item:DE", "Land 17"), ("item:AT", "Land 3399")], &version).await;
    assert_eq!(done.status, 303, "{}", done.text.len());
    assert_eq!(scene.admin.get(&scene.page.clone()).await.value_of("item:DE"), "Land 17");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_activated_meanwhile_keeps_its_items() {
    let mut scene = scene().await;
    let germany = scene.countries["Germany"].clone();
    let version = scene.version().await;
    let released = scene.erp.hold("GetList");
    let (store, connection) = (scene.portal.app.portal.store.clone(), scene.connection);
    let erp = scene.erp.clone();
    let asked = erp.calls().len();
    let sent = [("item:DE", germany.as_str())];
    let saving = scene.send(&sent, &version);
    let activating = async {
        // Held, it asks the ERP what the list has.
        while erp.calls().len() == asked {
            tokio::task::yield_now().await;
        }
        activate(&store, connection).await;
        released.notify_one();
    };
    let (refused, ()) = tokio::join!(saving, activating);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.all(".problems").join("").contains("active"), "{}", refused.text);
    assert!(scene.items().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_was_taken_off_the_list_is_no_choice_any_more() {
    let mut scene = scene().await;
    let germany = scene.countries["Germany"].clone();
    let version = scene.version().await;
    assert_eq!(scene.send(&[("item:DE", &germany)], &version).await.status, 303);
    let mut tx = scene.portal.app.portal.store.begin().await.unwrap();
    crm_lists::delete(&mut tx, &Actor::system(), germany.parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    let page = scene.admin.get(&scene.page.clone()).await;
    let option = |key: &str| format!("select[name='item:{key}'] option[value='{germany}']");
    assert!(page.has(&option("DE")) && !page.has(&option("AT")));
    let version = scene.version().await;
    let refused = scene.send(&[("item:DE", ""), ("item:AT", &germany)], &version).await;
    assert_eq!(refused.status, 422);
    let suggested = scene.admin.get(&format!("{}?suggest=1", scene.page)).await;
    assert_eq!(suggested.value_of("item:DE"), germany, "what stands is left alone");
}
