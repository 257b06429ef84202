//! Create in ERP: a new actor for a record that has none there, and what is decided about a create whose end
//! is not known.

mod form;
mod view;

use actix_web::web::{Data, Path, Query};
use serde::Deserialize;

use self::form::ActorForm;
use self::view::{ConfirmPage, NewPage};
use crate::connections::ConnectionId;
use crate::connector::registry::Patience;
use crate::connector::types::ActorType;
use crate::crm::{Record, RecordId, RecordKind};
use crate::i18n::{Key, Message};
use crate::mapping::ActorMapping;
use crate::store::access::Usable;
use crate::store::erp_writes::{self, ErpWrite};
use crate::sync::create::{self, Created};
use crate::sync::person::NotDone;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::records::Kind;
use crate::web::visit::Visit;
use crate::web::{Portal, erp, page, questions};

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default, rename = "type")]
    kind: String,
}

pub async fn new(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
    chosen: Query<Chosen>,
) -> Answer {
    let (id, connection) = path.into_inner();
    let record = erp::record(&portal, kind, id).await?;
    let place = place(&visit, &portal, &record, connection, &chosen.kind).await?;
    place.show(&ActorForm::default(), Problems::default()).await
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
    Form(form): Form<ActorForm>,
) -> Answer {
    let (id, connection) = path.into_inner();
    let record = erp::record(&portal, kind, id).await?;
    let listing = format!("/{}/{id}/erp/{connection}/actors/new", kind.path());
    let visit = visit.at(page::listing(&listing, &[("type", &form.kind)]));
    let place = place(&visit, &portal, &record, connection, &form.kind).await?;
    let (answers, problems) = questions::answers(&visit, &place.mapping, &form.answers);
    if !problems.is_empty() {
        return place.show(&form, problems).await;
    }
    let (actor, zone) = (visit.actor(), visit.zone.clone());
    let (engine, heard) = portal.engine.listening();
    let done = engine.create(&actor, (connection, id), place.mapping.kind, &zone, &answers).await;
    let to = format!("/{}/{id}/erp", kind.path());
    match done {
        Ok(Created::Linked(_)) => {
            let name = visit.pick(&place.usable.connection.name);
            erp::redirect(&visit, &to, Message::from(Key::ERP_CREATED).with("name", name), &heard)
        }
        // The tab says what is unclear, and what can be done.
        Ok(Created::Unclear(_)) => Ok(page::go(&to)),
        Err(NotDone::NotKnown(failure)) => {
            page::redirect_warning(&visit, &to, erp::not_known(&visit, &failure))
        }
        Err(NotDone::Answers(wrong)) => place.show(&form, questions::problems(wrong)).await,
        Err(error) => {
            let why = erp::not_done(&visit, error)?;
            let problem = Message::from(Key::ERP_NOT_CREATED).with("why", why);
            place.show(&form, Problems::whole(problem)).await
        }
    }
}

/// Looks in the ERP once more for what an unclear create may have made.
pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
) -> Answer {
    let (id, connection) = path.into_inner();
    let write = unclear(&visit, &portal, kind, (id, connection)).await?;
    let to = format!("/{}/{id}/erp", kind.path());
    match portal.engine.look_again(&visit.actor(), write.id).await {
        Ok(Created::Linked(_)) => page::redirect(&visit, &to, Key::ERP_FOUND),
        Ok(Created::Unclear(_)) => page::redirect_warning(&visit, &to, Key::ERP_STILL_UNCLEAR),
        Err(error) => {
            let why = erp::not_done(&visit, error)?;
            page::redirect_warning(&visit, &to, Message::from(Key::ERP_NOT_LOOKED).with("why", why))
        }
    }
}

/// The question before an unclear create is given up.
pub async fn edit(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
) -> Answer {
    let (id, connection) = path.into_inner();
    unclear(&visit, &portal, kind, (id, connection)).await?;
    let record = erp::record(&portal, kind, id).await?;
    let connection = erp::usable(&portal, &visit, connection).await?.connection;
    page::show(&ConfirmPage { visit: &visit, record, connection })
}

/// Gives it up.
pub async fn delete(
    visit: Visit,
    portal: Data<Portal>,
    Kind(kind): Kind,
    path: Path<(RecordId, ConnectionId)>,
) -> Answer {
    let (id, connection) = path.into_inner();
    let write = unclear(&visit, &portal, kind, (id, connection)).await?;
    let to = format!("/{}/{id}/erp", kind.path());
    match portal.engine.drop_create(&visit.actor(), write.id).await {
        Ok(()) => page::redirect(&visit, &to, Key::ERP_DROPPED),
        Err(error) => {
            let why = erp::not_done(&visit, error)?;
            page::redirect_warning(
                &visit,
                &to,
                Message::from(Key::ERP_NOT_DROPPED).with("why", why),
            )
        }
    }
}

/// The create of this record whose end is not known, for whoever may create.
async fn unclear(
    visit: &Visit,
    portal: &Portal,
    kind: RecordKind,
    (id, connection): (RecordId, ConnectionId),
) -> Result<ErpWrite, WebError> {
    erp::record(portal, kind, id).await?;
    let usable = erp::usable(portal, visit, connection).await?;
    if !usable.rights.may_create {
        return Err(WebError::Forbidden(Key::ERP_MAY_NOT_CREATE));
    }
    let write = erp_writes::find_by_record(&portal.store, connection, id).await?;
    write.ok_or(WebError::NotFound)
}

/// Where an actor is about to be made.
struct Place<'a> {
    visit: &'a Visit,
    portal: &'a Portal,
    record: &'a Record,
    usable: Usable,
    mapping: ActorMapping,
}

async fn place<'a>(
    visit: &'a Visit,
    portal: &'a Portal,
    record: &'a Record,
    connection: ConnectionId,
    kind: &str,
) -> Result<Place<'a>, WebError> {
    let usable = erp::usable(portal, visit, connection).await?;
    let actor_type = ActorType::parse(kind).ok_or(WebError::NotFound)?;
    let mapping = erp::mapping(portal, connection, actor_type, record.kind).await?;
    if !usable.rights.may_create {
        return Err(WebError::Forbidden(Key::ERP_MAY_NOT_CREATE));
    }
    Ok(Place { visit, portal, record, usable, mapping })
}

impl Place<'_> {
    async fn show(&self, typed: &ActorForm, mut problems: Problems) -> Answer {
        let engine = &self.portal.engine;
        let at = (self.usable.connection.id, self.record.id);
        let actor = self.visit.actor();
        let form = engine.ask_to_create(&actor, at, self.mapping.kind, &self.visit.zone).await;
        let form: Option<create::Form> = match form {
            Ok(form) => Some(form),
            Err(error) => {
                let why = erp::not_done(self.visit, error)?;
                problems.add("", Message::from(Key::ERP_NOT_CREATED).with("why", why));
                None
            }
        };
        let sent = form.iter().flat_map(|form| {
            let sent = form.creation.values.keys().filter_map(|key| self.mapping.field(key));
            sent.map(|field| &field.erp).chain(form.creation.asked.iter().map(|asked| &asked.erp))
        });
        let texts = match engine.client(&self.usable.connection, Patience::Interactive).await {
            Ok(client) => erp::list_texts(&client, sent).await,
            Err(_) => Default::default(),
        };
        let page = NewPage {
            visit: self.visit,
            record: self.record,
            connection: &self.usable.connection,
            mapping: &self.mapping,
            form,
            typed,
            problems,
            texts,
        };
        if page.problems.is_empty() { page::show(&page) } else { page::show_again(&page) }
    }
}
