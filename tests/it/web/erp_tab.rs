//! The ERP tab, through HTTP.

use gleichlauf::connections::{Access, Grantee, Scope};
use gleichlauf::connector::failure::Failure;
use gleichlauf::history::Actor;
use gleichlauf::store::mappings;
use gleichlauf::users::Role;

use crate::support::linking::{connection, scene};
use crate::support::people;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_linked_offers_its_actor_types() {
    let mut scene = scene().await;
    let page = scene.user.get(&scene.tab()).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.all("h2"), ["Köln"]);
    assert!(page.all(".panel-head .hint").contains(&"Books of Köln".to_owned()), "{}", page.text);
    let search = scene.path("search?type=Customer");
    assert_eq!(page.all(&format!("main a[href='{search}']")), ["Customer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_linked_shows_both_sides_and_what_the_erp_alone_knows() {
    let mut scene = scene().await;
    scene.link().await;
    scene.erp.set(gleichlauf::connector::types::ActorType::Customer, "C1", "Phone", "<b>1</b>");
    let page = scene.user.get(&scene.tab()).await;
    assert_eq!(page.all("tr.differs td.erp"), ["<b>1</b>"]);
    assert_eq!(page.all("tr.differs td.crm"), ["+49 30 999"]);
    assert_eq!(page.all("dl.facts dt"), ["Limit"]);
    assert_eq!(page.all("dl.facts dd"), ["1.5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_list_items_that_are_shown_are_asked_for() {
    let mut scene = scene().await;
    scene.link().await;
    let customer = gleichlauf::connector::types::ActorType::Customer;
    let mapping = mappings::find(scene.store(), scene.connection, customer).await.unwrap();
    let mut mapping = mapping.unwrap();
    for field in mapping.fields.iter_mut().filter(|field| field.erp.key == "Country") {
        field.is_shown_in_tab = true;
    }
    let mut tx = scene.store().begin().await.unwrap();
    mappings::save(&mut tx, &Actor::system(), &mapping).await.unwrap();
    tx.commit().await.unwrap();
    scene.erp.calls();
    let page = scene.user.get(&scene.tab()).await;
    assert_eq!(page.all("dl.facts dt"), ["Country", "Limit"]);
    let calls = scene.erp.calls();
    let called: Vec<&str> = calls.iter().map(|(call, _)| *call).collect();
    assert_eq!(called, ["GetActors", "GetListItems"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erp_that_is_away_degrades_its_own_section_only() {
    let mut scene = scene().await;
    scene.link().await;
    connection(scene.store(), "Wien", Scope::Everyone).await;
    scene.erp.fail("GetActors", Failure::Unreachable { detail: "told".into() });
    let page = scene.user.get(&scene.tab()).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.all("h2"), ["Köln", "Wien"]);
    assert_eq!(page.all(".notice.warn .notice-title"), ["The ERP's live values could not be read"]);
    assert_eq!(page.all("td.crm"), ["Ærø & Söhne <1>", "+49 30 999"]);
    assert!(page.all("tr.differs").is_empty(), "nobody knows what differs");
    assert!(page.has(&format!("a[href='{}']", scene.path("disconnect"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_out_of_reach_is_not_found_and_not_named() {
    let mut scene = scene().await;
    let olaf = people::add_person(&scene.portal, "olaf", Role::User).await;
    let only = Access { who: Grantee::User(olaf), may_connect: true, may_create: true };
    let secret = connection(scene.store(), "Geheimbund", Scope::Only(vec![only])).await;
    let (company, own) = (scene.company, scene.connection);
    for path in [
        "/companies/1/erp".to_owned(),
        format!("/projects/{company}/erp"),
        format!("/companies/{company}/erp/{secret}/search?type=Customer"),
        format!("/companies/{company}/erp/{secret}/links/new?type=Customer&key=C1"),
        format!("/companies/{company}/erp/{secret}/actors/new?type=Customer"),
        format!("/companies/{company}/erp/{secret}/disconnect"),
        format!("/companies/{company}/erp/7/search?type=Customer"),
        format!("/companies/{company}/erp/{own}/search?type=Supplier"),
        format!("/companies/{company}/erp/{own}/search?type=Person"),
        format!("/companies/{company}/erp/{own}/search?type=%3Cscript%3E"),
        format!("/companies/{company}/erp/{own}/search"),
        format!("/companies/{company}/erp/{own}/disconnect"),
        format!("/companies/abc/erp/{own}/search?type=Customer"),
    ] {
        let page = scene.user.get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.text.contains("Geheimbund"), "{path}");
    }
    for path in ["links", "syncs", "actors", "lookups", "drops", "disconnect"] {
        scene.user.get(&scene.tab()).await;
        let path = format!("/companies/{company}/erp/{secret}/{path}");
        let page = scene.user.post(&path, &[("type", "Customer"), ("key", "C1")]).await;
        assert_eq!(page.status, 404, "{path}");
    }
    assert!(!scene.user.get(&scene.tab()).await.text.contains("Geheimbund"));
    assert!(scene.linked().await.is_none());
}
