//! The Search ERP page.

use askama::Template;

use super::condition::{Lists, Row};
use super::criteria::Asked;
use crate::connections::{ErpConnection, Rights};
use crate::connector::multilang;
use crate::connector::types::{Actor, FieldInfo, FieldType, Operator};
use crate::crm::Record;
use crate::i18n::{Key, named};
use crate::mapping::{ActorMapping, display};
use crate::web::captions;
use crate::web::erp::ListTexts;
use crate::web::form::Problems;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "erp_search/index.html")]
pub struct IndexPage<'a> {
    pub visit: &'a Visit,
    pub record: &'a Record,
    pub connection: &'a ErpConnection,
    pub rights: Rights,
    pub mapping: &'a ActorMapping,
    pub asked: &'a Asked,
    pub columns: Vec<&'a FieldInfo>,
    pub hits: Vec<Hit>,
    /// There are more than are shown.
    pub has_more: bool,
    pub texts: ListTexts,
    /// Why there is no result; blank when there is one.
    pub problem: String,
    /// What the ERP has to say besides; mostly blank.
    pub said: String,
    /// What is wrong with what was searched for.
    pub problems: Problems,
    /// Of the fields of conditions.
    pub lists: Lists,
}

/// How the value of a condition is entered.
pub enum Control {
    Text,
    /// `numeric` or `decimal`: the keys a phone shows.
    Number(&'static str),
    Date,
    YesOrNo,
    /// Key, text, chosen.
    Choice(Vec<(String, String, bool)>),
}

/// One actor found.
pub struct Hit {
    pub actor: Actor,
    /// The record it is linked with already.
    pub linked: Option<Record>,
}

impl IndexPage<'_> {
    fn title(&self) -> String {
        self.visit.t.erp_search_title(
            named::connection(self.visit.pick(&self.connection.name)),
            named::record(self.record.name()),
        )
    }

