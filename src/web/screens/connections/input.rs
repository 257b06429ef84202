//! The configuration fields as the form draws them.

use super::values::input_name;
use super::view::{self, EditPage};
use crate::connector::types::{Access, FieldInfo, FieldType};
use crate::i18n::named;
use crate::mapping::tags::Tag;

/// A configuration field as `parts/erp_input.html` draws it.
pub struct Input<'a> {
    pub field: &'a FieldInfo,
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub problem: String,
    pub is_required: bool,
    /// None: the list could not be had, so its key is typed.
    pub choices: Option<Vec<(String, String, bool)>>,
    /// Nobody may change it.
    pub is_fixed: bool,
}

impl Input<'_> {
    pub(super) fn choices(&self) -> Vec<(String, String, bool)> {
        self.choices.clone().unwrap_or_default()
    }
}

impl EditPage<'_> {
    pub(super) fn inputs(&self) -> Vec<Input<'_>> {
        let fields = self.draft.declared.iter().flat_map(|declared| &declared.fields);
        fields.map(|field| self.input(field)).collect()
    }

    fn input<'f>(&self, field: &'f FieldInfo) -> Input<'f> {
        let name = input_name(field);
        let has_secret = field.kind == FieldType::Password
            && self.draft.values.settings.get(&field.key).is_some_and(|value| !value.is_empty());
        let is_mandatory = field.access == Access::Mandatory;
        let is_fixed = field.access == Access::ReadOnly && field.kind != FieldType::Label;
        Input {
            field,
            label: self.visit.pick(&field.name).to_owned(),
            hint: self.hint(field, has_secret && !is_fixed),
            value: if is_fixed {
                self.fixed_value(field)
            } else {
                self.draft.typed.get(&name).to_owned()
            },
            problem: self.problem(&name),
            // A box may stay empty, and a secret that is there need not be typed again.
            is_required: is_mandatory && !has_secret && field.kind != FieldType::Checkbox,
            choices: self.choices(field, &name),
            is_fixed,
            name,
        }
    }

    fn fixed_value(&self, field: &FieldInfo) -> String {
        let raw = self.draft.values.settings.get(&field.key).unwrap_or_default();
        match &self.draft.declared {
            _ if field.kind == FieldType::Password => {
                view::secret(self.visit, !raw.is_empty()).to_owned()
            }
            Some(declared) => declared.display(field, raw, self.visit.t),
            None => String::new(),
        }
    }

    fn choices(&self, field: &FieldInfo, name: &str) -> Option<Vec<(String, String, bool)>> {
        let items = self.draft.declared.as_ref()?.lists.get(&field.list)?;
        let chosen = self.draft.typed.get(name);
        let mut choices: Vec<_> = items
            .iter()
            .map(|item| {
                (item.key.clone(), self.visit.pick(&item.text).to_owned(), item.key == chosen)
            })
            .collect();
        // What is stored stays to be seen, also when the list no longer has it.
        if !chosen.is_empty() && !choices.iter().any(|(_, _, is_chosen)| *is_chosen) {
            choices.push((chosen.to_owned(), chosen.to_owned(), true));
        }
        Some(choices)
    }

    /// The field's description, the tags of its default, and that a secret need not be typed again.
    fn hint(&self, field: &FieldInfo, has_secret: bool) -> String {
        let t = self.visit.t;
        let mut hints = vec![self.visit.pick(&field.description).to_owned()];
        if has_secret {
            let is_typed = self.draft.values.typed_secrets.contains_key(&field.key);
            let hint =
                if is_typed { t.connections_secret_kept() } else { t.connections_secret_stored() };
            hints.push(hint.to_owned());
        }
        if self.draft.old.is_none() {
            let facts = self.draft.facts();
            let found = Tag::offered(field.kind).iter();
            let found = found.filter(|tag| field.default.contains(tag.as_str()));
            hints.extend(found.map(|tag| {
                t.connections_tag(
                    named::example(tag.text(&facts)),
                    named::meaning(self.visit.plain(&tag.meaning())),
                    named::tag(tag.as_str()),
                )
            }));
        }
        hints.retain(|hint| !hint.is_empty());
        hints.join(" ")
    }
}
