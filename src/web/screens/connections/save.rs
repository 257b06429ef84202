//! OK: what was typed becomes a connection, or changes one. The connector comes first; only what it
//! accepted is stored, all of it or nothing.

use super::draft::Draft;
use super::imported::Import;
use crate::connections::{ConnectionId, Scope};
use crate::connector::client::ErpClient;
use crate::connector::types::ConnectionGuid;
use crate::i18n::{Key, Message};
use crate::store::configuration::Configuration;
use crate::store::connections::{self, Change, NewConnection};
use crate::store::connectors;
use crate::store::error::StoreError;
use crate::versions::attain::LeftOut;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Problems, VERSION};
use crate::web::offer::{self, Merged, Offer};
use crate::web::visit::Visit;
use crate::web::{failure, offer_words, page, scope, version_words};

/// Adds a connection, inactive, with the mappings that suggest themselves.
pub async fn add(mut draft: Draft<'_>) -> Answer {
    let Some(scope) = check(&mut draft).await? else { return draft.show() };
    let guid = ConnectionGuid::random().map_err(anyhow::Error::from)?;
    let client = match draft.client(guid.clone(), draft.values.settings.clone()) {
        Ok(client) => client,
        Err(why) => {
            let message = failure::message(&why, draft.visit.language);
            return stopped(draft, message);
        }
    };
    let offer = match offer::introduce(&client).await {
        Ok(offer) => offer,
        Err(why) => {
            take_back(&client).await;
            let message = why.message(draft.visit);
            return stopped(draft, message);
        }
    };
    let import = match Import::of(draft.portal, &draft.form, &client, &offer).await {
        Ok(import) => import,
        Err(error) => {
            take_back(&client).await;
            return Err(error);
        }
    };
    let (id, left_out) = match insert(&draft, guid, scope, (&offer, import)).await {
        Ok(added) => added,
        Err(error) => {
            take_back(&client).await;
            return match error {
                StoreError::Overtaken => stopped(draft, Key::CONNECTIONS_CONNECTOR_GONE.into()),
                other => Err(other.into()),
            };
        }
    };
    remember_wire(&draft, &client).await?;
    let saying = noted(draft.visit, &draft.form.name, &offer, Key::CONNECTIONS_ADDED);
    let to = format!("/sync?connection={id}");
    if left_out.is_empty() {
        return page::redirect(draft.visit, &to, saying);
    }
    let left = version_words::few(draft.visit, &left_out);
    let done = draft.visit.say(&saying);
    let saying = Message::from(Key::CONFIGURATION_ADDED_PARTLY).with("done", done);
    page::redirect_warning(draft.visit, &to, saying.with("left", left))
}

async fn insert(
    draft: &Draft<'_>,
    guid: ConnectionGuid,
    scope: Scope,
    (offer, import): (&Offer, Option<Import>),
) -> Result<(ConnectionId, Vec<LeftOut>), StoreError> {
    let actor = draft.visit.actor();
    let new = NewConnection {
        guid,
        connector_id: draft.connector.as_ref().map(|c| c.id).unwrap_or_default(),
        name: draft.form.name.clone(),
        description: draft.form.description.clone(),
        scope,
        configuration: configuration(draft),
    };
    let mut tx = draft.portal.store.begin().await?;
    let id = connections::insert(&mut tx, &actor, &new).await?;
    offer::take_over(&mut tx, &actor, id, &offer.types).await?;
    let left_out = match import {
        Some(import) => import.map(&mut tx, draft.visit, (id, &new.name)).await?,
        None => Vec::new(),
    };
    tx.commit().await?;
    Ok((id, left_out))
}

/// Keeps with the connector what was learned of its wire on the way.
async fn remember_wire(draft: &Draft<'_>, client: &ErpClient) -> Result<(), StoreError> {
    let (Some(connector), Some(wire)) = (&draft.connector, client.connector().wire_form()) else {
        return Ok(());
    };
    connectors::remember_wire(&draft.portal.store, connector.id, &connector.address, &wire).await
}

/// Changes a connection. Its configuration only when that is another one now, and tested.
pub async fn change(mut draft: Draft<'_>) -> Answer {
    let current = draft.old.as_ref().map(|old| old.connection.version);
    let Some(version) = draft.form.version.parse::<i64>().ok() else {
        draft.problems.add(VERSION, Key::FORM_NO_VERSION);
        return draft.show_conflict();
    };
    // What somebody else saved comes first: a configuration of theirs makes this one look untested.
    if Some(version) != current {
        return draft.show_conflict();
    }
    let Some(scope) = check(&mut draft).await? else { return draft.show() };
    let Some(old) = &draft.old else { return Err(WebError::NotFound) };
    let mut change = Change {
        name: draft.form.name.clone(),
        description: draft.form.description.clone(),
        scope,
        configuration: None,
    };
    if draft.is_active() || draft.is_unchanged(old) {
        return match update(&draft, version, &change, None).await {
            Err(StoreError::Overtaken) => draft.again().await?.show_conflict(),
            Err(other) => Err(other.into()),
            Ok((id, _)) => {
                let saying = Message::from(Key::CONNECTIONS_SAVED).with("name", &draft.form.name);
                page::redirect(draft.visit, &format!("/sync?connection={id}"), saying)
            }
        };
    }
    change.configuration = Some(configuration(&draft));
    reconfigure(draft, version, change).await
}

