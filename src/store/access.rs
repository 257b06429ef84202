//! Who may use which connection.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Arg, Row, args, to_json};
use super::{Read, Result, Store, Tx, connection_rows, id};
use crate::connections::{Access, ConnectionId, ErpConnection, Grantee, Rights, Scope};
use crate::gates::{Grant, Reach, Way};
use crate::history::{Action, Actor, Details, Event, Subject};
use crate::users::GroupId;

/// A connection somebody may use, and what they may do in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usable {
    pub connection: ErpConnection,
    pub rights: Rights,
}

/// The access rows of a connection; none for one that is for everyone.
pub async fn list(mut db: impl Read, connection: ConnectionId) -> Result<Vec<Access>> {
    let sql = "SELECT user_id, group_id, may_connect, may_create FROM connection_access \
               WHERE connection_id = $1 ORDER BY id";
    db.rows(sql, args![connection])
        .await?
        .iter()
        .filter_map(|row| access(row).transpose())
        .collect()
}

/// Who may use a connection.
pub async fn scope(db: impl Read, connection: &ErpConnection) -> Result<Scope> {
    if connection.is_for_everyone {
        return Ok(Scope::Everyone);
    }
    list(db, connection.id).await.map(Scope::Only)
}

/// The active connections a user may use, alone or through groups, oldest first.
pub async fn usable_by(store: &Store, user: i64) -> Result<Vec<Usable>> {
    let reaches = reaches(store, user).await?;
    let usable = |connection: ErpConnection| {
        let reach = reaches.iter().find(|reach| reach.connection == connection.id)?;
        Some(Usable { rights: reach.rights()?, connection })
    };
    Ok(connection_rows::list_active(store).await?.into_iter().filter_map(usable).collect())
}

/// What lets a user use a connection: named themselves, and each of their groups that is named.
pub async fn grants(db: impl Read, user: i64, connection: ConnectionId) -> Result<Vec<Grant>> {
    Ok(reach(db, user, connection).await?.map_or_else(Vec::new, |reach| reach.grants))
}

/// How a user may use one connection; `None`: there is none, or it is deleted.
pub async fn reach(db: impl Read, user: i64, connection: ConnectionId) -> Result<Option<Reach>> {
    Ok(select(db, "AND c.id = $2", args![user, connection]).await?.pop())
}

/// How a user may use each connection there is, oldest first; deleted ones are none.
pub async fn reaches(db: impl Read, user: i64) -> Result<Vec<Reach>> {
    select(db, "", args![user]).await
}

async fn select(mut db: impl Read, and: &str, args: Vec<Arg<'_>>) -> Result<Vec<Reach>> {
    let sql = format!(
        "SELECT c.id, c.is_active, c.is_for_everyone, a.id AS access, g.name AS group_name, a.may_connect, \
         a.may_create FROM erp_connection c LEFT JOIN connection_access a ON a.connection_id = c.id \
         AND (a.user_id = $1 OR a.group_id IN (SELECT group_id FROM group_member WHERE user_id = $1)) \
         LEFT JOIN user_group g ON g.id = a.group_id WHERE NOT c.is_deleted {and} ORDER BY c.id, a.id"
    );
    let mut reaches: Vec<Reach> = Vec::new();
    for row in db.rows(&sql, args).await? {
        let id = row.int("id")?;
        if reaches.last().is_none_or(|last| last.connection != id) {
            let is_active = row.flag("is_active")?;
            reaches.push(Reach { connection: id, is_active, grants: for_everyone(&row)? });
        }
        if let Some(reach) = reaches.last_mut() {
            reach.grants.extend(grant(&row)?);
        }
    }
    Ok(reaches)
}

fn for_everyone(row: &Row) -> Result<Vec<Grant>> {
    let rights = Rights { may_connect: true, may_create: true };
    let all = Grant { way: Way::Everyone, rights };
    Ok(if row.flag("is_for_everyone")? { vec![all] } else { Vec::new() })
}

fn grant(row: &Row) -> Result<Option<Grant>> {
    if row.flag("is_for_everyone")? || row.opt_int("access")?.is_none() {
        return Ok(None);
    }
    let way = row.opt_text("group_name")?.map_or(Way::User, Way::Group);
    let rights =
        Rights { may_connect: row.flag("may_connect")?, may_create: row.flag("may_create")? };
    Ok(Some(Grant { way, rights }))
}

/// Replaces the access rows of a connection. Somebody named twice gets both rights together.
pub(super) async fn replace(tx: &mut Tx, connection: ConnectionId, scope: &Scope) -> Result<()> {
    let clear = "DELETE FROM connection_access WHERE connection_id = $1";
    tx.execute(clear, args![connection]).await?;
    for (who, rights) in by_grantee(scope) {
        let (user, group) = match who {
            Grantee::User(id) => (Some(id), None),
            Grantee::Group(id) => (None, Some(id)),
        };
        let id = id::fresh(tx.clock().now());
        tx.execute_one(
            "INSERT INTO connection_access (id, connection_id, user_id, group_id, may_connect, may_create) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            args![id, connection, user, group, rights.may_connect, rights.may_create],
        )
        .await?;
    }
    Ok(())
}

