//! What a connector asked to be told about a connection: values by field key, passwords sealed.

use std::collections::BTreeMap;

use super::row::{args, to_json};
use super::{Read, Result, Tx};
use crate::connections::{ConnectionId, ConnectorId};
use crate::connector::encoding;
use crate::connector::types::{FieldInfo, FieldType, Settings};
use crate::history::{Action, Actor, Event, Subject};

/// A configuration about to be saved.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The fields as the connector declares them now.
    pub fields: Vec<FieldInfo>,
    /// Encoded values by field key. A password left blank keeps the one that is stored.
    pub values: Settings,
}

/// A configuration as a form may show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Encoded values of all fields but passwords.
    pub values: BTreeMap<String, String>,
    /// The password fields that have a value, each with the version of the connection in which it was set.
    pub secrets: BTreeMap<String, i64>,
}

/// One stored value: plain, or sealed and then beside it the version of the connection in which it was set.
#[derive(Default)]
pub(super) struct Kept {
    value: String,
    sealed: Option<Vec<u8>>,
}

/// Stored values by field key.
pub(super) type Stored = BTreeMap<String, Kept>;

/// The configuration as the connector gets it, secrets opened.
pub async fn for_calls(mut db: impl Read, connection: ConnectionId) -> Result<Settings> {
    let mut settings = Settings::new();
    for (key, kept) in stored(&mut db, connection).await? {
        match kept.sealed {
            Some(sealed) => {
                let secret = db.cipher().open(&place(connection, &key), &sealed)?;
                settings.set_secret(&key, secret);
            }
            None => settings.set(&key, kept.value),
        }
    }
    Ok(settings)
}

/// The configuration as a form may show it: of a secret, only whether there is one.
pub async fn for_form(mut db: impl Read, connection: ConnectionId) -> Result<Shown> {
    let mut shown = Shown::default();
    for (key, kept) in stored(&mut db, connection).await? {
        match kept.sealed {
            Some(_) => _ = shown.secrets.insert(key, kept.value.parse().unwrap_or_default()),
            None => _ = shown.values.insert(key, kept.value),
        }
    }
    Ok(shown)
}

pub(super) async fn stored(db: &mut impl Read, connection: ConnectionId) -> Result<Stored> {
    let sql = "SELECT field_key, value, sealed FROM connection_setting WHERE connection_id = $1";
    let mut stored = Stored::new();
    for row in db.rows(sql, args![connection]).await? {
        let kept = Kept { value: row.text("value")?, sealed: row.opt_bytes("sealed")? };
        stored.insert(row.text("field_key")?, kept);
    }
    Ok(stored)
}

/// The configuration without the secrets that are typed as they are stored: those are kept, not changed.
pub(super) fn news(
    tx: &Tx,
    connection: ConnectionId,
    old: &Stored,
    new: &Configuration,
) -> Configuration {
    let mut news = new.clone();
    for field in new.fields.iter().filter(|field| field.kind == FieldType::Password) {
        let open = |sealed: &Vec<u8>| tx.cipher().open(&place(connection, &field.key), sealed).ok();
        let sealed = old.get(&field.key).and_then(|kept| kept.sealed.as_ref());
        let stored = sealed.and_then(open);
        if stored.is_some() && stored.as_deref() == new.values.get(&field.key) {
            news.values.set_secret(&field.key, String::new());
        }
    }
    news
}

/// Notes in `event` what saving would change: secrets only as `set` and `changed`.
pub(super) fn note(mut event: Event, old: &Stored, new: &Configuration) -> Event {
    for field in new.fields.iter().filter(|field| field.kind != FieldType::Label) {
        let detail = detail(&field.key);
        let typed = new.values.get(&field.key).unwrap_or_default();
        let kept = old.get(&field.key);
        if field.kind != FieldType::Password {
            let before = kept.map_or_else(String::new, |kept| match kept.sealed {
                Some(_) => "set".to_owned(),
                None => encoding::plain(field.kind, &kept.value),
            });
            event = event.changed(&detail, before, encoding::plain(field.kind, typed));
        } else if !typed.is_empty() {
            event = match kept.is_some_and(|kept| kept.sealed.is_some()) {
                true => event.before(&detail, "set").after(&detail, "changed"),
                false => event.before(&detail, "").after(&detail, "set"),
            };
        }
    }
    event
}

/// Replaces what is stored, in this version of the connection. Values of fields that are no longer declared go.
pub(super) async fn replace(
    tx: &mut Tx,
    (connection, version): (ConnectionId, i64),
    mut old: Stored,
    new: &Configuration,
) -> Result<()> {
    let clear = "DELETE FROM connection_setting WHERE connection_id = $1";
    tx.execute(clear, args![connection]).await?;
    for field in new.fields.iter().filter(|field| field.kind != FieldType::Label) {
        let typed = new.values.get(&field.key).unwrap_or_default();
        let kept = match field.kind {
            FieldType::Password if typed.is_empty() => old.remove(&field.key).unwrap_or_default(),
            FieldType::Password => {
                let sealed = tx.cipher().seal(&place(connection, &field.key), typed)?;
                Kept { value: version.to_string(), sealed: Some(sealed) }
            }
            _ => Kept { value: typed.to_owned(), sealed: None },
        };
        if field.kind == FieldType::Password && kept.sealed.is_none() {
            continue;
        }
        tx.execute_one(
            "INSERT INTO connection_setting (connection_id, field_key, value, sealed) VALUES ($1, $2, $3, $4)",
            args![connection, &field.key, kept.value, kept.sealed],
        )
        .await?;
    }
    Ok(())
}

/// Forgets the secrets of a connector's connections, because it now stands for another host.
pub(super) async fn forget_secrets(
    tx: &mut Tx,
    actor: &Actor,
    connector: ConnectorId,
) -> Result<()> {
    let sql = "SELECT c.id, c.name, s.field_key FROM connection_setting s \
               JOIN erp_connection c ON c.id = s.connection_id \
               WHERE c.connector_id = $1 AND s.sealed IS NOT NULL ORDER BY c.id, s.field_key";
    let mut secrets: BTreeMap<(ConnectionId, String), Vec<String>> = BTreeMap::new();
    for row in (&mut *tx).rows(sql, args![connector]).await? {
        let connection = (row.int("id")?, row.text("name")?);
        secrets.entry(connection).or_default().push(row.text("field_key")?);
    }
    for ((id, name), keys) in secrets {
        let subject = Subject::new("connection", id, &name);
        let event = Event::new(Action::ConnectionChanged, subject).in_connection(id, &name);
        let event = keys.iter().fold(event, |event, key| event.changed(&detail(key), "set", ""));
        tx.record(actor, &event).await?;
        let forget =
            "DELETE FROM connection_setting WHERE connection_id = $1 AND sealed IS NOT NULL";
        tx.execute(forget, args![id]).await?;
        let touch = "UPDATE erp_connection SET version = version + 1 WHERE id = $1";
        tx.execute_one(touch, args![id]).await?;
    }
    Ok(())
}

/// The fields as they are kept with the connection.
pub(super) fn fields_json(configuration: &Configuration) -> Result<String> {
    to_json(&configuration.fields)
}

/// Under which name the history has a field of the configuration.
fn detail(key: &str) -> String {
    format!("setting:{key}")
}

/// A sealed value opens only here.
fn place(connection: ConnectionId, key: &str) -> String {
    format!("connection_setting/{connection}/{key}")
}
