//! "Test ERP connection" from the list: the connector tries the configuration it has.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::Answer as Answered;
use crate::connector::types::State;
use crate::history::{Action, Event, Subject};
use crate::i18n::{Key, Message};
use crate::sync::reason;
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, failure, found, offer, page};

#[derive(Template)]
#[template(path = "connection_checks/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    connection: &'a ErpConnection,
    /// What came of the test; none before it was made.
    outcome: Option<Outcome>,
}

enum Outcome {
    /// Passed, and the connector says something besides.
    Noted(String),
    Failed(String),
}

impl NewPage<'_> {
    fn name(&self) -> &str {
        self.visit.pick(&self.connection.name)
    }
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    page::show(&NewPage { visit: &visit, connection: &connection, outcome: None })
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    let answer = offer::test(&portal, &connection).await?;
    note(&visit, &portal, &connection, &answer).await?;
    let (visit, connection) = (&visit, &connection);
    match answer {
        Ok(reply) if reply.state == State::Ok => {
            let to = format!("/sync?connection={id}");
            let name = visit.pick(&connection.name);
            page::redirect(
                visit,
                &to,
                Message::from(Key::CONNECTION_CHECKS_PASSED).with("name", name),
            )
        }
        Ok(reply) => {
            let said = failure::said(&reply.user_text, visit.language);
            page::show(&NewPage { visit, connection, outcome: Some(Outcome::Noted(said)) })
        }
        Err(why) => {
            let why = visit.say(&failure::message(&why, visit.language));
            page::show_again(&NewPage { visit, connection, outcome: Some(Outcome::Failed(why)) })
        }
    }
}

async fn note(
    visit: &Visit,
    portal: &Portal,
    connection: &ErpConnection,
    answer: &Answered<()>,
) -> Result<(), WebError> {
    let subject = Subject::new("connection", connection.id, &connection.name);
    let event = Event::new(Action::ConnectionTested, subject)
        .in_connection(connection.id, &connection.name);
    let event = reason::tested(event, answer.as_ref().err());
    let mut tx = portal.store.begin().await?;
    tx.record(&visit.actor(), &event).await?;
    Ok(tx.commit().await?)
}
