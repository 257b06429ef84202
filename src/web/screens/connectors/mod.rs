//! Sync Connectors: look at one, add, edit, try its address.

mod form;
mod probe;
mod view;

use actix_web::web::{Data, Path};

use self::form::ConnectorForm;
use self::probe::Probe;
use self::view::{EditPage, ShowPage};
use crate::connections::{ConnectorId, SyncConnector, is_same_host};
use crate::connector::failure::Failure;
use crate::connector::registry::Patience;
use crate::history::{Action, Event, Subject};
use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::{connections, connectors};
use crate::sync::reason;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems, VERSION};
use crate::web::visit::Visit;
use crate::web::{Portal, failure, guard, page};

pub async fn show(visit: Visit, portal: Data<Portal>, id: Path<ConnectorId>) -> Answer {
    let connector = find(&portal, *id).await?;
    let mut uses = connections::list(&portal.store).await?;
    uses.retain(|connection| connection.connector_id == connector.id);
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    page::show(&ShowPage { visit: &visit, connector, connections: uses, may_write })
}

pub async fn new(visit: Visit) -> Answer {
    page::show(&form_page(&visit, None, &ConnectorForm::default(), &Problems::default()))
}

pub async fn create(visit: Visit, portal: Data<Portal>, Form(form): Form<ConnectorForm>) -> Answer {
    let form = form.trimmed();
    if form.is_test() {
        return test(&visit, &portal, None, &form).await;
    }
    if let Err(refusal) = check(&visit, &portal, &form) {
        return refusal.show(&visit, None, &form);
    }
    let mut tx = portal.store.begin().await?;
    let id = match connectors::insert(&mut tx, &visit.actor(), &form.name, &form.address).await {
        Err(StoreError::Taken) => return taken(&visit, None, &form),
        other => other?,
    };
    tx.commit().await?;
    remember_wire(&portal, id, &form.address).await?;
    page::redirect(&visit, "/sync", Message::from(Key::CONNECTORS_ADDED).with("name", &form.name))
}

pub async fn edit(visit: Visit, portal: Data<Portal>, id: Path<ConnectorId>) -> Answer {
    let connector = get(&portal, *id).await?;
    let form = ConnectorForm::of(&connector);
    page::show(&form_page(&visit, Some(&connector), &form, &Problems::default()))
}

pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectorId>,
    Form(form): Form<ConnectorForm>,
) -> Answer {
    let form = form.trimmed();
    let connector = get(&portal, *id).await?;
    if form.is_test() {
        return test(&visit, &portal, Some(&connector), &form).await;
    }
    if let Err(refusal) = check(&visit, &portal, &form) {
        return refusal.show(&visit, Some(&connector), &form);
    }
    let Ok(version) = form.version.parse() else {
        let problems = Problems::one(VERSION, Key::FORM_NO_VERSION);
        let page = form_page(&visit, Some(&connector), &form, &problems);
        return page::show_again(&EditPage { is_overtaken: true, ..page });
    };
    let mut tx = portal.store.begin().await?;
    let place = (connector.id, version);
    match connectors::update(&mut tx, &visit.actor(), place, &form.name, &form.address).await {
        Err(StoreError::Taken) => return taken(&visit, Some(&connector), &form),
        Err(StoreError::Overtaken) => {
            drop(tx);
            let theirs = get(&portal, *id).await?;
            let problems = Problems::default();
            let page = form_page(&visit, Some(&theirs), &form, &problems);
            return page::show_conflict(&EditPage { is_overtaken: true, ..page });
        }
        other => other?,
    }
    tx.commit().await?;
    remember_wire(&portal, connector.id, &form.address).await?;
    let saying = match is_same_host(&connector.address, &form.address) {
        true => Key::CONNECTORS_SAVED,
        false => Key::CONNECTORS_SAVED_ELSEWHERE,
    };
    let to = format!("/connectors/{id}");
    page::redirect(&visit, &to, Message::from(saying).with("name", &form.name))
}

