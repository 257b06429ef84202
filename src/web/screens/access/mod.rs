//! Why somebody gets, or does not get, to a record's ERP tab: every gate on the way, as the guard finds it.

mod view;

use actix_web::web::{Data, Query};
use serde::Deserialize;

use self::view::{ShowPage, Way};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::crm::{Record, RecordKind};
use crate::gates::{Place as Goal, Reach, verdicts};
use crate::mapping;
use crate::store::page::Place;
use crate::store::{connections, crm, links, users};
use crate::users::User;
use crate::web::error::{Answer, WebError};
use crate::web::routes::ERP;
use crate::web::visit::Visit;
use crate::web::{Portal, gates, page};

/// Most people to choose from.
const MOST: i64 = 5_000;
/// Most records to choose from.
const FOUND: i64 = 10;

/// Whom and what the explanation is about, as chosen so far.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    user: String,
    kind: String,
    record: String,
    connection: String,
    /// Part of the record's name.
    search: String,
}

impl Wanted {
    fn kind(&self) -> RecordKind {
        RecordKind::parse(&self.kind).unwrap_or(RecordKind::Company)
    }

    fn connection(&self) -> Option<ConnectionId> {
        self.connection.parse().ok()
    }
}

pub async fn show(visit: Visit, portal: Data<Portal>, Query(wanted): Query<Wanted>) -> Answer {
    let store = &portal.store;
    let people = users::page(store, users::Filter::default(), Place::First, MOST).await?.items;
    let user = people.iter().find(|user| user.id.to_string() == wanted.user).cloned();
    let record = match wanted.record.parse() {
        Ok(id) => crm::find(store, wanted.kind(), id).await?,
        Err(_) => None,
    };
    let found = match record.is_none() && !wanted.search.trim().is_empty() {
        true => {
            let filter = crm::Filter { search: &wanted.search, ..crm::Filter::all(wanted.kind()) };
            Some(crm::page(store, filter, Place::First, FOUND).await?)
        }
        false => None,
    };
    let connections = connections::list(store).await?;
    let ways = match user.as_ref().zip(record.as_ref()) {
        Some(chosen) => ways(&portal, chosen, &connections, wanted.connection()).await?,
        None => Vec::new(),
    };
    page::show(&ShowPage {
        visit: &visit,
        wanted: &wanted,
        people,
        user,
        record,
        found,
        connections,
        ways,
    })
}

/// The way to the record's actor in each connection, or in the one that is asked for.
async fn ways(
    portal: &Portal,
    (user, record): (&User, &Record),
    connections: &[ErpConnection],
    only: Option<ConnectionId>,
) -> Result<Vec<Way>, WebError> {
    let visitor = users::find_would_be_visitor(&portal.store, user.id).await?;
    let mut ways = Vec::new();
    for connection in connections.iter().filter(|it| only.is_none_or(|id| id == it.id)) {
        for kind in types(portal, connection.id, record).await? {
            let goal = Goal::Link(connection.id, kind, record.kind, record.id);
            let mut facts = gates::facts(portal, visitor.as_ref(), &ERP, goal).await?;
            facts.may_sign_in = !user.is_disabled;
            let rights = facts.reaches.iter().find_map(Reach::rights);
            let verdicts = verdicts(&ERP, goal, &facts);
            ways.push(Way { connection: connection.clone(), kind, verdicts, rights });
        }
    }
    Ok(ways)
}

/// The actor type the record is linked with, or those it may be linked with.
async fn types(
    portal: &Portal,
    connection: ConnectionId,
    record: &Record,
) -> Result<Vec<ActorType>, WebError> {
    Ok(match links::find_by_record(&portal.store, connection, record.id).await? {
        Some(link) => vec![link.actor.kind],
        None => {
            let fits = |kind: &ActorType| mapping::record_kind(*kind) == record.kind;
            ActorType::ALL.into_iter().filter(fits).collect()
        }
    })
}
