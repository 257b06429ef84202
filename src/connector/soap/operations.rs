//! The seventeen operations: what each sends, in the order a .NET reader needs, and what it gets.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::SoapConnector;
use super::data::{write_actor, write_new_actor, write_restriction};
use super::envelope::Payload;
use super::payload::{Actors, All, Fields, HandOver, Items, Nothing, OneActor, Strings, UpTo};
use super::writer::Writer;
use crate::connector::failure::Failure;
use crate::connector::handover::Giver;
use crate::connector::operation::Operation;
use crate::connector::types::{
    Actor, ActorType, ConnectionGuid, FieldInfo, Found, ListItem, NewActor, Restriction, Settings,
    WireForm,
};
use crate::connector::{Answer, Connector};

impl SoapConnector {
    /// An operation of one connection: the base request's member, then the operation's own.
    async fn of<P: Payload>(
        &self,
        id: &ConnectionGuid,
        operation: Operation,
        members: impl Fn(&mut Writer) + Send + Sync,
        payload: impl Fn() -> P + Send + Sync,
    ) -> Answer<P::Value> {
        let with_id = |out: &mut Writer| {
            out.text("ConnectionGuid", id.as_str());
            members(out);
        };
        self.endpoint.call(operation, self.patience, Some(&with_id), payload).await
    }
}

fn write_settings(out: &mut Writer, settings: &Settings) {
    out.dictionary("ConnectionInfo", settings.iter());
}

#[async_trait]
impl Connector for SoapConnector {
    async fn config_fields(&self) -> Answer<Vec<FieldInfo>> {
        self.endpoint.config_fields(self.patience).await
    }

    async fn test_config(&self, settings: &Settings) -> Answer<()> {
        let members = |out: &mut Writer| write_settings(out, settings);
        let operation = Operation::TestConfigData;
        self.endpoint.call(operation, self.patience, Some(&members), || Nothing).await
    }

    async fn save_connection(&self, id: &ConnectionGuid, settings: &Settings) -> Answer<()> {
        let members = |out: &mut Writer| write_settings(out, settings);
        self.of(id, Operation::SaveConnection, members, || Nothing).await
    }

    async fn test_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        self.of(id, Operation::TestConnection, |_| {}, || Nothing).await
    }

    async fn delete_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        self.of(id, Operation::DeleteConnection, |_| {}, || Nothing).await
    }

    async fn actor_types(&self, id: &ConnectionGuid) -> Answer<Vec<ActorType>> {
        let names =
            self.of(id, Operation::GetSupportedActorTypes, |_| {}, Strings::default).await?;
        Ok(names.map(|names| names.iter().filter_map(|name| ActorType::parse(name)).collect()))
    }

    async fn actor_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<FieldInfo>> {
        let members = |out: &mut Writer| out.text("ActorType", kind.as_str());
        self.of(id, Operation::GetSupportedActorTypeFields, members, Fields::default).await
    }

    async fn searchable_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<String>> {
        let members = |out: &mut Writer| out.text("ActorType", kind.as_str());
        self.of(id, Operation::GetSearchableFields, members, Strings::default).await
    }

    async fn actors(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        keys: &[String],
        fields: &[String],
    ) -> Answer<Vec<Actor>> {
        let members = |out: &mut Writer| {
            out.text("ActorType", kind.as_str());
            out.strings("ErpKeys", keys);
            out.strings("FieldKeys", fields);
        };
        self.of(id, Operation::GetActors, members, || Actors::new(kind, All::default())).await
    }

    async fn search(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let members = |out: &mut Writer| {
            out.text("ActorType", kind.as_str());
            out.strings("FieldKeys", fields);
            out.text("SearchText", text);
        };
        let payload = || Actors::new(kind, UpTo::new(limit));
        self.of(id, Operation::SearchActors, members, payload).await
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
        let members = |out: &mut Writer| {
            out.text("ActorType", kind.as_str());
            out.strings("FieldKeys", fields);
            out.text("ParentActorErpKey", parent_key);
            out.text("ParentActorType", parent_kind.as_str());
            out.text("SearchText", text);
        };
        let payload = || Actors::new(kind, UpTo::new(limit));
        self.of(id, Operation::SearchActorByParent, members, payload).await
    }

    async fn search_advanced(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        restrictions: &[Restriction],
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        let members = |out: &mut Writer| {
            out.text("ActorType", kind.as_str());
            out.strings("FieldKeys", fields);
            out.open("Restrictions");
            restrictions.iter().for_each(|restriction| write_restriction(out, restriction));
            out.close("Restrictions");
        };
        let payload = || Actors::new(kind, UpTo::new(limit));
        self.of(id, Operation::SearchActorsAdvanced, members, payload).await
    }

    async fn create_actor(&self, id: &ConnectionGuid, actor: &NewActor) -> Answer<Actor> {
        let members = |out: &mut Writer| {
            out.open("Actor");
            write_new_actor(out, actor);
            out.close("Actor");
        };
        self.of(id, Operation::CreateActor, members, || OneActor::new(actor.kind)).await
    }

    async fn save_actors(&self, id: &ConnectionGuid, actors: &[Actor]) -> Answer<Vec<Actor>> {
        let members = |out: &mut Writer| {
            out.open("Actors");
            for actor in actors {
                out.open("ErpActorWS");
                write_actor(out, actor);
                out.close("ErpActorWS");
            }
            out.close("Actors");
        };
        let kind = actors.first().map_or(ActorType::Customer, |actor| actor.kind);
        self.of(id, Operation::SaveActors, members, || Actors::new(kind, All::default())).await
    }

    async fn list(&self, id: &ConnectionGuid, list: &str) -> Answer<Vec<ListItem>> {
        let members = |out: &mut Writer| out.text("ListName", list);
        self.of(id, Operation::GetList, members, Items::default).await
    }

    async fn list_items(
        &self,
        id: &ConnectionGuid,
        list: &str,
        keys: &[String],
    ) -> Answer<Vec<ListItem>> {
        let members = |out: &mut Writer| {
            out.strings("ListItemKeys", keys);
            out.text("ListName", list);
        };
        self.of(id, Operation::GetListItems, members, Items::default).await
    }

    async fn actors_since(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        since: &str,
        fields: &[String],
        each: Giver,
    ) -> Answer<()> {
        let members = |out: &mut Writer| {
            out.text("ActorType", kind.as_str());
            out.strings("FieldKeys", fields);
            out.text("UpdatedOnOrAfter", since);
        };
        let payload = || Actors::new(kind, HandOver(each.clone()));
        self.of(id, Operation::GetActorsByTimestamp, members, payload).await
    }

    async fn operations(&self) -> Result<BTreeSet<Operation>, Failure> {
        self.endpoint.described(self.patience).await
    }

    fn wire_form(&self) -> Option<WireForm> {
        self.endpoint.known_form().map(|form| (*form).clone())
    }
}
