//! The practice ERP behind the connector contract.

mod answers;

use async_trait::async_trait;

use crate::clock::Millis;
use crate::connector::failure::{Failure, RefusalCode};
use crate::connector::handover::Giver;
use crate::connector::types::{
    Actor, ActorRef, ActorType, ConnectionGuid, FieldInfo, Found, ListItem, NewActor, Reply,
    Restriction, Settings, State,
};
use crate::connector::{Answer, Connector, multilang};

use super::data::Row;
use super::data::changes::Author;
use super::data::connections::{Session, Standing};
use super::data::rows::{Since, Window};
use super::data::write::Edit;
use super::settings::{self, Configuration};
use super::{Practice, model, search};
use answers::{
    at_most, bad_search, failure, found, login_refused, read_stamp, shelf, show, show_all,
};

/// The connector of one ERP file.
pub struct PracticeConnector {
    practice: Practice,
}

impl PracticeConnector {
    pub fn new(practice: Practice) -> Self {
        Self { practice }
    }

    /// What the connection is allowed, if the ERP knows it and its log-in still holds.
    async fn session(&self, id: &ConnectionGuid) -> Result<Session, Failure> {
        match self.practice.find_connection(id).await.map_err(failure)? {
            Standing::Good(session) => Ok(session),
            Standing::LoginRefused => Err(login_refused()),
            Standing::Unknown => Err(Failure::refused_as(
                RefusalCode::UnknownConnection,
                format!("no configuration is stored for {id}"),
            )),
        }
    }

    async fn writing_session(&self, id: &ConnectionGuid) -> Result<Session, Failure> {
        let session = self.session(id).await?;
        if session.options.is_read_only {
            return Err(Failure::refused(
                multilang::write(
                    "This connection may only read. Nothing was written to the ERP system.",
                    "Diese Verbindung darf nur lesen. Ins ERP-System wurde nichts geschrieben.",
                ),
                "the connection is configured as read only",
            ));
        }
        Ok(session)
    }

    /// Rows with all words; where there are none, those with the longest one, since a name is rarely
    /// spelled alike in two systems.
    async fn find(
        &self,
        session: &Session,
        kind: ActorType,
        text: &str,
        parent: Option<&ActorRef>,
        limit: usize,
    ) -> Result<Vec<Row>, Failure> {
        let shelf = shelf(session, kind)?;
        let window = Window { limit: i64::try_from(limit).unwrap_or(i64::MAX), offset: 0 };
        let words = search::free_words(text);
        let found =
            self.practice.search_rows(shelf, &words, parent, window).await.map_err(failure)?;
        match words.iter().max_by_key(|word| word.chars().count()) {
            Some(longest) if found.is_empty() && words.len() > 1 => {
                let word = std::slice::from_ref(longest);
                self.practice.search_rows(shelf, word, parent, window).await.map_err(failure)
            }
            _ => Ok(found),
        }
    }

    /// Good, or good with a warning.
    fn noted(&self, configuration: &Configuration) -> Reply<()> {
        match configuration.options.only_since {
            Some(at) if at > self.practice.clock.now() => Reply {
                state: State::Warning,
                user_text: multilang::write(
                    "The date from which changes are reported lies in the future: nothing will be reported until then.",
                    "Das Datum, ab dem Änderungen gemeldet werden, liegt in der Zukunft: Bis dahin wird nichts gemeldet.",
                ),
                tech_text: "the configured date lies in the future".to_owned(),
                ..Reply::default()
            },
            _ => Reply::ok(()),
        }
    }
}

#[async_trait]
impl Connector for PracticeConnector {
    async fn config_fields(&self) -> Answer<Vec<FieldInfo>> {
        Ok(Reply::ok(settings::describe()))
    }

    async fn test_config(&self, settings: &Settings) -> Answer<()> {
        let configuration = read(settings)?;
        match self.practice.takes_login(&configuration).await.map_err(failure)? {
            true => Ok(self.noted(&configuration)),
            false => Err(login_refused()),
        }
    }

    async fn save_connection(&self, id: &ConnectionGuid, settings: &Settings) -> Answer<()> {
        let configuration = read(settings)?;
        match self.practice.save_connection(id, &configuration).await.map_err(failure)? {
            true => Ok(self.noted(&configuration)),
            false => Err(login_refused()),
        }
    }

