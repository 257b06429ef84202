//! What is wired beyond the main job: list items that are suggested and kept apart, rules and limits of a
//! field, ranks by touch; then default values, and fields of one's own.

use gleichlauf::connector::multilang;
use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::RecordKind;
use gleichlauf::crm::fields::{Catalogue, List};
use gleichlauf::i18n::{Language, named};
use gleichlauf::mapping::rules::{FieldRules, ItemRule, Unmapped, When};
use gleichlauf::store::crm_lists;
use gleichlauf::store::page::PAGE;
use gleichlauf::web::captions;

use super::office::Office;
use super::window::quoted;
use super::{defaults, own_fields};

const CUSTOMER: ActorType = ActorType::Customer;

/// Three countries of both sides, as they are called on the page.
struct Countries {
    germany: String,
    austria: String,
    switzerland: String,
}

impl Countries {
    async fn of(o: &Office) -> Self {
        let items = crm_lists::list(o.store(), List::COUNTRY).await.unwrap();
        let named = |english: &str| {
            let item = items.iter().find(|item| item.text.contains(english)).unwrap();
            multilang::pick(&item.text, o.w.language.code()).to_owned()
        };
        Self {
            germany: named("Germany"),
            austria: named("Austria"),
            switzerland: named("Switzerland"),
        }
    }
}

/// Suggestions are taken over, what is mapped twice is red, and what becomes of unmapped items is said.
async fn map_a_list(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.map(CUSTOMER, &["COUNTRY"]).await;
    let Countries { germany, austria, switzerland } = Countries::of(o).await;
    o.goto_its("/list-mappings").await;
    w.follow(t.list_mappings_suggest()).await;
    w.sees(t.list_mappings_suggestion()).await;
    assert!(o.field(CUSTOMER, "COUNTRY").await.items.is_empty(), "only suggested");
    w.choose(&austria, &germany).await;
    if !w.scripts {
        w.press(t.save()).await;
    }
    for country in [&germany, &austria] {
        w.find(&twice(o, country)).await;
    }
    assert!(o.field(CUSTOMER, "COUNTRY").await.items.is_empty(), "nothing is mapped twice");
    w.choose(&austria, &austria).await;
    if w.scripts {
        w.find("//main[not(.//tr[contains(@class,'clash')])]").await;
    }
    w.choose(&switzerland, t.records_none_chosen()).await;
    w.tick(t.mapping_unmapped_default()).await;
    w.choose(&t.list_mappings_crm_default("CRM"), &germany).await;
    w.choose(t.list_mappings_erp_default(), &austria).await;
    w.press(t.save()).await;
    w.sees(t.list_mappings_saved()).await;
    let saved = o.field(CUSTOMER, "COUNTRY").await;
    assert!(saved.items.len() > 5 && !saved.items.contains_key("CH"), "{:?}", saved.items);
    let rule = ItemRule {
        unmapped: Unmapped::Default,
        crm_default: Some(saved.items["DE"]),
        erp_default: Some("AT".to_owned()),
    };
    assert_eq!(saved.item_rule, rule);
    follow_the_count(o, &switzerland).await;
}

/// The row of an ERP item, when it says that another one is mapped to the same.
fn twice(o: &Office, item: &str) -> String {
    let (item, said) = (quoted(item), quoted(o.t().mapping_item_crm_twice()));
    format!(
        "//tr[contains(@class,'clash')][.//label[normalize-space(.)={item}]]\
         [.//select[@aria-invalid='true']]//*[contains(@class,'problem')][normalize-space(.)={said}]"
    )
}

/// How many records hold an item without a partner leads to just these records.
async fn follow_the_count(o: &Office, item: &str) {
    let w = &o.w;
    let link = format!("//tr[td[normalize-space(.)={}]]//a[contains(@href,'item=')]", quoted(item));
    let count: usize = w.find(&link).await.text().await.unwrap().parse().unwrap();
    w.follow_path(&link).await;
    let country = crm_caption(o, "country");
    w.sees(&o.t().records_holding(named::field(country), named::item(item))).await;
    let rows = w.texts("//main//tbody/tr").await.len();
    assert_eq!(rows, count.min(usize::try_from(PAGE).unwrap()));
}

