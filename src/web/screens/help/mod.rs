//! What ERP synchronisation is, in our own words: the terms, who can do what, where to begin, and what else
//! there is.

use actix_web::web::Data;
use askama::Template;

use crate::i18n::Texts;
use crate::store::connections;
use crate::web::error::Answer;
use crate::web::visit::Visit;
use crate::web::{Portal, guard, page};

#[derive(Template)]
#[template(path = "help/show.html")]
struct ShowPage<'a> {
    visit: &'a Visit,
    /// The mappings of a connection, where there is one to open.
    mappings: Option<String>,
    may_write: bool,
}

/// Something that can be done, and where; without a link for whom it is closed.
struct Task {
    title: &'static str,
    text: String,
    href: Option<String>,
}

pub async fn show(visit: Visit, portal: Data<Portal>) -> Answer {
    let mut all = connections::list(&portal.store).await?.into_iter();
    let mappings = all.next().map(|first| format!("/connections/{}/mappings", first.id));
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    page::show(&ShowPage { visit: &visit, mappings, may_write })
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
        let sync = self.open("/sync");
        let adding = sync.clone().map(|sync| match self.may_write {
            true => "/connections/new".to_owned(),
            false => sync,
        });
        let mapping = sync.clone().map(|sync| self.mappings.clone().unwrap_or(sync));
        let (engine, history) = (self.open("/sync/engine"), self.open("/history"));
        [
            (adding, t.help_task_connect(), t.help_task_connect_text().to_owned()),
            (mapping, t.help_task_map(), t.help_task_map_text(crm)),
            (self.open("/companies"), t.help_task_link(), t.help_task_link_text(crm)),
            (engine, t.help_task_engine(), t.help_task_engine_text().to_owned()),
            (history, t.help_task_history(), t.help_task_history_text().to_owned()),
        ]
        .into_iter()
        .map(|(href, title, text)| Task { title, text, href })
        .collect()
    }

    /// What is worth knowing beyond the first steps.
    fn more(&self) -> Vec<Task> {
        let (t, crm) = (self.t(), &self.visit.crm_name);
        let sync = || self.open("/sync");
        [
            (sync(), t.help_more_rules(), t.help_more_rules_text(crm)),
            (self.open("/crm-fields"), t.help_more_fields(), t.help_more_fields_text(crm)),
            (sync(), t.field_refreshes_link(), t.help_more_refresh_text().to_owned()),
            (sync(), t.resyncs_link(), t.help_more_resync_text(crm)),
            (sync(), t.conformance_runs_trail(), t.help_more_conformance_text().to_owned()),
            (sync(), t.versions_link(), t.help_more_versions_text().to_owned()),
            (self.open("/access"), t.access_title(), t.help_more_access_text().to_owned()),
        ]
        .into_iter()
        .map(|(href, title, text)| Task { title, text, href })
        .collect()
    }

    fn open(&self, href: &str) -> Option<String> {
        let person = self.visit.person.as_ref()?;
        guard::is_open_to(person, href).then(|| href.to_owned())
    }
}
