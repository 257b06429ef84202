//! "Test ERP connection" in the form: the connector tries the typed values, and nothing is saved.

use super::draft::Draft;
use super::kept;
use crate::connector::failure::Failure;
use crate::connector::types::{ConnectionGuid, State};
use crate::history::{Action, Event, Subject};
use crate::i18n::Key;
use crate::sync::reason;
use crate::web::error::{Answer, WebError};
use crate::web::failure;

impl Draft<'_> {
    /// Tries the typed values at the connector, and shows the form with what came of it.
    pub async fn test(mut self) -> Answer {
        self.problems.extend(std::mem::take(&mut self.values.problems));
        let Some(place) = self.place().filter(|_| self.declared.is_some()) else {
            self.problems.add("connector", Key::FORM_REQUIRED);
            return self.show();
        };
        if !self.problems.is_empty() {
            return self.show();
        }
        let answer = match self.client(ConnectionGuid::zero(), self.values.settings.clone()) {
            Ok(client) => client.test_settings().await,
            Err(failure) => Err(failure),
        };
        self.note_test(answer.as_ref().err()).await?;
        match answer {
            Ok(reply) => {
                self.tested.mark = kept::mark(&self.portal.store, &place, &self.values.settings);
                self.tested.is_fresh = true;
                if reply.state != State::Ok {
                    self.tested.note = failure::said(&reply.user_text, self.visit.language);
                }
            }
            Err(why) => {
                self.tested.mark.clear();
                self.problems.add("", failure::message(&why, self.visit.language));
            }
        }
        self.show()
    }

    async fn note_test(&self, why: Option<&Failure>) -> Result<(), WebError> {
        let name = self.form.name.clone();
        let subject = Subject { kind: "connection", id: self.id(), name: name.clone() };
        let mut event = Event::new(Action::ConnectionTested, subject);
        if let Some(id) = self.id() {
            event = event.in_connection(id, &name);
        }
        let event = reason::tested(event, why);
        let mut tx = self.portal.store.begin().await?;
        tx.record(&self.visit.actor(), &event).await?;
        Ok(tx.commit().await?)
    }
}