/// A field is synchronised or shown in the ERP tab; a direction that cannot be says why.
async fn exclude_and_explain(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto_its("/mappings?type=Customer").await;
    let limit = o.row(CUSTOMER, "CREDITLIMIT").await;
    let tab = format!("{limit}//label[.//input[@data-map-tab]]");
    w.follow_path(&tab).await;
    w.find(&format!("{limit}[.//select[@data-map-select and @disabled]]")).await;
    w.follow_path(&tab).await;
    let choice = w.find(&format!("{limit}//select[@data-map-select]")).await;
    assert!(choice.is_enabled().await.unwrap());
    w.choose_in(&choice, &crm_caption(o, "revenue")).await;
    w.find(&format!("{limit}[.//input[@data-map-tab and @disabled]]")).await;

    let rating = o.row(CUSTOMER, "RATING").await;
    let closed = format!("{rating}[.//input[@data-map-to-erp and @aria-disabled='true']]");
    let says = |why: &str| format!("{closed}[contains(normalize-space(.), {})]", quoted(why));
    w.find(&says(t.mapping_why_no_crm_field())).await;
    let choice = w.find(&format!("{rating}//select[@data-map-select]")).await;
    w.choose_in(&choice, &crm_caption(o, "department")).await;
    let why = t.mapping_why_erp_cannot_hold();
    w.find(&says(why)).await;
    w.find(&format!("{rating}[.//input[@data-map-to-crm and not(@aria-disabled='true')]]")).await;
    w.choose_in(&choice, &crm_caption(o, "employees")).await;
    w.find(&format!(
        "{rating}[.//input[@data-map-to-erp and not(@aria-disabled='true')]]\
         [not(contains(normalize-space(.), {}))]",
        quoted(why)
    ))
    .await;
}

fn crm_caption(o: &Office, key: &str) -> String {
    let catalogue = Catalogue::builtin(RecordKind::Company);
    captions::builtin_field(o.t(), catalogue.find(key).unwrap()).to_owned()
}

/// To the ERP once, to the CRM where nothing stands; said at once in words, and kept.
async fn set_rules(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto_its("/mappings?type=Customer").await;
    let row = o.row(CUSTOMER, "PHONE").await;
    for side in ["to-erp", "to-crm"] {
        w.tick_at(&format!("{row}//input[@data-map-{side}]")).await;
    }
    w.follow_path(&format!("{row}//summary")).await;
    for (side, when) in
        [("to-erp", t.mapping_when_on_create()), ("to-crm", t.mapping_when_if_empty())]
    {
        let list = w.find(&format!("{row}//select[@data-rule='{side}']")).await;
        w.choose_in(&list, when).await;
    }
    if w.scripts {
        say_the_rules(o, &row).await;
    }
    w.press(t.mappings_save_stay()).await;
    w.sees(t.mappings_saved()).await;
    say_the_rules(o, &row).await;
    let rules = FieldRules { to_crm: When::IfEmpty, to_erp: When::OnCreate, may_blank: false };
    assert_eq!(o.field(CUSTOMER, "PHONE").await.rules, rules);
}

async fn say_the_rules(o: &Office, row: &str) {
    let t = o.t();
    for said in [t.mappings_rule_to_erp_on_create(), &t.mappings_rule_to_crm_if_empty("CRM")] {
        let words = format!("{row}//*[@data-rule-words][contains(., {})]", quoted(said));
        o.w.find(&words).await;
    }
}

/// The third field comes to the top under a finger.
async fn rank_by_touch(o: &Office) {
    let (w, t) = (&o.w, o.t());
    o.goto_its("/ranks?type=Customer").await;
    let before = o.mapping(CUSTOMER).await.keys();
    let names = w.names_in_order().await;
    let (first, third) = (w.handle(&names[0]).await, w.handle(&names[2]).await);
    w.drag_by_touch(&third, &first).await;
    w.press(t.done()).await;
    w.sees(t.ranks_saved()).await;
    let after = o.mapping(CUSTOMER).await.keys();
    assert_eq!(after[..3], [2, 0, 1].map(|place| before[place].clone()));
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_and_lists_are_wired_with_scripts() {
    let o = Office::open(Language::De, true).await;
    map_a_list(&o).await;
    exclude_and_explain(&o).await;
    set_rules(&o).await;
    defaults::tell(&o).await;
    rank_by_touch(&o).await;
    own_fields::tell(&o).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_and_lists_are_wired_without_scripts() {
    let o = Office::open(Language::En, false).await;
    map_a_list(&o).await;
    set_rules(&o).await;
    defaults::tell(&o).await;
    own_fields::tell(&o).await;
}