async fn reconfigure(draft: Draft<'_>, version: i64, change: Change) -> Answer {
    let Some(old) = &draft.old else { return Err(WebError::NotFound) };
    let guid = &old.connection.guid;
    let (now, before) = match (
        draft.client(guid.clone(), draft.values.settings.clone()),
        draft.client(guid.clone(), old.settings.clone()),
    ) {
        (Ok(now), Ok(before)) => (now, before),
        (Err(why), _) | (_, Err(why)) => {
            let message = failure::message(&why, draft.visit.language);
            return stopped(draft, message);
        }
    };
    let offer = match offer::introduce(&now).await {
        Ok(offer) => offer,
        Err(why) => {
            put_back(&before).await;
            let message = why.message(draft.visit);
            return stopped(draft, message);
        }
    };
    match update(&draft, version, &change, Some(&offer)).await {
        Ok((id, merged)) => {
            let saying = noted(draft.visit, &draft.form.name, &offer, Key::CONNECTIONS_SAVED);
            let said = merged.map(|merged| offer_words::few(draft.visit, &merged));
            let saying = offer_words::told(draft.visit, saying, &said.unwrap_or_default());
            page::redirect(draft.visit, &format!("/sync?connection={id}"), saying)
        }
        Err(StoreError::Overtaken) => {
            let draft = draft.again().await?;
            // Whatever the other saved is what counts now.
            let stored = draft.old.as_ref().map(|old| old.settings.clone()).unwrap_or_default();
            match draft.client(before.guid().clone(), stored) {
                Ok(client) => put_back(&client).await,
                Err(_) => put_back(&before).await,
            }
            draft.show_conflict()
        }
        Err(error) => {
            put_back(&before).await;
            Err(error.into())
        }
    }
}

async fn update(
    draft: &Draft<'_>,
    version: i64,
    change: &Change,
    offer: Option<&Offer>,
) -> Result<(ConnectionId, Option<Merged>), StoreError> {
    let id = draft.id().unwrap_or_default();
    let mut tx = draft.portal.store.begin().await?;
    let actor = draft.visit.actor();
    connections::update(&mut tx, &actor, (id, version), change).await?;
    let merged = match offer {
        Some(offer) => Some(offer::take_over(&mut tx, &actor, id, &offer.types).await?),
        None => None,
    };
    tx.commit().await?;
    Ok((id, merged))
}

/// Everything that stands in the way of saving, put into the draft; the scope when nothing does.
async fn check(draft: &mut Draft<'_>) -> Result<Option<Scope>, WebError> {
    draft.problems.extend(Problems::of(&draft.form));
    let scope = match &draft.old {
        Some(old) => Ok(old.scope.clone()),
        None => scope::read(&draft.portal.store, &draft.typed).await?,
    };
    let scope = match scope {
        Ok(scope) => Some(scope),
        Err(problems) => {
            draft.problems.extend(problems);
            None
        }
    };
    draft.problems.extend(std::mem::take(&mut draft.values.problems));
    if draft.connector.is_none() {
        draft.problems.add("connector", Key::FORM_REQUIRED);
    } else if let Some(why) = &draft.away
        && draft.declared.is_none()
    {
        draft.problems.add("", failure::message(why, draft.visit.language));
    } else if !draft.is_active() && draft.tested.mark.is_empty() && draft.problems.is_empty() {
        draft.problems.add("", Key::CONNECTIONS_NOT_TESTED);
    }
    Ok(scope.filter(|_| draft.problems.is_empty()))
}

fn configuration(draft: &Draft<'_>) -> Configuration {
    let fields = draft.declared.as_ref().map(|d| d.fields.clone()).unwrap_or_default();
    Configuration { fields, values: draft.values.settings.clone() }
}

fn stopped(mut draft: Draft<'_>, why: Message) -> Answer {
    draft.problems.add("", why);
    draft.show()
}

/// A word about what was done, with what the connector wants said besides.
fn noted(visit: &Visit, name: &str, offer: &Offer, key: Key) -> Message {
    let notes: Vec<String> = offer.notes.iter().map(|n| failure::said(n, visit.language)).collect();
    let message = Message::from(key).with("name", name);
    if notes.is_empty() {
        return message;
    }
    let done = visit.say(&message);
    Message::from(Key::CONNECTIONS_DONE_WITH_NOTES).with("done", done).with("said", notes.join(" "))
}

/// The connector is to forget a connection that did not come about.
async fn take_back(client: &ErpClient) {
    if let Err(failure) = client.delete().await {
        tracing::warn!(guid = %client.guid(), "a connection that was not made stays at its connector: {failure}");
    }
}

/// The connector gets back the configuration that still counts here.
async fn put_back(before: &ErpClient) {
    if let Err(failure) = before.save().await {
        tracing::warn!(guid = %before.guid(), "a connector keeps a configuration that was not saved: {failure}");
    }
}
