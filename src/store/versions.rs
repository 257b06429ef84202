//! Versions of the configuration: read page by page, and written by themselves. What a transaction records
//! in the history says whose configuration it changes; when it commits, each of them gets a version, if
//! anything is different now. No function that changes a configuration has to remember that.

use std::collections::BTreeMap;

use super::page::{Page, Place};
use super::row::{Row, args, to_json};
use super::{
    Read, Result, Tx, access, configuration, connections, connectors, crm_lists, engine, id,
    mappings,
};
use crate::clock::Millis;
use crate::connections::{ConnectionId, Grantee, Scope};
use crate::history::{Actor, Event};
use crate::mapping::ActorMapping;
use crate::versions::gather::{self, Names, Values};
use crate::versions::state::{ConnectionState, ConnectorState, PriorityState, Ranked};
use crate::versions::world::{ErpLists, KnownItem, Source, World};
use crate::versions::{Snapshot, Version, Versioned, touched};

const COLUMNS: &str = "number, at, made_by, history_seq, document";

/// What a transaction changed: the history's first row about it, and who did it.
pub(super) struct Touch {
    seq: i64,
    by: String,
}

pub(super) type Touched = BTreeMap<Versioned, Touch>;

/// The numbers of versions that were just made.
pub type Made = BTreeMap<Versioned, i64>;

/// One page, newest first; places are numbers.
pub async fn page(
    mut db: impl Read,
    of: Versioned,
    place: Place,
    limit: i64,
) -> Result<Page<Version>> {
    let (condition, order, number) = match place {
        Place::First => ("number > $3", "DESC", 0),
        Place::After(number) => ("number < $3", "DESC", number),
        Place::Before(number) => ("number > $3", "ASC", number),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM config_version WHERE scope_kind = $1 AND scope_id = $2 AND {condition} \
         ORDER BY number {order} LIMIT $4"
    );
    let rows = db.rows(&sql, args![of.kind(), of.id(), number, limit + 1]).await?;
    let mut versions: Vec<Version> = rows.iter().map(version).collect::<Result<_>>()?;
    if order == "ASC" {
        versions.reverse();
    }
    Ok(Page::cut(versions, place, limit))
}

/// A version by what tells it from others.
pub struct Listed {
    pub number: i64,
    pub at: Millis,
}

/// The newest versions, without what stood in them.
pub async fn list(mut db: impl Read, of: Versioned, most: i64) -> Result<Vec<Listed>> {
    let sql = "SELECT number, at FROM config_version \
               WHERE scope_kind = $1 AND scope_id = $2 ORDER BY number DESC LIMIT $3";
    let listed = |row: &Row| Ok(Listed { number: row.int("number")?, at: row.int("at")? });
    db.rows(sql, args![of.kind(), of.id(), most]).await?.iter().map(listed).collect()
}

pub async fn find(mut db: impl Read, of: Versioned, number: i64) -> Result<Option<Version>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM config_version WHERE scope_kind = $1 AND scope_id = $2 AND number = $3"
    );
    db.row(&sql, args![of.kind(), of.id(), number]).await?.as_ref().map(version).transpose()
}

pub async fn newest(mut db: impl Read, of: Versioned) -> Result<Option<Version>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM config_version WHERE scope_kind = $1 AND scope_id = $2 \
         ORDER BY number DESC LIMIT 1"
    );
    db.row(&sql, args![of.kind(), of.id()]).await?.as_ref().map(version).transpose()
}

fn version(row: &Row) -> Result<Version> {
    Ok(Version {
        number: row.int("number")?,
        at: row.int("at")?,
        by: row.text("made_by")?,
        history_seq: row.opt_int("history_seq")?,
        snapshot: serde_json::from_str(&row.text("document")?).ok(),
    })
}

/// What stands there now.
pub async fn snapshot(mut db: impl Read, of: Versioned) -> Result<Option<Snapshot>> {
    Ok(match of {
        Versioned::Connector(id) => connectors::find(&mut db, id).await?.map(|found| {
            Snapshot::Connector(ConnectorState {
                name: found.name,
                address: found.address,
                is_deleted: found.is_deleted,
            })
        }),
        Versioned::Connection(id) => connection(db, id).await?.map(Snapshot::Connection),
        Versioned::Priority => Some(Snapshot::Priority(priority(db).await?)),
    })
}

/// What stands there now of one connection.
pub async fn connection(mut db: impl Read, id: ConnectionId) -> Result<Option<ConnectionState>> {
    let Some(found) = connections::find(&mut db, id).await? else { return Ok(None) };
    let scope = access::scope(&mut db, &found).await?;
    let shown = configuration::for_form(&mut db, id).await?;
    let mappings = mappings::list(&mut db, id).await?;
    let names = names(db, &scope, &mappings).await?;
    let values = Values { plain: &shown.values, secrets: &shown.secrets };
    Ok(Some(gather::connection(&found, &scope, values, &mappings, &names)))
}

