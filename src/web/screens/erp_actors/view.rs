//! The Create in ERP page.

use askama::Template;

use super::form::ActorForm;
use crate::connections::ErpConnection;
use crate::crm::Record;
use crate::i18n::named;
use crate::mapping::creation::Asked;
use crate::mapping::{ActorMapping, display};
use crate::sync::create::Form;
use crate::web::captions;
use crate::web::erp::{self, ListTexts};
use crate::web::form::Problems;
use crate::web::questions::Question;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "erp_actors/new.html")]
pub struct NewPage<'a> {
    pub visit: &'a Visit,
    pub record: &'a Record,
    pub connection: &'a ErpConnection,
    pub mapping: &'a ActorMapping,
    /// None: it cannot be created now, see the problems.
    pub form: Option<Form>,
    pub typed: &'a ActorForm,
    pub problems: Problems,
    pub texts: ListTexts,
}

impl NewPage<'_> {
    fn title(&self) -> String {
        self.visit.t.erp_create_title(
            named::connection(self.visit.pick(&self.connection.name)),
            named::record(self.record.name()),
        )
    }

    fn actor_type(&self) -> &'static str {
        captions::actor_type(self.visit.t, self.mapping.kind)
    }

    fn base(&self) -> String {
        format!("/{}/{}/erp", self.record.kind.path(), self.record.id)
    }

    fn action(&self) -> String {
        format!("{}/{}/actors", self.base(), self.connection.id)
    }

    fn search(&self) -> String {
        format!("{}/{}/search?type={}", self.base(), self.connection.id, self.mapping.kind)
    }

    /// Something was sent that may be sent again as it is.
    fn can_retry(&self) -> bool {
        !self.typed.kind.is_empty()
    }

    fn question(&self, asked: &Asked) -> Question {
        Question::new(self.visit, asked, &self.typed.answers, &self.problems, &self.texts)
    }

    /// What is sent without asking: field and value.
    fn sent(&self, form: &Form) -> Vec<(String, String)> {
        let shown = |(key, raw): (&String, &String)| {
            let field = self.mapping.field(key)?;
            let empty = Default::default();
            let items = self.texts.get(&field.erp.list).unwrap_or(&empty);
            let value = display::display(&field.erp, raw, items, self.visit.t);
            Some((self.visit.pick(&field.erp.name).to_owned(), value))
        };
        form.creation.values.iter().filter_map(shown).collect()
    }

    /// Values of the record that cannot be sent, and why.
    fn refused(&self, form: &Form) -> Vec<String> {
        let said = |(key, refusal): &(String, crate::mapping::translate::Refusal)| {
            let name = self
                .mapping
                .field(key)
                .map_or(key.as_str(), |field| self.visit.pick(&field.erp.name));
            erp::reason(self.visit, &refusal.reason(name))
        };
        form.creation.refused.iter().map(said).collect()
    }
}

#[derive(Template)]
#[template(path = "erp_actors/delete.html")]
pub struct ConfirmPage<'a> {
    pub visit: &'a Visit,
    pub record: Record,
    pub connection: ErpConnection,
}

impl ConfirmPage<'_> {
    fn question(&self) -> String {
        self.visit.t.erp_drop_question(
            named::connection(self.visit.pick(&self.connection.name)),
            named::record(self.record.name()),
        )
    }

    fn base(&self) -> String {
        format!("/{}/{}/erp", self.record.kind.path(), self.record.id)
    }

    fn action(&self) -> String {
        format!("{}/{}/drops", self.base(), self.connection.id)
    }
}
