//! What ERP synchronisation is, in our own words: the terms, who can do what, and where to begin.

use askama::Template;

use crate::i18n::Texts;
use crate::web::error::Answer;
use crate::web::visit::Visit;
use crate::web::{guard, page};

#[derive(Template)]
#[template(path = "help/show.html")]
struct ShowPage<'a> {
    visit: &'a Visit,
}

/// Something that can be done, and where; without a link for whom it is closed.
struct Task {
    title: &'static str,
    text: String,
    href: Option<&'static str>,
}

pub async fn show(visit: Visit) -> Answer {
    page::show(&ShowPage { visit: &visit })
}

impl ShowPage<'_> {
    fn t(&self) -> Texts {
        self.visit.t
    }

    /// Each term with what it means.
    fn terms(&self) -> [(String, String); 4] {
        let (t, crm) = (self.t(), &self.visit.crm_name);
        [
            (t.help_connector().to_owned(), t.help_connector_text(crm)),
            (t.help_connection().to_owned(), t.help_connection_text().to_owned()),
            (t.help_actor().to_owned(), t.help_actor_text().to_owned()),
            (t.help_element(crm), t.help_element_text(crm)),
        ]
    }

    fn tasks(&self) -> Vec<Task> {
        let (t, crm) = (self.t(), &self.visit.crm_name);
        [
            ("/sync", t.help_task_connect(), t.help_task_connect_text().to_owned()),
            ("/sync", t.help_task_map(), t.help_task_map_text(crm)),
            ("/companies", t.help_task_link(), t.help_task_link_text(crm)),
            ("/sync", t.help_task_engine(), t.help_task_engine_text().to_owned()),
            ("/history", t.help_task_history(), t.help_task_history_text().to_owned()),
        ]
        .into_iter()
        .map(|(href, title, text)| Task { title, text, href: self.open(href) })
        .collect()
    }

    fn open(&self, href: &'static str) -> Option<&'static str> {
        let person = self.visit.person.as_ref()?;
        guard::is_open_to(person, href).then_some(href)
    }
}
