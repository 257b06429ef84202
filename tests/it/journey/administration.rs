//! What an administrator does beside the main job, in a window: fields of one's own, the order of fields taken
//! back, what a default comes to, and what the connector offers now.

use fantoccini::key::Key;
use gleichlauf::connector::multilang;
use gleichlauf::connector::types::{Access, ActorType, FieldType};
use gleichlauf::crm::RecordKind;
use gleichlauf::crm::value::FieldKind;
use gleichlauf::i18n::{Language, named};
use gleichlauf::store::{connections, crm_fields};
use gleichlauf::users::Role;
use gleichlauf::web::captions;

use super::window::{Window, quoted};
use crate::support::configured::{Configured, SECRET, configured};
use crate::support::connections::field;
use crate::support::fake_connector::fields;
use crate::support::linking::record;
use crate::support::people;

struct Desk {
    scene: Configured,
    w: Window,
}

impl Desk {
    async fn open(language: Language, scripts: bool) -> Self {
        let scene = configured().await;
        let w = Window::signed_in(&scene.portal, "anna", language, scripts).await;
        Self { scene, w }
    }

    async fn goto(&self, path: &str) {
        self.w.goto(&format!("{}{path}", self.scene.portal.address)).await;
    }

    /// Moves the second of a sortable list up: by keyboard, or by its button.
    async fn move_second_up(&self, name: &str) {
        if !self.w.scripts {
            self.w.press(&self.w.t.parts_sort_up_named(name)).await;
            return;
        }
        let handle = self.w.handle(name).await;
        for key in [" ".to_owned(), Key::Up.to_string(), " ".to_owned()] {
            handle.send_keys(&key).await.unwrap();
        }
    }
}

async fn add_a_field(desk: &Desk) {
    let (w, t) = (&desk.w, desk.w.t);
    desk.goto("/crm-fields").await;
    w.sees(&t.crm_fields_none(captions::record_kinds(t, RecordKind::Company))).await;
    w.follow(t.crm_fields_add()).await;
    w.follow(captions::field_kind(t, FieldKind::List)).await;
    w.fill(t.crm_fields_german(), "Farbe").await;
    w.fill(t.crm_fields_english(), "Colour").await;
    w.fill(t.crm_fields_more(), "Rot | Red\nBlau | Blue").await;
    w.press(t.crm_fields_add()).await;
    let name = if w.language == Language::De { "Farbe" } else { "Colour" };
    w.follow(name).await;
    let blue = if w.language == Language::De { "Blau" } else { "Blue" };
    desk.move_second_up(blue).await;
    assert_eq!(w.names_in_order().await[0], blue);
    w.press(t.save()).await;
    w.follow(name).await;
    assert_eq!(w.names_in_order().await[0], blue, "kept");
    // It stands in the form of a company, and among the fields to map.
    desk.goto("/companies/new").await;
    w.choose(name, blue).await;
    let added = crm_fields::list(desk.scene.store(), RecordKind::Company).await.unwrap().remove(0);
    desk.goto(&desk.scene.path("/mappings?type=Customer")).await;
    assert!(w.source().await.contains(&format!("value=\"{}\"", added.field.key)));
}

async fn order_and_undo(desk: &Desk) {
    let (w, t) = (&desk.w, desk.w.t);
    let before = desk.scene.mapping().await.keys();
    let second = desk.scene.mapping().await.fields[1].erp.name.clone();
    let second = multilang::pick(&second, w.language.code()).to_owned();
    desk.goto(&desk.scene.path("/ranks?type=Customer")).await;
    desk.move_second_up(&second).await;
    assert_eq!(w.names_in_order().await[0], second);
    if w.scripts {
        w.press(t.done()).await;
    }
    w.sees(t.ranks_saved()).await;
    assert_ne!(desk.scene.mapping().await.keys(), before);
    w.press(t.version_undos_button()).await;
    w.sees(t.version_undos_done()).await;
    assert_eq!(desk.scene.mapping().await.keys(), before);
}

