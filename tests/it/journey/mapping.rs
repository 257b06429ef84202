//! Step 2: the administrator says what is synchronised, and activates the connection.

use fantoccini::key::Key;
use gleichlauf::connector::multilang;
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::fields::{Catalogue, List};
use gleichlauf::i18n::named;
use gleichlauf::mapping::record_kind;
use gleichlauf::store::crm_lists;
use gleichlauf::web::captions;

use super::window::quoted;
use super::{FIRST, SECOND, Story};

/// How a CRM field gets onto an ERP field.
#[derive(Clone, Copy, PartialEq)]
enum How {
    /// It was mapped by itself where the key is well known; else it is picked from the list.
    List,
    /// By mouse.
    Mouse,
    /// By keyboard.
    Keys,
}

pub async fn tell(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(FIRST).await;
    w.follow(t.sync_mappings()).await;
    map_customers(story).await;
    map_persons(story).await;
    map_projects(story).await;
    map_countries(story).await;
    learn_what_stands_in_the_way(story).await;
    set_defaults(story).await;
    order_fields(story).await;
    order_priority(story).await;
    w.follow(FIRST).await;
    w.press(&t.sync_activate(FIRST)).await;
    w.find(&switch(&t.sync_deactivate(FIRST))).await;
    assert!(story.changes().await.is_empty(), "mapping changes nothing in the ERP");
}

fn switch(text: &str) -> String {
    format!("//button[contains(@class,'switch')][normalize-space(.)={}]", quoted(text))
}

async fn map_customers(story: &Story) {
    let keys = &story.facts.customer;
    let kind = ActorType::Customer;
    switch_on(story, kind).await;
    for (key, crm, how) in [
        (keys.name, "name", How::List),
        (keys.phone, "phone", How::List),
        (keys.email, "email", How::List),
        (keys.city, "street_city", How::List),
        (keys.country, "country", How::List),
        (keys.rating, "employees", How::Mouse),
        (keys.since, "customer_since", How::Keys),
    ] {
        pair(story, kind, key, crm, how).await;
        both_ways(story, kind, key).await;
    }
    for key in [keys.name, keys.city] {
        tick(story, kind, key, "search").await;
    }
    for key in [keys.limit, keys.balance] {
        tick(story, kind, key, "tab").await;
    }
    save(story).await;
    bring_the_third_to_the_top(story).await;
    let_blanks_travel(story, kind, keys.city).await;
    save(story).await;
    story.window.sees(story.t().mappings_rule_blank()).await;
}

/// Rows are put in order where they are mapped: by mouse, or by buttons.
async fn bring_the_third_to_the_top(story: &Story) {
    let w = &story.window;
    let before = row_names(story).await;
    if w.scripts {
        let handle = |name: &str| {
            format!("//tr[@data-name={}]//button[contains(@class,'handle')]", quoted(name))
        };
        let (first, third) = (w.find(&handle(&before[0])).await, w.find(&handle(&before[2])).await);
        w.drag(&third, &first).await;
    } else {
        for _ in 0..2 {
            w.press(&story.t().parts_sort_up_named(&before[2])).await;
        }
    }
    assert_eq!(row_names(story).await[..3], [2, 0, 1].map(|place| before[place].clone()));
}

async fn row_names(story: &Story) -> Vec<String> {
    let w = &story.window;
    let table = w.find("//table[contains(@class,'mapping-table')]/tbody").await;
    w.names_of(&table, "./tr").await
}

async fn let_blanks_travel(story: &Story, kind: ActorType, key: &str) {
    let row = row(story, kind, key).await;
    story.window.find(&format!("{row}//summary")).await.click().await.unwrap();
    story.window.tick_at(&format!("{row}//input[@data-rule='']")).await;
}

async fn map_persons(story: &Story) {
    let kind = ActorType::Person;
    story.window.turn_to(captions::actor_type(story.t(), kind)).await;
    switch_on(story, kind).await;
    for (key, crm) in story.facts.person.iter().zip(["first_name", "last_name", "email"]) {
        pair(story, kind, key, crm, How::List).await;
        both_ways(story, kind, key).await;
        tick(story, kind, key, "search").await;
    }
    save(story).await;
}