/// The connections shared with a group, by name; deleted ones or the others.
pub async fn list_shared_with(
    mut db: impl Read,
    group: GroupId,
    is_deleted: bool,
) -> Result<Vec<ErpConnection>> {
    let sql = format!(
        "SELECT {} FROM {} WHERE c.is_deleted = $2 AND EXISTS (SELECT 1 FROM connection_access a \
         WHERE a.connection_id = c.id AND a.group_id = $1) ORDER BY c.name, c.id",
        connection_rows::COLUMNS,
        connection_rows::TABLES,
    );
    let rows = db.rows(&sql, args![group, is_deleted]).await?;
    rows.iter().map(connection_rows::connection).collect()
}

/// Takes a group out of the scope of every deleted connection.
pub(super) async fn leave_deleted(tx: &mut Tx, actor: &Actor, group: GroupId) -> Result<()> {
    for connection in list_shared_with(&mut *tx, group, true).await? {
        let before = Scope::Only(list(&mut *tx, connection.id).await?);
        let mut rows = list(&mut *tx, connection.id).await?;
        rows.retain(|row| row.who != Grantee::Group(group));
        let after = Scope::Only(rows);
        let subject = Subject::new("connection", connection.id, &connection.name);
        let event = Event::new(Action::ScopeChanged, subject)
            .in_connection(connection.id, &connection.name);
        let (before, after) = (details(tx, &before).await?, details(tx, &after).await?);
        tx.record(actor, &Event { before, after, ..event }).await?;
        let sql = "DELETE FROM connection_access WHERE connection_id = $1 AND group_id = $2";
        tx.execute_one(sql, args![connection.id, group]).await?;
    }
    Ok(())
}

/// A scope as the history has it: who, by name.
pub(super) async fn details(tx: &mut Tx, scope: &Scope) -> Result<Details> {
    let grants = by_grantee(scope);
    let is = if *scope == Scope::Everyone { "everyone" } else { "specific" };
    let mut details = Details::from([("scope".to_owned(), is.to_owned())]);
    let mut names: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let who: Vec<Grantee> = grants.keys().copied().collect();
    for (who, name) in self::names(tx, &who).await? {
        let kind = if matches!(who, Grantee::User(_)) { "users" } else { "groups" };
        names.entry(kind).or_default().insert(name.clone());
        let rights = grants.get(&who).copied().unwrap_or_default();
        if rights.may_connect {
            names.entry("may-connect").or_default().insert(name.clone());
        }
        if rights.may_create {
            names.entry("may-create").or_default().insert(name);
        }
    }
    for (field, names) in names {
        details.insert(field.to_owned(), names.into_iter().collect::<Vec<_>>().join(", "));
    }
    Ok(details)
}

/// What these users and groups are called.
pub async fn names(mut db: impl Read, who: &[Grantee]) -> Result<BTreeMap<Grantee, String>> {
    let (users, groups) = apart(who);
    let ids = db.dialect().ids("$1");
    let from = format!("app_user WHERE id IN {ids}");
    let of_users: Vec<(i64, String)> =
        db.many("id, name", &from, "id", args![to_json(&users)?]).await?;
    let from = format!("user_group WHERE id IN {ids}");
    let of_groups: Vec<(i64, String)> =
        db.many("id, name", &from, "id", args![to_json(&groups)?]).await?;
    let users = of_users.into_iter().map(|(id, name)| (Grantee::User(id), name));
    Ok(users.chain(of_groups.into_iter().map(|(id, name)| (Grantee::Group(id), name))).collect())
}

/// The users and the groups among them.
pub(super) fn apart(who: &[Grantee]) -> (Vec<i64>, Vec<i64>) {
    let users = who.iter().filter_map(|who| match who {
        Grantee::User(id) => Some(*id),
        Grantee::Group(_) => None,
    });
    let groups = who.iter().filter_map(|who| match who {
        Grantee::Group(id) => Some(*id),
        Grantee::User(_) => None,
    });
    (users.collect(), groups.collect())
}

/// Whether both scopes let the same people do the same.
pub fn is_same(one: &Scope, other: &Scope) -> bool {
    (*one == Scope::Everyone) == (*other == Scope::Everyone) && by_grantee(one) == by_grantee(other)
}

fn by_grantee(scope: &Scope) -> BTreeMap<Grantee, Rights> {
    let Scope::Only(rows) = scope else { return BTreeMap::new() };
    let mut grants: BTreeMap<Grantee, Rights> = BTreeMap::new();
    for row in rows {
        let rights = grants.entry(row.who).or_default();
        rights.may_connect |= row.may_connect;
        rights.may_create |= row.may_create;
    }
    grants
}

/// `None`: a row that names nobody, which the database does not let in.
fn access(row: &Row) -> Result<Option<Access>> {
    let user = row.opt_int("user_id")?.map(Grantee::User);
    let Some(who) = user.or(row.opt_int("group_id")?.map(Grantee::Group)) else { return Ok(None) };
    let (may_connect, may_create) = (row.flag("may_connect")?, row.flag("may_create")?);
    Ok(Some(Access { who, may_connect, may_create }))
}