/// Tries the address as typed; nothing of the form is saved.
async fn test(
    visit: &Visit,
    portal: &Portal,
    connector: Option<&SyncConnector>,
    form: &ConnectorForm,
) -> Answer {
    if form.address.is_empty() {
        let problems = Problems::one("address", Key::FORM_REQUIRED);
        return page::show_again(&form_page(visit, connector, form, &problems));
    }
    let found = probe::probe(&portal.registry, &form.address).await;
    note_test(visit, portal, connector, form, &found).await?;
    match found {
        Ok(probe) => {
            let problems = Problems::default();
            let page = form_page(visit, connector, form, &problems);
            page::show(&EditPage { probe: Some(probe), ..page })
        }
        Err(why @ (Failure::AddressNotAllowed { .. } | Failure::AddressNotUsable { .. })) => {
            Refusal::of(visit, &why).show(visit, connector, form)
        }
        // Whoever answers later is a Sync Connector all the same: nothing is wrong with what was typed.
        Err(why) => {
            let failed = Some(visit.say(&failure::message(&why, visit.language)));
            let problems = Problems::default();
            page::show(&EditPage { failed, ..form_page(visit, connector, form, &problems) })
        }
    }
}

/// The history has every test.
async fn note_test(
    visit: &Visit,
    portal: &Portal,
    connector: Option<&SyncConnector>,
    form: &ConnectorForm,
    found: &Result<Probe, Failure>,
) -> Result<(), WebError> {
    let id = connector.map(|connector| connector.id);
    let subject = Subject { kind: "connector", id, name: form.name.clone() };
    let event = Event::new(Action::ConnectorTested, subject).after("address", &form.address);
    let event = reason::tested(event, found.as_ref().err());
    let mut tx = portal.store.begin().await?;
    tx.record(&visit.actor(), &event).await?;
    tx.commit().await?;
    match id {
        Some(id) => remember_wire(portal, id, &form.address).await,
        None => Ok(()),
    }
}

/// Keeps with the connector what was learned of its wire, if it was tested at this address.
async fn remember_wire(portal: &Portal, id: ConnectorId, address: &str) -> Result<(), WebError> {
    let connector = portal.registry.connect(address, Patience::Interactive).ok();
    if let Some(wire) = connector.and_then(|connector| connector.wire_form()) {
        connectors::remember_wire(&portal.store, id, address, &wire).await?;
    }
    Ok(())
}

/// Why the form cannot be saved, and the line the configuration file would need.
struct Refusal {
    problems: Problems,
    missing_line: Option<String>,
}

impl Refusal {
    /// What is wrong with the address, at its field.
    fn of(visit: &Visit, why: &Failure) -> Self {
        let problems = Problems::one("address", failure::message(why, visit.language));
        let missing_line = match why {
            Failure::AddressNotAllowed { line, .. } => Some(line.clone()),
            _ => None,
        };
        Self { problems, missing_line }
    }

    fn show(
        self,
        visit: &Visit,
        connector: Option<&SyncConnector>,
        form: &ConnectorForm,
    ) -> Answer {
        let page = form_page(visit, connector, form, &self.problems);
        page::show_again(&EditPage { missing_line: self.missing_line, ..page })
    }
}

fn check(visit: &Visit, portal: &Portal, form: &ConnectorForm) -> Result<(), Refusal> {
    let problems = Problems::of(form);
    let address = portal.registry.check_address(&form.address);
    match (problems.has("address"), address) {
        (false, Err(why)) => {
            let mut refusal = Refusal::of(visit, &why);
            refusal.problems.extend(problems);
            Err(refusal)
        }
        _ if problems.is_empty() => Ok(()),
        _ => Err(Refusal { problems, missing_line: None }),
    }
}

fn taken(visit: &Visit, connector: Option<&SyncConnector>, form: &ConnectorForm) -> Answer {
    let problems = Problems::one("name", Key::CONNECTORS_TAKEN);
    page::show_again(&form_page(visit, connector, form, &problems))
}

fn form_page<'a>(
    visit: &'a Visit,
    connector: Option<&'a SyncConnector>,
    form: &'a ConnectorForm,
    problems: &'a Problems,
) -> EditPage<'a> {
    EditPage {
        visit,
        connector,
        form,
        problems,
        probe: None,
        failed: None,
        missing_line: None,
        is_overtaken: false,
    }
}

/// A connector, deleted or not.
async fn find(portal: &Portal, id: ConnectorId) -> Result<SyncConnector, WebError> {
    connectors::find(&portal.store, id).await?.ok_or(WebError::NotFound)
}

/// One that can be edited.
async fn get(portal: &Portal, id: ConnectorId) -> Result<SyncConnector, WebError> {
    Some(find(portal, id).await?).filter(|found| !found.is_deleted).ok_or(WebError::NotFound)
}
