//! Fields of one's own of persons and projects, made and mapped.

use gleichlauf::connector::types::ActorType;
use gleichlauf::crm::RecordKind;
use gleichlauf::crm::value::FieldKind;
use gleichlauf::i18n::Language;
use gleichlauf::mapping::{Direction, record_kind};
use gleichlauf::store::crm_fields;
use gleichlauf::web::captions;

use super::office::Office;

/// A text and a date of persons, a number of projects; each is mapped as far as the ERP field allows.
pub async fn tell(o: &Office) {
    let person = (RecordKind::Person, ActorType::Person);
    let project = (RecordKind::Project, ActorType::Project);
    for (of, field_kind, names, erp, sides) in [
        (person, FieldKind::Text, ["Kürzel", "Initials"], "NUMBER", &["to-crm"][..]),
        (
            person,
            FieldKind::Date,
            ["Zuletzt hier", "Last here"],
            "BIRTHDATE",
            &["to-erp", "to-crm"],
        ),
        (project, FieldKind::Whole, ["Stunden", "Hours"], "HOURS", &["to-crm"]),
    ] {
        let name = add_field(o, of.0, field_kind, names).await;
        map_field(o, of.1, erp, &name, sides).await;
    }
}

async fn add_field(o: &Office, of: RecordKind, kind: FieldKind, names: [&str; 2]) -> String {
    let (w, t) = (&o.w, o.t());
    let [german, english] = names;
    let name = if w.language == Language::De { german } else { english };
    o.goto(&format!("/crm-fields?kind={}", of.as_str())).await;
    w.follow(t.crm_fields_add()).await;
    w.follow(captions::field_kind(t, kind)).await;
    w.fill(t.crm_fields_german(), german).await;
    w.fill(t.crm_fields_english(), english).await;
    if kind == FieldKind::Text {
        w.fill(t.crm_fields_length(), "40").await;
    }
    w.press(t.crm_fields_add()).await;
    w.sees(&t.crm_fields_added(name)).await;
    w.follow(name).await;
    w.sees(t.crm_fields_unused()).await;
    name.to_owned()
}

async fn map_field(o: &Office, kind: ActorType, key: &str, name: &str, sides: &[&str]) {
    let (w, t) = (&o.w, o.t());
    o.goto_its(&format!("/mappings?type={}", kind.as_str())).await;
    let row = o.row(kind, key).await;
    let choice = w.find(&format!("{row}//select[@data-map-select]")).await;
    w.choose_in(&choice, name).await;
    for side in sides {
        w.tick_at(&format!("{row}//input[@data-map-{side}]")).await;
    }
    w.press(t.mappings_save_stay()).await;
    w.sees(t.mappings_saved()).await;
    let own = crm_fields::list(o.store(), record_kind(kind)).await.unwrap();
    let mapped = o.field(kind, key).await;
    let own = own.iter().find(|own| Some(&own.field.key) == mapped.crm_field.as_ref()).unwrap();
    let both = if sides.len() == 2 { Direction::BOTH } else { Direction::TO_CRM };
    assert_eq!(mapped.direction, both);
    o.goto(&format!("/crm-fields/{}/edit", own.id)).await;
    w.find("//main//a[contains(@href,'/mappings?type=')]").await;
}
