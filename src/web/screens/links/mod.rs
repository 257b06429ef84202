//! Connecting a record with an actor, and taking a link away again.

mod form;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::LinkForm;
use self::view::{ConfirmPage, NewPage};
use crate::connections::ConnectionId;
use crate::connector::registry::Patience;
use crate::connector::types::{ActorRef, ActorType};
use crate::crm::{Record, RecordId};
use crate::i18n::{Key, Message};
use crate::mapping::ActorMapping;
use crate::store::access::Usable;
use crate::store::{crm_lists, links};
use crate::sync::connect::{Choice, Connected, Question};
use crate::sync::person::NotDone;
use crate::web::erp;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::records::Kind;
use crate::web::visit::Visit;
use crate::web::{Portal, page, questions};

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    key: String,
}

/// Select field values: everything that differs, before anything is written.
pub async fn new(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
    chosen: Query<Chosen>,
) -> Answer {
    let (id, connection) = path.into_inner();
    let record = erp::record(&portal, kind, id).await?;
    let usable = erp::usable(&portal, &visit, connection).await?;
    let actor_type = ActorType::parse(&chosen.kind).ok_or(WebError::NotFound)?;
    let mapping = erp::mapping(&portal, connection, actor_type, kind).await?;
    if !usable.rights.may_connect {
        return Err(WebError::Forbidden(Key::ERP_MAY_NOT_CONNECT));
    }
    let actor = ActorRef { kind: actor_type, key: chosen.key.clone() };
    let mut place = Place {
        visit: &visit,
        portal: &portal,
        usable: &usable,
        mapping: &mapping,
        key: &chosen.key,
    };
    let form = LinkForm::default();
    if chosen.key.is_empty() {
        return place.show(&record, None, &form, Problems::whole(Key::ERP_CHOOSE_FIRST)).await;
    }
    place.ask(&record, &actor, &form, Problems::default()).await
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
    Form(form): Form<LinkForm>,
) -> Answer {
    let (id, connection) = path.into_inner();
    let record = erp::record(&portal, kind, id).await?;
    let usable = erp::usable(&portal, &visit, connection).await?;
    let actor_type = ActorType::parse(&form.kind).ok_or(WebError::NotFound)?;
    let chosen = [("type", form.kind.as_str()), ("key", form.key.as_str())];
    let visit = visit
        .at(page::listing(&format!("/{}/{id}/erp/{connection}/links/new", kind.path()), &chosen));
    let mapping = erp::mapping(&portal, connection, actor_type, kind).await?;
    if !usable.rights.may_connect {
        return Err(WebError::Forbidden(Key::ERP_MAY_NOT_CONNECT));
    }
    let key = &form.key;
    let mut place =
        Place { visit: &visit, portal: &portal, usable: &usable, mapping: &mapping, key };
    let wrong = Problems::of(&form);
    if !wrong.is_empty() {
        return place.show(&record, None, &LinkForm::default(), wrong).await;
    }
    let actor = ActorRef { kind: actor_type, key: key.clone() };
    let (answers, problems) = questions::answers(&visit, &mapping, &form.answers);
    if form.all.is_some() {
        return place.ask(&record, &actor, &form, Problems::default()).await;
    }
    if !problems.is_empty() {
        return place.ask(&record, &actor, &form, problems).await;
    }
    let choice = Choice { sides: form.sides(), answers };
    let to = format!("/{}/{id}/erp", kind.path());
    let (engine, heard) = portal.engine.listening();
    match engine.connect(&visit.actor(), (connection, id), &actor, choice).await {
        Ok(Connected::Linked(_)) => {
            let saying =
                Message::from(Key::ERP_CONNECTED).with("name", visit.pick(&usable.connection.name));
            erp::redirect(&visit, &to, saying, &heard)
        }
        Ok(Connected::AskAgain(question)) => {
            let problems = Problems::whole(Key::ERP_ASK_AGAIN);
            place.show(&record, Some(*question), &form, problems).await
        }
        Err(NotDone::Answers(wrong)) => {
            place.ask(&record, &actor, &form, questions::problems(wrong)).await
        }
        Err(NotDone::NotKnown(failure)) => {
            page::redirect_warning(&visit, &to, erp::not_known(&visit, &failure))
        }
        Err(error) => place.refuse(&record, &form, error).await,
    }
}