/// What everybody and every item in these is called.
pub async fn names(mut db: impl Read, scope: &Scope, mappings: &[ActorMapping]) -> Result<Names> {
    let who: Vec<Grantee> = match scope {
        Scope::Everyone => Vec::new(),
        Scope::Only(rows) => rows.iter().map(|row| row.who).collect(),
    };
    let fields = mappings.iter().flat_map(|mapping| &mapping.fields);
    let items: Vec<i64> = fields
        .flat_map(|field| field.items.values().copied().chain(field.item_rule.crm_default))
        .collect();
    Ok(Names {
        grantees: access::names(&mut db, &who).await?,
        items: crm_lists::texts(db, &items).await?,
    })
}

/// The order that holds: as it was set, and behind it whatever came since; the CRM is 0.
async fn priority(mut db: impl Read) -> Result<PriorityState> {
    let stored = engine::priority(&mut db).await?;
    let names: BTreeMap<ConnectionId, String> =
        connections::list(db).await?.into_iter().map(|c| (c.id, c.name)).collect();
    let mut order: Vec<Ranked> = Vec::new();
    let set = stored.split(';').filter_map(|id| id.trim().parse().ok());
    for id in set.chain([0]).chain(names.keys().copied()) {
        let name = if id == 0 { Some("") } else { names.get(&id).map(String::as_str) };
        if let Some(name) = name
            && !order.iter().any(|ranked| ranked.id == id)
        {
            order.push(Ranked { id, name: name.into() });
        }
    }
    Ok(PriorityState { order })
}

/// What a wanted state of this connection is held against.
pub async fn world(mut db: impl Read, id: ConnectionId, source: Source) -> Result<World> {
    let users: Vec<(i64, String)> = db.many("id, name", "app_user", "id", args![]).await?;
    let groups: Vec<(i64, String)> = db.many("id, name", "user_group", "id", args![]).await?;
    let users = users.into_iter().map(|(id, name)| (Grantee::User(id), name));
    let people = users.chain(groups.into_iter().map(|(id, name)| (Grantee::Group(id), name)));
    let items = crm_lists::list_all(&mut db).await?.into_iter();
    let known = |item: crm_lists::Item| KnownItem { id: item.id, list: item.list, text: item.text };
    Ok(World {
        source,
        people: people.collect(),
        items: items.map(known).collect(),
        mappings: mappings::list(&mut db, id).await?,
        elsewhere: mappings::list_elsewhere(db, id).await?,
        erp_lists: ErpLists::new(),
    })
}

impl Tx {
    /// Notes whose configuration an event changes. It is recorded before the change, so what is there now
    /// is what was there before; where no version was ever kept, that becomes the first one.
    pub(super) async fn touch(&mut self, actor: &Actor, event: &Event, seq: i64) -> Result<()> {
        let Some(of) = touched::touched(event) else { return Ok(()) };
        if self.touched.contains_key(&of) {
            return Ok(());
        }
        if newest(&mut *self, of).await?.is_none()
            && let Some(found) = snapshot(&mut *self, of).await?
        {
            let found_there = Touch { seq: 0, by: String::new() };
            self.insert_version(of, 1, &found_there, &found).await?;
        }
        self.touched.insert(of, Touch { seq, by: actor.name.clone() });
        Ok(())
    }

    /// Gives everything this transaction changed its version; called right before it commits.
    pub(super) async fn write_versions(&mut self) -> Result<Made> {
        let mut made = Made::new();
        for (of, touch) in std::mem::take(&mut self.touched) {
            let Some(now) = snapshot(&mut *self, of).await? else { continue };
            let last = newest(&mut *self, of).await?;
            let number = last.as_ref().map_or(0, |last| last.number) + 1;
            let is_same = last.is_some_and(|last| last.snapshot.as_ref() == Some(&now));
            if !is_same {
                self.insert_version(of, number, &touch, &now).await?;
                made.insert(of, number);
            }
        }
        Ok(made)
    }

    async fn insert_version(
        &mut self,
        of: Versioned,
        number: i64,
        touch: &Touch,
        snapshot: &Snapshot,
    ) -> Result<()> {
        let now = self.clock().now();
        let seq = Some(touch.seq).filter(|seq| *seq > 0);
        self.execute_one(
            "INSERT INTO config_version (id, scope_kind, scope_id, number, at, made_by, history_seq, document) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                id::fresh(now),
                of.kind(),
                of.id(),
                number,
                now,
                &touch.by,
                seq,
                to_json(snapshot)?
            ],
        )
        .await
    }
}