    async fn test_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        self.session(id).await.map(|_| Reply::ok(()))
    }

    async fn delete_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        self.practice.forget_connection(id).await.map_err(failure)?;
        Ok(Reply::ok(()))
    }

    async fn actor_types(&self, id: &ConnectionGuid) -> Answer<Vec<ActorType>> {
        self.session(id).await?;
        Ok(Reply::ok(model::KINDS.to_vec()))
    }

    async fn actor_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<FieldInfo>> {
        shelf(&self.session(id).await?, kind)?;
        let fields = (1..).zip(model::fields(kind)).map(|(rank, field)| field.info(rank));
        Ok(Reply::ok(fields.collect()))
    }

    async fn searchable_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<String>> {
        shelf(&self.session(id).await?, kind)?;
        let fields = model::fields(kind).filter(|field| field.is_searchable);
        Ok(Reply::ok(fields.map(|field| field.key.to_owned()).collect()))
    }

    async fn actors(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        keys: &[String],
        fields: &[String],
    ) -> Answer<Vec<Actor>> {
        let session = self.session(id).await?;
        let rows = self.practice.list_rows(shelf(&session, kind)?, keys).await.map_err(failure)?;
        Ok(Reply::ok(rows.iter().map(|row| show(&session, row, fields)).collect()))
    }

    async fn search(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let session = self.session(id).await?;
        let limit = at_most(&session, limit);
        let rows = self.find(&session, kind, text, None, limit + 1).await?;
        Ok(Reply::ok(found(&session, rows, fields, limit)))
    }

    async fn search_by_parent(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        parent_kind: ActorType,
        parent_key: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let session = self.session(id).await?;
        let limit = at_most(&session, limit);
        let parent = ActorRef { kind: parent_kind, key: parent_key.to_owned() };
        let rows = self.find(&session, kind, text, Some(&parent), limit + 1).await?;
        Ok(Reply::ok(found(&session, rows, fields, limit)))
    }

    async fn search_advanced(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        restrictions: &[Restriction],
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let session = self.session(id).await?;
        let shelf = shelf(&session, kind)?;
        let limit = at_most(&session, limit);
        let conditions = search::conditions::read(kind, restrictions).map_err(bad_search)?;
        let rows = self.practice.filter_rows(shelf, &conditions, limit + 1).await;
        Ok(Reply::ok(found(&session, rows.map_err(failure)?, fields, limit)))
    }

    async fn create_actor(&self, id: &ConnectionGuid, actor: &NewActor) -> Answer<Actor> {
        let session = self.writing_session(id).await?;
        let by = Author::Connector(session.user.clone());
        let row = self.practice.create(&session.client, &by, actor).await.map_err(failure)?;
        Ok(Reply::ok(show_all(&session, &row)))
    }

    async fn save_actors(&self, id: &ConnectionGuid, actors: &[Actor]) -> Answer<Vec<Actor>> {
        let session = self.writing_session(id).await?;
        let by = Author::Connector(session.user.clone());
        let edits: Vec<Edit> = actors.iter().map(Edit::from).collect();
        let rows = self.practice.save(&session.client, &by, &edits).await.map_err(failure)?;
        Ok(Reply::ok(rows.iter().map(|row| show_all(&session, row)).collect()))
    }

    async fn list(&self, id: &ConnectionGuid, list: &str) -> Answer<Vec<ListItem>> {
        let list = self.find_list(id, list).await?;
        Ok(Reply::ok(list.items.iter().map(model::Item::list_item).collect()))
    }

    async fn list_items(
        &self,
        id: &ConnectionGuid,
        list: &str,
        keys: &[String],
    ) -> Answer<Vec<ListItem>> {
        let list = self.find_list(id, list).await?;
        let items = list.items.iter().filter(|item| keys.iter().any(|key| key == item.key));
        Ok(Reply::ok(items.map(model::Item::list_item).collect()))
    }

    async fn actors_since(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        since: &str,
        fields: &[String],
        each: Giver,
    ) -> Answer<()> {
        let session = self.session(id).await?;
        let shelf = shelf(&session, kind)?;
        let changed_at = session.options.only_since.unwrap_or(Millis::MIN);
        let mut since = Since { modified: read_stamp(since)?, changed_at };
        // Page by page, so that a slow reader holds nothing up; what changes meanwhile comes again.
        loop {
            let rows = self.practice.next_changed(shelf, since).await.map_err(failure)?;
            let Some(last) = rows.last() else { return Ok(Reply::ok(())) };
            since.modified = last.modified + 1;
            for row in &rows {
                // Nobody listens any more: there is nobody to tell, either.
                if each.send(show(&session, row, fields)).await.is_err() {
                    return Ok(Reply::ok(()));
                }
            }
        }
    }
}

impl PracticeConnector {
    /// Lists are the same for all clients, so a connection still being defined may ask, too.
    async fn find_list(
        &self,
        id: &ConnectionGuid,
        name: &str,
    ) -> Result<&'static model::List, Failure> {
        if *id != ConnectionGuid::zero() {
            self.session(id).await?;
        }
        model::list(name).ok_or_else(|| {
            Failure::refused(
                multilang::write(
                    &format!("This ERP system has no list {name}."),
                    &format!("Dieses ERP-System hat keine Liste {name}."),
                ),
                format!("there is no list {name}"),
            )
        })
    }
}

fn read(settings: &Settings) -> Result<Configuration, Failure> {
    settings::read(settings).map_err(|bad| Failure::refused(bad.sentence(), bad.to_string()))
}
