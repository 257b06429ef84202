//! Switching an ERP connection on. Everything that stands in the way is said at once, each reason with a
//! link to where it can be removed.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web::{Data, Path};
use askama::Template;

use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::Answer as Answered;
use crate::connector::types::ActorType;
use crate::crm::RecordKind;
use crate::i18n::{Key, Message};
use crate::mapping::activation::{self, Candidate, Place, Reason, Weight, What};
use crate::mapping::{ActorMapping, FieldMapping, matrix};
use crate::store::{Tx, conformance, connections, connectors, mappings};
use crate::web::back::Back;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::visit::Visit;
use crate::web::{Portal, captions, failure, found, offer, page};

#[derive(Template)]
#[template(path = "activations/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    connection: &'a ErpConnection,
    reasons: Vec<Said>,
}

/// A reason in words.
struct Said {
    is_error: bool,
    text: String,
    /// Where it can be removed, and what that place is called.
    href: String,
    place: String,
}

impl NewPage<'_> {
    fn name(&self) -> &str {
        self.visit.pick(&self.connection.name)
    }

    fn errors(&self) -> Vec<&Said> {
        self.reasons.iter().filter(|said| said.is_error).collect()
    }

    fn warnings(&self) -> Vec<&Said> {
        self.reasons.iter().filter(|said| !said.is_error).collect()
    }
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    let reasons = failing_checks(&visit, &portal, &connection).await?.into_iter().collect();
    page::show(&NewPage { visit: &visit, connection: &connection, reasons })
}

pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Form(back): Form<Back>,
) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    let name = visit.pick(&connection.name);
    let usual = format!("/sync?connection={id}");
    let to = back.or(&usual);
    let done = Message::from(Key::ACTIVATIONS_DONE).with("name", name);
    if connection.is_active {
        return page::redirect(&visit, to, done);
    }
    let test = offer::test(&portal, &connection).await?;
    let failing = failing_checks(&visit, &portal, &connection).await?;
    let mut tx = portal.store.begin().await?;
    tx.alone().await?;
    let mappings = mappings::list(&mut tx, connection.id).await?;
    let reasons = reasons(&mut tx, &connection, &mappings, &test).await?;
    let places = Places { visit: &visit, connection: &connection, mappings: &mappings };
    let said = |reason: &Reason| places.say(reason, &test);
    if !activation::is_possible(&reasons) {
        drop(tx);
        let reasons = reasons.iter().map(said).chain(failing).collect();
        return page::show_again(&NewPage { visit: &visit, connection: &connection, reasons });
    }
    connections::activate(&mut tx, &visit.actor(), (connection.id, connection.version)).await?;
    tx.commit().await?;
    let notes: Vec<String> =
        reasons.iter().map(said).chain(failing).map(|said| said.text).collect();
    if notes.is_empty() {
        return page::redirect(&visit, to, done);
    }
    let done = Message::from(Key::ACTIVATIONS_DONE_NOTED)
        .with("name", name)
        .with("count", notes.len())
        .with("notes", notes.join(" "));
    page::redirect(&visit, to, done)
}

/// What the last conformance test found wrong: worth knowing, and no obstacle.
async fn failing_checks(
    visit: &Visit,
    portal: &Portal,
    connection: &ErpConnection,
) -> Result<Option<Said>, WebError> {
    let newest = conformance::list(&portal.store, connection.id, 1).await?.pop();
    let failing = newest.filter(|run| run.tally.failed > 0);
    Ok(failing.map(|run| Said {
        is_error: false,
        text: visit.t.conformance_runs_warning(run.tally.failed),
        href: format!("/connections/{}/conformance-runs/{}", connection.id, run.job.id),
        place: visit.t.conformance_runs_trail().to_owned(),
    }))
}

async fn reasons(
    tx: &mut Tx,
    connection: &ErpConnection,
    mappings: &[ActorMapping],
    test: &Answered<()>,
) -> Result<Vec<Reason>, WebError> {
    let connector = connectors::find(&mut *tx, connection.connector_id).await?;
    let others = mappings::list_elsewhere(&mut *tx, connection.id).await?;
    let elsewhere: BTreeMap<RecordKind, BTreeSet<String>> = RecordKind::ALL
        .into_iter()
        .map(|kind| (kind, matrix::mapped_elsewhere(&others, kind)))
        .collect();
    Ok(activation::check(&Candidate {
        is_connector_deleted: connector.is_none_or(|connector| connector.is_deleted),
        test,
        mappings,
        elsewhere: &elsewhere,
    }))
}

/// Where reasons can be removed.
struct Places<'a> {
    visit: &'a Visit,
    connection: &'a ErpConnection,
    mappings: &'a [ActorMapping],
}

impl Places<'_> {
    fn say(&self, reason: &Reason, test: &Answered<()>) -> Said {
        let visit = self.visit;
        let mut text = visit.say(&reason.what.message(visit.language));
        match (&reason.what, test) {
            (What::TestFailed, Err(why)) => {
                text = format!("{text} {}", visit.say(&failure::message(why, visit.language)));
            }
            (What::TestNoted, Ok(reply)) if !reply.user_text.is_empty() => {
                let said = failure::said(&reply.user_text, visit.language);
                text = format!("{text} {}", visit.t.sync_said(said));
            }
            _ => {}
        }
        let (href, place) = self.address(&reason.place);
        Said { is_error: reason.weight == Weight::Error, text, href, place }
    }

    /// The address of a place, and what it is called.
    fn address(&self, place: &Place) -> (String, String) {
        let t = self.visit.t;
        let base = format!("/connections/{}", self.connection.id);
        let named = |what: &str, kind| format!("{what} – {}", captions::actor_type(t, kind));
        match place {
            Place::Connector => {
                let href = format!("/connectors/{}", self.connection.connector_id);
                (href, self.connection.connector_name.clone())
            }
            Place::ConnectionTest => (format!("{base}/edit"), t.sync_configure().to_owned()),
            Place::Mappings => (format!("{base}/mappings"), t.sync_mappings().to_owned()),
            Place::Mapping(kind, field) => {
                let row = field.as_deref().and_then(|key| self.field(*kind, key));
                let row = row.map(|(number, _)| format!("#row-{number}")).unwrap_or_default();
                (format!("{base}/mappings?type={kind}{row}"), named(t.sync_mappings(), *kind))
            }
            Place::List(kind, key) => {
                let field = self.field(*kind, key).map(|(_, field)| field.id).unwrap_or_default();
                let href = format!("{base}/list-mappings?field={field}");
                (href, named(t.sync_list_mapping(), *kind))
            }
            Place::Defaults(kind, key) => {
                let rule = self.field(*kind, key).map(|(_, field)| field);
                let rule = rule.filter(|field| field.default.is_some());
                let href = match rule {
                    Some(field) => format!("{base}/defaults/{kind}/{}/edit", field.id),
                    None => {
                        let chosen = [("type", kind.as_str()), ("field", key.as_str())];
                        page::listing(&format!("{base}/defaults/new"), &chosen)
                    }
                };
                (href, named(t.sync_defaults(), *kind))
            }
        }
    }

    /// A field of a mapping, with its place among them.
    fn field(&self, kind: ActorType, key: &str) -> Option<(usize, &FieldMapping)> {
        let mapping = self.mappings.iter().find(|mapping| mapping.kind == kind)?;
        mapping.fields.iter().enumerate().find(|(_, field)| field.erp.key == key)
    }
}
