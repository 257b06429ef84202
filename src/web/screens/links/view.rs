//! Pages of connecting and disconnecting.

use askama::Template;

use super::form::{LinkForm, SIDE};
use crate::connections::ErpConnection;
use crate::crm::Record;
use crate::i18n::named;
use crate::mapping::creation::Asked;
use crate::mapping::{ActorMapping, Side, display};
use crate::store::crm_lists::Item;
use crate::sync::choices::Row;
use crate::sync::connect;
use crate::web::erp::{self, ListTexts};
use crate::web::form::Problems;
use crate::web::questions::Question;
use crate::web::visit::Visit;
use crate::web::{captions, values};

#[derive(Template)]
#[template(path = "links/new.html")]
pub struct NewPage<'a> {
    pub visit: &'a Visit,
    pub record: &'a Record,
    pub connection: &'a ErpConnection,
    pub mapping: &'a ActorMapping,
    pub key: &'a str,
    /// None: it cannot be asked, see the problems.
    pub question: Option<connect::Question>,
    pub typed: &'a LinkForm,
    pub problems: Problems,
    pub texts: ListTexts,
    pub items: Vec<Item>,
}

impl NewPage<'_> {
    fn title(&self) -> String {
        self.visit.t.erp_connect_title(
            named::connection(self.visit.pick(&self.connection.name)),
            named::record(self.record.name()),
        )
    }

    fn base(&self) -> String {
        format!("/{}/{}/erp", self.record.kind.path(), self.record.id)
    }

    fn action(&self) -> String {
        format!("{}/{}/links", self.base(), self.connection.id)
    }

    fn search(&self) -> String {
        format!("{}/{}/search?type={}", self.base(), self.connection.id, self.mapping.kind)
    }

    fn erp_name(&self) -> String {
        self.visit.pick(&self.connection.name).to_owned()
    }

    fn input(&self, row: &Row) -> String {
        format!("{SIDE}{}", row.erp_key)
    }

    fn field(&self, row: &Row) -> String {
        captions::field_of(self.visit, &self.mapping.catalogue, &row.crm_key).unwrap_or_default()
    }

    fn crm(&self, row: &Row) -> String {
        values::shown(self.visit, &row.values.crm, &self.items)
    }

    fn erp(&self, row: &Row) -> String {
        let Some(field) = self.mapping.field(&row.erp_key) else { return row.values.erp.clone() };
        let empty = Default::default();
        let items = self.texts.get(&field.erp.list).unwrap_or(&empty);
        display::display(&field.erp, &row.values.erp, items, self.visit.t)
    }

    /// As chosen, for all rows or for this one; else as suggested.
    fn chosen(&self, row: &Row) -> &'static str {
        let side = |typed: Option<&String>| typed.and_then(|typed| Side::parse(typed));
        let all = side(self.typed.all.as_ref()).filter(|side| row.sides.contains(side));
        let typed = side(self.typed.sides.get(&row.erp_key));
        let suggested = row.preselected.or(row.sides.first().copied());
        all.or(typed).or(suggested).map_or("", Side::as_str)
    }

    /// There is more than one row in which both sides can be taken.
    fn has_choice(&self) -> bool {
        let rows = self.question.iter().flat_map(|question| &question.rows);
        rows.filter(|row| !row.is_locked()).count() > 1
    }

    /// Why a side cannot be taken; blank when both can.
    fn refusals(&self, row: &Row) -> String {
        let field = self.field(row);
        let all =
            row.refused.iter().map(|(_, refusal)| erp::reason(self.visit, &refusal.reason(&field)));
        all.collect::<Vec<_>>().join(" ")
    }

    /// Something was sent that may be sent again as it is.
    fn can_retry(&self) -> bool {
        !self.typed.key.is_empty()
    }

    fn question(&self, asked: &Asked) -> Question {
        Question::new(self.visit, asked, &self.typed.answers, &self.problems, &self.texts)
    }
}

#[derive(Template)]
#[template(path = "links/delete.html")]
pub struct ConfirmPage<'a> {
    pub visit: &'a Visit,
    pub record: Record,
    pub connection: ErpConnection,
    /// Persons of the company that are linked too and will be unlinked with it.
    pub persons: usize,
}

impl ConfirmPage<'_> {
    fn question(&self) -> String {
        self.visit.t.erp_disconnect_question(
            named::connection(self.visit.pick(&self.connection.name)),
            named::record(self.record.name()),
        )
    }

    fn base(&self) -> String {
        format!("/{}/{}/erp", self.record.kind.path(), self.record.id)
    }

    fn action(&self) -> String {
        format!("{}/{}/disconnect", self.base(), self.connection.id)
    }

    fn has_persons(&self) -> bool {
        self.persons > 0
    }
}