/// The question before a link is taken away.
pub async fn edit(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
) -> Answer {
    let (id, connection) = path.into_inner();
    let record = erp::record(&portal, kind, id).await?;
    let usable = erp::usable(&portal, &visit, connection).await?;
    let link =
        links::find_by_record(&portal.store, connection, id).await?.ok_or(WebError::NotFound)?;
    let persons = portal.engine.count_persons_linked_with(link.id).await;
    let persons = persons.or_else(|error| erp::not_done(&visit, error).map(|_| 0))?;
    page::show(&ConfirmPage { visit: &visit, record, connection: usable.connection, persons })
}

pub async fn delete(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
) -> Answer {
    let (id, connection) = path.into_inner();
    erp::record(&portal, kind, id).await?;
    let usable = erp::usable(&portal, &visit, connection).await?;
    if !usable.rights.may_connect {
        return Err(WebError::Forbidden(Key::ERP_MAY_NOT_CONNECT));
    }
    let link =
        links::find_by_record(&portal.store, connection, id).await?.ok_or(WebError::NotFound)?;
    let to = format!("/{}/{id}/erp", kind.path());
    match portal.engine.disconnect(&visit.actor(), link.id).await {
        Ok(_) => page::redirect(&visit, &to, Key::ERP_DISCONNECTED),
        Err(error) => {
            let why = erp::not_done(&visit, error)?;
            let saying = Message::from(Key::ERP_NOT_DISCONNECTED).with("why", why);
            page::redirect_warning(&visit, &to, saying)
        }
    }
}

/// Where a link is about to be made.
struct Place<'a> {
    visit: &'a Visit,
    portal: &'a Portal,
    usable: &'a Usable,
    mapping: &'a ActorMapping,
    key: &'a str,
}

impl Place<'_> {
    /// What differs, with what was chosen so far.
    async fn ask(
        &mut self,
        record: &Record,
        actor: &ActorRef,
        typed: &LinkForm,
        problems: Problems,
    ) -> Answer {
        let place = (self.usable.connection.id, record.id);
        match self.portal.engine.ask_to_connect(&self.visit.actor(), place, actor).await {
            Ok(question) => self.show(record, Some(question), typed, problems).await,
            Err(error) => self.refuse(record, typed, error).await,
        }
    }

    async fn show(
        &mut self,
        record: &Record,
        question: Option<Question>,
        typed: &LinkForm,
        problems: Problems,
    ) -> Answer {
        let connection = &self.usable.connection;
        let fields = question.iter().flat_map(|question| {
            let rows = question.rows.iter().filter_map(|row| self.mapping.field(&row.erp_key));
            rows.map(|field| &field.erp).chain(question.asked.iter().map(|asked| &asked.erp))
        });
        let texts = match self.portal.engine.client(connection, Patience::Interactive).await {
            Ok(client) => erp::list_texts(&client, fields).await,
            Err(_) => Default::default(),
        };
        let items = crm_lists::list_by_ids(&self.portal.store, &record.values.items()).await?;
        let page = NewPage {
            visit: self.visit,
            record,
            connection,
            mapping: self.mapping,
            key: self.key,
            question,
            typed,
            problems,
            texts,
            items,
        };
        if page.problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
    }

    /// Nothing can be asked at the moment; what was chosen stays in the page, to be sent again.
    async fn refuse(&mut self, record: &Record, typed: &LinkForm, error: NotDone) -> Answer {
        let why = erp::not_done(self.visit, error)?;
        let problems = Problems::whole(Message::from(Key::ERP_NOT_CONNECTED).with("why", why));
        self.show(record, None, typed, problems).await
    }
}