    fn actor_type(&self) -> &'static str {
        captions::actor_type(self.visit.t, self.mapping.kind)
    }

    /// What is searched for, and that it has been searched for already if it has.
    fn lead(&self) -> String {
        let has_run = self.problem.is_empty() && self.problems.is_empty();
        if has_run && !self.asked.is_advanced && self.asked.text == self.record.name() {
            return self.visit.t.erp_search_lead(self.actor_type());
        }
        format!("{}: {}", self.visit.t.sync_actor(), self.actor_type())
    }

    fn base(&self) -> String {
        format!("/{}/{}/erp", self.record.kind.path(), self.record.id)
    }

    fn action(&self) -> String {
        format!("{}/{}/search", self.base(), self.connection.id)
    }

    fn links(&self) -> String {
        format!("{}/{}/links/new", self.base(), self.connection.id)
    }

    fn actors(&self) -> String {
        format!("{}/{}/actors/new", self.base(), self.connection.id)
    }

    fn name(&self, field: &FieldInfo) -> String {
        self.visit.pick(&field.name).to_owned()
    }

    fn value(&self, hit: &Hit, field: &FieldInfo) -> String {
        let raw = hit.actor.fields.get(&field.key).map_or("", String::as_str);
        let empty = Default::default();
        let items = self.texts.get(&field.list).unwrap_or(&empty);
        display::display(field, raw, items, self.visit.t)
    }

    /// Whether the ERP has been asked.
    fn has_searched(&self) -> bool {
        self.problem.is_empty() && self.problems.is_empty() && !self.asked.is_adapting
    }

    /// What is wrong with the input of a condition; blank when nothing is.
    fn wrong(&self, name: &str, number: &usize) -> String {
        self.problems.at(&format!("{name}{number}"), &self.visit.t)
    }

    fn has_advanced(&self) -> bool {
        !self.mapping.searchable.is_empty()
    }

    fn rows(&self) -> Vec<(usize, &Row)> {
        self.asked.rows.iter().enumerate().collect()
    }

    /// Fields of the advanced search: key, name, chosen.
    fn searchable(&self, row: &Row) -> Vec<(String, String, bool)> {
        self.mapping
            .fields
            .iter()
            .filter(|field| self.mapping.searchable.contains(&field.erp.key))
            .map(|field| {
                let is_chosen = row.field == field.erp.key;
                (field.erp.key.clone(), self.name(&field.erp), is_chosen)
            })
            .collect()
    }

    /// The type of the row's field; text while none is chosen.
    fn kind(&self, row: &Row) -> FieldType {
        row.field(self.mapping).map_or(FieldType::Text, |field| field.kind)
    }

    /// Operators of the row's field: wire form, words, chosen.
    fn operators(&self, row: &Row) -> Vec<(&'static str, &'static str, bool)> {
        let offered = Operator::for_type(self.kind(row)).iter();
        let offer = |operator: &Operator| {
            let wire = operator.as_str();
            (wire, self.visit.plain(&word(*operator)), row.operator == wire)
        };
        offered.map(offer).collect()
    }

    fn control(&self, row: &Row) -> Control {
        match self.kind(row) {
            FieldType::Integer | FieldType::Double => Control::Number(self.input_keys(row)),
            FieldType::Datetime => Control::Date,
            FieldType::Checkbox => Control::YesOrNo,
            FieldType::List => self.items(row).map_or(Control::Text, Control::Choice),
            _ => Control::Text,
        }
    }

    /// The items of the row's list, and what was chosen though it is none of them; none while the list cannot
    /// be read.
    fn items(&self, row: &Row) -> Option<Vec<(String, String, bool)>> {
        let items = self.lists.get(&row.field(self.mapping)?.list)?;
        let mut items: Vec<_> = items
            .iter()
            .map(|item| {
                let text = multilang::pick(&item.text, self.visit.language.code()).to_owned();
                (item.key.clone(), text, row.values.contains(&item.key))
            })
            .collect();
        let others: Vec<_> = row
            .values
            .iter()
            .filter(|key| !items.iter().any(|(other, ..)| other == *key))
            .map(|key| (key.clone(), key.clone(), true))
            .collect();
        // What was typed for another field goes when the row takes the shape of this one.
        if !self.asked.is_adapting {
            items.extend(others);
        }
        Some(items)
    }

    /// The row's field knows "between".
    fn has_two_values(&self, row: &Row) -> bool {
        Operator::for_type(self.kind(row)).iter().any(|operator| operator.takes_two_values())
    }

    /// How its upper end is entered, as the lower one.
    fn input_kind(&self, row: &Row) -> &'static str {
        if self.kind(row) == FieldType::Datetime { "date" } else { "text" }
    }

    fn input_keys(&self, row: &Row) -> &'static str {
        match self.kind(row) {
            FieldType::Integer => "numeric",
            FieldType::Double => "decimal",
            _ => "text",
        }
    }

    /// All that is wrong, with the number of the condition it is about.
    fn problem_list(&self) -> Vec<(String, String)> {
        let list = self.problems.list(&self.visit.t).into_iter();
        let numbered = |(place, sentence): (String, String)| {
            let number = place.chars().last().and_then(|digit| digit.to_digit(10));
            let said = match number {
                Some(number) => self.label(&(number as usize), &sentence),
                None => sentence,
            };
            (place, said)
        };
        list.map(numbered).collect()
    }

    /// Everything that is wrong with a row, in one sentence or more; blank when nothing is.
    fn wrong_row(&self, number: &usize) -> String {
        let places = ["field", "operator", "value", "value-to"];
        let all = places.map(|name| self.wrong(name, number));
        all.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// "Condition 2: value", for whoever hears the page.
    fn label(&self, number: &usize, what: &str) -> String {
        let t = self.visit.t;
        t.erp_search_condition(named::number(number + 1), named::what(what))
    }

    fn radio_label(&self, hit: &Hit) -> String {
        let first = self.columns.first().map(|field| self.value(hit, field)).unwrap_or_default();
        self.visit.t.erp_search_choose(format!("{first} ({})", hit.actor.key))
    }
}

fn word(operator: Operator) -> Key {
    match operator {
        Operator::Equals | Operator::OneOf => Key::OPERATOR_EQUALS,
        Operator::Begins => Key::OPERATOR_BEGINS,
        Operator::Contains => Key::OPERATOR_CONTAINS,
        Operator::Ends => Key::OPERATOR_ENDS,
        Operator::NotBegins => Key::OPERATOR_NOT_BEGINS,
        Operator::NotContains => Key::OPERATOR_NOT_CONTAINS,
        Operator::NotEnds => Key::OPERATOR_NOT_ENDS,
        Operator::IsNot | Operator::NotEquals | Operator::NotOneOf => Key::OPERATOR_IS_NOT,
        Operator::Between => Key::OPERATOR_BETWEEN,
        Operator::Greater => Key::OPERATOR_GREATER,
        Operator::Less => Key::OPERATOR_LESS,
        Operator::GreaterOrEqual => Key::OPERATOR_GREATER_OR_EQUAL,
        Operator::LessOrEqual => Key::OPERATOR_LESS_OR_EQUAL,
        Operator::Before => Key::OPERATOR_BEFORE,
        Operator::After => Key::OPERATOR_AFTER,
        Operator::BeforeOrEqual => Key::OPERATOR_BEFORE_OR_EQUAL,
        Operator::AfterOrEqual => Key::OPERATOR_AFTER_OR_EQUAL,
    }
}
