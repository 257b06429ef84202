//! What is chosen for a field, in words.

use super::row::Row;
use super::view::EditPage;
use crate::mapping::edit::FieldEdit;
use crate::mapping::rules::When;
use crate::mapping::{ActorMapping, Side};
use crate::web::captions;

/// When values travel: name, caption, what it says in a sentence, chosen.
pub type Moment = (&'static str, &'static str, String, bool);

impl EditPage<'_> {
    /// What happens with a field: CRM field, direction, rules, where it is shown.
    pub fn in_words(&self, mapping: &ActorMapping, edit: &FieldEdit) -> String {
        let t = self.visit.t;
        let crm = edit.crm_field.as_deref();
        let crm =
            crm.map(|key| format!("{} {}", edit.direction.arrow(), self.crm_name(mapping, key)));
        let said = [crm.unwrap_or_default(), self.rules_in_words(edit), self.shown(edit)];
        let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
        if said.is_empty() { t.records_none_chosen().to_owned() } else { said.join(", ") }
    }

    /// When values may travel to the ERP, or to the CRM.
    pub fn moments(&self, row: &Row, to: &str) -> Vec<Moment> {
        let to = if to == "to-erp" { Side::Erp } else { Side::Crm };
        let chosen = row.edit.rules.when(to);
        let moment = |when: When| {
            let caption = captions::when(self.visit.t, when);
            (when.as_str(), caption, self.moment(to, when), chosen == when)
        };
        When::ALL.map(moment).into()
    }

    /// A rule in words; blank when it is none.
    fn moment(&self, to: Side, when: When) -> String {
        let (t, crm) = (self.visit.t, &self.visit.crm_name);
        match (to, when) {
            (_, When::Always) => String::new(),
            (Side::Erp, When::OnCreate) => t.mappings_rule_to_erp_on_create().to_owned(),
            (Side::Erp, When::IfEmpty) => t.mappings_rule_to_erp_if_empty().to_owned(),
            (Side::Crm, When::OnCreate) => t.mappings_rule_to_crm_on_create(crm),
            (Side::Crm, When::IfEmpty) => t.mappings_rule_to_crm_if_empty(crm),
        }
    }

    /// The rules of the directions that are on.
    pub fn rules_in_words(&self, edit: &FieldEdit) -> String {
        let ways = [Side::Erp, Side::Crm].into_iter().filter(|to| edit.direction.reaches(*to));
        let moments = ways.map(|to| self.moment(to, edit.rules.when(to)));
        let blank = edit.direction.is_any() && edit.rules.may_blank;
        let blank = blank.then(|| self.visit.t.mappings_rule_blank().to_owned());
        let words: Vec<String> = moments.chain(blank).filter(|words| !words.is_empty()).collect();
        words.join(" · ")
    }

    /// Where a field is shown.
    pub fn shown(&self, edit: &FieldEdit) -> String {
        let t = self.visit.t;
        let shown = [
            (edit.is_shown_in_search, t.parts_mapping_search()),
            (edit.is_shown_in_tab, t.parts_mapping_tab()),
        ];
        let shown = shown.into_iter().filter(|(is, _)| *is).map(|(_, text)| text);
        shown.collect::<Vec<_>>().join(", ")
    }

    /// The chosen CRM field, and which way values travel.
    pub fn crm_caption(&self, mapping: &ActorMapping, row: &Row) -> String {
        row.edit.crm_field.as_deref().map_or_else(String::new, |key| self.crm_name(mapping, key))
    }

    pub fn crm_name(&self, mapping: &ActorMapping, key: &str) -> String {
        let caption = captions::field_of(self.visit, &mapping.catalogue, key);
        caption.unwrap_or_else(|| key.to_owned())
    }

    pub fn direction_in_words(&self, row: &Row) -> &'static str {
        captions::direction(self.visit.t, row.edit.direction)
    }
}
