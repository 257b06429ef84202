//! What is posted for a default value, and for several that are to be deleted.

use serde::Deserialize;
use validator::Validate;

use crate::connector::types::{FieldInfo, FieldType};
use crate::i18n::{Language, Message};
use crate::mapping::{ActorMapping, DefaultRule, FieldMapping, defaults, tags};
use crate::web::{form, inputs};

#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(default)]
pub struct RuleForm {
    /// Of the mapping that the form was made of.
    #[validate(custom(function = form::known_version))]
    pub version: String,
    /// The key of the ERP field.
    pub field: String,
    /// `1` or blank, as the two below.
    pub sets_value: String,
    /// As its input sends it, or a tag.
    pub value: String,
    /// A tag in place of the value, where its own input cannot hold one.
    pub tag: String,
    pub asks_user: String,
    pub is_mandatory: String,
}

/// Rules that were ticked in the list.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(default)]
pub struct DeletionForm {
    #[validate(custom(function = form::known_version))]
    pub version: String,
    pub rule: Vec<String>,
}

impl RuleForm {
    /// A fresh rule begins with what the connector suggests.
    pub fn of_field(language: Language, field: &FieldMapping) -> Self {
        let value = inputs::to_input(field.erp.kind, &field.erp.default, language);
        let sets_value = flag(!value.is_empty());
        Self { field: field.erp.key.clone(), value, sets_value, ..Self::default() }
    }

    pub fn of_rule(language: Language, field: &FieldMapping) -> Self {
        let Some(rule) = &field.default else { return Self::of_field(language, field) };
        let value = rule.value.as_deref().unwrap_or_default();
        let kind = field.erp.kind;
        let is_beside = takes_tag_beside(kind) && tags::whole(kind, value).is_some();
        let (value, tag) = if is_beside { ("", value) } else { (value, "") };
        Self {
            value: inputs::to_input(kind, value, language),
            tag: tag.to_owned(),
            field: field.erp.key.clone(),
            sets_value: flag(rule.value.is_some()),
            asks_user: flag(rule.asks_user),
            is_mandatory: flag(rule.is_mandatory),
            ..Self::default()
        }
    }

    /// What is wrong with it comes with the field it belongs to.
    pub fn read(
        &self,
        language: Language,
        erp: &FieldInfo,
    ) -> Result<DefaultRule, (&'static str, Message)> {
        let typed = if self.tag.is_empty() { &self.value } else { &self.tag };
        let at_value = |why: Message| ("value", why);
        let value = match self.sets_value.as_str() {
            // A tag stands for a value that is known only at creation.
            "1" if tags::whole(erp.kind, typed).is_some() => Some(typed.trim().to_owned()),
            "1" => Some(inputs::from_input(erp, typed, language).map_err(at_value)?),
            _ => None,
        };
        let rule = DefaultRule {
            value,
            asks_user: self.asks_user == "1",
            is_mandatory: self.is_mandatory == "1",
            ..DefaultRule::default()
        };
        defaults::check(erp, &rule).map_err(|problem| match problem {
            defaults::Problem::NothingSet => ("sets_value", problem.message()),
            _ => at_value(problem.message()),
        })
    }
}

/// A date's own control holds nothing but a date.
pub fn takes_tag_beside(kind: FieldType) -> bool {
    kind == FieldType::Datetime
}

fn flag(is_on: bool) -> String {
    if is_on { "1" } else { "" }.to_owned()
}

/// Those of these fields that have a rule.
pub fn with_rules(mapping: &ActorMapping, ids: &[i64]) -> Vec<FieldMapping> {
    let has_rule = |field: &&FieldMapping| ids.contains(&field.id) && field.default.is_some();
    mapping.fields.iter().filter(has_rule).cloned().collect()
}
