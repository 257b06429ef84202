//! Pages of the default values.

use std::collections::BTreeMap;

use askama::Template;
use jiff::civil::DateTime;

use super::effects;
use super::form::{self, RuleForm};
use crate::connections::ErpConnection;
use crate::connector::types::{Access, ActorType, FieldType, ListItem};
use crate::i18n::named;
use crate::mapping::tags::{Facts, Tag};
use crate::mapping::{ActorMapping, DefaultRule, FieldMapping, defaults, display};
use crate::web::conflict::{self, Conflict};
use crate::web::form::Problems;
use crate::web::visit::Visit;
use crate::web::{captions, page};

#[derive(Template)]
#[template(path = "defaults/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub all: Vec<ActorMapping>,
    pub current: Option<ActorMapping>,
    /// Texts of list items by list and key.
    pub texts: BTreeMap<(String, String), String>,
    pub may_write: bool,
}

impl IndexPage<'_> {
    fn title(&self) -> String {
        self.visit.t.defaults_title(self.visit.pick(&self.connection.name))
    }

    fn tab_name(&self, kind: &ActorType) -> &'static str {
        captions::actor_type(self.visit.t, *kind)
    }

    fn is_current(&self, mapping: &ActorMapping) -> bool {
        self.current.as_ref().is_some_and(|current| current.id == mapping.id)
    }

    fn base(&self, mapping: &ActorMapping) -> String {
        format!("/connections/{}/defaults/{}", self.connection.id, mapping.kind)
    }

    fn new_href(&self, mapping: &ActorMapping) -> String {
        format!("/connections/{}/defaults/new?type={}", self.connection.id, mapping.kind)
    }

    /// Id, name, value in words, asked, mandatory.
    fn rules(&self, mapping: &ActorMapping) -> Vec<(i64, String, String, bool, bool)> {
        let rule = |field: &FieldMapping| {
            let rule = field.default.as_ref()?;
            // As the connector calls them now, or as they were called when the rule was made.
            let mut texts = rule.items();
            let of_list = self.texts.iter().filter(|((list, _), _)| *list == field.erp.list);
            texts.extend(of_list.map(|((_, key), text)| (key.clone(), text.clone())));
            let value = rule.value.as_deref().unwrap_or_default();
            let shown = display::display(&field.erp, value, &texts, self.visit.t);
            let name = self.visit.pick(&field.erp.name).to_owned();
            Some((field.id, name, shown, rule.asks_user, rule.is_mandatory))
        };
        mapping.fields.iter().filter_map(rule).collect()
    }

    /// Mandatory fields nothing fills when an actor is created, and where each gets a rule.
    fn missing(&self, mapping: &ActorMapping) -> Vec<(String, String)> {
        let missing = mapping.fields.iter().filter(|field| defaults::lacks_value(mapping, field));
        let said = |field: &FieldMapping| {
            let path = format!("/connections/{}/defaults/new", self.connection.id);
            let chosen = [("type", mapping.kind.as_str()), ("field", field.erp.key.as_str())];
            (self.visit.pick(&field.erp.name).to_owned(), page::listing(&path, &chosen))
        };
        missing.map(said).collect()
    }
}

#[derive(Template)]
#[template(path = "defaults/edit.html")]
pub struct EditPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub mapping: ActorMapping,
    /// None: still to be chosen.
    pub field: Option<FieldMapping>,
    pub form: RuleForm,
    pub problems: Problems,
    pub items: Vec<ListItem>,
    /// Why the list's items could not be read; blank when they were.
    pub away: String,
    /// The rule as typed, when somebody else saved another one first.
    pub yours: Option<DefaultRule>,
    /// For the examples of tags.
    pub now: DateTime,
}