/// The project's name keeps no direction for now.
async fn map_projects(story: &Story) {
    let kind = ActorType::Project;
    let [name, budget] = story.facts.project;
    story.window.turn_to(captions::actor_type(story.t(), kind)).await;
    switch_on(story, kind).await;
    pair(story, kind, name, "name", How::List).await;
    pair(story, kind, budget, "budget", How::List).await;
    both_ways(story, kind, budget).await;
    done(story).await;
}

async fn switch_on(story: &Story, kind: ActorType) {
    let t = story.t();
    let actor = captions::actor_type(t, kind);
    let entity = captions::record_kind(t, record_kind(kind));
    let text = t.mappings_switch(named::actor(actor), named::crm("CRM"), named::entity(entity));
    story.window.tick(&text).await;
}

async fn row(story: &Story, kind: ActorType, key: &str) -> String {
    row_of(&story.caption(kind, key).await)
}

/// The row of an ERP field that is called like this.
pub fn row_of(caption: &str) -> String {
    let name = quoted(caption);
    format!("//tr[@data-map-row][.//*[@class='field-name'][normalize-space(.)={name}]]")
}

async fn pair(story: &Story, kind: ActorType, key: &str, crm: &str, how: How) {
    let w = &story.window;
    let row = row(story, kind, key).await;
    let list = w.find(&format!("{row}//select")).await;
    let catalogue = Catalogue::builtin(record_kind(kind));
    let name = captions::builtin_field(story.t(), catalogue.find(crm).unwrap());
    if list.prop("value").await.unwrap().as_deref() == Some(crm) {
        return;
    }
    match how {
        How::Mouse if w.scripts => drag_by_mouse(story, name, &row).await,
        How::Keys if w.scripts => drag_by_keys(story, name, &row).await,
        _ => w.choose_in(&list, name).await,
    }
    assert_eq!(list.prop("value").await.unwrap().as_deref(), Some(crm), "{key}");
}

/// Narrows the CRM fields to the one that is wanted.
async fn chip(story: &Story, field: &str) -> fantoccini::elements::Element {
    let w = &story.window;
    let search = format!("//input[@aria-label={}]", quoted(story.t().parts_mapping_filter()));
    let search = w.find(&search).await;
    search.clear().await.unwrap();
    search.send_keys(field).await.unwrap();
    w.find(&format!("//button[contains(@class,'chip')][normalize-space(.)={}]", quoted(field)))
        .await
}

async fn drag_by_mouse(story: &Story, field: &str, row: &str) {
    let w = &story.window;
    let target = w.find(&format!("{row}/th")).await;
    let chip = chip(story, field).await;
    w.drag(&chip, &target).await;
}

async fn drag_by_keys(story: &Story, field: &str, row: &str) {
    let chip = chip(story, field).await;
    chip.send_keys(&Key::Enter.to_string()).await.unwrap();
    for _ in 0..60 {
        chip.send_keys(&Key::Down.to_string()).await.unwrap();
        if story
            .window
            .has(&format!(
                "{row}[contains(@class,'drop')][not(contains(@class,'can-drop')) \
            or contains(concat(' ', @class, ' '), ' drop ')]"
            ))
            .await
        {
            chip.send_keys(&Key::Enter.to_string()).await.unwrap();
            return;
        }
    }
    panic!("the arrow keys never came to the row of {field}");
}

async fn both_ways(story: &Story, kind: ActorType, key: &str) {
    for direction in ["to-erp", "to-crm"] {
        tick(story, kind, key, direction).await;
    }
}

async fn tick(story: &Story, kind: ActorType, key: &str, what: &str) {
    let row = row(story, kind, key).await;
    story.window.tick_at(&format!("{row}//input[@data-map-{what}]")).await;
}

async fn save(story: &Story) {
    story.window.press(story.t().mappings_save_stay()).await;
    story.window.sees(story.t().mappings_saved()).await;
}

async fn done(story: &Story) {
    story.window.press(story.t().done()).await;
    story.window.sees(story.t().mappings_saved()).await;
}