/// A field is new, one is gone, one is of another type now.
async fn refresh(desk: &Desk) {
    let (w, t) = (&desk.w, desk.w.t);
    desk.scene
        .map(|mapping| {
            let phone = mapping.fields.iter_mut().find(|field| field.erp.key == "Phone").unwrap();
            phone.crm_field = Some("phone".to_owned());
        })
        .await;
    let mut offered = fields(ActorType::Customer);
    offered.retain(|field| field.key != "Phone");
    let rating = offered.iter_mut().find(|field| field.key == "Rating").unwrap();
    let before = captions::field_type(t, std::mem::replace(&mut rating.kind, FieldType::Text));
    offered.push(field("COLOUR", FieldType::Text, "", Access::Normal));
    desk.scene.fake.offer(ActorType::Customer, offered);
    desk.goto(&desk.scene.path("/field-refreshes")).await;
    w.sees("COLOUR").await;
    let gone = quoted(t.field_refreshes_gone());
    w.find(&format!("//main//tr[td[contains(., 'Phone')]][contains(., {gone})]")).await;
    let after = captions::field_type(t, FieldType::Text);
    w.sees(&t.mapping_refresh_field_type(named::after(after), named::before(before))).await;
    assert!(desk.scene.mapping().await.field("COLOUR").is_none(), "only looked at");
    w.press(t.field_refreshes_take_over()).await;
    let done = t.field_refreshes_done(named::name("Nord"), named::said(""));
    w.sees(done.trim()).await;
    let mapping = desk.scene.mapping().await;
    assert!(mapping.field("COLOUR").is_some() && mapping.field("Phone").unwrap().is_missing_in_erp);
    assert_eq!(mapping.field("Rating").unwrap().erp.kind, FieldType::Text);
    desk.goto(&desk.scene.path("/field-refreshes")).await;
    w.sees(t.field_refreshes_same()).await;
}

/// Everything but the secret is copied.
async fn copy(desk: &Desk) {
    let (w, t) = (&desk.w, desk.w.t);
    desk.goto("/sync").await;
    w.follow(t.sync_copy()).await;
    let name = t.connections_copy_of("Nord");
    w.has_value(t.name(), &name).await;
    w.fill_named("c-Password", SECRET).await;
    w.press(t.sync_test()).await;
    w.sees(t.connections_test_passed()).await;
    w.press(t.ok()).await;
    w.find(&format!("//*[@role='status'][contains(., {})]", quoted(&name))).await;
    assert_eq!(connections::list(desk.scene.store()).await.unwrap().len(), 2);
}

async fn limit_the_scope(desk: &Desk) {
    let (w, t) = (&desk.w, desk.w.t);
    people::add_person(&desk.scene.portal, "udo", Role::User).await;
    desk.goto(&desk.scene.path("/scope")).await;
    w.tick(t.connections_some()).await;
    w.tick_at("//tr[.//small[normalize-space(.)='udo']]//input[@name='who']").await;
    w.press(t.ok()).await;
    w.sees(&t.connection_scopes_saved("Nord")).await;
    assert!(!desk.scene.find().await.is_for_everyone);
}

/// Why somebody does not see the ERP tab of a record.
async fn explain_access(desk: &Desk) {
    let (w, t) = (&desk.w, desk.w.t);
    let texts = [("name", "Nordwind")];
    record(desk.scene.store(), RecordKind::Company, None, &texts).await;
    desk.goto("/access").await;
    let label = quoted(t.access_user());
    let option = format!("//select[@id=//label[starts-with(normalize-space(.), {label})]/@for]");
    let udo = w.find(&format!("{option}/option[contains(., '(udo)')]")).await;
    let udo = udo.prop("value").await.unwrap().unwrap();
    w.choose_value(t.access_user(), &udo).await;
    w.fill(t.access_record(), "Nordwind").await;
    w.press(t.access_explain()).await;
    w.follow("Nordwind").await;
    w.sees(t.access_ends_here()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_its_scope_and_who_sees_what_with_scripts() {
    let desk = Desk::open(Language::De, true).await;
    copy(&desk).await;
    limit_the_scope(&desk).await;
    explain_access(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_its_scope_and_who_sees_what_without_scripts() {
    let desk = Desk::open(Language::En, false).await;
    copy(&desk).await;
    limit_the_scope(&desk).await;
    explain_access(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_ones_own_order_and_offer_with_scripts() {
    let desk = Desk::open(Language::De, true).await;
    add_a_field(&desk).await;
    order_and_undo(&desk).await;
    refresh(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_ones_own_order_and_offer_without_scripts() {
    let desk = Desk::open(Language::En, false).await;
    add_a_field(&desk).await;
    order_and_undo(&desk).await;
    refresh(&desk).await;
}