/// A tag with what it stands for.
struct TagRow {
    tag: &'static str,
    meaning: &'static str,
    /// What it would come to.
    example: String,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        let actor = captions::actor_type(self.visit.t, self.mapping.kind);
        self.visit.t.defaults_edit_title(
            named::actor(actor),
            named::connection(self.visit.pick(&self.connection.name)),
        )
    }

    fn back(&self) -> String {
        format!("/connections/{}/defaults?type={}", self.connection.id, self.mapping.kind)
    }

    fn action(&self) -> String {
        format!("/connections/{}/defaults/{}", self.connection.id, self.mapping.kind)
    }

    fn choose_action(&self) -> String {
        format!("/connections/{}/defaults/new", self.connection.id)
    }

    /// Fields a rule may be added for: key, name, and whether they are mapped towards the ERP.
    fn offered(&self) -> Vec<(String, String)> {
        let text = |field: &FieldMapping| {
            let name = self.visit.pick(&field.erp.name);
            if field.direction.to_erp {
                self.visit.t.defaults_mapped(name)
            } else {
                name.to_owned()
            }
        };
        defaults::offered(&self.mapping).map(|field| (field.erp.key.clone(), text(field))).collect()
    }

    /// Where what is saved differs from what was typed, when somebody else saved first.
    fn conflict(&self, field: &FieldMapping) -> Option<Conflict> {
        let (yours, t) = (self.yours.as_ref()?, self.visit.t);
        let texts = self.items.iter().map(|item| (item.key.clone(), item.text.clone())).collect();
        let row = |caption: &'static str, word: &dyn Fn(&DefaultRule) -> String| {
            let theirs = field.default.as_ref().map(word).unwrap_or_default();
            (caption, theirs, word(yours))
        };
        let yes_or_no = |is: bool| self.visit.yes_or_no(&is).to_owned();
        let rows = conflict::differences([
            row(t.defaults_value(), &|rule| {
                display::display(&field.erp, rule.value.as_deref().unwrap_or_default(), &texts, t)
            }),
            row(t.defaults_ask(), &|rule| yes_or_no(rule.asks_user)),
            row(t.defaults_mandatory_short(), &|rule| yes_or_no(rule.is_mandatory)),
        ]);
        Some(Conflict::with_somebody(self.visit, rows))
    }

    fn name(&self, field: &FieldMapping) -> String {
        self.visit.pick(&field.erp.name).to_owned()
    }

    /// A box bears the field's own name.
    fn value_label(&self, field: &FieldMapping) -> String {
        match field.erp.kind {
            FieldType::Checkbox => self.name(field),
            _ => self.visit.t.defaults_value().to_owned(),
        }
    }

    fn hint(&self, field: &FieldMapping) -> String {
        self.visit.pick(&field.erp.description).to_owned()
    }

    fn problem(&self, name: &str) -> String {
        self.problems.at(name, &self.visit.t)
    }

    fn choices(&self) -> Vec<(String, String, bool)> {
        let chosen = &self.form.value;
        let choice = |item: &ListItem| {
            (item.key.clone(), self.visit.pick(&item.text).to_owned(), item.key == *chosen)
        };
        let mut choices: Vec<_> = self.items.iter().map(choice).collect();
        // What is stored stays to be chosen, also when the connector does not list it.
        if !chosen.is_empty() && !choices.iter().any(|(.., is_chosen)| *is_chosen) {
            let rule = self.field.as_ref().and_then(|field| field.default.as_ref());
            let text = rule.and_then(|rule| rule.items().remove(chosen));
            let text = text.unwrap_or_else(|| chosen.clone());
            choices.push((chosen.clone(), self.visit.pick(&text).to_owned(), true));
        }
        choices
    }

    /// The tags this field knows.
    fn tags(&self, field: &FieldMapping) -> Vec<TagRow> {
        let person = self.visit.person.as_ref();
        let facts = Facts {
            record_number: "1042".to_owned(),
            name: self.visit.t.defaults_sample_name().to_owned(),
            user_name: person.map(|person| person.name.clone()).unwrap_or_default(),
            company_number: "1001".to_owned(),
            now: self.now,
        };
        let row = |tag: &Tag| TagRow {
            tag: tag.as_str(),
            meaning: self.visit.plain(&tag.meaning()),
            example: tag.text(&facts),
        };
        Tag::offered(field.erp.kind).iter().map(row).collect()
    }

    fn takes_tag_beside(&self, field: &FieldMapping) -> bool {
        form::takes_tag_beside(field.erp.kind)
    }

    fn is_mandatory_in_erp(&self, field: &FieldMapping) -> bool {
        field.erp.access == Access::Mandatory
    }

    fn is_mandatory(&self, field: &FieldMapping) -> bool {
        self.form.is_mandatory == "1" || self.is_mandatory_in_erp(field)
    }

    /// Why the box stands still; blank when it does not.
    fn mandatory_hint(&self, field: &FieldMapping) -> &'static str {
        if self.is_mandatory_in_erp(field) { self.visit.t.defaults_mandatory_in_erp() } else { "" }
    }

    fn effects(&self) -> &'static [effects::Row] {
        &effects::ROWS
    }

    /// What the boxes as they are ticked come to.
    fn effect(&self, field: &FieldMapping) -> &'static str {
        let (sets_value, asks_user) = (self.form.sets_value == "1", self.form.asks_user == "1");
        self.visit.plain(&effects::effect(sets_value, asks_user, self.is_mandatory(field)))
    }
}

/// The question before rules are removed.
#[derive(Template)]
#[template(path = "defaults/delete.html")]
pub struct ConfirmPage<'a> {
    pub visit: &'a Visit,
    pub connection: ErpConnection,
    pub mapping: ActorMapping,
    /// The fields whose rules go.
    pub chosen: Vec<FieldMapping>,
    /// Somebody else changed something first.
    pub is_overtaken: bool,
}

impl ConfirmPage<'_> {
    fn question(&self) -> String {
        let actor = captions::actor_type(self.visit.t, self.mapping.kind);
        self.visit.t.defaults_delete_question(
            named::actor(actor),
            named::connection(self.visit.pick(&self.connection.name)),
            named::count(self.chosen.len()),
        )
    }

    fn action(&self) -> String {
        format!("/connections/{}/defaults/{}/delete", self.connection.id, self.mapping.kind)
    }

    fn back(&self) -> String {
        format!("/connections/{}/defaults?type={}", self.connection.id, self.mapping.kind)
    }

    fn name(&self, field: &FieldMapping) -> String {
        self.visit.pick(&field.erp.name).to_owned()
    }
}