/// Item by item.
async fn map_countries(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(t.sync_list_mapping()).await;
    w.sees(&t.list_mappings_title(FIRST)).await;
    let items = crm_lists::list(&story.portal.app.portal.store, List::COUNTRY).await.unwrap();
    let mut count = 0;
    for item in items {
        let name = multilang::pick(&item.text, w.language.code());
        if w.has(&format!("//label[normalize-space(.)={}]", quoted(name))).await {
            w.choose(name, name).await;
            count += 1;
        }
    }
    assert!(count >= 4, "{count} countries");
    w.press(t.save()).await;
    w.sees(t.list_mappings_saved()).await;
}

/// All reasons at once, each with a link to its place; one of them is followed.
async fn learn_what_stands_in_the_way(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(t.sync_title()).await;
    w.follow(FIRST).await;
    w.press(&t.sync_activate(FIRST)).await;
    let reasons = "//div[contains(@class,'notice')][contains(@class,'bad')]//li";
    w.find(reasons).await;
    let expected = if story.facts.project_status.is_some() { 3 } else { 1 };
    let said = w.texts(reasons).await;
    assert_eq!(said.len(), expected, "{said:?}");
    let place = format!("{} – {}", t.sync_mappings(), t.actor_project());
    w.follow(&place).await;
    both_ways(story, ActorType::Project, story.facts.project[0]).await;
    done(story).await;
}

async fn set_defaults(story: &Story) {
    let (w, t) = (&story.window, story.t());
    let german = usize::from(w.language.code() == "de");
    let keys = &story.facts.customer;
    w.follow(t.sync_defaults()).await;
    begin_default(story, ActorType::Customer, keys.group, keys.group_default[german]).await;
    w.tick(t.defaults_ask_user()).await;
    w.press(t.ok()).await;
    w.sees(t.defaults_saved()).await;
    if let Some((status, item)) = story.facts.project_status {
        w.turn_to(t.actor_project()).await;
        begin_default(story, ActorType::Project, status, item[german]).await;
        w.press(t.ok()).await;
        w.sees(t.defaults_saved()).await;
    }
}

async fn begin_default(story: &Story, kind: ActorType, key: &str, item: &str) {
    let (w, t) = (&story.window, story.t());
    let field = story.caption(kind, key).await;
    w.follow(t.add()).await;
    w.choose(t.defaults_field(), &field).await;
    w.press(t.next()).await;
    w.tick(t.defaults_set()).await;
    w.choose_named("value", item).await;
}

async fn order_fields(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(FIRST).await;
    w.follow(t.sync_ranks()).await;
    let names = w.names_in_order().await;
    let wanted = reorder(story, &names).await;
    w.press(t.done()).await;
    w.sees(t.ranks_saved()).await;
    w.follow(t.sync_ranks()).await;
    assert_eq!(w.names_in_order().await, wanted);
}

/// The CRM stands above both connections.
async fn order_priority(story: &Story) {
    let (w, t) = (&story.window, story.t());
    w.follow(t.sync_title()).await;
    w.follow(t.sync_priority()).await;
    let names = w.names_in_order().await;
    assert_eq!(names.len(), 3);
    assert!(names.iter().any(|name| name == SECOND));
    let wanted = reorder(story, &names).await;
    w.press(t.done()).await;
    w.sees(t.priority_saved()).await;
    w.follow(t.sync_priority()).await;
    assert_eq!(w.names_in_order().await, wanted);
    w.follow(t.sync_title()).await;
}

/// The third comes to the top by mouse and the first one down again by keyboard, or both by buttons.
async fn reorder(story: &Story, names: &[String]) -> Vec<String> {
    let (w, t) = (&story.window, story.t());
    let mut wanted = names.to_vec();
    let third = wanted.remove(2);
    wanted.insert(0, third.clone());
    if w.scripts {
        let (first, third) = (w.handle(&names[0]).await, w.handle(&third).await);
        w.drag(&third, &first).await;
        assert_eq!(w.names_in_order().await, wanted, "by mouse");
    } else {
        for _ in 0..2 {
            w.press(&t.parts_sort_up_named(&third)).await;
        }
    }
    let first = wanted.remove(0);
    wanted.insert(1, first.clone());
    if w.scripts {
        let handle = w.handle(&first).await;
        for key in [" ".to_owned(), Key::Down.to_string(), " ".to_owned()] {
            handle.send_keys(&key).await.unwrap();
        }
    } else {
        w.press(&t.parts_sort_down_named(&first)).await;
    }
    assert_eq!(w.names_in_order().await, wanted);
    wanted
}
