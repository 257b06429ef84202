//! Step 3: a user links a company, a person and a project with the ERP, creates a customer there, and takes
//! a link away.

use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::RecordKind;
use gleichlauf::crm::fields::Catalogue;
use gleichlauf::web::captions;

use super::window::quoted;
use super::{Change, FIRST, SECOND, Story};

const PHONE: &str = "+49 30 2312 5550";

pub async fn tell(story: &Story) {
    story.hand_over_to("vera").await;
    connect_company(story).await;
    change_phone(story).await;
    create_customer(story).await;
    disconnect(story).await;
    connect_person(story).await;
    connect_project(story).await;
    assert_eq!(story.is_in_step().await, 3);
}

/// The ERP's phone number is right, and the CRM's e-mail address.
async fn connect_company(story: &Story) {
    let (w, t) = (&story.window, story.t());
    let (name, key) = story.facts.company;
    let fields = &story.facts.customer;
    let record = story.record(RecordKind::Company, name).await;
    let phone = story.erp.row("Customer", key).await.values.remove(fields.phone).unwrap();
    story.open_record(RecordKind::Company, name).await;
    w.turn_to(t.records_tab_erp()).await;
    w.sees(FIRST).await;
    w.sees_not(SECOND).await;
    w.follow(t.actor_customer()).await;
    choose(story, key).await;
    w.sees(t.erp_connect_choose()).await;
    side(story, fields.phone, "erp").await;
    side(story, fields.email, "crm").await;
    w.press(t.erp_connect()).await;
    w.sees(&t.erp_connected(FIRST)).await;
    let limit = story.caption(ActorType::Customer, fields.limit).await;
    w.sees(&limit).await;
    let email = record.values.text("email");
    let done = story.changes().await;
    assert!(done.contains(&change("Customer", key, fields.email, email)), "{done:?}");
    assert!(done.iter().all(|[kind, row, ..]| kind == "Customer" && row == key), "{done:?}");
    let now = story.record(RecordKind::Company, name).await;
    assert_eq!(now.values.text("phone"), phone);
    assert_eq!(now.values.text("email"), email);
    assert_eq!(story.is_in_step().await, 1);
}

/// Presses the found actor's button, and goes on.
async fn choose(story: &Story, key: &str) {
    let w = &story.window;
    w.tick_at(&format!("//tr[td[normalize-space(.)='{key}']]//input[@type='radio']")).await;
    w.press(story.t().erp_connect()).await;
    w.sees(key).await;
}

async fn side(story: &Story, field: &str, side: &str) {
    story.window.tick_at(&format!("//input[@name='side:{field}'][@value='{side}']")).await;
}

fn change(kind: &str, key: &str, field: &str, value: &str) -> Change {
    [kind, key, field, value].map(str::to_owned)
}

async fn change_phone(story: &Story) {
    let (w, t) = (&story.window, story.t());
    let key = story.facts.company.1;
    edit(story, "phone", PHONE).await;
    w.turn_to(t.records_tab_erp()).await;
    w.sees(t.parts_differs()).await;
    w.press(t.erp_sync_now()).await;
    w.sees(t.erp_synced()).await;
    w.sees_not(t.parts_differs()).await;
    let done = story.changes().await;
    assert_eq!(done, [change("Customer", key, story.facts.customer.phone, PHONE)]);
}

/// Changes one value of the company whose page is open.
pub async fn edit(story: &Story, field: &str, value: &str) {
    let (w, t) = (&story.window, story.t());
    if w.has(&w.tab(t.records_tab_details())).await {
        w.turn_to(t.records_tab_details()).await;
    }
    w.follow(t.edit()).await;
    let catalogue = Catalogue::builtin(RecordKind::Company);
    let field = catalogue.find(field).unwrap();
    w.fill(captions::builtin_field(t, field), value).await;
    w.press(t.save()).await;
    w.sees(&t.records_saved(story.facts.company.0)).await;
}

/// The search has run and found nobody; the customer group is asked for.
async fn create_customer(story: &Story) {
    let (w, t) = (&story.window, story.t());
    let fields = &story.facts.customer;
    let name = story.facts.newcomer;
    story.open_record(RecordKind::Company, name).await;
    w.turn_to(t.records_tab_erp()).await;
    w.follow(t.actor_customer()).await;
    w.sees(t.erp_search_no_match()).await;
    w.press(t.erp_create()).await;
    let (chosen, texts) = fields.group_chosen;
    let text = texts[usize::from(w.language.code() == "de")];
    w.choose(&story.caption(ActorType::Customer, fields.group).await, text).await;
    w.press(t.erp_create_button()).await;
    w.sees(&t.erp_created(FIRST)).await;
    let done = story.changes().await;
    let [[kind, key, field, _]] = done.as_slice() else { panic!("{done:?}") };
    assert_eq!((kind.as_str(), field.as_str()), ("Customer", ""));
    let values = story.erp.row("Customer", key).await.values;
    assert_eq!((&*values[fields.name], &*values[fields.group]), (name, chosen));
    assert_eq!(story.is_in_step().await, 2);
}

async fn disconnect(story: &Story) {
    let (w, t) = (&story.window, story.t());
    let record = story.record(RecordKind::Company, story.facts.newcomer).await;
    w.follow(&t.erp_disconnect_named(t.actor_customer())).await;
    w.press(t.erp_disconnect()).await;
    w.sees(t.erp_disconnected()).await;
    assert!(w.has(&format!("//a[normalize-space(.)={}]", quoted(t.actor_customer()))).await);
    assert!(story.changes().await.is_empty());
    let now = story.record(RecordKind::Company, story.facts.newcomer).await;
    assert_eq!(now.values, record.values);
    assert_eq!(story.is_in_step().await, 1);
}

/// From the company to its person; the search is changed, since two words find nobody in every ERP.
async fn connect_person(story: &Story) {
    let (w, t) = (&story.window, story.t());
    let (name, key) = story.facts.contact;
    story.open_record(RecordKind::Company, story.facts.company.0).await;
    w.follow(name).await;
    w.turn_to(t.records_tab_erp()).await;
    w.follow(t.actor_person()).await;
    w.fill(t.erp_search_label(), story.facts.contact_search).await;
    w.press(t.search()).await;
    choose(story, key).await;
    w.press(t.erp_connect()).await;
    w.sees(&t.erp_connected(FIRST)).await;
    let done = story.changes().await;
    assert!(done.iter().all(|[kind, row, ..]| kind == "Person" && row == key), "{done:?}");
    let parent = story.erp.row("Person", key).await.parent;
    assert_eq!(parent.as_deref(), Some(story.facts.company.1));
    assert_eq!(story.is_in_step().await, 2);
}

async fn connect_project(story: &Story) {
    let (w, t) = (&story.window, story.t());
    let (name, key) = story.facts.undertaking;
    story.open_record(RecordKind::Project, name).await;
    w.turn_to(t.records_tab_erp()).await;
    w.follow(t.actor_project()).await;
    choose(story, key).await;
    side(story, story.facts.project[1], "crm").await;
    w.press(t.erp_connect()).await;
    w.sees(&t.erp_connected(FIRST)).await;
    let done = story.changes().await;
    let [[_, row, field, _]] = done.as_slice() else { panic!("{done:?}") };
    assert_eq!((row.as_str(), field.as_str()), (key, story.facts.project[1]));
}
